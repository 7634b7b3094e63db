/*
 * sparse_plus: y = x <= -1 ? +0 : x >= 1 ? x : (x + 1)^2 / 4. Derivative 0 for x <= -1, where dx is +0 whatever dy
 * is, 1 for x >= 1, else (x + 1) / 2, which is sqrt(y): from y. The square is one of the exact pair (x + 1) / 2.
 */
#include "simd/branches.h"
#include "simd/kernel.h"

#define ACT_NAME    sparse_plus
#define ACT_AT_ONCE 2
#define ACT_HAS_FROM_OUTPUT

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    const vreal half = v_set((real)0.5), held = clamp_value(x, v_set(-1), v_set(1));
    const vreal root = v_fma(half, held, half), rest = v_fma(half, held, v_sub(half, root));
    const vreal square = v_fma(root, root, v_mul(v_add(root, root), rest));
    return v_select(v_le(v_set(1), x), x, square);
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    const vreal half = v_set((real)0.5);
    const vreal derivative = v_fma(half, clamp_value(x, v_set(-1), v_set(1)), half);
    return v_drop(v_le(x, v_set(-1)), v_mul(dy, derivative));
}

static inline vreal from_output(vreal y, vreal dy, const vreal *p) {
    (void)p;
    const vreal derivative = v_sqrt(clamp_value(y, v_set(0), v_set(1)));
    return v_drop(v_le(y, v_set(0)), v_mul(dy, derivative));
}

#include "simd/elementwise.h"
