/*
 * Numbers in [0, 1) from random words: of a vector of pairs (vec_word.h) float32 takes the upper 24 bits of each
 * word, float64 the upper 53 of each pair, of which the lower word is the leading one. All are exact. U_PARTS vectors
 * come from one of pairs. Included by slopes/slope_kernels.c.
 */
#ifndef ACT_SIMD_VEC_UNIT_H
#define ACT_SIMD_VEC_UNIT_H

#include "simd/vec.h"
#include "simd/vec_word.h"

enum { U_PARTS = 2 * W_WIDTH / REAL(1, 2) / V_WIDTH };

#if defined(ACT_ISA_AVX512)
static inline vreal u_part(vword pairs, int part) {
    (void)part;
#if ACT_REAL == 32
    return v_mul(_mm512_cvtepi32_ps(_mm512_srli_epi32(pairs, 8)), v_set(0x1p-24f));
#else
    return v_mul(_mm512_cvtepi64_pd(_mm512_srli_epi64(_mm512_rol_epi64(pairs, 32), 11)), v_set(0x1p-53));
#endif
}
#elif defined(ACT_ISA_AVX2)
static inline vreal u_part(vword pairs, int part) {
    (void)part;
#if ACT_REAL == 32
    return v_mul(_mm256_cvtepi32_ps(_mm256_srli_epi32(pairs, 8)), v_set(0x1p-24f));
#else
    /* 2^20 + leading / 2^32 and 1/2 + the rest / 2^53: the words are the last bits of these. */
    const vword leading = w_join(pairs, w_set(0x41300000)), rest = _mm256_srli_epi64(pairs, 43);
    const vreal half = _mm256_or_pd(_mm256_castsi256_pd(rest), v_set(0.5));
    return v_add(v_sub(_mm256_castsi256_pd(leading), v_set(0x1p20 + 0.5)), half);
#endif
}
#elif defined(ACT_ISA_NEON)
static inline vreal u_part(vword pairs, int part) {
    (void)part;
#if ACT_REAL == 32
    return vcvtq_n_f32_u32(vshrq_n_u32(vreinterpretq_u32_u64(pairs), 8), 24);
#else
    const vword leading = vreinterpretq_u64_u32(vrev64q_u32(vreinterpretq_u32_u64(pairs)));
    return vcvtq_n_f64_u64(vshrq_n_u64(leading, 11), 53);
#endif
}
#else
static inline vreal u_part(vword pairs, int part) {
#if ACT_REAL == 32
    return (real)(int32_t)((uint32_t)(pairs >> 32 * part) >> 8) * 0x1p-24f;
#else
    (void)part;
    return (real)(int64_t)((pairs << 32 | pairs >> 32) >> 11) * 0x1p-53;
#endif
}
#endif

#endif
