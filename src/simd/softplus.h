/*
 * softplus(z) = max(z, 0) + log1p(exp(-|z|)), of an argument given as minus = -|z| and a real with the sign of z.
 * Below z = -40 it is exp(z) to every digit there is, kept with its power of two apart.
 */
#ifndef ACT_SIMD_SOFTPLUS_H
#define ACT_SIMD_SOFTPLUS_H

#include "simd/logistic.h"
#include "simd/wide_log.h"

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

#endif
