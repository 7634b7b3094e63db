/* Vectors of 16-bit numbers in AVX-512 (F, BW, VL) and F16C. Included by vec_half.h. */
#define H_HAS_VECTORS
#define H_HAS_STREAM
#define H_NEAREST (_MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)

#if ACT_REAL == 32
typedef __m256i vhalf;
static inline vhalf h_load(const uint16_t *p) { return _mm256_loadu_si256((const __m256i *)(const void *)p); }
static inline void h_store(uint16_t *p, vhalf a) { _mm256_storeu_si256((__m256i *)(void *)p, a); }
static inline void h_stream(uint16_t *p, vhalf a) { _mm256_stream_si256((__m256i *)(void *)p, a); }
static inline uint64_t h_differ(vhalf a, vhalf b) { return v_bits(_mm256_cmpneq_epi16_mask(a, b)); }

/* A number above 0 where a bit is set, else below: 1 and -1 of float16. */
static inline vhalf h_signs(uint64_t bits) {
    return _mm256_mask_blend_epi16((__mmask16)bits, _mm256_set1_epi16((short)0xbc00), _mm256_set1_epi16(0x3c00));
}

static inline vreal h_widen_f16(vhalf a) { return _mm512_cvtph_ps(a); }

/* A bfloat16 is the upper half of a float32: one permutation of words each way. */
static const uint16_t h_down_one[32] = {0, 0, 0, 1, 0, 2,  0, 3,  0, 4,  0, 5,  0, 6,  0, 7,
                                        0, 8, 0, 9, 0, 10, 0, 11, 0, 12, 0, 13, 0, 14, 0, 15};
static const uint16_t h_upper_ones[32] = {1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31};
static inline vreal h_widen_bf16(vhalf a) {
    const __m512i words = _mm512_castsi256_si512(a), index = _mm512_loadu_si512(h_down_one);
    return _mm512_castsi512_ps(_mm512_maskz_permutexvar_epi16(0xaaaaaaaa, index, words));
}
/* The upper halves. */
static inline vhalf h_cut_bf16(vreal a) {
    const __m512i index = _mm512_loadu_si512(h_upper_ones);
    return _mm512_castsi512_si256(_mm512_permutexvar_epi16(index, _mm512_castps_si512(a)));
}

static inline vhalf h_narrow_f16(vreal a) { return _mm512_cvtps_ph(a, H_NEAREST); }
/* What is a bfloat16 in its upper half, the nearest one. NaN must have nothing in its lower half here. */
static inline vreal h_nearest_bf16(vreal a) {
    const __m512i bits = _mm512_castps_si512(a);
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x7fff)), odd));
}
/* The same, but ties go away from 0. */
static inline vreal h_away_bf16(vreal a) {
    return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(a), _mm512_set1_epi32(0x8000)));
}
static inline vhalf h_narrow_bf16(vreal a) {
    const __m512i bits = _mm512_castps_si512(a), quiet = _mm512_set1_epi32(0x400000);
    const __m512i cut = _mm512_and_si512(_mm512_or_si512(bits, quiet), _mm512_set1_epi32(-0x10000));
    return h_cut_bf16(h_nearest_bf16(v_select(v_isnan(a), _mm512_castsi512_ps(cut), a)));
}

/* Whether the lower 16 bits are below 0x8000 by no more than window, a power of two, or above by less. */
static inline uint64_t h_near_middle(vreal a, int32_t window) {
    const __m512i from = _mm512_add_epi32(_mm512_castps_si512(a), _mm512_set1_epi32(window - 0x8000));
    return v_bits(_mm512_testn_epi32_mask(from, _mm512_set1_epi32(0x10000 - 2 * window)));
}
#else
typedef __m128i vhalf;
static inline vhalf h_load(const uint16_t *p) { return _mm_loadu_si128((const __m128i *)(const void *)p); }
static inline void h_store(uint16_t *p, vhalf a) { _mm_storeu_si128((__m128i *)(void *)p, a); }
static inline void h_stream(uint16_t *p, vhalf a) { _mm_stream_si128((__m128i *)(void *)p, a); }

static inline vreal h_widen_f16(vhalf a) { return _mm512_cvtps_pd(_mm256_cvtph_ps(a)); }
static inline vreal h_widen_bf16(vhalf a) {
    return _mm512_cvtps_pd(_mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(a), 16)));
}

static inline vhalf h_narrow_f16(vreal a) { return _mm256_cvtps_ph(_mm512_cvtpd_ps(a), H_NEAREST); }
static inline vhalf h_narrow_bf16(vreal a) {
    return _mm256_cvtepi32_epi16(_mm256_srli_epi32(_mm256_castps_si256(_mm512_cvtpd_ps(a)), 16));
}

/* The power of two at or below a. */
static inline vreal h_leading(vreal a) { return _mm512_and_pd(a, _mm512_set1_pd(__builtin_inf())); }
#endif
