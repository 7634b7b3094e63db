/*
 * xielu(alpha_n, alpha_p, beta, eps): y = alpha_p x^2 + beta x for x > 0, else alpha_n (exp(x) - 1 - x) + beta x.
 * Derivative 2 alpha_p x + beta, else alpha_n (exp(x) - 1) + beta. The parameters are those that the formula names:
 * what keeps learned ones in their range is the caller's. eps, which elsewhere keeps exp(x) - 1 - x from cancelling,
 * is accepted and has no effect: here nothing cancels. In float64 y and the derivative of x < 0 are good to 2^-56
 * alpha_n, which shows beside their roots. In pairs of reals, and in wide numbers for huge x and for parameters that
 * are out of proportion; in float32 where y or the derivative is beside a root, too. Huang, Schlag 2024.
 * Measured over all 2^32 inputs: 0.801 ulp, derivative 1.446; float64 0.56 and 1.00, beside roots more.
 */
#include "simd/kernel.h"
#include "simd/exp_fall.h"
#include "simd/wide_exp.h"

#include <float.h>
#include <math.h>

#define ACT_NAME xielu
#define ACT_HAS_PARAMETER_TERM

enum { ALPHA_N, ALPHA_P, BETA };

static inline vmask infinite(vreal x) { return v_lt(v_set(REAL(FLT_MAX, DBL_MAX)), v_abs(x)); }

/* Infinity with the sign of slope; for a slope of 0 the other. */
static inline vreal limit(vreal slope, vreal other) {
    return v_select(v_eq(slope, v_set(0)), other, v_copysign(v_set((real)INFINITY), slope));
}

/* slope * x + offset for x < 0, rounded once; so far out that pairs of float64 may overflow, to a real before. */
ACT_ALWAYS_INLINE vreal line(wide slope, vreal x, vreal offset) {
#if ACT_REAL == 32
    return wide_round(wide_add(wide_mul_real(slope, x), wide_of(offset)));
#else
    const vreal reach = v_set(0x1p500), moved = wide_round(wide_mul_real(slope, v_mul(x, v_set(0x1p-512))));
    const vreal plain = v_fma(moved, v_set(0x1p512), offset);
    const wide near = wide_mul_real(slope, v_at_least(x, v_neg(reach)));
    return v_select(v_lt(x, v_neg(reach)), plain, wide_round(wide_add(near, wide_of(offset))));
#endif
}

/* x from 0 on; for alpha = 0, whose product with infinity is none, to the largest real. */
static inline vreal held_above_0(vreal x, vreal alpha) {
    const vreal largest = v_set(REAL(FLT_MAX, DBL_MAX)), end = v_set((real)INFINITY);
    return v_at_most(v_at_least(x, v_set(0)), v_select(v_eq(alpha, v_set(0)), largest, end));
}

/* x, where a pair has room for alpha x^2: in float32 up to its end, in float64 to less than 2^-12 before it. */
static inline vreal held_in_parabola(vreal x, vreal alpha) {
#if ACT_REAL == 32
    (void)alpha;
    return v_drop(infinite(x), x);
#else
    const vreal size = v_at_least(v_abs(alpha), v_set(0x1p-60));
    return v_at_most(x, v_mul(v_sqrt(v_div(v_set(0x1p963), size)), v_set(0x1.6ap30)));
#endif
}

/* x (alpha x + beta) for x >= 0 in the same manner. */
ACT_ALWAYS_INLINE vreal parabola(vreal x, vreal alpha, vreal beta) {
    const vreal near = held_in_parabola(x, alpha);
    const wide factor = wide_add(wide_exact_product(alpha, near), wide_of(beta));
    const vreal y = wide_round_product(near, factor, v_set(0));
    return v_select(v_lt(near, x), v_mul(x, v_fma(alpha, x, beta)), y);
}

ACT_ALWAYS_INLINE vreal right(vreal x, const vreal *p) {
    const vreal y = parabola(held_above_0(x, p[ALPHA_P]), p[ALPHA_P], p[BETA]);
    return v_select(infinite(x), limit(p[ALPHA_P], limit(p[BETA], v_set(0))), y);
}

/* a, but if that is 0, the sign of slope * x, or for a slope of 0 of other. */
static inline vreal with_sign(vreal a, vreal slope, vreal other, vreal x) {
    const vreal line = v_select(v_eq(slope, v_set(0)), v_mul(other, v_set(0)), v_mul(slope, x));
    return v_select(v_eq(a, v_set(0)), v_copysign(v_set(0), line), a);
}

/* From where exp(x) is nothing beside 1 on to 0. */
static inline vreal held_below_0(vreal x) { return v_at_least(v_at_most(x, v_set(0)), v_set(-64)); }

/* alpha_n (exp(x) - 1 - x) + beta x for x <= 0; from x = -64 down (beta - alpha_n) x - alpha_n. */
ACT_ALWAYS_INLINE vreal left(vreal x, const vreal *p) {
    const vreal held = held_below_0(x);
    const wide excess = wide_expm1_excess(wide_of(held));
    const wide near = wide_add(wide_mul_real(excess, p[ALPHA_N]), wide_exact_product(p[BETA], held));
    const wide slope = wide_sub(wide_of(p[BETA]), wide_of(p[ALPHA_N]));
    const vreal finite = v_at_least(v_at_most(x, v_set(-64)), v_set(REAL(-FLT_MAX, -DBL_MAX)));
    const vreal offset = v_sub(v_set(0), p[ALPHA_N]), far = line(slope, finite, offset);
    const vreal y = v_select(v_lt(x, v_set(-64)), far, with_sign(wide_round(near), p[BETA], p[ALPHA_N], held));
    return v_select(infinite(x), limit(v_neg(wide_head(slope)), offset), y);
}

ACT_NEVER_INLINE vreal wide_value(vreal x, const vreal *p) {
    const vreal zero = v_add(v_mul(p[ALPHA_N], v_set(0)), v_mul(p[BETA], v_copysign(v_set(0), x)));
    const vreal y = v_select(v_lt(v_set(0), x), right(x, p), left(x, p));
    return v_select(v_eq(x, v_set(0)), zero, y);
}

/* alpha_n (exp(x) - 1) + beta near 0, further down alpha_n exp(x) + (beta - alpha_n). */
ACT_ALWAYS_INLINE vreal left_derivative(vreal x, const vreal *p) {
    const wide held = wide_of(v_at_least(v_at_most(x, v_set(0)), v_set(REAL(-200, -1500))));
    const wscaled e = wide_exp(held);
    const wide slope = wide_sub(wide_of(p[BETA]), wide_of(p[ALPHA_N]));
    const wide far = wide_add(wide_mul_real(wide_joined(e), p[ALPHA_N]), slope);
    const wide near = wide_add(wide_mul_real(wide_expm1(held), p[ALPHA_N]), wide_of(p[BETA]));
    const vreal sum = wide_round(wide_select(v_lt(x, v_set(-1)), far, near));
    const vreal curve = v_select(v_lt(x, v_set(0)), with_sign(sum, p[ALPHA_N], p[BETA], wide_head(held)), sum);
    const vreal alone = wide_round_scaled(wide_mul_real(e.part, p[ALPHA_N]), e.n);
    return v_select(v_eq(wide_head(slope), v_set(0)), alone, curve);
}

/* The larger of two factors is not the one to be doubled. */
ACT_NEVER_INLINE vreal wide_derivative(vreal x, const vreal *p) {
    const vmask large = v_lt(v_set(1), v_abs(p[ALPHA_P]));
    const vreal alpha = v_mul(p[ALPHA_P], v_select(large, v_set(1), v_set(2)));
    const vreal near = v_mul(held_above_0(x, p[ALPHA_P]), v_select(large, v_set(2), v_set(1)));
    const vreal slope = v_fma(alpha, near, p[BETA]);
    const vreal above = v_select(infinite(x), limit(p[ALPHA_P], p[BETA]), slope);
    return v_select(v_lt(v_set(0), x), above, left_derivative(x, p));
}

/* Parameters for which pairs of reals serve, and how far x may be from 0. */
ACT_ALWAYS_INLINE int pairs_serve(const vreal *p) {
    const vreal most = v_set((real)0x1p20), alpha = v_at_least(v_abs(p[ALPHA_N]), v_abs(p[ALPHA_P]));
    const vmask large = v_lt(most, v_at_least(alpha, v_abs(p[BETA])));
    return __builtin_expect(v_bits(v_or(large, v_lt(v_abs(p[BETA]), v_set((real)0x1p-20)))) == 0, 1) != 0;
}

#define REACH v_set(REAL(0x1p40f, 0x1p300))

static inline vreal held(vreal x) { return v_at_most(v_at_least(x, v_neg(REACH)), REACH); }

/* exp(x) - 1 of x < 0, held to where exp(x) is nothing beside 1. */
ACT_ALWAYS_INLINE fallen fall_below_0(vreal x) {
    return exp_fall(v_at_least(v_at_most(x, v_set(0)), v_set(REAL(-87, -100))));
}

/* Under this a sum that ends in bent and its lower part, rest, has too few digits: in float32 the fewer times that is
 * held against rest, the more is lost; in float64 where f' has nothing left but exp(x). */
static inline vreal least_sum(vreal bent, vreal rest, real times) {
#if ACT_REAL == 32
    return v_fma(v_set(times), v_abs(rest), v_mul(v_set(0x1p-10f), v_abs(bent)));
#else
    (void)rest, (void)times;
    return v_mul(v_set(0x1p-40), v_abs(bent));
#endif
}

/* alpha_p x^2 + beta x, or alpha_n (exp(x) - 1 - x) + beta x. */
ACT_ALWAYS_INLINE vreal value(vreal x, const vreal *p) {
    if (!pairs_serve(p))
        return wide_value(x, p);
    const vmask left = v_le(x, v_set(0));
    const vreal size = v_abs(x), near = held(x), below = v_at_most(near, v_set(0));
    const fallen fall = fall_below_0(x);
    const vreal excess = v_sub(fall.sum, below), lost = v_sub(v_add(excess, below), fall.sum);
    const vreal excess_less = v_sub(lost, fall.rest);
    const vreal square = v_mul(near, near), square_less = v_fnma(near, near, square);
    const vreal a = v_select(left, p[ALPHA_N], p[ALPHA_P]), curve = v_select(left, excess, square);
    const vreal bent = v_mul(a, curve), line = v_mul(p[BETA], near);
    const vpair sum = v_exact_sum(bent, line);
    const vreal less = v_add(v_fnma(a, curve, bent), v_fnma(p[BETA], near, line));
    const vreal early = v_fnma(a, v_select(left, excess_less, square_less), v_sub(sum.lo, less));
    const vreal rest = v_fma(v_keep(left, v_mul(a, fall.power)), fall.tail, early), far = v_add(sum.hi, rest);
    const vreal tiny = v_fma(p[BETA], near, v_mul(p[ALPHA_N], v_set(0)));
    const vreal y = v_select(v_lt(size, v_set((real)0x1p-100)), tiny, far);
    const vmask beyond = v_lt(REACH, size);
    const vmask doubt = ACT_REAL == 32 ? v_or(beyond, v_lt(v_abs(far), least_sum(bent, rest, 10))) : beyond;
    return __builtin_expect(v_bits(doubt) != 0, 0) ? v_select(doubt, wide_value(x, p), y) : y;
}

ACT_ALWAYS_INLINE vreal derivative(vreal x, const vreal *p) {
    if (!pairs_serve(p))
        return wide_derivative(x, p);
    const fallen fall = fall_below_0(x);
    const vreal bent = v_mul(p[ALPHA_N], fall.sum), less = v_fnma(p[ALPHA_N], fall.sum, bent);
    const vreal early = v_sub(v_mul(p[ALPHA_N], fall.rest), less);
    const vreal rest = v_fma(v_mul(p[ALPHA_N], fall.power), fall.tail, early);
    const vreal left = v_add(v_add(bent, p[BETA]), rest);
    const vreal above = v_fma(v_add(p[ALPHA_P], p[ALPHA_P]), held(x), p[BETA]);
    const vreal slope = v_select(v_lt(v_set(0), x), above, left);
    const vmask doubt = v_or(v_lt(REACH, x), v_lt(v_abs(left), least_sum(bent, rest, 3)));
    return __builtin_expect(v_bits(doubt) != 0, 0) ? v_select(doubt, wide_derivative(x, p), slope) : slope;
}

ACT_ALWAYS_INLINE vreal from_input(vreal x, vreal dy, const vreal *p) { return v_mul(dy, derivative(x, p)); }

#if ACT_REAL == 64
/* exp(x) - 1 - x for x <= 0, else 0. */
static inline vreal excess_term(vreal x) {
    const vreal near = wide_round(wide_expm1_excess(wide_of(held_below_0(x))));
    const vreal excess = v_select(v_lt(x, v_set(-64)), v_sub(v_set(-1), x), near);
    return v_drop(v_lt(v_set(0), x), excess);
}

ACT_ALWAYS_INLINE vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    (void)p;
    const vreal nothing = v_keep(v_isnan(x), x), positive = v_at_least(x, v_set(0));
    if (index == ALPHA_N)
        return v_drop(v_lt(v_set(0), x), v_mul(dy, excess_term(x)));
    if (index == ALPHA_P)
        return v_select(v_lt(v_set(0), x), v_mul(dy, v_mul(positive, positive)), nothing);
    return index == BETA ? v_mul(dy, x) : nothing;
}
#endif

#include "simd/elementwise.h"
