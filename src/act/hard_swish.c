/*
 * hard_swish(a, b): with t = a * x + b ((x + 3) / 6 as it comes, see simd/hard_line.h) y = t <= 0 ? +0 : t >= 1 ? x
 * : x * t. Derivative 0 for t <= 0, where dx is +0 whatever dy is, 1 for t >= 1, else 2 a x + b; by a x^2, by b x,
 * for 0 < t < 1. Any finite a and b. Pairs carry what the sum and the product lose. y falls and rises, so that it
 * does not tell x.
 */
#include "simd/branches.h"
#include "simd/hard_line.h"
#include "simd/kernel.h"

#define ACT_NAME    hard_swish
#define ACT_AT_ONCE 2

#define SIXTH_REST REAL(-0x1.555556p-28f, 0x1.5555555555555p-57)

/* x times the pair t. */
static inline vreal product(vreal x, vpair t) { return v_fma(x, t.hi, v_mul(x, t.lo)); }

static inline vreal general_value(vreal x, const vreal *p) {
    const hard_line l = hard_line_at(x, p);
    const vpair line = v_exact_product(l.scaled_slope, l.x), sum = v_exact_sum(line.hi, l.scaled_offset);
    const vreal curve = product(v_mul(l.x, l.unscale), (vpair){sum.hi, v_add(sum.lo, line.lo)});
    const vmask beyond = v_or(l.high, v_eq(v_abs(x), v_set((real)INFINITY)));
    return v_drop(l.low, v_select(beyond, x, v_copysign(curve, x)));
}

/* c (c + 3) / 6 with the exact sixth, rounded once; c is x or, below -1.5, -3 - x, which is exact and gives the same,
 * so that c + 3 does not cancel. What c / 6 + 1/2 loses is known to 2^-50, and gone beyond 3, where y is x. */
static inline vreal sixth_value(vreal x) {
    const vreal c = v_at_least(x, v_at_most(v_sub(v_set(-3), x), v_set(0))), held = v_at_most(c, v_set(3));
    const vreal sixth = v_set(SIXTH), half = v_set((real)0.5), line = v_fma(held, sixth, half);
    const vreal rest = v_fma(held, v_set(SIXTH_REST), v_fma(held, sixth, v_sub(half, line)));
    return v_fma(c, line, v_mul(held, rest));
}

static inline vreal value(vreal x, const vreal *p) { return is_sixth(p) ? sixth_value(x) : general_value(x, p); }

static inline vreal general_gradient(vreal x, vreal dy, const vreal *p) {
    const hard_line l = hard_line_at(x, p);
    const vreal half =
        v_fma(l.scaled_slope, l.x, v_mul(v_set((real)0.5), l.scaled_offset)); /* the whole might overflow */
    return v_drop(l.low, v_select(l.high, dy, v_mul(dy, v_mul(v_add(half, half), l.unscale))));
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    if (!is_sixth(p))
        return general_gradient(x, dy, p);
    const vreal third = v_set(REAL(1.0f / 3, 1.0 / 3)), sum = v_add(sixth_held(x), v_set((real)1.5));
    const vreal quotient = v_mul(sum, third);
    const vreal derivative = v_fma(v_fnma(quotient, v_set(3), sum), third, quotient);
    return v_drop(v_le(x, v_set(-3)), v_select(v_le(v_set(3), x), dy, v_mul(dy, derivative)));
}

#if ACT_REAL == 64
#define ACT_HAS_PARAMETER_TERM
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    const vmask flat = hard_line_is_cut(x, p);
    const vreal held = v_drop(flat, x), term = v_mul(dy, held);
    return flat_where(flat, x, index == 0 ? v_mul(term, held) : term);
}
#endif

#include "simd/elementwise.h"
