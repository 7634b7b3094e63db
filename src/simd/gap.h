/*
 * f(x) = max(x, 0) - g(|x|) in float32, where f is x times a share that rises from 0 to 1 and g(a) a times a tail of
 * it. On segments, g(a) is g(c) + d P(d) about a centre c, in the first, up to 1/4, a / 2 + a P(a). The first term is
 * u min(a, 1/4) in each. That taken off max(x, 0) is exact or, above 1/4, nearly so; the other term and its roundings
 * are small beside it. Tables from gap_tables.py: rows of c, u and P's six coefficients.
 */
#ifndef ACT_SIMD_GAP_H
#define ACT_SIMD_GAP_H

#include "simd/math.h"
#include "simd/table.h"

/* f(x) from a table of so many rows, where a is |x|, held to the segments, and sum has a's segment in its low bits.
 */
ACT_ALWAYS_INLINE vreal relu_less_gap(const real *table, int rows, vreal x, vreal a, vreal sum) {
    const vrow row = v_row(table, rows, v_index(sum, 0));
    const vreal d = v_sub(a, v_column(&row, 0));
    const vreal p = v_row_polynomial(&row, 2, 7, d);
    const vreal relu = v_at_least(x, v_set(-0.0f));
    const vreal line = v_fnma(v_at_most(a, v_set(0.25f)), v_column(&row, 1), relu);
    return v_at_most(relu, v_fnma(p, d, line)); /* for the sign of x / 2 that underflows */
}

#endif
