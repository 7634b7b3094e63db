/*
 * The gradient of PReLU's slopes, in the same bits for any layout and any number of threads, and dx on the way.
 *
 * The elements that belong to neighbouring slopes form a group: a sequence in logical order that cycles through
 * `width` slopes. Element u of it goes to lane u % period; lanes are added up over blocks of fixed length, then
 * blocks, then the lanes of a slope, each as a balanced binary tree. All of that follows from the shapes alone;
 * strides only say where an element lies. Called by prelu.c; calls run.c for the walk and the slope kernels for the
 * work.
 */
#include "slopes/slope_gradient.h"

#include "dispatch.h"
#include "run.h"
#include "status.h"
#include "threads.h"

#include <math.h>
#include <string.h>

enum { LEAST_BLOCK = 16384, LEAST_ROWS = 64, TILED = 512 };

typedef struct dimension {
    int64_t extent, slope_stride;
    int64_t stride[3]; /* of source, dy, dx, in elements */
} dimension;

typedef struct work {
    act_activation *a;
    const act__slope_call *call;
    const act__slope_kernels *slopes;
    const act__kernels *leaky;
    act__plan plan;                /* over one group, logical order */
    dimension outer[ACT_MAX_NDIM]; /* along which groups differ, innermost first */
    int32_t outer_count;
    int64_t groups, blocks;                      /* blocks: of a group */
    int64_t width, lanes, period, block, length; /* length: elements of a group */
    double *partial;                             /* groups * blocks * 2 * period: sums, then errors */
    int64_t tasks;
} work;

/* One item: a block of a group. */
typedef struct item {
    const work *w;
    const char *slopes; /* of the group */
    char *tiled;        /* the group's slopes over and over, where the group is narrow */
    double *sum, *error;
} item;

static int32_t logical_dimensions(dimension *out, const act__slope_call *call) {
    const act_tensor *t = call->dy->tensor;
    int64_t strides[3][ACT_MAX_NDIM];
    int32_t count = 0;
    act__view_strides(call->source, strides[0]);
    act__view_strides(call->dy, strides[1]);
    act__view_strides(call->dx ? call->dx : call->dy, strides[2]);
    for (int32_t d = t->ndim - 1; d >= 0; d--)
        if (t->shape[d] != 1)
            out[count++] =
                (dimension){t->shape[d], call->slope_strides[d], {strides[0][d], strides[1][d], strides[2][d]}};
    return count;
}

/* Splits dimensions into those of a group, kept in inner, and the rest; returns how many are inner. */
static int32_t split_dimensions(work *w, dimension *inner) {
    dimension all[ACT_MAX_NDIM];
    const int32_t count = logical_dimensions(all, w->call);
    int32_t inside = 0, d = 0;
    w->width = 1;
    for (; d < count && all[d].slope_stride; d++) {
        inner[inside++] = all[d];
        w->width *= all[d].extent;
    }
    for (; d < count; d++) {
        if (all[d].slope_stride)
            w->outer[w->outer_count++] = all[d];
        else
            inner[inside++] = all[d];
    }
    return inside;
}

/* A plan over one group, from tensors of its own shape. */
static void plan_group(work *w, const dimension *inner, int32_t count) {
    const act__view *given[3] = {w->call->source, w->call->dy, w->call->dx ? w->call->dx : w->call->dy};
    int64_t shape[ACT_MAX_NDIM], strides[3][ACT_MAX_NDIM];
    act_tensor tensor[3];
    act__view view[3];
    w->length = 1;
    for (int32_t d = 0; d < count; d++) {
        shape[count - 1 - d] = inner[d].extent;
        w->length *= inner[d].extent;
        for (int i = 0; i < 3; i++)
            strides[i][count - 1 - d] = inner[d].stride[i];
    }
    for (int i = 0; i < 3; i++) {
        tensor[i] = (act_tensor){.ndim = count, .shape = shape, .strides = strides[i]};
        view[i] = *given[i];
        view[i].tensor = &tensor[i];
        view[i].count = w->length;
        view[i].dense = 0;
    }
    const uint32_t outputs = w->call->dx ? 1u << 2 : 0;
    act__plan_make(&w->plan, (const act__view *const[]){&view[0], &view[1], &view[2]}, 3, outputs, NULL,
                   ACT__LOGICAL_ORDER);
}

static void set_up(work *w) {
    dimension inner[ACT_MAX_NDIM];
    const int32_t count = split_dimensions(w, inner);
    plan_group(w, inner, count);
    w->lanes = 1;
    while (w->width * w->lanes < ACT__SUM_LANES && w->width * w->lanes < w->length)
        w->lanes *= 2;
    w->period = w->width * w->lanes;
    const int64_t periods = (LEAST_BLOCK + w->period - 1) / w->period;
    w->block = w->period * (periods > LEAST_ROWS ? periods : LEAST_ROWS);
    w->blocks = (w->length + w->block - 1) / w->block;
    w->groups = 1;
    for (int32_t d = 0; d < w->outer_count; d++)
        w->groups *= w->outer[d].extent;
}

/* The first slope of a group, and how far its elements lie from those of group 0. */
static int64_t locate_group(const work *w, int64_t group, int64_t *offset) {
    int64_t slope = 0;
    for (int32_t d = 0; d < w->outer_count; d++) {
        const int64_t index = group % w->outer[d].extent;
        group /= w->outer[d].extent;
        slope += index * w->outer[d].slope_stride;
        for (int i = 0; i < 3; i++)
            offset[i] += index * w->outer[d].stride[i];
    }
    return slope;
}

static double input_of(double y, double slope) { return y > 0 ? y : y / slope; }

/* x is y / slope where y <= 0, and y elsewhere: a positive x adds nothing to the sums, however small. */
static const void *recover_input(void *buffer, const void *y, const void *slopes, int64_t step, int64_t n,
                                 int32_t size) {
    for (int64_t i = 0; i < n; i++) {
        if (size == 8)
            ((double *)buffer)[i] = input_of(((const double *)y)[i], ((const double *)slopes)[i * step]);
        else
            ((float *)buffer)[i] =
                (float)input_of((double)((const float *)y)[i], (double)((const float *)slopes)[i * step]);
    }
    return buffer;
}

/* Up to TILED elements of which the slopes are one, or lie side by side. */
static void run_slopes(const item *it, char *const *data, int64_t position, int64_t n) {
    const work *w = it->w;
    const int32_t size = w->plan.size;
    _Alignas(64) char buffer[TILED * sizeof(double)];
    const char *slopes = (it->tiled ? it->tiled : it->slopes) + position % w->width * size;
    const void *x = data[0];
    if (w->call->from_output)
        x = recover_input(buffer, data[0], slopes, w->width > 1, n, size);
    w->slopes->sum_products(it->sum, it->error, w->period, position % w->period, x, data[1], n);
    if (!w->call->dx)
        return;
    if (w->width > 1) {
        w->slopes->backward(data[0], slopes, data[1], data[2], n);
    } else {
        double params[ACT__MAX_PARAMS] = {0};
        memcpy(params, slopes, (size_t)size);
        w->leaky->backward_input(data[0], data[1], data[2], n, params);
    }
}

static void run_block(const act__block *b, void *context) {
    const item *it = context;
    const work *w = it->w;
    const int32_t size = w->plan.size;
    for (int64_t i = 0; i < b->cols;) {
        const int64_t position = b->position + i;
        int64_t n = b->cols - i < TILED ? b->cols - i : TILED;
        if (w->width > 1 && !it->tiled && n > w->width - position % w->width)
            n = w->width - position % w->width;
        char *const data[3] = {(char *)b->data[0] + i * size, (char *)b->data[1] + i * size,
                               w->call->dx ? (char *)b->data[2] + i * size : NULL};
        run_slopes(it, data, position, n);
        i += n;
    }
}

static void run_item(const work *w, int64_t index) {
    const int64_t group = index / w->blocks, block = index % w->blocks;
    const int32_t size = w->plan.size;
    _Alignas(64) char tiled[3 * TILED * sizeof(double)]; /* the last copy begins before TILED + width < 2 TILED */
    int64_t offset[3] = {0};
    const int64_t slope = locate_group(w, group, offset);
    act__plan plan = w->plan;
    for (int i = 0; i < 3; i++)
        plan.data[i] += offset[i] * size;
    double *sum = w->partial + index * 2 * w->period;
    item it = {w, (const char *)w->a->learnable[0].value + slope * size, NULL, sum, sum + w->period};
    memset(sum, 0, (size_t)(2 * w->period) * sizeof *sum);
    if (w->width > 1 && w->width < TILED) {
        for (int64_t at = 0; at < TILED + w->width; at += w->width)
            memcpy(tiled + at * size, it.slopes, (size_t)(w->width * size));
        it.tiled = tiled;
    }
    const int64_t begin = block * w->block, end = begin + w->block < w->length ? begin + w->block : w->length;
    act__run_sequence(&plan, begin, end, run_block, &it);
}

static void run_task(void *context, int64_t task) {
    const work *w = context;
    const int64_t items = w->groups * w->blocks;
    for (int64_t i = items * task / w->tasks; i < items * (task + 1) / w->tasks; i++)
        run_item(w, i);
}

/* sum and error of a grow by those of b. */
static void add_pair(double *sum, double *error, double other_sum, double other_error) {
    const double total = *sum + other_sum, part = total - *sum;
    if (isfinite(total)) /* else there is nothing to correct, and Inf - Inf would be NaN */
        *error += other_error + ((*sum - (total - part)) + (other_sum - part));
    *sum = total;
}

static void add_lanes(double *to, const double *from, int64_t n, int64_t period) {
    for (int64_t i = 0; i < n; i++)
        add_pair(&to[i], &to[period + i], from[i], from[period + i]);
}

/* All blocks of a group into its first, then the lanes of each slope into one, then into the gradients. */
static void finish_group(const work *w, int64_t group) {
    double *first = w->partial + group * w->blocks * 2 * w->period;
    for (int64_t step = 1; step < w->blocks; step *= 2)
        for (int64_t b = 0; b + step < w->blocks; b += 2 * step)
            add_lanes(first + b * 2 * w->period, first + (b + step) * 2 * w->period, w->period, w->period);
    for (int64_t half = w->lanes / 2; half > 0; half /= 2)
        add_lanes(first, first + half * w->width, half * w->width, w->period);
    int64_t unused[3] = {0};
    const int64_t slope = locate_group(w, group, unused);
    for (int64_t i = 0; i < w->width; i++) {
        const double error = first[w->period + i];
        act__learnable_add_gradient(&w->a->learnable[0], slope + i, isfinite(error) ? first[i] + error : first[i]);
    }
}

act_status act__slope_gradient(act_activation *a, const act__slope_call *call) {
    if (call->dy->count == 0)
        return ACT_OK;
    const int real = act__real_of(call->dy->dtype);
    const act__isa *isa = act__isa_in_use();
    work w = {.a = a, .call = call, .slopes = isa->slopes[real], .leaky = isa->elementwise[real][ACT_LEAKY_RELU]};
    set_up(&w);
    const size_t bytes = (size_t)(w.groups * w.blocks * 2 * w.period) * sizeof(double);
    w.partial = act__scratch_take(&a->scratch, bytes);
    if (!w.partial)
        return ACT_ERR_OUT_OF_MEMORY;
    w.tasks = act__tasks_for(call->dy->count, ACT__GRAIN);
    w.tasks = w.tasks < w.groups * w.blocks ? w.tasks : w.groups * w.blocks;
    const act_status status = w.tasks > 1 ? act__parallel(w.tasks, run_task, &w) : (run_task(&w, 0), ACT_OK);
    for (int64_t group = 0; group < w.groups && status == ACT_OK; group++)
        finish_group(&w, group);
    act__scratch_give(&a->scratch, w.partial);
    return status;
}
