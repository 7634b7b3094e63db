/*
 * The logistic function 1 / (1 + E) with E = exp(z) and z = -x, and its derivative s (1 - s).
 *
 * E is 2^n (1 + p) as in math.h, but p is one real, off by up to 2^-25 (float64 2^-54). That counts least where a
 * unit of the result is smallest beside it, with 1 + E just above a power of two: there p is small too. float32's
 * polynomial is of degree 4, error 2^-27.2, less below 0; from coefficients.py. Everything is held smaller by a power
 * of two, see exp_sum.h.
 */
#ifndef ACT_SIMD_SIGMOID_H
#define ACT_SIMD_SIGMOID_H

#include "simd/exp_sum.h"

/* E is power exp(r), smaller by EXP_SUM_ONE. */
typedef struct logistic_argument {
    vreal power, r;
} logistic_argument;

/* E is power (1 + p). */
typedef struct logistic_term {
    vreal power, p;
} logistic_term;

ACT_ALWAYS_INLINE vreal logistic_polynomial(vreal r, vreal square) {
#if ACT_REAL == 32
    const vreal c0 = v_fma(r, v_set(0x1.55548ap-3f), v_set(0x1.ffffecp-2f));
    const vreal c2 = v_fma(r, v_set(0x1.123e46p-7f), v_set(0x1.5564aap-5f));
    return v_fma(square, v_fma(square, v_set(0x1.61f888p-10f), c2), c0);
#else
    return v_exp_polynomial(r, square);
#endif
}

ACT_ALWAYS_INLINE logistic_argument logistic_argument_of(vreal z) {
    const vreal shifted = v_fma(z, V_LOG2_E, EXP_SUM_MAGIC), n = v_sub(shifted, EXP_SUM_MAGIC);
    return (logistic_argument){v_exponent(shifted), v_fnma(n, LN2_LOWER, v_fnma(n, LN2_UPPER, z))};
}

ACT_ALWAYS_INLINE logistic_term logistic_term_of(vreal z) {
    const logistic_argument a = logistic_argument_of(z);
    const vreal square = v_mul(a.r, a.r);
    return (logistic_term){a.power, v_fma(square, logistic_polynomial(a.r, square), a.r)};
}

/* z, but no more than where 1 / (1 + E) is 0 long since; and no less than where it is 1. */
ACT_ALWAYS_INLINE vreal logistic_most(vreal z) { return v_at_most(z, v_set(REAL(110, 750))); }
ACT_ALWAYS_INLINE vreal logistic_held(vreal z) { return logistic_most(v_at_least(z, v_set(REAL(-40, -300)))); }

/* factor / (1 + E), a power of two, of a z that is held: the reciprocal is corrected by its remainder. */
ACT_ALWAYS_INLINE vreal v_logistic(vreal z, real factor) {
    const logistic_term e = logistic_term_of(z);
    const vreal one = EXP_SUM_ONE, sum = v_fma(e.power, e.p, v_add(one, e.power));
    const vreal rest = v_fma(e.power, e.p, v_add(v_sub(e.power, sum), one)), reciprocal = v_div(v_set(1), sum);
    const vreal remainder = v_fnma(reciprocal, rest, v_fnma(reciprocal, sum, v_set(1)));
    return v_mul(v_fma(remainder, reciprocal, reciprocal), v_mul(one, v_set(factor)));
}

ACT_ALWAYS_INLINE vreal v_sigmoid(vreal x) { return v_logistic(logistic_held(v_neg(x)), 1); }

/* The same within 2 units, for a derivative: 1 + 2^n p, which is rounded first, is little beside 2^n but where E is
 * about 1, where s (1 - s) is flat. */
ACT_ALWAYS_INLINE vreal v_logistic_roughly(vreal z, real factor) {
    const logistic_term e = logistic_term_of(z);
    const vreal one = EXP_SUM_ONE, sum = v_add(v_fma(e.power, e.p, one), e.power);
    return v_div(v_mul(one, v_set(factor)), sum);
}

/* factor s (1 - s) at -a, where s is all tail, for an a of logistic_most(). In float32 a rough s keeps within 1.99
 * units for every a; in float64, where that cannot be tried, s is a better one. */
ACT_ALWAYS_INLINE vreal v_logistic_derivative(vreal a, real factor) {
    const vreal s = REAL(v_logistic_roughly, v_logistic)(a, factor);
    return v_fnma(s, v_mul(s, v_set(1 / factor)), s);
}

#endif
