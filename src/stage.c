/*
 * Copies a tile, whichever side is the contiguous one. A transposed tile goes through registers four by four, while
 * the cache lines of the next tile are on their way; large outputs are written past the cache, which saves reading
 * what is about to be overwritten. Both take what every x86-64 has. Called by run.c and maxout/rows.c.
 */
#include "stage.h"

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

/* 16 bytes of each of 16 / size lines of `from`, to as many lines of `to`. */
static inline __attribute__((always_inline)) void transpose_block(char *to, int64_t to_stride, const char *from,
                                                                  int64_t from_stride, int64_t size) {
#if defined(__SSE2__)
    if (size == 4) {
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

static inline __attribute__((always_inline)) void copy_tile(act__tile to, act__tile from, int64_t rows, int64_t cols,
                                                            int64_t size) {
    if (to.col_stride == size && from.col_stride == size) {
        for (int64_t r = 0; r < rows; r++)
            memcpy(to.data + r * to.row_stride, from.data + r * from.row_stride, (size_t)(cols * size));
    } else if (to.col_stride == size && from.row_stride == size && rows > 1) {
        transpose(to.data, to.row_stride, from.data, from.col_stride, cols, rows, size);
    } else if (to.row_stride == size && from.col_stride == size && rows > 1) {
        transpose(to.data, to.col_stride, from.data, from.row_stride, rows, cols, size);
    } else {
        for (int64_t r = 0; r < rows; r++)
            copy_along(to.data + r * to.row_stride, to.col_stride, from.data + r * from.row_stride, from.col_stride,
                       cols, (size_t)size);
    }
}

void act__stage_copy(act__tile to, act__tile from, int64_t rows, int64_t cols, int32_t size) {
    if (size == 4)
        copy_tile(to, from, rows, cols, 4);
    else
        copy_tile(to, from, rows, cols, 8);
}

#if defined(__SSE2__)
static void stream_row(char *to, const char *from, int64_t bytes) {
    for (; bytes >= 16; bytes -= 16, to += 16, from += 16)
        _mm_stream_si128((__m128i *)(void *)to, _mm_loadu_si128((const __m128i *)(const void *)from));
    memcpy(to, from, (size_t)bytes);
}

void act__stage_stream(act__tile to, act__tile from, int64_t rows, int64_t cols, int32_t size) {
    if (to.col_stride != size || from.col_stride != size) {
        act__stage_copy(to, from, rows, cols, size);
        return;
    }
    for (int64_t r = 0; r < rows; r++) {
        char *row = to.data + r * to.row_stride;
        if ((uintptr_t)row % 16 == 0)
            stream_row(row, from.data + r * from.row_stride, cols * size);
        else
            memcpy(row, from.data + r * from.row_stride, (size_t)(cols * size));
    }
}

void act__stage_fence(void) { _mm_sfence(); }
#else
void act__stage_stream(act__tile to, act__tile from, int64_t rows, int64_t cols, int32_t size) {
    act__stage_copy(to, from, rows, cols, size);
}

void act__stage_fence(void) {}
#endif
