/*
 * PReLU's gradients in the order of memory, image by image: slope by slope, rows are too far apart to be fetched
 * ahead. Each record gets its terms in the order of slope_gradient.c, so that the sums have the same bits. Called by
 * slope_gradient.c; calls threads.c, slope_row.c and the slope kernels.
 */
#include "slopes/slope_gradient_rows.h"

#include "least.h"
#include "plan.h"
#include "threads.h"
#include "types/mixed.h"

#include <string.h>

/* Elements of one record, the first of which belongs to the lane. data: source, dy, dx or NULL. */
static void run_part(const act__slope_arithmetic *by, double *record, int64_t lane, const void *slope,
                     char *const *data, int64_t n) {
    _Alignas(64) float wide[2][ACT__BLOCK];
    double *error = record + ACT__SUM_LANES;
    const void *x = act__widened(by->convert, by->dtype[0], data[0], wide[0], n);
    const void *dy = act__widened(by->convert, by->dtype[1], data[1], wide[1], n);
    if (data[2] && lane == 0 && !act__is_half(by->dtype[2])) {
        by->slopes->backward_sums(record, error, x, dy, data[2], slope, n);
        return;
    }
    by->slopes->sum_products(record, error, ACT__SUM_LANES, lane, x, dy, n);
    if (data[2])
        act__slope_row_run(&(act__slope_row){x, slope, dy, n, 1}, by->dtype[2], data[2]);
}

/* A row may end one block and begin the next. */
static void run_row(const act__gradient_rows *r, int64_t image, int64_t slope) {
    const act__slope_arithmetic *by = &r->by;
    const int64_t length = r->rows.length, at = (image * r->rows.slopes + slope) * length;
    const char *value = r->slope + slope * by->real_size;
    for (int64_t i = 0, n; i < length; i += n) {
        const int64_t element = image * length + i, block = element / r->block, lane = element % ACT__SUM_LANES;
        double *record = r->records + (slope * r->blocks + block) * 2 * ACT__SUM_LANES;
        char *data[3];
        for (int k = 0; k < 3; k++)
            data[k] = r->data[k] ? r->data[k] + (at + i) * r->size[k] : NULL;
        n = act__least((block + 1) * r->block - element, length - i);
        n = by->converts ? act__least(n, ACT__BLOCK) : n;
        run_part(by, record, lane, value, data, n);
    }
}

/* Slopes of its own, so that no two tasks have a record in common. */
static void run_task(void *context, int64_t task) {
    const act__gradient_rows *r = context;
    const int64_t slopes = r->rows.slopes, images = r->rows.rows / slopes, record = r->blocks * 2 * ACT__SUM_LANES;
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
