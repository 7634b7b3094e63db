/*
 * erf in float64, in pairs, and what it shares with gelu. The upper tail of the normal distribution is
 * Q(a) = erfc(a / sqrt 2) / 2 = exp(-a^2 / 2) R(a) with a smooth R, so that the far tail keeps its digits. With
 * u = 1 / (a + 4) and t = 1 - 8 u, which runs from -1 to nearly 1,
 *   R(a) = u M(t)                      M of degree 25, relative error 2^-61, for 0 <= a <= 40
 *   erf(x) = x E(x^2) for |x| <= 1/2   E of degree 10, 2^-72
 * Coefficients from wide_coefficients.py.
 */
#ifndef ACT_SIMD_ERF_F64_H
#define ACT_SIMD_ERF_F64_H

#include "simd/math.h"
#include "simd/wide_polynomial.h"

static const double mills_coefficients[26][2] = {{0x1.82b4bb8c94e00p-1, -0x1.919b38ea27cbap-48},
                                                 {-0x1.373e3a893c300p-1, 0x1.d7087edcd9ff4p-47},
                                                 {0x1.8c6dbf2cfc300p-2, -0x1.44ae240394d11p-48},
                                                 {-0x1.7dff2bff68354p-3},
                                                 {0x1.eec4cc3e4dd02p-5},
                                                 {-0x1.ee27610494395p-8},
                                                 {-0x1.c81719d64af2fp-9},
                                                 {0x1.ab825fc6b82bdp-10},
                                                 {0x1.17a4af00f4920p-13},
                                                 {-0x1.e4a4271fd6c4cp-13},
                                                 {-0x1.001fe63a4a054p-19},
                                                 {0x1.26d0bf6dac563p-15},
                                                 {0x1.80d18f17556f3p-21},
                                                 {-0x1.8d4f3b071fe71p-18},
                                                 {-0x1.524f33ff8a15bp-21},
                                                 {0x1.1259a847d5032p-20},
                                                 {0x1.251f5a8814909p-22},
                                                 {-0x1.4e38e1f9e32aap-23},
                                                 {-0x1.778b0ca3f6613p-24},
                                                 {0x1.d65e53c89bb0cp-27},
                                                 {0x1.768afd82aa1cfp-26},
                                                 {0x1.1c75648cd5819p-29},
                                                 {-0x1.09396cb4006f8p-28},
                                                 {-0x1.2caed4bfdbd07p-30},
                                                 {0x1.87eaa21c34d9cp-32},
                                                 {0x1.536ef1749a28fp-33}};
static const double erf_coefficients[11][2] = {{0x1.20dd750429b00p+0, 0x1.b446b8c440fd0p-46},
                                               {-0x1.812746b0379e7p-2},
                                               {0x1.ce2f21a042be0p-4},
                                               {-0x1.b82ce312889f2p-6},
                                               {0x1.565bcd0e5f5a0p-8},
                                               {-0x1.c02db3f9d6c71p-11},
                                               {0x1.f9a324a327ab3p-14},
                                               {-0x1.f4d1cff2cac2fp-17},
                                               {0x1.b9d19f664b4c1p-20},
                                               {-0x1.5d7686c510032p-23},
                                               {0x1.c60ae6747e9bcp-27}};

/* 1 - 8 u. */
ACT_ALWAYS_INLINE wide mills_variable(wide u) {
    const wide sum = wide_exact_ordered_sum(v_set(1), v_mul(v_set(-8), u.hi));
    return (wide){sum.hi, v_fma(v_set(-8), u.lo, sum.lo)};
}

/* R(a) from u. */
ACT_ALWAYS_INLINE wide mills(wide u) {
    return wide_mul(u, wide_polynomial(mills_variable(u), mills_coefficients, 26, 3));
}

/* erf(x) for |x| <= 1/2. */
ACT_ALWAYS_INLINE vreal erf_near(vreal x) {
    const wide over_x = wide_polynomial(wide_exact_product(x, x), erf_coefficients, 11, 1);
    return v_fma(x, over_x.hi, v_mul(x, over_x.lo));
}

/* 1 - erfc(a) for 1/2 <= a <= 7 */
ACT_ALWAYS_INLINE vreal erf_far(vreal a) {
    const wide u = wide_div(wide_set(0x1.6a09e667f3bcdp-1, -0x1.bdd3413b26456p-55),
                            wide_add(wide_of(a), wide_set(0x1.6a09e667f3bcdp+1, -0x1.bdd3413b26456p-53)));
    const wide r = mills(u);
    const vpair square = v_exact_product(v_neg(a), a);
    const vexp e = v_exp_pair(square.hi, square.lo);
    const vpair half = v_times_one_plus((vpair){r.hi, r.lo}, e);
    const vreal one = v_set(1), twice = v_mul(v_set(2), e.power), y = v_fnma(twice, half.hi, one);
    return v_add(y, v_fnma(twice, half.lo, v_fnma(twice, half.hi, v_sub(one, y))));
}

ACT_ALWAYS_INLINE vreal erf_value(vreal x) {
    const vreal half = v_set(0.5), a = v_abs(x);
    const vreal lower = erf_near(v_at_least(v_at_most(x, half), v_neg(half)));
    const vreal upper = erf_far(v_at_least(v_at_most(a, v_set(7)), half)); /* erf is 1 beyond */
    return v_copysign(v_select(v_le(a, half), lower, upper), x);
}

#endif
