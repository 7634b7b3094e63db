/*
 * tanh: see simd/tanh_value.h. Derivative 1 - y^2 = 4 s (1 - s) with s = sigmoid(-2 |x|),
 * which keeps the digits of the tail; even in x. From y: (1 - y) (1 + y), which cancels for |y| near 1 (0 from
 * |x| = 9.1 on in float32). Measured over all 2^32 inputs: 0.950 ulp, derivative 1.990; float64 1.00 and 1.24.
 */
#include "simd/kernel.h"
#include "simd/sigmoid.h"
#include "simd/tanh_value.h"

#define ACT_NAME tanh
#define ACT_HAS_FROM_OUTPUT
#define ACT_FORWARD_AT_ONCE REAL(2, 4)

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    return v_tanh_value(x);
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    const vreal half = v_at_most(v_abs(x), v_set(REAL(55, 375)));
    return v_mul(dy, v_logistic_derivative(v_add(half, half), 4));
}

static inline vreal from_output(vreal y, vreal dy, const vreal *p) {
    (void)p;
    const vreal one = v_set(1);
    return v_mul(dy, v_mul(v_sub(one, y), v_add(one, y)));
}

#include "simd/elementwise.h"
