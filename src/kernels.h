/*
 * The tables through which everything above calls kernels: contiguous elements of one compute type in, contiguous
 * elements out. Filled by src/act, src/slopes, src/types, src/crelu and src/maxout for every instruction set; looked
 * up by dispatch.c. Outputs may be exactly an input.
 */
#ifndef ACT_KERNELS_H
#define ACT_KERNELS_H

#include <stdint.h>

enum { ACT__MAX_PARAMS = 4, ACT__SUM_LANES = 16 };

/* Outputs of so many bytes are written past the cache, which spares reading what is about to be overwritten; smaller
 * ones are likely to be read there soon, and those that are also an input lie there already. */
enum { ACT__STREAM_BYTES = 8 << 20 };

/* Whether n elements of a size are written past the cache, beside two inputs or one twice. */
static inline int act__streams(const void *to, const void *first, const void *second, int64_t n, int64_t size) {
    return n >= ACT__STREAM_BYTES / size && to != first && to != second;
}

/* What elements are stored as: the numbers of act_dtype. */
enum { ACT__AS_FLOAT32 = 1, ACT__AS_FLOAT64, ACT__AS_FLOAT16, ACT__AS_BFLOAT16, ACT__STORAGE_TYPES };

/* The functions of an elementwise kind; the first has one input, the others two, before the output. */
typedef enum act__function { ACT__RUN_FORWARD, ACT__RUN_FROM_INPUT, ACT__RUN_FROM_OUTPUT } act__function;
enum { ACT__FUNCTIONS = 3 };

/* Whether a float32 result may be narrowed to 16 bits as it is, in rising doubt. */
typedef enum act__doubt {
    ACT__SURE_HALF,      /* it is a 16-bit number already */
    ACT__SURE,           /* it is exact, or far from the middle of two halves */
    ACT__SURE_IF_FINITE, /* the same, if it is finite */
    ACT__DOUBT_MIDDLE,   /* it is a few units off */
    ACT__DOUBT_RANGE     /* it is a gradient whose f' may have left float32's range, too */
} act__doubt;

/* The most 16-bit elements that are computed at a time, and the most and least of one vector. */
enum { ACT__MOST_HALF_STEP = 32, ACT__HALF_LANES = 16, ACT__LEAST_LANES = 4 };

/* A vector of 16-bit elements of which some lanes are in doubt: what they are computed from, and where they go. */
typedef struct act__doubtful {
    float source[ACT__HALF_LANES], dy[ACT__HALF_LANES];
    uint16_t *to;
    uint64_t lanes;
} act__doubtful;

typedef struct act__half_run {
    const void *params;
    act__doubt doubt;
    int32_t stream; /* past the cache, where the output is aligned; the caller fences */
    int64_t count;  /* of doubtful, which has room for all */
    act__doubtful *doubtful;
} act__half_run;

/* n elements, a multiple of half_step. dy is NULL for forward. */
typedef void act__half_function(const uint16_t *source, const uint16_t *dy, uint16_t *to, int64_t n,
                                act__half_run *run);

/* The same of elements that are chosen, not computed with: any n, past the cache where there are many. */
typedef void act__words_function(const uint16_t *source, const uint16_t *dy, uint16_t *to, int64_t n);

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
    /* The first three over elements of one 16-bit type. float32 only; NULL where converted or words serve. */
    act__half_function *halves[ACT__FUNCTIONS][ACT__STORAGE_TYPES];
    act__words_function *words[ACT__FUNCTIONS][ACT__STORAGE_TYPES];
    /* backward_bits of either 16-bit type. float32 only; NULL where elements have to be converted. */
    void (*backward_half_bits)(const uint8_t *bits, const uint16_t *dy, uint16_t *dx, int64_t n);
} act__kernels;

/* The same by tables of all 65,536 numbers, which run->params are. NULL where that is no faster. */
typedef struct act__lookup_kernels {
    act__half_function *value; /* y = uint16_t table[x] */
    /* dx = dy float table[source] */
    act__half_function *gradient[ACT__STORAGE_TYPES];
} act__lookup_kernels;

/* What is drawn for RReLU: slope i = lower + range * U(seed, step, index + i), at most upper. */
typedef struct act__draw {
    uint64_t seed, step;
    double lower, range, upper;
} act__draw;

typedef void act__slope_halves_function(const uint16_t *x, const float *slopes, int shared, uint16_t *y, int64_t n);

/* leaky_relu with a slope an element: PReLU and RReLU. */
typedef struct act__slope_kernels {
    void (*forward)(const void *x, const void *slopes, void *y, int64_t n);
    /* Row i of some that lie one after the other has slope (first + i) % count, of its type, for all elements. */
    void (*forward_rows)(const void *x, const void *slopes, int64_t first, int64_t count, void *y, int64_t length,
                         int64_t rows);
    /* Of 16-bit elements, by one float32 slope where it is shared. float32 only, as is narrow. */
    act__slope_halves_function *forward_half[ACT__STORAGE_TYPES];
    /* Values, or gradients where dy is not NULL, of float32 elements, rounded once to 16 bits. */
    void (*narrow[ACT__STORAGE_TYPES])(const float *source, const float *slopes, int shared, const float *dy,
                                       uint16_t *to, int64_t n);
    /* source: x, or y where no slope is negative. */
    void (*backward)(const void *source, const void *slopes, const void *dy, void *dx, int64_t n);
    /* x from y, or a number above 0 where it is above 0. double only, as is sum_terms. */
    void (*recover)(const double *y, const double *slopes, int shared, double *x, int64_t n);
    /* Adds x[i] * dy[i] where x[i] <= 0 to lane (lane + i) % period of sum + error. */
    void (*sum_products)(double *sum, double *error, int64_t period, int64_t lane, const void *x, const void *dy,
                         int64_t n);
    /* Both with one slope, where period is ACT__SUM_LANES and the first lane 0. */
    void (*backward_sums)(double *sum, double *error, const void *x, const void *dy, void *dx, const void *slope,
                          int64_t n);
    /* Adds terms[i] to lane i % ACT__SUM_LANES of sum + error. */
    void (*sum_terms)(double *sum, double *error, const double *terms, int64_t n);
    void (*draw)(const act__draw *draw, uint64_t index, void *slopes, int64_t n);
} act__slope_kernels;

/* Between storage types and the compute type, in apart memory; NULL where a type is not to be converted. */
typedef struct act__convert_kernels {
    void (*widen[ACT__STORAGE_TYPES])(const void *from, void *to, int64_t n);
    /* To the nearest, ties to even. stream: past the cache, where `to` is aligned; the caller fences. */
    void (*narrow[ACT__STORAGE_TYPES])(const void *from, void *to, int64_t n, int stream);
    /* float32 results of a kernel to a 16-bit type. Where their error may show there, the index goes to doubtful;
     * returns how many. dy: of a gradient, else NULL. n is at most 65536. */
    int64_t (*narrow_sure[ACT__STORAGE_TYPES])(const float *from, const float *dy, void *to, int64_t n, int stream,
                                               uint16_t *doubtful);
    /* Bit i: whether 16-bit x[i] > 0; returns whether any is NaN. float32 only. */
    int (*to_bits[ACT__STORAGE_TYPES])(const uint16_t *x, uint8_t *bits, int64_t n);
    /* Numbers of either 16-bit type: above 0 where bit i is set, else below. float32 only. */
    void (*from_bits)(const uint8_t *bits, uint16_t *signs, int64_t n);
    int64_t half_step; /* of an act__half_function: a power of two, at most ACT__MOST_HALF_STEP. float32 only. */
} act__convert_kernels;

/* CReLU: positive is relu(x), negative relu(-x), or the gradients of these. */
typedef struct act__crelu_kernels {
    void (*forward)(const void *x, void *positive, void *negative, int64_t n);
    void (*backward_input)(const void *x, const void *dy_positive, const void *dy_negative, void *dx, int64_t n);
    void (*backward_output)(const void *y_positive, const void *y_negative, const void *dy_positive,
                            const void *dy_negative, void *dx, int64_t n);
} act__crelu_kernels;

/* One row of Maxout. z: pieces times out; bias: the same or NULL; winners: out bytes or NULL. */
typedef struct act__maxout_kernels {
    void (*reduce)(const void *z, const void *bias, void *y, uint8_t *winners, int64_t out, int64_t pieces);
    /* dz[k][o] = winner of o is k ? dy[o] : 0. */
    void (*scatter)(const void *dy, const uint8_t *winners, void *dz, int64_t out, int64_t pieces);
} act__maxout_kernels;

#endif
