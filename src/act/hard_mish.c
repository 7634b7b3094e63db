/*
 * hard_mish: y = x <= -2 ? +0 : x >= 0 ? x : x * (x + 2) / 2. Derivative 0 for x <= -2, where dx is +0 whatever dy
 * is, 1 for x >= 0, else x + 1. Smooth at 0, a kink at -2. Correctly rounded, as x^2 / 2 + x with an exact half,
 * and +0 at -2. y falls and rises, so that it does not tell x.
 */
#include "simd/branches.h"
#include "simd/kernel.h"

#define ACT_NAME    hard_mish
#define ACT_AT_ONCE 2

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    const vreal held = v_at_most(v_at_least(x, v_set(-2)), v_set(0)), half = v_mul(held, v_set((real)0.5));
    return v_select(v_le(v_set(0), x), x, v_fma(half, held, held));
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    const vreal derivative = v_add(v_at_most(v_at_least(x, v_set(-2)), v_set(0)), v_set(1));
    return v_drop(v_le(x, v_set(-2)), v_mul(dy, derivative));
}

#include "simd/elementwise.h"
