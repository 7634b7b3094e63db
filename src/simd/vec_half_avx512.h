/* Vectors of 16-bit numbers in AVX-512 (F, BW, VL) and F16C. Included by vec_half.h. */
#define H_HAS_STREAM
#define H_NEAREST (_MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)

#if ACT_REAL == 32
typedef __m256i vhalf;
static inline vhalf h_load(const uint16_t *p) { return _mm256_loadu_si256((const __m256i *)(const void *)p); }
static inline void h_store(uint16_t *p, vhalf a) { _mm256_storeu_si256((__m256i *)(void *)p, a); }
static inline void h_stream(uint16_t *p, vhalf a) { _mm256_stream_si256((__m256i *)(void *)p, a); }
static inline uint64_t h_differ(vhalf a, vhalf b) { return v_bits(_mm256_cmpneq_epi16_mask(a, b)); }

static inline vreal h_widen_f16(vhalf a) { return _mm512_cvtph_ps(a); }
static inline vreal h_widen_bf16(vhalf a) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(a), 16));
}

static inline vhalf h_narrow_f16(vreal a) { return _mm512_cvtps_ph(a, H_NEAREST); }
static inline vhalf h_narrow_bf16(vreal a) {
    const __m512i bits = _mm512_castps_si512(a), upper = _mm512_srli_epi32(bits, 16);
    const __m512i odd = _mm512_and_si512(upper, _mm512_set1_epi32(1));
    const __m512i half = _mm512_add_epi32(_mm512_set1_epi32(0x7fff), odd);
    const __m512i rounded = _mm512_srli_epi32(_mm512_add_epi32(bits, half), 16);
    return _mm512_cvtepi32_epi16(_mm512_mask_or_epi32(rounded, v_isnan(a), upper, _mm512_set1_epi32(0x40)));
}

/* The magnitude of a, so many units in the last place less or more: never below 0 or beyond infinity; NaN as it is.
 */
static inline __m512i h_magnitude(vreal a) {
    return _mm512_and_si512(_mm512_castps_si512(a), _mm512_set1_epi32(0x7fffffff));
}
static inline __m512i h_units(__m512i magnitude, int32_t units) {
    const __mmask16 finite = _mm512_cmplt_epi32_mask(magnitude, _mm512_set1_epi32(0x7f800000));
    return _mm512_maskz_set1_epi32(finite, units);
}
static inline vreal h_less(vreal a, int32_t units) {
    const __m512i m = h_magnitude(a);
    return _mm512_castsi512_ps(_mm512_sub_epi32(m, _mm512_min_epi32(m, h_units(m, units))));
}
static inline vreal h_more(vreal a, int32_t units) {
    const __m512i m = h_magnitude(a), most = _mm512_max_epi32(m, _mm512_set1_epi32(0x7f800000));
    return _mm512_castsi512_ps(_mm512_min_epi32(_mm512_add_epi32(m, h_units(m, units)), most));
}
/* Whether the lower 16 bits are so near to a middle. */
static inline uint64_t h_low_near(vreal a, int32_t middle, int32_t units) {
    const __m512i from = _mm512_sub_epi32(_mm512_castps_si512(a), _mm512_set1_epi32(middle - units));
    const __m512i low = _mm512_and_si512(from, _mm512_set1_epi32(0xffff));
    return v_bits(_mm512_cmple_epi32_mask(low, _mm512_set1_epi32(2 * units)));
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
