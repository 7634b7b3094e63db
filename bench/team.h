/* Threads that wait for work by spinning, so that the limit of several threads is a limit and not the cost of a
 * wake-up. */
#ifndef BENCH_TEAM_H
#define BENCH_TEAM_H

#include <stdbool.h>

typedef void (*team_task)(void *context, int thread, int threads);

typedef struct team team;

/* NULL where there is no memory or no thread. The caller is one of the threads. */
team *team_create(int threads);
void team_destroy(team *t);

/* Between these two the threads spin; otherwise they sleep. */
void team_wake(team *t);
void team_rest(team *t);

/* Runs task(context, i, threads) for every i, each on its thread, and returns when all are done. */
void team_run(team *t, team_task task, void *context);

#endif
