/*
 * The hyperbolic tangent of |z| in wide, of twice = -2 |z|: with E = exp(-2 |z|) and m = E - 1, which keeps its
 * digits near 0, tanh = -m / (2 + m). Used by scaled_tanh.
 */
#ifndef ACT_SIMD_HYPERBOLIC_H
#define ACT_SIMD_HYPERBOLIC_H

#include "simd/argument.h"
#include "simd/wide_exp.h"

/* From here on tanh(|z|) is 1 to every digit. */
#define TANH_LIMIT 64

ACT_ALWAYS_INLINE wide wide_tanh(wide twice) {
    const wide m = wide_expm1(twice);
    return wide_div(wide_neg(m), wide_add_small(wide_set(2, 0), m));
}

#endif
