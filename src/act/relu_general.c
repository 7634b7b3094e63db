/*
 * relu_general(slope, max, theta): y = x > theta ? min(x, max) : slope * (x - theta), with a jump of theta at theta.
 * Derivative slope for x <= theta, 0 for x >= max, else 1; where it is 0, a slope of 0 included, y or dx is +0. By
 * slope x - theta and by theta -slope for x <= theta; by max 1 for x >= max. max >= theta, and may be infinite.
 * x - theta is an exact pair, whose product with slope is rounded once; where theta is so large that it might
 * overflow, it is a pair of halves. y does not tell the branch.
 */
#include "simd/branches.h"
#include "simd/kernel.h"
#include "simd/leaky.h"

#include <math.h>

#define ACT_NAME    relu_general
#define ACT_AT_ONCE 2

/* slope * (x - theta) for finite x <= theta. */
static inline vreal below(vreal x, vreal slope, vreal theta) {
    const vmask large = v_lt(v_set(REAL(0x1p100f, 0x1p1000)), v_abs(theta));
    const vreal scale = v_select(large, v_set((real)0.5), v_set(1));
    const vreal back = v_select(large, v_set(2), v_set(1));
    const vpair difference = v_exact_sum(v_mul(scale, x), v_neg(v_mul(scale, theta)));
    const vreal product = v_mul(slope, difference.hi), rest = v_mul(slope, difference.lo);
    const vreal sum = v_fma(slope, difference.hi, rest);
    /* a sum may lose the sign of 0, and has that of an infinite rest */
    const vmask alone = v_or(v_eq(difference.lo, v_set(0)), v_eq(v_abs(rest), v_set((real)INFINITY)));
    return v_mul(back, v_select(alone, product, sum));
}

static inline vreal value(vreal x, const vreal *p) {
    const vreal slope = p[0], max = p[1], theta = p[2];
    const vmask flat = v_eq(slope, v_set(0)), infinite = v_eq(x, v_set(-(real)INFINITY));
    const vreal limit = v_copysign(v_set((real)INFINITY), v_neg(slope));
    const vreal held = v_at_most(v_at_least(x, v_set(-V_MOST)), theta);
    const vreal low = v_select(infinite, limit, below(held, slope, theta));
    return v_select(v_le(x, theta), v_drop(flat, low), v_select(v_le(max, x), max, x));
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    const vreal slope = p[0], max = p[1], theta = p[2];
    return v_select(v_le(x, theta), leaky_scaled(slope, dy), flat_where(above_clamp(x, max), x, dy));
}

#if ACT_REAL == 64
#define ACT_HAS_PARAMETER_TERM
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    const vreal slope = p[0], max = p[1], theta = p[2];
    const vmask above = v_lt(theta, x);
    if (index == 0)
        return term_where(v_le(x, theta), x, v_mul(dy, v_sub(v_select(above, theta, x), theta)));
    if (index == 1)
        return term_where(v_andnot(above_clamp(x, max), v_le(x, theta)), x, dy);
    return term_where(v_le(x, theta), x, leaky_scaled(v_neg(slope), dy));
}
#endif

#include "simd/elementwise.h"
