/* How a call walks its tensors: dimensions merged where strides allow, and the tile that is worked on at a time. */
#ifndef ACT_PLAN_H
#define ACT_PLAN_H

#include "view.h"

/* ACT__TILE_BYTES: the most that a staged tile has of any operand. */
enum { ACT__MAX_OPERANDS = 5, ACT__BLOCK = 512, ACT__TILE_BYTES = 8192 };

/* Dimension 0 is the innermost. Strides are in bytes. Only the first ndim entries are set. */
typedef struct act__plan {
    int32_t ndim; /* 1 or more */
    int32_t operands;
    uint32_t outputs; /* bit i: operand i is written; the last one is, if any */
    int32_t tile_dim; /* the dimension of a tile's rows; 0 where tiles have one row */
    int32_t uniform;  /* operand 0 is one element for each row, and is given as it is */
    int32_t unit;     /* every operand, a uniform one apart, has unit stride in dimension 0 */
    int32_t stream;   /* outputs are written past the cache, tile by tile */
    int64_t count;    /* elements */
    int64_t cols, rows;
    int64_t panel; /* columns whose tiles are visited together; a multiple of cols, or all */
    int64_t extent[ACT_MAX_NDIM];
    char *data[ACT__MAX_OPERANDS];
    int32_t size[ACT__MAX_OPERANDS]; /* bytes of an element */
    int64_t stride[ACT__MAX_OPERANDS][ACT_MAX_NDIM];
} act__plan;

/* Whether tiles know the logical index of their elements, or dimensions may be ordered to suit the strides. */
enum { ACT__ANY_ORDER = 0, ACT__LOGICAL_ORDER = 1 };

/* One more operand of the views' shape, an input: operand 0, before the views. Strides in elements, one a dimension.
 */
typedef struct act__extra {
    char *data;
    int32_t size;
    const int64_t *strides;
} act__extra;

/* Plans over views of one shape that have at least one element; extra may be NULL. */
void act__plan_make(act__plan *plan, const act__view *const *views, int32_t count, uint32_t outputs,
                    const act__extra *extra, int order);

#endif
