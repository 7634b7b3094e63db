/* What a maxout can hardly beat: the bare matrix products in it. */
#ifndef BENCH_BLAS_LIMIT_H
#define BENCH_BLAS_LIMIT_H

#include "peer.h"

enum { BLAS_LIMITS = 2 }; /* all pieces in one product, or a product a piece */

const peer *blas_limit_peer(int which);

/* How many threads OpenBLAS takes in this process: the host's decision, and here the host is the benchmark. */
void blas_limit_set_threads(int threads);

#endif
