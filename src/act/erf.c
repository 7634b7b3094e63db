/*
 * erf: y = erf(x), +-1 at +-Inf; see simd/erf_f32.h and simd/erf_f64.h. Derivative 2 / sqrt(pi) exp(-x^2), see
 * simd/bell.h. Measured over all 2^32 inputs: 0.76 ulp, derivative 1.67; float64 0.84, that below 2^-1020,
 * and 1.06.
 */
#include "simd/kernel.h"
#include "simd/bell.h"

#define ACT_NAME    erf
#define ACT_AT_ONCE REAL(4, 2)

#if ACT_REAL == 32
#include "simd/erf_f32.h"
#else
#include "simd/erf_f64.h"
#endif

ACT_ALWAYS_INLINE vreal value(vreal x, const vreal *p) {
    (void)p;
    return erf_value(x);
}

ACT_ALWAYS_INLINE vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    return v_mul(dy, bell_multiple(v_set(REAL(0x1.20dd76p+0f, 0x1.20dd750429b6dp+0)), x));
}

#include "simd/elementwise.h"
