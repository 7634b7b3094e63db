/*
 * A wide for float64: the unevaluated sum hi + lo, where lo is beyond the digits of hi or nearly so. Included by
 * wide.h, which says what each function means. Products of two lo are dropped; sums and products are off by about
 * 2^-100 of their largest operand, quotients and roots by as much of themselves. Infinities become NaN.
 */
#ifndef ACT_SIMD_WIDE_F64_H
#define ACT_SIMD_WIDE_F64_H

#include "simd/vec_double.h"

typedef struct wide {
    vreal hi, lo;
} wide;

/* a + b exactly; where |a| >= |b|, or a is 0. */
ACT_ALWAYS_INLINE wide wide_exact_ordered_sum(vreal a, vreal b) {
    const vreal sum = v_add(a, b);
    return (wide){sum, v_sub(b, v_sub(sum, a))};
}

ACT_ALWAYS_INLINE wide wide_exact_sum(vreal a, vreal b) {
    const vreal sum = v_add(a, b), b_part = v_sub(sum, a);
    return (wide){sum, v_add(v_sub(a, v_sub(sum, b_part)), v_sub(b, b_part))};
}

ACT_ALWAYS_INLINE wide wide_exact_product(vreal a, vreal b) {
    const vreal product = v_mul(a, b);
    return (wide){product, v_fma(a, b, v_neg(product))};
}

ACT_ALWAYS_INLINE wide wide_of(vreal a) { return (wide){a, v_set(0)}; }
ACT_ALWAYS_INLINE wide wide_set(double hi, double lo) { return (wide){v_set(hi), v_set(lo)}; }
ACT_ALWAYS_INLINE vreal wide_round(wide a) { return v_add(a.hi, a.lo); }
ACT_ALWAYS_INLINE vreal wide_head(wide a) { return a.hi; }
ACT_ALWAYS_INLINE wide wide_neg(wide a) { return (wide){v_neg(a.hi), v_neg(a.lo)}; }

ACT_ALWAYS_INLINE wide wide_add(wide a, wide b) {
    const wide sum = wide_exact_sum(a.hi, b.hi);
    return wide_exact_ordered_sum(sum.hi, v_add(sum.lo, v_add(a.lo, b.lo)));
}
ACT_ALWAYS_INLINE wide wide_add_small(wide a, wide b) {
    const wide sum = wide_exact_ordered_sum(a.hi, b.hi);
    return wide_exact_ordered_sum(sum.hi, v_add(sum.lo, v_add(a.lo, b.lo)));
}
ACT_ALWAYS_INLINE wide wide_sub(wide a, wide b) { return wide_add(a, wide_neg(b)); }
ACT_ALWAYS_INLINE wide wide_plus(wide a, double c) {
    const wide sum = wide_exact_sum(a.hi, v_set(c));
    return wide_exact_ordered_sum(sum.hi, v_add(sum.lo, a.lo));
}

ACT_ALWAYS_INLINE wide wide_mul_real(wide a, vreal b) {
    const vreal product = v_mul(a.hi, b);
    return (wide){product, v_fma(a.lo, b, v_fma(a.hi, b, v_neg(product)))};
}
ACT_ALWAYS_INLINE wide wide_times(wide a, double c) { return wide_mul_real(a, v_set(c)); }
ACT_ALWAYS_INLINE wide wide_mul(wide a, wide b) {
    const wide product = wide_mul_real(a, b.hi);
    return (wide){product.hi, v_fma(a.hi, b.lo, product.lo)};
}
ACT_ALWAYS_INLINE wide wide_fma(wide a, wide b, wide c) { return wide_add(wide_mul(a, b), c); }

ACT_ALWAYS_INLINE wide wide_div(wide a, wide b) {
    const vreal reciprocal = v_div(v_set(1), b.hi);
    const vreal quotient = v_mul(a.hi, reciprocal);
    const vreal remainder = v_add(v_fnma(quotient, b.hi, a.hi), v_fnma(quotient, b.lo, a.lo));
    return wide_exact_ordered_sum(quotient, v_mul(remainder, reciprocal));
}

/* Of a > 0. */
ACT_ALWAYS_INLINE wide wide_sqrt(wide a) {
    const vreal root = v_sqrt(a.hi);
    const vreal remainder = v_add(v_fnma(root, root, a.hi), a.lo);
    return (wide){root, v_div(remainder, v_add(root, root))};
}

ACT_ALWAYS_INLINE wide wide_select(vmask m, wide yes, wide no) {
    return (wide){v_select(m, yes.hi, no.hi), v_select(m, yes.lo, no.lo)};
}
ACT_ALWAYS_INLINE wide wide_at_least(wide a, double low) {
    return wide_select(v_lt(a.hi, v_set(low)), wide_set(low, 0), a);
}
ACT_ALWAYS_INLINE wide wide_at_most(wide a, double high) {
    return wide_select(v_lt(v_set(high), a.hi), wide_set(high, 0), a);
}

/* What is below the least n that v_scale takes is 0 anyway. */
ACT_ALWAYS_INLINE vreal wide_round_scaled(wide a, vreal n) {
    return v_scale(wide_round(a), v_at_least(n, v_set(-2 * (V_BIAS - 1))));
}

/* x moves to where neither the product nor its lower half leaves the range of normal numbers. */
ACT_ALWAYS_INLINE vreal wide_round_product(vreal x, wide a, vreal n) {
    const vmask large = v_lt(v_set(1), v_abs(x));
    const vreal moved = v_mul(x, v_select(large, v_set(0x1p-128), v_set(0x1p128)));
    return wide_round_scaled(wide_mul_real(a, moved), v_add(n, v_select(large, v_set(128), v_set(-128))));
}

#endif
