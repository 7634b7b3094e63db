/*
 * sin(w x + quadrants pi / 2) of an ordinary angle. The product t is a pair; with k, the whole number nearest to
 * 2 t / pi, r = t - k pi / 2 is a pair too (Cody, Waite 1980): k times the first digits of pi / 2, as many as a real
 * has, leaves t exactly, k times as many more and the product's lower part after it. What that drops counts where r
 * is below 2^-21 t (float64: 2^-50), or t above 2^15 (2^27): those lanes are not sure and belong to wide_sin.h.
 *   sin(r) = r - r^3 N(r^2), cos(r) = 1 - (r^2 / 2 + r^4 Q(r^2)), |r| <= pi / 4,
 * relative errors 2^-32.3 and 2^-32.9 (2^-62.9 and 2^-63.8), coefficients from coefficients.py.
 */
#ifndef ACT_SIMD_SIN_H
#define ACT_SIMD_SIN_H

#include "simd/math.h"

#define SINE_END REAL(0x1p15f, 0x1p27)

/* hi - less, before the sign that it takes where `negative`. Lanes that are not sure hold nonsense. */
typedef struct near_sine {
    vreal hi, less;
    vmask negative, sure;
} near_sine;

/* The |x| up to which |w x| is no more than SINE_END. */
ACT_ALWAYS_INLINE vreal sine_reach(vreal w) {
    return v_div(v_set(SINE_END), v_at_least(v_abs(w), v_set(REAL(0x1p-112f, 0x1p-996)))); /* finite */
}

/* N and Q of z = r^2. */
ACT_ALWAYS_INLINE vreal sine_polynomial(vreal z) {
#if ACT_REAL == 32
    const vreal n2 = v_fma(v_set(-0x1.78532ep-19f), z, v_set(0x1.a04a52p-13f));
    return v_fma(v_fma(n2, z, v_set(-0x1.111166p-7f)), z, v_set(0x1.555556p-3f));
#else
    const vreal square = v_mul(z, z);
    const vreal n1 = v_fma(z, v_set(0x1.a01a01a006a37p-13), v_set(-0x1.111111111108ap-7));
    const vreal n3 = v_fma(z, v_set(0x1.ae643cfed22cap-26), v_set(-0x1.71de3a3fd9d59p-19));
    const vreal n5 = v_fma(z, v_set(0x1.a55105facd5b9p-41), v_set(-0x1.61148419400b6p-33));
    return v_fma(z, v_fma(square, v_fma(square, n5, n3), n1), v_set(0x1.5555555555555p-3));
#endif
}

ACT_ALWAYS_INLINE vreal cosine_polynomial(vreal z) {
#if ACT_REAL == 32
    return v_fma(v_fma(v_set(-0x1.99e52ap-16f), z, v_set(0x1.6c0c22p-10f)), z, v_set(-0x1.55554ap-5f));
#else
    const vreal square = v_mul(z, z);
    const vreal q0 = v_fma(z, v_set(0x1.6c16c16c14e14p-10), v_set(-0x1.555555555554ap-5));
    const vreal q2 = v_fma(z, v_set(0x1.27e4f7d060132p-22), v_set(-0x1.a01a019c5f919p-16));
    const vreal q4 = v_fma(z, v_set(0x1.8f9b4de1ef7e5p-37), v_set(-0x1.1ee9c5c8e5001p-29));
    return v_fma(square, v_fma(square, q4, q2), q0);
#endif
}

/* Zeros keep the sign of t, as `less` is +0 there. `fine`: with what r^2 lost, for sums that cancel. */
ACT_ALWAYS_INLINE near_sine sine_near(vreal w, vreal x, int quadrants, int fine) {
    const vmask beyond = v_lt(sine_reach(w), v_abs(x));
    const vreal held = v_drop(beyond, x), t = v_mul(w, held);
    const vreal magic = v_set(REAL(0x1.8p23f, 0x1.8p52) + (real)quadrants);
    const vreal sum = v_fma(t, v_set(REAL(0x1.45f306p-1f, 0x1.45f306dc9c883p-1)), magic), k = v_sub(sum, magic);
    const vreal first = v_fnma(k, v_set(REAL(0x1.921fb6p+0f, 0x1.921fb54442d18p+0)), t);
    const vreal lower = v_set(REAL(-0x1.777a5cp-25f, 0x1.1a62633145c07p-54)), rounded = v_fnma(w, held, t);
    const vreal second = v_fma(k, lower, rounded);
    const vreal r = v_sub(first, second), less = v_sub(second, v_sub(first, r));

    const vreal z = v_mul(r, r), half = v_mul(v_set((real)0.5), r), one = v_set(1), cosine = v_fnma(half, r, one);
    const vreal n = sine_polynomial(z), lost = v_mul(v_fma(r, r, v_neg(z)), v_set((real)1 / 6));
    const vreal turned = v_mul(less, cosine);
    const vreal sine_less = fine ? v_fma(r, v_fma(z, n, lost), turned) : v_fma(v_mul(r, z), n, turned);
    const vreal rest = v_fma(half, r, v_sub(cosine, one)); /* what 1 - r^2 / 2 lost */
    const vreal cosine_less = v_fnma(less, r, v_fma(v_mul(z, z), cosine_polynomial(z), rest));

    const vmask odd = v_bit(sum, 0), sure = v_le(v_mul(t, t), v_mul(z, v_set(REAL(0x1p42f, 0x1p100))));
    return (near_sine){v_select(odd, cosine, r), v_select(odd, cosine_less, sine_less), v_bit(sum, 1),
                       v_andnot(sure, beyond)};
}

ACT_ALWAYS_INLINE vreal sine_round(near_sine s) {
    const vreal y = v_sub(s.hi, s.less);
    return v_select(s.negative, v_neg(y), y);
}

#endif
