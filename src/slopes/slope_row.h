/* Products with slopes, in float32, on their way to 16-bit elements. */
#ifndef ACT_SLOPES_SLOPE_ROW_H
#define ACT_SLOPES_SLOPE_ROW_H

#include "activations/activations.h"

/* At most ACT__BLOCK elements as they were computed from source and dy, or source alone: one rounding each. */
typedef struct act__slope_row {
    const void *source, *slopes, *dy; /* dy: NULL for values */
    void *result;
    int64_t n;
    int32_t shared; /* one slope for all */
} act__slope_row;

/* The results to where they belong, unless they were computed there. */
void act__slope_row_put(const act__slope_row *row, act_dtype dtype, void *to);

#endif
