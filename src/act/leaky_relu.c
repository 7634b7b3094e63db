/*
 * leaky_relu(slope): y = x <= 0 ? slope * x : x; derivative slope for x <= 0, else 1; by slope x for x <= 0, else 0.
 * Any finite slope; see simd/leaky.h. Correctly rounded. From y only where slope >= 0: then y > 0 exactly where x >
 * 0.
 */
#include "simd/kernel.h"
#include "simd/leaky.h"

#define ACT_NAME leaky_relu
#define ACT_LIGHT
#define ACT_AT_ONCE 2
#define ACT_HAS_FROM_OUTPUT
#define ACT_HAS_FROM_BITS

static inline vreal value(vreal x, const vreal *p) { return leaky_value(x, p[0]); }

static inline vreal from_input(vreal x, vreal dy, const vreal *p) { return leaky_gradient(x, p[0], dy); }

static inline vreal from_output(vreal y, vreal dy, const vreal *p) { return leaky_gradient(y, p[0], dy); }

static inline vreal from_bits(vmask positive, vreal dy, const vreal *p) {
    return v_select(positive, dy, leaky_scaled(p[0], dy));
}

#if ACT_REAL == 64
#define ACT_HAS_PARAMETER_TERM
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    (void)p;
    (void)index;
    return v_mul(v_at_most(x, v_set(0)), v_keep(v_le(x, v_set(0)), dy));
}
#endif

#include "simd/elementwise.h"
