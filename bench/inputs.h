/* The inputs of every contestant, and how their outputs are compared. */
#ifndef BENCH_INPUTS_H
#define BENCH_INPUTS_H

#include "peer.h"

/* Fills x, dy, slopes or weights of a cell; y, where kept, is the library's to write. */
bool inputs_fill(const arena *a, const cell *c);

/* Fills n elements with normal numbers of deviation 2, kept within +-6; stream chooses which. */
bool inputs_normal(void *to, int64_t n, int32_t dtype, uint64_t stream);

double inputs_value(const void *from, int64_t index, int32_t dtype);

/* The worst of |a - b| / (absolute + relative * |b|) over n elements; above 1 means that they disagree. */
double inputs_disagreement(const void *a, const void *b, int64_t n, int32_t dtype, tolerance t);

#endif
