/*
 * RReLU: leaky_relu whose slopes are drawn anew each step in training, and their mean in evaluation. Nothing is
 * stored an element: the slope of an element follows from seed, step and logical index, so that backward draws it
 * again. Called by api.c; calls slope_row.c over a plan in logical order, and elementwise.c in
 * evaluation.
 */
#include "elementwise.h"
#include "run.h"
#include "slopes/one_slope.h"
#include "slopes/slope_row.h"
#include "state.h"
#include "status.h"

#include <math.h>

enum { LOWER, UPPER };

static act_status check(const act_activation *a, const double *param) {
    (void)a;
    ACT_CHECK(isfinite(param[UPPER] - param[LOWER]), ACT_ERR_INVALID_ARGUMENT,
              "rrelu: upper - lower overflows for %g and %g", param[UPPER], param[LOWER]);
    return ACT_OK;
}

act_status act_rrelu_create(act_activation **out, double lower, double upper, uint64_t seed) {
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    ACT_CHECK(isfinite(lower), ACT_ERR_INVALID_ARGUMENT, "lower is %g, expected a finite value", lower);
    ACT_CHECK(isfinite(upper), ACT_ERR_INVALID_ARGUMENT, "upper is %g, expected a finite value", upper);
    const double param[ACT__MAX_PARAMS] = {lower, upper, (double)seed};
    ACT_TRY(act__params_check(act__kind_row_of(ACT_RRELU), NULL, param));
    act_activation *a = act__activation_new(ACT_RRELU);
    if (!a)
        return ACT_ERR_OUT_OF_MEMORY;
    act__activation_assign(a, param);
    a->seed = seed;
    *out = a;
    return ACT_OK;
}

static uint32_t needs(const act_activation *a) {
    (void)a;
    return ACT_NEEDS_INPUT | ACT_NEEDS_STATE | ACT_NEEDS_ALL;
}

static double mean_slope(const act_activation *a) { return a->param[LOWER] / 2 + a->param[UPPER] / 2; }

typedef struct context {
    const act__slope_kernels *kernels;
    act__slope_values values; /* where all types are one */
    const act__convert_kernels *convert;
    const act__draw *draw;
    uint64_t offset;
    act_dtype dtype[3];
} context;

static context context_for(const act_state *state, const act__view *const *views, int32_t count) {
    const act__isa *isa = act__isa_in_use();
    const int real = act__real_of(views[0]->dtype);
    context c = {.kernels = isa->slopes[real],
                 .values = act__slope_values_of(views[0]->dtype),
                 .convert = isa->convert[real],
                 .draw = &state->draw,
                 .offset = state->draw_offset};
    for (int32_t i = 0; i < count; i++)
        c.dtype[i] = views[i]->dtype;
    return c;
}

/* Rows of a tile, at most a block of elements at a time, with the slopes drawn for them. */
typedef void row_function(const context *c, char *const *data, const void *slopes, int64_t n);

static void each_row(const act__block *b, const context *c, int operands, row_function *function) {
    _Alignas(64) char slopes[ACT__BLOCK * sizeof(double)];
    for (int64_t row = 0; row < b->rows; row++) {
        for (int64_t col = 0; col < b->cols; col += ACT__BLOCK) {
            const int64_t n = b->cols - col < ACT__BLOCK ? b->cols - col : ACT__BLOCK;
            const int64_t index = b->position + row * b->pitch + col;
            char *data[ACT__MAX_OPERANDS];
            for (int i = 0; i < operands; i++)
                data[i] = (char *)b->data[i] + (row * b->cols + col) * act__dtype_size(c->dtype[i]);
            c->kernels->draw(c->draw, c->offset + (uint64_t)index, slopes, n);
            function(c, data, slopes, n);
        }
    }
}

static void forward_row(const context *c, char *const *data, const void *slopes, int64_t n) {
    _Alignas(64) float wide[ACT__BLOCK];
    if (c->dtype[0] == c->dtype[1]) {
        act__slope_values_run(&c->values, data[0], slopes, 0, data[1], n);
        return;
    }
    const void *x = act__widened(c->convert, c->dtype[0], data[0], wide, n);
    act__slope_row_run(&(act__slope_row){x, slopes, NULL, n, 0}, c->dtype[1], data[1]);
}

static void backward_row(const context *c, char *const *data, const void *slopes, int64_t n) {
    _Alignas(64) float wide[2][ACT__BLOCK];
    const void *source = act__widened(c->convert, c->dtype[0], data[0], wide[0], n);
    const void *dy = act__widened(c->convert, c->dtype[1], data[1], wide[1], n);
    act__slope_row_run(&(act__slope_row){source, slopes, dy, n, 0}, c->dtype[2], data[2]);
}

static void forward_block(const act__block *b, void *c) { each_row(b, c, 2, forward_row); }
static void backward_block(const act__block *b, void *c) { each_row(b, c, 3, backward_row); }

static act_status check_finite(const act_activation *a, act_dtype dtype) {
    const void *params = NULL;
    ACT_TRY(act__activation_params(&params, a, dtype));
    ACT_CHECK(dtype == ACT_FLOAT64 || isfinite((float)(a->param[UPPER] - a->param[LOWER])), ACT_ERR_UNSUPPORTED,
              "rrelu: upper - lower is not finite in float32");
    return ACT_OK;
}

static act_status train(const act_activation *a, const act__view *x, const act__view *y, act_state *state) {
    ACT_TRY(act__state_begin(state, 0));
    state->draw =
        (act__draw){a->seed, state->step, a->param[LOWER], a->param[UPPER] - a->param[LOWER], a->param[UPPER]};
    state->draw_offset = state->offset;
    if (x->count) {
        const act__view *const views[] = {x, y};
        context c = context_for(state, views, 2);
        act__plan plan;
        act__plan_make(&plan, views, 2, 1u << 1, NULL, ACT__LOGICAL_ORDER);
        ACT_TRY(act__run(&plan, forward_block, &c, ACT__MAY_SPLIT));
    }
    act__state_seal(state, a, y);
    return ACT_OK;
}

static act_status forward(const act_activation *a, const act__view *x, const act__view *y, act_state *state) {
    ACT_TRY(act__check_forward(x, y));
    ACT_TRY(check_finite(a, x->dtype));
    if (state)
        return train(a, x, y, state);
    act__one_slope one;
    const act__formula formula = act__one_slope_formula(&one, mean_slope(a), x->dtype);
    return act__elementwise_run(&formula, ACT__RUN_FORWARD, (const act__view *const[]){x, y});
}

static act_status backward(act_activation *a, const act__gradient_call *call) {
    ACT_CHECK(call->dx, ACT_ERR_INVALID_ARGUMENT, "dx is NULL, and rrelu has no parameter gradients");
    ACT_TRY(act__check_backward(call));
    ACT_TRY(check_finite(a, call->dy->dtype));
    if (call->state)
        ACT_TRY(act__state_check(call->state, a, call->dy));
    const double least = call->state ? call->state->draw.lower : mean_slope(a);
    const act__view *source = call->x ? call->x : call->y;
    ACT_CHECK(source, ACT_ERR_MISSING, "rrelu needs x, and in training the state of its forward");
    ACT_CHECK(call->x || least >= 0, ACT_ERR_MISSING,
              "rrelu with a slope of %g cannot take its gradient from y: give x", least);
    const act__view *const views[] = {source, call->dy, call->dx};
    if (!call->state) {
        act__one_slope one;
        const act__formula formula = act__one_slope_formula(&one, mean_slope(a), call->dy->dtype);
        return act__elementwise_run(&formula, ACT__RUN_FROM_INPUT, views);
    }
    if (call->dy->count == 0)
        return ACT_OK;
    act__plan plan;
    context c = context_for(call->state, views, 3);
    act__plan_make(&plan, views, 3, 1u << 2, NULL, ACT__LOGICAL_ORDER);
    return act__run(&plan, backward_block, &c, ACT__MAY_SPLIT);
}

/* In training: (1 + E slope^2) / 2 for slopes uniform between the bounds, either way. */
static double mean_square(const act_activation *a, act_gain_direction direction) {
    (void)direction;
    const double l = a->param[LOWER], u = a->param[UPPER];
    return (1 + (l * l + l * u + u * u) / 3) / 2;
}

const act__family act__rrelu_family = {
    .check = check,
    .needs = needs,
    .forward = forward,
    .backward = backward,
    .parameter_gradients = "its slopes are drawn and not learned; leaky_relu has the gradient by a slope for all",
    .mean_square = mean_square};
