/* The results of a run: kept, written as JSON, judged for noise. */
#ifndef BENCH_RESULTS_H
#define BENCH_RESULTS_H

#include "contest.h"

typedef struct results results;

/* The peers and the options belong to the first object, which describes the run. NULL where there is no memory. */
results *results_create(const char *path, const remote *peers, int peer_count, const char *command);
void results_destroy(results *r);

bool results_add(results *r, const cell *c, const contest_results *found);

/* Writes all of the file anew, in one move, so that it is whole at every moment. */
bool results_write(results *r);

/* To be called when the peers have gone. */
void results_finish(results *r);

/* Says on stderr whether the numbers can be trusted, and which outputs differed. */
void results_warn(const results *r);

#endif
