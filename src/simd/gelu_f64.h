/*
 * What gelu.h needs in float64: R(a) of erf_f64.h, and in its terms S(t) of degree 23, relative error 2^-61.
 * Coefficients from wide_coefficients.py.
 */
#ifndef ACT_SIMD_GELU_F64_H
#define ACT_SIMD_GELU_F64_H

#include "simd/erf_f64.h"
#include "simd/math.h"

#define GELU_END v_set(40) /* exp(-x^2 / 2) underflows beyond */

static const double slope_coefficients[24][2] = {{0x1.d94de78425400p-2, 0x1.8b99141dc35efp-48},
                                                 {-0x1.a763001ac6800p-4, 0x1.120cbc699a755p-51},
                                                 {0x1.ef4ff8013798cp-5},
                                                 {-0x1.cc1e2623d9124p-6},
                                                 {0x1.37754d816c891p-7},
                                                 {-0x1.d4c8222ac3c49p-10},
                                                 {-0x1.443f63e5f75cbp-13},
                                                 {0x1.85999c3c4e965p-13},
                                                 {-0x1.253810be206dbp-16},
                                                 {-0x1.2e9383ddfd982p-16},
                                                 {0x1.dafba3791cb53p-19},
                                                 {0x1.2987e81693fdcp-19},
                                                 {-0x1.083801f020290p-21},
                                                 {-0x1.773be0108b27dp-22},
                                                 {0x1.c14626c8195ebp-25},
                                                 {0x1.1044cdc1254e1p-24},
                                                 {-0x1.2981b0a2134e1p-31},
                                                 {-0x1.88bb085ab72e3p-27},
                                                 {-0x1.146223193edc8p-29},
                                                 {0x1.c8b73651d8bfdp-30},
                                                 {0x1.86d46025dd407p-31},
                                                 {-0x1.9efd5f97e16cep-34},
                                                 {-0x1.f101f207d2a70p-34},
                                                 {-0x1.5ca0c1ee4642fp-36}};

/* u of erf_f64.h */
ACT_ALWAYS_INLINE wide normal_variable(vreal a) { return wide_div(wide_set(1, 0), wide_plus(wide_of(a), 4)); }

/* R(a) and S(a) for 0 <= a <= GELU_END. */
ACT_ALWAYS_INLINE vpair tail_over_density(vreal a) {
    const wide r = mills(normal_variable(a));
    return (vpair){r.hi, r.lo};
}

ACT_ALWAYS_INLINE vpair slope_over_root(vreal a) {
    const wide s = wide_polynomial(mills_variable(normal_variable(a)), slope_coefficients, 24, 2);
    return (vpair){s.hi, s.lo};
}

#endif
