/*
 * The line t = a x + b of hard_sigmoid and hard_swish and where it is cut, at t <= 0 and t >= 1. a = 1/6 with b = 1/2
 * is (x + 3) / 6 with the exact sixth, also where float64 computes with float32's parameters; other a and b are what
 * they are. The cuts are exact: no rounding of t moves an x to the other side. What does not depend on x leaves the
 * loop.
 */
#ifndef ACT_SIMD_HARD_LINE_H
#define ACT_SIMD_HARD_LINE_H

#include "simd/math.h"

#include <math.h>

/* t = (slope x + offset) / divisor. */
typedef struct hard_line {
    vreal slope, offset, divisor;
    vmask sixth;     /* slope is 1, so that its products are exact */
    vmask low, high; /* t <= 0, t >= 1; neither where x is NaN */
    vreal x;         /* x where t is neither low nor high, else 0 */
} hard_line;

/* slope, or its sign where the product is compared with 0 and might underflow. */
static inline vreal hard_line_direction(vreal slope, vreal offset) {
    const vreal sign = v_select(v_eq(slope, v_set(0)), slope, v_copysign(v_set(1), slope));
    return v_select(v_eq(offset, v_set(0)), sign, slope);
}

/* |x| of which the line is far beyond a cut, but its product does not overflow; where the slope is 0, any finite. */
static inline vreal hard_line_reach(vreal slope) {
    const vreal steepness = v_abs(slope), half = v_set((real)0.5), most = v_set(V_MOST);
    const vreal reach = v_div(v_mul(half, most), v_select(v_lt(half, steepness), steepness, half));
    const vmask gentle = v_andnot(v_le(steepness, half), v_eq(slope, v_set(0)));
    return v_select(gentle, v_set((real)INFINITY), reach);
}

static inline hard_line hard_line_at(vreal x, const vreal *p) {
    hard_line l;
    const vreal one = v_set(1);
    const vmask other_offset = v_or(v_lt(p[1], v_set((real)0.5)), v_lt(v_set((real)0.5), p[1]));
    const vmask sixth = v_or(v_eq(p[0], v_set((real)(1.0f / 6))), v_eq(p[0], v_set((real)(1.0 / 6))));
    l.sixth = v_andnot(sixth, other_offset);
    l.slope = v_select(l.sixth, one, p[0]);
    l.offset = v_select(l.sixth, v_set(3), p[1]);
    l.divisor = v_select(l.sixth, v_set(6), one);
    const vreal reach = hard_line_reach(l.slope);
    const vreal held = v_at_most(v_at_least(x, v_neg(reach)), reach);
    l.low = v_le(v_fma(hard_line_direction(l.slope, l.offset), held, l.offset), v_set(0));
    /* slope x + (offset - divisor): where the rest of the difference decides, the first sum is exact */
    const vpair top = v_exact_sum(l.offset, v_neg(l.divisor));
    const vreal above = v_fma(hard_line_direction(l.slope, top.hi), held, top.hi);
    l.high = v_le(v_set(0), v_add(above, top.lo));
    l.x = v_select(v_or(l.low, l.high), v_set(0), held);
    return l;
}

/* a / divisor, rounded as if once. */
static inline vreal hard_line_divide(const hard_line *l, vpair a) {
    const vreal quotient = v_div(a.hi, l->divisor);
    const vreal remainder = v_add(v_fnma(quotient, l->divisor, a.hi), a.lo);
    return v_add(quotient, v_div(remainder, l->divisor));
}

#endif
