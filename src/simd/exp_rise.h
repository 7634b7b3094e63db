/*
 * The parts of exp(x + rest) for what is left when 1 is taken off: 2^n (1 + head + tail) of math.h. In double the
 * tail of those would be up to 1.06 ulp off about |x| = 0.3; here head is r + r^2 / 2, and tail the rounding of that
 * and r^3 Q(r), Q of degree 9 from wide_exp_coefficients.py.
 */
#ifndef ACT_SIMD_EXP_RISE_H
#define ACT_SIMD_EXP_RISE_H

#include "simd/math.h"
#include "simd/vec_double.h"

#if ACT_REAL == 64
static const double exp_rise_coefficients[10] = {
    0x1.555555555555ep-3,  0x1.5555555555571p-5,  0x1.111111110e04fp-7,  0x1.6c16c16c0692ep-10, 0x1.a01a01b7fc2b4p-13,
    0x1.a01a02047431ep-16, 0x1.71dde55bd6257p-19, 0x1.27e3f89eaadc8p-22, 0x1.af7df6fbee825p-26, 0x1.20f33d339533ep-29,
};

ACT_ALWAYS_INLINE vexp exp_rise(vexp e, vreal rest) {
    const vreal lower = v_fnma(e.n, LN2_LOWER, rest), r = v_add(e.head, lower), half = v_mul(v_set(0.5), r);
    const vreal square = v_mul(r, r), cubic = d_polynomial(exp_rise_coefficients, 10, r, square);
    const vreal lost = v_sub(lower, v_sub(r, e.head));
    e.head = v_fma(half, r, r);
    e.tail = v_fma(v_mul(square, r), cubic, v_add(lost, v_fma(half, r, v_sub(r, e.head))));
    e.p = v_add(e.head, e.tail);
    return e;
}
#else
ACT_ALWAYS_INLINE vexp exp_rise(vexp e, vreal rest) { return (void)rest, e; }
#endif

#endif
