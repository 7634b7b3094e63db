/* Measured calls: one round of them, and what many rounds say. */
#ifndef BENCH_TIMING_H
#define BENCH_TIMING_H

#include "peer.h"

/* How many calls make a round, and what is to be put back between them. */
typedef struct timing_plan {
    int64_t calls;     /* timed calls in a round */
    int64_t group;     /* calls between two looks at the clock; more than a few would ruin a cell in place */
    bool warm;         /* one untimed call first */
    double cost;       /* nanoseconds that a round takes, about */
    void *overwritten; /* restored from `saved` before each group; NULL for nothing */
    const void *saved;
    size_t bytes;
} timing_plan;

double timing_now(void); /* nanoseconds */

/* Runs the call a few times and plans rounds of about `target` nanoseconds. */
timing_plan timing_make_plan(const peer *p, void *object, const cell *c, const arena *memory, double target);

/* Nanoseconds a call in one round. */
double timing_round(const peer *p, void *object, const timing_plan *plan);

/* Waits until the threads of this process that spin after their work have gone to sleep. */
void timing_settle(void);

double timing_median(const double *values, int count);
double timing_minimum(const double *values, int count);

#endif
