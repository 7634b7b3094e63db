/*
 * hard_tanh(lo, hi): y = x <= lo ? lo : x >= hi ? hi : x. Derivative 1 for lo < x < hi, else 0, where dx is +0
 * whatever dy is; by lo 1 for x <= lo, by hi 1 for x >= hi. lo <= hi, either may be infinite. Exact; -0 stays within.
 * From y where lo < hi: y lies strictly between where x does.
 */
#include "simd/branches.h"
#include "simd/kernel.h"

#define ACT_NAME hard_tanh
#define ACT_EXACT
#define ACT_AT_ONCE 2
#define ACT_HAS_FROM_OUTPUT

static inline vreal value(vreal x, const vreal *p) { return clamp_value(x, p[0], p[1]); }

static inline vreal from_input(vreal x, vreal dy, const vreal *p) { return clamp_gradient(x, p[0], p[1], dy); }

static inline vreal from_output(vreal y, vreal dy, const vreal *p) { return from_input(y, dy, p); }

#if ACT_REAL == 64
#define ACT_HAS_PARAMETER_TERM
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    const vmask low = v_le(x, p[0]);
    return term_where(index == 0 ? below_clamp(x, p[0]) : v_andnot(above_clamp(x, p[1]), low), x, dy);
}
#endif

#include "simd/elementwise.h"
