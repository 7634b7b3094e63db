/*
 * The natural logarithm, log(x) = k ln 2 + log(1 + f) for x = 2^k (1 + f). k times the upper part of ln 2 is exact.
 *
 * float32: log(1 + f) = f + f^2 Q(f), 1 + f from exp(1/4) / 2 to twice that, Q of degree 8, error 2^-26.8 of the
 * logarithm. So wherever the last sum cancels, it does so without rounding, or f's logarithm is below 1/4 and the
 * result above, and what the sum before rounded is at most a quarter of a unit.
 *
 * float64: 1 + f from sqrt(1/2) to sqrt(2) and s = f / (2 + f), |s| < 0.172; with log(1 + f) = 2 atanh(s), log(x) =
 * k ln 2 + f - f^2 / 2 + s (f^2 / 2 + s^2 P(s^2)), P minimax of degree 6, error 2^-59 of the logarithm. What the sum
 * of k ln 2 and f loses is added to the rest, so that only small terms round beside the last sum. After fdlibm's
 * e_log.c (Ng, 1993).
 *
 * Coefficients from coefficients.py.
 */
#ifndef ACT_SIMD_LN_H
#define ACT_SIMD_LN_H

#include "simd/math.h"
#include "simd/vec_split.h"

#include <math.h>

#define LEAST_NORMAL REAL(0x1p-126f, 0x1p-1022)

#if ACT_REAL == 32
/* From the number above exp(1/4) / 2. */
static inline vsplit v_ln_split(vreal x) { return v_split_from(x, 0x3f245af2); }

/* log(x) - shift ln 2 of a normal x > 0 */
static inline vreal v_ln_shifted(vsplit x, vreal shift) {
    const vreal k = v_sub(x.exponent, shift), f = v_sub(x.fraction, v_set(1)), square = v_mul(f, f);
    const vreal q7 = v_fma(square, v_set(0x1.050282p-3f), v_set(0x1.22a334p-3f));
    const vreal q8 = v_fma(square, v_set(-0x1.7f1f0ep-3f), v_set(-0x1.c8971ap-4f));
    const vreal odd = v_fma(square, v_fma(square, q7, v_set(0x1.99a602p-3f)), v_set(0x1.555544p-2f));
    const vreal even = v_fma(square, v_fma(square, q8, v_set(-0x1.56d03ep-3f)), v_set(-0x1.fff9a4p-3f));
    const vreal q = v_fma(f, v_fma(f, even, odd), v_set(-0.5f));
    return v_fma(k, LN2_UPPER, v_add(f, v_fma(square, q, v_mul(k, LN2_LOWER))));
}
#else
static inline vsplit v_ln_split(vreal x) { return v_split(x); }

/* P(z) */
static inline vreal v_ln_polynomial(vreal z) {
    const vreal square = v_mul(z, z);
    const vreal c0 = v_fma(v_set(0x1.999999997f271p-2), z, v_set(0x1.5555555555595p-1));
    const vreal c2 = v_fma(v_set(0x1.c71c51a2e0c43p-3), z, v_set(0x1.249249427bd49p-2));
    const vreal c4 = v_fma(v_set(0x1.399fd6c719d20p-3), z, v_set(0x1.7466529434a71p-3));
    const vreal c6 = v_fma(v_set(0x1.2f17cae068731p-3), square, c4);
    return v_fma(v_fma(c6, square, c2), square, c0);
}

static inline vreal v_ln_shifted(vsplit x, vreal shift) {
    const vreal k = v_sub(x.exponent, shift), f = v_sub(x.fraction, v_set(1));
    const vreal s = v_div(f, v_add(v_set(2), f)), z = v_mul(s, s);
    const vreal half = v_mul(v_set(0.5), f);
    const vreal share = v_mul(s, v_fma(z, v_ln_polynomial(z), v_mul(half, f)));
    const vreal head = v_fma(k, LN2_UPPER, f);
    const vreal lost = v_sub(f, v_fnma(k, LN2_UPPER, head)), rest = v_fma(k, LN2_LOWER, lost);
    return v_add(head, v_add(v_fnma(half, f, share), rest));
}
#endif

/* The same for every x. */
static inline vreal v_ln_special(vreal x) {
    const vreal zero = v_set(0), infinity = v_set((real)INFINITY), least = v_set(LEAST_NORMAL);
    const vmask ordinary = v_andnot(v_le(least, x), v_eq(x, infinity)),
                small = v_andnot(v_lt(zero, x), v_le(least, x));
    const vreal raised = v_mul(v_keep(small, x), v_set(REAL(0x1p24f, 0x1p54)));
    const vreal moved = v_select(small, raised, v_select(ordinary, x, v_set(1)));
    const vreal inside = v_ln_shifted(v_ln_split(moved), v_keep(small, v_set(REAL(24, 54))));
    const vreal end = v_select(v_eq(x, zero), v_neg(infinity), v_select(v_lt(x, zero), v_set((real)NAN), x));
    return v_select(v_or(ordinary, small), inside, end);
}

/* Of no number but a normal one above 0 is the exponent so small. */
static inline int v_ln_serves(vsplit x) { return v_all(v_lt(v_abs(x.exponent), v_set(V_BIAS - 1))); }

/* log(x); -Inf at +-0, NaN below, where it costs little. */
static inline vreal v_ln(vreal x) {
    const vsplit parts = v_ln_split(x);
    if (__builtin_expect(v_ln_serves(parts), 1))
        return v_ln_shifted(parts, v_set(0));
    const vsplit size = v_ln_split(v_abs(x));
    if (__builtin_expect(v_ln_serves(size), 1))
        return v_select(v_lt(x, v_set(0)), v_set((real)NAN), v_ln_shifted(size, v_set(0)));
    return v_ln_special(x);
}

#endif
