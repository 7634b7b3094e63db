/*
 * Flat calls: n contiguous elements. Most of them (apart or exactly in place, not large) go straight to the
 * kernel, which spares small calls more time than the kernel takes; whatever is unusual takes the way of the tensors,
 * which knows what to say of it. Called by users; calls api.c, types/mixed.c and kernels.
 */
#include "elementwise.h"
#include "status.h"
#include "threads.h"

#include <inttypes.h>

/* Whether n aligned elements from p on lie in the address space. */
static int lies_well(const void *p, int64_t bytes, int64_t size) {
    const uintptr_t at = (uintptr_t)p;
    return at != 0 && at % (uintptr_t)size == 0 && (uintptr_t)bytes <= UINTPTR_MAX - at;
}

static int apart_or_same(const void *p, const void *q, int64_t bytes) {
    const uintptr_t a = (uintptr_t)p, b = (uintptr_t)q;
    return a == b || (a > b ? a - b : b - a) >= (uintptr_t)bytes;
}

/* The parameters where the call is a plain one of an elementwise kind, else NULL. */
static const void *plain_params(const act_activation *a, act_dtype dtype, int64_t n) {
    if (!a || a->row->family != &act__elementwise_family || n <= 0 || n >= ACT__GRAIN || !act__dtype_size(dtype))
        return NULL;
    return dtype == ACT_FLOAT64 ? (const void *)a->param : a->fits32 ? a->param32 : NULL;
}

/* One function over plain 16-bit elements: inputs, then the output. */
static act_status run_halves(const act_activation *a, act__function function, act_dtype dtype,
                             const void *const *data, int64_t n) {
    const act_dtype same[ACT__CALL_OPERANDS] = {dtype, dtype, dtype};
    void *operands[ACT__CALL_OPERANDS];
    act__formula formula;
    act__call call;
    ACT_TRY(act__formula_of(&formula, a, dtype));
    act__call_set(&call, &formula, function, same);
    for (int32_t i = 0; i < act__operands_of(function); i++)
        operands[i] = (void *)(uintptr_t)data[i];
    act__call_run(&call, operands, n);
    return ACT_OK;
}

/* A view onto n contiguous elements. */
static act_status line(act_tensor *out, const void *data, act_dtype dtype, const int64_t *n) {
    ACT_CHECK(*n >= 0, ACT_ERR_SHAPE, "n is %" PRId64 ", expected 0 or more", *n);
    return act_tensor_init(out, (void *)(uintptr_t)data, dtype, 1, n, NULL);
}

act_status act_forward_1d(const act_activation *a, act_dtype dtype, const void *x, void *y, int64_t n) {
    const void *params = plain_params(a, dtype, n);
    const int64_t size = act__dtype_size(dtype), bytes = params ? n * size : 0;
    if (params && lies_well(x, bytes, size) && lies_well(y, bytes, size) && apart_or_same(x, y, bytes)) {
        if (act__is_half(dtype))
            return run_halves(a, ACT__RUN_FORWARD, dtype, (const void *const[]){x, y}, n);
        a->kernels[act__real_of(dtype)]->forward(x, y, n, params);
        return ACT_OK;
    }
    act_tensor x_tensor, y_tensor;
    ACT_TRY(line(&x_tensor, x, dtype, &n));
    ACT_TRY(line(&y_tensor, y, dtype, &n));
    return act_forward(a, &x_tensor, &y_tensor, NULL);
}

act_status act_backward_1d(act_activation *a, act_dtype dtype, const void *x, const void *dy, void *dx, int64_t n) {
    const void *params = plain_params(a, dtype, n);
    const int64_t size = act__dtype_size(dtype), bytes = params ? n * size : 0;
    if (params && lies_well(x, bytes, size) && lies_well(dy, bytes, size) && lies_well(dx, bytes, size) &&
        apart_or_same(x, dx, bytes) && apart_or_same(dy, dx, bytes)) {
        const void *source = a->row->flags & ACT__FROM_NOTHING ? dy : x;
        if (act__is_half(dtype))
            return run_halves(a, ACT__RUN_FROM_INPUT, dtype, (const void *const[]){source, dy, dx}, n);
        a->kernels[act__real_of(dtype)]->backward_input(source, dy, dx, n, params);
        return ACT_OK;
    }
    act_tensor x_tensor, dy_tensor, dx_tensor;
    ACT_TRY(line(&x_tensor, x, dtype, &n));
    ACT_TRY(line(&dy_tensor, dy, dtype, &n));
    ACT_TRY(line(&dx_tensor, dx, dtype, &n));
    return act_backward(a, &x_tensor, NULL, NULL, &dy_tensor, &dx_tensor);
}
