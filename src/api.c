/*
 * The doors to running: opens the caller's tensors as views and hands them to the family of the kind. Called by
 * users; calls view.c and the families.
 */
#include "activation.h"
#include "line.h"
#include "status.h"

act_status act_forward(const act_activation *a, const act_tensor *x, act_tensor *y, act_state *state) {
    act__view x_view, y_view;
    if (!state && act__line_forward(a, x, y))
        return ACT_OK;
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
    if (!state && !y && act__line_backward(a, x, dy, dx))
        return ACT_OK;
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
