/* Copies few 16-bit elements. Included by types/mixed.c and simd/half_words.h. */
#ifndef ACT_TYPES_FEW_H
#define ACT_TYPES_FEW_H

#include <stdint.h>
#include <string.h>

enum { FEW_HALVES = 32 };

static inline void copy_part(uint16_t *to, const uint16_t *from, int64_t n, int64_t part) {
    const int64_t at = n & -(2 * part);
    if (n & part)
        memcpy(to + at, from + at, (size_t)part * sizeof *to);
}

/* Fewer than FEW_HALVES, in parts of known size: one call of memcpy takes as long as a vector of them. */
static inline void copy_few(uint16_t *to, const uint16_t *from, int64_t n) {
    copy_part(to, from, n, 16);
    copy_part(to, from, n, 8);
    copy_part(to, from, n, 4);
    copy_part(to, from, n, 2);
    copy_part(to, from, n, 1);
}

#endif
