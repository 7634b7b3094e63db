/*
 * abs: y = |x|, +0 at -0. Derivative the sign of x, and 0 at 0, where dx is +0 whatever dy is. Exact. y does not tell
 * the sign.
 */
#include "simd/branches.h"
#include "simd/kernel.h"

#define ACT_NAME abs
#define ACT_EXACT
#define ACT_AT_ONCE 2

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    return v_abs(x);
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    return flat_where(v_eq(x, v_set(0)), x, v_mul(dy, v_copysign(v_set(1), x)));
}

#include "simd/elementwise.h"
