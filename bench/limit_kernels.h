/* Copies as fast as this machine can make them: what no activation of the same traffic can beat. */
#ifndef BENCH_LIMIT_KERNELS_H
#define BENCH_LIMIT_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A matrix that is read across and written along: element (i, j) comes from from[j * rows + i]. */
typedef struct limit_transpose {
    char *to;                           /* rows x columns, row-major */
    const char *from;                   /* columns x rows, row-major */
    const char *other;                  /* as `to`, to be added; or NULL */
    int64_t rows, columns, first, last; /* rows first to last - 1 are to be done */
} limit_transpose;

enum { LIMIT_SIZE_2, LIMIT_SIZE_4, LIMIT_SIZE_8, LIMIT_SIZES }; /* bytes of an element */

/* A set of kernels; NULL where it has none. `other` is NULL, or as many elements to be added: two reads, one write.
 */
typedef struct limit_kernels {
    const char *name;
    bool (*usable)(void);
    void (*copy)(char *to, const char *from, size_t bytes);
    void (*add)(char *to, const char *from, const char *other, size_t bytes);
    void (*every_second[LIMIT_SIZES])(char *to, const char *from, const char *other, size_t elements);
    void (*transpose[LIMIT_SIZES])(const limit_transpose *t);
} limit_kernels;

extern const limit_kernels limit_portable, limit_memcpy;
#ifdef BENCH_X86
extern const limit_kernels limit_avx2, limit_avx2_streaming, limit_avx512, limit_avx512_streaming;
#endif

/* Reads memory and forgets it. */
void limit_touch(const char *from, size_t bytes);

#endif
