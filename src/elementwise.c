/*
 * The family of elementwise kinds: checks a call's tensors, chooses what backward reads, and runs the kind's kernels
 * over a plan. Called by api.c, and by prelu.c and rrelu.c where they are such a kind; calls validate.c,
 * plan.c, run.c, marks.c, types/mixed.c.
 */
#include "elementwise.h"

#include "marks.h"
#include "run.h"
#include "state.h"
#include "status.h"
#include "threads.h"
#include "types/lookup.h"
#include "validate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

act_status act__check_forward(const act__view *x, const act__view *y) {
    ACT_TRY(act__check_same_shape(y, x));
    ACT_TRY(act__check_mixable(y, x));
    ACT_TRY(act__check_output(y));
    return act__check_overlap(y, x, ACT__IN_PLACE);
}

static act_status check_source(const act__view *source, const act__gradient_call *call) {
    if (!source)
        return ACT_OK;
    ACT_TRY(act__check_same_shape(source, call->dy));
    ACT_TRY(act__check_mixable(source, call->dy));
    return call->dx ? act__check_overlap(call->dx, source, ACT__IN_PLACE) : ACT_OK;
}

act_status act__check_backward(const act__gradient_call *call) {
    if (call->dx) {
        ACT_TRY(act__check_same_shape(call->dx, call->dy));
        ACT_TRY(act__check_mixable(call->dx, call->dy));
        ACT_TRY(act__check_output(call->dx));
        ACT_TRY(act__check_overlap(call->dx, call->dy, ACT__IN_PLACE));
    }
    ACT_TRY(check_source(call->x, call));
    return check_source(call->y, call);
}

/* Whether float32 holds the product of a slope and any 16-bit number, of which float16's have the most digits, 11,
 * and bfloat16's go lowest, to 2^-133. Such slopes also meet the middle of two halves all the time. */
static int is_short(float slope) {
    uint32_t bits;
    memcpy(&bits, &slope, sizeof bits);
    return (bits & 0x7ff) == 0 && (fabsf(slope) >= 1 || slope * 0x1p16f == rintf(slope * 0x1p16f));
}

/* The line (x + 3) / 6. */
static int has_sixths(const act_activation *a, act_kind kind) {
    return a->kind == kind && a->param32[0] == 1.0f / 6 && a->param32[1] == 0.5f;
}

/* Whether all results of 16-bit inputs are exact in float32, or far from the middle of two halves: hard_sigmoid's x
 * has too few digits to come near it without meeting it. */
static int is_sure(const act_activation *a) {
    return a->row->flags & (ACT__EXACT | ACT__EXACT_HALVES) ||
           (a->kind == ACT_LEAKY_RELU && is_short(a->param32[0])) || has_sixths(a, ACT_HARD_SIGMOID);
}

/* Whether each parameter is a 16-bit number of both types. */
static int has_half_params(const act_activation *a) {
    int all = 1;
    for (int32_t i = 0; i < a->row->param_count; i++) {
        const float size = fabsf(a->param32[i]);
        uint32_t bits;
        memcpy(&bits, &size, sizeof bits);
        all &= (bits & 0xffff) == 0 && (size == 0 || isinf(size) || (size >= 0x1p-14f && size <= 0x1p15f));
    }
    return all;
}

static int has_default_params(const act_activation *a) {
    int all = 1;
    for (int32_t i = 0; i < a->row->param_count; i++)
        all &= a->param32[i] == (float)a->row->param[i].default_value;
    return all;
}

/* Whether results of one 16-bit type were all compared, and are right. */
static int is_shown(const act_activation *a, act__function function, act_dtype dtype) {
    const uint32_t flag = dtype == ACT_BFLOAT16          ? (uint32_t)ACT__SURE_VALUE << function
                          : function == ACT__RUN_FORWARD ? (uint32_t)ACT__SURE_FLOAT16
                                                         : 0;
    return (a->row->flags & flag) != 0 && has_default_params(a);
}

static act__side by_sign(float parameter) {
    return parameter > 0 ? ACT__ABOVE : parameter < 0 ? ACT__BELOW : ACT__ON;
}

/* alpha x^2 / 2 + alpha x^3 / 6 left of 0 and alpha x^2 right of it, with beta x or without. */
static void set_sides_of_xielu(act__formula *f, float alpha_n, float alpha_p, float beta) {
    f->left_of_0 = by_sign(beta != 0 ? alpha_n : -alpha_n);
    f->right_of_0 = beta != 0 ? by_sign(alpha_p) : ACT__ON;
}

static void set_sides(act__formula *f, const act_activation *a) {
    const uint32_t flags = a->row->flags;
    const int cut = a->kind == ACT_HARD_SWISH && !(a->param32[1] > 0 && a->param32[1] < 1); /* beside 0 */
    const int is_relu = a->kind == ACT_SQUAREPLUS && a->param32[0] == 0;
    const act__side side = !a->row->param_count ? ACT__ABOVE : cut ? ACT__ON : by_sign(a->param32[0]);
    f->left_of_0 = flags & ACT__WITHIN_TERM                           ? ACT__WITHIN
                   : flags & (ACT__ABOVE_TERM | ACT__ABOVE_TERM_LEFT) ? side
                                                                      : ACT__ON;
    f->right_of_0 = flags & ACT__ABOVE_TERM_LEFT ? ACT__ON : f->left_of_0;
    f->far = flags & ACT__WITHIN_LINE ? ACT__WITHIN : flags & ACT__OUTSIDE_LINE && !is_relu ? ACT__OUTSIDE : ACT__ON;
    if (a->kind == ACT_XIELU)
        set_sides_of_xielu(f, a->param32[0], a->param32[1], a->param32[2]);
}

/* dtype: of all operands, if it is a 16-bit type. */
static void set_doubt(act__doubt *doubt, const act_activation *a, act_dtype dtype) {
    const uint32_t flags = a->row->flags;
    const int easy = flags & ACT__EASY_SLOPE || has_sixths(a, ACT_HARD_SWISH);
    doubt[ACT__RUN_FORWARD] = ACT__DOUBT_MIDDLE;
    doubt[ACT__RUN_FROM_INPUT] = easy ? ACT__DOUBT_MIDDLE : ACT__DOUBT_RANGE;
    doubt[ACT__RUN_FROM_OUTPUT] = easy || flags & ACT__EASY_OUTPUT ? ACT__DOUBT_MIDDLE : ACT__DOUBT_RANGE;
    if (flags & ACT__EXACT_PRODUCTS || (a->kind == ACT_POW && a->param32[0] == 2)) {
        doubt[ACT__RUN_FORWARD] = ACT__SURE;
        doubt[ACT__RUN_FROM_INPUT] = ACT__SURE_IF_FINITE;
    }
    if (flags & ACT__EXACT_OUTPUT)
        doubt[ACT__RUN_FROM_OUTPUT] = ACT__SURE;
    for (int i = 0; i < ACT__FUNCTIONS; i++)
        if (is_shown(a, (act__function)i, dtype))
            doubt[i] = ACT__SURE;
    if (is_sure(a))
        doubt[ACT__RUN_FORWARD] = doubt[ACT__RUN_FROM_INPUT] = doubt[ACT__RUN_FROM_OUTPUT] = ACT__SURE;
    if (flags & ACT__EXACT) {
        doubt[ACT__RUN_FORWARD] = has_half_params(a) ? ACT__SURE_HALF : ACT__SURE;
        doubt[ACT__RUN_FROM_INPUT] = doubt[ACT__RUN_FROM_OUTPUT] = ACT__SURE_HALF;
    }
}

/* squareplus with b = 0 writes +0 where its derivative is 0 by case, which dy times a table's 0 may not be. */
static void set_lookups(act__half_calls *h, const act_activation *a) {
    const int cased = a->kind == ACT_SQUAREPLUS && a->param32[0] == 0;
    act__lookups_clear(h);
    for (int i = 0; i < ACT__FUNCTIONS; i++) {
        const int serves = a->row->flags & (uint32_t)ACT__VALUE_LOOKED_UP << i && !(cased && i != ACT__RUN_FORWARD);
        h->formula.lookup[i] = serves ? &h->lookup[i] : NULL;
    }
}

static void set_half_calls(act_activation *a, act_dtype dtype) {
    const act_dtype same[ACT__CALL_OPERANDS] = {dtype, dtype, dtype};
    act__half_calls *h = &a->halves[dtype == ACT_BFLOAT16];
    set_lookups(h, a);
    h->formula.kernels = a->kernels;
    h->formula.params[ACT__REAL32] = a->param32;
    h->formula.params[ACT__REAL64] = a->param32_wide;
    h->formula.exact = (a->row->flags & ACT__EXACT) != 0;
    set_sides(&h->formula, a);
    set_doubt(h->formula.doubt, a, dtype);
    for (int i = 0; i < ACT__FUNCTIONS; i++)
        act__call_set(&h->call[i], &h->formula, (act__function)i, same);
}

static void assigned(act_activation *a) {
    if (has_sixths(a, ACT_HARD_SIGMOID) || has_sixths(a, ACT_HARD_SWISH))
        a->param32_wide[0] = 1.0 / 6;
    set_half_calls(a, ACT_FLOAT16);
    set_half_calls(a, ACT_BFLOAT16);
}

act_status act__formula_of(act__formula *formula, const act_activation *a, act_dtype dtype) {
    const void *params = NULL;
    ACT_TRY(act__activation_params(&params, a, dtype));
    *formula = act__half_calls_of(a, dtype)->formula;
    if (dtype == ACT_FLOAT64)
        formula->params[ACT__REAL64] = params;
    return ACT_OK;
}

static void run_block(const act__block *b, void *context) {
    const act__call *call = context;
    act__call_run(call, b->data, b->rows * b->cols);
}

act_status act__elementwise_run(const act__formula *formula, act__function function, const act__view *const *views) {
    const int32_t count = act__operands_of(function);
    const int64_t n = views[0]->count;
    void *data[ACT__CALL_OPERANDS];
    act_dtype dtype[ACT__CALL_OPERANDS];
    int dense = 1, half = 0;
    for (int32_t i = 0; i < count; i++) {
        data[i] = views[i]->data;
        dtype[i] = views[i]->dtype;
        dense &= views[i]->dense;
        half |= act__is_half(views[i]->dtype);
    }
    const int small = dense && n < ACT__GRAIN; /* one thread, one run: a plan would only take time */
    if (small && !half) {
        act__formula_run(formula, function, act__real_of(views[0]->dtype), (const void *const *)data, data[count - 1],
                         n);
        return ACT_OK;
    }
    act__call call;
    act__call_set(&call, formula, function, dtype);
    if (small) {
        act__call_run(&call, data, n);
        return ACT_OK;
    }
    act__plan plan;
    act__plan_make(&plan, views, count, 1u << (count - 1), NULL, ACT__ANY_ORDER);
    return act__run(&plan, run_block, &call, ACT__MAY_SPLIT);
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

/* Judged already, so that a common beginning means the same tensor. */
static int identity_in_place(const act_activation *a, const act__view *from, const act__view *to) {
    return a->kind == ACT_IDENTITY && from->data == to->data;
}

static act_status forward(const act_activation *a, const act__view *x, const act__view *y, act_state *state) {
    act__formula formula;
    ACT_TRY(act__check_forward(x, y));
    ACT_TRY(act__formula_of(&formula, a, x->dtype));
    if (state && a->row->flags & ACT__FROM_BITS) {
        ACT_TRY(act__marks_forward(&formula, x, y, state));
    } else {
        ACT_TRY(act__state_begin(state, 0));
        if (!identity_in_place(a, x, y))
            ACT_TRY(act__elementwise_run(&formula, ACT__RUN_FORWARD, (const act__view *const[]){x, y}));
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
    const act__view *dy = call->dy, *dx = call->dx;
    const uint32_t flags = a->row->flags;
    act__formula formula;
    ACT_CHECK(dx, ACT_ERR_INVALID_ARGUMENT, "dx is NULL, and %s has no parameter gradients", a->row->name);
    ACT_TRY(act__check_backward(call));
    ACT_TRY(act__formula_of(&formula, a, dy->dtype));
    if (call->state)
        ACT_TRY(act__state_check(call->state, a, dy));
    if (identity_in_place(a, dy, dx))
        return ACT_OK;
    if (flags & ACT__FROM_NOTHING)
        return act__elementwise_run(&formula, ACT__RUN_FROM_INPUT, (const act__view *const[]){dy, dy, dx});
    if (call->state && flags & ACT__FROM_BITS && !call->state->nans_lost)
        return act__marks_backward(&formula, call->state, dy, dx);
    if (call->x)
        return act__elementwise_run(&formula, ACT__RUN_FROM_INPUT, (const act__view *const[]){call->x, dy, dx});
    if (call->y && output_serves(a))
        return act__elementwise_run(&formula, ACT__RUN_FROM_OUTPUT, (const act__view *const[]){call->y, dy, dx});
    return missing(a, call);
}

const act__family act__elementwise_family = {.assigned = assigned,
                                             .needs = needs,
                                             .forward = forward,
                                             .backward = backward,
                                             .mean_square = act__elementwise_mean_square};
