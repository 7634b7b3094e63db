/*
 * snake(alpha): y = x + sin(t)^2 / alpha with t = alpha x; alpha = 0 is identity, +-Inf stay. Written as
 * x (1 + sin(t) sin(t) / t), which holds for every alpha. Derivative 1 + sin(2 t) = 2 sin(t + pi / 4)^2, which keeps
 * its digits at the double roots; NaN at +-Inf unless alpha = 0. With the double angle, x + (1 - cos(2 t)) /
 * (2 alpha) and 1 + sin(2 t), of sines and cosines that tell their distance from 1, see simd/sin.h; for large angles
 * and extreme alpha see simd/wide_sin.h. Measured over all inputs for 1 and 2 10^9 points near t = -pi / 8 and
 * -3 pi / 8, the worst, of random alpha: 0.85 ulp, derivative 1.08; float64, 10^7 such points: 0.85 and 0.98.
 */
#include "simd/kernel.h"
#include "simd/sin.h"
#include "simd/wide_sin.h"

#define ACT_NAME    snake
#define ACT_AT_ONCE 1

#define BEYOND REAL(0x1p40f, 0x1p64)

/* sin(t) / t, which is taken for 0 beyond. */
ACT_ALWAYS_INLINE wide sin_over_angle(wide sine, vreal x, vreal alpha) {
    const vmask beyond = product_above(alpha, x, BEYOND);
    const wide t = wide_exact_product(alpha, v_drop(beyond, x));
    const vmask tiny = v_lt(v_abs(wide_round(t)), v_set((real)0x1p-100));
    const wide one = wide_set(1, 0);
    const wide quotient = wide_div(wide_select(tiny, one, sine), wide_select(tiny, one, t));
    return wide_select(beyond, wide_set(0, 0), quotient);
}

ACT_ALWAYS_INLINE vreal wide_value(vreal x, const vreal *p) {
    const vmask end = v_or(v_eq(x, v_set(0)), v_eq(v_abs(x), v_set(INFINITY)));
    const vreal zero = v_drop(v_lt(v_set(0), p[0]), v_neg(v_set(0))); /* sin(t)^2 / alpha at x = 0 */
    const vreal held = v_drop(end, x);
    const wide sine = wide_sin(p[0], held, 0);
    const wide share = wide_plus(wide_mul(sine, sin_over_angle(sine, held, p[0])), 1);
    return v_select(end, v_add(x, zero), v_copysign(wide_round_product(held, share, v_set(0)), x));
}

/* What alpha is multiplied with: not an infinite x where alpha is 0. */
ACT_ALWAYS_INLINE vreal angle_factor(vreal x, vreal alpha) {
    return v_drop(v_andnot(v_eq(alpha, v_set(0)), v_isnan(x)), x);
}

ACT_ALWAYS_INLINE vreal wide_derivative(vreal x, const vreal *p) {
    const wide root = wide_sin(p[0], angle_factor(x, p[0]), 1);
    return wide_round(wide_times(wide_mul(root, root), 2));
}

/* The same for all lanes: 2 alpha and its inverse are numbers, and nothing underflows that counts. */
ACT_ALWAYS_INLINE int is_moderate(vreal alpha) {
    const vreal size = v_abs(alpha);
    return v_all(v_andnot(v_le(v_set(0x1p-40f), size), v_lt(v_set(0x1p40f), size)));
}

/* 1 + sin as hi + lo, which keeps its digits where it is nearly 0. */
ACT_ALWAYS_INLINE vpair one_plus_sine(near_sine s) {
    const vreal one = v_set(1), sign = v_select(s.negative, v_set(-1), one), sum = v_fma(sign, s.hi, one);
    return (vpair){sum, v_fnma(sign, s.less, v_fma(sign, s.hi, v_sub(one, sum)))};
}

/* x + (1 + sine) / twice, where the quotient is less than x. */
ACT_ALWAYS_INLINE vreal value_of_sine(vreal x, vreal twice, near_sine s) {
    const vreal inverse = v_div(v_set(1), twice), rest = v_mul(inverse, v_fnma(inverse, twice, v_set(1)));
    const vpair factor = v_normal_pair(one_plus_sine(s)), share = v_exact_product(factor.hi, inverse);
    const vreal lower = v_fma(factor.lo, inverse, v_fma(factor.hi, rest, share.lo)), sum = v_add(x, share.hi);
    return v_sub(sum, v_sub(v_sub(v_sub(sum, x), share.hi), lower)); /* a zero keeps its sign */
}

ACT_ALWAYS_INLINE vreal value(vreal x, const vreal *p) {
    if (!is_moderate(p[0]))
        return wide_value(x, p);
    const vreal twice = v_add(p[0], p[0]);
    const near_sine s = sine_near(twice, x, -1, 1);
    const vreal near = value_of_sine(x, twice, s);
    return __builtin_expect(v_all(s.sure), 1) ? near : v_select(s.sure, near, wide_value(x, p));
}

ACT_ALWAYS_INLINE vreal derivative(vreal x, const vreal *p) {
    if (!is_moderate(p[0]))
        return wide_derivative(x, p);
    const near_sine s = sine_near(v_add(p[0], p[0]), x, 0, 0);
    const vpair sum = one_plus_sine(s);
    const vreal near = v_add(sum.hi, sum.lo);
    return __builtin_expect(v_all(s.sure), 1) ? near : v_select(s.sure, near, wide_derivative(x, p));
}

ACT_ALWAYS_INLINE vreal from_input(vreal x, vreal dy, const vreal *p) { return v_mul(dy, derivative(x, p)); }

#if ACT_REAL == 64
#define ACT_HAS_PARAMETER_TERM
/* x^2 q (2 cos(t) - q) with q = sin(t) / t; where that is taken for 0, x sin(t) 2 cos(t) / alpha. */
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    (void)index;
    const vreal angle = angle_factor(x, p[0]);
    const vmask beyond = product_above(p[0], angle, BEYOND);
    const wide sine = wide_sin(p[0], angle, 0), q = sin_over_angle(sine, angle, p[0]);
    const wide difference = wide_sub(wide_times(wide_sin(p[0], angle, 2), 2), q);
    const wide product = wide_mul(wide_select(beyond, sine, q), difference);
    const vreal far = v_div(wide_round(product), v_select(beyond, p[0], v_set(1)));
    const vreal near = v_select(v_eq(p[0], v_set(0)), x, wide_round_product(angle, product, v_set(0)));
    return v_mul(dy, v_mul(x, v_select(beyond, far, near)));
}
#endif

#include "simd/elementwise.h"
