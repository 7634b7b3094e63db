/*
 * PReLU's values where x and y are dense and of one type: with a slope for each row, row by row; where such rows are
 * short, or a row of slopes is for all, several rows at a time, their slopes side by side first. Walking a plan would
 * take longer than rows as short as images have. Called by prelu.c; calls slope_row.c, stage.c and threads.c.
 */
#include "slopes/slope_rows.h"

#include "least.h"
#include "slopes/slope_row.h"
#include "stage.h"
#include "threads.h"

/* MOST: slopes side by side. Rows of fewer bytes than SHORT are computed sooner with slopes side by side, those of
 * 16-bit elements, which take a call each, of fewer than SHORT_OF_HALVES. */
enum { MOST = 512, SHORT = 32, SHORT_OF_HALVES = 128 };

typedef struct work {
    act__slope_rows by;
    act__slope_values values;
    const char *x;
    char *slope, *y;
    int64_t size, tasks; /* size: bytes of an element */
} work;

int act__slope_rows_of(act__slope_rows *rows, const act__view *view, const int64_t *strides) {
    const act_tensor *t = view->tensor;
    int32_t d = t->ndim - 1;
    *rows = (act__slope_rows){.slopes = 1, .length = 1};
    for (; d >= 0 && !strides[d]; d--)
        rows->length *= t->shape[d];
    rows->one_each = rows->length > 1;
    for (; d >= 0 && strides[d] == rows->slopes; d--)
        rows->slopes *= t->shape[d];
    if (!rows->one_each)
        rows->length = rows->slopes;
    rows->rows = view->count / rows->length;
    for (; d >= 0; d--)
        if (strides[d])
            return 0;
    return view->dense && rows->slopes > 1 && (rows->one_each || rows->rows > 1); /* one row may be split */
}

static void run_rows(const work *w, int64_t row, int64_t rows, const char *slopes, int32_t shared) {
    const int64_t at = row * w->by.length * w->size;
    act__slope_values_run(&w->values, w->x + at, slopes, shared, w->y + at, rows * w->by.length);
}

/* Rows so long that leaky_relu writes them past the cache are left to it. */
static void run_one_each(const work *w, int64_t begin, int64_t end) {
    int64_t slope = begin % w->by.slopes;
    const int64_t bytes = w->by.length * w->size;
    if (!w->values.halves && bytes < ACT__STREAM_BYTES) {
        w->values.slopes->forward_rows(w->x + begin * bytes, w->slope, slope, w->by.slopes, w->y + begin * bytes,
                                       w->by.length, end - begin);
        return;
    }
    for (int64_t row = begin; row < end; row++) {
        run_rows(w, row, 1, w->slope + slope * w->values.slope_size, 1);
        slope = slope + 1 < w->by.slopes ? slope + 1 : 0;
    }
}

static void run_alike(const work *w, int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++)
        run_rows(w, row, 1, w->slope, 0);
}

/* The slopes of the elements of rows, side by side. */
static void spread(char *to, const work *w, int64_t row, int64_t rows) {
    const int32_t size = w->values.slope_size;
    const int64_t bytes = w->by.length * size;
    if (!w->by.one_each) {
        act__stage_copy((act__tile){to, bytes, size}, (act__tile){w->slope, 0, size}, rows, w->by.length, size);
        return;
    }
    for (int64_t done = 0, count; done < rows; done += count) {
        const int64_t slope = (row + done) % w->by.slopes;
        count = act__least(w->by.slopes - slope, rows - done);
        act__stage_copy((act__tile){to + done * bytes, bytes, size}, (act__tile){w->slope + slope * size, size, 0},
                        count, w->by.length, size);
    }
}

/* Several rows at a time; where their slopes come again after so many, they are spread once. */
static void run_several(const work *w, int64_t begin, int64_t end) {
    _Alignas(64) char slopes[MOST * sizeof(double)];
    const int64_t most = act__least(MOST / w->by.length, end - begin), cycle = w->by.one_each ? w->by.slopes : 1;
    const int64_t rows = most < cycle ? most : most - most % cycle;
    for (int64_t row = begin, count; row < end; row += count) {
        count = act__least(rows, end - row);
        if (row == begin || most < cycle)
            spread(slopes, w, row, count);
        run_rows(w, row, count, slopes, 0);
    }
}

static void run_task(void *context, int64_t task) {
    const work *w = context;
    const int64_t begin = w->by.rows * task / w->tasks, end = w->by.rows * (task + 1) / w->tasks;
    if (w->by.one_each && w->by.length * w->size >= (w->values.halves ? SHORT_OF_HALVES : SHORT))
        run_one_each(w, begin, end);
    else if (w->by.length > MOST)
        run_alike(w, begin, end);
    else
        run_several(w, begin, end);
}

act_status act__slope_rows_forward(const act__slope_rows *rows, const act__learnable *slopes, const act__view *x,
                                   const act__view *y) {
    work w = {.by = *rows,
              .values = act__slope_values_of(x->dtype),
              .slope = slopes->value,
              .x = x->data,
              .y = y->data,
              .size = x->size,
              .tasks = act__least(act__tasks_for(x->count, ACT__GRAIN), rows->rows)};
    if (w.tasks > 1)
        return act__parallel(w.tasks, run_task, &w);
    run_task(&w, 0);
    return ACT_OK;
}
