/*
 * mish in float64, by one division. With w = exp(x), m = 1 + w and r = 1 / (1 + m^2), tanh(softplus(x)) is w (m + 1)
 * r or 1 - 2 r, and f' is w r (m + 1 + 4 x m r) or 1 - 2 r (1 - 2 x w m r): the first where x is below 0, in pairs,
 * and w larger by 2^512, so that what is subnormal is rounded once; the second from 0 on, where r, at most 1/5,
 * weighs little. Beside the root of f' its Taylor series.
 */
#ifndef ACT_SIMD_MISH_F64_H
#define ACT_SIMD_MISH_F64_H

#include "simd/math.h"
#include "simd/root.h"

/* w is 2^512 times larger. divisor is 1 + m^2, reciprocal 1 / divisor.hi and off what of 1 that leaves; more = m + 1.
 */
typedef struct mish_parts {
    vpair w, m, more, divisor;
    vreal reciprocal, off;
} mish_parts;

/* x to where y and f' are 0, or x and 1, to every digit. */
static inline vreal mish_held(vreal x) { return v_at_most(v_at_least(x, v_set(-800)), v_set(40)); }

ACT_ALWAYS_INLINE mish_parts mish_parts_of(vreal x) {
    const vreal magic = v_set(0x1.8p52 + V_BIAS + 512), lower = v_set(0x1p-512), one = v_set(1);
    const vreal shifted = v_fma(x, V_LOG2_E, magic), power = v_exponent(shifted);
    const vexp e = v_exp_reduced(x, v_set(0), v_sub(shifted, magic), power);
    const vpair w = v_times_one_plus((vpair){power, v_set(0)}, e);
    const vreal m = v_fma(w.hi, lower, one);
    const vreal m_rest = v_fma(w.lo, lower, v_fma(w.hi, lower, v_sub(one, m)));
    const vreal more = v_add(m, one), more_rest = v_add(v_add(v_sub(m, more), one), m_rest);
    const vreal sum = v_fma(m, m, one);
    const vreal rest = v_fma(v_add(m, m), m_rest, v_fma(m, m, v_sub(one, sum)));
    const vreal reciprocal = v_div(one, sum), off = v_fnma(reciprocal, rest, v_fnma(reciprocal, sum, one));
    return (mish_parts){w, {m, m_rest}, {more, more_rest}, {sum, rest}, reciprocal, off};
}

/* a / divisor */
ACT_ALWAYS_INLINE vpair mish_share(vpair a, mish_parts p) {
    const vreal quotient = v_mul(a.hi, p.reciprocal);
    const vreal remainder = v_add(v_fnma(quotient, p.divisor.hi, a.hi), v_fnma(quotient, p.divisor.lo, a.lo));
    return (vpair){quotient, v_mul(remainder, p.reciprocal)};
}

/* a b 2^-512, rounded once. */
ACT_ALWAYS_INLINE vreal mish_lowered_product(vpair a, vpair b) {
    return v_mul(v_fma(a.hi, b.hi, v_fma(a.hi, b.lo, v_mul(a.lo, b.hi))), v_set(0x1p-512));
}

/* 2 r */
ACT_ALWAYS_INLINE vreal mish_twice_reciprocal(mish_parts p) {
    const vreal r = v_fma(p.off, p.reciprocal, p.reciprocal);
    return v_add(r, r);
}

ACT_ALWAYS_INLINE vreal mish_value(vreal x) {
    const vreal held = mish_held(x);
    const mish_parts p = mish_parts_of(held);
    const vpair whole = v_exact_product(held, p.w.hi), product = {whole.hi, v_fma(held, p.w.lo, whole.lo)};
    const vreal below = mish_lowered_product(product, mish_share(p.more, p));
    const vreal above = v_fnma(mish_twice_reciprocal(p), held, x);
    return v_copysign(v_select(v_lt(x, v_set(0)), below, above), x);
}

static const double root_series[9] = {
    0x1.115acb42500bbp-2,  0x1.1ad72de557d4cp-56, 0x1.a34a251d8ad7bp-3,  0x1.574f121a868dbp-5,  -0x1.4c222fe64d4fbp-6,
    -0x1.03369d4ac90fap-6, -0x1.b87ddfb51b745p-9, 0x1.1e5e184a0fe00p-10, 0x1.03799182b217fp-10,
};

ACT_ALWAYS_INLINE vreal mish_derivative(vreal x) {
    const vreal held = mish_held(x), four = v_mul(v_set(4), held), one = v_set(1);
    const mish_parts p = mish_parts_of(held);
    const vpair share = mish_share(p.m, p);
    const vpair slope = {v_fma(four, share.hi, p.more.hi), v_fma(four, share.lo, p.more.lo)};
    const vreal part = v_mul(p.w.hi, p.reciprocal), lost = v_fma(p.w.hi, p.reciprocal, v_neg(part));
    const vpair factor = {part, v_fma(part, p.off, v_fma(p.w.lo, p.reciprocal, lost))};
    const vreal below = mish_lowered_product(factor, slope);
    const vreal twice = v_mul(v_mul(held, p.w.hi), v_set(0x1p-511));
    const vreal above = v_fnma(mish_twice_reciprocal(p), v_fnma(twice, share.hi, one), one);
    const vmask negative = v_lt(x, v_set(0));
    const wide root = wide_set(-0x1.31432c0d12d84p+0, -0x1.bf319154da210p-55);
    return derivative_by_root(negative, wide_of(held), root, root_series, 9, v_select(negative, below, above));
}

#endif
