/*
 * The mathematics that activations share, once for every instruction set and compute type. A pair is an unevaluated
 * sum hi + lo that carries more digits than one real.
 *
 * exp: x = n ln 2 + r with whole n and |r| <= ln(2) / 2; exp(r) - 1 = r + r^2 Q(r), Q minimax of degree 5 (float32,
 * relative error 2^-31) or 9 (float64, 2^-55); coefficients from coefficients.py. The sum that rounds to n has it in
 * its low bits, from where it moves into the exponent of 2^n. n times the upper part of ln 2 is exact, and so is the
 * head of r; n times the rest of ln 2 goes into the tail.
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

/* 2^n is made as 2^(n + V_ROOM), which is a normal number, and then made smaller. */
enum { V_ROOM = REAL(64, 512) };

/* exp(x) = 2^n (1 + head + tail); p is head + tail rounded, rough less exactly so but sooner; power is 2^n or, far
 * down, nearly 0. What r's rounding lost, about times head, would belong to the tail too. */
typedef struct vexp {
    vreal n, head, tail, p, rough, power, lost;
} vexp;

/* exp(r) - 1 for |r| <= ln(2) / 2, less r, over r^2. */
static inline vreal v_exp_polynomial(vreal r, vreal square) {
#if ACT_REAL == 32
    const vreal c0 = v_fma(r, v_set(0x1.555554p-3f), v_set(0.5f));
    const vreal c2 = v_fma(r, v_set(0x1.111308p-7f), v_set(0x1.5554f0p-5f));
    const vreal c4 = v_fma(r, v_set(0x1.9e0814p-13f), v_set(0x1.6d4388p-10f));
    return v_fma(square, v_fma(square, c4, c2), c0);
#else
    const vreal fourth = v_mul(square, square);
    const vreal c0 = v_fma(r, v_set(0x1.555555555553dp-3), v_set(0x1.0000000000005p-1));
    const vreal c2 = v_fma(r, v_set(0x1.1111111118213p-7), v_set(0x1.55555555520f5p-5));
    const vreal c4 = v_fma(r, v_set(0x1.a01a01798a643p-13), v_set(0x1.6c16c17f3933cp-10));
    const vreal c6 = v_fma(r, v_set(0x1.71de7e40f9e31p-19), v_set(0x1.a019a679338dcp-16));
    const vreal c8 = v_fma(r, v_set(0x1.ae7afdcc71c98p-26), v_set(0x1.28a2bf425138cp-22));
    return v_fma(fourth, v_fma(fourth, c8, v_fma(square, c6, c4)), v_fma(square, c2, c0));
#endif
}

/* ln 2, of which upper times any n is exact. */
#define LN2_UPPER v_set(REAL(0x1.62e4p-1f, 0x1.62e42fefa4p-1))
#define LN2_LOWER v_set(REAL(0x1.7f7d1cp-20f, -0x1.8432a1b0e2634p-43))

/* exp(x + rest), where n is the whole number nearest to x / ln 2, power 2^n, and |rest| small beside 1. */
static inline vexp v_exp_reduced(vreal x, vreal rest, vreal n, vreal power) {
    const vreal head = v_fnma(n, LN2_UPPER, x);
    rest = v_fnma(n, LN2_LOWER, rest);
    const vreal r = v_add(head, rest), square = v_mul(r, r);
    const vreal q = v_exp_polynomial(r, square), tail = v_fma(square, q, rest);
    const vreal lost = v_sub(rest, v_sub(r, head));
    return (vexp){n, head, tail, v_add(head, tail), v_fma(square, q, r), power, lost};
}

#define V_LOG2_E v_set(REAL(0x1.715476p+0f, 0x1.71547652b82fep+0))

static inline vreal v_exp_multiple(vreal x) { return v_round(v_mul(x, V_LOG2_E)); }

static inline vexp v_exp_near(vreal x, vreal rest, vreal n) { return v_exp_reduced(x, rest, n, v_power(n)); }

/* exp(x + rest) for |x| at most V_EXP_NORMAL, where power is a normal number. */
#define V_EXP_NORMAL v_set(REAL(87.0f, 708.0))

static inline vexp v_exp_normal(vreal x, vreal rest) {
    const vreal magic = v_set(REAL(0x1.8p23f, 0x1.8p52) + (real)V_BIAS);
    const vreal sum = v_fma(x, V_LOG2_E, magic);
    return v_exp_reduced(x, rest, v_sub(sum, magic), v_exponent(sum));
}

/* exp(x + rest) likewise, x <= 0 or NaN, but no less than -220 in float32, -1500 in float64. Other x give nonsense.
 */
static inline vexp v_exp_pair(vreal x, vreal rest) {
    const vreal magic = v_set(REAL(0x1.8p23f, 0x1.8p52) + (real)(V_BIAS + V_ROOM));
    const vreal sum = v_fma(x, V_LOG2_E, magic);
    const vreal power = v_mul(v_exponent(sum), v_set(REAL(0x1p-64f, 0x1p-512)));
    return v_exp_reduced(x, rest, v_sub(sum, magic), power);
}

/* Of an x that is held to floor. */
static inline vexp v_exp(vreal x, vreal floor) { return v_exp_pair(v_at_least(x, floor), v_set(0)); }

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

/* exp / 2^n */
static inline vpair v_exp_mantissa(vexp e) {
    const vpair sum = v_normal_pair((vpair){v_set(1), e.head});
    return (vpair){sum.hi, v_add(sum.lo, e.tail)};
}

/* a (1 + p) */
static inline vpair v_times_one_plus(vpair a, vexp e) {
    const vreal product = v_fma(a.hi, e.p, a.hi);
    const vreal rest = v_fma(a.hi, e.tail, v_fma(a.hi, e.head, v_sub(a.hi, product)));
    return (vpair){product, v_add(rest, v_fma(a.lo, e.p, a.lo))};
}

/* exp (1 - first exp + second exp^2), where exp is small, without 2^n; not normal. */
static inline vpair v_exp_series(vexp e, real first, real second) {
    const vreal mantissa = v_add(v_set(1), e.p), exp = v_mul(e.power, mantissa);
    const vreal loss = v_mul(exp, v_fnma(exp, v_set(second), v_set(first)));
    const vpair sum = v_normal_pair((vpair){v_set(1), e.head});
    return (vpair){sum.hi, v_add(sum.lo, v_fnma(loss, mantissa, e.tail))};
}

/* a / b, rounded once but for 2^-30 or so: one correction of the plain quotient. */
static inline vreal v_div_pair(vpair a, vpair b) {
    const vreal reciprocal = v_div(v_set(1), b.hi);
    const vreal quotient = v_mul(a.hi, reciprocal);
    const vreal remainder = v_add(v_fnma(quotient, b.hi, a.hi), v_fnma(quotient, b.lo, a.lo));
    return v_fma(remainder, reciprocal, quotient);
}

#endif
