/* One cell: all contestants on the same tensors, compared and then measured in alternating rounds. */
#ifndef BENCH_CONTEST_H
#define BENCH_CONTEST_H

#include "remote.h"
#include "timing.h"

enum { CONTEST_ROUNDS = 31, CONTEST_PEERS = 8, CONTEST_MOST = CONTEST_PEERS + 4 };

typedef struct contest_options {
    int rounds;            /* of each contestant, if the budget allows; never under 3 */
    double target, budget; /* nanoseconds of a round, and of all rounds of a contestant */
} contest_options;

typedef struct contest_result {
    char who[32];
    double median, minimum, spread; /* nanoseconds a call; spread: (median - minimum) / minimum */
    int rounds;
} contest_result;

typedef struct contest_results {
    contest_result at[CONTEST_MOST];
    int count;
    char limit[48];    /* which copy was the limit */
    char refused[256]; /* peers that were not timed because their output differs, with how much; or "" */
} contest_results;

/* Returns false, with a message on stderr, where the library cannot run the cell. */
bool contest_run(contest_results *results, cell *c, const arena *memory, remote *peers, int peer_count,
                 const contest_options *options);

#endif
