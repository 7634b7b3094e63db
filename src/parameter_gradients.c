/*
 * Gradients by the real parameters of an elementwise kind: for each the sum of dy df/dp over all elements, in the
 * same bits for any layout and any number of threads. Called by users; calls run.c for the walk, the kind's kernels
 * for the terms and reduce.c for the trees.
 *
 * Elements in logical order are cut into blocks of fixed length. Term u of a block goes to lane u % ACT__SUM_LANES of
 * its parameter; blocks, then lanes, are added up as balanced binary trees. Everything is double and carries what
 * each addition loses; narrower elements are widened as they are read.
 */
#include "elementwise.h"
#include "least.h"
#include "reduce.h"
#include "run.h"
#include "status.h"
#include "threads.h"
#include "validate.h"

#include <string.h>

enum { BLOCK = 16384, CHUNK = 512 };
_Static_assert(BLOCK % CHUNK == 0 && CHUNK % ACT__SUM_LANES == 0, "a chunk begins at lane 0");

typedef void widen_function(const void *from, void *to, int64_t n);

/* A tensor in logical order. */
typedef struct source {
    act__plan plan;
    widen_function *widen; /* NULL for float64 */
} source;

typedef struct work {
    source x, dy;
    act__formula formula;
    const act__slope_kernels *sums;
    int32_t param_count;
    int64_t count, blocks, lanes; /* elements; blocks; lanes of a record, ACT__SUM_LANES for each parameter */
    int64_t tasks;
    double *records; /* one a block */
} work;

typedef struct target {
    double *data;
    int64_t begin; /* logical index of data[0] */
    widen_function *widen;
} target;

static void widen_piece(const act__block *b, void *context) {
    const target *to = context;
    double *data = to->data + (b->position - to->begin);
    if (to->widen)
        to->widen(b->data[0], data, b->cols);
    else
        memcpy(data, b->data[0], (size_t)b->cols * sizeof *data);
}

static void read_chunk(double *data, const source *from, int64_t begin, int64_t end) {
    target to = {data, begin, from->widen};
    act__run_sequence(&from->plan, from->plan.data, begin, end, widen_piece, &to);
}

/* Elements begin to end - 1, at most a chunk, into sums and errors of each parameter. */
static void add_chunk(const work *w, int64_t begin, int64_t end, double (*sum)[ACT__SUM_LANES],
                      double (*error)[ACT__SUM_LANES]) {
    _Alignas(64) double x[CHUNK], dy[CHUNK], terms[CHUNK];
    read_chunk(x, &w->x, begin, end);
    read_chunk(dy, &w->dy, begin, end);
    for (int32_t i = 0; i < w->param_count; i++) {
        w->formula.kernels[ACT__REAL64]->parameter_terms(x, dy, terms, end - begin, w->formula.params[ACT__REAL64],
                                                         i);
        w->sums->sum_terms(sum[i], error[i], terms, end - begin);
    }
}

/* Lane l of parameter i is lane l * param_count + i of the record. */
static void run_block(const work *w, int64_t block) {
    double sum[ACT__MAX_PARAMS][ACT__SUM_LANES] = {{0}}, error[ACT__MAX_PARAMS][ACT__SUM_LANES] = {{0}};
    const int64_t end = act__least((block + 1) * BLOCK, w->count);
    for (int64_t at = block * BLOCK; at < end; at += CHUNK)
        add_chunk(w, at, act__least(at + CHUNK, end), sum, error);
    double *record = w->records + block * 2 * w->lanes;
    for (int32_t i = 0; i < w->param_count; i++) {
        for (int32_t lane = 0; lane < ACT__SUM_LANES; lane++) {
            record[lane * w->param_count + i] = sum[i][lane];
            record[w->lanes + lane * w->param_count + i] = error[i][lane];
        }
    }
}

static void run_task(void *context, int64_t task) {
    const work *w = context;
    for (int64_t b = w->blocks * task / w->tasks; b < w->blocks * (task + 1) / w->tasks; b++)
        run_block(w, b);
}

static void open_source(source *s, const act__view *view) {
    s->widen = act__isa_in_use()->convert[ACT__REAL64]->widen[view->dtype];
    act__plan_make(&s->plan, &view, 1, 0, NULL, ACT__LOGICAL_ORDER);
}

static act_status add_up(double *out, work *w, act__scratch *scratch) {
    w->blocks = (w->count + BLOCK - 1) / BLOCK;
    w->lanes = (int64_t)ACT__SUM_LANES * w->param_count;
    w->records = act__scratch_take(scratch, (size_t)(w->blocks * 2 * w->lanes) * sizeof(double));
    if (!w->records)
        return ACT_ERR_OUT_OF_MEMORY;
    w->tasks = act__least(act__tasks_for(w->count, ACT__GRAIN), w->blocks);
    const act_status status = w->tasks > 1 ? act__parallel(w->tasks, run_task, w) : (run_task(w, 0), ACT_OK);
    if (status == ACT_OK) {
        act__reduce_blocks(w->records, w->blocks, w->lanes);
        act__reduce_lanes(w->records, w->param_count, w->lanes);
        for (int32_t i = 0; i < w->param_count; i++)
            out[i] = act__reduce_result(w->records, i, w->lanes);
    }
    act__scratch_give(scratch, w->records);
    return status;
}

act_status act_parameter_gradients(double *out, const act_activation *a, const act_tensor *x, const act_tensor *dy) {
    act__view x_view, dy_view;
    ACT_CHECK(a, ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    ACT_CHECK(!a->row->family->parameter_gradients, ACT_ERR_UNSUPPORTED, "a: %s: %s", a->row->name,
              a->row->family->parameter_gradients);
    ACT_CHECK(out || a->row->param_count == 0, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    ACT_TRY(act__view_open(&x_view, x, "x"));
    ACT_TRY(act__view_open(&dy_view, dy, "dy"));
    ACT_TRY(act__check_same_shape(&x_view, &dy_view));
    ACT_TRY(act__check_mixable(&x_view, &dy_view));
    work w = {.param_count = a->row->param_count, .count = x_view.count};
    ACT_TRY(act__formula_of(&w.formula, a, x_view.dtype));
    if (w.param_count == 0)
        return ACT_OK;
    if (w.count == 0) {
        memset(out, 0, (size_t)w.param_count * sizeof *out);
        return ACT_OK;
    }
    w.sums = act__isa_in_use()->slopes[ACT__REAL64];
    open_source(&w.x, &x_view);
    open_source(&w.dy, &dy_view);
    return add_up(out, &w, (act__scratch *)(uintptr_t)&a->scratch); /* which many threads may share */
}
