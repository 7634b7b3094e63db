/*
 * Adds partial sums up as binary trees that follow from their number alone. Called by parameter_gradients.c and
 * slopes/slope_gradient.c, whose kernels make the parts.
 */
#include "reduce.h"

#include <math.h>

static void add_pair(double *sum, double *error, double other_sum, double other_error) {
    const double total = *sum + other_sum, part = total - *sum;
    if (isfinite(total)) /* else there is nothing to correct, and Inf - Inf would be NaN */
        *error += other_error + ((*sum - (total - part)) + (other_sum - part));
    *sum = total;
}

static void add_lanes(double *to, const double *from, int64_t n, int64_t lanes) {
    for (int64_t i = 0; i < n; i++)
        add_pair(&to[i], &to[lanes + i], from[i], from[lanes + i]);
}

void act__reduce_blocks(double *records, int64_t blocks, int64_t lanes) {
    for (int64_t step = 1; step < blocks; step *= 2)
        for (int64_t b = 0; b + step < blocks; b += 2 * step)
            add_lanes(records + b * 2 * lanes, records + (b + step) * 2 * lanes, lanes, lanes);
}

void act__reduce_lanes(double *record, int64_t width, int64_t lanes) {
    for (int64_t half = lanes / 2; half >= width; half /= 2)
        add_lanes(record, record + half, half, lanes);
}

double act__reduce_result(const double *record, int64_t lane, int64_t lanes) {
    const double sum = record[lane], error = record[lanes + lane];
    return isfinite(error) ? sum + error : sum;
}
