/*
 * hard_mish: y = x <= -2 ? +0 : x >= 0 ? x : x * (x + 2) / 2. Derivative 0 for x <= -2, where dx is +0 whatever dy
 * is, 1 for x >= 0, else x + 1. Smooth at 0, a kink at -2. The product is one of the exact pair x + 2. y falls and
 * rises, so that it does not tell x.
 */
#include "simd/branches.h"
#include "simd/kernel.h"

#define ACT_NAME hard_mish

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    const vreal two = v_set(2), held = clamp_value(x, v_set(-2), v_set(0));
    const vreal sum = v_add(held, two), rest = v_sub(held, v_sub(sum, two));
    const vreal product = v_mul(v_fma(held, sum, v_mul(held, rest)), v_set((real)0.5));
    return v_select(v_le(x, v_set(-2)), v_set(0), v_select(v_le(v_set(0), x), x, product));
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    const vreal derivative = v_add(clamp_value(x, v_set(-2), v_set(0)), v_set(1));
    return v_select(v_le(x, v_set(-2)), v_set(0), v_mul(dy, derivative));
}

#include "simd/elementwise.h"
