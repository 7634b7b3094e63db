/*
 * The exponent and fraction of doubles and of reals, by integer operations on their bits: what logarithms and powers
 * need beside the vocabulary of vec_double.h. One section an instruction set and a type.
 */
#ifndef ACT_SIMD_VEC_SPLIT_H
#define ACT_SIMD_VEC_SPLIT_H

#include "simd/vec_double.h"

/* fraction * 2^exponent, where the fraction is from sqrt(1/2) to sqrt(2), or nearly. */
typedef struct dsplit {
    vdouble fraction, exponent;
} dsplit;

#if defined(ACT_ISA_AVX512)
typedef __m512i d_word;
static inline d_word d_word_set(int64_t a) { return _mm512_set1_epi64(a); }
static inline d_word d_word_add(d_word a, d_word b) { return _mm512_add_epi64(a, b); }
static inline d_word d_word_and(d_word a, d_word b) { return _mm512_and_si512(a, b); }
static inline d_word d_word_or(d_word a, d_word b) { return _mm512_or_si512(a, b); }
static inline d_word d_exponent_field(d_word a) { return _mm512_srli_epi64(a, 52); }
static inline d_word d_to_word(vdouble a) { return _mm512_castpd_si512(a); }
static inline vdouble d_from_word(d_word a) { return _mm512_castsi512_pd(a); }
#elif defined(ACT_ISA_AVX2)
typedef __m256i d_word;
static inline d_word d_word_set(int64_t a) { return _mm256_set1_epi64x(a); }
static inline d_word d_word_add(d_word a, d_word b) { return _mm256_add_epi64(a, b); }
static inline d_word d_word_and(d_word a, d_word b) { return _mm256_and_si256(a, b); }
static inline d_word d_word_or(d_word a, d_word b) { return _mm256_or_si256(a, b); }
static inline d_word d_exponent_field(d_word a) { return _mm256_srli_epi64(a, 52); }
static inline d_word d_to_word(vdouble a) { return _mm256_castpd_si256(a); }
static inline vdouble d_from_word(d_word a) { return _mm256_castsi256_pd(a); }
#elif defined(ACT_ISA_NEON)
typedef uint64x2_t d_word;
static inline d_word d_word_set(int64_t a) { return vdupq_n_u64((uint64_t)a); }
static inline d_word d_word_add(d_word a, d_word b) { return vaddq_u64(a, b); }
static inline d_word d_word_and(d_word a, d_word b) { return vandq_u64(a, b); }
static inline d_word d_word_or(d_word a, d_word b) { return vorrq_u64(a, b); }
static inline d_word d_exponent_field(d_word a) { return vshrq_n_u64(a, 52); }
static inline d_word d_to_word(vdouble a) { return vreinterpretq_u64_f64(a); }
static inline vdouble d_from_word(d_word a) { return vreinterpretq_f64_u64(a); }
#else
typedef uint64_t d_word;
static inline d_word d_word_set(int64_t a) { return (uint64_t)a; }
static inline d_word d_word_add(d_word a, d_word b) { return a + b; }
static inline d_word d_word_and(d_word a, d_word b) { return a & b; }
static inline d_word d_word_or(d_word a, d_word b) { return a | b; }
static inline d_word d_exponent_field(d_word a) { return a >> 52; }
static inline d_word d_to_word(vdouble a) {
    d_word word;
    memcpy(&word, &a, sizeof word);
    return word;
}
static inline vdouble d_from_word(d_word word) {
    vdouble a;
    memcpy(&a, &word, sizeof a);
    return a;
}
#endif

/* Of a normal a > 0: bits are counted from those of sqrt(1/2); beside the exponent of 2^52 an integer is a fraction.
 */
static inline dsplit d_split(vdouble a) {
    const int64_t least = 0x3fe6a09e00000000, one = 0x3ff0000000000000;
    const d_word word = d_word_add(d_to_word(a), d_word_set(one - least));
    const d_word fraction = d_word_add(d_word_and(word, d_word_set(0x000fffffffffffff)), d_word_set(least));
    const d_word field = d_word_or(d_exponent_field(word), d_word_set(0x4330000000000000));
    return (dsplit){d_from_word(fraction), d_sub(d_from_word(field), d_set(0x1p52 + 1023))};
}

#if ACT_REAL == 64
typedef dsplit vsplit;
static inline vsplit v_split(vreal a) { return d_split(a); }
#else
typedef struct vsplit {
    vreal fraction, exponent;
} vsplit;

#if defined(ACT_ISA_AVX512)
typedef __m512i s_word;
static inline s_word s_word_set(int32_t a) { return _mm512_set1_epi32(a); }
static inline s_word s_word_and(s_word a, s_word b) { return _mm512_and_si512(a, b); }
static inline s_word s_word_sub(s_word a, s_word b) { return _mm512_sub_epi32(a, b); }
static inline vreal s_exponent(s_word a) { return _mm512_cvtepi32_ps(_mm512_srai_epi32(a, 23)); }
static inline s_word s_to_word(vreal a) { return _mm512_castps_si512(a); }
static inline vreal s_from_word(s_word a) { return _mm512_castsi512_ps(a); }
#elif defined(ACT_ISA_AVX2)
typedef __m256i s_word;
static inline s_word s_word_set(int32_t a) { return _mm256_set1_epi32(a); }
static inline s_word s_word_and(s_word a, s_word b) { return _mm256_and_si256(a, b); }
static inline s_word s_word_sub(s_word a, s_word b) { return _mm256_sub_epi32(a, b); }
static inline vreal s_exponent(s_word a) { return _mm256_cvtepi32_ps(_mm256_srai_epi32(a, 23)); }
static inline s_word s_to_word(vreal a) { return _mm256_castps_si256(a); }
static inline vreal s_from_word(s_word a) { return _mm256_castsi256_ps(a); }
#elif defined(ACT_ISA_NEON)
typedef uint32x4_t s_word;
static inline s_word s_word_set(int32_t a) { return vdupq_n_u32((uint32_t)a); }
static inline s_word s_word_and(s_word a, s_word b) { return vandq_u32(a, b); }
static inline s_word s_word_sub(s_word a, s_word b) { return vsubq_u32(a, b); }
static inline vreal s_exponent(s_word a) { return vcvtq_f32_s32(vshrq_n_s32(vreinterpretq_s32_u32(a), 23)); }
static inline s_word s_to_word(vreal a) { return vreinterpretq_u32_f32(a); }
static inline vreal s_from_word(s_word a) { return vreinterpretq_f32_u32(a); }
#else
typedef v_word s_word;
static inline s_word s_word_set(int32_t a) { return (s_word)a; }
static inline s_word s_word_and(s_word a, s_word b) { return a & b; }
static inline s_word s_word_sub(s_word a, s_word b) { return a - b; }
static inline vreal s_exponent(s_word a) { return (vreal)((int32_t)a >> 23); }
static inline s_word s_to_word(vreal a) { return v_to_word(a); }
static inline vreal s_from_word(s_word a) { return v_from_word(a); }
#endif

/* Counts bits from those of `least`, from which the fraction is. */
static inline vsplit v_split_from(vreal a, int32_t least) {
    const s_word word = s_to_word(a), above = s_word_sub(word, s_word_set(least));
    const s_word power = s_word_and(above, s_word_set(-0x800000));
    return (vsplit){s_from_word(s_word_sub(word, power)), s_exponent(above)};
}

#endif

#endif
