/*
 * CReLU: relu(x) and relu(-x) as the two halves of y along an axis. The halves are strided views of y, so that
 * nothing is copied. Called by api.c; calls the crelu kernels over a plan.
 */
#include "dispatch.h"
#include "run.h"
#include "state.h"
#include "status.h"
#include "validate.h"

#include <inttypes.h>

enum { AXIS };

/* The halves of y or dy, each of x's shape; points into itself. */
typedef struct halves {
    act_tensor tensor;
    int64_t strides[ACT_MAX_NDIM];
    act__view positive, negative;
} halves;

/* The axis as x counts, which may have none so far out. */
static int32_t axis_of(const act_activation *a, const act__view *x) {
    const int32_t axis = (int32_t)a->param[AXIS];
    return axis < 0 ? axis + x->tensor->ndim : axis;
}

/* y is like x but for twice its extent along the axis. */
static act_status check_double(const act_activation *a, const act__view *y, const act__view *x) {
    const act_tensor *s = y->tensor, *t = x->tensor;
    const int32_t axis = axis_of(a, x);
    ACT_CHECK(axis >= 0 && axis < t->ndim, ACT_ERR_SHAPE, "%s: rank is %d, but crelu's axis is %g", x->name, t->ndim,
              a->param[AXIS]);
    ACT_TRY(act__check_same_dtype(y, x));
    ACT_CHECK(s->ndim == t->ndim, ACT_ERR_SHAPE, "%s: rank is %d but %s has %d", y->name, s->ndim, x->name, t->ndim);
    for (int32_t d = 0; d < t->ndim; d++) {
        const int64_t most = INT64_MAX / 2, extent = t->shape[d];
        ACT_CHECK(d == axis ? extent <= most && s->shape[d] == 2 * extent : s->shape[d] == extent, ACT_ERR_SHAPE,
                  "%s: dimension %d is %" PRId64 ", expected %s %" PRId64 " of %s", y->name, d, s->shape[d],
                  d == axis ? "twice the" : "the", extent, x->name);
    }
    return ACT_OK;
}

static void halve(halves *h, const act_activation *a, const act__view *y, const act__view *x) {
    const int32_t axis = axis_of(a, x);
    act__view_strides(y, h->strides);
    h->tensor = *x->tensor;
    h->tensor.strides = h->strides;
    h->positive = h->negative = *y;
    h->positive.tensor = h->negative.tensor = &h->tensor;
    h->positive.count = h->negative.count = x->count;
    h->positive.dense = h->negative.dense = 0;
    h->negative.data += x->tensor->shape[axis] * h->strides[axis] * y->size;
}

static uint32_t needs(const act_activation *a) {
    (void)a;
    return ACT_NEEDS_INPUT | ACT_NEEDS_OUTPUT;
}

static void forward_block(const act__block *b, void *context) {
    const act__crelu_kernels *kernels = context;
    kernels->forward(b->data[0], b->data[1], b->data[2], b->rows * b->cols);
}

static act_status forward(const act_activation *a, const act__view *x, const act__view *y, act_state *state) {
    ACT_TRY(check_double(a, y, x));
    ACT_TRY(act__check_output(y));
    ACT_TRY(act__check_overlap(y, x, ACT__APART));
    ACT_TRY(act__state_begin(state, 0));
    if (x->count) {
        act__plan plan;
        halves h;
        act__crelu_kernels kernels = *act__isa_in_use()->crelu[act__real_of(x->dtype)];
        halve(&h, a, y, x);
        act__plan_make(&plan, (const act__view *const[]){x, &h.positive, &h.negative}, 3, 1u << 1 | 1u << 2, NULL,
                       ACT__ANY_ORDER);
        ACT_TRY(act__run(&plan, forward_block, &kernels, ACT__MAY_SPLIT));
    }
    act__state_seal(state, a, y);
    return ACT_OK;
}

static void backward_input_block(const act__block *b, void *context) {
    const act__crelu_kernels *kernels = context;
    kernels->backward_input(b->data[0], b->data[1], b->data[2], b->data[3], b->rows * b->cols);
}

static void backward_output_block(const act__block *b, void *context) {
    const act__crelu_kernels *kernels = context;
    kernels->backward_output(b->data[0], b->data[1], b->data[2], b->data[3], b->data[4], b->rows * b->cols);
}

static act_status check_backward(const act_activation *a, const act__gradient_call *call) {
    const act__view *dx = call->dx;
    ACT_CHECK(dx, ACT_ERR_INVALID_ARGUMENT, "dx is NULL, and crelu has no parameter gradients");
    ACT_TRY(check_double(a, call->dy, dx));
    ACT_TRY(act__check_output(dx));
    ACT_TRY(act__check_overlap(dx, call->dy, ACT__APART));
    if (call->x) {
        ACT_TRY(act__check_same_shape(call->x, dx));
        ACT_TRY(act__check_same_dtype(call->x, dx));
        ACT_TRY(act__check_overlap(dx, call->x, ACT__IN_PLACE));
    }
    if (call->y) {
        ACT_TRY(check_double(a, call->y, dx));
        ACT_TRY(act__check_overlap(dx, call->y, ACT__APART));
    }
    if (call->state)
        ACT_TRY(act__state_check(call->state, a, call->dy));
    ACT_CHECK(call->x || call->y, ACT_ERR_MISSING, "crelu needs one of: x, y");
    return ACT_OK;
}

static act_status backward(act_activation *a, const act__gradient_call *call) {
    ACT_TRY(check_backward(a, call));
    if (call->dx->count == 0)
        return ACT_OK;
    act__plan plan;
    halves y, dy;
    act__crelu_kernels kernels = *act__isa_in_use()->crelu[act__real_of(call->dx->dtype)];
    halve(&dy, a, call->dy, call->dx);
    if (call->x) {
        act__plan_make(&plan, (const act__view *const[]){call->x, &dy.positive, &dy.negative, call->dx}, 4, 1u << 3,
                       NULL, ACT__ANY_ORDER);
        return act__run(&plan, backward_input_block, &kernels, ACT__MAY_SPLIT);
    }
    halve(&y, a, call->y, call->dx);
    act__plan_make(&plan, (const act__view *const[]){&y.positive, &y.negative, &dy.positive, &dy.negative, call->dx},
                   5, 1u << 4, NULL, ACT__ANY_ORDER);
    return act__run(&plan, backward_output_block, &kernels, ACT__MAY_SPLIT);
}

/* An output is 0 for one half of all z and |z| for the other; of the two gradients of an input exactly one arrives.
 */
static double mean_square(const act_activation *a, act_gain_direction direction) {
    (void)a;
    return direction == ACT_GAIN_FORWARD ? 0.5 : 1;
}

const act__family act__crelu_family = {.needs = needs,
                                       .forward = forward,
                                       .backward = backward,
                                       .parameter_gradients = "it has no real parameters",
                                       .mean_square = mean_square};
