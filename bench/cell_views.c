/* What a cell is called and where its tensors lie. Called by everybody; see cells.h. */
#include "cells.h"

#include "activations/activations.h"

#include <inttypes.h>
#include <stdio.h>

const char *cell_direction_name(cell_direction direction) {
    static const char *const names[] = {"forward", "backward_from_input", "backward_from_output",
                                        "backward_from_state"};
    return names[direction];
}

const char *cell_dtype_name(int32_t dtype) {
    return dtype == ACT_FLOAT32   ? "float32"
           : dtype == ACT_FLOAT64 ? "float64"
           : dtype == ACT_FLOAT16 ? "float16"
                                  : "bfloat16";
}

size_t cell_dtype_size(int32_t dtype) { return dtype == ACT_FLOAT32 ? 4 : dtype == ACT_FLOAT64 ? 8 : 2; }

void cell_name(char *name, const cell *c) {
    snprintf(name, CELL_NAME_SIZE, "%s/%s/%s/%s/%" PRId64 "/%d", c->function, cell_direction_name(c->direction),
             cell_dtype_name(c->dtype), c->layout, c->elements, c->threads);
}

int64_t cell_view_extent(const cell_view *view) {
    int64_t last = 0;
    for (int32_t i = 0; i < view->ndim; i++)
        last += (view->shape[i] - 1) * view->strides[i];
    return last + 1;
}

int64_t cell_view_distinct(const cell_view *view) {
    int64_t count = 1;
    for (int32_t i = 0; i < view->ndim; i++)
        count *= view->strides[i] ? view->shape[i] : 1;
    return count;
}

bool cell_view_contiguous(const cell_view *view) {
    int64_t next = 1;
    for (int32_t i = view->ndim - 1; i >= 0; next *= view->shape[i--])
        if (view->strides[i] != next)
            return false;
    return true;
}

int cell_reads(const cell *c, const cell_view *reads[2]) {
    int count = 0;
    if (c->direction == FORWARD || c->needs_x)
        reads[count++] = &c->x;
    if (c->direction != FORWARD && c->needs_y)
        reads[count++] = &c->y;
    if (c->direction != FORWARD)
        reads[count++] = &c->dy;
    return count;
}

const cell_view *cell_writes(const cell *c) { return c->direction == FORWARD ? &c->y : &c->dx; }

uint64_t cell_bytes(const cell *c) {
    const cell_view *reads[2];
    int64_t touched = cell_view_distinct(cell_writes(c)) + (c->direction == FORWARD ? 1 : 2) * c->slopes;
    for (int i = cell_reads(c, reads) - 1; i >= 0; i--)
        touched += cell_view_distinct(reads[i]);
    if (c->maxout.rows) /* the weights, and in backward their gradients */
        touched += (c->direction == FORWARD ? 1 : 2) * c->maxout.pieces * c->maxout.out * (c->maxout.in + 1);
    return (uint64_t)touched * cell_dtype_size(c->dtype) + (c->direction == BACKWARD_FROM_STATE ? c->state_bytes : 0);
}
