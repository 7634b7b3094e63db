/*
 * Polynomials of a wide, for gelu_f64.h, wide_ln.h and wide_sin.h: c[0] + c[1] t + ... + c[n - 1] t^(n - 1), each
 * coefficient a sum of two doubles. In float64 the first `pairs` terms are computed in wide; the others, together at
 * most half of the sum, in reals. The first parts of the former have 45 bits, so that their sums with anything up to
 * 2^8 times as large are exact. float32 has doubles throughout.
 */
#ifndef ACT_SIMD_WIDE_POLYNOMIAL_H
#define ACT_SIMD_WIDE_POLYNOMIAL_H

#include "simd/wide.h"

#if ACT_REAL == 32
ACT_ALWAYS_INLINE wide wide_polynomial(wide t, const double (*c)[2], int n, int pairs) {
    (void)pairs;
    wide sum = wide_set(c[n - 1][0], c[n - 1][1]);
    for (int k = n - 2; k >= 0; k--)
        sum = wide_fma(sum, t, wide_set(c[k][0], c[k][1]));
    return sum;
}
#else
/* The terms from c[first] on over t^first, of which there are at least two: even and odd powers side by side. */
ACT_ALWAYS_INLINE vreal wide_polynomial_tail(vreal t, const double (*c)[2], int n, int first) {
    const vreal square = v_mul(t, t);
    int k = first + (n - first) / 2 * 2;
    vreal even = v_set(c[k - 2][0]);
    vreal odd = v_set(c[k - 1][0]);
    if (k < n)
        even = v_fma(v_set(c[k][0]), square, even);
    for (k -= 2; k > first; k -= 2) {
        even = v_fma(even, square, v_set(c[k - 2][0]));
        odd = v_fma(odd, square, v_set(c[k - 1][0]));
    }
    return v_fma(odd, t, even);
}

ACT_ALWAYS_INLINE wide wide_polynomial(wide t, const double (*c)[2], int n, int pairs) {
    wide sum = wide_of(wide_polynomial_tail(t.hi, c, n, pairs));
    for (int k = pairs - 1; k >= 0; k--) {
        const wide product = wide_mul(sum, t);
        sum = wide_exact_ordered_sum(v_set(c[k][0]), product.hi);
        sum.lo = v_add(sum.lo, v_add(product.lo, v_set(c[k][1])));
    }
    return wide_exact_ordered_sum(sum.hi, sum.lo);
}
#endif

#endif
