/*
 * Multiples of exp(-x^2), for gaussian and the derivative of erf. The square is exact, as a pair; the factor meets
 * 2^n (1 + p) of math.h before that is rounded. Where 2^n is no normal number it comes last, which is computed only
 * where a vector has such an x.
 */
#ifndef ACT_SIMD_BELL_H
#define ACT_SIMD_BELL_H

#include "simd/math.h"

static inline vreal bell_held(real limit, vreal x) { return v_at_most(v_at_least(x, v_set(-limit)), v_set(limit)); }

/* exp(-x^2) is a normal number up to here. */
#define BELL_NORMAL REAL(9.25f, 26.5)
/* and 0 from here on. */
#define BELL_END REAL(12.0f, 28.0)

static inline vpair bell_minus_square(vreal x) { return v_exact_product(v_neg(x), x); }

ACT_ALWAYS_INLINE vreal bell_multiple_far(vreal factor, vreal x) {
    const vpair square = bell_minus_square(bell_held(BELL_END, x));
    const vexp e = v_exp_near(square.hi, square.lo, v_exp_multiple(square.hi));
    return v_scale(v_fma(factor, e.p, factor), e.n);
}

/* factor exp(-x^2) */
ACT_ALWAYS_INLINE vreal bell_multiple(vreal factor, vreal x) {
    const vpair square = bell_minus_square(bell_held(BELL_NORMAL, x));
    const vexp e = v_exp_normal(square.hi, square.lo);
    const vreal scaled = v_mul(factor, e.power), near = v_fma(scaled, e.p, scaled);
    const vmask far = v_lt(v_set(BELL_NORMAL), v_abs(x));
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, bell_multiple_far(factor, x), near) : near;
}

#endif
