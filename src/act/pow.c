/*
 * pow(exponent): y = x^exponent as C's pow, but for NaN, which stays NaN whatever the exponent: +-0 and +-Inf as
 * there, NaN for x < 0 with an exponent that is not whole. |x|^e is exp(e log |x|): in float32 with pairs where the
 * result is an ordinary number, see simd/power_f32.h, else with the logarithm to 2^-70, see simd/wide_ln.h and
 * simd/wide_exp.h; the exponents -1, 1/2, 2, 3 and 4 need neither, see simd/small_power.h. Derivative exponent
 * x^(exponent - 1), the difference exact; a flat branch where the exponent is 0. Measured over all inputs for 1.7:
 * 0.68 ulp, derivative 1.37; every 1009th for 14 others: 0.67 and 1.41; float64 0.75 and 0.73, 0.65 where the result
 * is not subnormal.
 */
#include "simd/kernel.h"
#include "simd/small_power.h"
#include "simd/wide_exp.h"
#include "simd/wide_ln.h"

#if ACT_REAL == 32
#include "simd/power_f32.h"
#endif

#include <math.h>

#define ACT_NAME    pow
#define ACT_AT_ONCE 1

/* Whether a real is a whole number, and whether an odd one. */
typedef struct parity {
    vmask whole, odd;
} parity;

/* Large numbers are even; others lose a multiple of 2^26 or 2^12 first, so that v_round has room for them. */
ACT_ALWAYS_INLINE parity parity_of(vreal a) {
    const vreal unit = v_set(REAL(0x1p12f, 0x1p26)), half = v_set((real)0.5);
    const vmask small = v_lt(v_abs(a), v_set(REAL(0x1p24f, 0x1p53)));
    const vreal held = v_keep(small, a);
    const vreal rest = v_fnma(unit, v_round(v_div(held, unit)), held);
    const vmask whole = v_eq(v_round(rest), rest);
    const vreal halved = v_mul(rest, half);
    return (parity){whole, v_andnot(whole, v_eq(v_round(halved), halved))};
}

/* Any exponent beyond has the same effect. */
ACT_ALWAYS_INLINE vreal held_exponent(vreal e) {
    return v_at_most(v_at_least(e, v_set((real)-0x1p100)), v_set((real)0x1p100));
}

/* factor * a 2^n for n up to 2100, rounded once: a power that overflows may still meet a small factor. */
ACT_ALWAYS_INLINE vreal scaled_product(vreal factor, wscaled a) {
#if ACT_REAL == 32
    return wide_round(wide_mul_real(a.part, factor));
#else
    const vreal above = v_at_least(v_sub(a.n, v_set(1000)), v_set(0));
    const vmask large = v_lt(v_set(1), v_abs(factor));
    const vreal moved = v_mul(factor, v_select(large, v_set(0x1p-128), v_set(0x1p128)));
    const vreal product = v_mul(wide_round(wide_mul_real(a.part, moved)), v_pow2(above));
    const vreal left = v_add(v_sub(a.n, above), v_select(large, v_set(128), v_set(-128)));
    const vreal last = v_at_most(left, v_set(1000));
    return v_scale(v_mul(product, v_pow2(v_sub(left, last))), v_at_least(last, v_set(-2000)));
#endif
}

/* |x|^e for a finite x other than 0. */
ACT_ALWAYS_INLINE wscaled magnitude(vreal x, wide e) {
    const wide exponent = wide_mul(wide_ln(v_abs(x)), e);
    return wide_exp(wide_at_most(wide_at_least(exponent, REAL(-700, -1500)), REAL(700, 1400)));
}

/* factor |x|^e for x = 0 or infinite; sign is e or of its sign. */
ACT_ALWAYS_INLINE vreal at_end(vreal x, vreal sign, vreal factor) {
    const vreal zero = v_set(0);
    const vreal outward = v_select(v_eq(x, zero), v_neg(sign), sign);
    const vreal finite = v_select(v_lt(outward, zero), zero, v_set(1));
    return v_mul(v_select(v_lt(zero, outward), v_set(INFINITY), finite), factor);
}

/* factor x^e; sign is e or of its sign, odd where x < 0 changes that of the power. */
ACT_ALWAYS_INLINE vreal power(vreal x, wide e, vreal sign, vmask whole, vmask odd, vreal factor) {
    const vreal zero = v_set(0);
    const vmask end = v_or(v_eq(x, zero), v_eq(v_abs(x), v_set(INFINITY)));
    const vreal inside = scaled_product(factor, magnitude(v_select(end, v_set(1), x), e));
    const vreal unsigned_power = v_select(end, at_end(x, sign, factor), inside);
    const vreal turned =
        v_copysign(unsigned_power, v_mul(v_copysign(v_set(1), unsigned_power), v_copysign(v_set(1), x)));
    const vreal result = v_select(odd, turned, unsigned_power);
    const vmask none = v_andnot(v_andnot(v_lt(x, zero), end), whole);
    return v_select(v_isnan(x), x, v_select(none, v_set(NAN), result));
}

ACT_ALWAYS_INLINE vreal general_value(vreal x, const vreal *p) {
    const parity e = parity_of(p[0]);
    return power(x, wide_of(held_exponent(p[0])), p[0], e.whole, e.odd, v_set(1));
}

#if ACT_REAL == 32
/* The same for all lanes. */
ACT_ALWAYS_INLINE int is_moderate(const vreal *p) {
    return v_all(v_andnot(v_le(v_abs(p[0]), v_set(0x1p20f)), v_lt(v_abs(p[0]), v_set(0x1p-100f))));
}

ACT_ALWAYS_INLINE vreal other_value(vreal x, const vreal *p) {
    if (!is_moderate(p))
        return general_value(x, p);
    const parity e = parity_of(p[0]);
    const near_power power = power_near(x, (vpair){p[0], v_set(0)}, e.whole, e.odd);
    const vreal near = v_mul(power.mantissa, power.scale);
    return __builtin_expect(v_all(power.sure), 1) ? near : v_select(power.sure, near, general_value(x, p));
}
#else
ACT_ALWAYS_INLINE vreal other_value(vreal x, const vreal *p) { return general_value(x, p); }
#endif

ACT_ALWAYS_INLINE vreal value(vreal x, const vreal *p) {
    if (parameter_is(p[0], 2))
        return v_mul(x, x);
    if (parameter_is(p[0], 3))
        return cube(x);
    if (parameter_is(p[0], 4))
        return fourth_power(x);
    if (parameter_is(p[0], (real)0.5))
        return root(x);
    if (parameter_is(p[0], -1))
        return reciprocal(x);
    return other_value(x, p);
}

ACT_ALWAYS_INLINE vreal general_derivative(vreal x, const vreal *p) {
    const parity e = parity_of(p[0]);
    const wide less = wide_plus(wide_of(held_exponent(p[0])), -1);
    const vmask odd = v_andnot(e.whole, e.odd);
    return power(x, less, v_sub(p[0], v_set(1)), e.whole, odd, p[0]);
}

#if ACT_REAL == 32
ACT_ALWAYS_INLINE vreal other_derivative(vreal x, const vreal *p) {
    if (!is_moderate(p))
        return general_derivative(x, p);
    const parity e = parity_of(p[0]);
    const near_power power = power_near(x, v_exact_sum(p[0], v_set(-1)), e.whole, v_andnot(e.whole, e.odd));
    const vreal near = v_mul(v_mul(p[0], power.mantissa), power.scale);
    return __builtin_expect(v_all(power.sure), 1) ? near : v_select(power.sure, near, general_derivative(x, p));
}
#else
ACT_ALWAYS_INLINE vreal other_derivative(vreal x, const vreal *p) { return general_derivative(x, p); }
#endif

ACT_ALWAYS_INLINE vreal from_input(vreal x, vreal dy, const vreal *p) {
    if (parameter_is(p[0], 2))
        return v_mul(dy, v_add(x, x));
    if (parameter_is(p[0], 3))
        return v_mul(dy, v_mul(v_mul(v_set(3), x), x));
    if (parameter_is(p[0], 4))
        return v_mul(dy, v_mul(v_mul(v_set(4), x), v_mul(x, x)));
    if (parameter_is(p[0], (real)0.5))
        return root_gradient(root(x), dy);
    if (parameter_is(p[0], -1))
        return reciprocal_gradient(x, dy);
    if (parameter_is(p[0], 0))
        return v_keep(v_isnan(x), x);
    return v_mul(dy, other_derivative(x, p));
}

#if ACT_REAL == 64
#define ACT_HAS_PARAMETER_TERM
/* x^exponent log(x); its limit at 0 and Inf, NaN for x < 0. */
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    (void)index;
    const vreal zero = v_set(0), infinity = v_set(INFINITY);
    const vmask at_zero = v_eq(x, zero), at_infinity = v_eq(x, infinity), end = v_or(at_zero, at_infinity);
    const vmask vanishes = v_lt(v_select(at_zero, v_neg(p[0]), p[0]), zero);
    const vreal at_pole = v_neg(v_select(parity_of(p[0]).odd, v_copysign(infinity, x), infinity));
    const vreal limit = v_select(vanishes, zero, v_select(at_zero, at_pole, infinity));
    const vreal held = v_select(v_or(end, v_lt(x, zero)), v_set(1), x);
    const vreal inside = scaled_product(wide_round(wide_ln(held)), magnitude(held, wide_of(held_exponent(p[0]))));
    const vreal term = v_select(end, limit, v_select(v_lt(x, zero), v_set(NAN), inside));
    return v_mul(dy, v_select(v_isnan(x), x, term));
}
#endif

#include "simd/elementwise.h"
