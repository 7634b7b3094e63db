/*
 * The doors to running: opens the caller's tensors as views and hands them to the family of the kind. Called by
 * users; calls view.c and the families.
 */
#include "activation.h"
#include "status.h"

#include <inttypes.h>

act_status act_forward(const act_activation *a, const act_tensor *x, act_tensor *y, act_state *state) {
    act__view x_view, y_view;
    ACT_CHECK(a, ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    ACT_TRY(act__view_open(&x_view, x, "x"));
    ACT_TRY(act__view_open(&y_view, y, "y"));
    return a->row->family->forward(a, &x_view, &y_view, state);
}

/* NULL stays NULL: what the caller did not keep. */
static act_status open_optional(const act__view **out, act__view *view, const act_tensor *t, const char *name) {
    *out = NULL;
    if (!t)
        return ACT_OK;
    ACT_TRY(act__view_open(view, t, name));
    *out = view;
    return ACT_OK;
}

act_status act_backward(act_activation *a, const act_tensor *x, const act_tensor *y, const act_state *state,
                        const act_tensor *dy, act_tensor *dx) {
    act__view views[4];
    act__gradient_call call = {.state = state};
    ACT_CHECK(a, ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    ACT_CHECK(dx || a->learnable_count, ACT_ERR_INVALID_ARGUMENT,
              "dx is NULL, and %s has no parameter gradients to compute", a->row->name);
    ACT_TRY(open_optional(&call.x, &views[0], x, "x"));
    ACT_TRY(open_optional(&call.y, &views[1], y, "y"));
    ACT_TRY(act__view_open(&views[2], dy, "dy"));
    ACT_TRY(open_optional(&call.dx, &views[3], dx, "dx"));
    call.dy = &views[2];
    return a->row->family->backward(a, &call);
}

uint32_t act_backward_needs(const act_activation *a) { return a ? a->row->family->needs(a) : 0; }

/* A view onto n contiguous elements. */
static act_status line(act_tensor *out, const void *data, act_dtype dtype, const int64_t *n) {
    ACT_CHECK(*n >= 0, ACT_ERR_SHAPE, "n is %" PRId64 ", expected 0 or more", *n);
    return act_tensor_init(out, (void *)(uintptr_t)data, dtype, 1, n, NULL);
}

act_status act_forward_1d(const act_activation *a, act_dtype dtype, const void *x, void *y, int64_t n) {
    act_tensor x_tensor, y_tensor;
    ACT_TRY(line(&x_tensor, x, dtype, &n));
    ACT_TRY(line(&y_tensor, y, dtype, &n));
    return act_forward(a, &x_tensor, &y_tensor, NULL);
}

act_status act_backward_1d(act_activation *a, act_dtype dtype, const void *x, const void *dy, void *dx, int64_t n) {
    act_tensor x_tensor, dy_tensor, dx_tensor;
    ACT_TRY(line(&x_tensor, x, dtype, &n));
    ACT_TRY(line(&dy_tensor, dy, dtype, &n));
    ACT_TRY(line(&dx_tensor, dx, dtype, &n));
    return act_backward(a, &x_tensor, NULL, NULL, &dy_tensor, &dx_tensor);
}
