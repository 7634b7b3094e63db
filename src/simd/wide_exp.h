/*
 * The exponential function in wide. z = n ln 2 + r with whole n and |r| <= ln(2)/2; exp(z) = 2^n (1 + p) with
 *   float32   p = r + r^2 Q(r) in double, Q of degree 9: relative errors exp 2^-52.5, exp - 1 2^-51.6
 *   float64   p = r + r^2/2 + r^3 Q(r), Q of degree 9, the first two terms as pairs: exp 2^-57.5, exp - 1 2^-56.2
 * (measured); minimax coefficients from wide_exp_coefficients.py. n times the upper part of ln 2 is exact. What lies
 * below the normal numbers of float64 has to be rounded once, so there n stays apart from the digits until the end.
 */
#ifndef ACT_SIMD_WIDE_EXP_H
#define ACT_SIMD_WIDE_EXP_H

#include "simd/exp_rise.h"
#include "simd/wide.h"

#define WIDE_LOG2_E 0x1.71547652b82fep+0

#if ACT_REAL == 32

static const double wide_exp_coefficients[10] = {
    0x1.0000000000000p-1,  0x1.555555555553dp-3,  0x1.55555555539d5p-5,  0x1.111111111902fp-7,  0x1.6c16c17a7a218p-10,
    0x1.a01a017157801p-13, 0x1.a019b1d26e8a7p-16, 0x1.71de95d9c19b0p-19, 0x1.2899707958ca7p-22, 0x1.ae5063314d475p-26,
};

/* exp(z) = 2^n (1 + p), p = r + excess */
typedef struct dexp {
    vdouble p, excess, n;
} dexp;

ACT_ALWAYS_INLINE dexp d_exp(vdouble z) {
    const vdouble n = d_round(d_mul(z, d_set(WIDE_LOG2_E)));
    const vdouble r = d_fma(n, d_set(0x1.718432a1b0e26p-35), d_fnma(n, d_set(0x1.62e42ffp-1), z));
    const vdouble square = d_mul(r, r);
    const vdouble q = d_polynomial(wide_exp_coefficients, 10, r, square);
    return (dexp){d_fma(square, q, r), d_mul(square, q), n};
}

ACT_ALWAYS_INLINE vdouble d_exp_value(vdouble z) {
    const dexp e = d_exp(z);
    return d_scale(d_add(d_set(1), e.p), e.n);
}

ACT_ALWAYS_INLINE vdouble d_expm1_value(vdouble z) {
    const dexp e = d_exp(z);
    const vdouble power = d_scale(d_set(1), e.n);
    return d_fma(power, e.p, d_sub(power, d_set(1)));
}

/* exp(z) for z from -700 to 700. */
ACT_ALWAYS_INLINE wscaled wide_exp(wide z) { return (wscaled){{d_exp_value(z.low), d_exp_value(z.high)}, v_set(0)}; }

/* exp(z) - 1 for z from -700 to 700; -0 gives +0. */
ACT_ALWAYS_INLINE wide wide_expm1(wide z) { return (wide){d_expm1_value(z.low), d_expm1_value(z.high)}; }

/* exp(z) - 1 - z for z from -700 to 700, without cancellation near 0. */
ACT_ALWAYS_INLINE wide wide_expm1_excess(wide z) {
    const wide near = {d_exp(z.low).excess, d_exp(z.high).excess}; /* n = 0 */
    return wide_select(v_lt(v_abs(wide_head(z)), v_set(0.34f)), near, wide_sub(wide_expm1(z), z));
}

/* As one number; nearly 0 where it is too small for that. */
ACT_ALWAYS_INLINE wide wide_joined(wscaled e) { return e.part; }

#else

/* exp(z) = 2^n (1 + p); excess = exp(r) - 1 - r */
typedef struct wexp {
    wide p, excess;
    vreal n;
} wexp;

ACT_ALWAYS_INLINE wexp wide_exp_split(wide z) {
    const vreal n = v_round(v_mul(z.hi, v_set(WIDE_LOG2_E)));
    const vreal head = v_fnma(n, v_set(0x1.62e42fefa4p-1), z.hi);
    const wide r = wide_exact_ordered_sum(head, v_fma(n, v_set(0x1.8432a1b0e2634p-43), z.lo));
    const wide square = wide_exact_product(r.hi, r.hi);
    const wide upper = wide_exact_ordered_sum(r.hi, v_mul(square.hi, v_set(0.5)));
    const vreal cubic = v_mul(v_mul(r.hi, square.hi), d_polynomial(exp_rise_coefficients, 10, r.hi, square.hi));
    const vreal lower = v_fma(square.lo, v_set(0.5), v_mul(r.lo, r.hi));
    const wide p = wide_exact_ordered_sum(upper.hi, v_add(cubic, v_add(lower, v_add(upper.lo, r.lo))));
    return (wexp){p, wide_exact_ordered_sum(v_mul(square.hi, v_set(0.5)), v_add(cubic, lower)), n};
}

/* exp(z) for z from -5000 to 709. */
ACT_ALWAYS_INLINE wscaled wide_exp(wide z) {
    const wexp e = wide_exp_split(z);
    const wide sum = wide_exact_ordered_sum(v_set(1), e.p.hi);
    return (wscaled){{sum.hi, v_add(sum.lo, e.p.lo)}, e.n};
}

/* exp(z) - 1 for z from -5000 to 709, beyond which it stays behind but finite; -0 gives +0. */
ACT_ALWAYS_INLINE wide wide_expm1(wide z) {
    const wexp e = wide_exp_split(z);
    const vreal power = v_power(v_at_most(e.n, v_set(V_BIAS)));
    const wide base = wide_exact_ordered_sum(v_set(-1), power);
    const wide sum = wide_exact_ordered_sum(base.hi, v_mul(power, e.p.hi));
    return wide_exact_ordered_sum(sum.hi, v_add(sum.lo, v_fma(power, e.p.lo, base.lo)));
}

/* exp(z) - 1 - z for z from -5000 to 709, without cancellation near 0. */
ACT_ALWAYS_INLINE wide wide_expm1_excess(wide z) {
    const wexp e = wide_exp_split(z);
    return wide_select(v_eq(e.n, v_set(0)), e.excess, wide_sub(wide_expm1(z), z));
}

/* As one number; nearly 0 where it is too small for that. */
ACT_ALWAYS_INLINE wide wide_joined(wscaled e) {
    const vreal power = v_power(e.n);
    return (wide){v_mul(e.part.hi, power), v_mul(e.part.lo, power)};
}

#endif

#endif
