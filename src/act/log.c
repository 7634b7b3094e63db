/*
 * log: y = log(x); -Inf at +-0, NaN for x < 0, Inf at Inf; see simd/wide_ln.h. Derivative 1 / x, NaN for x < 0.
 */
#include "simd/kernel.h"
#include "simd/wide_ln.h"

#include <math.h>

#define ACT_NAME    log
#define ACT_AT_ONCE 1

ACT_ALWAYS_INLINE vreal value(vreal x, const vreal *p) {
    (void)p;
    const vreal zero = v_set(0), infinity = v_set(INFINITY);
    const vmask ordinary = v_andnot(v_lt(zero, x), v_eq(x, infinity));
    const vreal below = v_select(v_lt(x, zero), v_set(NAN), x);
    const vreal special = v_select(v_eq(x, zero), v_neg(infinity), below);
    return v_select(ordinary, wide_round(wide_ln(v_select(ordinary, x, v_set(1)))), special);
}

ACT_ALWAYS_INLINE vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    return v_mul(dy, v_div(v_set(1), v_select(v_lt(x, v_set(0)), v_set(NAN), x)));
}

#include "simd/elementwise.h"
