/*
 * hard_shrink(lambda): y = |x| <= lambda ? +0 : x. Derivative 0 for |x| <= lambda, where dx is +0 whatever dy is,
 * else 1; by lambda, which only places the jumps, 0. lambda >= 0. Exact. |y| > lambda exactly where |x| is, so that y
 * serves as well.
 */
#include "simd/branches.h"
#include "simd/kernel.h"

#define ACT_NAME hard_shrink
#define ACT_EXACT
#define ACT_AT_ONCE         2
#define ACT_FORWARD_AT_ONCE 4
#define ACT_HAS_FROM_OUTPUT

static inline vreal value(vreal x, const vreal *p) { return v_drop(in_dead_zone(x, p[0]), x); }

static inline vreal from_input(vreal x, vreal dy, const vreal *p) { return dead_zone_gradient(x, p[0], dy); }

static inline vreal from_output(vreal y, vreal dy, const vreal *p) { return from_input(y, dy, p); }

#if ACT_REAL == 64
#define ACT_HAS_PARAMETER_TERM
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    (void)p, (void)index;
    return term_where(v_mask(0), x, dy);
}
#endif

#include "simd/elementwise.h"
