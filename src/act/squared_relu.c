/*
 * squared_relu: y = x <= 0 ? +0 : x * x. Derivative 0 for x <= 0, where dx is +0 whatever dy is, else 2 x. Correctly
 * rounded. From y: 2 sqrt(y), which is 0 where x * x underflows and infinite where it overflows.
 */
#include "simd/branches.h"
#include "simd/kernel.h"

#define ACT_NAME squared_relu
#define ACT_LIGHT
#define ACT_HAS_FROM_OUTPUT

/* x, and |x| beside it, which is the same where x > 0: so lanes of x < 0, which end as 0, do not overflow either. */
static inline vreal held(vreal x) { return v_at_least(x, v_set(0)); }
static inline vreal size(vreal x) { return v_at_most(v_abs(x), v_set(V_MOST)); }

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    return v_fma(held(x), size(x), v_set(0)); /* +0 at -0 */
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    return v_drop(v_le(x, v_set(0)), v_mul(dy, v_add(held(x), size(x))));
}

static inline vreal from_output(vreal y, vreal dy, const vreal *p) { return from_input(v_sqrt(y), dy, p); }

#include "simd/elementwise.h"
