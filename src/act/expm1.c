/*
 * expm1: y = exp(x) - 1, which keeps its digits near 0; -0 at -0. Derivative exp(x); from y: y + 1, which cancels for
 * y near -1.
 * Measured: 0.500 ulp, derivative 0.500; float64 0.56 and 0.74.
 */
#include "simd/kernel.h"
#include "simd/exp_value.h"

#define ACT_NAME expm1
#define ACT_HAS_FROM_OUTPUT

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    const wide held = wide_of(v_at_most(v_at_least(x, v_set(-100)), EXP_LARGEST_ARGUMENT));
    const vreal far = wide_round(wide_plus(wide_joined(wide_exp_with_room(held)), -1));
    const vreal near = v_copysign(wide_round(wide_expm1(held)), x);
    return exp_or_infinity(x, v_select(v_lt(v_set(16), x), far, near));
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    return v_mul(dy, exp_value(x));
}

static inline vreal from_output(vreal y, vreal dy, const vreal *p) {
    (void)p;
    return v_mul(dy, v_add(y, v_set(1)));
}

#include "simd/elementwise.h"
