/*
 * gelu in float32 arithmetic. exp(-x^2 / 2) = 2^n (1 + p) is taken of the exact square, and meets a factor from a
 * table of polynomials (gelu_table.h): the tail of the normal distribution over its density, or for the slope that
 * and the distance to its root. Everything is a pair until the one rounding at the end; the far tail is scaled after
 * it.
 */
#ifndef ACT_SIMD_GELU_F32_H
#define ACT_SIMD_GELU_F32_H

#include "simd/gelu_table.h"
#include "simd/table_polynomial.h"

#define GELU_END v_set(14.875f) /* exp(-x^2 / 2) underflows beyond */

/* exp(-x^2 / 2) */
static inline vexp half_square_exp(vreal x) {
    const vreal minus_half = v_mul(v_set(-0.5f), x), product = v_mul(minus_half, x);
    return v_exp_near(product, v_fma(minus_half, x, v_neg(product)), v_exp_multiple(product));
}

/* f(a) for 0 <= a <= GELU_END. */
static inline vpair from_table(const float (*table)[32], int rows, vreal a) {
    return v_table_polynomial(table, rows, a, v_add(a, v_set(1)));
}

/* a (1 + p) */
static inline vpair times_one_plus(vpair a, vexp e) {
    const vreal product = v_fma(a.hi, e.p, a.hi);
    const vreal rest = v_fma(a.hi, e.tail, v_fma(a.hi, e.head, v_sub(a.hi, product)));
    return (vpair){product, v_add(rest, v_fma(a.lo, e.p, a.lo))};
}

/* What is to be scaled by 2^n last: part for x < 0, else 1 - part 2^n, of which n is 0. */
typedef struct vshare {
    vpair sum;
    vreal n;
} vshare;

static inline vshare lower_share(vreal x, vpair part, vexp e) {
    const vmask negative = v_lt(x, v_set(0));
    const vreal base = v_select(negative, v_set(0), v_set(1)), factor = v_select(negative, v_set(1), v_neg(e.power));
    const vreal sum = v_fma(factor, part.hi, base);
    const vreal rest = v_fma(factor, part.lo, v_fma(factor, part.hi, v_sub(base, sum)));
    return (vshare){{sum, rest}, v_keep(negative, e.n)};
}

static inline vreal gelu_value(vreal x) {
    const vreal above = v_at_least(x, v_neg(GELU_END)), held = v_at_most(above, GELU_END);
    const vexp e = half_square_exp(held);
    const vpair tail = times_one_plus(from_table(mills_table, 7, v_abs(held)), e);
    const vshare share = lower_share(held, tail, e);
    return v_copysign(v_scale(v_fma(above, share.sum.hi, v_mul(held, share.sum.lo)), share.n), x);
}

/* root - a, for the root of the slope. */
static inline vpair distance_to_root(vreal a) {
    const vreal root = v_set(0x1.80ead2p-1f), difference = v_sub(root, a), part = v_sub(difference, root);
    const vreal rest = v_sub(v_sub(root, v_sub(difference, part)), v_add(a, part));
    return (vpair){difference, v_add(rest, v_set(-0x1.a03fd4p-27f))};
}

static inline vpair times(vpair a, vpair b) {
    const vreal product = v_mul(a.hi, b.hi);
    const vreal exact = v_fma(a.hi, b.hi, v_neg(product));
    return (vpair){product, v_fma(a.lo, b.hi, v_fma(a.hi, b.lo, exact))};
}

static inline vreal gelu_derivative(vreal x) {
    const vreal held = v_at_most(v_at_least(x, v_neg(GELU_END)), GELU_END), a = v_abs(held);
    const vexp e = half_square_exp(held);
    const vpair slope = times_one_plus(times(distance_to_root(a), from_table(slope_table, 6, a)), e);
    const vshare share = lower_share(held, slope, e);
    return v_scale(v_add(share.sum.hi, share.sum.lo), share.n);
}

#endif
