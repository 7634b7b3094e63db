/*
 * x s(z) with s the logistic function and z an odd function of x, z > 0 with x or, where a parameter turns it,
 * against it: silu, swish, quick_gelu, gelu_tanh. In pairs of reals, with E = exp(-z) where it has room, t = x z'(x):
 *   y = x / (1 + E),  f' = (1 + E (1 + t)) / (1 + E)^2
 *
 * Of any z, in wide numbers, with minus = -|z|, e = exp(-|z|) and |t|:
 *   z >= 0  y = x / (1 + e),    f' = (1 + e + e t) / (1 + e)^2
 *   z < 0   y = x e / (1 + e),  f' = e (1 + e - t) / (1 + e)^2
 *
 * f' vanishes once, for z a multiple of x at z = -1.278; in float64, whose pairs have too few digits beside it, its
 * Taylor series serves there.
 */
#ifndef ACT_SIMD_SWISH_H
#define ACT_SIMD_SWISH_H

#include "simd/exp_sum.h"
#include "simd/logistic.h"
#include "simd/math.h"
#include "simd/root.h"

/* x * factor; for infinite x the limit, which for z = 0 is x. */
ACT_ALWAYS_INLINE vreal gated_value(vreal x, wscaled factor, vmask below) {
    const vreal magnitude = v_abs(x), largest = v_set(LARGEST_REAL);
    const vreal product = wide_round_product(v_at_most(magnitude, largest), factor.part, factor.n);
    const vreal limit = v_drop(below, magnitude);
    return v_copysign(v_select(v_lt(largest, magnitude), limit, product), x);
}

ACT_ALWAYS_INLINE vreal swish_value(vreal x, wide minus, vmask below) {
    return gated_value(x, wide_logistic(minus, below), below);
}

/* x s(z) is x itself from SWISH_PASSES on, and SWISH_ENDS is far enough down for it to be 0. */
#define SWISH_PASSES REAL(20, 40)
#define SWISH_ENDS   REAL(-126, -800)

/*
 * The same value in the type's own arithmetic as x / (1 + E), whatever the sign of z, of an x that is held to where
 * z is: the quotient is corrected by its remainder. x is finite and z = -minus a pair.
 */
ACT_ALWAYS_INLINE vreal swish_quotient(vreal x, vpair minus) {
    const exp_sum s = exp_sum_of(minus, 0);
    const vreal quotient = v_mul(x, s.reciprocal);
    const vreal remainder = v_fnma(quotient, s.sum.lo, v_fnma(quotient, s.sum.hi, x));
    return v_mul(v_fma(remainder, s.reciprocal, quotient), s.one);
}

/*
 * f' = s (1 + t (1 - s)) with t = x z'(x), where pairs have digits enough: not beside the root. 1 - s is a pair, so
 * that its product with t is rounded once, after 1 is added.
 */
ACT_ALWAYS_INLINE vreal swish_gradient(vpair minus, vpair t) {
    const exp_sum sum = exp_sum_of(minus, 1);
    const vreal s = sum.reciprocal, one = v_set(1);
    const vreal remainder = v_fnma(s, sum.sum.lo, v_fnma(s, sum.sum.hi, one)), s_rest = v_mul(remainder, s);
    const vreal u = v_fnma(s, sum.one, one);
    const vreal u_rest = v_fnma(s_rest, sum.one, v_fnma(s, sum.one, v_sub(one, u)));
    const vreal slope = v_fma(t.hi, u, one), slope_rest = v_fma(t.hi, u_rest, v_mul(t.lo, u));
    return v_mul(v_fma(s, slope, v_fma(s, slope_rest, v_mul(s_rest, slope))), sum.one);
}

/* Of any x, given what it is held to. */
ACT_ALWAYS_INLINE vreal swish_of_held(vreal x, vreal held, vpair minus) {
    const vreal y = v_copysign(swish_quotient(held, minus), x);
    return v_select(v_lt(minus.hi, v_set(-SWISH_PASSES)), x, y);
}

/* For z = beta x, where beta is not so small that x s(z) leaves the range of E, nor so large that digits do. */
#define SWISH_LEAST v_set((real)0x1p-16)

ACT_ALWAYS_INLINE int swish_serves(vreal beta) {
    const vreal size = v_abs(beta);
    return v_bits(v_or(v_lt(size, SWISH_LEAST), v_lt(v_set((real)0x1p16), size))) == 0;
}

ACT_ALWAYS_INLINE vreal swish_held(vreal x, vreal beta) {
    const vreal end = v_div(v_set(-SWISH_ENDS), v_at_least(v_abs(beta), SWISH_LEAST));
    return v_at_most(v_at_least(x, v_neg(end)), end);
}

ACT_ALWAYS_INLINE vreal gated_derivative(wide minus, wide t, vmask below) {
    const wscaled e = wide_exp(minus);
    const wide joined = wide_joined(e), sum = one_plus(joined);
    const wide above_0 = wide_fma(joined, t, sum), below_0 = wide_mul(e.part, wide_sub(sum, t));
    const wide quotient = wide_div(wide_select(below, below_0, above_0), wide_mul(sum, sum));
    return wide_round_scaled(quotient, v_keep(below, e.n));
}

#if ACT_REAL == 64
static const double swish_root_series[9] = {
    0x1.be1410460527fp-3,  -0x1.2541062177473p-58, 0x1.2c563458cc0adp-3,
    0x1.353eb573ca457p-6,  -0x1.f2d0e32bc2994p-7,  -0x1.b0f82c498fd2fp-8,
    0x1.098e92b8f076dp-13, 0x1.a2a7caf0ee747p-11,  0x1.8574d136d4cb4p-13,
};
#endif

/* f' at minus for z a multiple of x, beside the root instead of the derivative that is given. */
ACT_ALWAYS_INLINE vreal swish_slope_by_root(vmask below, wide minus, vreal derivative) {
#if ACT_REAL == 64
    const wide root = wide_set(-0x1.474973c84120bp+0, -0x1.f8d74bc9ac154p-54);
    return derivative_by_root(below, minus, root, swish_root_series, 9, derivative);
#else
    (void)below, (void)minus;
    return derivative;
#endif
}

/* The same for any z. */
ACT_ALWAYS_INLINE vreal swish_derivative(wide minus, vmask below) {
    return swish_slope_by_root(below, minus, gated_derivative(minus, wide_neg(minus), below));
}

#endif
