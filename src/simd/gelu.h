/*
 * gelu from tables near 0: as max(x, 0) less the gap, its slope in float64 likewise, in float32 as in segments.h.
 * Elsewhere in pairs of reals: exp(-x^2 / 2) = 2^n (1 + p) is taken of the exact square, and meets a factor that has
 * a file a type: R(a), the tail of the normal distribution over exp(-a^2 / 2), or for the slope R(a) - a / sqrt(2
 * pi). Everything is a pair until the one rounding at the end; the far tail is scaled after it.
 */
#ifndef ACT_SIMD_GELU_H
#define ACT_SIMD_GELU_H

#if ACT_REAL == 32
#include "simd/gelu_f32.h"
#else
#include "simd/gelu_f64.h"
#endif

/* exp(-x^2 / 2) */
ACT_ALWAYS_INLINE vexp half_square_exp(vreal x) {
    const vreal minus_half = v_mul(v_set((real)-0.5), x), product = v_mul(minus_half, x);
    return v_exp_near(product, v_fma(minus_half, x, v_neg(product)), v_exp_multiple(product));
}

#if ACT_REAL == 32
/* Of x above -GELU_SEGMENTS_END nonsense that raises no exception. */
ACT_ALWAYS_INLINE vreal gelu_far(vreal x) {
    const vreal held = v_at_most(v_at_least(x, v_neg(GELU_END)), GELU_END);
    const vexp e = half_square_exp(held);
    const vpair tail = v_times_one_plus(tail_over_density(v_abs(held)), e);
    return v_scale(v_fma(held, tail.hi, v_mul(held, tail.lo)), e.n);
}

ACT_ALWAYS_INLINE vreal gelu_value(vreal x) {
    const vreal near = gelu_near(x);
    const vmask far = v_lt(x, v_set(-GELU_SEGMENTS_END));
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, gelu_far(x), near) : near;
}

/* exp(-a^2 / 2) (R(a) - a / sqrt(2 pi)), likewise. */
ACT_ALWAYS_INLINE vreal gelu_derivative_far(vreal x) {
    const vreal held = v_at_most(v_at_least(x, v_neg(GELU_END)), GELU_END);
    const vpair line = v_exact_product(held, v_set(0x1.988454p-2f)), r = tail_over_density(v_abs(held));
    const vpair sum = v_exact_sum(line.hi, r.hi);
    const vreal rest = v_fma(held, v_set(-0x1.857936p-27f), v_add(line.lo, r.lo));
    const vexp e = half_square_exp(held);
    const vpair part = v_times_one_plus((vpair){sum.hi, v_add(sum.lo, rest)}, e);
    return v_scale(v_add(part.hi, part.lo), e.n);
}

ACT_ALWAYS_INLINE vreal gelu_derivative(vreal x) {
    const vreal near = gelu_derivative_near(x);
    const vmask far = v_lt(x, v_set(-GELU_SEGMENTS_END));
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, gelu_derivative_far(x), near) : near;
}
#else
/* part for x < 0, else 1 - power part. */
ACT_ALWAYS_INLINE vpair lower_share(vreal x, vpair part, vreal power) {
    const vmask negative = v_lt(x, v_set(0));
    const vreal base = v_drop(negative, v_set(1)), factor = v_select(negative, v_set(1), v_neg(power));
    const vreal sum = v_fma(factor, part.hi, base);
    return (vpair){sum, v_fma(factor, part.lo, v_fma(factor, part.hi, v_sub(base, sum)))};
}

/* share, which holds a factor of lower_share(), times the 2^n that this has left out. */
ACT_ALWAYS_INLINE vreal scaled_share(vreal x, vreal share, vexp e) {
    return v_scale(share, v_keep(v_lt(x, v_set(0)), e.n));
}

/* The derivative from the density, beyond the rows. */
ACT_ALWAYS_INLINE vreal gelu_derivative_far(vreal held) {
    const vexp e = half_square_exp(held);
    const vpair share = lower_share(held, v_times_one_plus(slope_over_density(v_abs(held)), e), e.power);
    return scaled_share(held, v_add(share.hi, share.lo), e);
}

/* Further out than the rows' end, where the result depends on more than x. */
ACT_ALWAYS_INLINE vmask beyond_rows(vreal x) { return v_andnot(v_lt(GELU_ROWS_END, v_abs(x)), v_lt(GELU_LINE, x)); }

/* x, but moved to where the rows have ended. */
ACT_ALWAYS_INLINE vreal past_rows(vreal x) {
    return v_copysign(v_at_most(v_at_least(v_abs(x), GELU_ROWS_END), GELU_END), x);
}

ACT_ALWAYS_INLINE vreal gelu_far(vreal x) {
    const vreal held = past_rows(x);
    const vexp e = half_square_exp(held);
    const vpair tail = v_times_one_plus(tail_over_density(v_abs(held)), e), share = lower_share(held, tail, e.power);
    return scaled_share(held, v_fma(held, share.hi, v_mul(held, share.lo)), e);
}

ACT_ALWAYS_INLINE vreal gelu_near(vreal x) {
    const vreal relu = v_at_most(v_at_least(x, v_set(-0.0)), GELU_LINE);
    const vpair gap = gelu_from_rows(gelu_gap_rows, x);
    const vreal sum = v_sub(relu, gap.hi), rest = v_sub(v_sub(v_sub(relu, sum), gap.hi), gap.lo);
    const vreal held = v_at_most(relu, v_add(sum, rest)); /* for the sign of x / 2 that underflows */
    return v_select(v_lt(GELU_LINE, x), x, held);
}

ACT_ALWAYS_INLINE vreal gelu_value(vreal x) {
    const vreal near = gelu_near(x);
    const vmask far = beyond_rows(x);
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, gelu_far(x), near) : near;
}

ACT_ALWAYS_INLINE vreal gelu_derivative(vreal x) {
    const vpair share = lower_share(x, gelu_from_rows(gelu_slope_rows, x), v_set(1));
    const vreal near = v_select(v_lt(GELU_LINE, x), v_set(1), v_add(share.hi, share.lo));
    const vmask far = beyond_rows(x);
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, gelu_derivative_far(past_rows(x)), near) : near;
}
#endif

#endif
