/*
 * celu(alpha): y = x for x > 0, else alpha (exp(z) - 1) with z = x / alpha, alpha > 0. Where z is so small that y is
 * x to every digit it is x. Derivative 1, or exp(z); from y: (y + alpha) / alpha, which cancels in the tail. Its
 * gradient in alpha is exp(z) - 1 - z exp(z). Barron 2017. Measured: 0.88 ulp, derivative 1.00; float64 0.71 and
 * 0.94.
 */
#include "simd/exponential.h"
#include "simd/kernel.h"
#if ACT_REAL == 64
#include "simd/wide_exp.h"
#endif

#include <float.h>
#include <math.h>

#define ACT_NAME celu
#define ACT_HAS_FROM_OUTPUT
#define ACT_HAS_PARAMETER_TERM

/* alpha, which is as good as 0 in float32 where it is too small for that. */
static inline vreal positive(vreal alpha) { return v_at_least(alpha, v_set(REAL(FLT_TRUE_MIN, DBL_TRUE_MIN))); }

/* What alpha is multiplied with to be far from both ends of the range, or with which that is undone where back. */
static inline vreal move_of(vreal alpha, int back) {
    const vreal up = v_set(REAL(0x1p64f, 0x1p64)), down = v_set(REAL(0x1p-64f, 0x1p-64));
    return v_select(v_lt(v_set(1), alpha), back ? up : down, back ? down : up);
}

/* x / alpha, both first moved to where 1 / alpha has all its digits. x is held to where exp(x / alpha) is 0: before
 * it moves up, or it would overflow, but after it moved down, since that place itself might overflow before. */
static inline vpair quotient(vreal x, vreal alpha) {
    const vmask down = v_lt(v_set(1), alpha);
    const vreal move = move_of(alpha, 0), divisor = v_mul(positive(alpha), move), floor = v_mul(V_EXP_FLOOR, divisor);
    const vreal floor_before =
        v_select(down, v_set((real)-INFINITY), v_mul(V_EXP_FLOOR, v_at_most(positive(alpha), v_set(1))));
    const vreal held = v_at_least(v_at_most(x, v_set(0)), floor_before), moved = v_at_least(v_mul(held, move), floor);
    const vreal hi = v_div(v_set(1), divisor), lo = v_mul(hi, v_fnma(hi, divisor, v_set(1)));
    const vreal product = v_mul(moved, hi);
    return (vpair){product, v_fma(moved, lo, v_fma(moved, hi, v_neg(product)))};
}

/* x is 0 or above, or so near that the line serves. */
static inline vmask on_line(vreal x, vreal alpha) {
    return v_or(v_le(v_set(0), x), v_lt(v_mul(alpha, v_set(REAL(-0x1p-30f, -0x1p-60))), x));
}

static inline vreal value(vreal x, const vreal *p) {
    const vpair z = quotient(x, p[0]);
    const vreal moved = v_mul(p[0], v_neg(move_of(p[0], 0))); /* or what a product lacks might be subnormal */
    const vreal curve = exponential_fall(v_exp_pair(z.hi, z.lo), z.lo, (vpair){moved, v_set(0)});
    return v_select(v_or(on_line(x, p[0]), v_isnan(x)), x, v_mul(curve, move_of(p[0], 1)));
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    const vpair z = quotient(x, p[0]);
    const vreal curve = exponential_multiple(v_exp_pair(z.hi, z.lo), v_set(1));
    return v_mul(dy, v_select(on_line(x, p[0]), v_set(1), curve));
}

static inline vreal from_output(vreal y, vreal dy, const vreal *p) {
    const vreal curve = v_div(v_add(v_at_most(y, v_set(0)), p[0]), positive(p[0]));
    return v_mul(dy, v_select(v_lt(v_set(0), y), v_set(1), curve));
}

#if ACT_REAL == 64
/* As (exp(z) - 1 - z) - z (exp(z) - 1), which does not cancel. */
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    (void)index;
    const vpair q = quotient(x, p[0]);
    const wide z = {q.hi, q.lo};
    const wide term = wide_sub(wide_expm1_excess(z), wide_mul(z, wide_expm1(z)));
    return v_drop(v_lt(v_set(0), x), v_mul(dy, wide_round(term)));
}
#endif

#include "simd/elementwise.h"
