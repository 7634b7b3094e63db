/*
 * mish in float64. y = x tanh(softplus(x)), which with e = exp(-|x|) is x n / d: for x >= 0 n = 1 + 2e, d = 1 + 2e +
 * 2e^2, below n = e (2 + e), d = 2 + 2e + e^2. Derivative (n d + 4 x e^2 (1 + e)) / d^2, below e ((2 + e) d + 4 x (1
 * + e)) / d^2; beside its root its Taylor series.
 */
#ifndef ACT_SIMD_MISH_F64_H
#define ACT_SIMD_MISH_F64_H

#include "simd/swish.h"

/* n, for x < 0 without its factor e, and d. */
typedef struct fraction {
    wide n, d;
} fraction;

ACT_ALWAYS_INLINE fraction fraction_of(wide e, vmask below) {
    const wide twice = wide_times(e, 2), square = wide_mul(e, e);
    const wide n = wide_add_small(wide_select(below, wide_set(2, 0), wide_set(1, 0)), wide_select(below, e, twice));
    const wide above_d = wide_add_small(n, wide_times(square, 2));
    const wide below_d = wide_add_small(wide_set(2, 0), wide_add_small(twice, square));
    return (fraction){n, wide_select(below, below_d, above_d)};
}

ACT_ALWAYS_INLINE vreal mish_value(vreal x) {
    const vmask below = v_lt(x, v_set(0));
    const wscaled e = wide_exp(minus_magnitude(x));
    const fraction f = fraction_of(wide_joined(e), below);
    const wide n = wide_select(below, wide_mul(f.n, e.part), f.n);
    return gated_value(x, (wscaled){wide_div(n, f.d), v_keep(below, e.n)}, below);
}

static const double root_series[9] = {
    0x1.115acb42500bbp-2,  0x1.1ad72de557d4cp-56, 0x1.a34a251d8ad7bp-3,  0x1.574f121a868dbp-5,  -0x1.4c222fe64d4fbp-6,
    -0x1.03369d4ac90fap-6, -0x1.b87ddfb51b745p-9, 0x1.1e5e184a0fe00p-10, 0x1.03799182b217fp-10,
};

ACT_ALWAYS_INLINE vreal mish_derivative(vreal x) {
    const vmask below = v_lt(x, v_set(0));
    const wide minus = minus_magnitude(x);
    const wscaled e = wide_exp(minus);
    const wide joined = wide_joined(e), square = wide_mul(joined, joined), sum = one_plus(joined);
    const fraction f = fraction_of(joined, below);
    const wide slope = wide_times(wide_mul(sum, minus), 4);
    const wide gain = wide_select(below, slope, wide_mul(wide_neg(slope), square));
    const wide quotient = wide_div(wide_fma(f.n, f.d, gain), wide_mul(f.d, f.d));
    const wide scaled = wide_select(below, wide_mul(quotient, e.part), quotient);
    const vreal derivative = wide_round_scaled(scaled, v_keep(below, e.n));
    const wide root = wide_set(-0x1.31432c0d12d84p+0, -0x1.bf319154da210p-55);
    return derivative_by_root(below, minus, root, root_series, 9, derivative);
}

#endif
