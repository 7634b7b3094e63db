/*
 * What gelu.h needs in float32, from tables of polynomials.
 *
 * Values but in the far tail take neither exponential nor pair: see gap.h; the segments get narrower as the tail
 * falls more steeply.
 */
#ifndef ACT_SIMD_GELU_F32_H
#define ACT_SIMD_GELU_F32_H

#include "simd/gap.h"
#include "simd/table_polynomial.h"

#define V_TABLE      gelu_gap_table
#define V_TABLE_FILE "simd/gelu_gap.def"
#define V_ROWS       32
#define V_COLUMNS    8
#include "simd/table_tpl.h"
#define V_TABLE      mills_table
#define V_TABLE_FILE "simd/mills.def"
#define V_ROWS       32
#define V_COLUMNS    8
#include "simd/table_tpl.h"
#define V_TABLE      gelu_slope_table
#define V_TABLE_FILE "simd/gelu_slope.def"
#define V_ROWS       32
#define V_COLUMNS    8
#include "simd/table_tpl.h"

#define GELU_END v_set(14.875f) /* exp(-x^2 / 2) underflows beyond */

/* R(a) and S(a) for 0 <= a <= GELU_END. */
ACT_ALWAYS_INLINE vpair tail_over_density(vreal a) {
    return v_table_polynomial(mills_table[0], 7, a, v_add(a, v_set(1)));
}
ACT_ALWAYS_INLINE vpair slope_over_root(vreal a) {
    return v_table_polynomial(gelu_slope_table[0], 6, a, v_add(a, v_set(1)));
}

/* The segments' end, from where x less the gap is x. */
#define GELU_GAP_END 6.4f

/* gelu(x) for x >= -GELU_GAP_END; of x below nonsense. */
ACT_ALWAYS_INLINE vreal gelu_from_gap(vreal x) {
    const vreal a = v_at_most(v_abs(x), v_set(GELU_GAP_END));
    const vreal sum = v_fma(a, v_fma(a, v_set(8.0f / 17), v_set(32.0f / 17)), v_set(0x1.8p23f));
    return relu_less_gap(gelu_gap_table[0], 32, x, a, sum);
}

#endif
