/*
 * What celu and selu have below 0: multiples of 1 - exp(z) and of exp(z) for z <= 0. (elu, whose factor may be any,
 * is in act/elu.c.)
 */
#ifndef ACT_SIMD_EXPONENTIAL_H
#define ACT_SIMD_EXPONENTIAL_H

#include "simd/exp_rise.h"

/* factor * (1 - exp(z)), where e was made with this rest of z. */
ACT_ALWAYS_INLINE vreal exponential_fall(vexp e, vreal rest, vpair factor) {
    const vpair fall = v_normal_pair(v_one_minus(exp_rise(e, rest)));
    return v_fma(factor.hi, fall.hi, v_fma(factor.hi, fall.lo, v_mul(factor.lo, fall.hi)));
}

/* factor * exp(z) */
ACT_ALWAYS_INLINE vreal exponential_multiple(vexp e, vreal factor) {
    return v_scale(v_fma(factor, e.rough, factor), e.n);
}

#endif
