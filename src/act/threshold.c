/*
 * threshold(theta, value): y = x <= theta ? value : x. Derivative 0 for x <= theta, where dx is +0 whatever dy is,
 * else 1; by value 1 for x <= theta, else 0; by theta, which only places the jump, 0. Exact. From y only where
 * value <= theta: then y > theta exactly where x > theta.
 */
#include "simd/branches.h"
#include "simd/kernel.h"

#define ACT_NAME threshold
#define ACT_EXACT
#define ACT_HAS_FROM_OUTPUT

static inline vreal value(vreal x, const vreal *p) { return v_select(v_le(x, p[0]), p[1], x); }

static inline vreal from_input(vreal x, vreal dy, const vreal *p) { return flat_where(v_le(x, p[0]), x, dy); }

static inline vreal from_output(vreal y, vreal dy, const vreal *p) { return from_input(y, dy, p); }

#if ACT_REAL == 64
#define ACT_HAS_PARAMETER_TERM
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    return term_where(v_le(x, p[0]), x, index == 1 ? dy : v_set(0));
}
#endif

#include "simd/elementwise.h"
