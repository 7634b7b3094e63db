/*
 * expm1: y = exp(x) - 1, which keeps its digits near 0; -0 at -0. Derivative exp(x); from y: y + 1, which cancels for
 * y near -1. (2^n - 1) + 2^n (head + tail) of math.h, with the roundings of both sums carried to the last. In double
 * the tail would be 1.04 ulp off at 0.347; there head is r + r^2 / 2, and tail its rounding and r^3 Q(r) of
 * wide_exp.h. Measured over all 2^32 inputs: 0.97 ulp, derivative 0.86; float64 0.80 and 0.84.
 */
#include "simd/kernel.h"
#include "simd/exp_value.h"
#if ACT_REAL == 64
#include "simd/wide_exp.h"
#endif

#define ACT_NAME expm1
#define ACT_HAS_FROM_OUTPUT
#define ACT_AT_ONCE         4
#define ACT_FORWARD_AT_ONCE REAL(4, 2)

/* 2^n (1 + head + tail), for |x| at most V_EXP_NORMAL. */
static inline vexp exp_parts(vreal x) {
    vexp e = v_exp_normal(x, v_set(0));
#if ACT_REAL == 64
    const vreal rest = v_fnma(e.n, LN2_LOWER, v_set(0)), r = v_add(e.head, rest), half = v_mul(v_set(0.5), r);
    const vreal square = v_mul(r, r), cubic = d_polynomial(wide_exp_coefficients, 10, r, square);
    const vreal lost = v_sub(rest, v_sub(r, e.head));
    e.head = v_fma(half, r, r);
    e.tail = v_fma(v_mul(square, r), cubic, v_add(lost, v_fma(half, r, v_sub(r, e.head))));
#endif
    return e;
}

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    const vexp e = exp_parts(v_at_most(v_at_least(x, v_set(REAL(-30, -60))), V_EXP_NORMAL));
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
