/*
 * gelu in float64, in pairs. The tail is that of erf_f64.h; in its terms the slope is R(a) - a / sqrt(2 pi) =
 * (root - a) S(t) with S of degree 23, relative error 2^-61, which keeps its digits at the root. Coefficients from
 * wide_coefficients.py.
 */
#ifndef ACT_SIMD_GELU_F64_H
#define ACT_SIMD_GELU_F64_H

#include "simd/erf_f64.h"

#define GELU_END v_set(40) /* exp(-x^2 / 2) underflows beyond */

static const double slope_coefficients[24][2] = {{0x1.d94de78425400p-2, 0x1.8b99141dc35efp-48},
                                                 {-0x1.a763001ac6800p-4, 0x1.120cbc699a755p-51},
                                                 {0x1.ef4ff80137a00p-5, -0x1.cfc0f8d8242c4p-51},
                                                 {-0x1.cc1e2623d9100p-6, -0x1.1c472bf06987ep-53},
                                                 {0x1.37754d816c900p-7, -0x1.bd16094423c61p-53},
                                                 {-0x1.d4c8222ac3c49p-10},
                                                 {-0x1.443f63e5f75cbp-13},
                                                 {0x1.85999c3c4e965p-13},
                                                 {-0x1.253810be206dbp-16},
                                                 {-0x1.2e9383ddfd982p-16},
                                                 {0x1.dafba3791cb53p-19},
                                                 {0x1.2987e81693fdcp-19},
                                                 {-0x1.083801f020290p-21},
                                                 {-0x1.773be0108b27dp-22},
                                                 {0x1.c14626c8195ebp-25},
                                                 {0x1.1044cdc1254e1p-24},
                                                 {-0x1.2981b0a2134e1p-31},
                                                 {-0x1.88bb085ab72e3p-27},
                                                 {-0x1.146223193edc8p-29},
                                                 {0x1.c8b73651d8bfdp-30},
                                                 {0x1.86d46025dd407p-31},
                                                 {-0x1.9efd5f97e16cep-34},
                                                 {-0x1.f101f207d2a70p-34},
                                                 {-0x1.5ca0c1ee4642fp-36}};

ACT_ALWAYS_INLINE vreal held(vreal x) { return v_at_most(v_at_least(x, v_neg(GELU_END)), GELU_END); }

ACT_ALWAYS_INLINE wscaled half_square_exp(vreal a) { return exp_minus_product(a, v_mul(a, v_set(0.5))); }

/* u of erf_f64.h */
ACT_ALWAYS_INLINE wide normal_variable(vreal a) { return wide_div(wide_set(1, 0), wide_plus(wide_of(a), 4)); }

/* Q(a) for 0 <= a <= GELU_END. */
ACT_ALWAYS_INLINE wscaled tail(vreal a) {
    const wscaled e = half_square_exp(a);
    return (wscaled){wide_mul(e.part, mills(normal_variable(a))), e.n};
}

/* exp(-a^2 / 2) (R(a) - a / sqrt(2 pi)) */
ACT_ALWAYS_INLINE wscaled tail_slope(vreal a) {
    const wscaled e = half_square_exp(a);
    const wide s = wide_polynomial(mills_variable(normal_variable(a)), slope_coefficients, 24, 5);
    const wide to_root = wide_sub(wide_set(0x1.80ead197f00b4p-1, -0x1.13e74c58cada8p-56), wide_of(a));
    return (wscaled){wide_mul(e.part, wide_mul(to_root, s)), e.n};
}

/* part for x < 0, else 1 - part. */
ACT_ALWAYS_INLINE wscaled lower_share(vreal x, wscaled part) {
    const vmask negative = v_lt(x, v_set(0));
    const wide rest = wide_sub(wide_set(1, 0), wide_joined(part));
    return (wscaled){wide_select(negative, part.part, rest), v_keep(negative, part.n)};
}

ACT_ALWAYS_INLINE vreal gelu_value(vreal x) {
    const vreal near = held(x);
    const wscaled share = lower_share(near, tail(v_abs(near)));
    const vreal product = v_copysign(wide_round_product(near, share.part, share.n), x);
    return v_select(v_lt(GELU_END, x), x, product);
}

ACT_ALWAYS_INLINE vreal gelu_derivative(vreal x) {
    const vreal near = held(x);
    const wscaled slope = lower_share(near, tail_slope(v_abs(near)));
    return wide_round_scaled(slope.part, slope.n);
}

#endif
