/*
 * mish in float32.
 *
 * With E = exp(x) and v = E + E^2 / 2, tanh(softplus(x)) = v / (1 + v). E, v and 1 + v are a real and a small rest, E
 * and v larger by 2^64, so that what is subnormal is rounded once; the quotient is corrected by its remainder.
 *
 * The derivative is looked up in a table (segments.h). Beyond it, with e = exp(-|x|) and an error below 2^-30, it is
 *   x > 0: 1 + e^2 (4 x - 2 - e (12 x - 4))
 *   x < 0: e (1 + x - e (1/2 + x))
 */
#ifndef ACT_SIMD_MISH_F32_H
#define ACT_SIMD_MISH_F32_H

#include "simd/mish_table.h"
#include "simd/segments.h"

/* x itself from here on; and far enough down for it to be 0. */
#define MISH_PASSES v_set(20)
#define MISH_ENDS   v_set(-120)

#define MISH_LOWER v_set(0x1p-64f)
#define MISH_MAGIC v_set(0x1.8p23f + (real)(V_BIAS + 64))

ACT_ALWAYS_INLINE vreal mish_value(vreal x) {
    const vreal held = v_at_most(v_at_least(x, MISH_ENDS), MISH_PASSES), one = v_set(1);
    const vreal shifted = v_fma(held, V_LOG2_E, MISH_MAGIC), power = v_exponent(shifted);
    const vexp e = v_exp_reduced(held, v_set(0), v_sub(shifted, MISH_MAGIC), power);
    const vreal exp = v_fma(power, e.p, power), half = v_mul(exp, v_set(0x1p-65f)), v = v_fma(exp, half, exp);
    const vreal exp_rest = v_fma(power, e.tail, v_fma(power, e.head, v_sub(power, exp)));
    const vreal v_rest = v_fma(exp_rest, v_fma(exp, MISH_LOWER, one), v_fma(exp, half, v_sub(exp, v)));
    const vreal sum = v_fma(v, MISH_LOWER, one), sum_rest = v_fma(v, MISH_LOWER, v_sub(one, sum));
    const vreal reciprocal = v_div(one, sum), share = v_mul(v, reciprocal);
    const vreal remainder = v_fma(reciprocal, v_rest, v_fnma(share, sum_rest, v_fnma(share, sum, v)));
    const vreal y = v_mul(v_fma(held, share, v_mul(v_mul(held, reciprocal), remainder)), MISH_LOWER);
    return v_select(v_lt(MISH_PASSES, x), x, v_copysign(y, x));
}

ACT_ALWAYS_INLINE vreal mish_derivative_far(vreal x) {
    const vreal size = v_abs(v_at_most(v_at_least(x, v_set(-120)), v_set(120)));
    const vexp e = v_exp(v_neg(size), v_set(-120));
    const vreal exp = v_fma(e.power, e.p, e.power);
    const vreal base = v_sub(v_set(1), size), rest = v_mul(exp, v_sub(size, v_set(0.5f))); /* 1 - size is exact */
    const vreal below = v_scale(v_add(base, v_fma(base, e.p, v_fma(rest, e.p, rest))), e.n);
    const vreal first = v_fma(v_set(4), size, v_set(-2)), second = v_fma(v_set(12), size, v_set(-4));
    const vreal above = v_fma(v_mul(exp, exp), v_fnma(exp, second, first), v_set(1));
    return v_select(v_lt(x, v_set(0)), below, above);
}

ACT_ALWAYS_INLINE vreal mish_derivative(vreal x) {
    const vreal near = v_segment_value(mish_slope_table, 11, mish_slope_rest, x);
    const vmask far = beyond_segments(x);
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, mish_derivative_far(x), near) : near;
}

#endif
