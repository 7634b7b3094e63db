/*
 * sigmoid: y = 1 / (1 + exp(-x)), written with e = exp(-|x|) as 1 / (1 + e) for x >= 0 and e / (1 + e) below, so that
 * nothing overflows and both tails keep their digits. Derivative e / (1 + e)^2, even in x. From y: y (1 - y), which
 * cancels for y near 1 (0 from x = 17 on in float32).
 * Measured over all 2^32 inputs: 0.88 ulp, derivative 1.63; float64, 10^6 inputs: 0.90 and 1.52.
 */
#include "simd/kernel.h"

#define ACT_NAME sigmoid
#define ACT_HAS_FROM_OUTPUT

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    const vmask negative = v_lt(x, v_set(0));
    const vexp e = v_exp(v_neg(v_abs(x)), V_EXP_FLOOR);
    const vreal quotient = v_div_one_plus(v_keep(negative, e.p), v_one_plus(e));
    return v_scale(quotient, v_keep(negative, e.n));
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    return v_mul(dy, v_logistic_derivative(v_neg(v_abs(x)), 0));
}

static inline vreal from_output(vreal y, vreal dy, const vreal *p) {
    (void)p;
    return v_mul(dy, v_mul(y, v_sub(v_set(1), y)));
}

#include "simd/elementwise.h"
