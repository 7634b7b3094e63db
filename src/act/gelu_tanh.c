/*
 * gelu_tanh: y = x (1 + tanh(u)) / 2 with u = sqrt(2/pi) (x + 0.044715 x^3), computed as x s(z) with z = 2u and s the
 * logistic function; see simd/swish.h. x z' = 2 sqrt(2/pi) (x + 0.134145 x^3). The derivative vanishes at x =
 * -0.7525, where float64 takes its Taylor series. y is computed in pairs of reals, the derivative in wide. -0
 * at -Inf. Hendrycks, Gimpel 2016. Measured over all 2^32 inputs: 0.798 ulp, derivative 0.500; float64 0.71 and 0.72.
 */
#include "simd/kernel.h"
#include "simd/swish.h"

#define ACT_NAME            gelu_tanh
#define ACT_FORWARD_AT_ONCE 4

/* |x| to where exp(-|z|) times any x is 0. */
static inline vreal held(vreal x) { return v_at_most(v_abs(x), v_set(REAL(14.5f, 32.0))); }

/* 2 sqrt(2/pi) (a + 0.044715 a^3), or with three times the cubic term. */
ACT_ALWAYS_INLINE wide cubic(vreal a, wide coefficient) {
    const wide linear = wide_set(0x1.9884533d43651p+0, -0x1.cbc0d30ebfd15p-54);
    return wide_mul_real(wide_fma(coefficient, wide_exact_product(a, a), linear), a);
}

static inline wide minus_argument(vreal x) {
    return wide_neg(cubic(held(x), wide_set(0x1.2444f2a4d8b4bp-4, -0x1.6c843a29d1c70p-61)));
}

/* z = x (A + B x^2) as a pair; the upper part of A has so few bits that sums less it are exact. */
ACT_ALWAYS_INLINE vpair argument(vreal x) {
    const vreal a = v_set(REAL(0x1.98845p+0f, 0x1.9884533d436p+0));
    const vreal b = v_set(REAL(0x1.2444f2p-4f, 0x1.2444f2a4d8b4bp-4));
    const vpair square = v_exact_product(x, x);
    const vreal sum = v_fma(b, square.hi, a), lost = v_fma(b, square.hi, v_sub(a, sum));
    const vreal b_rest = v_set(REAL(0x1.49b16ap-29f, -0x1.6c843a29d1c70p-61));
    const vreal rest = v_fma(b_rest, square.hi, v_set(REAL(0x1.9ea1b2p-23f, 0x1.42343f2cf1403p-46)));
    const vreal factor_rest = v_add(lost, v_fma(b, square.lo, rest)), product = v_mul(x, sum);
    return (vpair){product, v_fma(x, factor_rest, v_fma(x, sum, v_neg(product)))};
}

ACT_ALWAYS_INLINE vreal value(vreal x, const vreal *p) {
    (void)p;
    const vreal least = v_set(REAL(-11.25f, -22.0)), most = v_set(REAL(6, 8));
    const vreal held = v_at_most(v_at_least(x, least), most); /* beyond, y is 0 or x */
    return swish_of_held(x, held, argument(v_neg(held)));
}

#if ACT_REAL == 64
static const double root_series[9] = {
    0x1.b8bacd2c96b91p-2,  0x1.7625a206be83dp-56, 0x1.8cd1a2b2fff33p-2, -0x1.029615edb077ap-6, -0x1.d2b77346470abp-4,
    -0x1.104a83edc0ddcp-6, 0x1.427996dc249cep-6,  0x1.58c9ed713486cp-8, -0x1.3d8d64170bb72p-9,
};
#endif

ACT_ALWAYS_INLINE vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    const vmask below = v_lt(x, v_set(0));
    const wide t = cubic(held(x), wide_set(0x1.b6676bf7450f0p-3, 0x1.bba7351828aabp-57));
    const vreal derivative = gated_derivative(minus_argument(x), t, below);
#if ACT_REAL == 64
    const wide root = wide_set(-0x1.81429f9e97e4dp-1, 0x1.4f523ed77dbdcp-55);
    return v_mul(dy, derivative_by_root(below, wide_of(v_neg(held(x))), root, root_series, 9, derivative));
#else
    return v_mul(dy, derivative);
#endif
}

#include "simd/elementwise.h"
