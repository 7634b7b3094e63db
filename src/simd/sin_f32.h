/*
 * sin(w x + quadrants pi / 2) in float32 arithmetic. The product t is a pair; with k, the whole number nearest to
 * 2 t / pi, r = t - k pi / 2 is a pair too (Cody, Waite 1980): k times the first 24 bits of pi / 2 leaves t exactly,
 * k times the next 24 and the product's lower part after it. What that drops counts where r is below 2^-21 t, or t
 * above 2^15: those lanes are not sure and belong to wide_sin.h.
 *   sin(r) = r - r^3 N(r^2), cos(r) = 1 - (r^2 / 2 + r^4 Q(r^2)), |r| <= pi / 4,
 * relative errors 2^-32.3 and 2^-32.9, coefficients from coefficients.py.
 */
#ifndef ACT_SIMD_SIN_F32_H
#define ACT_SIMD_SIN_F32_H

#include "simd/math.h"

#define SINE_END 0x1p15f

/* hi - less, before the sign that it takes where `negative`. Lanes that are not sure hold nonsense. */
typedef struct near_sine {
    vreal hi, less;
    vmask negative, sure;
} near_sine;

/* The |x| up to which |w x| is no more than SINE_END. */
ACT_ALWAYS_INLINE vreal sine_reach(vreal w) {
    return v_div(v_set(SINE_END), v_at_least(v_abs(w), v_set(0x1p-112f))); /* finite */
}

/* Zeros keep the sign of t, as `less` is +0 there. */
ACT_ALWAYS_INLINE near_sine sine_near(vreal w, vreal x, int quadrants) {
    const vmask beyond = v_lt(sine_reach(w), v_abs(x));
    const vreal held = v_select(beyond, v_set(0), x), t = v_mul(w, held);
    const vreal magic = v_set(0x1.8p23f + (float)quadrants);
    const vreal sum = v_fma(t, v_set(0x1.45f306p-1f), magic), k = v_sub(sum, magic);
    const vreal first = v_fnma(k, v_set(0x1.921fb6p+0f), t);
    const vreal second = v_fma(k, v_set(-0x1.777a5cp-25f), v_fnma(w, held, t));
    const vreal r = v_sub(first, second), less = v_sub(second, v_sub(first, r));

    const vreal z = v_mul(r, r), half = v_mul(v_set(0.5f), r), one = v_set(1), cosine = v_fnma(half, r, one);
    const vreal n2 = v_fma(v_set(-0x1.78532ep-19f), z, v_set(0x1.a04a52p-13f));
    const vreal n = v_fma(v_fma(n2, z, v_set(-0x1.111166p-7f)), z, v_set(0x1.555556p-3f));
    const vreal sine_less = v_fma(v_mul(r, z), n, v_mul(less, cosine));
    const vreal q = v_fma(v_fma(v_set(-0x1.99e52ap-16f), z, v_set(0x1.6c0c22p-10f)), z, v_set(-0x1.55554ap-5f));
    const vreal rest = v_fma(half, r, v_sub(cosine, one)); /* what 1 - r^2 / 2 lost */
    const vreal cosine_less = v_fnma(less, r, v_fma(v_mul(z, z), q, rest));

    const vmask odd = v_bit(sum, 0), sure = v_le(v_mul(t, t), v_mul(z, v_set(0x1p42f)));
    return (near_sine){v_select(odd, cosine, r), v_select(odd, cosine_less, sine_less), v_bit(sum, 1),
                       v_andnot(sure, beyond)};
}

ACT_ALWAYS_INLINE vreal sine_round(near_sine s) {
    const vreal y = v_sub(s.hi, s.less);
    return v_select(s.negative, v_neg(y), y);
}

#endif
