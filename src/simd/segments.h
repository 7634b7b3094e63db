/*
 * Functions in float32 that are polynomials on 16 intervals of length 1 about whole numbers, looked up in registers:
 * f(c + d) = f(c) + d (P(d) + k). f(c) and the first coefficient of P are all but float32s; or c is the float32 next
 * to the root of f, where k completes that coefficient, so that the product keeps its digits beside the root. From
 * segment_tables.py.
 */
#ifndef ACT_SIMD_SEGMENTS_H
#define ACT_SIMD_SEGMENTS_H

#include "simd/lookup.h"
#include "simd/math.h"

/* Largest |x| that has an interval: 7.5 would go to the one about 8. */
#define SEGMENTS_END v_set(0x1.dffffep+2f)

static inline vreal held_to_segments(vreal x) { return v_at_most(v_at_least(x, v_neg(SEGMENTS_END)), SEGMENTS_END); }

/* Of x beyond the intervals, which the caller has computed in another way. */
static inline vmask beyond_segments(vreal x) { return v_lt(SEGMENTS_END, v_abs(x)); }

/* f(x) and, roughly, its slope there. */
typedef struct vsegment {
    vpair value;
    vreal slope;
} vsegment;

/* From a table of `rows`: centres, values there, coefficients of P. Of x beyond the intervals nonsense. */
ACT_ALWAYS_INLINE vsegment v_segment(const float (*table)[16], int rows, real k, vreal x) {
    const vreal held = held_to_segments(x);
    const vindex i = v_index(v_add(held, v_set(0x1.8p23f)), 0);
    const vreal d = v_sub(held, v_lookup16(table[0], i));
    vreal q = v_lookup16(table[rows - 1], i);
    for (int row = rows - 2; row >= 3; row--)
        q = v_fma(q, d, v_lookup16(table[row], i));
    const vreal at_centre = v_lookup16(table[1], i), slope = v_lookup16(table[2], i);
    const vreal line = v_fma(d, slope, at_centre), rest = v_fma(d, slope, v_sub(at_centre, line));
    const vreal bend = v_fma(q, d, v_set(k));
    return (vsegment){{line, v_fma(bend, d, rest)}, v_fma(v_set(2), bend, slope)};
}

ACT_ALWAYS_INLINE vreal v_segment_value(const float (*table)[16], int rows, real k, vreal x) {
    const vpair value = v_segment(table, rows, k, x).value;
    return v_add(value.hi, value.lo);
}

#endif
