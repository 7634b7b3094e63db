/*
 * log_sigmoid: y = -log(1 + exp(-x)) = -softplus(-x); see simd/softplus.h. x itself far below 0, -0 at Inf.
 * Derivative 1 / (1 + exp(x)); from y: 1 - exp(y).
 * Measured over all 2^32 inputs: 0.979 ulp, derivative 1.842; float64 0.93 and 1.86.
 */
#include "simd/kernel.h"
#include "simd/softplus.h"
#include "simd/softplus_slope.h"

#define ACT_NAME log_sigmoid
#define ACT_HAS_FROM_OUTPUT
#define ACT_FORWARD_AT_ONCE REAL(2, 4)

ACT_ALWAYS_INLINE vreal value(vreal x, const vreal *p) {
    (void)p;
    return v_neg(v_softplus(v_neg(x)));
}

ACT_ALWAYS_INLINE vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    return v_mul(dy, v_softplus_slope(x));
}

ACT_ALWAYS_INLINE vreal from_output(vreal y, vreal dy, const vreal *p) {
    (void)p;
    return v_mul(dy, v_softplus_slope_of(y));
}

#include "simd/elementwise.h"
