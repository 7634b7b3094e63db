/* The threads that a call may use. */
#ifndef ACT_THREADS_H
#define ACT_THREADS_H

#include "activations/activations.h"

/* Fewer elements for each thread are not worth waking one: 10 us as a rule, up to 50 in a virtual machine. */
enum { ACT__GRAIN = 1 << 17 };

/* How many threads to use for so many elements: 1 unless each gets at least the grain. */
int64_t act__threads_for(int64_t count, int64_t grain);

/* In how many parts to split so many elements: 1 where one thread is to do it. */
int64_t act__tasks_for(int64_t count, int64_t grain);

/* Runs task(context, i) for each i below count, which is less than 2^32, each once, and returns when all are done. */
act_status act__parallel(int64_t count, void (*task)(void *context, int64_t index), void *context);

#endif
