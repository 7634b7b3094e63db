/*
 * f' of f(x) = x / (1 + exp(-z)) at z, a multiple of x that is neither tiny nor huge: for silu, swish and quick_gelu.
 * float32: f'(-z) = 1 - f'(z), from a table of f'(-|z|) (segments.h); beyond it, with a = |z|, e = exp(-a) and an
 * error below 2^-28, f' is for z < 0 e ((1 - a) + e ((2 a - 1) + e (1 - 3 a))), for z > 0 that from 1. float64: by
 * one division (swish.h).
 */
#ifndef ACT_SIMD_SWISH_SLOPE_H
#define ACT_SIMD_SWISH_SLOPE_H

#include "simd/swish.h"

#if ACT_REAL == 32
#include "simd/segments.h"
#include "simd/swish_slope_table.h"

/* Where exp(-|z|) times |z| is 0. */
#define SWISH_SLOPE_REACH v_set(120)

ACT_ALWAYS_INLINE vreal swish_slope_far(vpair z) {
    const vmask below = v_lt(z.hi, v_set(0));
    const vreal a = v_at_most(v_abs(z.hi), SWISH_SLOPE_REACH), one = v_set(1);
    const vreal lower = v_select(below, z.lo, v_neg(z.lo));
    const vexp e = v_exp_pair(v_neg(a), lower);
    const vreal exp = v_fma(e.power, e.p, e.power);
    const vreal series = v_fma(exp, v_fnma(v_set(3), a, one), v_fma(v_set(2), a, v_neg(one)));
    const vreal base = v_sub(one, a), rest = v_fma(exp, series, lower); /* 1 - a is exact */
    const vreal digits = v_add(base, v_fma(base, e.p, v_fma(rest, e.p, rest)));
    return v_select(below, v_scale(digits, e.n), v_fnma(v_add(base, rest), exp, one));
}

/* |z| may be any, |z.lo| that of no more than SWISH_SLOPE_REACH; 0 if z is exact. */
ACT_ALWAYS_INLINE vreal swish_slope(vpair z, int exact) {
    const vreal a = v_at_most(v_abs(z.hi), SEGMENTS_END);
    const vsegment s = v_segment(v_lookup8, swish_slope_table, 11, swish_slope_rest, a);
    const vmask below = v_lt(z.hi, v_set(0));
    const vreal lower = v_select(below, v_neg(z.lo), z.lo);
    const vreal at_minus = v_add(s.value.hi, exact ? s.value.lo : v_fma(lower, s.slope, s.value.lo));
    const vreal near = v_select(below, at_minus, v_sub(v_set(1), at_minus));
    const vmask far = beyond_segments(z.hi);
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, swish_slope_far(z), near) : near;
}

#else

/* 1 to every digit from here on. */
#define SWISH_SLOPE_PASSES 45

ACT_ALWAYS_INLINE vreal swish_slope(vpair z, int exact) {
    (void)exact;
    const vreal held = v_at_most(v_at_least(z.hi, v_set(SWISH_ENDS)), v_set(SWISH_SLOPE_PASSES));
    const vreal derivative = swish_gradient((vpair){v_neg(held), v_neg(z.lo)}, (vpair){held, z.lo});
    return swish_slope_by_root(v_lt(z.hi, v_set(0)), (wide){z.hi, z.lo}, derivative);
}

#endif

#endif
