/*
 * A wide for float32: as many doubles, in two vectors, and plain arithmetic on them. Included by wide.h, which says
 * what each function means.
 */
#ifndef ACT_SIMD_WIDE_F32_H
#define ACT_SIMD_WIDE_F32_H

#include "simd/vec_double.h"

typedef struct wide {
    vdouble low, high;
} wide;

ACT_ALWAYS_INLINE wide wide_of(vreal a) { return (wide){d_widen_low(a), d_widen_high(a)}; }
ACT_ALWAYS_INLINE wide wide_set(double hi, double lo) { return (wide){d_set(hi + lo), d_set(hi + lo)}; }
ACT_ALWAYS_INLINE vreal wide_round(wide a) { return d_narrow(a.low, a.high); }

ACT_ALWAYS_INLINE vreal wide_head(wide a) { return wide_round(a); }

ACT_ALWAYS_INLINE wide wide_add(wide a, wide b) { return (wide){d_add(a.low, b.low), d_add(a.high, b.high)}; }
ACT_ALWAYS_INLINE wide wide_sub(wide a, wide b) { return (wide){d_sub(a.low, b.low), d_sub(a.high, b.high)}; }
ACT_ALWAYS_INLINE wide wide_mul(wide a, wide b) { return (wide){d_mul(a.low, b.low), d_mul(a.high, b.high)}; }
ACT_ALWAYS_INLINE wide wide_div(wide a, wide b) { return (wide){d_div(a.low, b.low), d_div(a.high, b.high)}; }
ACT_ALWAYS_INLINE wide wide_sqrt(wide a) { return (wide){d_sqrt(a.low), d_sqrt(a.high)}; }
ACT_ALWAYS_INLINE wide wide_fma(wide a, wide b, wide c) {
    return (wide){d_fma(a.low, b.low, c.low), d_fma(a.high, b.high, c.high)};
}
ACT_ALWAYS_INLINE wide wide_times(wide a, double c) {
    return (wide){d_mul(a.low, d_set(c)), d_mul(a.high, d_set(c))};
}
ACT_ALWAYS_INLINE wide wide_plus(wide a, double c) { return (wide){d_add(a.low, d_set(c)), d_add(a.high, d_set(c))}; }
ACT_ALWAYS_INLINE wide wide_neg(wide a) { return wide_times(a, -1); }

ACT_ALWAYS_INLINE wide wide_add_small(wide a, wide b) { return wide_add(a, b); }
ACT_ALWAYS_INLINE wide wide_exact_product(vreal a, vreal b) { return wide_mul(wide_of(a), wide_of(b)); }
ACT_ALWAYS_INLINE wide wide_mul_real(wide a, vreal b) { return wide_mul(a, wide_of(b)); }

ACT_ALWAYS_INLINE wide wide_select(vmask m, wide yes, wide no) {
    return (wide){d_select_low(m, yes.low, no.low), d_select_high(m, yes.high, no.high)};
}
ACT_ALWAYS_INLINE wide wide_at_least(wide a, double low) {
    return (wide){d_at_least(a.low, d_set(low)), d_at_least(a.high, d_set(low))};
}
ACT_ALWAYS_INLINE wide wide_at_most(wide a, double high) {
    return (wide){d_at_most(a.low, d_set(high)), d_at_most(a.high, d_set(high))};
}

/* A double holds the far tails of float32 too: no power of two is kept apart. */
ACT_ALWAYS_INLINE vreal wide_round_scaled(wide a, vreal n) { return (void)n, wide_round(a); }
ACT_ALWAYS_INLINE vreal wide_round_product(vreal x, wide a, vreal n) {
    return (void)n, wide_round(wide_mul_real(a, x));
}

#endif
