/*
 * Rows of PReLU's and RReLU's elements. Called by the other files of src/slopes; calls the slope kernels.
 */
#include "slopes/slope_row.h"

#include "dispatch.h"
#include "types/mixed.h"

#include <string.h>

act__slope_values act__slope_values_of(act_dtype dtype) {
    const act__isa *isa = act__isa_in_use();
    const int real = act__real_of(dtype);
    return (act__slope_values){isa->slopes[real], isa->slopes[real]->forward_half[dtype], dtype,
                               act__dtype_size(real == ACT__REAL64 ? ACT_FLOAT64 : ACT_FLOAT32)};
}

act__slope_arithmetic act__slope_arithmetic_of(const act__view *const *views, int32_t exact) {
    const act__isa *isa = act__isa_in_use();
    const int real = exact ? ACT__REAL64 : act__real_of(views[0]->dtype);
    act__slope_arithmetic by = {.slopes = isa->slopes[real],
                                .convert = isa->convert[real],
                                .real_size = real == ACT__REAL64 ? sizeof(double) : sizeof(float)};
    for (int i = 0; i < 3; i++) {
        by.dtype[i] = views[i]->dtype;
        by.converts |= by.convert->widen[views[i]->dtype] != NULL;
    }
    return by;
}

void act__slope_values_run(const act__slope_values *values, const void *x, const void *slopes, int32_t shared,
                           void *y, int64_t n) {
    if (values->halves)
        values->halves(x, slopes, shared, y, n);
    else
        act__slope_row_run(&(act__slope_row){x, slopes, NULL, n, shared}, values->dtype, y);
}

void act__slope_row_run(const act__slope_row *row, act_dtype dtype, void *to) {
    const act__isa *isa = act__isa_in_use();
    const int real = act__real_of(dtype);
    const act__slope_kernels *slopes = isa->slopes[real];
    const act__kernels *leaky = isa->elementwise[real][ACT_LEAKY_RELU];
    double params[ACT__MAX_PARAMS] = {0};
    if (row->shared)
        memcpy(params, row->slopes, real == ACT__REAL64 ? sizeof(double) : sizeof(float));
    if (act__is_half(dtype))
        slopes->narrow[dtype](row->source, row->slopes, row->shared, row->dy, to, row->n);
    else if (row->shared && row->dy)
        leaky->backward_input(row->source, row->dy, to, row->n, params);
    else if (row->shared)
        leaky->forward(row->source, to, row->n, params);
    else if (row->dy)
        slopes->backward(row->source, row->slopes, row->dy, to, row->n);
    else
        slopes->forward(row->source, row->slopes, to, row->n);
}
