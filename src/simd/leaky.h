/*
 * y = x <= 0 ? slope * x : x, with one slope for all (leaky_relu) or one an element (prelu, rrelu). Derivative
 * slope for x <= 0, else 1. One rounding. A slope of 0 is relu: +0 for x <= 0 (never 0 * Inf), and +0 for the
 * gradient there.
 */
#ifndef ACT_SIMD_LEAKY_H
#define ACT_SIMD_LEAKY_H

#include "simd/vec.h"

static inline vreal leaky_scaled(vreal slope, vreal a) { return v_drop(v_eq(slope, v_set(0)), v_mul(slope, a)); }

static inline vreal leaky_value(vreal x, vreal slope) {
    return v_select(v_le(x, v_set(0)), leaky_scaled(slope, x), x);
}

/* source: x, or y where slope >= 0, which then has the sign of x. */
static inline vreal leaky_gradient(vreal source, vreal slope, vreal dy) {
    const vreal passed = v_select(v_isnan(source), source, dy);
    return v_select(v_le(source, v_set(0)), leaky_scaled(slope, dy), passed);
}

#endif
