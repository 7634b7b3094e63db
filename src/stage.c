/*
 * Copies a tile, whichever side is the contiguous one. A transposed tile goes through registers in squares, which
 * takes what every x86-64 has, while the cache lines of the next tile are on their way; every second element and
 * writes past the cache are the kernels' of the instruction set in use. Called by run.c and what walks rows;
 * calls stage_kernels.c.
 */
#include "stage.h"

#include "dispatch.h"

#include <string.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

/* size is a constant in each caller, so that the copy of an element is one load and one store. */
static inline __attribute__((always_inline)) void copy_along(char *to, int64_t to_stride, const char *from,
                                                             int64_t from_stride, int64_t n, size_t size) {
    for (int64_t i = 0; i < n; i++)
        memcpy(to + i * to_stride, from + i * from_stride, size);
}

#if defined(__SSE2__)
static inline __m128i load_line(const char *from) { return _mm_loadu_si128((const __m128i *)(const void *)from); }
static inline void store_line(char *to, __m128i a) { _mm_storeu_si128((__m128i *)(void *)to, a); }

/* Pairs elements of the upper four lines with those of the lower four. */
static inline __attribute__((always_inline)) void interleave(__m128i *to, const __m128i *from) {
    to[0] = _mm_unpacklo_epi16(from[0], from[4]);
    to[1] = _mm_unpackhi_epi16(from[0], from[4]);
    to[2] = _mm_unpacklo_epi16(from[1], from[5]);
    to[3] = _mm_unpackhi_epi16(from[1], from[5]);
    to[4] = _mm_unpacklo_epi16(from[2], from[6]);
    to[5] = _mm_unpackhi_epi16(from[2], from[6]);
    to[6] = _mm_unpacklo_epi16(from[3], from[7]);
    to[7] = _mm_unpackhi_epi16(from[3], from[7]);
}

/* Eight lines of eight: three times interleaved, an element's line and place have changed roles. */
static inline __attribute__((always_inline)) void transpose_eights(char *to, int64_t to_stride, const char *from,
                                                                   int64_t from_stride) {
    const __m128i line[8] = {load_line(from),
                             load_line(from + from_stride),
                             load_line(from + 2 * from_stride),
                             load_line(from + 3 * from_stride),
                             load_line(from + 4 * from_stride),
                             load_line(from + 5 * from_stride),
                             load_line(from + 6 * from_stride),
                             load_line(from + 7 * from_stride)};
    __m128i once[8], twice[8], thrice[8];
    interleave(once, line);
    interleave(twice, once);
    interleave(thrice, twice);
    for (int i = 0; i < 8; i++)
        store_line(to + i * to_stride, thrice[i]);
}
#endif

/* 16 bytes of each of 16 / size lines of `from`, to as many lines of `to`. */
static inline __attribute__((always_inline)) void transpose_block(char *to, int64_t to_stride, const char *from,
                                                                  int64_t from_stride, int64_t size) {
#if defined(__SSE2__)
    if (size == 2) {
        transpose_eights(to, to_stride, from, from_stride);
    } else if (size == 4) {
        __m128 a = _mm_loadu_ps((const float *)(const void *)from);
        __m128 b = _mm_loadu_ps((const float *)(const void *)(from + from_stride));
        __m128 c = _mm_loadu_ps((const float *)(const void *)(from + 2 * from_stride));
        __m128 d = _mm_loadu_ps((const float *)(const void *)(from + 3 * from_stride));
        _MM_TRANSPOSE4_PS(a, b, c, d);
        _mm_storeu_ps((float *)(void *)to, a);
        _mm_storeu_ps((float *)(void *)(to + to_stride), b);
        _mm_storeu_ps((float *)(void *)(to + 2 * to_stride), c);
        _mm_storeu_ps((float *)(void *)(to + 3 * to_stride), d);
    } else {
        const __m128d a = _mm_loadu_pd((const double *)(const void *)from);
        const __m128d b = _mm_loadu_pd((const double *)(const void *)(from + from_stride));
        _mm_storeu_pd((double *)(void *)to, _mm_unpacklo_pd(a, b));
        _mm_storeu_pd((double *)(void *)(to + to_stride), _mm_unpackhi_pd(a, b));
    }
#else
    for (int64_t line = 0; line < 16 / size; line++)
        copy_along(to + line * size, to_stride, from + line * from_stride, size, 16 / size, (size_t)size);
#endif
}

/* to[i][line] = from[line][i] for i below n: elements are adjacent along i in from, along lines in to. */
static inline __attribute__((always_inline)) void transpose(char *to, int64_t to_stride, const char *from,
                                                            int64_t from_stride, int64_t lines, int64_t n,
                                                            int64_t size) {
    const int64_t edge = 16 / size;
    int64_t line = 0;
    for (; line + edge <= lines; line += edge) {
        int64_t i = 0;
        for (int64_t k = 0; k < edge; k++)
            __builtin_prefetch(from + (line + k) * from_stride + n * size);
        for (; i + edge <= n; i += edge)
            transpose_block(to + i * to_stride + line * size, to_stride, from + line * from_stride + i * size,
                            from_stride, size);
        for (int64_t k = 0; k < edge; k++)
            copy_along(to + i * to_stride + (line + k) * size, to_stride, from + (line + k) * from_stride + i * size,
                       size, n - i, (size_t)size);
    }
    for (; line < lines; line++)
        copy_along(to + line * size, to_stride, from + line * from_stride, size, n, (size_t)size);
}

static void take_seconds(act__tile to, act__tile from, int64_t rows, int64_t cols, int64_t size) {
    const act__stage_kernels *kernels = act__isa_in_use()->stage;
    for (int64_t r = 0; r < rows; r++)
        kernels->take_seconds[size / 4](to.data + r * to.row_stride, from.data + r * from.row_stride, cols);
}

static inline __attribute__((always_inline)) void copy_tile(act__tile to, act__tile from, int64_t rows, int64_t cols,
                                                            int64_t size) {
    if (to.col_stride == size && from.col_stride == size) {
        for (int64_t r = 0; r < rows; r++)
            memcpy(to.data + r * to.row_stride, from.data + r * from.row_stride, (size_t)(cols * size));
    } else if (to.col_stride == size && from.row_stride == size && rows > 1) {
        transpose(to.data, to.row_stride, from.data, from.col_stride, cols, rows, size);
    } else if (to.row_stride == size && from.col_stride == size && rows > 1) {
        transpose(to.data, to.col_stride, from.data, from.row_stride, rows, cols, size);
    } else if (to.col_stride == size && from.col_stride == 2 * size) {
        take_seconds(to, from, rows, cols, size);
    } else {
        for (int64_t r = 0; r < rows; r++)
            copy_along(to.data + r * to.row_stride, to.col_stride, from.data + r * from.row_stride, from.col_stride,
                       cols, (size_t)size);
    }
}

void act__stage_copy(act__tile to, act__tile from, int64_t rows, int64_t cols, int32_t size) {
    if (size == 2)
        copy_tile(to, from, rows, cols, 2);
    else if (size == 4)
        copy_tile(to, from, rows, cols, 4);
    else
        copy_tile(to, from, rows, cols, 8);
}

void act__stage_stream(act__tile to, act__tile from, int64_t rows, int64_t cols, int32_t size) {
    if (to.col_stride != size || from.col_stride != size) {
        act__stage_copy(to, from, rows, cols, size);
        return;
    }
    const act__stage_kernels *kernels = act__isa_in_use()->stage;
    for (int64_t r = 0; r < rows; r++)
        kernels->stream(to.data + r * to.row_stride, from.data + r * from.row_stride, cols * size);
}

#if defined(__SSE2__)
void act__stage_fence(void) { _mm_sfence(); }
#else
void act__stage_fence(void) {}
#endif
