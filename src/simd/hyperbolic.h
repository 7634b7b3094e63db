/*
 * The hyperbolic tangent of |z| in wide, of twice = -2 |z|: with E = exp(-2 |z|) and m = E - 1, which keeps its
 * digits near 0, tanh = -m / (2 + m). Used by kinds made of it.
 */
#ifndef ACT_SIMD_HYPERBOLIC_H
#define ACT_SIMD_HYPERBOLIC_H

#include "simd/argument.h"
#include "simd/wide_exp.h"

/* From here on tanh(|z|) is 1 to every digit. */
#define TANH_LIMIT 64

/* -2 |x| */
ACT_ALWAYS_INLINE wide minus_twice(vreal x) {
    return wide_of(v_mul(v_set(-2), v_at_most(v_abs(x), v_set(TANH_LIMIT))));
}

ACT_ALWAYS_INLINE wide wide_tanh(wide twice) {
    const wide m = wide_expm1(twice);
    return wide_div(wide_neg(m), wide_add_small(wide_set(2, 0), m));
}

#endif
