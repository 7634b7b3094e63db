/*
 * The gradient of PReLU's slopes, in the same bits for any layout and any number of threads, and dx on the way.
 *
 * The elements that belong to neighbouring slopes form a group: a sequence in logical order that cycles through
 * `width` slopes. Element u of it goes to lane u % period; lanes are added up over blocks of fixed length, then
 * blocks, then the lanes of a slope, each as a balanced binary tree. All of that follows from the shapes alone;
 * strides only say where an element lies. Called by prelu.c; calls run.c for the walk, the slope kernels for
 * the work and reduce.c for the trees.
 */
#include "slopes/slope_gradient.h"

#include "reduce.h"
#include "run.h"
#include "status.h"
#include "threads.h"
#include "types/mixed.h"

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
    const act__convert_kernels *convert; /* to the kernels' type and back */
    act_dtype slope_dtype, dtype[3];     /* of source, dy, dx */
    int32_t real_size;
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
    const char *slopes; /* of the group, as they are stored */
    char *tiled;        /* the group's slopes over and over in the kernels' type, where the group is narrow */
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

/* One slope, or n that lie side by side, in the kernels' type. */
static const void *slopes_at(const item *it, int64_t position, int64_t n, void *buffer) {
    const work *w = it->w;
    const int64_t first = position % w->width;
    if (it->tiled)
        return it->tiled + first * w->real_size;
    return act__widened(w->convert, w->slope_dtype, it->slopes + first * act__dtype_size(w->slope_dtype), buffer,
                        w->width > 1 ? n : 1);
}

/* Up to TILED elements of which the slopes are one, or lie side by side. */
static void run_slopes(const item *it, char *const *data, int64_t position, int64_t n) {
    const work *w = it->w;
    _Alignas(64) char wide[5][TILED * sizeof(double)];
    const void *slopes = slopes_at(it, position, n, wide[0]);
    const void *source = act__widened(w->convert, w->dtype[0], data[0], wide[1], n);
    const void *dy = act__widened(w->convert, w->dtype[1], data[1], wide[2], n);
    const void *x = source;
    if (w->call->from_output)
        x = recover_input(wide[3], source, slopes, w->width > 1, n, w->real_size);
    w->slopes->sum_products(it->sum, it->error, w->period, position % w->period, x, dy, n);
    if (!w->call->dx)
        return;
    void *dx = act__result_in(w->convert, w->dtype[2], data[2], wide[4]);
    if (w->width > 1) {
        w->slopes->backward(source, slopes, dy, dx, n);
    } else {
        double params[ACT__MAX_PARAMS] = {0};
        memcpy(params, slopes, (size_t)w->real_size);
        w->leaky->backward_input(source, dy, dx, n, params);
    }
    act__narrowed(w->convert, w->dtype[2], data[2], dx, n);
}

static void run_block(const act__block *b, void *context) {
    const item *it = context;
    const work *w = it->w;
    const int32_t *size = w->plan.size;
    for (int64_t i = 0; i < b->cols;) {
        const int64_t position = b->position + i;
        int64_t n = b->cols - i < TILED ? b->cols - i : TILED;
        if (w->width > 1 && !it->tiled && n > w->width - position % w->width)
            n = w->width - position % w->width;
        char *const data[3] = {(char *)b->data[0] + i * size[0], (char *)b->data[1] + i * size[1],
                               w->call->dx ? (char *)b->data[2] + i * size[2] : NULL};
        run_slopes(it, data, position, n);
        i += n;
    }
}

/* The last copy begins before TILED + width < 2 TILED. */
enum { TILED_BYTES = 3 * TILED * sizeof(double) };

static char *tile_slopes(char *tiled, const item *it) {
    const work *w = it->w;
    _Alignas(64) char wide[TILED * sizeof(double)];
    const void *slopes = act__widened(w->convert, w->slope_dtype, it->slopes, wide, w->width);
    for (int64_t at = 0; at < TILED + w->width; at += w->width)
        memcpy(tiled + at * w->real_size, slopes, (size_t)(w->width * w->real_size));
    return tiled;
}

static void run_item(const work *w, int64_t index) {
    const int64_t group = index / w->blocks, block = index % w->blocks;
    _Alignas(64) char tiled[TILED_BYTES];
    int64_t offset[3] = {0};
    const int64_t slope = locate_group(w, group, offset);
    act__plan plan = w->plan;
    for (int i = 0; i < 3; i++)
        plan.data[i] += offset[i] * plan.size[i];
    double *sum = w->partial + index * 2 * w->period;
    const char *slopes = (const char *)w->a->learnable[0].value + slope * act__dtype_size(w->slope_dtype);
    item it = {w, slopes, NULL, sum, sum + w->period};
    memset(sum, 0, (size_t)(2 * w->period) * sizeof *sum);
    if (w->width > 1 && w->width < TILED)
        it.tiled = tile_slopes(tiled, &it);
    const int64_t begin = block * w->block, end = begin + w->block < w->length ? begin + w->block : w->length;
    act__run_sequence(&plan, begin, end, run_block, &it);
}

static void run_task(void *context, int64_t task) {
    const work *w = context;
    const int64_t items = w->groups * w->blocks;
    for (int64_t i = items * task / w->tasks; i < items * (task + 1) / w->tasks; i++)
        run_item(w, i);
}

/* All blocks of a group into its first, then the lanes of each slope into one, then into the gradients. */
static void finish_group(const work *w, int64_t group) {
    double *first = w->partial + group * w->blocks * 2 * w->period;
    act__reduce_blocks(first, w->blocks, w->period);
    act__reduce_lanes(first, w->width, w->period);
    int64_t unused[3] = {0};
    const int64_t slope = locate_group(w, group, unused);
    for (int64_t i = 0; i < w->width; i++)
        act__learnable_add_gradient(&w->a->learnable[0], slope + i, act__reduce_result(first, i, w->period));
}

act_status act__slope_gradient(act_activation *a, const act__slope_call *call) {
    if (call->dy->count == 0)
        return ACT_OK;
    const act__view *const views[3] = {call->source, call->dy, call->dx ? call->dx : call->dy};
    const int real = act__any_half(views, 3) ? ACT__REAL64 : act__real_of(call->dy->dtype);
    const act__isa *isa = act__isa_in_use();
    work w = {.a = a,
              .call = call,
              .slopes = isa->slopes[real],
              .leaky = isa->elementwise[real][ACT_LEAKY_RELU],
              .convert = isa->convert[real],
              .slope_dtype = a->learnable[0].dtype,
              .dtype = {views[0]->dtype, views[1]->dtype, views[2]->dtype},
              .real_size = real == ACT__REAL64 ? sizeof(double) : sizeof(float)};
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
