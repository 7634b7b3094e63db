/*
 * Powers that need no logarithm: x^e and e x^(e - 1) for the exponents -1, 1/2, 2, 3 and 4. The cube and the fourth
 * power carry what the square loses and round once, but that where their ulp is the least real the carried part
 * rounds too: 1 ulp there. The other values round once. Derivatives, over all 2^32 inputs: of 2 exact, of 3 and
 * 4 1.32 ulp, of 1/2 1.49, of -1 1.91. Infinities come from x or from an overflow of the result only.
 */
#ifndef ACT_SIMD_SMALL_POWER_H
#define ACT_SIMD_SMALL_POWER_H

#include "simd/branches.h"
#include "simd/math.h"

/* x no further from 0 than bound, beyond which its power overflows: the lower part of its square would be NaN. */
static inline vreal held_within(vreal x, real bound) { return v_at_most(v_at_least(x, v_set(-bound)), v_set(bound)); }

static inline vreal cube(vreal x) {
    const vreal held = held_within(x, REAL(0x1p43f, 0x1p342));
    return v_fma(v_mul(x, x), x, v_mul(v_exact_product(held, held).lo, held));
}

static inline vreal fourth_power(vreal x) {
    const vreal held = held_within(x, REAL(0x1p32f, 0x1p256)), whole = v_mul(x, x);
    const vpair square = v_exact_product(held, held);
    return v_fma(whole, whole, v_mul(square.lo, v_fma(v_set(2), square.hi, square.lo)));
}

/* The square root as pow has it, of which that of -0 is +0, of -Inf Inf. */
static inline vreal root(vreal x) {
    const vreal infinity = v_set((real)INFINITY);
    return v_sqrt(v_select(v_eq(x, v_neg(infinity)), infinity, v_add(x, v_set(0))));
}

/* dy / (2 y), infinite for both zeros. The least y of which the quotient is finite holds it, so that lanes beyond the
 * end, of y = 0, raise nothing. */
static inline vreal root_gradient(vreal y, vreal dy) {
    const vreal size = v_abs(y), least = v_set(REAL(0x1.00001p-129f, 0x1.0000000000008p-1025));
    const vreal held = v_copysign(v_at_least(size, least), y);
    const vreal sign = v_copysign(v_set(1), v_add(y, v_set(0))); /* that of +0 at -0 */
    return v_select(v_lt(size, least), steep_gradient(v_mul(dy, sign)), v_mul(dy, v_div(v_set((real)0.5), held)));
}

static inline vreal reciprocal(vreal x) {
    const vreal least = v_set(REAL(0x1.000008p-128f, 0x1.0000000000004p-1024)), size = v_abs(x);
    const vreal quotient = v_div(v_set(1), v_at_least(size, least));
    return v_copysign(v_select(v_lt(size, least), v_set((real)INFINITY), quotient), x);
}

/* dy / -x^2 */
static inline vreal reciprocal_gradient(vreal x, vreal dy) {
    const vreal least = v_set(REAL(0x1.000002p-64f, 0x1.0000000000001p-512)), size = v_abs(x);
    const vreal quotient = v_div(v_set(-1), v_at_least(size, least));
    const vreal gentle = v_mul(dy, v_mul(quotient, v_abs(quotient)));
    return v_select(v_lt(size, least), steep_gradient(v_neg(dy)), gentle);
}

#endif
