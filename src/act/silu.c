/*
 * silu: y = x / (1 + exp(-x)); see simd/swish.h. -0 at -Inf. Elfwing, Uchibe, Doya 2017.
 */
#include "simd/kernel.h"
#include "simd/swish.h"

#define ACT_NAME silu

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    return swish_value(x, minus_magnitude(x), v_lt(x, v_set(0)));
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    return v_mul(dy, swish_derivative(minus_magnitude(x), v_lt(x, v_set(0))));
}

#include "simd/elementwise.h"
