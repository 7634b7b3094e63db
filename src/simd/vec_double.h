/*
 * Vectors of doubles for float32 kernels: two of them, low and high, hold what one vreal does. Included by
 * wide_f32.h and others; one section an instruction set. As in vec.h every operation rounds correctly and nothing
 * fuses unless asked to.
 */
#ifndef ACT_SIMD_VEC_DOUBLE_H
#define ACT_SIMD_VEC_DOUBLE_H

#include "simd/vec.h"

#if ACT_REAL == 64
typedef vreal vdouble;
#define d_set   v_set
#define d_add   v_add
#define d_sub   v_sub
#define d_mul   v_mul
#define d_div   v_div
#define d_fma   v_fma
#define d_fnma  v_fnma
#define d_round v_round

#elif defined(ACT_ISA_AVX512)
#define D_OP(op) _mm512_##op##_pd
typedef __m512d vdouble;

ACT_ALWAYS_INLINE vdouble d_widen_low(vreal a) { return _mm512_cvtps_pd(_mm512_castps512_ps256(a)); }
ACT_ALWAYS_INLINE vdouble d_widen_high(vreal a) { return _mm512_cvtps_pd(_mm512_extractf32x8_ps(a, 1)); }
ACT_ALWAYS_INLINE vreal d_narrow(vdouble low, vdouble high) {
    return _mm512_insertf32x8(_mm512_castps256_ps512(_mm512_cvtpd_ps(low)), _mm512_cvtpd_ps(high), 1);
}
ACT_ALWAYS_INLINE vdouble d_select_low(vmask m, vdouble yes, vdouble no) {
    return _mm512_mask_blend_pd((__mmask8)m, no, yes);
}
ACT_ALWAYS_INLINE vdouble d_select_high(vmask m, vdouble yes, vdouble no) {
    return _mm512_mask_blend_pd((__mmask8)(m >> 8), no, yes);
}
ACT_ALWAYS_INLINE vdouble d_round(vdouble a) {
    return _mm512_roundscale_pd(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
/* a * 2^n for whole n, where 2^n and the result are normal numbers. */
ACT_ALWAYS_INLINE vdouble d_scale(vdouble a, vdouble n) { return _mm512_scalef_pd(a, n); }

#elif defined(ACT_ISA_AVX2)
#define D_OP(op) _mm256_##op##_pd
typedef __m256d vdouble;

ACT_ALWAYS_INLINE vdouble d_widen_low(vreal a) { return _mm256_cvtps_pd(_mm256_castps256_ps128(a)); }
ACT_ALWAYS_INLINE vdouble d_widen_high(vreal a) { return _mm256_cvtps_pd(_mm256_extractf128_ps(a, 1)); }
ACT_ALWAYS_INLINE vreal d_narrow(vdouble low, vdouble high) {
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm256_cvtpd_ps(low)), _mm256_cvtpd_ps(high), 1);
}
ACT_ALWAYS_INLINE vdouble d_mask(__m128i m) { return _mm256_castsi256_pd(_mm256_cvtepi32_epi64(m)); }
ACT_ALWAYS_INLINE vdouble d_select_low(vmask m, vdouble yes, vdouble no) {
    return _mm256_blendv_pd(no, yes, d_mask(_mm256_castsi256_si128(_mm256_castps_si256(m))));
}
ACT_ALWAYS_INLINE vdouble d_select_high(vmask m, vdouble yes, vdouble no) {
    return _mm256_blendv_pd(no, yes, d_mask(_mm256_extracti128_si256(_mm256_castps_si256(m), 1)));
}
ACT_ALWAYS_INLINE vdouble d_round(vdouble a) {
    return _mm256_round_pd(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
ACT_ALWAYS_INLINE vdouble d_scale(vdouble a, vdouble n) {
    const __m256d biased = _mm256_add_pd(n, _mm256_set1_pd(0x1.8p52 + 1023));
    return _mm256_mul_pd(a, _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(biased), 52)));
}

#elif defined(ACT_ISA_NEON)
#define D_OP(op) v##op##q_f64
typedef float64x2_t vdouble;

ACT_ALWAYS_INLINE vdouble d_widen_low(vreal a) { return vcvt_f64_f32(vget_low_f32(a)); }
ACT_ALWAYS_INLINE vdouble d_widen_high(vreal a) { return vcvt_high_f64_f32(a); }
ACT_ALWAYS_INLINE vreal d_narrow(vdouble low, vdouble high) { return vcvt_high_f32_f64(vcvt_f32_f64(low), high); }
ACT_ALWAYS_INLINE uint64x2_t d_mask(uint32x2_t m) {
    return vreinterpretq_u64_s64(vmovl_s32(vreinterpret_s32_u32(m)));
}
ACT_ALWAYS_INLINE vdouble d_select_low(vmask m, vdouble yes, vdouble no) {
    return vbslq_f64(d_mask(vget_low_u32(m)), yes, no);
}
ACT_ALWAYS_INLINE vdouble d_select_high(vmask m, vdouble yes, vdouble no) {
    return vbslq_f64(d_mask(vget_high_u32(m)), yes, no);
}
ACT_ALWAYS_INLINE vdouble d_round(vdouble a) { return vrndnq_f64(a); }
ACT_ALWAYS_INLINE vdouble d_scale(vdouble a, vdouble n) {
    const int64x2_t biased = vaddq_s64(vcvtnq_s64_f64(n), vdupq_n_s64(1023));
    return vmulq_f64(a, vreinterpretq_f64_s64(vshlq_n_s64(biased, 52)));
}

#else
typedef double vdouble;

ACT_ALWAYS_INLINE vdouble d_widen_low(vreal a) { return a; }
ACT_ALWAYS_INLINE vdouble d_widen_high(vreal a) { return a; }
ACT_ALWAYS_INLINE vreal d_narrow(vdouble low, vdouble high) { return (void)high, (vreal)low; }
ACT_ALWAYS_INLINE vdouble d_select_low(vmask m, vdouble yes, vdouble no) { return m ? yes : no; }
ACT_ALWAYS_INLINE vdouble d_select_high(vmask m, vdouble yes, vdouble no) { return m ? yes : no; }
ACT_ALWAYS_INLINE vdouble d_round(vdouble a) { return (a + 0x1.8p52) - 0x1.8p52; }
ACT_ALWAYS_INLINE vdouble d_scale(vdouble a, vdouble n) {
    const double biased = n + (0x1.8p52 + 1023);
    uint64_t word;
    double power;
    memcpy(&word, &biased, sizeof word);
    word <<= 52;
    memcpy(&power, &word, sizeof power);
    return a * power;
}

ACT_ALWAYS_INLINE vdouble d_set(double c) { return c; }
ACT_ALWAYS_INLINE vdouble d_add(vdouble a, vdouble b) { return a + b; }
ACT_ALWAYS_INLINE vdouble d_sub(vdouble a, vdouble b) { return a - b; }
ACT_ALWAYS_INLINE vdouble d_mul(vdouble a, vdouble b) { return a * b; }
ACT_ALWAYS_INLINE vdouble d_div(vdouble a, vdouble b) { return a / b; }
ACT_ALWAYS_INLINE vdouble d_sqrt(vdouble a) { return sqrt(a); }
ACT_ALWAYS_INLINE vdouble d_fma(vdouble a, vdouble b, vdouble c) { return fma(a, b, c); }
ACT_ALWAYS_INLINE vdouble d_fnma(vdouble a, vdouble b, vdouble c) { return fma(-a, b, c); }
ACT_ALWAYS_INLINE vdouble d_at_least(vdouble x, vdouble low) { return low > x ? low : x; }
ACT_ALWAYS_INLINE vdouble d_at_most(vdouble x, vdouble high) { return high < x ? high : x; }
#endif

#ifdef D_OP
#if defined(ACT_ISA_NEON)
ACT_ALWAYS_INLINE vdouble d_set(double c) { return vdupq_n_f64(c); }
ACT_ALWAYS_INLINE vdouble d_fma(vdouble a, vdouble b, vdouble c) { return vfmaq_f64(c, a, b); }
ACT_ALWAYS_INLINE vdouble d_fnma(vdouble a, vdouble b, vdouble c) { return vfmsq_f64(c, a, b); }
#else
ACT_ALWAYS_INLINE vdouble d_set(double c) { return D_OP(set1)(c); }
ACT_ALWAYS_INLINE vdouble d_fma(vdouble a, vdouble b, vdouble c) { return D_OP(fmadd)(a, b, c); }
ACT_ALWAYS_INLINE vdouble d_fnma(vdouble a, vdouble b, vdouble c) { return D_OP(fnmadd)(a, b, c); } /* c - a * b */
#endif
ACT_ALWAYS_INLINE vdouble d_add(vdouble a, vdouble b) { return D_OP(add)(a, b); }
ACT_ALWAYS_INLINE vdouble d_sub(vdouble a, vdouble b) { return D_OP(sub)(a, b); }
ACT_ALWAYS_INLINE vdouble d_mul(vdouble a, vdouble b) { return D_OP(mul)(a, b); }
ACT_ALWAYS_INLINE vdouble d_div(vdouble a, vdouble b) { return D_OP(div)(a, b); }
ACT_ALWAYS_INLINE vdouble d_sqrt(vdouble a) { return D_OP(sqrt)(a); }
/* x, but no less than low or no more than high; NaN stays NaN. */
ACT_ALWAYS_INLINE vdouble d_at_least(vdouble x, vdouble low) { return D_OP(max)(low, x); }
ACT_ALWAYS_INLINE vdouble d_at_most(vdouble x, vdouble high) { return D_OP(min)(high, x); }
#endif

/* c[0] + c[1] x + ... + c[count - 1] x^(count - 1), even and odd powers side by side; count >= 2, square = x^2. */
ACT_ALWAYS_INLINE vdouble d_polynomial(const double *c, int count, vdouble x, vdouble square) {
    vdouble chain[2] = {d_set(c[count - 2]), d_set(c[count - 1])};
    for (int k = count - 3; k >= 0; k--) {
        const int which = (count - 1 - k) % 2 == 0;
        chain[which] = d_fma(chain[which], square, d_set(c[k]));
    }
    return count % 2 ? d_fma(chain[0], x, chain[1]) : d_fma(chain[1], x, chain[0]);
}

#endif
