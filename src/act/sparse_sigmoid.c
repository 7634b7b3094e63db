/*
 * sparse_sigmoid: y = x <= -1 ? +0 : x >= 1 ? 1 : (x + 1) / 2. Derivative 1/2 for -1 < x < 1, else 0, where dx is +0
 * whatever dy is. Correctly rounded. From y: between where 0 < y < 1, which an x that y rounds to 1 is not.
 */
#include "simd/branches.h"
#include "simd/kernel.h"

#define ACT_NAME sparse_sigmoid
#define ACT_LIGHT
#define ACT_AT_ONCE 2
#define ACT_HAS_FROM_OUTPUT

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    const vreal half = v_set((real)0.5);
    return v_fma(half, clamp_value(x, v_set(-1), v_set(1)), half);
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    return clamp_gradient(x, v_set(-1), v_set(1), v_mul(dy, v_set((real)0.5)));
}

static inline vreal from_output(vreal y, vreal dy, const vreal *p) {
    (void)p;
    return clamp_gradient(y, v_set(0), v_set(1), v_mul(dy, v_set((real)0.5)));
}

#include "simd/elementwise.h"
