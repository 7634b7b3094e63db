/*
 * tanh, as it is part of other functions; its value alone is in tanh_value.h.
 *
 * float32: tanh(c + t) = T + (1 - T^2) h / (1 + T h) exactly, where T = tanh(c) and h = tanh(t). c is the nearest of
 * 15 points that lie the closer the nearer to 0, so that the second term is at most a quarter of the result, or 0
 * itself, where T is 0 and h the result. Each c was moved a little to where T is all but a float32. h is minimax,
 * relative error 2^-29 for |t| < 0.302, where T may be 0. Tables and polynomial from coefficients.py.
 * float64: (1 - E) / (1 + E) with E = exp(-2 |x|), where 1 - E keeps its digits near 0, as a pair.
 */
#ifndef ACT_SIMD_TANH_H
#define ACT_SIMD_TANH_H

#include "simd/exp_rise.h"
#include "simd/math.h"

#if ACT_REAL == 32
#include "simd/lookup.h"

static const real v_tanh_points[16] = {0x1.0e50a8p+1f,
                                       0x1.5b836p+1f,
                                       0x1.a8b89p+1f,
                                       0x1.f600ecp+1f,
                                       0x1.34e5f2p+2f,
                                       0x1.821c9p+2f,
                                       0x1.cfdbp+2f,
                                       0x1.0a2cp+3f,
                                       0,
                                       0,
                                       0x1.81eecp-2f,
                                       0x1.0e599p-1f,
                                       0x1.8216ep-1f,
                                       0x1.0e5ce8p+0f,
                                       0x1.5b8338p+0f,
                                       0x1.a8c298p+0f};

static const real v_tanh_values[16] = {0x1.f1386p-1f,
                                       0x1.fb87e4p-1f,
                                       0x1.fea88ap-1f,
                                       0x1.ff993cp-1f,
                                       0x1.ffef2ap-1f,
                                       0x1.fffe7ep-1f,
                                       0x1.ffffdep-1f,
                                       0x1.fffffcp-1f,
                                       0,
                                       0,
                                       0x1.70a42ap-2f,
                                       0x1.ef7c04p-2f,
                                       0x1.467084p-1f,
                                       0x1.917e8cp-1f,
                                       0x1.c0698ap-1f,
                                       0x1.dc37a2p-1f};

#define V_TANH_END v_set(9.04f) /* where tanh is 1 already */

/* Of tanh(a), as above; slope is 1 - T^2, divisor 1 + T h, and h + rest has more digits than h. */
typedef struct vtanh {
    vreal value, slope, h, rest, divisor;
} vtanh;

/* Of a, with a.lo if `pair`. */
ACT_ALWAYS_INLINE vtanh v_tanh_parts_of(vpair a, int pair) {
    const vindex i = v_index(v_fma(a.hi, v_set(0x1.a84f34p-1f), v_set(0.5f)), 21);
    const vreal near = v_sub(a.hi, v_lookup16(v_tanh_points, i)), t = pair ? v_add(near, a.lo) : near;
    const vreal square = v_mul(t, t);
    const vreal upper = v_fma(square, v_set(0x1.25d656p-6f), v_set(-0x1.b60244p-5f));
    const vreal lower = v_fma(square, v_set(0x1.1104fep-3f), v_set(-0x1.555540p-2f));
    const vreal cube = v_mul(t, square), q = v_fma(v_mul(square, square), upper, lower);
    const vreal h = v_fma(cube, q, t), value = v_lookup16(v_tanh_values, i);
    const vreal left = v_sub(near, h), rest = v_fma(cube, q, pair ? v_add(left, a.lo) : left);
    return (vtanh){value, v_fnma(value, value, v_set(1)), h, rest, v_fma(value, h, v_set(1))};
}

static inline vtanh v_tanh_parts(vreal a) { return v_tanh_parts_of((vpair){a, v_set(0)}, 0); }

/* tanh(a) - T, to which slope * rest adds digits that count where T is 0. */
static inline vreal v_tanh_share(vtanh p) { return v_div(v_mul(p.slope, p.h), p.divisor); }

#else
/* From here on tanh is 1. */
#define V_TANH_END v_set(32)

/* (1 - E) / (1 + E) as a pair. `fine`: with the last digits of 1 - 2^n where 2^n is small. */
ACT_ALWAYS_INLINE vpair v_tanh_of(vexp e, int fine) {
    const vreal one = v_set(1), base = v_sub(one, e.power), fall = v_fnma(e.power, e.p, base);
    const vreal left = fine ? v_add(v_sub(base, fall), v_sub(v_sub(one, base), e.power)) : v_sub(base, fall);
    const vreal fall_rest = v_fnma(e.power, e.tail, v_fnma(e.power, e.head, left));
    const vpair sum = v_one_plus(e);
    const vreal reciprocal = v_div(one, sum.hi), quotient = v_mul(fall, reciprocal);
    const vreal remainder = v_add(v_fnma(quotient, sum.hi, fall), v_fnma(quotient, sum.lo, fall_rest));
    return (vpair){quotient, v_mul(remainder, reciprocal)};
}

/* tanh(a) for a from 0 to V_TANH_END, as a pair. */
ACT_ALWAYS_INLINE vpair v_tanh_pair(vreal a) {
    vexp e = v_exp_normal(v_mul(v_set(-2), a), v_set(0));
    e.tail = v_fma(e.lost, e.head, e.tail);
    return v_tanh_of(e, 0);
}

/* tanh(a) of minus = -2 a. fine: by an exponential whose tail rounds less. */
ACT_ALWAYS_INLINE vpair v_tanh_from(vpair minus, int fine) {
    vexp e = exp_rise(v_exp_normal(minus.hi, minus.lo), minus.lo);
    if (fine) {
        e.tail = v_fma(e.lost, e.head, e.tail);
        e.p = v_add(e.head, e.tail);
    }
    return v_tanh_of(e, fine);
}
#endif

#endif
