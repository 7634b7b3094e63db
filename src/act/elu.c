/*
 * elu(alpha): y = x > 0 ? x : alpha * (exp(x) - 1); derivative 1 for x > 0, else alpha * exp(x); by alpha 0 for
 * x > 0, else exp(x) - 1. Any finite alpha.
 * The pair of 1 - exp times alpha is rounded once; a zero or underflowed y has the sign of alpha * x. From y only
 * where alpha > 0: y + alpha, which cancels in the tail (below -17 in float32 no digit is left), because y does not
 * hold more.
 * In float32 no pair is needed for alpha = 1.
 * Measured over all 2^32 inputs, several alpha: 0.88 ulp, derivative 1.07; float64, 60000 inputs: 0.71 and 0.94.
 */
#include "simd/exp_rise.h"
#include "simd/kernel.h"

#define ACT_NAME elu
#define ACT_HAS_FROM_OUTPUT

/* exp(x) where x <= 0, from where 1 - exp(x) is 1 to every digit. Other lanes are not selected, but may raise no
 * exceptions either: they give exp(0). */
static inline vexp exp_below_0(vreal x) {
    return v_exp_normal(v_at_least(v_at_most(x, v_set(0)), v_set(REAL(-40.0f, -80.0))), v_set(0));
}

static inline vpair one_minus_exp(vreal x) { return v_normal_pair(v_one_minus(exp_rise(exp_below_0(x), v_set(0)))); }

/* alpha = 1: max(x, 0) - (1 - exp(min(x, 0))), where one of both is 0. Of 2^n p the rounding of p = exp(r) - 1 is at
 * most a quarter of a unit of 1 - 2^n - 2^n p, or all there is where n is 0. */
static inline vreal unit_value(vreal x) {
    const vexp e = exp_below_0(x);
    const vreal fall = v_fnma(e.power, e.p, v_sub(v_set(1), e.power));
    return v_sub(v_at_least(x, v_set((real)-0.0)), fall);
}

static inline vreal value(vreal x, const vreal *p) {
    const vreal alpha = p[0];
    if (ACT_REAL == 32 && parameter_is(alpha, 1))
        return unit_value(x);
    const vpair one_minus = one_minus_exp(x);
    const vreal magnitude = v_fma(alpha, one_minus.hi, v_mul(alpha, one_minus.lo));
    const vreal negative = v_copysign(magnitude, v_mul(x, v_copysign(v_set(1), alpha)));
    return v_select(v_lt(v_set(0), x), x, negative);
}

/* Large alpha is held 2^64 smaller, so that alpha (1 + p) cannot overflow, and meets smaller exponentials. */
static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    const vmask large = v_lt(v_set(1), v_abs(p[0]));
    const vreal alpha = v_select(large, v_mul(p[0], v_set(REAL(0x1p-64f, 0x1p-64))), p[0]);
    const vreal shift = v_keep(large, v_set(64));
    const vexp e = v_exp(v_at_most(x, v_set(0)), v_select(large, v_set(REAL(-195.0f, -1456.0)), V_EXP_FLOOR));
    const vreal derivative = v_scale(v_fma(alpha, e.rough, alpha), v_add(e.n, shift));
    return v_select(v_lt(v_set(0), x), dy, v_mul(dy, derivative));
}

static inline vreal from_output(vreal y, vreal dy, const vreal *p) {
    return v_select(v_lt(v_set(0), y), dy, v_mul(dy, v_add(y, p[0])));
}

#if ACT_REAL == 64
#define ACT_HAS_PARAMETER_TERM
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    (void)p;
    (void)index;
    const vmask positive = v_lt(v_set(0), x);
    const vreal passed = v_drop(positive, v_neg(dy));
    return v_drop(positive, v_mul(passed, one_minus_exp(x).hi));
}
#endif

#include "simd/elementwise.h"
