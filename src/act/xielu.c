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
#include "simd/scaled.h"
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

/* x (a x + b), with all its digits beside the root, and its slope 2 a x + b. */
ACT_ALWAYS_INLINE vreal parabola(vreal x, vreal a, vreal b) {
    const wscaled at = scaled_of(x);
    return scaled_round(scaled_mul(at, scaled_add(scaled_mul(scaled_of(a), at), scaled_of(b))));
}

ACT_ALWAYS_INLINE vreal parabola_slope(vreal x, vreal a, vreal b) {
    const wscaled half = scaled_mul(scaled_of(a), scaled_of(x));
    return scaled_round(scaled_add(scaled_add(half, half), scaled_of(b)));
}

/* x from 0 on, but no infinity. */
static inline vreal held_above_0(vreal x) { return v_at_least(v_drop(infinite(x), x), v_set(0)); }

ACT_ALWAYS_INLINE vreal right(vreal x, const vreal *p) {
    const vreal y = parabola(held_above_0(x), p[ALPHA_P], p[BETA]);
    return v_select(infinite(x), limit(p[ALPHA_P], limit(p[BETA], v_set(0))), y);
}

/* exp(x) - 1 - x for -64 <= x <= 0; x^2 / 2 where that might underflow. */
ACT_ALWAYS_INLINE wscaled excess_of(vreal x) {
    const wscaled at = scaled_of(x), near = scaled(wide_expm1_excess(wide_of(x)), v_set(0));
    return scaled_select(v_lt(v_set((real)-0x1p-64), x), scaled_half(scaled_mul(at, at)), near);
}

/* exp(x) - 1 for x <= 0; x where that is it to every digit, which may be subnormal. */
ACT_ALWAYS_INLINE wscaled rise_of(vreal x) {
    const wscaled near = scaled(wide_expm1(wide_of(x)), v_set(0));
    return scaled_select(v_lt(v_set((real)-0x1p-64), x), scaled_of(x), near);
}

/* Of -(beta - alpha_n), or 0: their difference might overflow. */
static inline vreal sign_of_fall(vreal alpha, vreal beta) {
    return v_select(v_lt(beta, alpha), v_set(1), v_keep(v_lt(alpha, beta), v_set(-1)));
}

/* alpha_n (exp(x) - 1 - x) + beta x for x < 0; from x = -64 down, where exp(x) is nothing beside 1, (beta - alpha_n)
 * x - alpha_n. */
ACT_ALWAYS_INLINE vreal left(vreal x, const vreal *p) {
    const vreal below = v_at_most(x, v_set(0)), close = v_at_least(below, v_set(-64));
    const wscaled alpha = scaled_of(p[ALPHA_N]), beta = scaled_of(p[BETA]), slope = scaled_sub(beta, alpha);
    const wscaled near = scaled_add(scaled_mul(alpha, excess_of(close)), scaled_mul(beta, scaled_of(close)));
    const wscaled far = scaled_sub(scaled_mul(slope, scaled_of(v_drop(infinite(x), below))), alpha);
    const vreal y = scaled_round(scaled_select(v_lt(x, v_set(-64)), far, near));
    return v_select(infinite(x), limit(sign_of_fall(p[ALPHA_N], p[BETA]), v_neg(p[ALPHA_N])), y);
}

ACT_NEVER_INLINE vreal wide_value(vreal x, const vreal *p) {
    const vreal zero = v_add(v_mul(p[ALPHA_N], v_set(0)), v_mul(p[BETA], v_copysign(v_set(0), x)));
    const vreal y = v_select(v_lt(v_set(0), x), right(x, p), left(x, p));
    return v_select(v_eq(x, v_set(0)), zero, y);
}

/* alpha_n (exp(x) - 1) + beta near 0, further down alpha_n exp(x) + (beta - alpha_n). */
ACT_ALWAYS_INLINE vreal left_derivative(vreal x, const vreal *p) {
    const vreal ended = v_set(REAL(-330, -3000)); /* any alpha exp(x) is 0 from here down */
    const vreal held = v_at_least(v_at_most(x, v_set(0)), ended);
    const wscaled alpha = scaled_of(p[ALPHA_N]), beta = scaled_of(p[BETA]), e = wide_exp(wide_of(held));
    const wscaled near = scaled_add(scaled_mul(alpha, rise_of(held)), beta);
    const wscaled far = scaled_add(scaled_mul(alpha, e), scaled_sub(beta, alpha));
    return scaled_round(scaled_select(v_lt(x, v_set(-1)), far, near));
}

ACT_NEVER_INLINE vreal wide_derivative(vreal x, const vreal *p) {
    const vreal slope = parabola_slope(held_above_0(x), p[ALPHA_P], p[BETA]);
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
    const vreal near = wide_round(wide_expm1_excess(wide_of(v_at_least(v_at_most(x, v_set(0)), v_set(-64)))));
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
