/*
 * PReLU's values where x and y are dense and of the slopes' type: with a slope for each row leaky_relu row by row;
 * where such rows are short, or a row of slopes is for all, the slope kernel, with slopes that are spread or repeated
 * first. Walking a plan would take longer than rows as short as images have. Called by prelu.c; calls stage.c,
 * threads.c and kernels.
 */
#include "slopes/slope_rows.h"

#include "dispatch.h"
#include "stage.h"
#include "threads.h"

#include <string.h>

/* REPEATED: slopes. SHORT: bytes of a row that are computed sooner than a kernel is called. */
enum { REPEATED = 512, SHORT = 128 };

typedef struct work {
    act__slope_rows by;
    const act__slope_kernels *slopes;
    const act__kernels *leaky;
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

static void run_one_each(const work *w, int64_t begin, int64_t end) {
    double params[ACT__MAX_PARAMS] = {0};
    const int64_t bytes = w->by.length * w->size;
    int64_t slope = begin % w->by.slopes;
    for (int64_t row = begin; row < end; row++) {
        memcpy(params, w->slope + slope * w->size, (size_t)w->size);
        w->leaky->forward(w->x + row * bytes, w->y + row * bytes, w->by.length, params);
        slope = slope + 1 < w->by.slopes ? slope + 1 : 0;
    }
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static void run_short(const work *w, int64_t begin, int64_t end) {
    _Alignas(64) char spread[REPEATED * sizeof(double)];
    const int64_t size = w->size, bytes = w->by.length * size;
    for (int64_t row = begin, rows; row < end; row += rows) {
        rows = least(REPEATED / w->by.length, end - row);
        for (int64_t done = 0, count; done < rows; done += count) {
            const int64_t slope = (row + done) % w->by.slopes;
            count = least(w->by.slopes - slope, rows - done);
            act__stage_copy((act__tile){spread + done * bytes, bytes, size},
                            (act__tile){w->slope + slope * size, size, 0}, count, w->by.length, (int32_t)size);
        }
        w->slopes->forward(w->x + row * bytes, spread, w->y + row * bytes, rows * w->by.length);
    }
}

/* How many rows of slopes fill what is worth a kernel's call. */
static int64_t rows_at_once(const work *w, int64_t rows) {
    return w->by.length <= REPEATED / 2 ? least(REPEATED / w->by.length, rows) : 1;
}

static void run_alike(const work *w, int64_t begin, int64_t end) {
    _Alignas(64) char repeated[REPEATED * sizeof(double)];
    const int64_t bytes = w->by.length * w->size, most = rows_at_once(w, end - begin);
    for (int64_t i = 0; most > 1 && i < most; i++)
        memcpy(repeated + i * bytes, w->slope, (size_t)bytes);
    for (int64_t row = begin, count; row < end; row += count) {
        count = least(most, end - row);
        w->slopes->forward(w->x + row * bytes, most > 1 ? repeated : w->slope, w->y + row * bytes,
                           count * w->by.length);
    }
}

static void run_task(void *context, int64_t task) {
    const work *w = context;
    const int64_t begin = w->by.rows * task / w->tasks, end = w->by.rows * (task + 1) / w->tasks;
    if (!w->by.one_each)
        run_alike(w, begin, end);
    else if (w->by.length * w->size < SHORT)
        run_short(w, begin, end);
    else
        run_one_each(w, begin, end);
}

act_status act__slope_rows_forward(const act__slope_rows *rows, const act__learnable *slopes, const void *x,
                                   void *y) {
    const act__isa *isa = act__isa_in_use();
    const int real = act__real_of(slopes->dtype);
    work w = {.by = *rows,
              .slopes = isa->slopes[real],
              .leaky = isa->elementwise[real][ACT_LEAKY_RELU],
              .slope = slopes->value,
              .x = x,
              .y = y,
              .size = act__dtype_size(slopes->dtype),
              .tasks = least(act__tasks_for(rows->rows * rows->length, ACT__GRAIN), rows->rows)};
    if (w.tasks > 1)
        return act__parallel(w.tasks, run_task, &w);
    run_task(&w, 0);
    return ACT_OK;
}
