/*
 * affine(a, b): y = a * x + b; derivative a; by a x, by b 1. Any finite a and b. Correctly rounded. a = 0 is the
 * constant b, also at infinite x, and its gradient +0; NaN stays NaN. The gradient needs neither x nor y; the caller
 * passes any source.
 */
#include "simd/kernel.h"
#include "simd/leaky.h"

#include <math.h>

#define ACT_NAME affine
#define ACT_LIGHT

static inline vreal value(vreal x, const vreal *p) {
    const vreal reach = v_select(v_eq(p[0], v_set(0)), v_set(V_MOST), v_set((real)INFINITY)); /* never 0 * Inf */
    return v_fma(p[0], v_at_most(v_at_least(x, v_neg(reach)), reach), p[1]);
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)x;
    return leaky_scaled(p[0], dy);
}

#if ACT_REAL == 64
#define ACT_HAS_PARAMETER_TERM
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    (void)p;
    return index == 0 ? v_mul(dy, x) : v_select(v_isnan(x), x, dy);
}
#endif

#include "simd/elementwise.h"
