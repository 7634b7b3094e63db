/*
 * What gelu.h needs in float64. Up to 6.05 from rows of rows_f64.h: the gap g(a) = a Q(a) below max(x, 0), and its
 * slope Q(a) - a exp(-a^2 / 2) / sqrt(2 pi). Both have the same intervals, the narrower the more steeply g falls,
 * with the root of the slope in the middle of one. Beyond, Q(a) = exp(-a^2 / 2) R(a) with R(a) = u N(u^2), u = 1 / a,
 * N of degree 14, relative error 2^-62 up to 40; coefficients from wide_coefficients.py.
 */
#ifndef ACT_SIMD_GELU_F64_H
#define ACT_SIMD_GELU_F64_H

#include "simd/gelu_rows.h"
#include "simd/wide_polynomial.h"

#define GELU_END      v_set(40) /* exp(-x^2 / 2) underflows beyond */
#define GELU_ROWS_END v_set(6.05)
#define GELU_LINE     v_set(9) /* from where x less the gap is x, and 1 less its slope 1 */

static const double gelu_tail_coefficients[15][2] = {
    {0x1.9884533d43600p-2, 0x1.41b50d705d346p-48},
    {-0x1.9884533d4348ep-2},
    {0x1.32633e6dcbea7p+0},
    {-0x1.7efc0ded8cc65p+2},
    {0x1.4f1c8636f65c4p+5},
    {-0x1.78ff40bcabb6ap+8},
    {0x1.032538a1b2946p+12},
    {-0x1.a46a8506bf318p+15},
    {0x1.85cb3c38f248bp+19},
    {-0x1.8a5d656a566dfp+23},
    {0x1.92acdf05dfd51p+27},
    {-0x1.73cddd1b3dac1p+31},
    {0x1.103f1fee7b5d6p+35},
    {-0x1.0b6a92decb880p+38},
    {0x1.00186261cffe6p+40},
};

/* g or its slope at |x|, held to the rows. */
ACT_ALWAYS_INLINE vpair gelu_from_rows(const double (*table)[16], vreal x) {
    const vreal a = v_at_most(v_abs(x), GELU_ROWS_END);
    const vreal place = v_fma(a, v_set(0x1.d99e8a5ba9b07p-3), v_set(0x1.280316794a0e4p+0));
    return v_from_rows(table, a, v_fma(a, place, v_set(0x1.8p52)));
}

/* R(a) and R(a) - a / sqrt(2 pi) for GELU_ROWS_END <= a <= GELU_END. */
ACT_ALWAYS_INLINE wide wide_tail(vreal a) {
    const wide u = wide_reciprocal_of(wide_of(a));
    return wide_mul(u, wide_polynomial(wide_mul(u, u), gelu_tail_coefficients, 15, 1));
}

ACT_ALWAYS_INLINE vpair tail_over_density(vreal a) {
    const wide r = wide_tail(a);
    return (vpair){r.hi, r.lo};
}

ACT_ALWAYS_INLINE vpair slope_over_density(vreal a) {
    const wide s = wide_sub(wide_tail(a), wide_mul_real(wide_set(0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56), a));
    return (vpair){s.hi, s.lo};
}

#endif
