/*
 * What gelu.h needs in float32, from tables of polynomials.
 *
 * But in the far tail neither values, see gap.h, nor the slope, as in segments.h f'(a) = 1 - f'(-a), take an
 * exponential; the segments get narrower as the tail falls more steeply.
 */
#ifndef ACT_SIMD_GELU_F32_H
#define ACT_SIMD_GELU_F32_H

#include "simd/gap.h"
#include "simd/gelu_gap_table.h"
#include "simd/gelu_slope_table.h"
#include "simd/mills_table.h"
#include "simd/segments.h"
#include "simd/table_polynomial.h"

#define GELU_SLOPE_REST 0x1.f7f8e6p-27f

#define GELU_END v_set(14.875f) /* exp(-x^2 / 2) underflows beyond */

/* R(a) for 0 <= a <= GELU_END. */
ACT_ALWAYS_INLINE vpair tail_over_density(vreal a) {
    return v_table_polynomial(mills_table[0], 7, a, v_add(a, v_set(1)));
}

/* The segments' end, from where gelu(x) is x and its slope 1. */
#define GELU_SEGMENTS_END 6.4f

/* Has the segment of a in its low bits: the nearest whole number to a (square a + line). */
ACT_ALWAYS_INLINE vreal gelu_segment(vreal a, real square, real line) {
    return v_fma(a, v_fma(a, v_set(square), v_set(line)), v_set(SEGMENTS_MAGIC));
}

/* Both of x >= -GELU_SEGMENTS_END; of x below nonsense. */
ACT_ALWAYS_INLINE vreal gelu_near(vreal x) {
    const vreal a = v_at_most(v_abs(x), v_set(GELU_SEGMENTS_END));
    return relu_less_gap(gelu_gap_table[0], 32, x, a, gelu_segment(a, 8.0f / 17, 32.0f / 17));
}

ACT_ALWAYS_INLINE vreal gelu_derivative_near(vreal x) {
    const vreal a = v_at_most(v_abs(x), v_set(GELU_SEGMENTS_END));
    const vrow row = v_row(gelu_slope_table[0], 32, v_index(gelu_segment(a, 0.4f, 2.36f), 0));
    const vreal d = v_sub(a, v_column(&row, 0));
    const vreal q = v_row_polynomial(&row, 3, 7, d);
    const vpair s = v_segment_of(v_column(&row, 1), v_column(&row, 2), q, GELU_SLOPE_REST, d).value;
    const vreal at_minus = v_add(s.hi, s.lo);
    return v_select(v_lt(x, v_set(0)), at_minus, v_sub(v_set(1), at_minus));
}

#endif
