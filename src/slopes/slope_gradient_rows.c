/*
 * PReLU's gradients in the order of memory, image by image: slope by slope, rows are too far apart to be fetched
 * ahead. Each record gets its terms in the order of slope_gradient.c, so that the sums have the same bits. Called by
 * slope_gradient.c; calls threads.c and the slope kernels.
 */
#include "slopes/slope_gradient_rows.h"

#include "least.h"
#include "threads.h"

#include <string.h>

/* Elements of one record, the first of which belongs to the lane. */
static void run_part(const act__gradient_rows *r, int64_t slope, double *record, int64_t lane, int64_t at,
                     int64_t n) {
    const char *x = r->x + at * r->size, *dy = r->dy + at * r->size, *value = r->slope + slope * r->size;
    char *dx = r->dx ? r->dx + at * r->size : NULL;
    double params[ACT__MAX_PARAMS] = {0};
    if (dx && lane == 0) {
        r->kernels->backward_sums(record, record + ACT__SUM_LANES, x, dy, dx, value, n);
        return;
    }
    r->kernels->sum_products(record, record + ACT__SUM_LANES, ACT__SUM_LANES, lane, x, dy, n);
    memcpy(params, value, (size_t)r->size);
    if (dx)
        r->leaky->backward_input(x, dy, dx, n, params);
}

/* A row may end one block and begin the next. */
static void run_row(const act__gradient_rows *r, int64_t image, int64_t slope) {
    const int64_t length = r->by.length, at = (image * r->by.slopes + slope) * length;
    for (int64_t i = 0, n; i < length; i += n) {
        const int64_t element = image * length + i, block = element / r->block;
        double *record = r->records + (slope * r->blocks + block) * 2 * ACT__SUM_LANES;
        n = act__least((block + 1) * r->block - element, length - i);
        run_part(r, slope, record, element % ACT__SUM_LANES, at + i, n);
    }
}

/* Slopes of its own, so that no two tasks have a record in common. */
static void run_task(void *context, int64_t task) {
    const act__gradient_rows *r = context;
    const int64_t slopes = r->by.slopes, images = r->by.rows / slopes, record = r->blocks * 2 * ACT__SUM_LANES;
    const int64_t begin = slopes * task / r->tasks, end = slopes * (task + 1) / r->tasks;
    memset(r->records + begin * record, 0, (size_t)((end - begin) * record) * sizeof *r->records);
    for (int64_t image = 0; image < images; image++)
        for (int64_t slope = begin; slope < end; slope++)
            run_row(r, image, slope);
}

act_status act__slope_gradient_rows(act__gradient_rows *rows) {
    if (rows->tasks > 1)
        return act__parallel(rows->tasks, run_task, rows);
    run_task(rows, 0);
    return ACT_OK;
}
