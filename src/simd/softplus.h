/*
 * softplus(z) = max(z, 0) + log1p(exp(-|z|)), of an argument given as minus = -|z| and a real with the sign of z.
 * Below z = -40 it is exp(z) to every digit there is, kept with its power of two apart.
 *
 * Of x alone, where beta is 1, in the type's own arithmetic. float32: from a table (segments.h), softplus(a) = a +
 * softplus(-a) having the same terms but two; beyond it, with e = exp(-|x|), max(x, 0) + e (1 - e/2 + e^2/3).
 * float64: log(1 + e) by one division.
 */
#ifndef ACT_SIMD_SOFTPLUS_H
#define ACT_SIMD_SOFTPLUS_H

#include "simd/logistic.h"
#include "simd/sigmoid.h"
#include "simd/wide_log.h"
#if ACT_REAL == 32
#include "simd/segments.h"
#include "simd/softplus_table.h"
#else
#include "simd/ln.h"
#endif

ACT_ALWAYS_INLINE wscaled wide_softplus(wide minus, vreal sign) {
    const vreal head = wide_head(minus);
    const wscaled e = wide_exp(minus);
    const wide log = wide_log1p_unit(wide_joined(e), v_lt(v_set((real)-0.8814), head));
    const wide sum = wide_select(v_lt(v_set(0), sign), wide_sub(log, minus), log);
    const vmask far = v_lt(v_copysign(head, sign), v_set(-40));
    return (wscaled){wide_select(far, e.part, sum), v_keep(far, e.n)};
}

/* Where softplus(z) is z to every digit. */
ACT_ALWAYS_INLINE vmask softplus_passes(wide minus, vreal sign) {
    return v_lt(v_set(64), v_copysign(wide_head(minus), sign));
}

#if ACT_REAL == 32
ACT_ALWAYS_INLINE vreal v_softplus_far(vreal x) {
    const vexp e = v_exp(v_neg(v_abs(x)), V_EXP_FLOOR);
    const vpair s = v_exp_series(e, 0.5f, 1.0f / 3);
    const vreal log = v_scale(v_add(s.hi, s.lo), e.n);
    return v_select(v_lt(x, v_set(0)), log, v_add(x, log));
}

ACT_ALWAYS_INLINE vreal v_softplus(vreal x) {
    const vreal a = v_at_most(v_abs(x), SEGMENTS_END);
    const vreal magic = v_select(v_lt(v_set(0), x), v_set(SEGMENTS_MAGIC + 8), v_set(SEGMENTS_MAGIC));
    const vindex i = v_index(v_add(a, magic), 0);
    const vpair value = v_segment_at(v_lookup16, v_lookup8, softplus_table, 9, 0, a, i).value;
    const vreal near = v_add(value.hi, value.lo);
    const vmask far = beyond_segments(x);
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, v_softplus_far(x), near) : near;
}
#else
/*
 * log(1 + e) for 0 <= e <= 1, as ln.h has it: k ln 2 + log(1 + f) with f = e or, if e is above sqrt(2) - 1 and k 1,
 * (e - 1) / 2. The lower part of f weighs 1 / (1 + f) = 1 - 2 s / (1 + s).
 */
ACT_ALWAYS_INLINE vpair v_ln_one_plus(vpair e) {
    const vmask halved = v_lt(v_set(0.4142), e.hi);
    const vreal minus_k = v_keep(halved, v_set(-1)), scale = v_select(halved, v_set(0.5), v_set(1));
    const vreal less = v_add(e.hi, minus_k), less_rest = v_add(v_sub(e.hi, v_sub(less, minus_k)), e.lo);
    const vreal f = v_mul(less, scale), f_rest = v_mul(less_rest, scale);
    const vreal s = v_div(f, v_add(v_set(2), f)), square = v_mul(s, s), half = v_mul(v_set(0.5), f);
    const vreal share = v_mul(s, v_fma(square, v_ln_polynomial(square), v_mul(half, f)));
    const vreal lower = v_fnma(v_mul(v_set(2), f_rest), v_sub(s, square), f_rest);
    const vreal log2 = v_keep(halved, LN2_UPPER), log2_rest = v_keep(halved, LN2_LOWER);
    const vreal head = v_add(log2, f), lost = v_sub(f, v_sub(head, log2));
    return (vpair){head, v_add(v_add(v_fnma(half, f, share), lower), v_add(lost, log2_rest))};
}

ACT_ALWAYS_INLINE vreal v_softplus(vreal x) {
    const vexp e = v_exp(v_neg(v_abs(x)), V_EXP_FLOOR);
    const vreal exp = v_fma(e.power, e.p, e.power);
    const vreal exp_rest = v_fma(e.power, e.tail, v_fma(e.power, e.head, v_sub(e.power, exp)));
    const vpair log = v_ln_one_plus((vpair){exp, exp_rest});
    const vpair sum = v_exact_sum(v_at_most(v_at_least(x, v_set(0)), v_set(64)), log.hi);
    const vreal y = v_select(v_lt(v_set(64), x), x, v_add(sum.hi, v_add(sum.lo, log.lo)));
    return v_select(v_lt(x, v_set(-700)), exp, y); /* a subnormal exp has no rest */
}
#endif

/* Its derivative from y: 1 - exp(-|y|). */
ACT_ALWAYS_INLINE vreal v_softplus_slope_of(vreal y) {
    const vpair fall = v_one_minus(v_exp(v_neg(v_abs(y)), v_set(-40)));
    return v_add(fall.hi, fall.lo);
}

#endif
