/*
 * scaled_tanh(a, b): y = b tanh(z) with z = a x. Derivative a b / cosh(z)^2 = 4 a b E / (1 + E)^2 with E =
 * exp(-2|z|); from y: a (b^2 - y^2) / b, which cancels for |y| near b. Where z is so small that tanh(z) is z to
 * every digit, y is a b x, so that z need not be a normal number. Gradients: in a b x / cosh(z)^2, in b tanh(z).
 * LeCun 1989. In pairs, float32 with tanh's parts of simd/tanh.h, in wide numbers where a or b is far out.
 * Measured over all 2^32 inputs: 0.883 ulp, derivative 0.808; float64 0.80 and 0.90.
 */
#include "simd/kernel.h"
#include "simd/hyperbolic.h"
#include "simd/logistic.h"
#include "simd/scaled.h"
#include "simd/exp_sum.h"
#include "simd/tanh.h"

#include <math.h>

#define ACT_NAME scaled_tanh
#define ACT_HAS_FROM_OUTPUT
#define ACT_HAS_PARAMETER_TERM
#define ACT_AT_ONCE         4
#define ACT_FORWARD_AT_ONCE REAL(3, 2)

/* -2 |a x| */
static inline wide argument(vreal a, vreal x) { return wide_times(minus_magnitude_of_product(a, x), 2); }

/* 1 or -1. */
ACT_ALWAYS_INLINE vreal sign_of_product(vreal a, vreal b) {
    return v_mul(v_copysign(v_set(1), a), v_copysign(v_set(1), b));
}

/* |x|, but no infinity. */
static inline vreal finite_size(vreal x) { return v_at_most(v_abs(x), v_set(LARGEST_REAL)); }

/* scale * tanh(a x) */
ACT_ALWAYS_INLINE vreal scaled_value(vreal x, vreal a, vreal scale) {
    const wide twice = argument(a, x);
    const vmask small = v_lt(v_set((real)-0x1p-31), wide_head(twice));
    const wscaled tangent = scaled(wide_tanh(wide_at_least(twice, -2 * TANH_LIMIT)), v_set(0));
    const wscaled line = scaled_mul(scaled_of(a), scaled_of(finite_size(x)));
    const vreal y = scaled_round(scaled_mul(scaled_of(scale), scaled_select(small, line, tangent)));
    return v_copysign(y, v_mul(sign_of_product(a, scale), x));
}

/* factor / cosh(a x)^2 */
ACT_ALWAYS_INLINE vreal scaled_bell(vreal x, vreal a, wscaled factor) {
    const wscaled d = wide_logistic_derivative(argument(a, x));
    return scaled_round(scaled_mul(factor, scaled(wide_times(d.part, 4), d.n)));
}

ACT_NEVER_INLINE vreal wide_value(vreal x, const vreal *p) { return scaled_value(x, p[0], p[1]); }
ACT_NEVER_INLINE vreal wide_derivative(vreal x, const vreal *p) {
    const vreal slope = scaled_bell(x, p[0], scaled_mul(scaled_of(p[0]), scaled_of(p[1])));
    return v_copysign(slope, sign_of_product(p[0], p[1]));
}

ACT_ALWAYS_INLINE int pairs_serve(const vreal *p) {
    const vreal least = v_set(REAL(0x1p-14f, 0x1p-200)), most = v_set(REAL(0x1p14f, 0x1p100));
    const vreal a = v_abs(p[0]), b = v_abs(p[1]);
    const vmask outside = v_or(v_or(v_lt(a, least), v_lt(b, least)), v_or(v_lt(most, a), v_lt(most, b)));
    return __builtin_expect(v_bits(outside) == 0, 1) != 0;
}

/* The size of a parameter for which pairs serve. Compilers compute what depends on parameters alone ahead of the test
 * for that, and parameters that are far out must not overflow or divide by 0 there; with the bounds of the test they
 * would know it. */
ACT_ALWAYS_INLINE vreal held_size(vreal p) {
    const vreal least = v_set(REAL(0x1p-15f, 0x1p-201)), most = v_set(REAL(0x1p15f, 0x1p101));
    return v_at_most(v_at_least(v_abs(p), least), most);
}

/* The |x| that gives `most` times factor. */
ACT_ALWAYS_INLINE vreal bound(real most, vreal factor) { return v_div(v_set(most), factor); }

/* From where on tanh(|z|) is 1. */
#define TANH_END REAL(9.04f, 40)

/* b tanh(a |x|) with |x| held to end: float32 by the parts of simd/tanh.h, with what they and a |x| have lost. */
ACT_ALWAYS_INLINE vreal curve_value(vreal held, vreal a, vreal b, vreal end) {
#if ACT_REAL == 32
    const vtanh h = v_tanh_parts_of(v_exact_product(a, held), 1);
    const vreal rise = v_mul(h.slope, h.h), share = v_div(rise, h.divisor), left = v_fnma(share, h.divisor, rise);
    const vreal rise_less = v_fnma(h.slope, h.rest, v_fnma(h.slope, h.h, rise)), less = v_sub(rise_less, left);
    const vreal product = v_mul(b, h.value), product_less = v_fma(b, less, v_fnma(b, h.value, product));
    const vreal curve = v_add(product, v_fma(b, share, v_neg(product_less)));
    return v_select(v_le(end, held), b, curve);
#else
    (void)end;
    const vpair t = v_tanh_from(v_exact_product(v_mul(v_set(-2), a), held), 1);
    return v_fma(b, t.hi, v_mul(b, t.lo));
#endif
}

ACT_ALWAYS_INLINE vreal value(vreal x, const vreal *p) {
    if (!pairs_serve(p))
        return wide_value(x, p);
    const vreal a = held_size(p[0]), end = bound(TANH_END, a), held = v_at_most(v_abs(x), end);
    const vreal raised_a = v_mul(a, v_set((real)0x1p64)); /* of whose products the least x leaves all */
    const vpair slope = v_exact_product(raised_a, held_size(p[1]));
    const vreal raised = v_fma(slope.hi, held, v_mul(slope.lo, held)), line = v_mul(raised, v_set((real)0x1p-64));
    const vreal curve = curve_value(held, a, p[1], end);
    const vmask small = v_lt(v_mul(a, held), v_set(REAL(0x1p-14f, 0x1p-31)));
    return v_copysign(v_select(small, line, curve), v_mul(sign_of_product(p[0], p[1]), x));
}

/* 4 a b s (1 - s) with s = 1 / (1 + exp(2 |z|)) as a pair, held larger; see simd/exp_sum.h. */
ACT_ALWAYS_INLINE vreal derivative(vreal x, const vreal *p) {
    if (!pairs_serve(p))
        return wide_derivative(x, p);
    const vreal a = held_size(p[0]), sign = sign_of_product(p[0], p[1]);
    const vpair factor = v_exact_product(v_mul(v_set(4), v_copysign(a, sign)), held_size(p[1]));
    const vreal twice = v_mul(v_set(2), a), held = v_at_most(v_abs(x), bound(REAL(126, 1000), twice));
    const exp_sum e = exp_sum_of(v_exact_product(twice, held), 0);
    const vreal s = e.reciprocal, lowered = v_mul(s, e.one);
    const vreal remainder = v_fnma(s, e.sum.lo, v_fnma(s, e.sum.hi, v_set(1))), s_rest = v_mul(remainder, s);
    const vreal d = v_fnma(s, lowered, s), lost = v_fnma(s, lowered, v_sub(s, d));
    const vreal d_rest = v_fma(s_rest, v_fnma(v_set(2), lowered, v_set(1)), lost);
    const vreal rest = v_fma(factor.lo, d, v_mul(factor.hi, d_rest));
    return v_mul(v_fma(factor.hi, d, rest), e.one);
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) { return v_mul(dy, derivative(x, p)); }

/* a (b - y) (b + y) / b; 0 for b = 0, where y is 0. */
ACT_NEVER_INLINE vreal wide_derivative_of(vreal y, const vreal *p) {
    const wscaled b = scaled_of(p[1]), at = scaled_of(y);
    const wscaled product = scaled_mul(scaled_add(b, at), scaled_sub(b, at));
    const vmask none = v_eq(p[1], v_set(0));
    const wscaled quotient =
        scaled(wide_div(product.part, wide_select(none, wide_set(1, 0), b.part)), v_sub(product.n, b.n));
    const vreal slope = scaled_round(scaled_mul(scaled_of(p[0]), quotient));
    return v_select(v_lt(v_set(LARGEST_REAL), v_abs(y)), v_set((real)NAN),
                    slope); /* no y is that; pairs give NaN, too */
}

/* (b^2 - y^2) a / b, with b^2 as a pair, so that only its difference with y^2 rounds where that cancels. */
ACT_ALWAYS_INLINE vreal derivative_of(vreal y, const vreal *p) {
    if (!pairs_serve(p))
        return wide_derivative_of(y, p);
    const vreal a = v_copysign(held_size(p[0]), p[0]), size = held_size(p[1]), b = v_copysign(size, p[1]);
    const vreal reciprocal = v_div(v_set(1), b);
    const vpair square = v_exact_product(size, size);
    const vreal factor = v_mul(a, reciprocal), factor_rest = v_mul(v_fnma(factor, b, a), reciprocal);
    const vreal near = v_fnma(y, y, square.hi), difference = v_add(near, square.lo);
    const vreal rest = v_add(v_sub(near, difference), square.lo);
    return v_fma(difference, factor, v_fma(difference, factor_rest, v_mul(rest, factor)));
}

static inline vreal from_output(vreal y, vreal dy, const vreal *p) { return v_mul(dy, derivative_of(y, p)); }

#if ACT_REAL == 64
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    if (index == 1)
        return v_mul(dy, scaled_value(x, p[0], v_set(1)));
    const vreal held = v_drop(infinite_product(p[0], x), x), size = v_abs(held);
    const vmask infinite = v_lt(v_set(LARGEST_REAL), size); /* only for a = 0 */
    const vreal bell = scaled_bell(x, p[0], scaled_mul(scaled_of(p[1]), scaled_of(v_drop(infinite, size))));
    const vreal slope = v_select(infinite, v_drop(v_eq(p[1], v_set(0)), size), bell);
    return v_mul(dy, v_copysign(slope, sign_of_product(held, p[1])));
}
#endif

#include "simd/elementwise.h"
