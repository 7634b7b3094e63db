/*
 * gelu_tanh: y = x (1 + tanh(u)) / 2 with u = sqrt(2/pi) (x + 0.044715 x^3), computed as x s(z) with z = 2u and s the
 * logistic function; see simd/swish.h. x z' = 2 sqrt(2/pi) (x + 0.134145 x^3). The derivative vanishes at x =
 * -0.7525, where float64 takes its Taylor series. Both are computed in pairs of reals, but float32's derivative in
 * wide. -0 at -Inf. Hendrycks, Gimpel 2016. Measured over all 2^32 inputs: 0.798 ulp, derivative 0.500; float64 0.65
 * and 1.39.
 */
#include "simd/kernel.h"
#include "simd/swish.h"

#define ACT_NAME            gelu_tanh
#define ACT_FORWARD_AT_ONCE 4

/* x (A + B x^2) as a pair; the upper part of A has so few bits that sums less it are exact. */
ACT_ALWAYS_INLINE vpair cubic(vreal x, real b, real b_rest) {
    const vreal a = v_set(REAL(0x1.98845p+0f, 0x1.9884533d436p+0)), factor = v_set(b);
    const vpair square = v_exact_product(x, x);
    const vreal sum = v_fma(factor, square.hi, a), lost = v_fma(factor, square.hi, v_sub(a, sum));
    const vreal rest = v_fma(v_set(b_rest), square.hi, v_set(REAL(0x1.9ea1b2p-23f, 0x1.42343f2cf1403p-46)));
    const vreal factor_rest = v_add(lost, v_fma(factor, square.lo, rest)), product = v_mul(x, sum);
    return (vpair){product, v_fma(x, factor_rest, v_fma(x, sum, v_neg(product)))};
}

/* z */
ACT_ALWAYS_INLINE vpair argument(vreal x) {
    return cubic(x, REAL(0x1.2444f2p-4f, 0x1.2444f2a4d8b4bp-4), REAL(0x1.49b16ap-29f, -0x1.6c843a29d1c70p-61));
}

/* Beyond, y is 0 or x, and f' 0 or 1. */
static inline vreal held(vreal x) { return v_at_most(v_at_least(x, v_set(REAL(-11.25f, -22.0))), v_set(REAL(6, 8))); }

ACT_ALWAYS_INLINE vreal value(vreal x, const vreal *p) {
    (void)p;
    const vreal near = held(x);
    return swish_of_held(x, near, argument(v_neg(near)));
}

#if ACT_REAL == 32
/* 2 sqrt(2/pi) (a + 0.044715 a^3), or with three times the cubic term. */
ACT_ALWAYS_INLINE wide wide_cubic(vreal a, double coefficient) {
    return wide_mul_real(
        wide_fma(wide_set(coefficient, 0), wide_exact_product(a, a), wide_set(0x1.9884533d43651p+0, 0)), a);
}

ACT_ALWAYS_INLINE vreal derivative(vreal x) {
    const vreal size = v_at_most(v_abs(x), v_set(14.5f)); /* exp(-|z|) times any x is 0 beyond */
    const wide minus = wide_neg(wide_cubic(size, 0x1.2444f2a4d8b4bp-4)), t = wide_cubic(size, 0x1.b6676bf7450f0p-3);
    return gated_derivative(minus, t, v_lt(x, v_set(0)));
}
#else
static const double root_series[9] = {
    0x1.b8bacd2c96b91p-2,  0x1.7625a206be83dp-56, 0x1.8cd1a2b2fff33p-2, -0x1.029615edb077ap-6, -0x1.d2b77346470abp-4,
    -0x1.104a83edc0ddcp-6, 0x1.427996dc249cep-6,  0x1.58c9ed713486cp-8, -0x1.3d8d64170bb72p-9,
};

ACT_ALWAYS_INLINE vreal derivative(vreal x) {
    const vreal near = held(x);
    const vpair minus = argument(v_neg(near)), t = cubic(near, 0x1.b6676bf7450f0p-3, 0x1.bba7351828aabp-57);
    const wide root = wide_set(-0x1.81429f9e97e4dp-1, 0x1.4f523ed77dbdcp-55);
    return derivative_by_root(v_lt(x, v_set(0)), wide_of(near), root, root_series, 9, swish_gradient(minus, t));
}
#endif

ACT_ALWAYS_INLINE vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    return v_mul(dy, derivative(x));
}

#include "simd/elementwise.h"
