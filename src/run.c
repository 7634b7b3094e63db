/*
 * Walks the tiles of a plan, on this thread or split over several, and stages those operands of a tile that are not
 * contiguous. Called by the families, marks.c and parameter_gradients.c; calls stage.c, threads.c and, through the
 * block function, kernels.
 */
#include "run.h"

#include "kernels.h"
#include "least.h"
#include "stage.h"
#include "threads.h"

typedef struct walk {
    const act__plan *plan;
    char *const *data; /* of each operand */
    act__block_function *function;
    void *context;
    int64_t cols, rows;        /* of a tile */
    int64_t first, end;        /* columns */
    int64_t panels, per_panel; /* per_panel: tiles of every panel but the last, which may have fewer */
    int64_t tiles, tasks;
} walk;

/* Where a tile begins. */
typedef struct cursor {
    int64_t index[ACT_MAX_NDIM];
    char *data[ACT__MAX_OPERANDS];
} cursor;

static int64_t step_of(const walk *w, int32_t d) { return d == 0 ? w->cols : d == w->plan->tile_dim ? w->rows : 1; }

static int64_t start_of(const walk *w, int32_t d) { return d == 0 ? w->first : 0; }
static int64_t end_of(const walk *w, int32_t d) { return d == 0 ? w->end : w->plan->extent[d]; }

static int64_t steps_in(const walk *w, int32_t d) {
    const int64_t step = step_of(w, d);
    return (end_of(w, d) - start_of(w, d) + step - 1) / step;
}

static int64_t tiles_in(const walk *w) {
    int64_t tiles = 1;
    for (int32_t d = 0; d < w->plan->ndim; d++)
        tiles *= steps_in(w, d);
    return tiles;
}

static void cursor_set(cursor *c, const walk *w, int64_t tile) {
    const act__plan *plan = w->plan;
    for (int32_t i = 0; i < plan->operands; i++)
        c->data[i] = w->data[i];
    for (int32_t d = 0; d < plan->ndim; d++) {
        const int64_t steps = steps_in(w, d);
        c->index[d] = start_of(w, d) + tile % steps * step_of(w, d);
        tile /= steps;
        for (int32_t i = 0; i < plan->operands; i++)
            c->data[i] += c->index[d] * plan->stride[i][d];
    }
}

static void cursor_next(cursor *c, const walk *w) {
    const act__plan *plan = w->plan;
    for (int32_t d = 0; d < plan->ndim; d++) {
        const int64_t before = c->index[d], after = before + step_of(w, d);
        const int wraps = after >= end_of(w, d);
        const int64_t now = wraps ? start_of(w, d) : after;
        c->index[d] = now;
        for (int32_t i = 0; i < plan->operands; i++)
            c->data[i] += (now - before) * plan->stride[i][d];
        if (!wraps)
            return;
    }
}

/* The logical index of the cursor, and the logical distance between rows. */
static void locate(act__block *block, const cursor *c, const act__plan *plan) {
    int64_t position = 0, pitch = 1;
    for (int32_t d = 0; d < plan->ndim; d++) {
        position += c->index[d] * pitch;
        if (d == plan->tile_dim)
            block->pitch = pitch;
        pitch *= plan->extent[d];
    }
    block->position = position;
}

/* The same n elements of every operand, from the cursor on. */
static void run_where_it_lies(const walk *w, const cursor *c, int64_t position, int64_t n) {
    act__block block = {.rows = 1, .cols = n, .position = position, .pitch = n};
    for (int32_t i = 0; i < w->plan->operands; i++)
        block.data[i] = c->data[i];
    w->function(&block, w->context);
}

static int is_same(act__tile a, act__tile b) {
    return a.data == b.data && a.row_stride == b.row_stride && a.col_stride == b.col_stride;
}

static void run_tile(const walk *w, const cursor *c) {
    const act__plan *plan = w->plan;
    _Alignas(64) char buffer[ACT__MAX_OPERANDS][ACT__TILE_BYTES];
    act__tile outside[ACT__MAX_OPERANDS], inside[ACT__MAX_OPERANDS];
    act__block block;
    block.cols = act__least(w->cols, w->end - c->index[0]);
    locate(&block, c, plan);
    if (plan->unit && !plan->tile_dim) {
        run_where_it_lies(w, c, block.position, block.cols);
        return;
    }
    block.rows = plan->tile_dim ? act__least(w->rows, plan->extent[plan->tile_dim] - c->index[plan->tile_dim]) : 1;
    uint32_t staged = 0;
    for (int32_t i = 0; i < plan->operands; i++) {
        const int64_t row_stride = plan->tile_dim ? plan->stride[i][plan->tile_dim] : 0;
        outside[i] = (act__tile){c->data[i], row_stride, plan->stride[i][0]};
        inside[i] = (act__tile){buffer[i], block.cols * plan->size[i], plan->size[i]};
        const int output = plan->outputs >> i & 1;
        const int contiguous = (plan->uniform && i == 0) || (plan->stride[i][0] == plan->size[i] &&
                                                             (block.rows == 1 || row_stride == inside[i].row_stride));
        const int direct = contiguous && !(output && plan->stream);
        if (!output && i > 0 && is_same(outside[i], outside[i - 1]) && plan->size[i] == plan->size[i - 1]) {
            block.data[i] = block.data[i - 1]; /* dy, where a kind takes it for x: staged once */
            continue;
        }
        block.data[i] = direct ? c->data[i] : buffer[i];
        staged |= (uint32_t)!direct << i;
        if (!direct && !output)
            act__stage_copy(inside[i], outside[i], block.rows, block.cols, plan->size[i]);
    }
    w->function(&block, w->context);
    for (int32_t i = 0; i < plan->operands; i++)
        if (staged & plan->outputs & 1u << i)
            (plan->stream ? act__stage_stream : act__stage_copy)(outside[i], inside[i], block.rows, block.cols,
                                                                 plan->size[i]);
}

/* Elements begin to end - 1 of a plan that is one run for every operand. */
static void run_row(const walk *w, int64_t begin, int64_t end) {
    const act__plan *plan = w->plan;
    act__block block = {.rows = 1, .cols = end - begin, .position = begin, .pitch = end - begin};
    for (int32_t i = 0; i < plan->operands; i++)
        block.data[i] = w->data[i] + begin * plan->stride[i][0];
    w->function(&block, w->context);
}

/* Tiles begin to end - 1, panel by panel. */
static void run_tiles(const walk *w, int64_t begin, int64_t end) {
    for (int64_t tile = begin; tile < end;) {
        const int64_t panel = act__least(tile / w->per_panel, w->panels - 1);
        walk part = *w;
        part.first = panel * w->plan->panel;
        part.end = act__least(part.first + w->plan->panel, w->plan->extent[0]);
        const int64_t stop = panel == w->panels - 1 ? end : act__least(end, (panel + 1) * w->per_panel);
        cursor c;
        cursor_set(&c, &part, tile - panel * w->per_panel);
        for (; tile < stop; tile++) {
            run_tile(&part, &c);
            cursor_next(&c, &part);
        }
    }
}

static void run_task(void *context, int64_t task) {
    const walk *w = context;
    const int64_t begin = w->tiles * task / w->tasks, end = w->tiles * (task + 1) / w->tasks;
    if (w->plan->ndim == 1 && w->plan->unit)
        run_row(w, begin * w->cols, act__least(end * w->cols, w->plan->extent[0]));
    else
        run_tiles(w, begin, end);
    if (w->plan->stream)
        act__stage_fence();
}

/* The next elements of a sequence that lie in one row: at most a block, since some operand has to be staged. */
static void run_staged(const walk *w, const cursor *c, int64_t position, int64_t n) {
    const act__plan *plan = w->plan;
    _Alignas(64) char buffer[ACT__MAX_OPERANDS][ACT__BLOCK * sizeof(double)];
    act__block block = {.rows = 1, .cols = n, .position = position, .pitch = n};
    for (int32_t i = 0; i < plan->operands; i++) {
        const act__tile outside = {c->data[i], 0, plan->stride[i][0]}, inside = {buffer[i], 0, plan->size[i]};
        const int contiguous = plan->stride[i][0] == plan->size[i];
        block.data[i] = contiguous ? c->data[i] : buffer[i];
        if (!contiguous && !(plan->outputs >> i & 1))
            act__stage_copy(inside, outside, 1, n, plan->size[i]);
    }
    w->function(&block, w->context);
    for (int32_t i = 0; i < plan->operands; i++) {
        const act__tile outside = {c->data[i], 0, plan->stride[i][0]}, inside = {buffer[i], 0, plan->size[i]};
        if (plan->outputs >> i & 1 && block.data[i] == (void *)buffer[i])
            act__stage_copy(outside, inside, 1, n, plan->size[i]);
    }
}

void act__run_sequence(const act__plan *plan, char *const *data, int64_t begin, int64_t end,
                       act__block_function *function, void *context) {
    walk w = {.plan = plan,
              .data = data,
              .function = function,
              .context = context,
              .cols = 1,
              .rows = 1,
              .end = plan->extent[0]};
    cursor c;
    if (plan->ndim == 1 && plan->unit) {
        run_row(&w, begin, end);
        return;
    }
    cursor_set(&c, &w, begin);
    for (int64_t position = begin; position < end; position += w.cols) {
        w.cols = act__least(plan->extent[0] - c.index[0], end - position);
        if (plan->unit) {
            run_where_it_lies(&w, &c, position, w.cols);
        } else {
            w.cols = act__least(w.cols, ACT__BLOCK);
            run_staged(&w, &c, position, w.cols);
        }
        cursor_next(&c, &w);
    }
}

/* Parts that are large enough to be written past the cache are not made smaller. */
static int64_t tasks_for(const act__plan *plan) {
    const int64_t tasks = act__tasks_for(plan->count, ACT__GRAIN),
                  threads = act__threads_for(plan->count, ACT__GRAIN);
    const int64_t large = plan->count / (ACT__STREAM_BYTES / plan->size[plan->operands - 1]);
    return large >= threads ? act__least(tasks, large) : tasks;
}

act_status act__run(const act__plan *plan, act__block_function *function, void *context, int serial) {
    walk w = {.plan = plan,
              .data = plan->data,
              .function = function,
              .context = context,
              .cols = plan->cols,
              .rows = plan->rows,
              .tasks = 1};
    if (serial == ACT__MAY_SPLIT)
        w.tasks = tasks_for(plan);
    if (w.tasks == 1 && plan->ndim == 1 && plan->unit) {
        run_row(&w, 0, plan->extent[0]);
        return ACT_OK;
    }
    if (w.tasks > 1 && plan->ndim == 1 && plan->unit)
        w.cols = (plan->extent[0] / w.tasks / ACT__BLOCK + 1) * ACT__BLOCK;
    w.panels = (plan->extent[0] + plan->panel - 1) / plan->panel;
    w.end = act__least(plan->panel, plan->extent[0]);
    w.per_panel = tiles_in(&w);
    w.first = (w.panels - 1) * plan->panel;
    w.end = plan->extent[0];
    w.tiles = (w.panels - 1) * w.per_panel + tiles_in(&w);
    w.tasks = act__least(w.tasks, w.tiles);
    if (w.tasks > 1)
        return act__parallel(w.tasks, run_task, &w);
    run_task(&w, 0);
    return ACT_OK;
}
