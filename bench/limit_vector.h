/*
 * The loops of limit_<isa>.c, which defines before it includes this, once: WIDTH in bytes, the type `vector`, and
 *   get(from), put(to, value, streaming), add(a, b)
 *   part(to, from, other, bytes)                 fewer bytes than a vector
 *   even(from, size)                             a vector of every second element
 *   even_part(to, from, other, bytes, size)      fewer bytes than a vector of those
 *   transpose_vectors(v, size)                   a square of WIDTH / size vectors
 * `other` is NULL, or is to be added. Included by nobody else.
 */
#ifndef BENCH_LIMIT_VECTOR_H
#define BENCH_LIMIT_VECTOR_H

#include "limit_kernels.h"

enum { PANEL = 256, PREFETCHED = 64 };

INLINE vector sum(const char *from, const char *other, size_t at) {
    const vector value = get(from + at);
    return other ? add(value, get(other + at)) : value;
}

INLINE void flat(char *to, const char *from, const char *other, size_t bytes, bool streaming) {
    size_t i = 0;
    if (streaming && ((uintptr_t)to & (WIDTH - 1))) {
        i = WIDTH - ((uintptr_t)to & (WIDTH - 1));
        i = i < bytes ? i : bytes;
        part(to, from, other, i);
    }
    for (; i + 4 * WIDTH <= bytes; i += 4 * WIDTH) {
        const vector a = sum(from, other, i), b = sum(from, other, i + WIDTH), c = sum(from, other, i + 2 * WIDTH),
                     d = sum(from, other, i + 3 * WIDTH);
        put(to + i, a, streaming);
        put(to + i + WIDTH, b, streaming);
        put(to + i + 2 * WIDTH, c, streaming);
        put(to + i + 3 * WIDTH, d, streaming);
    }
    for (; i + WIDTH <= bytes; i += WIDTH)
        put(to + i, sum(from, other, i), streaming);
    if (i < bytes)
        part(to + i, from + i, other ? other + i : NULL, bytes - i);
    if (streaming)
        _mm_sfence();
}

INLINE void every_second(char *to, const char *from, const char *other, size_t elements, int size, bool streaming) {
    const size_t bytes = elements * (size_t)size;
    size_t i = 0;
    streaming &= ((uintptr_t)to & (WIDTH - 1)) == 0;
    for (; i + WIDTH <= bytes; i += WIDTH) {
        const vector value = even(from + 2 * i, size);
        put(to + i, other ? add(value, get(other + i)) : value, streaming);
    }
    if (i < bytes)
        even_part(to + i, from + 2 * i, other ? other + i : NULL, bytes - i, size);
    if (streaming)
        _mm_sfence();
}

/* One square of lanes x lanes elements; the lines of the square below it are fetched meanwhile. */
INLINE void square(const limit_transpose *t, int64_t row, int64_t column, int size, bool streaming) {
    const int lanes = WIDTH / size;
    vector v[WIDTH / 4];
    for (int k = 0; k < lanes; k++) {
        const char *from = t->from + ((column + k) * t->rows + row) * size;
        v[k] = get(from);
        _mm_prefetch(from + PREFETCHED, _MM_HINT_T0);
    }
    transpose_vectors(v, size);
    for (int k = 0; k < lanes; k++) {
        const int64_t at = ((row + k) * t->columns + column) * size;
        put(t->to + at, t->other ? add(v[k], get(t->other + at)) : v[k], streaming);
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

#endif
