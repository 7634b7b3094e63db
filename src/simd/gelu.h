/*
 * gelu in pairs of reals. exp(-x^2 / 2) = 2^n (1 + p) is taken of the exact square, and meets a factor that has a
 * file a type: R(a), the tail of the normal distribution over exp(-a^2 / 2), or for the slope R(a) - a / sqrt(2 pi),
 * in float64 as (root - a) S(a). Everything is a pair until the one rounding at the end; the far tail is scaled after
 * it. float32 needs that only in the far tail.
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
/* What is to be scaled by 2^n last: part for x < 0, else 1 - part 2^n, of which n is 0. */
typedef struct vshare {
    vpair sum;
    vreal n;
} vshare;

ACT_ALWAYS_INLINE vshare lower_share(vreal x, vpair part, vexp e) {
    const vmask negative = v_lt(x, v_set(0));
    const vreal base = v_select(negative, v_set(0), v_set(1)), factor = v_select(negative, v_set(1), v_neg(e.power));
    const vreal sum = v_fma(factor, part.hi, base);
    const vreal rest = v_fma(factor, part.lo, v_fma(factor, part.hi, v_sub(base, sum)));
    return (vshare){{sum, rest}, v_keep(negative, e.n)};
}

ACT_ALWAYS_INLINE vreal gelu_value(vreal x) {
    const vreal above = v_at_least(x, v_neg(GELU_END)), held = v_at_most(above, GELU_END);
    const vexp e = half_square_exp(held);
    const vpair tail = v_times_one_plus(tail_over_density(v_abs(held)), e);
    const vshare share = lower_share(held, tail, e);
    return v_copysign(v_scale(v_fma(above, share.sum.hi, v_mul(held, share.sum.lo)), share.n), x);
}

/* root - a, for the root of the slope. */
ACT_ALWAYS_INLINE vpair distance_to_root(vreal a) {
    const vpair distance = v_exact_sum(v_set(0x1.80ead197f00b4p-1), v_neg(a));
    return (vpair){distance.hi, v_add(distance.lo, v_set(-0x1.13e74c58cada8p-56))};
}

ACT_ALWAYS_INLINE vreal gelu_derivative(vreal x) {
    const vreal held = v_at_most(v_at_least(x, v_neg(GELU_END)), GELU_END), a = v_abs(held);
    const vexp e = half_square_exp(held);
    const vpair slope = v_times_one_plus(v_mul_pair(distance_to_root(a), slope_over_root(a)), e);
    const vshare share = lower_share(held, slope, e);
    return v_scale(v_add(share.sum.hi, share.sum.lo), share.n);
}
#endif

#endif
