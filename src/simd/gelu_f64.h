/*
 * gelu in float64, in pairs. The tail is that of wide_erf.h; in its terms the slope is R(a) - a / sqrt(2 pi) =
 * (root - a) S(t) with S of degree 25, relative error 2^-66, which keeps its digits at the root. Coefficients from
 * wide_coefficients.py.
 */
#ifndef ACT_SIMD_GELU_F64_H
#define ACT_SIMD_GELU_F64_H

#include "simd/wide_erf.h"

#define GELU_END v_set(40) /* exp(-x^2 / 2) underflows beyond */

static const double slope_coefficients[26][2] = {{0x1.d94de78425463p-2, -0x1.a1efe131f44cdp-58},
                                                 {-0x1.a763001ac67dep-4, 0x1.ad7dc8a3a54ffp-60},
                                                 {0x1.ef4ff80137990p-5, 0x1.062f63fbbac28p-60},
                                                 {-0x1.cc1e2623d90d7p-6, -0x1.cc1253dddbbeap-60},
                                                 {0x1.37754d816c524p-7, -0x1.f797abebd8ff9p-65},
                                                 {-0x1.d4c8222acee98p-10, -0x1.8ab5cb94f0228p-66},
                                                 {-0x1.443f63e4e0160p-13},
                                                 {0x1.85999c4260416p-13},
                                                 {-0x1.25381114e0005p-16},
                                                 {-0x1.2e9385b5eb7b7p-16},
                                                 {0x1.dafbb1bc5b3fdp-19},
                                                 {0x1.29883fbbe5c3ap-19},
                                                 {-0x1.083893e34e8f9p-21},
                                                 {-0x1.77464c04bdfd1p-22},
                                                 {0x1.c147c5221febep-25},
                                                 {0x1.10abe1985faddp-24},
                                                 {-0x1.1abfab4c1fdf9p-31},
                                                 {-0x1.8dd329e51363ep-27},
                                                 {-0x1.1f7dc2564687ep-29},
                                                 {0x1.ef64a0c77a407p-30},
                                                 {0x1.c56876995efcbp-31},
                                                 {-0x1.609999c8753cap-33},
                                                 {-0x1.ac3a1c8f3cfeep-33},
                                                 {-0x1.2cf3f20224e52p-36},
                                                 {0x1.a7de13f1450a2p-36},
                                                 {0x1.d72b52febd3b1p-38}};

ACT_ALWAYS_INLINE vreal held(vreal x) { return v_at_most(v_at_least(x, v_neg(GELU_END)), GELU_END); }

ACT_ALWAYS_INLINE wscaled half_square_exp(vreal a) { return wide_exp_minus_product(a, v_mul(a, v_set(0.5))); }

/* u of wide_erf.h */
ACT_ALWAYS_INLINE wide normal_variable(vreal a) { return wide_div(wide_set(1, 0), wide_plus(wide_of(a), 4)); }

/* Q(a) for 0 <= a <= GELU_END. */
ACT_ALWAYS_INLINE wscaled tail(vreal a) {
    const wscaled e = half_square_exp(a);
    return (wscaled){wide_mul(e.part, wide_mills(normal_variable(a))), e.n};
}

/* exp(-a^2 / 2) (R(a) - a / sqrt(2 pi)) */
ACT_ALWAYS_INLINE wscaled tail_slope(vreal a) {
    const wscaled e = half_square_exp(a);
    const wide s = wide_polynomial(wide_mills_variable(normal_variable(a)), slope_coefficients, 26, 6);
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
