/*
 * gaussian: y = exp(-x^2). Derivative -2 x exp(-x^2). The square is exact, x held to where y is 0 long since.
 * Measured: 0.500 ulp, derivative 0.500; float64 0.57 and 0.65.
 */
#include "simd/kernel.h"
#include "simd/wide_exp.h"

#define ACT_NAME gaussian

static inline vreal held(vreal x) {
    const vreal limit = v_set(REAL(12, 32));
    return v_at_most(v_at_least(x, v_neg(limit)), limit);
}

static inline wscaled bell(vreal x) { return wide_exp(wide_exact_product(v_neg(x), x)); }

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    const wscaled e = bell(held(x));
    return wide_round_scaled(e.part, e.n);
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    const vreal near = held(x);
    const wscaled e = bell(near);
    const vreal derivative = wide_round_product(v_mul(v_set(-2), near), e.part, e.n);
    return v_mul(dy, v_copysign(derivative, v_neg(near)));
}

#include "simd/elementwise.h"
