/*
 * What a float32 result that stands for a 16-bit one may be off by, and whether that could bring it to another half.
 * Such an element is in doubt (Ziv, "Fast evaluation of elementary mathematical functions with correctly rounded
 * last bit", 1991): it is computed again in float64. Included by half_settle.h, types/convert_kernels.c and
 * slopes/slope_halves.h.
 */
#ifndef ACT_SIMD_HALF_DOUBT_H
#define ACT_SIMD_HALF_DOUBT_H

#include "simd/vec_half.h"

/* How far a kernel's results may be from exact ones: a unit for y, and for dx two of f', which count twice where the
 * product's leading bit is the larger part of its value, and the product's rounding. */
enum { VALUE_UNITS = 2, GRADIENT_UNITS = 5 };

#define ALL_LANES (((uint64_t)1 << V_WIDTH) - 1)

/* Narrows one vector of float32; returns the lanes that so many units more or less could bring to another half. */
ACT_ALWAYS_INLINE uint64_t narrowed_or_near_f16(vreal a, int32_t units, vhalf *half) {
    const real step = (real)(units + 1) * 0x1p-23f;
    *half = h_narrow_f16(v_mul(a, v_set(1 + step)));
    return h_differ(h_narrow_f16(v_mul(a, v_set(1 - step))), *half);
}

/* The middles of bfloat16 numbers lie at the same 16 bits of a float32 everywhere. */
ACT_ALWAYS_INLINE uint64_t near_bf16(vreal a, int32_t units) { return h_near_middle(a, units < 4 ? 4 : 8); }

/* Results above this lost no digits; no product is subnormal, which may be slow. */
ACT_ALWAYS_INLINE vreal least_sure(vreal scale) { return v_mul(v_at_least(scale, v_set(1)), v_set(0x1p-125f)); }

/*
 * Where dy f' may be further off: f' lost digits below normal numbers and a large dy makes the loss count, or f' is
 * beyond the largest number and a small dy brings it back, or one of them is 0 and the other infinite. Among float16
 * numbers, narrow, the first two do not show.
 */
ACT_ALWAYS_INLINE uint64_t out_of_range(vreal dx, vreal dy, int narrow) {
    const vreal size = v_abs(dx), scale = v_abs(dy), one = v_set(1), infinity = v_set(__builtin_inff());
    const vmask end = v_or(v_eq(scale, v_set(0)), v_eq(scale, infinity));
    const vmask undefined = v_andnot(end, v_le(size, infinity));
    if (narrow)
        return v_bits(undefined);
    const vmask lost = v_andnot(v_le(size, least_sure(scale)), v_le(scale, one));
    const vmask beyond = v_andnot(v_eq(size, infinity), v_le(one, scale));
    return v_bits(v_or(v_or(lost, beyond), undefined));
}

/* The same lanes and few others by fewer operations. */
ACT_ALWAYS_INLINE uint64_t maybe_out_of_range(vreal dx, vreal dy, int narrow) {
    const vreal size = v_abs(dx);
    if (narrow)
        return v_bits(v_isnan(dx));
    const vmask within = v_andnot(v_lt(least_sure(v_abs(dy)), size), v_eq(size, v_set(__builtin_inff())));
    return v_bits(within) ^ ALL_LANES;
}

#endif
