/*
 * erf in float32 arithmetic, from a table of polynomials (erf_table.h). The first interval has its centre at 0, so
 * that small x keep their digits; of the others the value at the centre is nearly a float, and the sum with the rest
 * a pair. Where that rest would be subnormal, x is moved up: erf is proportional to it there.
 */
#ifndef ACT_SIMD_ERF_F32_H
#define ACT_SIMD_ERF_F32_H

#include "simd/erf_table.h"

static inline vreal erf_value(vreal x) {
    const vreal magnitude = v_at_most(v_abs(x), v_set(14));
    const vmask tiny = v_lt(magnitude, v_set(0x1p-100f));
    const vreal a = v_select(tiny, v_mul(magnitude, v_set(0x1p32f)), magnitude);
    const vrow row = v_row(erf_table[0], 32, v_index(v_add(a, v_set(1)), 20));
    const vreal d = v_sub(a, v_column(&row, 0)), at_centre = v_column(&row, 1);
    const vreal q = v_row_polynomial(&row, 3, 7, d);
    const vreal first = v_column(&row, 2), sum = v_fma(d, first, at_centre);
    const vreal rest = v_fma(d, q, v_fma(d, first, v_sub(at_centre, sum)));
    const vreal result = v_add(sum, rest);
    return v_copysign(v_select(tiny, v_mul(result, v_set(0x1p-32f)), result), x);
}

#endif
