/*
 * The logistic function below 0, where it is all tail, s = 1 / (1 + exp(a)) for a >= 0, and its derivative s (1 - s).
 *
 * float32: s follows from the value S at the nearest of 32 points c, 1/3 apart. With t = a - c and u = (1 - S)
 * (exp(t) - 1), s = S - S u / (1 + u) exactly. The second term is at most 0.2 of s, so that its roundings weigh
 * little, and each c was moved a little to where S is all but a float32. Tables and polynomial from coefficients.py.
 * Beyond the points E = exp(-a) is so small that s = E (1 - E) and s (1 - s) = E (1 - 2 E); that is computed only
 * where a vector has one. float64: 1 / (1 + exp(-x)) for x of either sign, see exp_sum.h.
 */
#ifndef ACT_SIMD_SIGMOID_H
#define ACT_SIMD_SIGMOID_H

#include "simd/math.h"

#if ACT_REAL == 32
#include "simd/logistic_table.h"

#define V_LOGISTIC_END 10.5f

/* v_logistic of factor * a where that is less than V_LOGISTIC_END; beyond, nonsense that raises no exception. */
static inline vreal v_logistic_near(vreal a, real factor) {
    a = v_at_most(a, v_set(V_LOGISTIC_END / factor));
    const vreal sum = v_fma(a, v_set(3 * factor), v_set(0x1.8p23f));
    const vrow row = v_row(logistic_table[0], 32, 2, v_index(sum, 0));
    const vreal point = v_column(&row, 0), value = v_column(&row, 1);
    const vreal t = factor == 1 ? v_sub(a, point) : v_fma(a, v_set(factor), v_neg(point));
    const vreal square = v_mul(t, t);
    const vreal upper = v_fma(t, v_set(0x1.1157e600p-7f), v_set(0x1.55c78e00p-5f));
    const vreal lower = v_fma(t, v_set(0x1.55554a00p-3f), v_set(0x1.ffffe000p-2f));
    const vreal expm1 = v_fma(square, v_fma(square, upper, lower), t);
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

/* 1 / (1 + exp(-x)) */
static inline vreal v_sigmoid(vreal x) {
    const vreal s = v_logistic(v_abs(x));
    return v_select(v_lt(x, v_set(0)), s, v_sub(v_set(1), s));
}
#else
#include "simd/exp_sum.h"

/* 1 / (1 + exp(-x)), 2^512 times larger, for x from -750 to 64. */
static inline vreal v_raised_sigmoid(vreal x) {
    const exp_sum s = exp_sum_of((vpair){v_neg(x), v_set(0)}, 0);
    const vreal remainder = v_fnma(s.reciprocal, s.sum.lo, v_fnma(s.reciprocal, s.sum.hi, v_set(1)));
    return v_fma(remainder, s.reciprocal, s.reciprocal);
}

static inline vreal v_lowered(vreal a) { return v_mul(a, v_set(0x1p-512)); }

static inline vreal v_sigmoid(vreal x) {
    return v_lowered(v_raised_sigmoid(v_at_most(v_at_least(x, v_set(-750)), v_set(45))));
}

/* s (1 - s) * factor */
static inline vreal v_scaled_derivative(vreal a, real factor) {
    const vreal raised = v_raised_sigmoid(v_neg(a));
    return v_mul(v_fnma(raised, v_lowered(raised), raised), v_set(0x1p-512 * factor));
}

static inline vreal v_logistic_derivative(vreal a) { return v_scaled_derivative(v_at_most(a, v_set(750)), 1); }

static inline vreal v_tanh_derivative(vreal a) {
    const vreal held = v_at_most(a, v_set(375));
    return v_scaled_derivative(v_add(held, held), 4);
}
#endif

#endif
