/*
 * x (a x + b), of any size and with all its digits beside its roots, and its slope 2 a x + b. Used by xielu.
 */
#ifndef ACT_SIMD_PARABOLA_H
#define ACT_SIMD_PARABOLA_H

#include "simd/scaled.h"

ACT_ALWAYS_INLINE vreal parabola(vreal x, vreal a, vreal b) {
    const wscaled at = scaled_of(x);
    return scaled_round(scaled_mul(at, scaled_add(scaled_mul(scaled_of(a), at), scaled_of(b))));
}

ACT_ALWAYS_INLINE vreal parabola_slope(vreal x, vreal a, vreal b) {
    const wscaled half = scaled_mul(scaled_of(a), scaled_of(x));
    return scaled_round(scaled_add(scaled_add(half, half), scaled_of(b)));
}

#endif
