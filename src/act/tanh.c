/*
 * tanh: with E = exp(-2 |x|), y = sign(x) (1 - E) / (1 + E), where 1 - E keeps its digits near 0 and nothing can
 * overflow. Derivative 4 E / (1 + E)^2, even in x. From y: (1 - y) (1 + y), which cancels for |y| near 1 (0 from
 * |x| = 9.1 on in float32).
 * Measured over all 2^32 inputs: 1.00 ulp (just under, where y rounds to 1), derivative 1.63; float64, 10^6
 * inputs: 1.00 and 1.56.
 */
#include "simd/kernel.h"

#define ACT_NAME tanh
#define ACT_HAS_FROM_OUTPUT

/* -2 |x|, held to where all is over long since, so that nothing overflows. */
static inline vreal minus_twice(vreal x) { return v_mul(v_set(-2), v_at_most(v_abs(x), v_set(1000))); }

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    const vexp e = v_exp(minus_twice(x), v_set(REAL(-40.0f, -80.0)));
    return v_copysign(v_div_pair(v_one_minus(e), v_one_plus(e)), x);
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    return v_mul(dy, v_logistic_derivative(minus_twice(x), 2));
}

static inline vreal from_output(vreal y, vreal dy, const vreal *p) {
    (void)p;
    const vreal one = v_set(1);
    return v_mul(dy, v_mul(v_sub(one, y), v_add(one, y)));
}

#include "simd/elementwise.h"
