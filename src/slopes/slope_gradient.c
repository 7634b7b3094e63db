/*
 * The gradient of PReLU's slopes, in the same bits for any layout and any number of threads, and dx on the way.
 *
 * The elements that belong to neighbouring slopes form a group: a sequence in logical order that cycles through
 * `width` slopes. Element u of it goes to lane u % period; lanes are added up over blocks of fixed length, then
 * blocks, then the lanes of a slope, each as a balanced binary tree. All of that follows from the shapes alone;
 * strides only say where an element lies. Called by prelu.c and line.c; calls run.c for the walk, or
 * slope_gradient_rows.c where elements lie in rows, the slope kernels and slope_row.c for the work and reduce.c for
 * the trees.
 */
#include "slopes/slope_gradient.h"

#include "least.h"
#include "reduce.h"
#include "run.h"
#include "slopes/slope_gradient_rows.h"
#include "slopes/slope_row.h"
#include "status.h"
#include "threads.h"
#include "types/mixed.h"

#include <string.h>

enum { LEAST_BLOCK = 16384, LEAST_ROWS = 64, TILED = ACT__BLOCK };

typedef struct dimension {
    int64_t extent, slope_stride;
    int64_t stride[3]; /* of source, dy, dx, in elements; of outer ones in bytes */
} dimension;

typedef struct work {
    act_activation *a;
    const act__slope_call *call;
    act__slope_arithmetic by;
    act__plan plan;                /* over one group, logical order */
    dimension outer[ACT_MAX_NDIM]; /* along which groups differ, innermost first */
    int32_t outer_count;
    int64_t groups, blocks;                      /* blocks: of a group */
    int64_t width, lanes, period, block, length; /* length: elements of a group */
    double *partial;                             /* groups * blocks * 2 * period: sums, then errors */
    int64_t tasks;
} work;

/* Where a group begins. */
typedef struct place {
    int64_t index[ACT_MAX_NDIM]; /* of the outer dimensions */
    int64_t slope;               /* the first of the group */
    char *data[3];
} place;

/* One item: a block of a group. */
typedef struct item {
    const work *w;
    const char *slopes; /* of the group, as they are stored */
    char *tiled;        /* the group's slopes over and over in the kernels' type, where the group is narrow */
    double *sum, *error;
    char *waiting[2]; /* x and dy of rows that are no whole periods, where the group has one slope */
    int64_t waits;    /* elements */
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
    w->outer_count = 0;
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
    for (int32_t d = 0; d < w->outer_count; d++) {
        w->groups *= w->outer[d].extent;
        for (int i = 0; i < 3; i++)
            w->outer[d].stride[i] *= w->plan.size[i];
    }
}

static void place_move(place *p, const dimension *outer, int32_t d, int64_t by) {
    p->index[d] += by;
    p->slope += by * outer[d].slope_stride;
    for (int i = 0; i < 3; i++)
        p->data[i] += by * outer[d].stride[i];
}

static void place_set(place *p, const work *w, int64_t group) {
    p->slope = 0;
    for (int i = 0; i < 3; i++)
        p->data[i] = w->plan.data[i];
    for (int32_t d = 0; d < w->outer_count; d++) {
        p->index[d] = 0;
        place_move(p, w->outer, d, group % w->outer[d].extent);
        group /= w->outer[d].extent;
    }
}

static void place_next(place *p, const work *w) {
    for (int32_t d = 0; d < w->outer_count; d++) {
        place_move(p, w->outer, d, 1);
        if (p->index[d] < w->outer[d].extent)
            return;
        place_move(p, w->outer, d, -w->outer[d].extent);
    }
}

/* One slope, or n that lie side by side, in the kernels' type. */
static const void *slopes_at(const item *it, int64_t position, int64_t n, void *buffer) {
    const work *w = it->w;
    const act_dtype dtype = w->a->learnable[0].dtype;
    const int64_t first = w->width > 1 ? position % w->width : 0;
    if (it->tiled)
        return it->tiled + first * w->by.real_size;
    return act__widened(w->by.convert, dtype, it->slopes + first * act__dtype_size(dtype), buffer,
                        w->width > 1 ? n : 1);
}

static void add_waiting(item *it) {
    const work *w = it->w;
    w->by.slopes->sum_products(it->sum, it->error, w->period, 0, it->waiting[0], it->waiting[1], it->waits);
    it->waits = 0;
}

/* Rows of one slope follow each other until they are whole periods, whose lanes lie as in memory. */
static void wait(item *it, const char *x, const char *dy, int64_t n) {
    const int64_t size = it->w->by.real_size;
    for (int64_t i = 0, count; i < n; i += count) {
        count = n - i < TILED - it->waits ? n - i : TILED - it->waits;
        memcpy(it->waiting[0] + it->waits * size, x + i * size, (size_t)(count * size));
        memcpy(it->waiting[1] + it->waits * size, dy + i * size, (size_t)(count * size));
        it->waits += count;
        if (it->waits == TILED)
            add_waiting(it);
    }
}

/* Whether the next elements have one slope and begin at lane 0, and so do those after them. */
static int in_step(const item *it, int64_t n) {
    return it->w->width == 1 && !it->waits && (n % ACT__SUM_LANES == 0 || n == it->w->length);
}

static void add_products(item *it, int64_t position, const void *x, const void *dy, int64_t n) {
    const work *w = it->w;
    if (w->width == 1 && !in_step(it, n))
        wait(it, x, dy, n);
    else
        w->by.slopes->sum_products(it->sum, it->error, w->period, position % w->period, x, dy, n);
}

/* From y, all in float64: x may be beyond float32. */
static void run_from_output(item *it, char *const *data, int64_t position, int64_t n) {
    const work *w = it->w;
    const act__slope_arithmetic *by = &w->by;
    _Alignas(64) double wide[5][TILED];
    const void *slopes = slopes_at(it, position, n, wide[0]);
    const void *y = act__widened(by->convert, by->dtype[0], data[0], wide[1], n);
    const void *dy = act__widened(by->convert, by->dtype[1], data[1], wide[2], n);
    by->slopes->recover(y, slopes, w->width == 1, wide[3], n);
    add_products(it, position, wide[3], dy, n);
    if (!data[2])
        return;
    void *dx = act__result_in(by->convert, by->dtype[2], data[2], wide[4]);
    act__slope_row_run(&(act__slope_row){y, slopes, dy, n, w->width == 1}, ACT_FLOAT64, dx);
    act__narrowed(by->convert, by->dtype[2], data[2], dx, n);
}

static void run_from_input(item *it, char *const *data, int64_t position, int64_t n) {
    const work *w = it->w;
    const act__slope_arithmetic *by = &w->by;
    _Alignas(64) char wide[3][TILED * sizeof(double)];
    const void *slopes = slopes_at(it, position, n, wide[0]);
    const void *x = act__widened(by->convert, by->dtype[0], data[0], wide[1], n);
    const void *dy = act__widened(by->convert, by->dtype[1], data[1], wide[2], n);
    if (data[2] && !act__is_half(by->dtype[2]) && w->period == ACT__SUM_LANES && in_step(it, n)) {
        by->slopes->backward_sums(it->sum, it->error, x, dy, data[2], slopes, n);
        return;
    }
    add_products(it, position, x, dy, n);
    if (data[2])
        act__slope_row_run(&(act__slope_row){x, slopes, dy, n, w->width == 1}, by->dtype[2], data[2]);
}

static void run_block(const act__block *b, void *context) {
    item *it = context;
    const work *w = it->w;
    const int32_t *size = w->plan.size;
    const int64_t most = w->width > 1 || w->by.converts || w->call->from_output ? TILED : b->cols;
    void (*run)(item *, char *const *, int64_t, int64_t) = w->call->from_output ? run_from_output : run_from_input;
    for (int64_t i = 0; i < b->cols;) {
        const int64_t position = b->position + i;
        int64_t n = act__least(b->cols - i, most);
        if (w->width > 1 && !it->tiled && n > w->width - position % w->width)
            n = w->width - position % w->width;
        char *const data[3] = {(char *)b->data[0] + i * size[0], (char *)b->data[1] + i * size[1],
                               w->call->dx ? (char *)b->data[2] + i * size[2] : NULL};
        run(it, data, position, n);
        i += n;
    }
}

/* The last copy begins before TILED + width < 2 TILED. */
enum { TILED_BYTES = 3 * TILED * sizeof(double) };

static char *tile_slopes(char *tiled, const item *it) {
    const work *w = it->w;
    _Alignas(64) char wide[TILED * sizeof(double)];
    const void *slopes = slopes_at(it, 0, w->width, wide);
    for (int64_t at = 0; at < TILED + w->width; at += w->width)
        memcpy(tiled + at * w->by.real_size, slopes, (size_t)(w->width * w->by.real_size));
    return tiled;
}

static void run_item(const work *w, const place *group, int64_t block, double *record) {
    _Alignas(64) char tiled[TILED_BYTES], waiting[2][TILED * sizeof(double)];
    item it = {.w = w,
               .slopes =
                   (const char *)w->a->learnable[0].value + group->slope * act__dtype_size(w->a->learnable[0].dtype),
               .sum = record,
               .error = record + w->period,
               .waiting = {waiting[0], waiting[1]}};
    memset(record, 0, (size_t)(2 * w->period) * sizeof *record);
    if (w->width > 1 && w->width < TILED)
        it.tiled = tile_slopes(tiled, &it);
    const int64_t begin = block * w->block, end = act__least(begin + w->block, w->length);
    act__run_sequence(&w->plan, group->data, begin, end, run_block, &it);
    if (it.waits)
        add_waiting(&it);
}

static void run_task(void *context, int64_t task) {
    const work *w = context;
    const int64_t items = w->groups * w->blocks, first = items * task / w->tasks;
    int64_t block = first % w->blocks;
    place group;
    place_set(&group, w, first / w->blocks);
    for (int64_t i = first; i < items * (task + 1) / w->tasks; i++) {
        run_item(w, &group, block, w->partial + i * 2 * w->period);
        if (++block == w->blocks) {
            block = 0;
            place_next(&group, w);
        }
    }
}

/* All blocks of a group into its first, then the lanes of each slope into one, then into the gradients. */
static void finish_groups(const work *w) {
    double *record = w->partial;
    place group;
    place_set(&group, w, 0);
    for (int64_t g = 0; g < w->groups; g++, record += w->blocks * 2 * w->period, place_next(&group, w)) {
        act__reduce_blocks(record, w->blocks, w->period);
        act__reduce_lanes(record, w->width, w->period);
        for (int64_t i = 0; i < w->width; i++)
            act__learnable_add_gradient(&w->a->learnable[0], group.slope + i,
                                        act__reduce_result(record, i, w->period));
    }
}

/* Whether all lies row by row, with one slope a row, and slopes enough for the tasks. */
static int lies_in_rows(act__slope_rows *rows, const work *w) {
    const act__slope_call *call = w->call;
    return !call->from_output && w->width == 1 && w->period == ACT__SUM_LANES && call->source->dense &&
           call->dy->dense && (!call->dx || call->dx->dense) &&
           act__slope_rows_of(rows, call->dy, call->slope_strides) && rows->one_each && rows->slopes >= w->tasks;
}

static act_status run_in_rows(const work *w, const act__slope_rows *rows) {
    const act__slope_call *call = w->call;
    act__gradient_rows in_rows = {.rows = *rows,
                                  .by = w->by,
                                  .data = {call->source->data, call->dy->data, call->dx ? call->dx->data : NULL},
                                  .size = {w->plan.size[0], w->plan.size[1], w->plan.size[2]},
                                  .slope = w->a->learnable[0].value,
                                  .block = w->block,
                                  .blocks = w->blocks,
                                  .records = w->partial,
                                  .tasks = w->tasks};
    return act__slope_gradient_rows(&in_rows);
}

static act_status run_in_groups(work *w) {
    w->tasks = act__least(w->tasks, w->groups * w->blocks);
    if (w->tasks > 1)
        return act__parallel(w->tasks, run_task, w);
    run_task(w, 0);
    return ACT_OK;
}

act_status act__slope_gradient(act_activation *a, const act__slope_call *call) {
    if (call->dy->count == 0)
        return ACT_OK;
    const act__view *const views[3] = {call->source, call->dy, call->dx ? call->dx : call->dy};
    work w;
    w.a = a;
    w.call = call;
    w.by = act__slope_arithmetic_of(views, call->from_output);
    set_up(&w);
    const size_t bytes = (size_t)(w.groups * w.blocks * 2 * w.period) * sizeof(double);
    w.partial = act__scratch_take(&a->scratch, bytes);
    if (!w.partial)
        return ACT_ERR_OUT_OF_MEMORY;
    act__slope_rows rows;
    w.tasks = act__tasks_for(call->dy->count, ACT__GRAIN);
    const act_status status = lies_in_rows(&rows, &w) ? run_in_rows(&w, &rows) : run_in_groups(&w);
    if (status == ACT_OK)
        finish_groups(&w);
    act__scratch_give(&a->scratch, w.partial);
    return status;
}

void act__slope_gradient_line(act_activation *a, const void *x, const void *dy, void *dx, int64_t n) {
    enum { MOST_BLOCKS = (ACT__GRAIN + LEAST_BLOCK - 1) / LEAST_BLOCK };
    act__learnable *l = &a->learnable[0];
    const act__slope_kernels *kernels = act__isa_in_use()->slopes[act__real_of(l->dtype)];
    const int64_t blocks = (n + LEAST_BLOCK - 1) / LEAST_BLOCK, size = act__dtype_size(l->dtype);
    double records[MOST_BLOCKS][2][ACT__SUM_LANES];
    memset(records, 0, (size_t)blocks * sizeof records[0]);
    for (int64_t b = 0; b < blocks; b++) {
        const int64_t first = b * LEAST_BLOCK, count = n - first < LEAST_BLOCK ? n - first : LEAST_BLOCK;
        kernels->backward_sums(records[b][0], records[b][1], (const char *)x + first * size,
                               (const char *)dy + first * size, (char *)dx + first * size, l->value, count);
    }
    act__reduce_blocks(records[0][0], blocks, ACT__SUM_LANES);
    act__reduce_lanes(records[0][0], 1, ACT__SUM_LANES);
    act__learnable_add_gradient(l, 0, act__reduce_result(records[0][0], 0, ACT__SUM_LANES));
}
