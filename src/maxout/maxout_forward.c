/*
 * y = max over pieces of x W^T + b: one matrix product for all pieces of a panel of rows into scratch, then the
 * maximum, with its winners where there is a state. Called by api.c; calls blas.c, rows.c and the maxout kernels.
 */
#include "maxout/maxout.h"

#include "dispatch.h"
#include "least.h"
#include "state.h"
#include "status.h"
#include "threads.h"
#include "validate.h"

enum { GRAIN = 131072 };

typedef struct panel {
    const act__maxout *shape;
    const act__maxout_kernels *kernels;
    const char *z;
    const void *bias;
    char *y;          /* row i at y + i * y_stride */
    uint8_t *winners; /* or NULL */
    int64_t rows, y_stride, tasks;
    int32_t size;
} panel;

static void reduce_rows(void *context, int64_t task) {
    const panel *p = context;
    const int64_t out = p->shape->out, pieces = p->shape->pieces;
    for (int64_t row = p->rows * task / p->tasks; row < p->rows * (task + 1) / p->tasks; row++)
        p->kernels->reduce(p->z + row * out * pieces * p->size, p->bias, p->y + row * p->y_stride,
                           p->winners ? p->winners + row * out : NULL, out, pieces);
}

static act_status reduce(panel *p) {
    p->tasks = act__least(act__tasks_for(p->rows * p->shape->out * p->shape->pieces, GRAIN), p->rows);
    if (p->tasks > 1)
        return act__parallel(p->tasks, reduce_rows, p);
    reduce_rows(p, 0);
    return ACT_OK;
}

/* Scratch: z, then copies of rows of x and y where they do not lie as BLAS or the kernels want them. */
static act_status run(const act_activation *a, const act__rows *x, const act__rows *y, uint8_t *winners) {
    const act__maxout *shape = &a->maxout;
    const act_dtype dtype = x->view->dtype;
    const int32_t size = x->view->size;
    const int y_direct = y->direct && !y->matrix.transposed;
    const int64_t units = shape->out * shape->pieces;
    const int64_t copied = (x->direct ? 0 : shape->in) + (y_direct ? 0 : shape->out);
    const int64_t most = act__maxout_panel(a, x->count, copied, size);
    const size_t bytes = (size_t)most * (size_t)(units + copied) * (size_t)size;
    char *scratch = act__scratch_take((act__scratch *)(uintptr_t)&a->scratch, bytes);
    if (!scratch)
        return ACT_ERR_OUT_OF_MEMORY;
    char *x_copy = scratch + most * units * size, *y_copy = x_copy + (x->direct ? 0 : most * shape->in * size);
    const act__matrix weight = {a->learnable[ACT__WEIGHT].value, shape->in, 1}, z = {scratch, units, 0};
    panel p = {.shape = shape,
               .kernels = act__isa_in_use()->maxout[act__real_of(dtype)],
               .z = scratch,
               .bias = a->learnable_count > 1 ? a->learnable[ACT__BIAS].value : NULL,
               .size = size};
    act_status status = ACT_OK;
    for (int64_t first = 0; first < x->count && status == ACT_OK; first += most) {
        p.rows = act__least(x->count - first, most);
        act__blas_multiply(dtype, p.rows, units, shape->in, act__rows_take(x, first, p.rows, x_copy), weight, 0, z);
        p.y = y_direct ? (char *)y->matrix.data + first * y->matrix.stride * size : y_copy;
        p.y_stride = (y_direct ? y->matrix.stride : shape->out) * size;
        p.winners = winners ? winners + first * shape->out : NULL;
        status = reduce(&p);
        if (!y_direct)
            act__rows_put(y, first, p.rows, y_copy);
    }
    act__scratch_give((act__scratch *)(uintptr_t)&a->scratch, scratch);
    return status;
}

act_status act__maxout_forward(const act_activation *a, const act__view *x, const act__view *y, act_state *state) {
    ACT_TRY(act__maxout_check(a, x, y));
    ACT_TRY(act__check_output(y));
    ACT_TRY(act__check_overlap(y, x, ACT__APART));
    ACT_TRY(act__learnables_check_apart(a, y));
    ACT_TRY(act__state_begin(state, (size_t)y->count));
    if (y->count) {
        act__rows x_rows, y_rows;
        act__rows_open(&x_rows, x);
        act__rows_open(&y_rows, y);
        ACT_TRY(run(a, &x_rows, &y_rows, state ? state->marks.data : NULL));
    }
    act__state_seal(state, a, y);
    return ACT_OK;
}
