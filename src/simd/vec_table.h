/*
 * Tables of 32 floats, one for each interval of a number from 1 to 16, eight an octave, in the order of its bits:
 * those of the interval are the lowest of the exponent and the highest of the fraction. float32 only; one section an
 * instruction set.
 */
#ifndef ACT_SIMD_VEC_TABLE_H
#define ACT_SIMD_VEC_TABLE_H

#include "simd/vec.h"

#if defined(ACT_ISA_AVX512)
typedef __m512i vindex;
static inline vindex v_index(vreal a) { return _mm512_srli_epi32(_mm512_castps_si512(a), 20); }
static inline vreal v_look_up(const float *table, vindex i) {
    return _mm512_permutex2var_ps(_mm512_loadu_ps(table), i, _mm512_loadu_ps(table + 16));
}
#elif defined(ACT_ISA_AVX2)
typedef __m256i vindex;
static inline vindex v_index(vreal a) { return _mm256_srli_epi32(_mm256_castps_si256(a), 20); }
/* A permutation looks at three bits of the index, a blend at its sign. */
static inline vreal v_look_up(const float *table, vindex i) {
    const vreal bit3 = _mm256_castsi256_ps(_mm256_slli_epi32(i, 28)),
                bit4 = _mm256_castsi256_ps(_mm256_slli_epi32(i, 27));
    const vreal first = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table), i);
    const vreal second = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table + 8), i);
    const vreal third = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table + 16), i);
    const vreal fourth = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table + 24), i);
    return _mm256_blendv_ps(_mm256_blendv_ps(first, second, bit3), _mm256_blendv_ps(third, fourth, bit3), bit4);
}
#elif defined(ACT_ISA_NEON)
typedef uint32x4_t vindex;
static inline vindex v_index(vreal a) {
    return vandq_u32(vshrq_n_u32(vreinterpretq_u32_f32(a), 20), vdupq_n_u32(31));
}
static inline vreal v_look_up(const float *table, vindex i) {
    const float lanes[4] = {table[vgetq_lane_u32(i, 0)], table[vgetq_lane_u32(i, 1)], table[vgetq_lane_u32(i, 2)],
                            table[vgetq_lane_u32(i, 3)]};
    return v_load(lanes);
}
#else
typedef uint32_t vindex;
static inline vindex v_index(vreal a) { return v_to_word(a) >> 20 & 31; }
static inline vreal v_look_up(const float *table, vindex i) { return table[i]; }
#endif

#endif
