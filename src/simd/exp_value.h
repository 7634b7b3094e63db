/*
 * exp(x) for any x, for exp and as the derivative of expm1. x is held to where the result is 0 long since or the
 * largest there is; beyond that it is infinite. 2^n (1 + p) of math.h; far out, which is computed only where
 * a vector has one, 2^n is taken in two steps.
 */
#ifndef ACT_SIMD_EXP_VALUE_H
#define ACT_SIMD_EXP_VALUE_H

#include "simd/math.h"

#include <math.h>

/* The largest x whose exponential is finite. */
#define EXP_LARGEST_ARGUMENT v_set(REAL(0x1.62e42ep+6f, 0x1.62e42fefa39efp+9))

/* y, but for x beyond the largest argument infinity. */
ACT_ALWAYS_INLINE vreal exp_or_infinity(vreal x, vreal y) {
    return v_select(v_lt(EXP_LARGEST_ARGUMENT, x), v_set((real)INFINITY), y);
}

ACT_ALWAYS_INLINE vreal exp_held(vreal x) {
    return v_at_most(v_at_least(x, v_set(REAL(-110, -750))), EXP_LARGEST_ARGUMENT);
}

ACT_ALWAYS_INLINE vreal exp_far(vreal x) {
    const vreal held = exp_held(x);
    const vexp e = v_exp_near(held, v_set(0), v_exp_multiple(held));
    const vreal twice = v_mul(v_set(2), v_add(v_set(1), e.p));
    return exp_or_infinity(x, v_scale(twice, v_sub(e.n, v_set(1))));
}

ACT_ALWAYS_INLINE vreal exp_value(vreal x) {
    const vexp e = v_exp_normal(v_at_most(v_at_least(x, v_neg(V_EXP_NORMAL)), V_EXP_NORMAL), v_set(0));
    const vreal near = v_fma(e.power, e.p, e.power);
    const vmask far = v_lt(V_EXP_NORMAL, v_abs(x));
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, exp_far(x), near) : near;
}

#endif
