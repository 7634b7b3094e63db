/*
 * mish in float64, in pairs. With e = exp(-|x|) and s = 1 + e: y = x tanh(softplus(x)) = x n / d, for x >= 0 n = s +
 * e and d = s^2 + e^2, below n = e (s + 1) and d = s^2 + 1. Derivative (n d + 4 x e^2 s) / d^2, below e ((s + 1) d +
 * 4 x s) / d^2; beside its root its Taylor series. e = 2^n (1 + p) below is multiplied in last.
 */
#ifndef ACT_SIMD_MISH_F64_H
#define ACT_SIMD_MISH_F64_H

#include "simd/math.h"
#include "simd/root.h"

/* n below without its factor e. */
typedef struct fraction {
    vexp e;
    vpair s, square, n, d; /* square of e, but below 1 */
    vmask below;
} fraction;

/* a + b for a >= b, not normal. */
static inline vpair sum_of(vpair a, vpair b) {
    const vreal sum = v_add(a.hi, b.hi), lost = v_sub(b.hi, v_sub(sum, a.hi));
    return (vpair){sum, v_add(lost, v_add(a.lo, b.lo))};
}

static inline vpair choice(vmask mask, vpair yes, vpair no) {
    return (vpair){v_select(mask, yes.hi, no.hi), v_select(mask, yes.lo, no.lo)};
}

ACT_ALWAYS_INLINE fraction fraction_of(vreal x) {
    const vexp e = v_exp_pair(v_neg(v_abs(x)), v_set(0));
    const vpair one = {v_set(1), v_set(0)}, exp = v_times_one_plus((vpair){e.power, v_set(0)}, e);
    const vpair s = sum_of(one, exp);
    const vmask below = v_lt(x, v_set(0));
    const vpair square = choice(below, one, v_mul_pair(exp, exp));
    return (fraction){e, s, square, sum_of(s, choice(below, one, exp)), sum_of(v_mul_pair(s, s), square), below};
}

/* x to where y and the derivative are 0 or all but x and 1. */
static inline vreal mish_held(vreal x) { return v_at_most(v_at_least(x, v_set(-800)), v_set(800)); }

ACT_ALWAYS_INLINE vreal mish_value(vreal x) {
    const vreal held = mish_held(x);
    const fraction f = fraction_of(held);
    const vreal reciprocal = v_div(v_set(1), f.d.hi), quotient = v_mul(f.n.hi, reciprocal);
    const vreal remainder = v_add(v_fnma(quotient, f.d.hi, f.n.hi), v_fnma(quotient, f.d.lo, f.n.lo));
    const vpair above = {quotient, v_mul(remainder, reciprocal)};
    const vpair share = choice(f.below, v_times_one_plus(above, f.e), above);
    const vreal y = v_fma(v_at_least(x, v_set(-800)), share.hi, v_mul(held, share.lo));
    return v_copysign(v_scale(y, v_keep(f.below, f.e.n)), x);
}

static const double root_series[9] = {
    0x1.115acb42500bbp-2,  0x1.1ad72de557d4cp-56, 0x1.a34a251d8ad7bp-3,  0x1.574f121a868dbp-5,  -0x1.4c222fe64d4fbp-6,
    -0x1.03369d4ac90fap-6, -0x1.b87ddfb51b745p-9, 0x1.1e5e184a0fe00p-10, 0x1.03799182b217fp-10,
};

ACT_ALWAYS_INLINE vreal mish_derivative(vreal x) {
    const vreal held = mish_held(x), four = v_mul(v_set(4), held);
    const fraction f = fraction_of(held);
    const vpair steep = v_mul_pair(f.s, f.square), flat = v_mul_pair(f.n, f.d),
                slope = v_exact_product(four, steep.hi);
    const vpair sum = v_exact_sum(flat.hi, slope.hi);
    const vreal rest = v_add(v_add(sum.lo, flat.lo), v_fma(four, steep.lo, slope.lo));
    const vreal above = v_div_by_square((vpair){sum.hi, rest}, f.d, v_div(v_set(1), f.d.hi));
    const vreal derivative = v_scale(v_select(f.below, v_fma(above, f.e.p, above), above), v_keep(f.below, f.e.n));
    const wide root = wide_set(-0x1.31432c0d12d84p+0, -0x1.bf319154da210p-55);
    return derivative_by_root(f.below, wide_of(held), root, root_series, 9, derivative);
}

#endif
