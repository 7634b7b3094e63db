/*
 * erf in float64, from a table of polynomials (erf_rows.h) on intervals of length 5/13. The first has its centre at
 * 0, so that small x keep their digits; at the end of the last erf rounds to 1.
 */
#ifndef ACT_SIMD_ERF_F64_H
#define ACT_SIMD_ERF_F64_H

#include "simd/erf_rows.h"
#include "simd/rows_f64.h"

ACT_ALWAYS_INLINE vreal erf_value(vreal x) {
    const vreal a = v_at_most(v_abs(x), v_set(5.96));
    const vpair y = v_from_rows(erf_rows, a, v_fma(a, v_set(2.6), v_set(0x1.8p52)));
    return v_copysign(v_add(y.hi, y.lo), x);
}

#endif
