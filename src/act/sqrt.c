/*
 * sqrt: the square root, NaN for x < 0, -0 at -0. Derivative 1 / (2 y), infinite at both zeros, which serves from y
 * as well. Correctly rounded. Measured over all 2^32 inputs: derivative 1.49 ulp; float64, 10^6 inputs: the same.
 */
#include "simd/kernel.h"
#include "simd/small_power.h"

#define ACT_NAME sqrt
#define ACT_HAS_FROM_OUTPUT

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    return v_sqrt(x);
}

static inline vreal from_output(vreal y, vreal dy, const vreal *p) {
    (void)p;
    return root_gradient(y, dy);
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) { return from_output(value(x, p), dy, p); }

#include "simd/elementwise.h"
