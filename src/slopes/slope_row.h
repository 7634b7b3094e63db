/* Rows of elements with slopes. */
#ifndef ACT_SLOPES_SLOPE_ROW_H
#define ACT_SLOPES_SLOPE_ROW_H

#include "activations/activations.h"
#include "kernels.h"
#include "view.h"

/* What computes values where x and y have one type. */
typedef struct act__slope_values {
    const act__slope_kernels *slopes;
    act__slope_halves_function *halves; /* where they have 16 bits, else NULL */
    act_dtype dtype;
    int32_t slope_size;
} act__slope_values;

/* Slopes have the type that elements of dtype are computed in. */
act__slope_values act__slope_values_of(act_dtype dtype);

/* One slope an element, or one for all. */
void act__slope_values_run(const act__slope_values *values, const void *x, const void *slopes, int32_t shared,
                           void *y, int64_t n);

/* What computes gradients, of any types that a call may mix. */
typedef struct act__slope_arithmetic {
    const act__slope_kernels *slopes;
    const act__convert_kernels *convert;
    act_dtype dtype[3]; /* of source, dy, dx */
    int32_t real_size;  /* bytes of an element as it is computed */
    int32_t converts;   /* whether some are of other types */
} act__slope_arithmetic;

/* views: source, dy and dx, or dy again. In float64 where exact. */
act__slope_arithmetic act__slope_arithmetic_of(const act__view *const *views, int32_t exact);

/* Elements in the type they are computed in. */
typedef struct act__slope_row {
    const void *source, *slopes, *dy; /* dy: NULL for values */
    int64_t n;
    int32_t shared; /* one slope for all */
} act__slope_row;

/* Values or gradients to where they belong, of 16 bits or as they are computed; each rounded once. */
void act__slope_row_run(const act__slope_row *row, act_dtype dtype, void *to);

#endif
