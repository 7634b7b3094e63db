/*
 * exp(x) for any x, for exp and as the derivative of expm1. x is held to where the result is 0 long since or the
 * largest there is; beyond that it is infinite.
 */
#ifndef ACT_SIMD_EXP_VALUE_H
#define ACT_SIMD_EXP_VALUE_H

#include "simd/wide_exp.h"

#include <math.h>

/* The largest x whose exponential is finite. */
#define EXP_LARGEST_ARGUMENT v_set(REAL(0x1.62e42ep+6f, 0x1.62e42fefa39efp+9))

/* y, but for x beyond the largest argument infinity. */
ACT_ALWAYS_INLINE vreal exp_or_infinity(vreal x, vreal y) {
    return v_select(v_lt(EXP_LARGEST_ARGUMENT, x), v_set((real)INFINITY), y);
}

ACT_ALWAYS_INLINE vreal exp_value(vreal x) {
    const vreal held = v_at_most(v_at_least(x, v_set(REAL(-110, -750))), EXP_LARGEST_ARGUMENT);
    const wscaled e = wide_exp_with_room(wide_of(held));
    return exp_or_infinity(x, wide_round_scaled(e.part, e.n));
}

#endif
