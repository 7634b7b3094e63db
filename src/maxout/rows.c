/*
 * Finds whether a strided tensor is a matrix as BLAS understands it, row-major or transposed with any row stride, and
 * copies rows of those that are not. Called by maxout_forward.c and maxout_backward.c; calls stage.c.
 */
#include "maxout/rows.h"

#include "stage.h"

/* All dimensions but the last as one, where their strides nest; returns the stride between rows, or 0. */
static int64_t row_stride(const act_tensor *t, const int64_t *strides) {
    int64_t stride = 0, rows = 1;
    for (int32_t d = t->ndim - 2; d >= 0; d--) {
        if (t->shape[d] == 1)
            continue;
        if (rows == 1)
            stride = strides[d];
        else if (strides[d] != stride * rows)
            return 0;
        rows *= t->shape[d];
    }
    return rows == 1 ? t->shape[t->ndim - 1] : stride;
}

void act__rows_open(act__rows *rows, const act__view *view) {
    const act_tensor *t = view->tensor;
    act__view_strides(view, rows->strides);
    rows->view = view;
    rows->features = t->shape[t->ndim - 1];
    rows->count = view->count / rows->features;
    if (rows->features == 1)
        rows->strides[t->ndim - 1] = 1;
    const int64_t between = row_stride(t, rows->strides), within = rows->strides[t->ndim - 1];
    const int64_t most = act__blas_max();
    rows->direct = 1;
    if (within == 1 && between >= rows->features && between <= most)
        rows->matrix = (act__matrix){view->data, between, 0};
    else if (between == 1 && within >= rows->count && within <= most)
        rows->matrix = (act__matrix){view->data, within, 1};
    else
        rows->direct = 0;
}

/* Where a row begins. */
static char *row_at(const act__rows *rows, int64_t row) {
    const act_tensor *t = rows->view->tensor;
    int64_t offset = 0;
    for (int32_t d = t->ndim - 2; d >= 0; d--) {
        offset += row % t->shape[d] * rows->strides[d];
        row /= t->shape[d];
    }
    return rows->view->data + offset * rows->view->size;
}

static act__tile outside(const act__rows *rows, int64_t row) {
    const int64_t within = rows->strides[rows->view->tensor->ndim - 1];
    return (act__tile){row_at(rows, row), 0, within * rows->view->size};
}

act__matrix act__rows_take(const act__rows *rows, int64_t first, int64_t n, void *buffer) {
    const int32_t size = rows->view->size;
    if (rows->direct) {
        act__matrix m = rows->matrix;
        m.data = (char *)m.data + first * (m.transposed ? 1 : m.stride) * size;
        return m;
    }
    for (int64_t i = 0; i < n; i++) {
        const act__tile inside = {(char *)buffer + i * rows->features * size, 0, size};
        act__stage_copy(inside, outside(rows, first + i), 1, rows->features, size);
    }
    return (act__matrix){buffer, rows->features, 0};
}

void act__rows_put(const act__rows *rows, int64_t first, int64_t n, const void *buffer) {
    const int32_t size = rows->view->size;
    for (int64_t i = 0; i < n; i++) {
        const act__tile inside = {(char *)(uintptr_t)buffer + i * rows->features * size, 0, size};
        act__stage_copy(outside(rows, first + i), inside, 1, rows->features, size);
    }
}
