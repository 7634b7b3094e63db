/*
 * hard_sigmoid(a, b): with t = a * x + b ((x + 3) / 6 as it comes, see simd/hard_line.h) y = t <= 0 ? +0 : t >= 1 ? 1
 * : t. Derivative a for 0 < t < 1, else 0, where dx is +0 whatever dy is; by a x, by b 1, for 0 < t < 1. Any finite a
 * and b. Correctly rounded. From y: between where 0 < y < 1, which an x whose y rounds to 0 or 1 is not.
 */
#include "simd/branches.h"
#include "simd/hard_line.h"
#include "simd/kernel.h"
#include "simd/leaky.h"

#define ACT_NAME hard_sigmoid
#define ACT_HAS_FROM_OUTPUT

static inline vreal value(vreal x, const vreal *p) {
    if (is_sixth(p)) {
        const vpair t = sixth_line(sixth_held(x));
        return v_add(t.hi, t.lo);
    }
    const hard_line l = hard_line_at(x, p);
    return v_drop(l.low, v_select(l.high, v_set(1), v_fma(p[0], l.x, p[1])));
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    return flat_where(hard_line_is_cut(x, p), x, leaky_scaled(hard_line_slope(p), dy));
}

static inline vreal from_output(vreal y, vreal dy, const vreal *p) {
    return clamp_gradient(y, v_set(0), v_set(1), leaky_scaled(hard_line_slope(p), dy));
}

#if ACT_REAL == 64
#define ACT_HAS_PARAMETER_TERM
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    const vmask flat = hard_line_is_cut(x, p);
    return flat_where(flat, x, index == 0 ? v_mul(dy, v_drop(flat, x)) : dy);
}
#endif

#include "simd/elementwise.h"
