/*
 * Logarithms in wide. log1p(e) for 0 <= e <= 1: with k = 0 or, where e > sqrt(2) - 1, 1 and u = (e - k) / (e + k +
 * 2), log(1 + e) = k ln 2 + 2 atanh(u) and |u| < 0.172; 2 atanh(u) = 2u + u^3 P(u^2), P minimax of degree 4 (float32,
 * relative error 2^-44.8) or 7 (float64, 2^-57.5, where 2u is a pair), from wide_exp_coefficients.py.
 */
#ifndef ACT_SIMD_WIDE_LOG_H
#define ACT_SIMD_WIDE_LOG_H

#include "simd/wide.h"

#define WIDE_LN2 wide_set(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56)

#if ACT_REAL == 32

static const double wide_atanh_coefficients[5] = {
    0x1.555555562a1dap-1, 0x1.99999685e33e5p-2, 0x1.24942208a1e47p-2, 0x1.c6256563d6317p-3, 0x1.916d06681b921p-3,
};

ACT_ALWAYS_INLINE vdouble d_twice_atanh(vdouble u) {
    const vdouble v = d_mul(u, u);
    const vdouble p = d_polynomial(wide_atanh_coefficients, 5, v, d_mul(v, v));
    return d_fma(d_mul(u, v), p, d_add(u, u));
}

/* 2 atanh(u) for |u| < 0.172 */
ACT_ALWAYS_INLINE wide wide_twice_atanh(wide u) { return (wide){d_twice_atanh(u.low), d_twice_atanh(u.high)}; }

#else

static const double wide_atanh_coefficients[8] = {
    0x1.5555555555555p-1, 0x1.9999999999d30p-2, 0x1.2492492435c26p-2, 0x1.c71c7250c5858p-3,
    0x1.745cdfe61a8d7p-3, 0x1.3b207d7f4e30bp-3, 0x1.0f5efde2be4bbp-3, 0x1.0f5c29140c16ap-3,
};

/* 2 atanh(u) for |u| < 0.172 */
ACT_ALWAYS_INLINE wide wide_twice_atanh(wide u) {
    const vreal v = v_mul(u.hi, u.hi);
    const vreal p = d_polynomial(wide_atanh_coefficients, 8, v, v_mul(v, v));
    const vreal lower = v_add(u.lo, u.lo);
    return wide_exact_ordered_sum(v_add(u.hi, u.hi), v_fma(v_mul(u.hi, v), p, lower));
}

#endif

/* log(1 + e) for 0 <= e <= 1; halved where e is above sqrt(2) - 1, or about there. */
ACT_ALWAYS_INLINE wide wide_log1p_unit(wide e, vmask halved) {
    const wide numerator = wide_add_small(wide_select(halved, wide_set(-1, 0), wide_set(0, 0)), e);
    const wide denominator = wide_add_small(wide_select(halved, wide_set(3, 0), wide_set(2, 0)), e);
    const wide offset = wide_select(halved, WIDE_LN2, wide_set(0, 0));
    return wide_add_small(offset, wide_twice_atanh(wide_div(numerator, denominator)));
}

#endif
