/*
 * x^e in float32 arithmetic, where x is a normal number and the result from 2^-124 to 2^124, or x is 0 or below. x =
 * 2^k m with m from 11/16 to 11/8 and log(x) = k ln 2 + log(c) + log(1 + r), r = m / c - 1, where c is one of 16
 * points, 1 beside 1, and all is carried in pairs: the upper parts of ln 2 and of log(c) are such that their sum is
 * exact, m / c is an exact product with a float32 1 / c, and log(1 + r) = r - r^2 / 2 + r^3 P(r), of which the first
 * two terms are exact; P minimax of degree 5, error 2^-38.7 of r. Relative error of the logarithm about 2^-34. Then
 * exp as in math.h. Tables and polynomial from coefficients.py.
 */
#ifndef ACT_SIMD_POWER_F32_H
#define ACT_SIMD_POWER_F32_H

#include "simd/lookup.h"
#include "simd/math.h"
#include "simd/vec_split.h"

#include <math.h>

/* 1 / c and the parts of log(c), in the order of m's bits. */
static const float power_inverse[16] = {1,
                                        0x1.d41d42p-1f,
                                        0x1.bacf92p-1f,
                                        0x1.a41a42p-1f,
                                        0x1.8f9c18p-1f,
                                        0x1.7d05f4p-1f,
                                        0x1.6c16c2p+0f,
                                        0x1.5c9882p+0f,
                                        0x1.4e5e0ap+0f,
                                        0x1.414142p+0f,
                                        0x1.3521dp+0f,
                                        0x1.29e412p+0f,
                                        0x1.1f7048p+0f,
                                        0x1.15b1e6p+0f,
                                        0x1.0c9714p+0f,
                                        1};
static const float power_upper[16] = {0,
                                      0x1.6f1p-4f,
                                      0x1.2958p-3f,
                                      0x1.9528p-3f,
                                      0x1.fb9p-3f,
                                      0x1.2e9p-2f,
                                      -0x1.68acp-2f,
                                      -0x1.3c24p-2f,
                                      -0x1.1178p-2f,
                                      -0x1.d1p-3f,
                                      -0x1.824p-3f,
                                      -0x1.366p-3f,
                                      -0x1.da7p-4f,
                                      -0x1.4d3p-4f,
                                      -0x1.894p-5f,
                                      0};
static const float power_lower[16] = {0,
                                      -0x1.6c68d4p-19f,
                                      -0x1.69dfp-18f,
                                      -0x1.2bf85ep-18f,
                                      0x1.8bd5e4p-19f,
                                      -0x1.d411eep-18f,
                                      -0x1.0b138ep-19f,
                                      -0x1.255334p-18f,
                                      -0x1.cd84fcp-19f,
                                      -0x1.c1f32ap-18f,
                                      0x1.f3d572p-18f,
                                      0x1.c9f538p-22f,
                                      -0x1.3c1c22p-19f,
                                      -0x1.165208p-20f,
                                      -0x1.506942p-18f,
                                      0};

#define POWER_LEAST 0x3f300000 /* the bits of 11/16 */
#define POWER_END   85.9f      /* exp of which is about 2^124 */

/* r - r^2 / 2 + r^3 P(r); head is a float32, or 0 where rest is all of r. */
static inline vpair power_log1p(vreal head, vreal rest) {
    const vpair square = v_exact_product(head, head);
    const vreal half = v_set(0.5f), sum = v_fnma(half, square.hi, head);
    const vreal lost = v_fnma(half, square.hi, v_sub(head, sum));
    const vreal p0 = v_fma(head, v_set(-0x1.fffff8p-3f), v_set(0x1.555556p-2f));
    const vreal p2 = v_fma(head, v_set(-0x1.553cfep-3f), v_set(0x1.99900cp-3f));
    const vreal p4 = v_fma(head, v_set(-0x1.b385b6p-3f), v_set(0x1.36cc2ep-3f));
    const vreal p = v_fma(square.hi, v_fma(square.hi, p4, p2), p0);
    const vreal linear = v_fnma(head, rest, rest), lower = v_fnma(half, square.lo, v_add(lost, linear));
    return (vpair){sum, v_fma(v_mul(square.hi, head), p, lower)};
}

/* log(x); for other x numbers that mean nothing, but no infinities. */
static inline vpair power_log(vreal x) {
    const vsplit parts = v_split_from(x, POWER_LEAST);
    const vindex i = v_index(parts.fraction, 19);
    const vpair quotient = v_exact_product(parts.fraction, v_lookup16(power_inverse, i));
    const vpair near = power_log1p(v_sub(quotient.hi, v_set(1)), quotient.lo);
    const vreal upper = v_fma(parts.exponent, LN2_UPPER, v_lookup16(power_upper, i));
    const vreal lower = v_fma(parts.exponent, LN2_LOWER, v_lookup16(power_lower, i));
    const vreal sum = v_add(upper, near.hi);
    return (vpair){sum, v_add(v_sub(near.hi, v_sub(sum, upper)), v_add(lower, near.lo))};
}

/* mantissa * scale; lanes that are not sure hold nonsense. */
typedef struct near_power {
    vreal mantissa, scale;
    vmask sure;
} near_power;

/* x^e of an x that is 0, NaN of one below. */
ACT_ALWAYS_INLINE vreal power_at_zero(vreal x, vreal e) {
    const vreal zero = v_set(0), rising = v_select(v_eq(e, zero), v_set(1), zero);
    const vreal power = v_select(v_lt(e, zero), v_set(INFINITY), rising);
    return v_select(v_eq(x, zero), power, v_set(NAN));
}

/* x^e for |e| <= 2^20; negative x have powers where e is whole, and they are negative where it is odd. */
ACT_ALWAYS_INLINE near_power power_near(vreal x, vpair e, vmask whole, vmask odd) {
    const vreal base = v_select(whole, v_abs(x), x);
    const vmask infinite = v_eq(v_abs(x), v_set(INFINITY)), end = v_andnot(v_le(base, v_set(0)), infinite);
    const vmask normal = v_andnot(v_le(v_set(0x1p-126f), base), infinite);
    const vpair ln = power_log(base);
    const vreal product = v_mul(ln.hi, e.hi), lost = v_fma(ln.hi, e.hi, v_neg(product));
    const vmask beyond = v_or(end, v_lt(v_set(POWER_END), v_abs(product)));
    const vreal z = v_drop(beyond, product), rest = v_fma(ln.lo, e.hi, v_fma(ln.hi, e.lo, lost));
    const vexp power = v_exp_near(z, rest, v_exp_multiple(z));
    const vpair sum = v_exp_mantissa(power);
    const vreal size = v_select(end, power_at_zero(base, e.hi), v_add(sum.hi, sum.lo));
    const vreal mantissa = v_select(odd, v_copysign(size, x), size);
    return (near_power){mantissa, power.power, v_or(end, v_andnot(normal, beyond))};
}

#endif
