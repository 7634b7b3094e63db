/*
 * What celu and selu have below 0: multiples of exp(z) - 1 and of exp(z) for z <= 0. (elu, whose factor may be any,
 * is in act/elu.c.)
 */
#ifndef ACT_SIMD_EXPONENTIAL_H
#define ACT_SIMD_EXPONENTIAL_H

#include "simd/exp_rise.h"

/* factor * (exp(z) - 1) for factor > 0, where e was made with this rest of z. */
ACT_ALWAYS_INLINE vreal exponential_rise(vexp e, vreal rest, vpair factor) {
    const vpair fall = v_normal_pair(v_one_minus(exp_rise(e, rest)));
    return v_neg(v_fma(factor.hi, fall.hi, v_fma(factor.hi, fall.lo, v_mul(factor.lo, fall.hi))));
}

/* factor * exp(z) */
ACT_ALWAYS_INLINE vreal exponential_multiple(vexp e, vreal factor) {
    return v_scale(v_fma(factor, e.rough, factor), e.n);
}

#endif
