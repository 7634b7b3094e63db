/*
 * The natural logarithm. x = 2^k m with m from sqrt(1/2) to sqrt(2), f = m - 1 and s = f / (2 + f), |s| < 0.172; with
 * log(1 + f) = 2 atanh(s), log(x) = k ln 2 + f - f^2 / 2 + s (f^2 / 2 + s^2 P(s^2)), P minimax of degree 2 (float32,
 * error 2^-30 of the logarithm) or 6 (float64, 2^-59), coefficients from coefficients.py. k times the upper part of
 * ln 2 is exact, and what its sum with f loses is added to the rest, so that only small terms round beside the last
 * sum. After fdlibm's e_log.c (Ng, 1993).
 */
#ifndef ACT_SIMD_LN_H
#define ACT_SIMD_LN_H

#include "simd/math.h"
#include "simd/vec_split.h"

#include <math.h>

#define LEAST_NORMAL REAL(0x1p-126f, 0x1p-1022)

/* P(z) */
static inline vreal v_ln_polynomial(vreal z) {
#if ACT_REAL == 32
    return v_fma(v_fma(v_set(0x1.31e1a6p-2f), z, v_set(0x1.995ed0p-2f)), z, v_set(0x1.55557ap-1f));
#else
    const vreal square = v_mul(z, z);
    const vreal c0 = v_fma(v_set(0x1.999999997f271p-2), z, v_set(0x1.5555555555595p-1));
    const vreal c2 = v_fma(v_set(0x1.c71c51a2e0c43p-3), z, v_set(0x1.249249427bd49p-2));
    const vreal c4 = v_fma(v_set(0x1.399fd6c719d20p-3), z, v_set(0x1.7466529434a71p-3));
    const vreal c6 = v_fma(v_set(0x1.2f17cae068731p-3), square, c4);
    return v_fma(v_fma(c6, square, c2), square, c0);
#endif
}

/* log(x) - shift ln 2 for a normal x > 0 */
static inline vreal v_ln_shifted(vreal x, vreal shift) {
    const vsplit parts = v_split(x);
    const vreal k = v_sub(parts.exponent, shift), f = v_sub(parts.fraction, v_set(1));
    const vreal s = v_div(f, v_add(v_set(2), f)), z = v_mul(s, s);
    const vreal half = v_mul(v_set((real)0.5), f);
    const vreal share = v_mul(s, v_fma(z, v_ln_polynomial(z), v_mul(half, f)));
    const vreal head = v_fma(k, LN2_UPPER, f);
    const vreal lost = v_sub(f, v_fnma(k, LN2_UPPER, head)), rest = v_fma(k, LN2_LOWER, lost);
    return v_add(head, v_add(v_fnma(half, f, share), rest));
}

/* The same for every x; `ordinary` tells which are normal and above 0. */
static inline vreal v_ln_special(vreal x, vmask ordinary) {
    const vreal zero = v_set(0), infinity = v_set((real)INFINITY);
    const vmask small = v_andnot(v_lt(zero, x), v_le(v_set(LEAST_NORMAL), x));
    const vreal raised = v_mul(v_keep(small, x), v_set(REAL(0x1p24f, 0x1p54)));
    const vreal moved = v_select(small, raised, v_select(ordinary, x, v_set(1)));
    const vreal inside = v_ln_shifted(moved, v_keep(small, v_set(REAL(24, 54))));
    const vreal end = v_select(v_eq(x, zero), v_neg(infinity), v_select(v_lt(x, zero), v_set((real)NAN), x));
    return v_select(v_or(ordinary, small), inside, end);
}

/* log(x); -Inf at +-0, NaN below. */
static inline vreal v_ln(vreal x) {
    const vmask ordinary = v_andnot(v_le(v_set(LEAST_NORMAL), x), v_eq(x, v_set((real)INFINITY)));
    if (__builtin_expect(v_all(ordinary), 1))
        return v_ln_shifted(x, v_set(0));
    return v_ln_special(x, ordinary);
}

#endif
