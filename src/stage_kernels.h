/* Copies of elements that do not lie side by side, compiled once for each instruction set. */
#ifndef ACT_STAGE_KERNELS_H
#define ACT_STAGE_KERNELS_H

#include <stdint.h>

enum { ACT__STAGE_SIZES = 3 };

/* Arrays go by size / 4 for elements of 2, 4 and 8 bytes. */
typedef struct act__stage_kernels {
    /* Element 2 * i of from to element i of to, in memory apart; reads nothing behind the last one. */
    void (*take_seconds[ACT__STAGE_SIZES])(void *to, const void *from, int64_t n);
    /* To memory apart, past the cache where the instruction set can; the caller fences. */
    void (*stream)(void *to, const void *from, int64_t bytes);
} act__stage_kernels;

#endif
