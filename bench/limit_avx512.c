/* Limit kernels of AVX-512, with regular and with non-temporal stores. Called by limit.c; calls nothing. */
#include "limit_kernels.h"

#include <immintrin.h>

#define INLINE static inline __attribute__((always_inline))

typedef __m512i vector;
enum { WIDTH = 64 };

static bool usable(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq");
}

INLINE __mmask64 first_bytes(size_t count) { return count >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << count) - 1; }

INLINE vector get(const char *from) { return _mm512_loadu_si512(from); }

INLINE void put(char *to, vector value, bool streaming) {
    if (streaming)
        _mm512_stream_si512((void *)to, value);
    else
        _mm512_storeu_si512(to, value);
}

INLINE vector add(vector a, vector b) { return _mm512_add_epi32(a, b); }

INLINE void part(char *to, const char *from, const char *other, size_t bytes) {
    const __mmask64 mask = first_bytes(bytes);
    vector value = _mm512_maskz_loadu_epi8(mask, from);
    if (other)
        value = add(value, _mm512_maskz_loadu_epi8(mask, other));
    _mm512_mask_storeu_epi8(to, mask, value);
}

/* ---- every second element ---- */

INLINE vector even(const char *from, int size) {
    const __m512i low = _mm512_loadu_si512(from), high = _mm512_loadu_si512(from + WIDTH);
    if (size == 8)
        return _mm512_permutex2var_epi64(low, _mm512_set_epi64(14, 12, 10, 8, 6, 4, 2, 0), high);
    if (size == 4)
        return _mm512_permutex2var_epi32(
            low, _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0), high);
    return _mm512_permutex2var_epi16(low,
                                     _mm512_set_epi16(62, 60, 58, 56, 54, 52, 50, 48, 46, 44, 42, 40, 38, 36, 34, 32,
                                                      30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0),
                                     high);
}

/* The benchmark's memory goes on behind the last element. */
INLINE void even_part(char *to, const char *from, const char *other, size_t bytes, int size) {
    const __mmask64 mask = first_bytes(bytes);
    vector value = even(from, size);
    if (other)
        value = add(value, _mm512_maskz_loadu_epi8(mask, other));
    _mm512_mask_storeu_epi8(to, mask, value);
}

/* ---- transposed ---- */

INLINE void transpose_16x16(__m512 v[16]) {
    __m512 t[16];
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_ps(v[i], v[i + 1]);
        t[i + 1] = _mm512_unpackhi_ps(v[i], v[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        const __m512d a = _mm512_castps_pd(t[i]), b = _mm512_castps_pd(t[i + 1]), c = _mm512_castps_pd(t[i + 2]),
                      d = _mm512_castps_pd(t[i + 3]);
        v[i] = _mm512_castpd_ps(_mm512_unpacklo_pd(a, c));
        v[i + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(a, c));
        v[i + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(b, d));
        v[i + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(b, d));
    }
    for (int i = 0; i < 4; i++) {
        t[i] = _mm512_shuffle_f32x4(v[i], v[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_f32x4(v[i], v[i + 4], 0xdd);
        t[i + 8] = _mm512_shuffle_f32x4(v[i + 8], v[i + 12], 0x88);
        t[i + 12] = _mm512_shuffle_f32x4(v[i + 8], v[i + 12], 0xdd);
    }
    for (int i = 0; i < 8; i++) {
        v[i] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0x88);
        v[i + 8] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0xdd);
    }
}

INLINE void transpose_8x8(__m512d v[8]) {
    __m512d t[8];
    for (int i = 0; i < 8; i += 2) {
        t[i] = _mm512_unpacklo_pd(v[i], v[i + 1]);
        t[i + 1] = _mm512_unpackhi_pd(v[i], v[i + 1]);
    }
    for (int i = 0; i < 2; i++) {
        v[i] = _mm512_shuffle_f64x2(t[i], t[i + 2], 0x88);
        v[i + 2] = _mm512_shuffle_f64x2(t[i], t[i + 2], 0xdd);
        v[i + 4] = _mm512_shuffle_f64x2(t[i + 4], t[i + 6], 0x88);
        v[i + 6] = _mm512_shuffle_f64x2(t[i + 4], t[i + 6], 0xdd);
    }
    for (int i = 0; i < 4; i++) {
        t[i] = _mm512_shuffle_f64x2(v[i], v[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_f64x2(v[i], v[i + 4], 0xdd);
    }
    for (int i = 0; i < 8; i++)
        v[i] = t[i];
}

INLINE void transpose_vectors(vector *v, int size) {
    if (size == 4)
        transpose_16x16((__m512 *)v);
    else
        transpose_8x8((__m512d *)v);
}

#include "limit_vector.h"

#define STREAMING    false
#define NAMED(name)  name##_regular
#define KERNELS      limit_avx512
#define KERNELS_NAME "avx512"
#include "limit_vector_tpl.h"
#define STREAMING    true
#define NAMED(name)  name##_streaming
#define KERNELS      limit_avx512_streaming
#define KERNELS_NAME "avx512, non-temporal"
#include "limit_vector_tpl.h"
