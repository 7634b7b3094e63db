/*
 * Vectors of 64-bit words for integer generators: W_WIDTH lanes, of which a multiplication reads the lower 32 bits.
 * Lanes are numbered by w_lanes, so that both halves of a zip hold neighbours in sequence. W_AT_ONCE
 * sets of four vectors stay in registers. Included by slopes/philox.h and vec_unit.h; one section an instruction set.
 */
#ifndef ACT_SIMD_VEC_WORD_H
#define ACT_SIMD_VEC_WORD_H

#include <stdint.h>

#if defined(ACT_ISA_AVX512)
#include <immintrin.h>
#define W_WIDTH   8
#define W_AT_ONCE 4
typedef __m512i vword;
static inline vword w_set(uint64_t a) { return _mm512_set1_epi64((long long)a); }
static inline vword w_lanes(void) { return _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7); }
static inline vword w_add(vword a, vword b) { return _mm512_add_epi64(a, b); }
static inline void w_store(uint64_t *p, vword a) { _mm512_storeu_si512(p, a); }
static inline vword w_multiply(vword a, vword b) { return _mm512_mul_epu32(a, b); }
static inline vword w_high(vword a) { return _mm512_srli_epi64(a, 32); }
static inline vword w_xor3(vword a, vword b, vword c) { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }
static inline vword w_join(vword low, vword high) { return _mm512_mask_shuffle_epi32(low, 0xAAAA, high, 0xA0); }
static inline vword w_zip_first(vword a, vword b) { return _mm512_unpacklo_epi64(a, b); }
static inline vword w_zip_last(vword a, vword b) { return _mm512_unpackhi_epi64(a, b); }
#elif defined(ACT_ISA_AVX2)
#include <immintrin.h>
#define W_WIDTH   4
#define W_AT_ONCE 2
typedef __m256i vword;
static inline vword w_set(uint64_t a) { return _mm256_set1_epi64x((long long)a); }
static inline vword w_lanes(void) { return _mm256_setr_epi64x(0, 2, 1, 3); }
static inline vword w_add(vword a, vword b) { return _mm256_add_epi64(a, b); }
static inline void w_store(uint64_t *p, vword a) { _mm256_storeu_si256((__m256i *)(void *)p, a); }
static inline vword w_multiply(vword a, vword b) { return _mm256_mul_epu32(a, b); }
static inline vword w_high(vword a) { return _mm256_srli_epi64(a, 32); }
/* a comes last from the multiplier: it must not wait for more than one of these, as compilers would have it. */
static inline vword w_xor3(vword a, vword b, vword c) {
    vword early = _mm256_xor_si256(b, c);
    __asm__("" : "+x"(early));
    return _mm256_xor_si256(a, early);
}
static inline vword w_join(vword low, vword high) {
    return _mm256_blend_epi32(low, _mm256_slli_epi64(high, 32), 0xAA);
}
static inline vword w_zip_first(vword a, vword b) { return _mm256_unpacklo_epi64(a, b); }
static inline vword w_zip_last(vword a, vword b) { return _mm256_unpackhi_epi64(a, b); }
#elif defined(ACT_ISA_NEON)
#include <arm_neon.h>
#define W_WIDTH   2
#define W_AT_ONCE 4
typedef uint64x2_t vword;
static inline vword w_set(uint64_t a) { return vdupq_n_u64(a); }
static inline vword w_lanes(void) { return (vword){0, 1}; }
static inline vword w_add(vword a, vword b) { return vaddq_u64(a, b); }
static inline void w_store(uint64_t *p, vword a) { vst1q_u64(p, a); }
static inline vword w_multiply(vword a, vword b) { return vmull_u32(vmovn_u64(a), vmovn_u64(b)); }
static inline vword w_high(vword a) { return vshrq_n_u64(a, 32); }
static inline vword w_xor3(vword a, vword b, vword c) { return veorq_u64(veorq_u64(a, b), c); }
static inline vword w_join(vword low, vword high) { return vsliq_n_u64(low, high, 32); }
static inline vword w_zip_first(vword a, vword b) { return vzip1q_u64(a, b); }
static inline vword w_zip_last(vword a, vword b) { return vzip2q_u64(a, b); }
#else
#define W_WIDTH   1
#define W_AT_ONCE 2
typedef uint64_t vword;
static inline vword w_set(uint64_t a) { return a; }
static inline vword w_lanes(void) { return 0; }
static inline vword w_add(vword a, vword b) { return a + b; }
static inline void w_store(uint64_t *p, vword a) { *p = a; }
static inline vword w_multiply(vword a, vword b) { return (uint64_t)(uint32_t)a * (uint32_t)b; }
static inline vword w_high(vword a) { return a >> 32; }
static inline vword w_xor3(vword a, vword b, vword c) { return a ^ b ^ c; }
static inline vword w_join(vword low, vword high) { return (low & 0xFFFFFFFFu) | high << 32; }
static inline vword w_zip_first(vword a, vword b) { return (void)b, a; }
static inline vword w_zip_last(vword a, vword b) { return (void)a, b; }
#endif

#endif
