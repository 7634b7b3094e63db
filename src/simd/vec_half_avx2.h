/* Vectors of 16-bit numbers in AVX2 and F16C. Included by vec_half.h. */
#define H_HAS_STREAM
#define H_NEAREST (_MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)

typedef __m128i vhalf;
#if ACT_REAL == 32
static inline vhalf h_load(const uint16_t *p) { return _mm_loadu_si128((const __m128i *)(const void *)p); }
static inline void h_store(uint16_t *p, vhalf a) { _mm_storeu_si128((__m128i *)(void *)p, a); }
static inline void h_stream(uint16_t *p, vhalf a) { _mm_stream_si128((__m128i *)(void *)p, a); }
static inline uint64_t h_differ(vhalf a, vhalf b) {
    const __m128i equal = _mm_cmpeq_epi16(a, b);
    return (uint64_t)(~_mm_movemask_epi8(_mm_packs_epi16(equal, equal)) & 0xff);
}

static inline vreal h_widen_f16(vhalf a) { return _mm256_cvtph_ps(a); }
static inline vreal h_widen_bf16(vhalf a) {
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(a), 16));
}

static inline vhalf h_narrow_f16(vreal a) { return _mm256_cvtps_ph(a, H_NEAREST); }
static inline vhalf h_narrow_bf16(vreal a) {
    const __m256i bits = _mm256_castps_si256(a), upper = _mm256_srli_epi32(bits, 16);
    const __m256i odd = _mm256_and_si256(upper, _mm256_set1_epi32(1));
    const __m256i half = _mm256_add_epi32(_mm256_set1_epi32(0x7fff), odd);
    const __m256i rounded = _mm256_srli_epi32(_mm256_add_epi32(bits, half), 16);
    const __m256i quiet = _mm256_or_si256(upper, _mm256_set1_epi32(0x40));
    const __m256i chosen = _mm256_blendv_epi8(rounded, quiet, _mm256_castps_si256(v_isnan(a)));
    return _mm_packus_epi32(_mm256_castsi256_si128(chosen), _mm256_extracti128_si256(chosen, 1));
}

/* The magnitude of a, so many units in the last place less or more: never below 0 or beyond infinity; NaN as it is.
 */
static inline __m256i h_magnitude(vreal a) {
    return _mm256_and_si256(_mm256_castps_si256(a), _mm256_set1_epi32(0x7fffffff));
}
static inline __m256i h_units(__m256i magnitude, int32_t units) {
    const __m256i finite = _mm256_cmpgt_epi32(_mm256_set1_epi32(0x7f800000), magnitude);
    return _mm256_and_si256(finite, _mm256_set1_epi32(units));
}
static inline vreal h_less(vreal a, int32_t units) {
    const __m256i m = h_magnitude(a);
    return _mm256_castsi256_ps(_mm256_sub_epi32(m, _mm256_min_epi32(m, h_units(m, units))));
}
static inline vreal h_more(vreal a, int32_t units) {
    const __m256i m = h_magnitude(a), most = _mm256_max_epi32(m, _mm256_set1_epi32(0x7f800000));
    return _mm256_castsi256_ps(_mm256_min_epi32(_mm256_add_epi32(m, h_units(m, units)), most));
}
/* Whether the lower 16 bits are so near to a middle. */
static inline uint64_t h_low_near(vreal a, int32_t middle, int32_t units) {
    const __m256i from = _mm256_sub_epi32(_mm256_castps_si256(a), _mm256_set1_epi32(middle - units));
    const __m256i low = _mm256_and_si256(from, _mm256_set1_epi32(0xffff));
    return v_bits(_mm256_castsi256_ps(_mm256_cmpgt_epi32(_mm256_set1_epi32(2 * units + 1), low)));
}
#else
static inline vhalf h_load(const uint16_t *p) { return _mm_loadl_epi64((const __m128i *)(const void *)p); }
static inline void h_store(uint16_t *p, vhalf a) { _mm_storel_epi64((__m128i *)(void *)p, a); }
static inline void h_stream(uint16_t *p, vhalf a) { _mm_stream_si64((long long *)(void *)p, _mm_cvtsi128_si64(a)); }

static inline vreal h_widen_f16(vhalf a) { return _mm256_cvtps_pd(_mm_cvtph_ps(a)); }
static inline vreal h_widen_bf16(vhalf a) {
    return _mm256_cvtps_pd(_mm_castsi128_ps(_mm_slli_epi32(_mm_cvtepu16_epi32(a), 16)));
}

static inline vhalf h_narrow_f16(vreal a) { return _mm_cvtps_ph(_mm256_cvtpd_ps(a), H_NEAREST); }
static inline vhalf h_narrow_bf16(vreal a) {
    const __m128i upper = _mm_srli_epi32(_mm_castps_si128(_mm256_cvtpd_ps(a)), 16);
    return _mm_packus_epi32(upper, upper);
}

/* The power of two at or below a. */
static inline vreal h_leading(vreal a) { return _mm256_and_pd(a, _mm256_set1_pd(__builtin_inf())); }
#endif
