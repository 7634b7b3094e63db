/*
 * hard_swish(a, b): with t = a * x + b ((x + 3) / 6 as it comes, see simd/hard_line.h) y = t <= 0 ? +0 : t >= 1 ? x
 * : x * t. Derivative 0 for t <= 0, where dx is +0 whatever dy is, 1 for t >= 1, else 2 a x + b; by a x^2, by b x,
 * for 0 < t < 1. Any finite a and b. Pairs carry what the sum and the product lose. y falls and rises, so that it
 * does not tell x.
 */
#include "simd/branches.h"
#include "simd/hard_line.h"
#include "simd/kernel.h"

#define ACT_NAME hard_swish

static inline vreal value(vreal x, const vreal *p) {
    const hard_line l = hard_line_at(x, p);
    const vpair line = v_exact_product(l.slope, l.x), sum = v_exact_sum(line.hi, l.offset);
    const vpair product = v_exact_product(l.x, sum.hi);
    const vreal rest = v_fma(l.x, v_add(sum.lo, line.lo), product.lo);
    const vmask beyond = v_or(l.high, v_eq(v_abs(x), v_set((real)INFINITY)));
    const vreal inside = v_copysign(hard_line_divide(&l, (vpair){product.hi, rest}), x);
    return v_select(l.low, v_set(0), v_select(beyond, x, inside));
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    const hard_line l = hard_line_at(x, p);
    const vreal half = v_set((real)0.5);
    const vreal derivative = v_div(v_fma(l.slope, l.x, v_mul(half, l.offset)), v_mul(half, l.divisor));
    return v_select(l.low, v_set(0), v_select(l.high, dy, v_mul(dy, derivative)));
}

#if ACT_REAL == 64
#define ACT_HAS_PARAMETER_TERM
static inline vreal parameter_term(vreal x, vreal dy, const vreal *p, int32_t index) {
    const hard_line l = hard_line_at(x, p);
    const vmask flat = v_or(l.low, l.high);
    const vreal held = v_select(flat, v_set(0), x), term = v_mul(dy, held);
    return flat_where(flat, x, index == 0 ? v_mul(term, held) : term);
}
#endif

#include "simd/elementwise.h"
