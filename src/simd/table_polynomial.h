/*
 * Functions from tables of polynomials: a row for each of 32 intervals has the centre c, f(c), which is all but a
 * float, and the coefficients of P in f(c + d) = f(c) + d P(d). Tables from float_tables.py.
 */
#ifndef ACT_SIMD_TABLE_POLYNOMIAL_H
#define ACT_SIMD_TABLE_POLYNOMIAL_H

#include "simd/math.h"
#include "simd/table.h"

/* f(a), where sum = scale * a + 1 is from 1 to 16: eight intervals an octave of it. */
static inline vpair v_table_polynomial(const real *table, int columns, vreal a, vreal sum) {
    const vrow row = v_row(table, 32, v_index(sum, 20));
    const vreal d = v_sub(a, v_column(&row, 0)), at_centre = v_column(&row, 1);
    const vreal q = v_row_polynomial(&row, 2, columns - 1, d);
    const vreal f = v_fma(d, q, at_centre);
    return (vpair){f, v_fma(d, q, v_sub(at_centre, f))};
}

#endif
