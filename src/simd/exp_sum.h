/*
 * 1 + E with E = exp(z) for z of either sign, as a pair, and its reciprocal. All are held smaller by a power of two,
 * so that E has room where 1 / (1 + E) is subnormal: a quotient by the sum, times `one`, is rounded to a subnormal
 * once.
 */
#ifndef ACT_SIMD_EXP_SUM_H
#define ACT_SIMD_EXP_SUM_H

#include "simd/math.h"

/* The power of two that 1 and E are held smaller by. */
enum { EXP_SUM_ROOM = REAL(60, 512) };

#define EXP_SUM_ONE   v_set(REAL(0x1p-60f, 0x1p-512))
#define EXP_SUM_MAGIC v_set(REAL(0x1.8p23f, 0x1.8p52) + (real)(V_BIAS - EXP_SUM_ROOM))

typedef struct exp_sum {
    vexp e;
    vreal one;
    vpair sum;
    vreal reciprocal; /* of sum.hi */
} exp_sum;

/* What sum = 2^n (1 + p) + one has lost. `fine`: E's last digits too where it is all but nothing beside 1. */
ACT_ALWAYS_INLINE vreal exp_sum_rest(vexp e, vreal one, vreal base, vreal sum, int fine) {
    const vreal larger = v_at_least(e.power, one), smaller = v_at_most(e.power, one);
#if ACT_REAL == 32
    (void)fine;
    const vreal lost = v_fma(e.power, e.tail, v_fma(e.power, e.head, v_sub(base, sum)));
    return v_add(lost, v_sub(smaller, v_sub(base, larger)));
#else
    (void)base;
    const vreal left = v_add(v_sub(fine ? larger : e.power, sum), fine ? smaller : one);
    return v_fma(e.power, e.tail, v_fma(e.power, e.head, left));
#endif
}

/* z is from -21 to 126, in float64 from -64 to 1000. */
ACT_ALWAYS_INLINE exp_sum exp_sum_of(vpair z, int fine) {
    const vreal one = EXP_SUM_ONE, shifted = v_fma(z.hi, V_LOG2_E, EXP_SUM_MAGIC), power = v_exponent(shifted);
    const vexp e = v_exp_reduced(z.hi, z.lo, v_sub(shifted, EXP_SUM_MAGIC), power);
    const vreal base = v_add(one, power), sum = v_fma(power, e.p, base);
    return (exp_sum){e, one, {sum, exp_sum_rest(e, one, base, sum, fine)}, v_div(v_set(1), sum)};
}

#endif
