/*
 * dz is dy at the winner of each unit and 0 elsewhere; dW += dz^T x, db += sum of dz over rows, dx = dz W, panel by
 * panel of rows. Winners are those of the forward, so that both agree whatever BLAS rounds. The sums of db are taken
 * row by row in double, with what each addition loses. Called by api.c; calls blas.c, rows.c and the maxout kernels.
 */
#include "maxout/maxout.h"

#include "dispatch.h"
#include "least.h"
#include "state.h"
#include "status.h"
#include "validate.h"

#include <math.h>
#include <string.h>

/* Of the scratch. */
enum { BIAS_SUM, DZ, X_COPY, DY_COPY, DX_COPY, PARTS };

typedef struct backward {
    act_activation *a;
    const act__maxout_kernels *kernels;
    act__rows x, dy, dx;
    const uint8_t *winners;
    act_dtype dtype;
    int32_t size;
    int64_t units, most; /* pieces * out; rows of a panel */
    int32_t has_dx, dx_direct, has_bias;
    char *dz, *x_copy, *dy_copy, *dx_copy; /* in scratch */
    double *bias_sum;                      /* units sums, then as many errors */
} backward;

/* Where each part of the scratch begins; returns its size. */
static size_t lay_out(const backward *b, size_t part[PARTS]) {
    const act__maxout *shape = &b->a->maxout;
    const size_t row = (size_t)b->most * (size_t)b->size;
    part[BIAS_SUM] = 0;
    part[DZ] = 2 * (size_t)b->units * sizeof(double);
    part[X_COPY] = part[DZ] + row * (size_t)b->units;
    part[DY_COPY] = part[X_COPY] + (b->x.direct ? 0 : row * (size_t)shape->in);
    part[DX_COPY] = part[DY_COPY] + (b->dy.direct ? 0 : row * (size_t)shape->out);
    return part[DX_COPY] + (b->has_dx && !b->dx_direct ? row * (size_t)shape->in : 0);
}

/* sum + error grows by value: what the addition loses goes into error. */
static void add(double *sum, double *error, double value) {
    const double total = *sum + value, part = total - *sum;
    *error += (*sum - (total - part)) + (value - part);
    *sum = total;
}

static void scatter(const backward *b, int64_t first, int64_t n) {
    const act__maxout *shape = &b->a->maxout;
    const act__matrix dy = act__rows_take(&b->dy, first, n, b->dy_copy);
    for (int64_t row = 0; row < n; row++) {
        const char *from = (const char *)dy.data + row * dy.stride * b->size;
        const uint8_t *winners = b->winners + (first + row) * shape->out;
        b->kernels->scatter(from, winners, b->dz + row * b->units * b->size, shape->out, shape->pieces);
        for (int64_t o = 0; b->has_bias && o < shape->out; o++) {
            const int64_t unit = winners[o] * shape->out + o;
            add(&b->bias_sum[unit], &b->bias_sum[b->units + unit],
                b->size == 8 ? ((const double *)(const void *)from)[o]
                             : (double)((const float *)(const void *)from)[o]);
        }
    }
}

static void run_panel(const backward *b, int64_t first, int64_t n) {
    const act__maxout *shape = &b->a->maxout;
    const act__matrix dz = {b->dz, b->units, 0}, dz_transposed = {b->dz, b->units, 1};
    const act__matrix weight = {b->a->learnable[ACT__WEIGHT].value, shape->in, 0};
    const act__matrix gradient = {b->a->learnable[ACT__WEIGHT].gradient, shape->in, 0};
    scatter(b, first, n);
    act__blas_multiply(b->dtype, b->units, shape->in, n, dz_transposed, act__rows_take(&b->x, first, n, b->x_copy), 1,
                       gradient);
    if (!b->has_dx)
        return;
    const act__matrix dx =
        b->dx_direct ? act__rows_take(&b->dx, first, n, NULL) : (act__matrix){b->dx_copy, shape->in, 0};
    act__blas_multiply(b->dtype, n, shape->in, b->units, dz, weight, 0, dx);
    if (!b->dx_direct)
        act__rows_put(&b->dx, first, n, b->dx_copy);
}

static act_status run(backward *b) {
    size_t part[PARTS];
    char *scratch = act__scratch_take(&b->a->scratch, lay_out(b, part));
    if (!scratch)
        return ACT_ERR_OUT_OF_MEMORY;
    b->bias_sum = (double *)(void *)(scratch + part[BIAS_SUM]);
    b->dz = scratch + part[DZ];
    b->x_copy = scratch + part[X_COPY];
    b->dy_copy = scratch + part[DY_COPY];
    b->dx_copy = scratch + part[DX_COPY];
    memset(b->bias_sum, 0, 2 * (size_t)b->units * sizeof(double));
    for (int64_t first = 0; first < b->x.count; first += b->most)
        run_panel(b, first, act__least(b->x.count - first, b->most));
    for (int64_t i = 0; b->has_bias && i < b->units; i++) {
        const double sum = b->bias_sum[i], error = b->bias_sum[b->units + i];
        act__learnable_add_gradient(&b->a->learnable[ACT__BIAS], i, isfinite(error) ? sum + error : sum);
    }
    act__scratch_give(&b->a->scratch, scratch);
    return ACT_OK;
}

static act_status check(const act_activation *a, const act__gradient_call *call) {
    ACT_CHECK(call->x && call->state, ACT_ERR_MISSING, "maxout needs x and the state of its forward; %s is NULL",
              call->x ? "state" : "x");
    ACT_TRY(act__maxout_check(a, call->x, call->dy));
    ACT_TRY(act__state_check(call->state, a, call->dy));
    ACT_TRY(act__gradients_check_apart(a, call->x));
    ACT_TRY(act__gradients_check_apart(a, call->dy));
    if (call->y) {
        ACT_TRY(act__check_same_shape(call->y, call->dy));
        ACT_TRY(act__check_same_dtype(call->y, call->dy));
        if (call->dx)
            ACT_TRY(act__check_overlap(call->dx, call->y, ACT__APART));
    }
    if (!call->dx)
        return ACT_OK;
    ACT_TRY(act__check_same_shape(call->dx, call->x));
    ACT_TRY(act__check_same_dtype(call->dx, call->x));
    ACT_TRY(act__check_output(call->dx));
    ACT_TRY(act__check_overlap(call->dx, call->x, ACT__APART));
    ACT_TRY(act__check_overlap(call->dx, call->dy, ACT__APART));
    return act__learnables_check_apart(a, call->dx);
}

act_status act__maxout_backward(act_activation *a, const act__gradient_call *call) {
    ACT_TRY(check(a, call));
    if (call->dy->count == 0)
        return ACT_OK;
    backward b = {.a = a,
                  .kernels = act__isa_in_use()->maxout[act__real_of(call->dy->dtype)],
                  .winners = call->state->marks.data,
                  .dtype = call->dy->dtype,
                  .size = call->dy->size,
                  .units = a->maxout.out * a->maxout.pieces,
                  .has_dx = call->dx != NULL,
                  .has_bias = a->learnable_count > 1};
    act__rows_open(&b.x, call->x);
    act__rows_open(&b.dy, call->dy);
    b.dy.direct &= !b.dy.matrix.transposed; /* rows have to be contiguous */
    if (call->dx) {
        act__rows_open(&b.dx, call->dx);
        b.dx_direct = b.dx.direct && !b.dx.matrix.transposed;
    }
    const int64_t copied = (b.x.direct ? 0 : a->maxout.in) + (b.dy.direct ? 0 : a->maxout.out) +
                           (b.has_dx && !b.dx_direct ? a->maxout.in : 0);
    b.most = act__maxout_panel(a, b.x.count, copied, b.size);
    return run(&b);
}
