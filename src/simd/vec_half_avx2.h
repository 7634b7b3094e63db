/* Vectors of 16-bit numbers in AVX2 and F16C. Included by vec_half.h. */
#define H_HAS_VECTORS
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

/* A number above 0 where a bit is set, else below: 1 and -1 of float16. */
static inline vhalf h_signs(uint64_t bits) {
    const __m128i lane = _mm_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128);
    const __m128i set = _mm_cmpeq_epi16(_mm_and_si128(_mm_set1_epi16((short)bits), lane), lane);
    return _mm_or_si128(_mm_andnot_si128(set, _mm_set1_epi16((short)0x8000)), _mm_set1_epi16(0x3c00));
}

static inline vreal h_widen_f16(vhalf a) { return _mm256_cvtph_ps(a); }
static inline vreal h_widen_bf16(vhalf a) {
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(a), 16));
}

static inline vhalf h_narrow_f16(vreal a) { return _mm256_cvtps_ph(a, H_NEAREST); }
/* Entries of a table of all halves. */
#define H_HAS_LOOK_UP
static inline vhalf h_look_up(const uint16_t *table, const uint16_t *at) {
    return _mm_setr_epi16((short)table[at[0]], (short)table[at[1]], (short)table[at[2]], (short)table[at[3]],
                          (short)table[at[4]], (short)table[at[5]], (short)table[at[6]], (short)table[at[7]]);
}
static inline vreal h_look_up_real(const float *table, const uint16_t *at) {
    return _mm256_setr_ps(table[at[0]], table[at[1]], table[at[2]], table[at[3]], table[at[4]], table[at[5]],
                          table[at[6]], table[at[7]]);
}

/* The upper halves. */
static inline vhalf h_cut_bf16(vreal a) {
    const __m256i words = _mm256_srli_epi32(_mm256_castps_si256(a), 16);
    return _mm_packus_epi32(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}
/* What is a bfloat16 in its upper half, the nearest one. NaN must have nothing in its lower half here. */
static inline vreal h_nearest_bf16(vreal a) {
    const __m256i bits = _mm256_castps_si256(a);
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_add_epi32(bits, _mm256_set1_epi32(0x7fff)), odd));
}
/* The same, but ties go away from 0. */
static inline vreal h_away_bf16(vreal a) {
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(a), _mm256_set1_epi32(0x8000)));
}
static inline vhalf h_narrow_bf16(vreal a) {
    const __m256i bits = _mm256_castps_si256(a), quiet = _mm256_set1_epi32(0x400000);
    const __m256i cut = _mm256_and_si256(_mm256_or_si256(bits, quiet), _mm256_set1_epi32(-0x10000));
    return h_cut_bf16(h_nearest_bf16(v_select(v_isnan(a), _mm256_castsi256_ps(cut), a)));
}

/* Interleaved with zeros, a widened half costs one operation: the first vector gets halves 0 to 3 and 8 to 11. */
#define H_HAS_TWO
static inline void h_load_two_bf16(vreal *a, const uint16_t *p) {
    const __m256i halves = _mm256_loadu_si256((const __m256i *)(const void *)p), zero = _mm256_setzero_si256();
    a[0] = _mm256_castsi256_ps(_mm256_unpacklo_epi16(zero, halves));
    a[1] = _mm256_castsi256_ps(_mm256_unpackhi_epi16(zero, halves));
}
static inline void h_put_two_bf16(uint16_t *p, vreal a, vreal b, int stream) {
    const __m256i low = _mm256_srli_epi32(_mm256_castps_si256(a), 16);
    const __m256i high = _mm256_srli_epi32(_mm256_castps_si256(b), 16);
    const __m256i halves = _mm256_packus_epi32(low, high);
    if (stream) {
        h_stream(p, _mm256_castsi256_si128(halves));
        h_stream(p + V_WIDTH, _mm256_extracti128_si256(halves, 1));
    } else {
        _mm256_storeu_si256((__m256i *)(void *)p, halves);
    }
}
static inline void h_lanes_of_two_bf16(uint64_t *lanes) {
    const uint64_t first = lanes[0], second = lanes[1];
    lanes[0] = (first & 15) | (second & 15) << 4;
    lanes[1] = first >> 4 | (second & 0xf0);
}

/* Whether the lower 16 bits are below 0x8000 by no more than window, a power of two, or above by less. */
static inline uint64_t h_near_middle(vreal a, int32_t window) {
    const __m256i from = _mm256_add_epi32(_mm256_castps_si256(a), _mm256_set1_epi32(window - 0x8000));
    const __m256i rest = _mm256_and_si256(from, _mm256_set1_epi32(0x10000 - 2 * window));
    return v_bits(_mm256_castsi256_ps(_mm256_cmpeq_epi32(rest, _mm256_setzero_si256())));
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
