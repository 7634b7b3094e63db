/*
 * The logistic function s(z) = 1 / (1 + exp(-z)) and what is made of it, of an argument given as minus = -|z| and its
 * sign: with e = exp(-|z|), s(z) = 1 / (1 + e) or, below 0, e / (1 + e). Used by swish.h, softplus.h, scaled_tanh and
 * their kinds.
 */
#ifndef ACT_SIMD_LOGISTIC_H
#define ACT_SIMD_LOGISTIC_H

#include "simd/argument.h"
#include "simd/wide_exp.h"

ACT_ALWAYS_INLINE wide one_plus(wide e) { return wide_add_small(wide_set(1, 0), e); }

ACT_ALWAYS_INLINE wscaled wide_logistic(wide minus, vmask below) {
    const wscaled e = wide_exp(minus);
    const wide numerator = wide_select(below, e.part, wide_set(1, 0));
    return (wscaled){wide_div(numerator, one_plus(wide_joined(e))), v_keep(below, e.n)};
}

/* s'(z) = e / (1 + e)^2, which is even. */
ACT_ALWAYS_INLINE wscaled wide_logistic_derivative(wide minus) {
    const wscaled e = wide_exp(minus);
    const wide sum = one_plus(wide_joined(e));
    return (wscaled){wide_div(e.part, wide_mul(sum, sum)), e.n};
}

#endif
