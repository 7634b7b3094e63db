/*
 * CReLU: relu(x) and relu(-x) as the two halves of y along an axis. The halves are strided views of y, so that
 * nothing is copied. Called by api.c; calls the crelu kernels over a plan.
 */
#include "run.h"
#include "state.h"
#include "status.h"
#include "types/mixed.h"
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
    ACT_TRY(act__check_mixable(y, x));
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

enum { INPUTS = 4, OUTPUTS = 2 };

/* One of the kernels over a plan: its inputs, then its outputs. */
typedef struct work {
    const act__crelu_kernels *kernels;
    const act__convert_kernels *convert;
    int32_t inputs, outputs;
    act_dtype dtype[INPUTS + 1];
} work;

static void run_kernel(const work *w, const void *const *in, void *const *out, int64_t n) {
    if (w->outputs == 2)
        w->kernels->forward(in[0], out[0], out[1], n);
    else if (w->inputs == 3)
        w->kernels->backward_input(in[0], in[1], in[2], out[0], n);
    else
        w->kernels->backward_output(in[0], in[1], in[2], in[3], out[0], n);
}

/* At most a block of elements, those of 16-bit types through float32: nothing is rounded but by a narrower output. */
static void run_part(const work *w, char *const *data, int64_t n) {
    _Alignas(64) float wide[INPUTS + 1][ACT__BLOCK];
    const void *in[INPUTS] = {NULL};
    void *out[OUTPUTS] = {NULL};
    const act_dtype *dtype = w->dtype + w->inputs;
    for (int32_t i = 0; i < w->inputs; i++)
        in[i] = act__widened(w->convert, w->dtype[i], data[i], wide[i], n);
    for (int32_t i = 0; i < w->outputs; i++)
        out[i] = act__result_in(w->convert, dtype[i], data[w->inputs + i], wide[w->inputs + i]);
    run_kernel(w, in, out, n);
    for (int32_t i = 0; i < w->outputs; i++)
        act__narrowed(w->convert, dtype[i], data[w->inputs + i], out[i], n);
}

static void run_block(const act__block *b, void *context) {
    const work *w = context;
    const int64_t count = b->rows * b->cols;
    for (int64_t at = 0; at < count; at += ACT__BLOCK) {
        char *data[INPUTS + 1] = {NULL};
        for (int32_t i = 0; i < w->inputs + w->outputs; i++)
            data[i] = (char *)b->data[i] + at * act__dtype_size(w->dtype[i]);
        run_part(w, data, count - at < ACT__BLOCK ? count - at : ACT__BLOCK);
    }
}

static act_status run(const act__view *const *views, int32_t inputs, int32_t outputs) {
    const int real = act__real_of(views[0]->dtype);
    const act__isa *isa = act__isa_in_use();
    work w = {isa->crelu[real], isa->convert[real], inputs, outputs, {0}};
    act__plan plan;
    for (int32_t i = 0; i < inputs + outputs; i++)
        w.dtype[i] = views[i]->dtype;
    act__plan_make(&plan, views, inputs + outputs, (outputs == 2 ? 3u : 1u) << inputs, NULL, ACT__ANY_ORDER);
    return act__run(&plan, run_block, &w, ACT__MAY_SPLIT);
}

static act_status forward(const act_activation *a, const act__view *x, const act__view *y, act_state *state) {
    ACT_TRY(check_double(a, y, x));
    ACT_TRY(act__check_output(y));
    ACT_TRY(act__check_overlap(y, x, ACT__APART));
    ACT_TRY(act__state_begin(state, 0));
    if (x->count) {
        halves h;
        halve(&h, a, y, x);
        ACT_TRY(run((const act__view *const[]){x, &h.positive, &h.negative}, 1, 2));
    }
    act__state_seal(state, a, y);
    return ACT_OK;
}

static act_status check_backward(const act_activation *a, const act__gradient_call *call) {
    const act__view *dx = call->dx;
    ACT_CHECK(dx, ACT_ERR_INVALID_ARGUMENT, "dx is NULL, and crelu has no parameter gradients");
    ACT_TRY(check_double(a, call->dy, dx));
    ACT_TRY(act__check_output(dx));
    ACT_TRY(act__check_overlap(dx, call->dy, ACT__APART));
    if (call->x) {
        ACT_TRY(act__check_same_shape(call->x, dx));
        ACT_TRY(act__check_mixable(call->x, dx));
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
    halves y, dy;
    halve(&dy, a, call->dy, call->dx);
    if (call->x)
        return run((const act__view *const[]){call->x, &dy.positive, &dy.negative, call->dx}, 3, 1);
    halve(&y, a, call->y, call->dx);
    return run((const act__view *const[]){&y.positive, &y.negative, &dy.positive, &dy.negative, call->dx}, 4, 1);
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
