/*
 * Functions from tables of polynomials, looked up in registers: a row each for the centres c of 32 intervals, f(c),
 * which is all but a float, and the coefficients of P in f(c + d) = f(c) + d P(d). Tables from float_tables.py.
 */
#ifndef ACT_SIMD_TABLE_POLYNOMIAL_H
#define ACT_SIMD_TABLE_POLYNOMIAL_H

#include "simd/lookup.h"
#include "simd/math.h"

/* f(a), where sum = scale * a + 1 is from 1 to 16: eight intervals an octave of it. */
static inline vpair v_table_polynomial(const float (*table)[32], int rows, vreal a, vreal sum) {
    const vindex i = v_index(sum, 20);
    const vreal d = v_sub(a, v_lookup32(table[0], i)), at_centre = v_lookup32(table[1], i);
    vreal q = v_lookup32(table[rows - 1], i);
    for (int k = rows - 2; k >= 2; k--)
        q = v_fma(q, d, v_lookup32(table[k], i));
    const vreal f = v_fma(d, q, at_centre);
    return (vpair){f, v_fma(d, q, v_sub(at_centre, f))};
}

#endif
