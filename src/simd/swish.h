/*
 * x s(z) with s the logistic function and z an odd function of x, z > 0 with x or, where a parameter turns it,
 * against it: silu, swish, quick_gelu, gelu_tanh. minus is -|z|, below z < 0. With e = exp(-|z|), t = |x z'(x)|: y  =
 * x / (1 + e), below x e / (1 + e) f' = (1 + e + e t) / (1 + e)^2, below e (1 + e - t) / (1 + e)^2 f' vanishes once;
 * in float64, whose pairs have too few digits beside it, its Taylor series serves there. For z a multiple of x that
 * is at z = -1.278.
 */
#ifndef ACT_SIMD_SWISH_H
#define ACT_SIMD_SWISH_H

#include "simd/logistic.h"
#include "simd/math.h"
#include "simd/root.h"

/* x * factor; for infinite x the limit, which for z = 0 is x. */
ACT_ALWAYS_INLINE vreal gated_value(vreal x, wscaled factor, vmask below) {
    const vreal magnitude = v_abs(x), largest = v_set(LARGEST_REAL);
    const vreal product = wide_round_product(v_at_most(magnitude, largest), factor.part, factor.n);
    const vreal limit = v_select(below, v_set(0), magnitude);
    return v_copysign(v_select(v_lt(largest, magnitude), limit, product), x);
}

ACT_ALWAYS_INLINE vreal swish_value(vreal x, wide minus, vmask below) {
    return gated_value(x, wide_logistic(minus, below), below);
}

#if ACT_REAL == 32

/* From here on exp(-z) is beyond the digits of 1. */
#define SWISH_PASSES v_set(20)

/* The same value in float32 arithmetic: x, or below x (1 + p), over the pair 1 + e, without the power of two. */
ACT_ALWAYS_INLINE vreal swish_quotient(vreal x, vexp e, vmask below) {
    const vreal share = v_keep(below, e.p), numerator = v_fma(x, share, x);
    const vreal rest = v_fma(x, share, v_sub(x, numerator));
    return v_div_pair((vpair){numerator, rest}, v_one_plus(e));
}

ACT_ALWAYS_INLINE vexp swish_exp(vpair minus) { return v_exp_near(minus.hi, minus.lo, v_exp_multiple(minus.hi)); }

/* Of x held to where y is 0 and to SWISH_PASSES. */
ACT_ALWAYS_INLINE vreal swish_of_held(vreal x, vreal held, vpair minus) {
    const vmask below = v_lt(x, v_set(0));
    const vexp e = swish_exp(minus);
    const vreal y = v_scale(swish_quotient(held, e, below), v_keep(below, e.n));
    return v_select(v_lt(SWISH_PASSES, x), x, v_copysign(y, x));
}

/* For z = beta x, whatever the size of x, which moves to where the quotient has all its digits. */
ACT_ALWAYS_INLINE vreal swish_of_product(vreal x, vreal beta) {
    const vmask below = v_lt(signed_by(beta, x), v_set(0)), end = infinite_product(beta, x);
    const vreal size = v_abs(x), held = v_at_most(size, argument_bound(beta));
    const vpair product = v_exact_product(v_neg(v_abs(beta)), held);
    const vpair minus = {v_select(end, v_set(-ARGUMENT_LIMIT), product.hi), v_select(end, v_set(0), product.lo)};
    const vexp e = swish_exp(minus);
    const vmask large = v_lt(v_set(1), size);
    const vreal moved = v_mul(v_at_most(size, v_set(LARGEST_REAL)), v_select(large, v_set(0x1p-64f), v_set(0x1p64f)));
    const vreal n = v_add(v_keep(below, e.n), v_select(large, v_set(64), v_set(-64)));
    const vreal y = v_scale(swish_quotient(moved, e, below), v_at_least(n, v_set(-2 * (V_BIAS - 1))));
    const vreal limit = v_select(below, v_set(0), size);
    return v_copysign(v_select(v_lt(v_set(LARGEST_REAL), size), limit, y), x);
}

#endif

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

/* f' for z a multiple of x. */
ACT_ALWAYS_INLINE vreal swish_derivative(wide minus, vmask below) {
    const vreal derivative = gated_derivative(minus, wide_neg(minus), below);
#if ACT_REAL == 64
    const wide root = wide_set(-0x1.474973c84120bp+0, -0x1.f8d74bc9ac154p-54);
    return derivative_by_root(below, minus, root, swish_root_series, 9, derivative);
#else
    return derivative;
#endif
}

#endif
