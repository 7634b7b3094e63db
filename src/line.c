/*
 * Flat calls: n contiguous elements. Most of them (apart or exactly in place, not large) go straight to the
 * kernel, which spares small calls more time than the kernel takes; whatever is unusual takes the way of the tensors,
 * which knows what to say of it. Small dense tensors of one type are lines, too. PReLU with one slope for all is
 * leaky_relu. Called by users and api.c; calls api.c, types/mixed.c, slope_gradient.c and kernels.
 */
#include "line.h"

#include "elementwise.h"
#include "slopes/slope_gradient.h"
#include "status.h"
#include "threads.h"

#include <inttypes.h>
#include <string.h>

/* Whether elements from p on, of a size that is a power of two, are aligned and lie in the address space. */
static int lies_well(const void *p, int64_t bytes, int64_t size) {
    const uintptr_t at = (uintptr_t)p;
    return at != 0 && (at & (uintptr_t)(size - 1)) == 0 && (uintptr_t)bytes <= UINTPTR_MAX - at;
}

static int apart(const void *p, int64_t bytes, const void *q, int64_t q_bytes) {
    const uintptr_t a = (uintptr_t)p, b = (uintptr_t)q;
    return a > b ? a - b >= (uintptr_t)q_bytes : b - a >= (uintptr_t)bytes;
}

static int apart_or_same(const void *p, const void *q, int64_t bytes) { return p == q || apart(p, bytes, q, bytes); }

/* Whether memory is none of what is learned. */
static int apart_from_learned(const act_activation *a, const void *p, int64_t bytes) {
    const act__learnable *l = &a->learnable[0];
    const int64_t size = act__dtype_size(l->dtype);
    return apart(p, bytes, l->value, size) && apart(p, bytes, l->gradient, size);
}

/* Whether one kernel with parameters is all: elementwise kinds, which learn nothing, and PReLU with one slope. */
static inline int is_plain(const act_activation *a) {
    return a && a->kernels[0] && (!a->learnable_count || (a->learnable[0].count == 1 && !a->prelu.has_axis));
}

/* As parameters, where it has the type that elements are computed in. */
static const void *only_slope(const act_activation *a, act_dtype dtype, double *room) {
    const act__learnable *l = &a->learnable[0];
    if (act__real_of(l->dtype) != act__real_of(dtype))
        return NULL;
    memset(room, 0, ACT__MAX_PARAMS * sizeof *room);
    return memcpy(room, l->value, (size_t)act__dtype_size(l->dtype));
}

/* The parameters where the call is a plain one, else NULL. */
static inline const void *plain_params(const act_activation *a, act_dtype dtype, int64_t n, double *room) {
    if (!is_plain(a) || n <= 0 || n >= ACT__GRAIN || !act__dtype_size(dtype))
        return NULL;
    if (a->learnable_count)
        return only_slope(a, dtype, room);
    return dtype == ACT_FLOAT64 ? (const void *)a->param : a->fits32 ? a->param32 : NULL;
}

/* One function over plain 16-bit elements: inputs, then the output. */
static void run_halves(const act_activation *a, act__function function, act_dtype dtype, const void *first,
                       const void *second, void *third, int64_t n) {
    void *const data[] = {(void *)(uintptr_t)first, (void *)(uintptr_t)second, third};
    act__call_run(&act__half_calls_of(a, dtype)->call[function], data, n);
}

/* A view onto n contiguous elements. */
static act_status line(act_tensor *out, const void *data, act_dtype dtype, const int64_t *n) {
    ACT_CHECK(*n >= 0, ACT_ERR_SHAPE, "n is %" PRId64 ", expected 0 or more", *n);
    return act_tensor_init(out, (void *)(uintptr_t)data, dtype, 1, n, NULL);
}

static inline __attribute__((always_inline)) int forward(const act_activation *a, act_dtype dtype, const void *x,
                                                         void *y, int64_t n) {
    double room[ACT__MAX_PARAMS];
    const void *params = plain_params(a, dtype, n, room);
    const int64_t size = act__dtype_size(dtype), bytes = params ? n * size : 0;
    if (!params || !lies_well(x, bytes, size) || !lies_well(y, bytes, size) || !apart_or_same(x, y, bytes))
        return 0;
    if (a->learnable_count && !apart_from_learned(a, y, bytes))
        return 0;
    if (act__is_half(dtype) && a->learnable_count)
        act__isa_in_use()->slopes[ACT__REAL32]->forward_half[dtype](x, params, 1, y, n);
    else if (act__is_half(dtype))
        run_halves(a, ACT__RUN_FORWARD, dtype, x, y, NULL, n);
    else
        a->kernels[act__real_of(dtype)]->forward(x, y, n, params);
    return 1;
}

/* Of memory that is well for an elementwise kind, elements and slope of one type. */
static int backward_learned(act_activation *a, const void *x, const void *dy, void *dx, int64_t n, int64_t size) {
    const void *gradient = a->learnable[0].gradient;
    if (!apart_from_learned(a, dx, n * size) || !apart(x, n * size, gradient, size) ||
        !apart(dy, n * size, gradient, size))
        return 0;
    act__slope_gradient_line(a, x, dy, dx, n);
    return 1;
}

static inline __attribute__((always_inline)) int backward(act_activation *a, act_dtype dtype, const void *x,
                                                          const void *dy, void *dx, int64_t n) {
    double room[ACT__MAX_PARAMS];
    const void *params = plain_params(a, dtype, n, room);
    const int64_t size = act__dtype_size(dtype), bytes = params ? n * size : 0;
    if (!params || !lies_well(x, bytes, size) || !lies_well(dy, bytes, size) || !lies_well(dx, bytes, size) ||
        !apart_or_same(x, dx, bytes) || !apart_or_same(dy, dx, bytes))
        return 0;
    if (a->learnable_count)
        return !act__is_half(dtype) && backward_learned(a, x, dy, dx, n, size);
    const void *source = a->row->flags & ACT__FROM_NOTHING ? dy : x;
    if (act__is_half(dtype))
        run_halves(a, ACT__RUN_FROM_INPUT, dtype, source, dy, dx, n);
    else
        a->kernels[act__real_of(dtype)]->backward_input(source, dy, dx, n, params);
    return 1;
}

/* Apart from the plain calls, whose registers its tensors would take. */
static __attribute__((noinline)) act_status forward_tensors(const act_activation *a, act_dtype dtype, const void *x,
                                                            void *y, int64_t n) {
    act_tensor x_tensor, y_tensor;
    ACT_TRY(line(&x_tensor, x, dtype, &n));
    ACT_TRY(line(&y_tensor, y, dtype, &n));
    return act_forward(a, &x_tensor, &y_tensor, NULL);
}

act_status act_forward_1d(const act_activation *a, act_dtype dtype, const void *x, void *y, int64_t n) {
    return forward(a, dtype, x, y, n) ? ACT_OK : forward_tensors(a, dtype, x, y, n);
}

static __attribute__((noinline)) act_status backward_tensors(act_activation *a, act_dtype dtype, const void *x,
                                                             const void *dy, void *dx, int64_t n) {
    act_tensor x_tensor, dy_tensor, dx_tensor;
    ACT_TRY(line(&x_tensor, x, dtype, &n));
    ACT_TRY(line(&dy_tensor, dy, dtype, &n));
    ACT_TRY(line(&dx_tensor, dx, dtype, &n));
    return act_backward(a, &x_tensor, NULL, NULL, &dy_tensor, &dx_tensor);
}

act_status act_backward_1d(act_activation *a, act_dtype dtype, const void *x, const void *dy, void *dx, int64_t n) {
    return backward(a, dtype, x, dy, dx, n) ? ACT_OK : backward_tensors(a, dtype, x, dy, dx, n);
}

/* The elements of few in plain memory, row-major without gaps; else 0. */
static int64_t plain_count(const act_tensor *t) {
    int64_t n = 1;
    if (!t || t->device_type != ACT__DEVICE_CPU || t->byte_offset || t->ndim < 0 || t->ndim > ACT_MAX_NDIM ||
        (!t->shape && t->ndim))
        return 0;
    for (int32_t d = t->ndim - 1; d >= 0; d--) {
        const int64_t extent = t->shape[d];
        if (extent < 1 || extent >= ACT__GRAIN || n >= ACT__GRAIN ||
            (t->strides && extent != 1 && t->strides[d] != n))
            return 0;
        n *= extent;
    }
    return n;
}

/* Of tensors of which one is plain: whether the other has its type and shape, and is as plain. */
static int alike(const act_tensor *t, const act_tensor *other) {
    if (!other || other->device_type != ACT__DEVICE_CPU || other->byte_offset || other->ndim != t->ndim ||
        other->dtype_code != t->dtype_code || other->dtype_bits != t->dtype_bits ||
        other->dtype_lanes != t->dtype_lanes || (!other->shape && t->ndim))
        return 0;
    int64_t n = 1;
    for (int32_t d = t->ndim - 1; d >= 0; d--) {
        const int64_t extent = t->shape[d];
        if (other->shape[d] != extent || (other->strides && extent != 1 && other->strides[d] != n))
            return 0;
        n *= extent;
    }
    return 1;
}

int act__line_forward(const act_activation *a, const act_tensor *x, const act_tensor *y) {
    const int64_t n = is_plain(a) ? plain_count(x) : 0;
    return n && alike(x, y) && forward(a, act__dtype_of(x), x->data, y->data, n);
}

int act__line_backward(act_activation *a, const act_tensor *x, const act_tensor *dy, const act_tensor *dx) {
    const int64_t n = is_plain(a) ? plain_count(x) : 0;
    return n && alike(x, dy) && alike(x, dx) && backward(a, act__dtype_of(x), x->data, dy->data, dx->data, n);
}
