/*
 * Vectors of 64-bit words for integer generators: W_WIDTH lanes, of which a multiplication reads the lower 32 bits.
 * Included by slopes/philox.h; one section an instruction set.
 */
#ifndef ACT_SIMD_VEC_WORD_H
#define ACT_SIMD_VEC_WORD_H

#include <stdint.h>

#if defined(ACT_ISA_AVX512)
#include <immintrin.h>
#define W_WIDTH 8
typedef __m512i vword;
static inline vword w_set(uint64_t a) { return _mm512_set1_epi64((long long)a); }
static inline vword w_load(const uint64_t *p) { return _mm512_loadu_si512(p); }
static inline void w_store(uint64_t *p, vword a) { _mm512_storeu_si512(p, a); }
static inline vword w_multiply(vword a, vword b) { return _mm512_mul_epu32(a, b); }
static inline vword w_high(vword a) { return _mm512_srli_epi64(a, 32); }
static inline vword w_xor3(vword a, vword b, vword c) { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }
static inline vword w_join(vword low, vword high) { return _mm512_mask_shuffle_epi32(low, 0xAAAA, high, 0xA0); }
#elif defined(ACT_ISA_AVX2)
#include <immintrin.h>
#define W_WIDTH 4
typedef __m256i vword;
static inline vword w_set(uint64_t a) { return _mm256_set1_epi64x((long long)a); }
static inline vword w_load(const uint64_t *p) { return _mm256_loadu_si256((const __m256i *)(const void *)p); }
static inline void w_store(uint64_t *p, vword a) { _mm256_storeu_si256((__m256i *)(void *)p, a); }
static inline vword w_multiply(vword a, vword b) { return _mm256_mul_epu32(a, b); }
static inline vword w_high(vword a) { return _mm256_srli_epi64(a, 32); }
static inline vword w_xor3(vword a, vword b, vword c) { return _mm256_xor_si256(_mm256_xor_si256(a, b), c); }
static inline vword w_join(vword low, vword high) {
    return _mm256_blend_epi32(low, _mm256_slli_epi64(high, 32), 0xAA);
}
#elif defined(ACT_ISA_NEON)
#include <arm_neon.h>
#define W_WIDTH 2
typedef uint64x2_t vword;
static inline vword w_set(uint64_t a) { return vdupq_n_u64(a); }
static inline vword w_load(const uint64_t *p) { return vld1q_u64(p); }
static inline void w_store(uint64_t *p, vword a) { vst1q_u64(p, a); }
static inline vword w_multiply(vword a, vword b) { return vmull_u32(vmovn_u64(a), vmovn_u64(b)); }
static inline vword w_high(vword a) { return vshrq_n_u64(a, 32); }
static inline vword w_xor3(vword a, vword b, vword c) { return veorq_u64(veorq_u64(a, b), c); }
static inline vword w_join(vword low, vword high) { return vsliq_n_u64(low, high, 32); }
#else
#define W_WIDTH 1
typedef uint64_t vword;
static inline vword w_set(uint64_t a) { return a; }
static inline vword w_load(const uint64_t *p) { return *p; }
static inline void w_store(uint64_t *p, vword a) { *p = a; }
static inline vword w_multiply(vword a, vword b) { return (uint64_t)(uint32_t)a * (uint32_t)b; }
static inline vword w_high(vword a) { return a >> 32; }
static inline vword w_xor3(vword a, vword b, vword c) { return a ^ b ^ c; }
static inline vword w_join(vword low, vword high) { return (low & 0xFFFFFFFFu) | high << 32; }
#endif

#endif
