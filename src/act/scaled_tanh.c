/*
 * scaled_tanh(a, b): y = b tanh(z) with z = a x. Derivative a b / cosh(z)^2 = 4 a b E / (1 + E)^2 with E =
 * exp(-2|z|); from y: a (b - y) (b + y) / b, which cancels for |y| near b. Where z is so small that tanh(z) is z to
 * every digit, y is a b x, so that z need not be a normal number. Gradients: in a b x / cosh(z)^2, in b tanh(z).
 * LeCun 1989. float32 in wide numbers, float64 in pairs but for a and b that are far out.
 * Measured: 0.500 ulp, derivative 0.500; float64 0.80 and 0.90.
 */
#include "simd/kernel.h"
#include "simd/hyperbolic.h"
#include "simd/logistic.h"
#if ACT_REAL == 64
#include "simd/exp_sum.h"
#include "simd/tanh.h"
#endif

#define ACT_NAME scaled_tanh
#define ACT_HAS_FROM_OUTPUT
#define ACT_HAS_PARAMETER_TERM

/* -2 |a x| */
static inline wide argument(vreal a, vreal x) { return wide_times(minus_magnitude_of_product(a, x), 2); }

/* scale * tanh(a x) */
static inline vreal scaled_value(vreal x, vreal a, vreal scale) {
    const wide twice = argument(a, x);
    const vreal size = v_at_most(v_abs(x), v_set(LARGEST_REAL));
    const vreal tangent = wide_round_product(scale, wide_tanh(wide_at_least(twice, -2 * TANH_LIMIT)), v_set(0));
    const vmask small = v_lt(v_set((real)-0x1p-31), wide_head(twice));
    const vreal line = wide_round_product(v_keep(small, size), wide_exact_product(a, scale), v_set(0));
    const vreal sign = v_mul(v_copysign(v_set(1), a), v_copysign(v_set(1), scale));
    return v_copysign(v_select(small, line, tangent), v_mul(sign, x));
}

static inline vreal scaled_derivative(vreal x, const vreal *p) {
    const wscaled d = wide_logistic_derivative(argument(p[0], x));
    const wide factor = wide_times(wide_exact_product(p[0], p[1]), 4);
    return wide_round_scaled(wide_mul(factor, d.part), d.n);
}

#if ACT_REAL == 32
static inline vreal value(vreal x, const vreal *p) { return scaled_value(x, p[0], p[1]); }
static inline vreal derivative(vreal x, const vreal *p) { return scaled_derivative(x, p); }
#else
ACT_NEVER_INLINE vreal wide_value(vreal x, const vreal *p) { return scaled_value(x, p[0], p[1]); }
ACT_NEVER_INLINE vreal wide_derivative(vreal x, const vreal *p) { return scaled_derivative(x, p); }

ACT_ALWAYS_INLINE int pairs_serve(const vreal *p) {
    const vreal least = v_set(0x1p-200), most = v_set(0x1p100), a = v_abs(p[0]), b = v_abs(p[1]);
    const vmask outside = v_or(v_or(v_lt(a, least), v_lt(b, least)), v_or(v_lt(most, a), v_lt(most, b)));
    return __builtin_expect(v_bits(outside) == 0, 1) != 0;
}

/* |x|, but no more than what gives `most` times factor. */
ACT_ALWAYS_INLINE vreal held_to(double most, vreal x, vreal factor) {
    const vreal divisor = v_at_least(factor, v_set(0x1p-200)); /* or compilers divide by 0 ahead of the test for it */
    return v_at_most(v_abs(x), v_div(v_set(most), divisor));
}

ACT_ALWAYS_INLINE vreal value(vreal x, const vreal *p) {
    if (!pairs_serve(p))
        return wide_value(x, p);
    const vreal twice = v_mul(v_set(2), v_abs(p[0])), held = held_to(80, x, twice);
    const vpair minus = v_exact_product(v_neg(twice), held), t = v_tanh_from(minus, 1);
    const vpair slope = v_exact_product(p[0], p[1]);
    const vreal curve = v_fma(p[1], t.hi, v_mul(p[1], t.lo)), line = v_fma(slope.hi, held, v_mul(slope.lo, held));
    const vreal sign = v_mul(v_copysign(v_set(1), p[0]), v_copysign(v_set(1), p[1]));
    return v_copysign(v_select(v_lt(v_set(-0x1p-30), minus.hi), line, curve), v_mul(sign, x));
}

/* 4 a b s (1 - s) with s = 1 / (1 + exp(2 |z|)) as a pair, held larger; see simd/exp_sum.h. */
ACT_ALWAYS_INLINE vreal derivative(vreal x, const vreal *p) {
    if (!pairs_serve(p))
        return wide_derivative(x, p);
    const vpair factor = v_exact_product(v_mul(v_set(4), p[0]), p[1]);
    const vreal twice = v_mul(v_set(2), v_abs(p[0]));
    const exp_sum e = exp_sum_of(v_exact_product(twice, held_to(1000, x, twice)), 0);
    const vreal s = e.reciprocal, lowered = v_mul(s, e.one);
    const vreal remainder = v_fnma(s, e.sum.lo, v_fnma(s, e.sum.hi, v_set(1))), s_rest = v_mul(remainder, s);
    const vreal d = v_fnma(s, lowered, s), lost = v_fnma(s, lowered, v_sub(s, d));
    const vreal d_rest = v_fma(s_rest, v_fnma(v_set(2), lowered, v_set(1)), lost);
    const vreal rest = v_fma(factor.lo, d, v_mul(factor.hi, d_rest));
    return v_mul(v_fma(factor.hi, d, rest), e.one);
}
#endif

static inline vreal from_input(vreal x, vreal dy, const vreal *p) { return v_mul(dy, derivative(x, p)); }

static inline vreal from_output(vreal y, vreal dy, const vreal *p) {
    const vmask nothing = v_eq(p[1], v_set(0));
    const vreal b = v_select(nothing, v_set(1), p[1]), rest = v_mul(v_sub(b, y), v_div(v_add(b, y), b));
    return v_mul(dy, v_select(nothing, v_set(0), v_mul(p[0], rest)));
}

#if ACT_REAL == 64
ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    if (index == 1)
        return v_mul(dy, scaled_value(x, p[0], v_set(1)));
    const wscaled d = wide_logistic_derivative(argument(p[0], x));
    const vreal held = v_select(infinite_product(p[0], x), v_set(0), x), largest = v_set(LARGEST_REAL);
    const vreal finite = v_at_most(v_at_least(held, v_neg(largest)), largest);
    const vreal slope = wide_round_product(finite, wide_times(wide_mul_real(d.part, p[1]), 4), d.n);
    return v_mul(dy, v_select(v_lt(largest, v_abs(held)), v_mul(held, v_copysign(v_set(1), p[1])),
                              slope)); /* the latter for a = 0 */
}
#endif

#include "simd/elementwise.h"
