/*
 * exp(x) - 1 for x <= 0 as a sum of which what comes last may be rounded: with x = n ln 2 + r + rest,
 *   exp(x) - 1 = (2^n - 1) + 2^n (r + r^2 / 2 + r^3 P(r) + rest (1 + r))
 * In float32 r, x less n times the float32 next to ln 2, is exact, and P is that of v_exp_polynomial(); in float64
 * both are those of exp_rise.h.
 */
#ifndef ACT_SIMD_EXP_FALL_H
#define ACT_SIMD_EXP_FALL_H

#include "simd/exp_rise.h"

/* sum + rest + power * tail: sum rounded, rest what that lost, tail what follows r^2 / 2. */
typedef struct fallen {
    vreal sum, rest, power, tail;
} fallen;

/* 2^n - 1 + 2^n rise, power being 2^n. */
ACT_ALWAYS_INLINE fallen exp_fall_sum(vreal power, vreal rise, vreal tail) {
    const vreal base = v_sub(power, v_set(1)), dropped = v_sub(power, v_add(base, v_set(1)));
    const vreal sum = v_fma(power, rise, base), rest = v_fma(power, rise, v_sub(base, sum));
    return (fallen){sum, v_add(rest, dropped), power, tail};
}

#if ACT_REAL == 32
/* (exp(r) - 1 - r - r^2 / 2) / r^3 */
ACT_ALWAYS_INLINE vreal exp_fall_polynomial(vreal r, vreal square) {
    const vreal c0 = v_fma(r, v_set(0x1.5554f0p-5f), v_set(0x1.555554p-3f));
    const vreal c2 = v_fma(r, v_set(0x1.6d4388p-10f), v_set(0x1.111308p-7f));
    return v_fma(square, v_fma(square, v_set(0x1.9e0814p-13f), c2), c0);
}

/* Of an x from -87 on, from where exp(x) is nothing beside 1 long since. */
ACT_ALWAYS_INLINE fallen exp_fall(vreal x) {
    const vreal magic = v_set(0x1.8p23f + (real)V_BIAS), shifted = v_fma(x, V_LOG2_E, magic);
    const vreal n = v_sub(shifted, magic);
    const vreal r = v_fnma(n, v_set(0x1.62e430p-1f), x), rest = v_mul(n, v_set(0x1.05c610p-29f));
    const vreal half = v_mul(r, v_set(0.5f)), square = v_mul(r, r);
    const vreal rise = v_fma(half, r, r), lost = v_fma(half, r, v_sub(r, rise));
    const vreal tail = v_fma(v_mul(r, square), exp_fall_polynomial(r, square), v_add(v_fma(rest, r, rest), lost));
    return exp_fall_sum(v_exponent(shifted), rise, tail);
}
#else
/* Of an x from -700 on. */
ACT_ALWAYS_INLINE fallen exp_fall(vreal x) {
    vexp e = exp_rise(v_exp_normal(x, v_set(0)), v_set(0));
    e.tail = v_fma(e.lost, e.head, e.tail);
    return exp_fall_sum(e.power, e.head, e.tail);
}
#endif

#endif
