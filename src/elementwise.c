/*
 * The family of elementwise kinds: checks a call's tensors, chooses what backward reads, and runs the kind's kernels
 * over a plan. Called by api.c; calls validate.c, plan.c, run.c.
 */
#include "elementwise.h"

#include "marks.h"
#include "run.h"
#include "state.h"
#include "status.h"
#include "threads.h"
#include "validate.h"

#include <stdio.h>

act_status act__check_forward(const act__view *x, const act__view *y) {
    ACT_TRY(act__check_same_shape(y, x));
    ACT_TRY(act__check_same_dtype(y, x));
    ACT_TRY(act__check_output(y));
    return act__check_overlap(y, x, ACT__IN_PLACE);
}

static act_status check_source(const act__view *source, const act__gradient_call *call) {
    if (!source)
        return ACT_OK;
    ACT_TRY(act__check_same_shape(source, call->dy));
    ACT_TRY(act__check_same_dtype(source, call->dy));
    return call->dx ? act__check_overlap(call->dx, source, ACT__IN_PLACE) : ACT_OK;
}

act_status act__check_backward(const act__gradient_call *call) {
    if (call->dx) {
        ACT_TRY(act__check_same_shape(call->dx, call->dy));
        ACT_TRY(act__check_same_dtype(call->dx, call->dy));
        ACT_TRY(act__check_output(call->dx));
        ACT_TRY(act__check_overlap(call->dx, call->dy, ACT__IN_PLACE));
    }
    ACT_TRY(check_source(call->x, call));
    return check_source(call->y, call);
}

typedef struct forward_context {
    const act__kernels *kernels;
    const void *params;
} forward_context;

static void forward_block(const act__block *b, void *context) {
    const forward_context *c = context;
    c->kernels->forward(b->data[0], b->data[1], b->rows * b->cols, c->params);
}

act_status act__elementwise_forward(const act__kernels *kernels, const void *params, const act__view *x,
                                    const act__view *y) {
    if (x->dense && y->dense && x->count < ACT__GRAIN) { /* one thread, one run: a plan would only take time */
        kernels->forward(x->data, y->data, x->count, params);
        return ACT_OK;
    }
    act__plan plan;
    forward_context context = {kernels, params};
    act__plan_make(&plan, (const act__view *const[]){x, y}, 2, 1u << 1, NULL, ACT__ANY_ORDER);
    return act__run(&plan, forward_block, &context, ACT__MAY_SPLIT);
}

typedef struct backward_context {
    act__gradient_function *gradient;
    const void *params;
} backward_context;

static void backward_block(const act__block *b, void *context) {
    const backward_context *c = context;
    c->gradient(b->data[0], b->data[1], b->data[2], b->rows * b->cols, c->params);
}

act_status act__elementwise_backward(act__gradient_function *gradient, const void *params, const act__view *source,
                                     const act__view *dy, const act__view *dx) {
    if (source->dense && dy->dense && dx->dense && dy->count < ACT__GRAIN) {
        gradient(source->data, dy->data, dx->data, dy->count, params);
        return ACT_OK;
    }
    act__plan plan;
    backward_context context = {gradient, params};
    act__plan_make(&plan, (const act__view *const[]){source, dy, dx}, 3, 1u << 2, NULL, ACT__ANY_ORDER);
    return act__run(&plan, backward_block, &context, ACT__MAY_SPLIT);
}

static int output_serves(const act_activation *a) {
    const uint32_t flags = a->row->flags;
    return flags & ACT__FROM_OUTPUT || (flags & ACT__FROM_OUTPUT_IF_NONNEGATIVE && a->param[0] >= 0) ||
           (flags & ACT__FROM_OUTPUT_IF_POSITIVE && a->param[0] > 0) ||
           (flags & ACT__FROM_OUTPUT_IF_RISING && a->param[0] < a->param[1]) ||
           (flags & ACT__FROM_OUTPUT_IF_NOT_RISING && a->param[0] >= a->param[1]);
}

static uint32_t needs(const act_activation *a) {
    if (a->row->flags & ACT__FROM_NOTHING)
        return 0;
    uint32_t flags = ACT_NEEDS_INPUT;
    if (output_serves(a))
        flags |= ACT_NEEDS_OUTPUT;
    if (a->row->flags & ACT__FROM_BITS)
        flags |= ACT_NEEDS_STATE;
    return flags;
}

static act_status forward(const act_activation *a, const act__view *x, const act__view *y, act_state *state) {
    const act__kernels *kernels = a->kernels[act__real_of(x->dtype)];
    const void *params = NULL;
    ACT_TRY(act__check_forward(x, y));
    ACT_TRY(act__activation_params(&params, a, x->dtype));
    if (state && a->row->flags & ACT__FROM_BITS) {
        ACT_TRY(act__marks_forward(kernels, params, x, y, state));
    } else {
        ACT_TRY(act__state_begin(state, 0));
        ACT_TRY(act__elementwise_forward(kernels, params, x, y));
    }
    act__state_seal(state, a, y);
    return ACT_OK;
}

enum {
    OUTPUT_IF_FIRST = ACT__FROM_OUTPUT_IF_NONNEGATIVE | ACT__FROM_OUTPUT_IF_POSITIVE,
    OUTPUT_IF_BOTH = ACT__FROM_OUTPUT_IF_RISING | ACT__FROM_OUTPUT_IF_NOT_RISING,
    TEXT_SIZE = 96
};

/* The kind, with those of its parameters that decide whether y serves. */
static const char *decided_by(char *text, const act_activation *a) {
    const act__kind_row *row = a->row;
    if (row->flags & OUTPUT_IF_FIRST)
        snprintf(text, TEXT_SIZE, "%s with %s %g", row->name, row->param[0].name, a->param[0]);
    else if (row->flags & OUTPUT_IF_BOTH)
        snprintf(text, TEXT_SIZE, "%s with %s %g and %s %g", row->name, row->param[0].name, a->param[0],
                 row->param[1].name, a->param[1]);
    else
        snprintf(text, TEXT_SIZE, "%s", row->name);
    return text;
}

/* Why what the caller kept does not give this gradient. */
static act_status missing(const act_activation *a, const act__gradient_call *call) {
    char text[TEXT_SIZE];
    if (call->state && call->state->nans_lost && a->row->flags & ACT__FROM_BITS)
        return act__fail(ACT_ERR_STATE, "state could not keep where x is NaN for want of memory: give x%s too",
                         output_serves(a) ? " or y" : "");
    if (call->y && !output_serves(a))
        return act__fail(ACT_ERR_MISSING, "%s cannot take its gradient from y: give x%s", decided_by(text, a),
                         a->row->flags & ACT__FROM_BITS ? " or the state" : "");
    return act__fail(ACT_ERR_MISSING, "%s needs one of: x%s%s", a->row->name, output_serves(a) ? ", y" : "",
                     a->row->flags & ACT__FROM_BITS ? ", the state of its forward" : "");
}

static act_status backward(act_activation *a, const act__gradient_call *call) {
    const act__kernels *kernels = a->kernels[act__real_of(call->dy->dtype)];
    const uint32_t flags = a->row->flags;
    const void *params = NULL;
    ACT_CHECK(call->dx, ACT_ERR_INVALID_ARGUMENT, "dx is NULL, and %s has no parameter gradients", a->row->name);
    ACT_TRY(act__check_backward(call));
    ACT_TRY(act__activation_params(&params, a, call->dy->dtype));
    if (call->state)
        ACT_TRY(act__state_check(call->state, a, call->dy));
    if (flags & ACT__FROM_NOTHING)
        return act__elementwise_backward(kernels->backward_input, params, call->dy, call->dy, call->dx);
    if (call->state && flags & ACT__FROM_BITS && !call->state->nans_lost)
        return act__marks_backward(kernels, params, call->state, call->dy, call->dx);
    if (call->x)
        return act__elementwise_backward(kernels->backward_input, params, call->x, call->dy, call->dx);
    if (call->y && output_serves(a))
        return act__elementwise_backward(kernels->backward_output, params, call->y, call->dy, call->dx);
    return missing(a, call);
}

const act__family act__elementwise_family = {
    .needs = needs, .forward = forward, .backward = backward, .mean_square = act__elementwise_mean_square};
