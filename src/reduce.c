/*
 * Adds partial sums up as binary trees that follow from their number alone. Called by parameter_gradients.c and
 * slopes/slope_gradient.c, whose kernels make the parts.
 */
#include "reduce.h"

#include "kernels.h"

#include <math.h>
#include <string.h>

static void add_pair(double *sum, double *error, double other_sum, double other_error) {
    const double total = *sum + other_sum, part = total - *sum;
    *error += other_error + ((*sum - (total - part)) + (other_sum - part));
    *sum = total;
}

/* Adding 1 to an exponent carries into the sign where the number is infinite or NaN. */
static uint64_t carry_of(double a) {
    uint64_t bits;
    memcpy(&bits, &a, sizeof bits);
    return (bits & 0x7ff0000000000000u) + 0x0010000000000000u;
}

static inline void add_lanes(double *restrict sum, double *restrict error, const double *restrict other_sum,
                             const double *restrict other_error, int64_t n) {
    uint64_t carries = 0;
    for (int64_t i = 0; i < n; i++)
        carries |= carry_of(sum[i] + other_sum[i]);
    if (carries >> 63 == 0)
        for (int64_t i = 0; i < n; i++)
            add_pair(&sum[i], &error[i], other_sum[i], other_error[i]);
    else
        for (int64_t i = 0; i < n; i++)
            if (isfinite(sum[i] + other_sum[i]))
                add_pair(&sum[i], &error[i], other_sum[i], other_error[i]);
            else /* there is nothing to correct, and Inf - Inf would be invalid */
                sum[i] += other_sum[i];
}

static inline void add_record(double *to, const double *from, int64_t n, int64_t lanes) {
    add_lanes(to, to + lanes, from, from + lanes, n);
}

void act__reduce_blocks(double *records, int64_t blocks, int64_t lanes) {
    for (int64_t step = 1; step < blocks; step *= 2)
        for (int64_t b = 0; b + step < blocks; b += 2 * step)
            add_record(records + b * 2 * lanes, records + (b + step) * 2 * lanes, lanes, lanes);
}

/* The lanes of one slope, in numbers that the compiler knows. */
static void add_halves(double *record) {
    _Static_assert(ACT__SUM_LANES == 16, "four steps");
    add_record(record, record + 8, 8, ACT__SUM_LANES);
    add_record(record, record + 4, 4, ACT__SUM_LANES);
    add_record(record, record + 2, 2, ACT__SUM_LANES);
    add_record(record, record + 1, 1, ACT__SUM_LANES);
}

void act__reduce_lanes(double *record, int64_t width, int64_t lanes) {
    if (width == 1 && lanes == ACT__SUM_LANES)
        add_halves(record);
    else
        for (int64_t half = lanes / 2; half >= width; half /= 2)
            add_record(record, record + half, half, lanes);
}

double act__reduce_result(const double *record, int64_t lane, int64_t lanes) {
    const double sum = record[lane], error = record[lanes + lane];
    return isfinite(error) ? sum + error : sum;
}
