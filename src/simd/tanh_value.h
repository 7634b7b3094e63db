/*
 * tanh, where nothing but its value is asked for.
 *
 * float32: tanh(c + t) = T + (1 - T^2) h / (1 + T h) with T = tanh(c) and h = tanh(t) = t P(t^2) / Q(t^2); so it is
 * T + t N / (Q + tau t N) with N = (1 - T^2) P and tau = T / (1 - T^2). N is of degree 2 in t^2 and fitted on each of
 * four segments of |x|, Q the same for all, near Pade's. On the segment beside 0, N is P - Q and c and tau are 0, so
 * that x + x N / Q keeps x's digits. Segments end where |x| + TANH_SHIFT comes to a power of two, and four numbers
 * are looked up by one instruction. Each c was moved a little to where T is all but a float32. Errors before rounding
 * up to 0.08 ulp; tables from tanh_tables.py.
 * float64: (1 - E) / (1 + E) with E = exp(-2 |x|), where 1 - E keeps its digits near 0.
 */
#ifndef ACT_SIMD_TANH_VALUE_H
#define ACT_SIMD_TANH_VALUE_H

#if ACT_REAL == 32
#include "simd/lookup.h"

#define TANH_SHIFT     v_set(0x1.266666p+0f)
#define TANH_VALUE_END v_set(0x1.233334p+3f) /* where tanh is 1 already */
#define TANH_Q_ONE     v_set(0x1.0201a4p+6f)
#define TANH_Q_LINE    v_set(0x1.c9b7eap+4f)

/* The segment beside 0 comes last. */
static const real tanh_centre[4] = {0x1.28f66ap+0f, 0x1.0666bp+2f, 0x1.f71462p+2f, 0};
static const real tanh_at_centre[4] = {0x1.a45fc4p-1f, 0x1.ffb806p-1f, 0x1.fffff6p-1f, 1};
static const real tanh_tau[4] = {0x1.427bbcp+1f, 0x1.c72158p+9f, 0x1.997a2p+20f, 0};
static const real tanh_n0[4] = {0x1.505332p+4f, 0x1.221532p-4f, 0x1.41c36cp-15f, 0};
static const real tanh_n1[4] = {0x1.2873acp+1f, 0x1.ff712p-8f, 0x1.254e76p-18f, -0x1.58022ep+4f};
static const real tanh_n2[4] = {0x1.57fd32p-6f, 0x1.277f3p-14f, -0x1.6e7ba8p-26f, -0x1.df07aap-1f};

ACT_ALWAYS_INLINE vreal v_tanh_value(vreal x) {
    const vreal a = v_at_most(v_abs(x), TANH_VALUE_END);
    const vindex i = v_index(v_add(a, TANH_SHIFT), 23);
    const vreal t = v_sub(a, v_lookup4(tanh_centre, i)), square = v_mul(t, t);
    const vreal line = v_fma(square, v_lookup4(tanh_n2, i), v_lookup4(tanh_n1, i));
    const vreal n = v_fma(square, line, v_lookup4(tanh_n0, i));
    const vreal q = v_fma(v_add(square, TANH_Q_LINE), square, TANH_Q_ONE);
    const vreal share = v_div(n, v_fma(v_mul(v_lookup4(tanh_tau, i), t), n, q));
    const vreal base = v_at_most(a, v_lookup4(tanh_at_centre, i)); /* a itself beside 0 */
    return v_copysign(v_fma(t, share, base), x);
}

#else
#include "simd/exp_rise.h"

ACT_ALWAYS_INLINE vreal v_tanh_value(vreal x) {
    const vreal twice = v_mul(v_set(-2), v_at_most(v_abs(x), v_set(40)));
    const vexp e = exp_rise(v_exp_normal(twice, v_set(0)), v_set(0));
    return v_copysign(v_div_pair(v_one_minus(e), v_one_plus(e)), x);
}
#endif

#endif
