/* All that this library asks of BLAS. */
#ifndef ACT_BLAS_H
#define ACT_BLAS_H

#include "activations/activations.h"

/* A matrix for BLAS: rows of `stride` elements, or, transposed, columns of them. */
typedef struct act__matrix {
    void *data;
    int64_t stride;
    int transposed;
} act__matrix;

/* The largest extent or stride that this BLAS's integers hold. */
int64_t act__blas_max(void);

/* c = a * b + beta * c for a of m by k, b of k by n, c of m by n, not transposed; beta is 0 or 1. */
void act__blas_multiply(act_dtype dtype, int64_t m, int64_t n, int64_t k, act__matrix a, act__matrix b, double beta,
                        act__matrix c);

/* How this BLAS is threaded: "serial", "pthread" or "openmp". */
const char *act__blas_threading(void);

#endif
