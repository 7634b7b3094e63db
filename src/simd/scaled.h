/*
 * Numbers whose size does not count: a wide times a power of two that is kept apart, so that products and sums of
 * parameters and x far out neither overflow nor lose digits before the one rounding at the end (two where that leaves
 * a subnormal number). A part and its lower half have to be normal numbers, or 0: reals go through scaled_of(). In
 * float32 a wide is a double, which has room for products of four reals as it is. Where only the result may be far
 * out, wide_round_scaled() and wide_round_product() take less.
 *
 *   scaled_of(a)            a real; in float64 infinity becomes 2^1024
 *   scaled_reciprocal(a)    1 / a of a real that is not 0
 *   scaled(part, n)         of a wide
 *   scaled_mul, add, sub, neg, half, select(m, yes, no)    as v_add ...; of sums, parts are near 1
 *   scaled_round(a)         to a real; what is too large becomes infinite
 */
#ifndef ACT_SIMD_SCALED_H
#define ACT_SIMD_SCALED_H

#include "simd/wide.h"

#if ACT_REAL == 32
ACT_ALWAYS_INLINE wscaled scaled(wide part, vreal n) { return (wscaled){part, n}; }
ACT_ALWAYS_INLINE wscaled scaled_of(vreal a) { return scaled(wide_of(a), v_set(0)); }
ACT_ALWAYS_INLINE wscaled scaled_add(wscaled a, wscaled b) { return scaled(wide_add(a.part, b.part), a.n); }
ACT_ALWAYS_INLINE vreal scaled_round(wscaled a) { return wide_round(a.part); }
#else
#include "simd/vec_split.h"

#define SCALED_NOTHING v_set(-0x1p20) /* the n of 0 */

ACT_ALWAYS_INLINE wscaled scaled(wide part, vreal n) {
    return (wscaled){part, v_select(v_eq(part.hi, v_set(0)), SCALED_NOTHING, n)};
}

/* A subnormal a is moved to where it has an exponent of its own; d_split() takes no 0. */
ACT_ALWAYS_INLINE wscaled scaled_of(vreal a) {
    const vreal size = v_abs(a), zero = v_set(0);
    const vmask tiny = v_lt(size, v_set(0x1p-1022)), no_number = v_or(v_eq(a, zero), v_isnan(a));
    const dsplit parts = d_split(v_mul(size, v_select(tiny, v_set(0x1p54), v_set(1))));
    const vreal part = v_select(no_number, a, v_copysign(parts.fraction, a));
    return scaled(wide_of(part), v_sub(parts.exponent, v_keep(tiny, v_set(54))));
}

/* a.part 2^(a.n - n) for n >= a.n; held to 2^-700, beside which it does not count. */
ACT_ALWAYS_INLINE wide scaled_beside(wscaled a, vreal n) {
    const vreal power = v_pow2(v_at_least(v_sub(a.n, n), v_set(-700)));
    return (wide){v_mul(a.part.hi, power), v_mul(a.part.lo, power)};
}

ACT_ALWAYS_INLINE wscaled scaled_add(wscaled a, wscaled b) {
    const vreal n = v_at_least(a.n, b.n);
    return scaled(wide_add(scaled_beside(a, n), scaled_beside(b, n)), n);
}

/* In two steps where n is above V_BIAS, or near it. */
ACT_ALWAYS_INLINE vreal scaled_round(wscaled a) {
    const vreal above = v_at_most(v_at_least(v_sub(a.n, v_set(800)), v_set(0)), v_set(800));
    const vreal n = v_at_most(v_at_least(v_sub(a.n, above), v_set(-2 * (V_BIAS - 1))), v_set(800));
    return v_scale(v_mul(wide_round(a.part), v_pow2(above)), n);
}
#endif

ACT_ALWAYS_INLINE wscaled scaled_mul(wscaled a, wscaled b) {
    return scaled(wide_mul(a.part, b.part), v_add(a.n, b.n));
}

ACT_ALWAYS_INLINE wscaled scaled_half(wscaled a) { return (wscaled){wide_times(a.part, 0.5), a.n}; }
ACT_ALWAYS_INLINE wscaled scaled_neg(wscaled a) { return (wscaled){wide_neg(a.part), a.n}; }
ACT_ALWAYS_INLINE wscaled scaled_sub(wscaled a, wscaled b) { return scaled_add(a, scaled_neg(b)); }

ACT_ALWAYS_INLINE wscaled scaled_reciprocal(vreal a) {
    const wscaled divisor = scaled_of(a);
    return (wscaled){wide_reciprocal_of(divisor.part), v_neg(divisor.n)};
}

ACT_ALWAYS_INLINE wscaled scaled_select(vmask m, wscaled yes, wscaled no) {
    return (wscaled){wide_select(m, yes.part, no.part), v_select(m, yes.n, no.n)};
}

#endif
