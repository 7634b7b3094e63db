/*
 * square: y = x * x, derivative 2 x. Correctly rounded. y does not tell the sign.
 */
#include "simd/kernel.h"

#define ACT_NAME square
#define ACT_LIGHT

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    return v_mul(x, x);
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    return v_mul(dy, v_add(x, x));
}

#include "simd/elementwise.h"
