/* What is measured: one cell a combination of function, direction, dtype, layout, size and threads. */
#ifndef BENCH_CELLS_H
#define BENCH_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { CELL_MAX_NDIM = 4, CELL_MAX_PARAMS = 4 };

typedef enum cell_direction {
    FORWARD,
    BACKWARD_FROM_INPUT,
    BACKWARD_FROM_OUTPUT,
    BACKWARD_FROM_STATE,
    DIRECTION_COUNT
} cell_direction;

/* Where a tensor lies: each slot is a part of the memory that all contestants share. */
typedef enum slot {
    SLOT_X,
    SLOT_Y,
    SLOT_DY,
    SLOT_DX,
    SLOT_SAVED,      /* what a cell in place overwrites */
    SLOT_PARAMETERS, /* prelu's slopes; maxout's weights, then its bias */
    SLOT_GRADIENTS,  /* the same, of their gradients */
    SLOT_COUNT
} slot;

typedef struct cell_view {
    slot slot;
    int32_t ndim;
    int64_t shape[CELL_MAX_NDIM], strides[CELL_MAX_NDIM]; /* in elements */
} cell_view;

typedef struct cell_maxout {
    int64_t rows, in, out, pieces; /* N, D, M, K */
} cell_maxout;

typedef struct cell {
    char function[32], layout[24];
    int32_t kind, dtype, threads; /* kind and dtype as in activations.h */
    cell_direction direction;
    bool in_place, trains; /* trains: forward is given a state, as rrelu needs to draw */
    bool needs_x, needs_y; /* what this backward reads beside dy and the state */
    int64_t elements;
    double param[CELL_MAX_PARAMS];
    cell_view x, y, dy, dx;
    int64_t slope_axis, slopes; /* of prelu; slopes is 0 elsewhere, slope_axis is -1 for a shared slope */
    cell_maxout maxout;         /* rows is 0 elsewhere */
    uint64_t state_bytes;       /* of what forward left behind; known once the inputs are there */
} cell;

typedef struct cell_list {
    cell *at;
    size_t count, room;
} cell_list;

typedef struct cell_options {
    bool quick, all;    /* all: every kind as thoroughly as those that stand for others */
    const char *filter; /* extended regular expression over cell_name(), or NULL */
    int32_t threads[8], thread_counts;
} cell_options;

enum { CELL_NAME_SIZE = 128 };

/* All cells that the library has; the caller frees list->at. Returns a message for people, or NULL where all is well.
 */
const char *cells_list(cell_list *list, const cell_options *options);

/* "relu/forward/float32/contiguous/4096/1", what --filter looks at. */
void cell_name(char *name, const cell *c);

const char *cell_direction_name(cell_direction direction);
const char *cell_dtype_name(int32_t dtype);
size_t cell_dtype_size(int32_t dtype);

/* Elements in memory from the first to the last of a view, and how many of them are different. */
int64_t cell_view_extent(const cell_view *view);
int64_t cell_view_distinct(const cell_view *view);
bool cell_view_contiguous(const cell_view *view);

/* The tensors that the cell reads, at most 2, first the one that has the layout. Returns how many. */
int cell_reads(const cell *c, const cell_view *reads[2]);
const cell_view *cell_writes(const cell *c);

/* The least traffic: every byte that must be read or written, once. */
uint64_t cell_bytes(const cell *c);

#ifdef __cplusplus
}
#endif

#endif
