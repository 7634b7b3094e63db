/*
 * Makes a plan on the stack: drops extents of 1, orders dimensions by the output's strides where the order is free,
 * merges neighbours that are one run for every operand, and chooses a tile. Called by those who call run.c, which
 * walks it.
 */
#include "plan.h"

#include "kernels.h"
#include "least.h"

#include <stdlib.h>

/*
 * SHORT_ROW: rows of fewer elements are staged several at a time, since a kernel call costs more than copying them.
 * LINE: a tile of a transposed view has as many rows as a cache line holds elements.
 * PANEL: columns of a transposed view that are walked together, so that the pages they lie on stay known.
 */
enum { SHORT_ROW = 256, LINE = 64, PANEL = 256 };

static void append_dimension(act__plan *plan, int64_t extent, const int64_t *strides) {
    const int32_t d = plan->ndim++;
    plan->extent[d] = extent;
    for (int32_t i = 0; i < plan->operands; i++)
        plan->stride[i][d] = strides[i];
}

static void swap_dimensions(act__plan *plan, int32_t a, int32_t b) {
    const int64_t extent = plan->extent[a];
    plan->extent[a] = plan->extent[b];
    plan->extent[b] = extent;
    for (int32_t i = 0; i < plan->operands; i++) {
        const int64_t stride = plan->stride[i][a];
        plan->stride[i][a] = plan->stride[i][b];
        plan->stride[i][b] = stride;
    }
}

/* Whether dimension a is to be inside b: decided by the last operand, an output where there is one, then by the
 * others. */
static int inside(const act__plan *plan, int32_t a, int32_t b) {
    for (int32_t i = plan->operands - 1; i >= 0; i--) {
        const int64_t x = llabs(plan->stride[i][a]), y = llabs(plan->stride[i][b]);
        if (x != y)
            return x < y;
    }
    return 0;
}

static void order_dimensions(act__plan *plan) {
    for (int32_t d = 1; d < plan->ndim; d++)
        for (int32_t e = d; e > 0 && inside(plan, e, e - 1); e--)
            swap_dimensions(plan, e, e - 1);
}

static int one_run(const act__plan *plan, int32_t inner, int32_t outer) {
    for (int32_t i = 0; i < plan->operands; i++)
        if (plan->stride[i][outer] != plan->stride[i][inner] * plan->extent[inner])
            return 0;
    return 1;
}

static void merge_dimensions(act__plan *plan) {
    int32_t last = 0;
    for (int32_t d = 1; d < plan->ndim; d++) {
        if (one_run(plan, last, d))
            plan->extent[last] *= plan->extent[d];
        else
            swap_dimensions(plan, ++last, d);
    }
    plan->ndim = last + 1;
}

static int unit_in(const act__plan *plan, int32_t operand, int32_t d) {
    return plan->stride[operand][d] == plan->size[operand];
}

/* A dimension along which an operand lies contiguous that does not in dimension 0: a transposed view. */
static int32_t crossing_dimension(const act__plan *plan) {
    for (int32_t i = 0; i < plan->operands; i++)
        for (int32_t d = 1; d < plan->ndim && !unit_in(plan, i, 0); d++)
            if (unit_in(plan, i, d))
                return d;
    return 0;
}

static int32_t largest_size(const act__plan *plan) {
    int32_t size = 0;
    for (int32_t i = 0; i < plan->operands; i++)
        size = plan->size[i] > size ? plan->size[i] : size;
    return size;
}

/* Of every output. Asked for tiles that are staged anyway; kernels decide for straight runs themselves. */
static int streams(const act__plan *plan) {
    for (int32_t i = 0; i < plan->operands; i++)
        for (int32_t j = 0; plan->outputs >> i & 1 && j < plan->operands; j++) {
            const char *other = j == i ? NULL : plan->data[j];
            if (!act__streams(plan->data[i], other, other, plan->count, plan->size[i]))
                return 0;
        }
    return 1;
}

static void choose_tile(act__plan *plan, int has_extra) {
    const int short_rows = plan->ndim > 1 && plan->extent[0] < SHORT_ROW;
    plan->uniform = plan->stride[0][0] == 0 && has_extra && !short_rows;
    plan->unit = 1;
    for (int32_t i = plan->uniform; i < plan->operands; i++)
        plan->unit &= unit_in(plan, i, 0);
    plan->uniform &= plan->unit;
    plan->rows = 1;
    plan->tile_dim = 0;
    plan->stream = !plan->unit && streams(plan);
    const int64_t size = largest_size(plan), most = ACT__TILE_BYTES / size;
    plan->cols = plan->unit ? plan->extent[0] : act__least(plan->extent[0], most);
    plan->panel = plan->extent[0];
    if (plan->ndim == 1 || plan->uniform)
        return;
    const int32_t crossing = crossing_dimension(plan);
    if (crossing) {
        plan->tile_dim = crossing;
        plan->rows = act__least(plan->extent[crossing], LINE / size);
        plan->cols = act__least(plan->extent[0], most / plan->rows);
        plan->rows = act__least(plan->extent[crossing], most / plan->cols);
        plan->panel = PANEL > plan->cols ? PANEL / plan->cols * plan->cols : plan->cols;
    } else if (short_rows) {
        plan->tile_dim = 1;
        plan->rows = act__least(plan->extent[1], most / plan->extent[0]);
    }
}

static void plan_dense(act__plan *plan, int64_t count) {
    plan->ndim = 1;
    plan->extent[0] = plan->panel = plan->cols = count;
    plan->rows = 1;
    plan->tile_dim = 0;
    plan->unit = 1;
    plan->uniform = 0;
    for (int32_t i = 0; i < plan->operands; i++)
        plan->stride[i][0] = plan->size[i];
}

static void plan_strided(act__plan *plan, const act__view *const *views, const act__extra *extra, int order) {
    const act_tensor *t = views[0]->tensor;
    const int32_t shift = extra != NULL;
    int64_t strides[ACT__MAX_OPERANDS][ACT_MAX_NDIM];
    for (int32_t i = shift; i < plan->operands; i++)
        act__view_strides(views[i - shift], strides[i]);
    plan->ndim = 0;
    for (int32_t d = t->ndim - 1; d >= 0; d--) {
        int64_t bytes[ACT__MAX_OPERANDS];
        if (t->shape[d] == 1)
            continue; /* its stride may be anything */
        for (int32_t i = 0; i < plan->operands; i++)
            bytes[i] = (i < shift ? extra->strides[d] : strides[i][d]) * plan->size[i];
        append_dimension(plan, t->shape[d], bytes);
    }
    if (plan->ndim == 0) {
        plan_dense(plan, 1);
        return;
    }
    if (order == ACT__ANY_ORDER)
        order_dimensions(plan);
    merge_dimensions(plan);
    choose_tile(plan, shift);
}

void act__plan_make(act__plan *plan, const act__view *const *views, int32_t count, uint32_t outputs,
                    const act__extra *extra, int order) {
    const int32_t shift = extra != NULL;
    int dense = !extra;
    plan->operands = count + shift;
    plan->outputs = outputs;
    plan->count = views[0]->count;
    if (extra) {
        plan->data[0] = extra->data;
        plan->size[0] = extra->size;
    }
    for (int32_t i = 0; i < count; i++) {
        plan->data[i + shift] = views[i]->data;
        plan->size[i + shift] = views[i]->size;
        dense &= views[i]->dense;
    }
    plan->stream = 0;
    if (dense)
        plan_dense(plan, plan->count);
    else
        plan_strided(plan, views, extra, order);
}
