/*
 * A derivative beside a root of its own, in float64: there what is left of a pair's digits is too few, while x less
 * the root is exact. Only for float64; a double has digits enough for float32. Series from wide_exp_coefficients.py.
 */
#ifndef ACT_SIMD_ROOT_H
#define ACT_SIMD_ROOT_H

#include "simd/wide.h"

#if ACT_REAL == 64

/* How far the series reach: 2^-6 to each side. */
#define ROOT_REACH 0x1p-6

/*
 * f' by the series f'(root + d) = d (c[0] + c[1] + c[2] d + c[3] d^2 ...), c[0] + c[1] being one number, where z is
 * near the root and below 0, otherwise as given.
 */
ACT_ALWAYS_INLINE vreal derivative_by_root(vmask below, wide z, wide root, const double *c, int count,
                                           vreal otherwise) {
    const vreal head = v_sub(z.hi, root.hi), tail = v_sub(z.lo, root.lo);
    const vreal d = v_add(head, tail), rest = v_add(v_sub(head, d), tail);
    const vmask close = v_lt(v_abs(d), v_set(ROOT_REACH));
    if (__builtin_expect(v_bits(close) == 0, 1))
        return otherwise;
    const vreal square = v_mul(d, d);
    const vreal upper = v_mul(square, d_polynomial(c + 2, count - 2, d, square));
    const vreal lower = v_fma(rest, v_set(c[0]), v_fma(d, v_set(c[1]), upper));
    const vreal near = v_select(close, v_fma(d, v_set(c[0]), lower), otherwise);
    return v_select(below, near, otherwise);
}

#endif
#endif
