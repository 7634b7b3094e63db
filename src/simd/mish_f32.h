/*
 * mish in float32: mish(x) / x and the derivative from tables (segments.h). Beyond those, with e = exp(-|x|) and
 * errors below 2^-30,
 *   x > 0: mish(x) = x (1 - 2 e^2 (1 - 2 e)), derivative 1 + e^2 (4 x - 2 - e (12 x - 4))
 *   x < 0: mish(x) = x e (1 - e / 2), derivative e (1 + x - e (1/2 + x))
 */
#ifndef ACT_SIMD_MISH_F32_H
#define ACT_SIMD_MISH_F32_H

#include "simd/mish_table.h"
#include "simd/segments.h"

/* Where exp(x) times x is 0, or exp(-x) times x beyond the digits of 1. */
static inline vreal mish_held(vreal x) { return v_at_most(v_at_least(x, v_set(-120)), v_set(120)); }

ACT_ALWAYS_INLINE vreal mish_far(vreal x) {
    const vreal held = mish_held(x);
    const vexp e = v_exp(v_neg(v_abs(held)), v_set(-120));
    const vpair s = v_exp_series(e, 0.5f, 0);
    const vreal below = v_scale(v_fma(held, s.hi, v_mul(held, s.lo)), e.n);
    const vreal exp = v_fma(e.power, e.p, e.power), square = v_mul(v_mul(v_set(2), exp), exp);
    const vreal above = v_fnma(held, v_fma(square, v_mul(v_set(-2), exp), square), x);
    return v_select(v_lt(x, v_set(0)), below, above);
}

ACT_ALWAYS_INLINE vreal mish_value(vreal x) {
    const vreal held = held_to_segments(x);
    const vpair share = v_segment(v_lookup16, mish_share_table, 11, 0, held).value;
    const vreal near = v_copysign(v_fma(held, share.hi, v_mul(held, share.lo)), x);
    const vmask far = beyond_segments(x);
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, mish_far(x), near) : near;
}

ACT_ALWAYS_INLINE vreal mish_derivative_far(vreal x) {
    const vreal held = mish_held(x), size = v_abs(held);
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
