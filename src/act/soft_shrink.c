/*
 * soft_shrink(lambda): y = x > lambda ? x - lambda : x < -lambda ? x + lambda : +0. Derivative 0 for |x| <= lambda,
 * where dx is +0 whatever dy is, else 1; by lambda -1 above, 1 below, else 0. lambda >= 0. Correctly rounded. y is
 * not 0 exactly where |x| > lambda, so that it serves as well.
 */
#include "simd/branches.h"
#include "simd/kernel.h"

#define ACT_NAME soft_shrink
#define ACT_LIGHT
#define ACT_AT_ONCE 2
#define ACT_HAS_FROM_OUTPUT

static inline vreal value(vreal x, const vreal *p) {
    return v_drop(in_dead_zone(x, p[0]), v_sub(x, v_copysign(p[0], x)));
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) { return dead_zone_gradient(x, p[0], dy); }

static inline vreal from_output(vreal y, vreal dy, const vreal *p) {
    (void)p;
    return dead_zone_gradient(y, v_set(0), dy);
}

#if ACT_REAL == 64
#define ACT_HAS_PARAMETER_TERM
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    (void)index;
    return dead_zone_bias_term(x, p[0], dy);
}
#endif

#include "simd/elementwise.h"
