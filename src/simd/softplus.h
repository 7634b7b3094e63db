/*
 * softplus(z) = max(z, 0) + log1p(exp(-|z|)), of an argument given as minus = -|z| and a real with the sign of z.
 * Below z = -40 it is exp(z) to every digit there is, kept with its power of two apart.
 *
 * Of an x in float32: from a table (segments.h); beyond it, with e = exp(-|x|), max(x, 0) + e (1 - e/2 + e^2/3).
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
    const vreal near = v_segment_value(softplus_table, 9, 0, x);
    const vmask far = beyond_segments(x);
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, v_softplus_far(x), near) : near;
}
#else
ACT_ALWAYS_INLINE vreal v_softplus(vreal x) {
    const wide minus = minus_magnitude(x);
    const wscaled s = wide_softplus(minus, x);
    return v_select(softplus_passes(minus, x), x, wide_round_scaled(s.part, s.n));
}
#endif

/* Its derivative from y: 1 - exp(-|y|). */
ACT_ALWAYS_INLINE vreal v_softplus_slope_of(vreal y) {
    const vpair fall = v_one_minus(v_exp(v_neg(v_abs(y)), v_set(-40)));
    return v_add(fall.hi, fall.lo);
}

#endif
