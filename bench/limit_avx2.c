/* Limit kernels of AVX2, with regular and with non-temporal stores. Called by limit.c; calls nothing. */
#include "limit_kernels.h"

#include <immintrin.h>

#define INLINE static inline __attribute__((always_inline))

typedef __m256i vector;
enum { WIDTH = 32 };

static bool usable(void) { return __builtin_cpu_supports("avx2"); }

INLINE vector get(const char *from) { return _mm256_loadu_si256((const __m256i *)(const void *)from); }

INLINE void put(char *to, vector value, bool streaming) {
    if (streaming)
        _mm256_stream_si256((__m256i *)(void *)to, value);
    else
        _mm256_storeu_si256((__m256i *)(void *)to, value);
}

INLINE vector add(vector a, vector b) { return _mm256_add_epi32(a, b); }

INLINE void part(char *to, const char *from, const char *other, size_t bytes) {
    for (size_t i = 0; i < bytes; i++)
        to[i] = (char)(from[i] + (other ? other[i] : 0));
}

/* ---- every second element ---- */

INLINE vector even(const char *from, int size) {
    const __m256i low = get(from), high = get(from + WIDTH);
    __m256i mixed;
    if (size == 8) {
        mixed = _mm256_unpacklo_epi64(low, high);
    } else if (size == 4) {
        mixed = _mm256_castps_si256(_mm256_shuffle_ps(_mm256_castsi256_ps(low), _mm256_castsi256_ps(high), 0x88));
    } else {
        const __m256i mask = _mm256_set1_epi32(0xffff);
        mixed = _mm256_packus_epi32(_mm256_and_si256(low, mask), _mm256_and_si256(high, mask));
    }
    return _mm256_permute4x64_epi64(mixed, 0xd8);
}

INLINE void even_part(char *to, const char *from, const char *other, size_t bytes, int size) {
    for (size_t i = 0; i < bytes; i++) {
        const size_t element = i / (size_t)size, byte = i % (size_t)size;
        to[i] = (char)(from[2 * element * (size_t)size + byte] + (other ? other[i] : 0));
    }
}

/* ---- transposed ---- */

INLINE void transpose_8x8(__m256 v[8]) {
    __m256 t[8];
    for (int i = 0; i < 8; i += 2) {
        t[i] = _mm256_unpacklo_ps(v[i], v[i + 1]);
        t[i + 1] = _mm256_unpackhi_ps(v[i], v[i + 1]);
    }
    for (int i = 0; i < 8; i += 4) {
        v[i] = _mm256_shuffle_ps(t[i], t[i + 2], 0x44);
        v[i + 1] = _mm256_shuffle_ps(t[i], t[i + 2], 0xee);
        v[i + 2] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0x44);
        v[i + 3] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0xee);
    }
    for (int i = 0; i < 4; i++) {
        t[i] = _mm256_permute2f128_ps(v[i], v[i + 4], 0x20);
        t[i + 4] = _mm256_permute2f128_ps(v[i], v[i + 4], 0x31);
    }
    for (int i = 0; i < 8; i++)
        v[i] = t[i];
}

INLINE void transpose_4x4(__m256d v[4]) {
    const __m256d a = _mm256_unpacklo_pd(v[0], v[1]), b = _mm256_unpackhi_pd(v[0], v[1]),
                  c = _mm256_unpacklo_pd(v[2], v[3]), d = _mm256_unpackhi_pd(v[2], v[3]);
    v[0] = _mm256_permute2f128_pd(a, c, 0x20);
    v[1] = _mm256_permute2f128_pd(b, d, 0x20);
    v[2] = _mm256_permute2f128_pd(a, c, 0x31);
    v[3] = _mm256_permute2f128_pd(b, d, 0x31);
}

INLINE void transpose_vectors(vector *v, int size) {
    if (size == 4)
        transpose_8x8((__m256 *)v);
    else
        transpose_4x4((__m256d *)v);
}

#include "limit_vector.h"

#define STREAMING    false
#define NAMED(name)  name##_regular
#define KERNELS      limit_avx2
#define KERNELS_NAME "avx2"
#include "limit_vector_tpl.h"
#define STREAMING    true
#define NAMED(name)  name##_streaming
#define KERNELS      limit_avx2_streaming
#define KERNELS_NAME "avx2, non-temporal"
#include "limit_vector_tpl.h"
