/* The physical limit of a cell: the best of several copies of the same traffic. */
#ifndef BENCH_LIMIT_H
#define BENCH_LIMIT_H

#include "peer.h"

/* How many ways of copying there are; not all suit every cell or machine. */
int limit_count(void);

/* "avx512, non-temporal". */
const char *limit_name(int which);

/* One way as a contestant; its prepare() returns NULL where it does not suit. The peer is good until the next call.
 */
const peer *limit_peer(int which);

#endif
