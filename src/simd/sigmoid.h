/*
 * The logistic function below 0, where it is all tail, s = 1 / (1 + exp(a)) for a >= 0, and its derivative s (1 - s).
 *
 * float32: s follows from the value S at the nearest of 32 points c, 1/3 apart. With t = a - c and u = (1 - S)
 * (exp(t) - 1), s = S - S u / (1 + u) exactly. The second term is at most 0.2 of s, so that its roundings weigh
 * little, and each c was moved a little to where S is all but a float32. Tables and polynomial from coefficients.py.
 * Beyond the points E = exp(-a) is so small that s = E (1 - E) and s (1 - s) = E (1 - 2 E); that is computed only
 * where a vector has one. float64: exp(-a) / (1 + exp(-a)), both as pairs, with one division that is corrected by its
 * remainder.
 */
#ifndef ACT_SIMD_SIGMOID_H
#define ACT_SIMD_SIGMOID_H

#include "simd/math.h"

#if ACT_REAL == 32
#include "simd/lookup.h"

static const real v_logistic_points[32] = {0,
                                           0x1.55474p-2f,
                                           0x1.555cfp-1f,
                                           0x1.0003c8p+0f,
                                           0x1.5550ep+0f,
                                           0x1.aa9eap+0f,
                                           0x1.ffffap+0f,
                                           0x1.2aaa7cp+1f,
                                           0x1.5556c8p+1f,
                                           0x1.7ff814p+1f,
                                           0x1.aaa4bp+1f,
                                           0x1.d5581p+1f,
                                           0x1.000086p+2f,
                                           0x1.15559p+2f,
                                           0x1.2aaddap+2f,
                                           0x1.40030ap+2f,
                                           0x1.5550a8p+2f,
                                           0x1.6aaa38p+2f,
                                           0x1.80008cp+2f,
                                           0x1.95567cp+2f,
                                           0x1.aaad3p+2f,
                                           0x1.c0034cp+2f,
                                           0x1.d5569cp+2f,
                                           0x1.eaa67ep+2f,
                                           0x1.000022p+3f,
                                           0x1.0aa764p+3f,
                                           0x1.15516cp+3f,
                                           0x1.1ffc0ep+3f,
                                           0x1.2aaf5p+3f,
                                           0x1.3556b8p+3f,
                                           0x1.3ffdaep+3f,
                                           0x1.4aa866p+3f};

static const real v_logistic_values[32] = {
    0x1.0p-1f,       0x1.ab7624p-2f,  0x1.5b5f46p-2f,  0x1.136268p-2f,  0x1.ab40d6p-3f,  0x1.456a0ap-3f,
    0x1.e841f4p-4f,  0x1.6a164p-4f,   0x1.0a1a4cp-4f,  0x1.849a2cp-5f,  0x1.1a398ap-5f,  0x1.985422p-6f,
    0x1.26ad44p-6f,  0x1.a8763ep-7f,  0x1.3134e2p-7f,  0x1.b68ab8p-8f,  0x1.3af948p-8f,  0x1.c3e06cp-9f,
    0x1.4414b4p-9f,  0x1.d0bcap-10f,  0x1.4d235ap-10f, 0x1.dd8ea4p-11f, 0x1.5650b4p-11f, 0x1.ead02cp-12f,
    0x1.5fa268p-12f, 0x1.f82bf6p-13f, 0x1.694eb6p-13f, 0x1.02e6dep-13f, 0x1.72a58ap-14f, 0x1.09b13ap-14f,
    0x1.7ceeccp-15f, 0x1.10f3bap-15f};

#define V_LOGISTIC_END 10.5f

/* v_logistic of factor * a where that is less than V_LOGISTIC_END; beyond, nonsense that raises no exception. */
static inline vreal v_logistic_near(vreal a, real factor) {
    a = v_at_most(a, v_set(V_LOGISTIC_END / factor));
    const vindex i = v_index(v_fma(a, v_set(3 * factor), v_set(0x1.8p23f)), 0);
    const vreal point = v_lookup32(v_logistic_points, i);
    const vreal t = factor == 1 ? v_sub(a, point) : v_fma(a, v_set(factor), v_neg(point));
    const vreal square = v_mul(t, t);
    const vreal upper = v_fma(t, v_set(0x1.1157e600p-7f), v_set(0x1.55c78e00p-5f));
    const vreal lower = v_fma(t, v_set(0x1.55554a00p-3f), v_set(0x1.ffffe000p-2f));
    const vreal expm1 = v_fma(square, v_fma(square, upper, lower), t);
    const vreal value = v_lookup32(v_logistic_values, i);
    const vreal u = v_mul(v_sub(v_set(1), value), expm1);
    return v_fnma(value, v_div(u, v_add(v_set(1), u)), value);
}

/* exp(-a) (1 - multiple * exp(-a)) * 2^shift. */
static inline vreal v_logistic_far(vreal a, real multiple, int shift) {
    const vexp e = v_exp(v_neg(a), V_EXP_FLOOR);
    const vpair s = v_exp_series(e, multiple, 0);
    return v_scale(v_add(s.hi, s.lo), shift ? v_add(e.n, v_set((real)shift)) : e.n);
}

static inline vreal v_logistic(vreal a) {
    const vreal near = v_logistic_near(a, 1);
    const vmask far = v_le(v_set(V_LOGISTIC_END), a);
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, v_logistic_far(a, 1, 0), near) : near;
}

static inline vreal v_logistic_derivative(vreal a) {
    const vreal s = v_logistic_near(a, 1);
    const vreal near = v_fnma(s, s, s);
    const vmask far = v_le(v_set(V_LOGISTIC_END), a);
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, v_logistic_far(a, 2, 0), near) : near;
}

/* 1 - tanh(a)^2, which is 4 s (1 - s) at 2 a. */
static inline vreal v_tanh_derivative(vreal a) {
    const vreal s = v_logistic_near(a, 2);
    const vreal near = v_mul(v_set(4), v_fnma(s, s, s));
    const vmask far = v_le(v_set(0.5f * V_LOGISTIC_END), a);
    if (__builtin_expect(v_bits(far) == 0, 1))
        return near;
    const vreal twice = v_mul(v_set(2), v_at_most(a, v_set(1000))); /* more would only overflow */
    return v_select(far, v_logistic_far(twice, 2, 2), near);
}
#else
static inline vreal v_logistic(vreal a) {
    const vexp e = v_exp(v_neg(a), V_EXP_FLOOR);
    return v_scale(v_div_pair(v_exp_mantissa(e), v_one_plus(e)), e.n);
}

/* s (1 - s) * 2^shift. */
static inline vreal v_scaled_derivative(vreal a, int shift) {
    const vexp e = v_exp(v_neg(a), V_EXP_FLOOR);
    const vpair b = v_one_plus(e);
    const vreal reciprocal = v_div(v_set(1), b.hi);
    const vreal remainder = v_fnma(reciprocal, b.lo, v_fnma(reciprocal, b.hi, v_set(1)));
    const vreal twice = v_add(remainder, remainder);
    const vreal corrected_p = v_fma(twice, e.p, v_add(twice, e.p)); /* (1 + p) (1 + remainder)^2 - 1 */
    const vreal square = v_mul(reciprocal, reciprocal);
    const vreal quotient = v_fma(square, corrected_p, square);
    return v_scale(quotient, shift ? v_add(e.n, v_set((real)shift)) : e.n);
}

static inline vreal v_logistic_derivative(vreal a) { return v_scaled_derivative(a, 0); }

static inline vreal v_tanh_derivative(vreal a) {
    return v_scaled_derivative(v_mul(v_set(2), v_at_most(a, v_set(1000))), 2);
}
#endif

/* 1 / (1 + exp(-x)) */
static inline vreal v_sigmoid(vreal x) {
    const vreal s = v_logistic(v_abs(x));
    return v_select(v_lt(x, v_set(0)), s, v_sub(v_set(1), s));
}

#endif
