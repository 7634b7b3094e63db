/*
 * shrink(lambda, bias): y = x > lambda ? x - bias : x < -lambda ? x + bias : +0. Derivative 0 for |x| <= lambda,
 * where dx is +0 whatever dy is, else 1; by bias -1 above, 1 below, else 0; by lambda, which only places the jumps,
 * 0. Any finite lambda (below 0 nothing is cut) and bias. Correctly rounded. y alone does not tell the branch.
 */
#include "simd/branches.h"
#include "simd/kernel.h"

#define ACT_NAME shrink
#define ACT_LIGHT
#define ACT_AT_ONCE 2

static inline vreal value(vreal x, const vreal *p) {
    const vreal bias = v_select(v_lt(p[0], x), p[1], v_neg(p[1]));
    const vmask dead = in_dead_zone(x, p[0]);
    return v_drop(dead, v_sub(x, v_drop(dead, bias)));
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) { return dead_zone_gradient(x, p[0], dy); }

#if ACT_REAL == 64
#define ACT_HAS_PARAMETER_TERM
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    return index == 1 ? dead_zone_bias_term(x, p[0], dy) : term_where(v_mask(0), x, dy);
}
#endif

#include "simd/elementwise.h"
