/*
 * What sums of exact products need of vectors of doubles beside vec_double.h. Included by slopes/slope_kernels.c.
 */
#ifndef ACT_SIMD_VEC_SUM_H
#define ACT_SIMD_VEC_SUM_H

#include "simd/vec_double.h"

/*
 * d_load: as many reals as a vector of doubles holds, widened; from memory that takes no shuffle.
 * d_unless_above_0: a where x is not above 0, else +0.
 * d_add_exact: sum + a * b of an exact product, so that it does not matter whether that is rounded.
 */
#if ACT_REAL == 64
ACT_ALWAYS_INLINE vdouble d_load(const real *p) { return v_load(p); }
#elif defined(ACT_ISA_AVX512)
ACT_ALWAYS_INLINE vdouble d_load(const real *p) { return _mm512_cvtps_pd(_mm256_loadu_ps(p)); }
#elif defined(ACT_ISA_AVX2)
ACT_ALWAYS_INLINE vdouble d_load(const real *p) { return _mm256_cvtps_pd(_mm_loadu_ps(p)); }
#elif defined(ACT_ISA_NEON)
ACT_ALWAYS_INLINE vdouble d_load(const real *p) { return vcvt_f64_f32(vld1_f32(p)); }
#else
ACT_ALWAYS_INLINE vdouble d_load(const real *p) { return (double)*p; }
#endif

#if defined(ACT_ISA_AVX512)
ACT_ALWAYS_INLINE vdouble d_unless_above_0(vdouble x, vdouble a) {
    return _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(x, _mm512_setzero_pd(), _CMP_NGT_UQ), a);
}
#elif defined(ACT_ISA_AVX2)
ACT_ALWAYS_INLINE vdouble d_unless_above_0(vdouble x, vdouble a) {
    return _mm256_and_pd(_mm256_cmp_pd(x, _mm256_setzero_pd(), _CMP_NGT_UQ), a);
}
#elif defined(ACT_ISA_NEON)
ACT_ALWAYS_INLINE vdouble d_unless_above_0(vdouble x, vdouble a) {
    return vreinterpretq_f64_u64(vbicq_u64(vreinterpretq_u64_f64(a), vcgtq_f64(x, vdupq_n_f64(0))));
}
#else /* in integers, or compilers make it a branch that no processor can foretell */
ACT_ALWAYS_INLINE vdouble d_unless_above_0(vdouble x, vdouble a) {
    uint64_t bits;
    memcpy(&bits, &a, sizeof bits);
    bits &= (uint64_t)(x > 0) - 1;
    memcpy(&a, &bits, sizeof a);
    return a;
}
#endif

#if defined(ACT_ISA_AVX512) || defined(ACT_ISA_AVX2) || defined(ACT_ISA_NEON)
ACT_ALWAYS_INLINE vdouble d_add_exact(vdouble sum, vdouble a, vdouble b) { return d_fma(a, b, sum); }
#else /* where fma may be a call */
ACT_ALWAYS_INLINE vdouble d_add_exact(vdouble sum, vdouble a, vdouble b) { return d_add(sum, d_mul(a, b)); }
#endif

#endif
