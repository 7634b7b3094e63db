/*
 * Functions in float32 that are polynomials on intervals of length 1 about the whole numbers from -8 to 7, looked up
 * in registers: f(c + d) = f(c) + d (P(d) + k). f(c) and the first coefficient of P are all but float32s; or c is the
 * float32 next to the root of f, where k completes that coefficient, so that the product keeps its digits beside the
 * root. Where f(-a) tells f(a), the table is of a = |x| and AVX2 looks up half as much. From segment_tables.py.
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

/* From f(c), the first coefficient of P, and the others' polynomial q. */
ACT_ALWAYS_INLINE vsegment v_segment_of(vreal at_centre, vreal slope, vreal q, real k, vreal d) {
    const vreal upper = v_fma(d, slope, at_centre), rest = v_fma(d, slope, v_sub(at_centre, upper));
    const vreal bend = v_fma(q, d, v_set(k));
    return (vsegment){{upper, v_fma(bend, d, rest)}, v_fma(v_set(2), bend, slope)};
}

typedef vreal v_lookup_function(const real *table, vindex i);

/* From a table of `rows`: centres, values there, coefficients of P. x is held to the intervals, of which i is its
 * own; line looks up what the value's first two terms take. */
ACT_ALWAYS_INLINE vsegment v_segment_at(v_lookup_function *line, v_lookup_function *lookup, const float (*table)[16],
                                        int rows, real k, vreal x, vindex i) {
    const vreal d = v_sub(x, lookup(table[0], i));
    vreal q = lookup(table[rows - 1], i);
    for (int row = rows - 2; row >= 3; row--)
        q = v_fma(q, d, lookup(table[row], i));
    return v_segment_of(line(table[1], i), line(table[2], i), q, k, d);
}

#define SEGMENTS_MAGIC 0x1.8p23f /* added to x, it leaves the nearest whole number in the low bits */

ACT_ALWAYS_INLINE vsegment v_segment(v_lookup_function *lookup, const float (*table)[16], int rows, real k, vreal x) {
    return v_segment_at(lookup, lookup, table, rows, k, x, v_index(v_add(x, v_set(SEGMENTS_MAGIC)), 0));
}

/* f(x); of x beyond the intervals nonsense. */
ACT_ALWAYS_INLINE vreal v_segment_value(const float (*table)[16], int rows, real k, vreal x) {
    const vpair value = v_segment(v_lookup16, table, rows, k, held_to_segments(x)).value;
    return v_add(value.hi, value.lo);
}

#endif
