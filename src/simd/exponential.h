/*
 * What celu and selu have below 0: multiples of exp(z) - 1 and of exp(z) for a pair z <= 0 not below V_EXP_FLOOR.
 * With z.lo the tail of exp grows by z.lo exp(z.hi). (elu, whose z is x itself, is in act/elu.c.)
 */
#ifndef ACT_SIMD_EXPONENTIAL_H
#define ACT_SIMD_EXPONENTIAL_H

#include "simd/math.h"

ACT_ALWAYS_INLINE vexp exponential(vpair z) {
    vexp e = v_exp(z.hi, V_EXP_FLOOR);
    e.tail = v_add(e.tail, v_fma(z.lo, e.p, z.lo));
    e.p = v_add(e.head, e.tail);
    return e;
}

/* factor * (exp(z) - 1) for factor > 0. */
ACT_ALWAYS_INLINE vreal exponential_rise(vpair z, vpair factor) {
    const vpair fall = v_normal_pair(v_one_minus(exponential(z)));
    return v_neg(v_fma(factor.hi, fall.hi, v_fma(factor.hi, fall.lo, v_mul(factor.lo, fall.hi))));
}

/* factor * exp(z) */
ACT_ALWAYS_INLINE vreal exponential_multiple(vpair z, vpair factor) {
    const vexp e = exponential(z);
    return v_scale(v_add(factor.hi, v_fma(factor.hi, e.p, factor.lo)), e.n);
}

#endif
