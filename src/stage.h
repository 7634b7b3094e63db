/* Copies between strided tiles and contiguous blocks. */
#ifndef ACT_STAGE_H
#define ACT_STAGE_H

#include <stdint.h>

/* rows by cols elements of size 2, 4 or 8; strides in bytes. */
typedef struct act__tile {
    char *data;
    int64_t row_stride, col_stride;
} act__tile;

void act__stage_copy(act__tile to, act__tile from, int64_t rows, int64_t cols, int32_t size);

/*
 * The same for memory that is too large to stay in cache: writes past it where whole rows allow. After the last one
 * act__stage_fence() puts these writes before all later ones.
 */
void act__stage_stream(act__tile to, act__tile from, int64_t rows, int64_t cols, int32_t size);
void act__stage_fence(void);

#endif
