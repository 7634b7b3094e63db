/*
 * gaussian: y = exp(-x^2). Derivative -2 x exp(-x^2). The square is exact, as a pair; x is held to where y is 0 long
 * since. The factor -2 x meets 2^n (1 + p) before that is rounded.
 * Measured over all 2^32 inputs: 0.86 ulp, derivative 1.01; float64 0.85 and 0.83.
 */
#include "simd/kernel.h"
#include "simd/math.h"

#define ACT_NAME gaussian

static inline vreal held_to(real limit, vreal x) { return v_at_most(v_at_least(x, v_set(-limit)), v_set(limit)); }

/* exp(-x^2) is a normal number up to here. */
#define BELL_NORMAL REAL(9.25f, 26.5)
/* and 0 from here on. */
#define BELL_END REAL(12.0f, 28.0)

static inline vpair minus_square(vreal x) { return v_exact_product(v_neg(x), x); }

ACT_ALWAYS_INLINE vreal far_multiple(vreal factor, vreal x) {
    const vpair square = minus_square(held_to(BELL_END, x));
    const vexp e = v_exp_near(square.hi, square.lo, v_exp_multiple(square.hi));
    return v_scale(v_fma(factor, e.p, factor), e.n);
}

/* factor exp(-x^2) */
ACT_ALWAYS_INLINE vreal multiple(vreal factor, vreal x) {
    const vpair square = minus_square(held_to(BELL_NORMAL, x));
    const vexp e = v_exp_normal(square.hi, square.lo);
    const vreal scaled = v_mul(factor, e.power), near = v_fma(scaled, e.p, scaled);
    const vmask far = v_lt(v_set(BELL_NORMAL), v_abs(x));
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, far_multiple(factor, x), near) : near;
}

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    return multiple(v_set(1), x);
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    return v_mul(dy, multiple(v_mul(v_set(-2), held_to(BELL_END, x)), x));
}

#include "simd/elementwise.h"
