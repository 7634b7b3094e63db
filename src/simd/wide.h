/*
 * Numbers with more digits than a real, for formulas that lose some on the way: computed in wide, rounded once at the
 * end. One source serves both compute types: a wide is a double for float32 and a pair of doubles for float64, where
 * results good to 2^-58 are off by half a unit in the last place and a thirtieth.
 *
 *   wide_of(a)  wide_set(hi, lo)         from a real; a constant hi + lo
 *   wide_exact_product(a, b)             of two reals
 *   wide_add, sub, mul, div, fma, fnma, neg, sqrt, select, at_least, at_most      as v_add ...
 *   wide_add_small(a, b)                 a + b where |a| >= |b|
 *   wide_mul_real(a, b)  wide_times(a, c)  wide_plus(a, c)      with a real, or a constant that is one
 *   wide_round(a)  wide_head(a)          to a real, once; nearly, for comparing
 *   wide_round_scaled(a, n)              a * 2^n, rounded once, for the n of a wscaled and no other
 *   wide_round_product(x, a, n)          x * a * 2^n likewise, for any x and |a| from 2^-100 to 2^100, or 0
 */
#ifndef ACT_SIMD_WIDE_H
#define ACT_SIMD_WIDE_H

#if ACT_REAL == 32
#include "simd/wide_f32.h"
#else
#include "simd/wide_f64.h"
#endif

/* part * 2^n with a power of two that part need not have room for; n is 0 in float32. */
typedef struct wscaled {
    wide part;
    vreal n;
} wscaled;

ACT_ALWAYS_INLINE wide wide_reciprocal_of(wide b) { return wide_div(wide_set(1, 0), b); }

#endif
