/*
 * Arguments of functions that are over long before their argument is: the product of a parameter and x, exact, and
 * held to where exp(-|z|) times any real is 0 or beyond every digit, so that nothing overflows.
 */
#ifndef ACT_SIMD_ARGUMENT_H
#define ACT_SIMD_ARGUMENT_H

#include "simd/wide.h"

#include <float.h>

#define ARGUMENT_LIMIT REAL(220.0f, 2200.0)
#define LARGEST_REAL   REAL(FLT_MAX, DBL_MAX)

/* The |x| at which |factor * x| is ARGUMENT_LIMIT; the largest real where factor is too small for that. */
ACT_ALWAYS_INLINE vreal argument_bound(vreal factor) {
    const vreal least = v_set(REAL(0x1p-120f, 0x1p-1012)), size = v_abs(factor);
    const vreal bound = v_div(v_set(ARGUMENT_LIMIT), v_at_least(size, least));
    return v_select(v_lt(size, least), v_set(LARGEST_REAL), bound);
}

/* |x| is infinite and factor * x too. */
ACT_ALWAYS_INLINE vmask infinite_product(vreal factor, vreal x) {
    return v_andnot(v_lt(v_set(LARGEST_REAL), v_abs(x)), v_eq(factor, v_set(0)));
}

/* -|factor * x| */
ACT_ALWAYS_INLINE wide minus_magnitude_of_product(vreal factor, vreal x) {
    const vreal held = v_at_most(v_abs(x), argument_bound(factor));
    const wide product = wide_exact_product(v_neg(v_abs(factor)), held);
    return wide_select(infinite_product(factor, x), wide_set(-ARGUMENT_LIMIT, 0), product);
}

/* Has the sign of factor * x. */
ACT_ALWAYS_INLINE vreal signed_by(vreal factor, vreal x) {
    return v_drop(v_eq(factor, v_set(0)), v_mul(x, v_copysign(v_set(1), factor)));
}

#endif
