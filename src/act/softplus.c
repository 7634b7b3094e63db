/*
 * softplus(beta): y = log(1 + exp(z)) / beta with z = beta x, for any finite beta but 0; see simd/softplus.h. x
 * itself from z = 64 on: there is no threshold below which digits would show. Derivative 1 / (1 + exp(-z)); from y:
 * 1 - exp(-beta y). Its gradient in beta is (x s(z) - y) / beta, s the logistic function, which is
 * -(log1p(e) + e |z| / (1 + e)) / beta^2 with e = exp(-|z|), where nothing cancels. Dugas et al. 2001.
 * Measured over all 2^32 inputs: 0.979 ulp, derivative 1.842; float64 0.93 and 1.86.
 */
#include "simd/kernel.h"
#include "simd/scaled.h"
#include "simd/softplus.h"
#include "simd/softplus_slope.h"

#define ACT_NAME softplus
#define ACT_HAS_FROM_OUTPUT
#define ACT_HAS_PARAMETER_TERM
#define ACT_FORWARD_AT_ONCE REAL(2, 4)

/* For any beta. */
ACT_NEVER_INLINE vreal wide_value(vreal x, const vreal *p) {
    const wide minus = minus_magnitude_of_product(p[0], x);
    const vreal sign = signed_by(p[0], x);
    const wscaled s = wide_softplus(minus, sign);
    const vmask passes = softplus_passes(minus, sign); /* where the quotient might overflow, too */
    const wscaled y = scaled_mul(scaled(s.part, s.n), scaled_reciprocal(p[0]));
    return v_select(passes, x, scaled_round(scaled_select(passes, scaled_of(v_set(0)), y)));
}

ACT_NEVER_INLINE vreal wide_slope(vreal x, const vreal *p) {
    const vmask below = v_lt(signed_by(p[0], x), v_set(0));
    const wscaled s = wide_logistic(minus_magnitude_of_product(p[0], x), below);
    return wide_round_scaled(s.part, s.n);
}

ACT_ALWAYS_INLINE int is_plain(const vreal *p) { return __builtin_expect(parameter_is(p[0], 1), 1) != 0; }

ACT_ALWAYS_INLINE vreal value(vreal x, const vreal *p) { return is_plain(p) ? v_softplus(x) : wide_value(x, p); }

ACT_ALWAYS_INLINE vreal from_input(vreal x, vreal dy, const vreal *p) {
    return v_mul(dy, is_plain(p) ? v_softplus_slope(v_neg(x)) : wide_slope(x, p));
}

ACT_ALWAYS_INLINE vreal from_output(vreal y, vreal dy, const vreal *p) {
    if (is_plain(p))
        return v_mul(dy, v_softplus_slope_of(y));
    const wide minus = wide_at_least(minus_magnitude_of_product(p[0], y), -100);
    return v_mul(dy, v_abs(wide_round(wide_expm1(minus))));
}

#if ACT_REAL == 64
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    (void)index;
    const wide minus = minus_magnitude_of_product(p[0], x);
    const wscaled e = wide_exp(minus), r = scaled_reciprocal(p[0]);
    const vmask far = v_lt(minus.hi, v_set(-40));
    const wide joined = wide_joined(e), base = wide_select(far, e.part, joined);
    const wide log = wide_select(far, base, wide_log1p_unit(joined, v_lt(v_set(-0.8814), minus.hi)));
    const wide sum = wide_sub(log, wide_div(wide_mul(base, minus), one_plus(joined)));
    const vreal slope = scaled_round(scaled_mul(scaled(sum, v_keep(far, e.n)), scaled_mul(r, r)));
    return v_mul(dy, v_neg(v_drop(infinite_product(p[0], x), slope)));
}
#endif

#include "simd/elementwise.h"
