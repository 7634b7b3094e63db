/*
 * expm1: y = exp(x) - 1, which keeps its digits near 0; -0 at -0. Derivative exp(x); from y: y + 1, which cancels for
 * y near -1. (2^n - 1) + 2^n (head + tail) of exp_rise.h, with the roundings of both sums carried to the last.
 * Measured over all 2^32 inputs: 0.97 ulp, derivative 0.86; float64 0.80 and 0.84.
 */
#include "simd/kernel.h"
#include "simd/exp_rise.h"
#include "simd/exp_value.h"

#define ACT_NAME expm1
#define ACT_HAS_FROM_OUTPUT
#define ACT_AT_ONCE         4
#define ACT_FORWARD_AT_ONCE REAL(4, 2)

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    const vreal held = v_at_most(v_at_least(x, v_set(REAL(-30, -60))), V_EXP_NORMAL);
    const vexp e = exp_rise(v_exp_normal(held, v_set(0)), v_set(0));
    const vreal base = v_sub(e.power, v_set(1)), lost = v_sub(v_sub(e.power, base), v_set(1));
    const vreal sum = v_fma(e.power, e.head, base);
    const vreal carried = v_add(v_fma(e.power, e.head, v_sub(base, sum)), lost);
    const vreal rest = v_fma(e.power, e.tail, carried);
    const vreal near = v_copysign(v_add(sum, rest), x);
    const vmask far = v_lt(V_EXP_NORMAL, x);
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, exp_far(x), near) : near;
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
