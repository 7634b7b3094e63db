/*
 * What gelu.h needs in float32, from tables of polynomials.
 *
 * All but the far tail does without exponential and pair: gelu(x) = max(x, 0) - g(|x|), where g(a), a times the upper
 * tail of the normal distribution, is g(c) + d P(d) about the centre c of one of 32 segments, which get narrower as
 * the tail falls more steeply; the first, up to 1/4, has g(a) = a / 2 + a P(a). In each the first term is u min(a,
 * 1/4). That taken off max(x, 0) is exact or, above 1/4, nearly so; the other term and its roundings are small beside
 * it.
 */
#ifndef ACT_SIMD_GELU_F32_H
#define ACT_SIMD_GELU_F32_H

#include "simd/gelu_gap_table.h"
#include "simd/gelu_table.h"
#include "simd/table_polynomial.h"

#define GELU_END v_set(14.875f) /* exp(-x^2 / 2) underflows beyond */

/* R(a) and S(a) for 0 <= a <= GELU_END. */
ACT_ALWAYS_INLINE vpair tail_over_density(vreal a) {
    return v_table_polynomial(mills_table, 7, a, v_add(a, v_set(1)));
}
ACT_ALWAYS_INLINE vpair slope_over_root(vreal a) { return v_table_polynomial(slope_table, 6, a, v_add(a, v_set(1))); }

/* The segments' end, from where x less the gap is x. */
#define GELU_GAP_END 6.4f

/* gelu(x) for x >= -GELU_GAP_END; of x below nonsense. */
ACT_ALWAYS_INLINE vreal gelu_from_gap(vreal x) {
    const vreal a = v_at_most(v_abs(x), v_set(GELU_GAP_END));
    const vreal place = v_fma(a, v_fma(a, v_set(8.0f / 17), v_set(32.0f / 17)), v_set(0x1.8p23f));
    const vindex i = v_index(place, 0);
    const vreal d = v_sub(a, v_lookup32(gelu_gap_table[0], i));
    vreal p = v_lookup32(gelu_gap_table[7], i);
    for (int row = 6; row >= 2; row--)
        p = v_fma(p, d, v_lookup32(gelu_gap_table[row], i));
    const vreal relu = v_at_least(x, v_set(-0.0f));
    const vreal line = v_fnma(v_at_most(a, v_set(0.25f)), v_lookup32(gelu_gap_table[1], i), relu);
    return v_at_most(relu, v_fnma(p, d, line)); /* for the sign of x / 2 that underflows */
}

#endif
