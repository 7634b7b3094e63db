/*
 * The natural logarithm in wide, with digits to spare for a power: x = 2^k m with m from sqrt(1/2) to sqrt(2) and
 * s = (m - 1) / (m + 1), |s| < 0.172, log(x) = k ln 2 + 2 s + s^3 P(s^2); P of degree 5 (float32, relative error
 * 2^-43) or 8 (float64, 2^-65), coefficients from wide_coefficients.py. Relative error of the logarithm 2^-50 and
 * 2^-70. k times the upper part of ln 2 is exact.
 */
#ifndef ACT_SIMD_WIDE_LN_H
#define ACT_SIMD_WIDE_LN_H

#include "simd/vec_split.h"
#include "simd/wide_polynomial.h"

#define WIDE_LN2_UPPER 0x1.62e42fefa3800p-1
#define WIDE_LN2_LOWER 0x1.ef35793c76730p-45

#if ACT_REAL == 32
static const double wide_ln_coefficients[6][2] = {{0x1.55555555553b4p-1}, {0x1.9999999b8b606p-2},
                                                  {0x1.24924624e2ee7p-2}, {0x1.c71fd204332b0p-3},
                                                  {0x1.7381fa4b38455p-3}, {0x1.54777fe0ca998p-3}};

/* fraction * 2^exponent */
typedef struct wsplit {
    wide fraction, exponent;
} wsplit;

ACT_ALWAYS_INLINE wsplit wide_split(vreal x) {
    const wide a = wide_of(x);
    const dsplit low = d_split(a.low), high = d_split(a.high);
    return (wsplit){{low.fraction, high.fraction}, {low.exponent, high.exponent}};
}

ACT_ALWAYS_INLINE wide wide_times_ln2(wide k) { return wide_times(k, WIDE_LN2_UPPER + WIDE_LN2_LOWER); }
#else
static const double wide_ln_coefficients[9][2] = {{0x1.5555555555500p-1, 0x1.55557617a676ap-47},
                                                  {0x1.9999999999a00p-2, -0x1.9f1710212c1f8p-48},
                                                  {0x1.249249249296ap-2},
                                                  {0x1.c71c71c64a0d5p-3},
                                                  {0x1.745d17d4bec46p-3},
                                                  {0x1.3b137ac5046bfp-3},
                                                  {0x1.111d3a0eb264ep-3},
                                                  {0x1.debb914ba288ap-4},
                                                  {0x1.e6cd934a79a0bp-4}};

typedef struct wsplit {
    wide fraction;
    vreal exponent;
} wsplit;

/* A subnormal x is moved to where it has an exponent of its own. */
ACT_ALWAYS_INLINE wsplit wide_split(vreal x) {
    const vmask tiny = v_lt(x, v_set(0x1p-1022));
    const dsplit parts = d_split(v_mul(x, v_select(tiny, v_set(0x1p54), v_set(1))));
    return (wsplit){wide_of(parts.fraction), v_sub(parts.exponent, v_keep(tiny, v_set(54)))};
}

ACT_ALWAYS_INLINE wide wide_times_ln2(vreal k) {
    return wide_exact_ordered_sum(v_mul(k, v_set(WIDE_LN2_UPPER)), v_mul(k, v_set(WIDE_LN2_LOWER)));
}
#endif

/* log(x) of a finite x > 0. */
ACT_ALWAYS_INLINE wide wide_ln(vreal x) {
    const wsplit parts = wide_split(x);
    const wide s = wide_div(wide_plus(parts.fraction, -1), wide_plus(parts.fraction, 1));
    const wide square = wide_mul(s, s);
    const wide rest = wide_mul(wide_mul(s, square), wide_polynomial(square, wide_ln_coefficients, REAL(6, 9), 2));
    return wide_add_small(wide_times_ln2(parts.exponent), wide_add_small(wide_times(s, 2), rest));
}

#endif
