/*
 * softplus(z) = max(z, 0) + log1p(exp(-|z|)), of an argument given as minus = -|z| and a real with the sign of z.
 * Below z = -40 it is exp(z) to every digit there is, kept with its power of two apart.
 *
 * Of x alone, where beta is 1, in the type's own arithmetic. float32: from a table (segments.h), softplus(a) = a +
 * softplus(-a) having the same terms but two; beyond it, with e = exp(-|x|), max(x, 0) + e (1 - e/2 + e^2/3).
 * float64: log(1 + e) = 2 atanh(t / 2) = t + t^3 Q(t^2) with t = e / (1 + e/2), Q of degree 9 from coefficients.py,
 * error 2^-59 of the logarithm. The larger of max(x, 0) and t comes last; what it is added to is at most 1/2, so that
 * its rounding is at most a quarter of a unit.
 */
#ifndef ACT_SIMD_SOFTPLUS_H
#define ACT_SIMD_SOFTPLUS_H

#include "simd/logistic.h"
#include "simd/sigmoid.h"
#include "simd/wide_log.h"
#if ACT_REAL == 32
#include "simd/segments.h"
#include "simd/softplus_table.h"
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
/* Q(v) */
ACT_ALWAYS_INLINE vreal v_softplus_polynomial(vreal v) {
    const vreal square = v_mul(v, v), fourth = v_mul(square, square);
    const vreal c0 = v_fma(v, v_set(0x1.99999999a06b1p-7), v_set(0x1.5555555555535p-4));
    const vreal c2 = v_fma(v, v_set(0x1.c71c7417e1c76p-12), v_set(0x1.2492492094032p-9));
    const vreal c4 = v_fma(v, v_set(0x1.3b1dcb27911ecp-16), v_set(0x1.745cb4b56201ep-14));
    const vreal c6 = v_fma(v, v_set(0x1.efc9d33ecf1b2p-21), v_set(0x1.1068a692f59dep-18));
    const vreal c8 = v_fma(v, v_set(0x1.5c3b65de6ee07p-24), v_set(0x1.55f20edc62bd0p-23));
    return v_fma(fourth, v_fma(fourth, c8, v_fma(square, c6, c4)), v_fma(square, c2, c0));
}

/*
 * log(1 + exp) for exp, which is e as one number, at most 1: t and what is left. The divisor is made of a rougher e,
 * which is there sooner; the remainder counts that in. 1 - t/2, by which exp's rest weighs, is the reciprocal.
 */
ACT_ALWAYS_INLINE vpair v_ln_one_plus(vexp e, vreal exp) {
    const vreal half = v_set(0.5), one = v_set(1), rough = v_fma(e.power, e.rough, e.power);
    const vreal exp_rest = v_fma(e.power, e.tail, v_fma(e.power, e.head, v_sub(e.power, exp)));
    const vreal sum = v_fma(half, rough, one), sum_rest = v_fma(half, exp, v_sub(one, sum));
    const vreal reciprocal = v_div(one, sum), t = v_mul(exp, reciprocal), square = v_mul(t, t);
    const vreal remainder = v_fma(exp_rest, reciprocal, v_fnma(t, sum_rest, v_fnma(t, sum, exp)));
    const vreal cubic = v_mul(v_mul(t, square), v_softplus_polynomial(square));
    return (vpair){t, v_fma(remainder, reciprocal, cubic)};
}

ACT_ALWAYS_INLINE vreal v_softplus(vreal x) {
    const vexp e = v_exp(v_neg(v_abs(x)), V_EXP_FLOOR);
    const vreal exp = v_fma(e.power, e.p, e.power), line = v_at_least(x, v_set(0));
    const vpair log = v_ln_one_plus(e, exp);
    const vreal y = v_add(v_at_least(line, log.hi), v_add(v_at_most(line, log.hi), log.lo));
    return v_select(v_lt(x, v_set(-700)), exp, y); /* a subnormal exp has no rest */
}
#endif

/* Its derivative from y: 1 - exp(-|y|). */
ACT_ALWAYS_INLINE vreal v_softplus_slope_of(vreal y) {
    const vpair fall = v_one_minus(v_exp(v_neg(v_abs(y)), v_set(-40)));
    return v_add(fall.hi, fall.lo);
}

#endif
