/* Limit kernels of AVX-512, with regular and with non-temporal stores. Called by limit.c; calls nothing. */
#include "limit_kernels.h"

#include <immintrin.h>

#define INLINE static inline __attribute__((always_inline))

enum { WIDTH = 64, PANEL = 256 };

static bool usable(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq");
}

INLINE __mmask64 first_bytes(size_t count) { return count >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << count) - 1; }

INLINE void put(char *to, __m512i value, bool streaming) {
    if (streaming)
        _mm512_stream_si512((void *)to, value);
    else
        _mm512_storeu_si512(to, value);
}

INLINE __m512i sum(const char *from, const char *other) {
    const __m512i value = _mm512_loadu_si512(from);
    return other ? _mm512_add_epi32(value, _mm512_loadu_si512(other)) : value;
}

INLINE void part(char *to, const char *from, const char *other, size_t bytes) {
    const __mmask64 mask = first_bytes(bytes);
    __m512i value = _mm512_maskz_loadu_epi8(mask, from);
    if (other)
        value = _mm512_add_epi32(value, _mm512_maskz_loadu_epi8(mask, other));
    _mm512_mask_storeu_epi8(to, mask, value);
}

INLINE void flat(char *to, const char *from, const char *other, size_t bytes, bool streaming) {
    size_t i = 0;
    if (streaming && ((uintptr_t)to & (WIDTH - 1))) {
        i = WIDTH - ((uintptr_t)to & (WIDTH - 1));
        i = i < bytes ? i : bytes;
        part(to, from, other, i);
    }
    for (; i + 4 * WIDTH <= bytes; i += 4 * WIDTH) {
        const __m512i a = sum(from + i, other ? other + i : NULL),
                      b = sum(from + i + 64, other ? other + i + 64 : NULL),
                      c = sum(from + i + 128, other ? other + i + 128 : NULL),
                      d = sum(from + i + 192, other ? other + i + 192 : NULL);
        put(to + i, a, streaming);
        put(to + i + 64, b, streaming);
        put(to + i + 128, c, streaming);
        put(to + i + 192, d, streaming);
    }
    for (; i + WIDTH <= bytes; i += WIDTH)
        put(to + i, sum(from + i, other ? other + i : NULL), streaming);
    if (i < bytes)
        part(to + i, from + i, other ? other + i : NULL, bytes - i);
    if (streaming)
        _mm_sfence();
}

/* ---- every second element ---- */

INLINE __m512i even(const char *from, int size) {
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

INLINE void every_second(char *to, const char *from, const char *other, size_t elements, int size, bool streaming) {
    const size_t bytes = elements * (size_t)size;
    size_t i = 0;
    streaming &= ((uintptr_t)to & (WIDTH - 1)) == 0;
    for (; i + WIDTH <= bytes; i += WIDTH) {
        const __m512i value = even(from + 2 * i, size);
        put(to + i, other ? _mm512_add_epi32(value, _mm512_loadu_si512(other + i)) : value, streaming);
    }
    if (i < bytes) { /* the benchmark's memory goes on behind the last element */
        __m512i value = even(from + 2 * i, size);
        if (other)
            value = _mm512_add_epi32(value, _mm512_maskz_loadu_epi8(first_bytes(bytes - i), other + i));
        _mm512_mask_storeu_epi8(to + i, first_bytes(bytes - i), value);
    }
    if (streaming)
        _mm_sfence();
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

/* One square of lanes x lanes elements; the lines of the square below it are fetched meanwhile. */
INLINE void square(const limit_transpose *t, int64_t row, int64_t column, int size, bool streaming) {
    const int lanes = WIDTH / size;
    __m512i v[16];
    for (int k = 0; k < lanes; k++) {
        const char *from = t->from + ((column + k) * t->rows + row) * size;
        v[k] = _mm512_loadu_si512(from);
        _mm_prefetch(from + WIDTH, _MM_HINT_T0);
    }
    if (size == 4)
        transpose_16x16((__m512 *)v);
    else
        transpose_8x8((__m512d *)v);
    for (int k = 0; k < lanes; k++) {
        const int64_t at = ((row + k) * t->columns + column) * size;
        put(t->to + at, t->other ? _mm512_add_epi32(v[k], _mm512_loadu_si512(t->other + at)) : v[k], streaming);
    }
}

/* Columns go in panels, so that the lines and pages in use at a time stay few. Extents are multiples of 16. */
INLINE void transpose(const limit_transpose *t, int size, bool streaming) {
    const int lanes = WIDTH / size;
    streaming &= ((uintptr_t)t->to & (WIDTH - 1)) == 0;
    for (int64_t panel = 0; panel < t->columns; panel += PANEL)
        for (int64_t row = t->first; row < t->last; row += lanes)
            for (int64_t column = panel; column < panel + PANEL && column < t->columns; column += lanes)
                square(t, row, column, size, streaming);
    if (streaming)
        _mm_sfence();
}

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
