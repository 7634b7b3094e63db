/*
 * The mathematics that activations share, once for every instruction set and compute type. A pair is an unevaluated
 * sum hi + lo that carries more digits than one real.
 *
 * exp: x = n ln 2 + r with whole n and r from ln(3/4) to ln(3/2), where the rounding errors of exp(r) weigh least
 * against it; exp(r) - 1 = r + r^2 Q(r), Q minimax of degree 5 (float32, relative error 2^-31) or 10 (float64,
 * 2^-57); coefficients from coefficients.py. n times the upper part of ln 2 is exact, and so is the head of r; n
 * times the rest of ln 2 goes into the tail. 1 + p is off by less than 0.3 units in its last place.
 */
#ifndef ACT_SIMD_MATH_H
#define ACT_SIMD_MATH_H

#include "simd/vec.h"

typedef struct vpair {
    vreal hi, lo;
} vpair;

/* a + b and a * b without error where nothing overflows, nor lo underflows in a product. */
static inline vpair v_exact_sum(vreal a, vreal b) {
    const vreal sum = v_add(a, b), carried = v_sub(sum, a);
    return (vpair){sum, v_add(v_sub(a, v_sub(sum, carried)), v_sub(b, carried))};
}

static inline vpair v_exact_product(vreal a, vreal b) {
    const vreal product = v_mul(a, b);
    return (vpair){product, v_fma(a, b, v_neg(product))};
}

/* hi + lo = a.hi + a.lo, where |a.hi| >= |a.lo|, with lo beyond the digits of hi. */
static inline vpair v_normal_pair(vpair a) {
    const vreal sum = v_add(a.hi, a.lo);
    return (vpair){sum, v_sub(a.lo, v_sub(sum, a.hi))};
}

/* exp(x) = 2^n (1 + head + tail); p is head + tail rounded; power is 2^n or, far down, nearly 0. */
typedef struct vexp {
    vreal n, head, tail, p, power;
} vexp;

static inline vreal v_exp_polynomial(vreal r) {
    vreal q;
#if ACT_REAL == 32
    q = v_set(0x1.b7cd04p-13f);
    q = v_fma(q, r, v_set(0x1.6ceaa2p-10f));
    q = v_fma(q, r, v_set(0x1.1105b0p-7f));
    q = v_fma(q, r, v_set(0x1.55551ep-5f));
    q = v_fma(q, r, v_set(0x1.55555ap-3f));
#else
    q = v_set(0x1.2d284ab5b2215p-29);
    q = v_fma(q, r, v_set(0x1.aee72b1bb84ccp-26));
    q = v_fma(q, r, v_set(0x1.27de148a8dc8ep-22));
    q = v_fma(q, r, v_set(0x1.71de2da05e853p-19));
    q = v_fma(q, r, v_set(0x1.a01a04041220fp-16));
    q = v_fma(q, r, v_set(0x1.a01a01a019769p-13));
    q = v_fma(q, r, v_set(0x1.6c16c16bbde93p-10));
    q = v_fma(q, r, v_set(0x1.111111111137fp-7));
    q = v_fma(q, r, v_set(0x1.55555555555e1p-5));
    q = v_fma(q, r, v_set(0x1.5555555555555p-3));
#endif
    return v_fma(q, r, v_set((real)0.5));
}

/* exp(x + rest), where n is a whole number near x / ln 2, and |rest| small beside 1. */
static inline vexp v_exp_near(vreal x, vreal rest, vreal n) {
    const vreal head = v_fnma(n, v_set(REAL(0x1.62e4p-1f, 0x1.62e42fefa4p-1)), x);
    rest = v_fma(n, v_set(REAL(-0x1.7f7d1cp-20f, 0x1.8432a1b0e2634p-43)), rest);
    const vreal r = v_add(head, rest);
    const vreal tail = v_fma(v_mul(r, r), v_exp_polynomial(r), rest);
    return (vexp){n, head, tail, v_add(head, tail), v_power(n)};
}

/* The n that moves x to where errors of exp weigh least. */
static inline vreal v_exp_multiple(vreal x) {
    return v_round(v_fma(x, v_set(REAL(0x1.715476p+0f, 0x1.71547652b82fep+0)), v_set((real)-0.08496)));
}

/* x <= 0 or NaN, held to floor, which is no less than -220 in float32, -1500 in float64. Other x give nonsense. */
static inline vexp v_exp(vreal x, vreal floor) {
    x = v_at_least(x, floor);
    return v_exp_near(x, v_set(0), v_exp_multiple(x));
}

/* Below this 4 exp(x) is under half the least subnormal number. */
#define V_EXP_FLOOR v_set(REAL(-110.0f, -750.0))

/* 1 + exp, where that is at most 2. */
static inline vpair v_one_plus(vexp e) {
    const vreal one = v_set(1);
    const vreal hi = v_fma(e.power, e.p, v_add(one, e.power));
    return (vpair){hi, v_fma(e.power, e.p, v_add(v_sub(one, hi), e.power))};
}

/* 1 - exp, where exp is at most 1; lo is up to a quarter of hi. */
static inline vpair v_one_minus(vexp e) {
    const vreal base = v_sub(v_set(1), e.power);
    const vreal hi = v_fnma(e.power, e.head, base);
    return (vpair){hi, v_fnma(e.power, e.tail, v_fnma(e.power, e.head, v_sub(base, hi)))};
}

/* a / b, rounded once but for 2^-30 or so: one correction of the plain quotient. */
static inline vreal v_div_pair(vpair a, vpair b) {
    const vreal reciprocal = v_div(v_set(1), b.hi);
    const vreal quotient = v_mul(a.hi, reciprocal);
    const vreal remainder = v_add(v_fnma(quotient, b.hi, a.hi), v_fnma(quotient, b.lo, a.lo));
    return v_fma(remainder, reciprocal, quotient);
}

/* (1 + p) / b in the same manner. */
static inline vreal v_div_one_plus(vreal p, vpair b) {
    const vreal one = v_set(1);
    const vreal reciprocal = v_div(one, b.hi);
    const vreal quotient = v_fma(reciprocal, p, reciprocal);
    const vreal remainder = v_fnma(quotient, b.lo, v_add(v_fnma(quotient, b.hi, one), p));
    return v_fma(remainder, reciprocal, quotient);
}

/* exp(x) / (1 + exp(x))^2 * 2^shift for x <= 0: the derivative of the logistic function, which is even in x. */
static inline vreal v_logistic_derivative(vreal x, real shift) {
    const vexp e = v_exp(x, V_EXP_FLOOR);
    const vpair b = v_one_plus(e);
    const vreal reciprocal = v_div(v_set(1), b.hi);
    const vreal remainder = v_fnma(reciprocal, b.lo, v_fnma(reciprocal, b.hi, v_set(1)));
    const vreal twice = v_add(remainder, remainder);
    const vreal corrected_p = v_fma(twice, e.p, v_add(twice, e.p)); /* (1 + p) (1 + remainder)^2 - 1 */
    const vreal square = v_mul(reciprocal, reciprocal);
    const vreal quotient = v_fma(square, corrected_p, square);
    return v_scale(quotient, shift != 0 ? v_add(e.n, v_set(shift)) : e.n);
}

#endif
