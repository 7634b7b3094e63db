/* A tensor of shape (..., features) as rows for BLAS. */
#ifndef ACT_MAXOUT_ROWS_H
#define ACT_MAXOUT_ROWS_H

#include "blas.h"
#include "view.h"

typedef struct act__rows {
    const act__view *view;
    int64_t count, features;
    int64_t strides[ACT_MAX_NDIM]; /* in elements; 1 within a row of one element */
    int32_t direct;                /* BLAS can read it where it lies */
    act__matrix matrix;            /* of all rows, where direct */
} act__rows;

/* How the rows of a view lie. */
void act__rows_open(act__rows *rows, const act__view *view);

/* Rows first to first + n - 1 as a matrix: where they lie, or copied to the buffer, n * features elements. */
act__matrix act__rows_take(const act__rows *rows, int64_t first, int64_t n, void *buffer);

/* Writes rows back from a contiguous buffer, for views that are not direct. */
void act__rows_put(const act__rows *rows, int64_t first, int64_t n, const void *buffer);

#endif
