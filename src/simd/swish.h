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

/* x s(z) is x itself from SWISH_PASSES on, and SWISH_ENDS is far enough down for it to be 0. */
#define SWISH_PASSES REAL(20, 40)
#define SWISH_ENDS   REAL(-126, -800)

/* The power of two that 1 and exp(-z) are held smaller by. */
enum { SWISH_ROOM = REAL(60, 512) };

/* 1 + E with E = exp(minus), and 1, all held smaller, so that E has room where 1 / (1 + E) is subnormal. */
typedef struct swish_sum {
    vexp e;
    vreal one;
    vpair sum;
    vreal reciprocal; /* of sum.hi */
} swish_sum;

ACT_ALWAYS_INLINE swish_sum swish_sum_of(vpair minus) {
    const vreal one = v_set(REAL(0x1p-60f, 0x1p-512));
    const vreal magic = v_set(REAL(0x1.8p23f, 0x1.8p52) + (real)(V_BIAS - SWISH_ROOM));
    const vreal shifted = v_fma(minus.hi, V_LOG2_E, magic), power = v_exponent(shifted);
    const vexp e = v_exp_reduced(minus.hi, minus.lo, v_sub(shifted, magic), power);
    const vreal base = v_add(one, power), larger = v_at_least(power, one), smaller = v_at_most(power, one);
    const vreal sum = v_fma(power, e.p, base);
    const vreal lost = v_fma(power, e.tail, v_fma(power, e.head, v_sub(base, sum)));
    const vreal rest = v_add(lost, v_sub(smaller, v_sub(base, larger)));
    return (swish_sum){e, one, {sum, rest}, v_div(v_set(1), sum)};
}

/*
 * The same value in the type's own arithmetic as x / (1 + E), whatever the sign of z, of an x that is held to where
 * z is: the quotient is corrected by its remainder. x is finite and z = -minus a pair.
 */
ACT_ALWAYS_INLINE vreal swish_quotient(vreal x, vpair minus) {
    const swish_sum s = swish_sum_of(minus);
    const vreal quotient = v_mul(x, s.reciprocal);
    const vreal remainder = v_fnma(quotient, s.sum.lo, v_fnma(quotient, s.sum.hi, x));
    return v_mul(v_fma(remainder, s.reciprocal, quotient), s.one);
}

/* f' = (1 + E (1 + t)) / (1 + E)^2 with t = x z'(x), where E and t have digits enough: not beside the root. */
ACT_ALWAYS_INLINE vreal swish_gradient(vpair minus, vpair t) {
    const swish_sum s = swish_sum_of(minus);
    const vpair slope = v_exact_sum(v_set(1), t.hi);
    const vreal steep = v_mul(s.e.power, slope.hi), more = v_mul(s.e.power, v_add(slope.lo, t.lo));
    const vpair base = v_exact_sum(s.one, steep);
    const vreal above = v_fma(steep, s.e.p, base.hi);
    const vreal lost = v_fma(steep, s.e.tail, v_fma(steep, s.e.head, v_sub(base.hi, above)));
    const vreal above_rest = v_add(v_add(base.lo, lost), v_fma(more, s.e.p, more));
    return v_mul(v_div_by_square((vpair){above, above_rest}, s.sum, s.reciprocal), s.one);
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
