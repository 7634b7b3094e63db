/*
 * clipped_relu(max), relu6 as it comes: y = x <= 0 ? +0 : x >= max ? max : x. Derivative 1 for 0 < x < max, else 0,
 * where dx is +0 whatever dy is; by max 1 for x >= max. max > 0. Exact. y lies strictly between where x does, so that
 * it serves as well.
 */
#include "simd/branches.h"
#include "simd/kernel.h"

#define ACT_NAME clipped_relu
#define ACT_EXACT
#define ACT_AT_ONCE 2
#define ACT_HAS_FROM_OUTPUT

static inline vreal value(vreal x, const vreal *p) { return v_drop(v_le(x, v_set(0)), v_at_most(x, p[0])); }

static inline vreal from_input(vreal x, vreal dy, const vreal *p) { return clamp_gradient(x, v_set(0), p[0], dy); }

static inline vreal from_output(vreal y, vreal dy, const vreal *p) { return from_input(y, dy, p); }

#if ACT_REAL == 64
#define ACT_HAS_PARAMETER_TERM
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    (void)index;
    return term_where(v_le(p[0], x), x, dy);
}
#endif

#include "simd/elementwise.h"
