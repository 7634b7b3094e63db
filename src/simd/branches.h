/*
 * What piecewise kinds share: gradients of branches on which the function is flat, of a clamp and of a dead zone.
 * Flat branches select +0 whatever dy is; NaN in the source, which is x or a y that lies in the same branch, stays.
 */
#ifndef ACT_SIMD_BRANCHES_H
#define ACT_SIMD_BRANCHES_H

#include "simd/vec.h"

#include <math.h>

static inline vreal flat_where(vmask flat, vreal source, vreal dx) {
    return v_drop(flat, v_select(v_isnan(source), source, dx));
}

/* dy * Inf without an operation that raises exceptions, which it would in lanes beyond the end. */
static inline vreal steep_gradient(vreal dy) {
    const vmask undefined = v_or(v_eq(dy, v_set(0)), v_isnan(dy));
    return v_select(undefined, v_set((real)NAN), v_copysign(v_set((real)INFINITY), dy));
}

/* A parameter's term where the branch depends on it, else +0. */
static inline vreal term_where(vmask depends, vreal x, vreal term) {
    return v_select(v_isnan(x), x, v_keep(depends, term));
}

/* x <= lo ? lo : x >= hi ? hi : x; the ends belong to the clamp. */
static inline vreal clamp_value(vreal x, vreal lo, vreal hi) {
    return v_select(v_le(x, lo), lo, v_select(v_le(hi, x), hi, x));
}

/* Where x >= hi is cut off; an infinite hi cuts nothing off. (As NaN does not, but comparing that may raise an
 * exception.) */
static inline vmask above_clamp(vreal x, vreal hi) { return v_andnot(v_le(hi, x), v_eq(hi, v_set((real)INFINITY))); }

static inline vmask below_clamp(vreal x, vreal lo) { return v_andnot(v_le(x, lo), v_eq(lo, v_set(-(real)INFINITY))); }

/* dx where lo < source < hi. */
static inline vreal clamp_gradient(vreal source, vreal lo, vreal hi, vreal dx) {
    return flat_where(v_or(below_clamp(source, lo), above_clamp(source, hi)), source, dx);
}

static inline vmask in_dead_zone(vreal x, vreal lambda) { return v_le(v_abs(x), lambda); }

/* dy where |source| > lambda. */
static inline vreal dead_zone_gradient(vreal source, vreal lambda, vreal dy) {
    return flat_where(in_dead_zone(source, lambda), source, dy);
}

/* The gradient of a bias that is subtracted above lambda and added below -lambda. */
static inline vreal dead_zone_bias_term(vreal x, vreal lambda, vreal dy) {
    return v_select(v_lt(lambda, x), v_neg(dy), term_where(v_lt(x, v_neg(lambda)), x, dy));
}

#endif
