/*
 * The tables through which everything above calls kernels: contiguous elements of one compute type in, contiguous
 * elements out. Filled by src/act, src/slopes and src/maxout for every instruction set; looked up by dispatch.c.
 * Outputs may be exactly an input.
 */
#ifndef ACT_KERNELS_H
#define ACT_KERNELS_H

#include <stdint.h>

enum { ACT__MAX_PARAMS = 4, ACT__SUM_LANES = 16 };

/* Outputs of more bytes are written past the cache, which spares reading what is about to be overwritten; smaller
 * ones are likely to be read there soon. */
enum { ACT__STREAM_BYTES = 8 << 20 };

/* An elementwise kind. params: ACT__MAX_PARAMS reals. A kind that cannot leaves the pointer NULL. */
typedef struct act__kernels {
    void (*forward)(const void *x, void *y, int64_t n, const void *params);
    void (*backward_input)(const void *x, const void *dy, void *dx, int64_t n, const void *params);
    void (*backward_output)(const void *y, const void *dy, void *dx, int64_t n, const void *params);
    /* Also sets bit i of bits where x[i] > 0, whole bytes at a time; returns whether any x is NaN. */
    int (*forward_bits)(const void *x, void *y, uint8_t *bits, int64_t n, const void *params);
    void (*backward_bits)(const uint8_t *bits, const void *dy, void *dx, int64_t n, const void *params);
    /* terms[i] = dy[i] * df/dparams[index] at x[i]. double only; NULL where there are no parameters. */
    void (*parameter_terms)(const double *x, const double *dy, double *terms, int64_t n, const double *params,
                            int32_t index);
} act__kernels;

/* What is drawn for RReLU: slope i = lower + range * U(seed, step, index + i), at most upper. */
typedef struct act__draw {
    uint64_t seed, step;
    double lower, range, upper;
} act__draw;

/* leaky_relu with a slope an element: PReLU and RReLU. */
typedef struct act__slope_kernels {
    void (*forward)(const void *x, const void *slopes, void *y, int64_t n);
    /* source: x, or y where no slope is negative. */
    void (*backward)(const void *source, const void *slopes, const void *dy, void *dx, int64_t n);
    /* Adds x[i] * dy[i] where x[i] <= 0 to lane (lane + i) % period of sum + error. */
    void (*sum_products)(double *sum, double *error, int64_t period, int64_t lane, const void *x, const void *dy,
                         int64_t n);
    void (*draw)(const act__draw *draw, uint64_t index, void *slopes, int64_t n);
} act__slope_kernels;

/* One row of Maxout. z: pieces times out; bias: the same or NULL; winners: out bytes or NULL. */
typedef struct act__maxout_kernels {
    void (*reduce)(const void *z, const void *bias, void *y, uint8_t *winners, int64_t out, int64_t pieces);
    /* dz[k][o] = winner of o is k ? dy[o] : 0. */
    void (*scatter)(const void *dy, const uint8_t *winners, void *dz, int64_t out, int64_t pieces);
} act__maxout_kernels;

#endif
