/*
 * The derivative of softplus, 1 / (1 + E) with E = exp(z) and z = -x, and of log_sigmoid, where z is x.
 *
 * E is 2^n c / d as in sigmoid.h, with exp(r) = c / d, c = k (R + r/2), d = k (R - r/2) and R = (r/2) coth(r/2), an
 * even function of r; so the derivative is d / (d + 2^n c). R is a polynomial in r^2, from coefficients.py: the error
 * of E is below 2^-30, in float64 2^-62. c is made of d, whose own error then counts little, and k = 13/8 keeps both
 * where a unit is small beside them, far from powers of two.
 */
#ifndef ACT_SIMD_SOFTPLUS_SLOPE_H
#define ACT_SIMD_SOFTPLUS_SLOPE_H

#include "simd/sigmoid.h"

#define SOFTPLUS_SLOPE_K v_set(REAL(1.625f, 1.625))

/* k R */
ACT_ALWAYS_INLINE vreal softplus_slope_polynomial(vreal square) {
#if ACT_REAL == 32
    const vreal c0 = v_fma(square, v_set(-0x1.268c68p-9f), v_set(0x1.15551ep-3f));
    return v_fma(square, c0, SOFTPLUS_SLOPE_K);
#else
    const vreal fourth = v_mul(square, square);
    const vreal c0 = v_fma(square, v_set(-0x1.27d27d279f827p-9), v_set(0x1.1555555555533p-3));
    const vreal c2 = v_fma(square, v_set(-0x1.689bf0fc2db18p-20), v_set(0x1.c2c6d5702cda5p-15));
    const vreal c = v_fma(fourth, v_fma(fourth, v_set(0x1.20a765c95a1dbp-25), c2), c0);
    return v_fma(square, c, SOFTPLUS_SLOPE_K);
#endif
}

/* 1 / (1 + exp(z)) within 2 units. */
ACT_ALWAYS_INLINE vreal v_softplus_slope(vreal z) {
    const logistic_argument a = logistic_argument_of(logistic_held(z));
    const vreal even = softplus_slope_polynomial(v_mul(a.r, a.r));
    const vreal d = v_fnma(a.r, v_mul(v_set((real)0.5), SOFTPLUS_SLOPE_K), even), c = v_fma(a.r, SOFTPLUS_SLOPE_K, d);
    const vreal numerator = v_mul(d, EXP_SUM_ONE);
    return v_div(numerator, v_fma(a.power, c, numerator));
}

#endif
