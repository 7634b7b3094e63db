/*
 * erf: y = erf(x), +-1 at +-Inf: by its series for |x| <= 1/2, by 1 - erfc(|x|) beyond; see simd/wide_erf.h.
 * Derivative 2 / sqrt(pi) exp(-x^2).
 */
#include "simd/kernel.h"
#include "simd/wide_erf.h"

#define ACT_NAME    erf
#define ACT_AT_ONCE 1

ACT_ALWAYS_INLINE vreal value(vreal x, const vreal *p) {
    (void)p;
    const vreal half = v_set((real)0.5), a = v_abs(x);
    const vreal near = v_at_least(v_at_most(x, half), v_neg(half));
    const vreal far = v_at_most(v_at_least(a, half), v_set(7)); /* erf is 1 beyond */
    const vreal upper = wide_round(wide_sub(wide_set(1, 0), wide_erfc_far(far)));
    const vreal lower = wide_round_product(near, wide_erf_near(near), v_set(0));
    return v_copysign(v_select(v_le(a, half), lower, upper), x);
}

ACT_ALWAYS_INLINE vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    const vreal a = v_at_most(v_abs(x), v_set(REAL(12, 30))); /* exp underflows beyond */
    const wscaled e = wide_exp_minus_product(a, a);
    const wide scaled = wide_mul(e.part, wide_set(0x1.20dd750429b6dp+0, 0x1.1ae3a914fed80p-56));
    return v_mul(dy, wide_round_scaled(scaled, e.n));
}

#include "simd/elementwise.h"
