/* What gelu.h needs in float32, from tables of polynomials. */
#ifndef ACT_SIMD_GELU_F32_H
#define ACT_SIMD_GELU_F32_H

#include "simd/gelu_table.h"
#include "simd/table_polynomial.h"

#define GELU_END v_set(14.875f) /* exp(-x^2 / 2) underflows beyond */

/* R(a) and S(a) for 0 <= a <= GELU_END. */
ACT_ALWAYS_INLINE vpair tail_over_density(vreal a) {
    return v_table_polynomial(mills_table, 7, a, v_add(a, v_set(1)));
}
ACT_ALWAYS_INLINE vpair slope_over_root(vreal a) { return v_table_polynomial(slope_table, 6, a, v_add(a, v_set(1))); }

#endif
