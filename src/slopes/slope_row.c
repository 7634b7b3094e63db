/*
 * Rows of PReLU's and RReLU's elements. A product that one more or less unit of float32 could bring to another 16-bit
 * number is computed again in float64, where it is exact. Called by prelu.c, rrelu.c, slope_rows.c and
 * slope_gradient.c; calls the
 * slope and conversion kernels.
 */
#include "slopes/slope_row.h"

#include "dispatch.h"
#include "types/mixed.h"

#include <string.h>

act__slope_values act__slope_values_of(act_dtype dtype) {
    const act__isa *isa = act__isa_in_use();
    const int real = act__real_of(dtype);
    return (act__slope_values){isa->slopes[real], isa->elementwise[real][ACT_LEAKY_RELU],
                               isa->slopes[real]->forward_half[dtype],
                               act__dtype_size(real == ACT__REAL64 ? ACT_FLOAT64 : ACT_FLOAT32)};
}

act__slope_arithmetic act__slope_arithmetic_of(const act__view *const *views) {
    const act__isa *isa = act__isa_in_use();
    const int real = act__real_of(views[0]->dtype);
    return (act__slope_arithmetic){.slopes = isa->slopes[real],
                                   .leaky = isa->elementwise[real][ACT_LEAKY_RELU],
                                   .convert = isa->convert[real],
                                   .dtype = {views[0]->dtype, views[1]->dtype, views[2]->dtype},
                                   .real_size = real == ACT__REAL64 ? sizeof(double) : sizeof(float),
                                   .converts = act__any_half(views, 3)};
}

void act__slope_values_run(const act__slope_values *values, const void *x, const void *slopes, int32_t shared,
                           void *y, int64_t n) {
    double params[ACT__MAX_PARAMS] = {0};
    if (values->halves) {
        values->halves(x, slopes, shared, y, n);
    } else if (shared) {
        memcpy(params, slopes, (size_t)values->slope_size);
        values->leaky->forward(x, y, n, params);
    } else {
        values->slopes->forward(x, slopes, y, n);
    }
}

static void put_exactly(const act__isa *isa, const act__slope_row *row, act_dtype dtype, uint16_t *to, int64_t i) {
    const act__slope_kernels *exact = isa->slopes[ACT__REAL64];
    const double source = (double)((const float *)row->source)[i];
    const double slope = (double)((const float *)row->slopes)[row->shared ? 0 : i];
    double result;
    if (row->dy) {
        const double dy = (double)((const float *)row->dy)[i];
        exact->backward(&source, &slope, &dy, &result, 1);
    } else {
        exact->forward(&source, &slope, &result, 1);
    }
    isa->convert[ACT__REAL64]->narrow[dtype](&result, to + i, 1, 0);
}

void act__slope_row_put(const act__slope_row *row, act_dtype dtype, void *to) {
    uint16_t doubtful[ACT__SLOPE_ROW];
    const act__isa *isa = act__isa_in_use();
    const act__convert_kernels *convert = isa->convert[ACT__REAL32];
    if (dtype == ACT_FLOAT64 || !convert->narrow_sure[dtype])
        return;
    const int64_t count = convert->narrow_sure[dtype](row->result, NULL, to, row->n, 0, doubtful);
    for (int64_t i = 0; i < count; i++)
        put_exactly(isa, row, dtype, to, doubtful[i]);
}
