/*
 * The line t = a x + b of hard_sigmoid and hard_swish and where it is cut, at t <= 0 and t >= 1. a = 1/6 with b = 1/2
 * is (x + 3) / 6 with the exact sixth, cut at -3 and 3; other a and b are what they are. The cuts are exact: no
 * rounding of t moves an x to the other side.
 */
#ifndef ACT_SIMD_HARD_LINE_H
#define ACT_SIMD_HARD_LINE_H

#include "simd/math.h"

#include <math.h>

#define SIXTH REAL(1.0f / 6, 1.0 / 6)

/* The same for all lanes. */
static inline int is_sixth(const vreal *p) {
    return (int)(v_bits(v_eq(p[0], v_set(SIXTH))) & v_bits(v_eq(p[1], v_set((real)0.5))) & 1);
}

static inline vreal hard_line_slope(const vreal *p) { return is_sixth(p) ? v_set(SIXTH) : p[0]; }

static inline vreal sixth_held(vreal x) { return v_at_most(v_at_least(x, v_set(-3)), v_set(3)); }

/* (x + 3) / 6 for -3 <= x <= 3: quotient and remainder of the exact sum, which is rounded once where they are added;
 * ties too, because the remainder is exact. */
static inline vpair sixth_line(vreal x) {
    const vreal three = v_set(3), sixth = v_set(SIXTH);
    const vreal sum = v_add(x, three), rest = v_sub(x, v_sub(sum, three)), quotient = v_mul(sum, sixth);
    return (vpair){quotient, v_mul(v_add(v_fnma(quotient, v_set(6), sum), rest), sixth)};
}

typedef struct hard_line {
    vmask low, high; /* t <= 0, t >= 1; neither where x is NaN */
    vreal x;         /* x where t is neither low nor high, else 0 */
    /* What it was compared with: of t times 1 / unscale, but smaller where that leaves no x between the cuts. */
    vreal scaled_slope, scaled_offset, unscale;
} hard_line;

#define HARD_LINE_MORE REAL(0x1p50f, 0x1p120)

/* What the line is multiplied with: less than 1 where its sum might overflow, more where it might underflow or lose
 * digits. Where the offset is small and the slope too steep for more, no sum is small; where it is large and the
 * slope so small that less might make it 0, the product is less than a unit of the sum. */
static inline vreal hard_line_scale(vreal slope, vreal offset) {
    const vreal size = v_abs(offset), steepness = v_abs(slope), level = v_set(REAL(0x1p-30f, 0x1p-60));
    const vreal lowered = v_mul(steepness, v_set(REAL(0x1p-84f, 0x1p-900)));
    const vmask small = v_lt(v_at_least(lowered, size), v_set(REAL(0x1p-60f, 0x1p-800)));
    const vmask large = v_andnot(v_lt(v_set(V_MOST / 8), size), v_le(steepness, level));
    const vreal more = v_select(small, v_set(HARD_LINE_MORE), v_set(1));
    return v_select(large, v_set((real)0.125), more);
}

/* |x| of which the product with the slope is a sixth to half of the largest number, more than an offset is; any where
 * no product is more than half of it, but where the slope is 0 any finite. */
static inline vreal hard_line_reach(vreal slope) {
    const vreal steepness = v_abs(slope);
    const vreal gentle = v_select(v_eq(slope, v_set(0)), v_set(V_MOST), v_set((real)INFINITY));
    const vreal steep = v_div(v_set(V_MOST / 2), v_add(steepness, v_set(1)));
    return v_select(v_le(steepness, v_set((real)0.5)), gentle, steep);
}

/* slope, or its sign where the product is compared with 0 and might underflow. */
static inline vreal hard_line_direction(vreal slope, vreal offset) {
    const vreal sign = v_select(v_eq(slope, v_set(0)), slope, v_copysign(v_set(1), slope));
    return v_select(v_eq(offset, v_set(0)), sign, slope);
}

static inline hard_line hard_line_at(vreal x, const vreal *p) {
    const vreal zero = v_set(0), scale = hard_line_scale(p[0], p[1]);
    const vreal slope = v_mul(p[0], scale), offset = v_mul(p[1], scale);
    /* t >= 1 is slope x + (offset - 1) >= 0: where the rest of the difference decides, the first sum is exact */
    const vpair top = v_exact_sum(p[1], v_set(-1));
    const vreal hi = v_mul(top.hi, scale), lo = v_mul(top.lo, scale);
    const vreal reach = hard_line_reach(slope), held = v_at_most(v_at_least(x, v_neg(reach)), reach);
    const vmask low = v_le(v_fma(hard_line_direction(slope, offset), held, offset), zero);
    const vmask high = v_le(zero, v_add(v_fma(hard_line_direction(slope, hi), held, hi), lo));
    const vreal unscale = v_select(v_lt(v_set(1), scale), v_set(1 / HARD_LINE_MORE), v_set(1));
    return (hard_line){low, high, v_select(v_or(low, high), zero, held), slope, offset, unscale};
}

/* t <= 0 or t >= 1. */
static inline vmask hard_line_is_cut(vreal x, const vreal *p) {
    if (is_sixth(p))
        return v_le(v_set(3), v_abs(x));
    const hard_line l = hard_line_at(x, p);
    return v_or(l.low, l.high);
}

#endif
