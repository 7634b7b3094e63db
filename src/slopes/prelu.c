/*
 * PReLU: leaky_relu whose slopes are learned and broadcast over x, from the right as in NumPy or along an axis that
 * the caller names. dx needs x, or y where every slope is positive (then y has the sign of x, and x = y / slope below
 * 0); the slopes' gradient is the sum of x * dy over x <= 0. Forward with one slope for all is leaky_relu's.
 * Called by api.c; calls slope_rows.c, slope_row.c, slope_gradient.c, the slope kernels and elementwise.c.
 */
#include "elementwise.h"
#include "run.h"
#include "slopes/one_slope.h"
#include "slopes/slope_gradient.h"
#include "slopes/slope_row.h"
#include "slopes/slope_rows.h"
#include "state.h"
#include "status.h"
#include "validate.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static act__learnable *slopes_of(act_activation *a) { return &a->learnable[0]; }

static act_status make_slopes(act_activation *a, act_dtype dtype, int32_t ndim, const int64_t *shape,
                              double initial) {
    ACT_TRY(act__learnable_create(slopes_of(a), "slope", dtype, ndim, shape));
    const double param[ACT__MAX_PARAMS] = {initial};
    a->learnable_count = 1;
    act__activation_assign(a, param);
    for (int64_t i = 0; i < slopes_of(a)->count; i++)
        act__learnable_set(slopes_of(a), i, initial);
    return ACT_OK;
}

static void assigned(act_activation *a) {
    for (int real = 0; real < ACT__REALS; real++)
        a->kernels[real] = act__isa_in_use()->elementwise[real][ACT_LEAKY_RELU];
}

/* A spec, which comes without an object, means a float32 slope. */
static act_status check(const act_activation *a, const double *param) {
    ACT_CHECK((a && a->learnable[0].dtype == ACT_FLOAT64) || isfinite((float)param[0]), ACT_ERR_INVALID_ARGUMENT,
              "prelu: initial is %g, which is not finite in float32", param[0]);
    return ACT_OK;
}

static act_status create(act_activation *a) {
    const int64_t one = 1;
    return make_slopes(a, ACT_FLOAT32, 1, &one, a->param[0]);
}

static act_status check_arguments(act_activation *const *out, act_dtype dtype, int32_t ndim, const int64_t *shape,
                                  double initial) {
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    ACT_CHECK(act__dtype_learnable(dtype), ACT_ERR_DTYPE, "slope_dtype: %s (%d), expected float32 or float64",
              act__dtype_name(dtype), dtype);
    ACT_CHECK(ndim >= 0 && ndim <= ACT_MAX_NDIM, ACT_ERR_SHAPE, "ndim is %d, expected 0 to %d", ndim, ACT_MAX_NDIM);
    ACT_CHECK(shape || ndim == 0, ACT_ERR_INVALID_ARGUMENT, "shape is NULL but ndim is %d", ndim);
    for (int32_t d = 0; d < ndim; d++)
        ACT_CHECK(shape[d] >= 1, ACT_ERR_SHAPE, "shape: dimension %d is %" PRId64 ", expected 1 or more", d,
                  shape[d]);
    ACT_CHECK(isfinite(initial) && (dtype == ACT_FLOAT64 || isfinite((float)initial)), ACT_ERR_INVALID_ARGUMENT,
              "initial is %g, expected a value that is finite in %s", initial, act__dtype_name(dtype));
    return ACT_OK;
}

act_status act_prelu_create(act_activation **out, act_dtype slope_dtype, int32_t ndim, const int64_t *shape,
                            double initial) {
    ACT_TRY(check_arguments(out, slope_dtype, ndim, shape, initial));
    act_activation *a = act__activation_new(ACT_PRELU);
    if (!a)
        return ACT_ERR_OUT_OF_MEMORY;
    const act_status status = make_slopes(a, slope_dtype, ndim, shape, initial);
    if (status != ACT_OK) {
        act_activation_destroy(a);
        return status;
    }
    *out = a;
    return ACT_OK;
}

act_status act_prelu_create_channels(act_activation **out, act_dtype slope_dtype, int64_t channels, int32_t axis,
                                     double initial) {
    act_activation *a = NULL;
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    ACT_CHECK(channels >= 1, ACT_ERR_SHAPE, "channels is %" PRId64 ", expected 1 or more", channels);
    ACT_CHECK(axis >= -ACT_MAX_NDIM && axis < ACT_MAX_NDIM, ACT_ERR_INVALID_ARGUMENT, "axis is %d, expected %d to %d",
              axis, -ACT_MAX_NDIM, ACT_MAX_NDIM - 1);
    ACT_TRY(act_prelu_create(&a, slope_dtype, 1, &channels, initial));
    a->prelu = (act__prelu){axis, 1};
    *out = a;
    return ACT_OK;
}

static const char *unspeakable(const act_activation *a) {
    const act__learnable *l = &a->learnable[0];
    return l->ndim != 1 || l->count > 1 || l->dtype != ACT_FLOAT32 || a->prelu.has_axis
               ? "only one shared float32 slope can be written as a spec"
               : NULL;
}

static int all_positive(const act_activation *a) {
    for (int64_t i = 0; i < a->learnable[0].count; i++)
        if (!(act__learnable_get(&a->learnable[0], i) > 0))
            return 0;
    return 1;
}

static uint32_t needs(const act_activation *a) {
    (void)a;
    return ACT_NEEDS_INPUT; /* y serves only until a slope learns its way to 0 */
}

static act_status along_axis(int64_t *strides, const act_activation *a, const act__view *x) {
    const act_tensor *t = x->tensor;
    const int32_t axis = a->prelu.axis < 0 ? a->prelu.axis + t->ndim : a->prelu.axis;
    const int64_t channels = a->learnable[0].count;
    ACT_CHECK(axis >= 0 && axis < t->ndim, ACT_ERR_SHAPE, "%s: rank is %d, but the slopes lie on axis %d", x->name,
              t->ndim, a->prelu.axis);
    ACT_CHECK(t->shape[axis] == channels, ACT_ERR_SHAPE,
              "%s: dimension %d is %" PRId64 ", but there are %" PRId64 " slopes on that axis", x->name, axis,
              t->shape[axis], channels);
    strides[axis] = channels > 1;
    return ACT_OK;
}

static act_status from_the_right(int64_t *strides, const act_activation *a, const act__view *x) {
    const act_tensor *t = x->tensor;
    const act__learnable *l = &a->learnable[0];
    int64_t stride = 1;
    for (int32_t i = 1; i <= l->ndim; i++) {
        const int64_t slopes = l->shape[l->ndim - i], extent = i <= t->ndim ? t->shape[t->ndim - i] : 1;
        ACT_CHECK(slopes == 1 || slopes == extent, ACT_ERR_SHAPE,
                  "%s: the slopes have %" PRId64 " in dimension %d, which does not broadcast to %" PRId64, x->name,
                  slopes, l->ndim - i, extent);
        if (slopes > 1)
            strides[t->ndim - i] = stride;
        stride *= slopes;
    }
    return ACT_OK;
}

/* How the slopes lie over x: a stride in slopes for each dimension, 0 where they broadcast. */
static act_status broadcast(int64_t *strides, const act_activation *a, const act__view *x) {
    const act__learnable *l = &a->learnable[0];
    ACT_CHECK((x->dtype == ACT_FLOAT64) == (l->dtype == ACT_FLOAT64), ACT_ERR_DTYPE,
              "%s: dtype is %s, but the slopes have %s; float64 mixes with no other type", x->name,
              act__dtype_name(x->dtype), act__dtype_name(l->dtype));
    memset(strides, 0, (size_t)x->tensor->ndim * sizeof *strides);
    return a->prelu.has_axis ? along_axis(strides, a, x) : from_the_right(strides, a, x);
}

typedef struct forward_context {
    act__slope_values values;
    const act__convert_kernels *convert;
    act_dtype dtype[3]; /* of slopes, input, output */
    int32_t converts, uniform;
} forward_context;

/* At most a block of elements that are to be converted. */
static void forward_part(const forward_context *c, char *const *data, int64_t n) {
    _Alignas(64) float wide[ACT__BLOCK];
    const void *slopes = data[0]; /* of the compute type as they are */
    const void *x = act__widened(c->convert, c->dtype[1], data[1], wide, n);
    act__slope_row_run(&(act__slope_row){x, slopes, NULL, n, c->uniform}, c->dtype[2], data[2]);
}

static void forward_block(const act__block *b, void *context) {
    const forward_context *c = context;
    const int64_t n = b->rows * b->cols;
    if (!c->converts) {
        act__slope_values_run(&c->values, b->data[1], b->data[0], c->uniform, b->data[2], n);
        return;
    }
    for (int64_t i = 0; i < n; i += ACT__BLOCK) {
        char *data[3];
        for (int k = 0; k < 3; k++)
            data[k] = (char *)b->data[k] + (k == 0 && c->uniform ? 0 : i * act__dtype_size(c->dtype[k]));
        forward_part(c, data, n - i < ACT__BLOCK ? n - i : ACT__BLOCK);
    }
}

static act_status forward_planned(const act_activation *a, const act__view *x, const act__view *y,
                                  const int64_t *strides) {
    const act__view *const views[] = {x, y};
    const act__learnable *l = &a->learnable[0];
    const int converts = x->dtype != y->dtype;
    const act__extra slopes = {l->value, act__dtype_size(l->dtype), strides};
    act__plan plan;
    act__plan_make(&plan, views, 2, 1u << 2, &slopes, ACT__ANY_ORDER);
    forward_context c = {act__slope_values_of(x->dtype),
                         act__isa_in_use()->convert[act__real_of(x->dtype)],
                         {l->dtype, x->dtype, y->dtype},
                         converts,
                         plan.uniform};
    return act__run(&plan, forward_block, &c, ACT__MAY_SPLIT);
}

static act_status forward_several(const act_activation *a, const act__view *x, const act__view *y,
                                  const int64_t *strides) {
    const act__learnable *l = &a->learnable[0];
    act__slope_rows rows;
    if (y->dense && x->dtype == y->dtype && act__slope_rows_of(&rows, x, strides))
        return act__slope_rows_forward(&rows, l, x, y);
    return forward_planned(a, x, y, strides);
}

static act_status forward_shared(const act_activation *a, const act__view *x, const act__view *y) {
    act__one_slope one;
    const act__formula formula = act__one_slope_formula(&one, act__learnable_get(&a->learnable[0], 0), x->dtype);
    return act__elementwise_run(&formula, ACT__RUN_FORWARD, (const act__view *const[]){x, y});
}

static act_status forward(const act_activation *a, const act__view *x, const act__view *y, act_state *state) {
    int64_t strides[ACT_MAX_NDIM];
    ACT_TRY(act__check_forward(x, y));
    ACT_TRY(broadcast(strides, a, x));
    ACT_TRY(act__learnables_check_apart(a, y));
    ACT_TRY(act__state_begin(state, 0));
    if (x->count)
        ACT_TRY(a->learnable[0].count == 1 ? forward_shared(a, x, y) : forward_several(a, x, y, strides));
    act__state_seal(state, a, y);
    return ACT_OK;
}

static act_status backward(act_activation *a, const act__gradient_call *call) {
    int64_t strides[ACT_MAX_NDIM];
    ACT_TRY(act__check_backward(call));
    ACT_TRY(broadcast(strides, a, call->dy));
    if (call->dx)
        ACT_TRY(act__learnables_check_apart(a, call->dx));
    ACT_TRY(act__gradients_check_apart(a, call->dy));
    if (call->x)
        ACT_TRY(act__gradients_check_apart(a, call->x));
    if (call->y)
        ACT_TRY(act__gradients_check_apart(a, call->y));
    if (call->state)
        ACT_TRY(act__state_check(call->state, a, call->dy));
    ACT_CHECK(call->x || call->y, ACT_ERR_MISSING, "prelu needs x%s", all_positive(a) ? " or y" : "");
    ACT_CHECK(call->x || all_positive(a), ACT_ERR_MISSING,
              "prelu with a slope of 0 or less cannot take its gradients from y: "
              "give x");
    const act__slope_call slope_call = {.source = call->x ? call->x : call->y,
                                        .dy = call->dy,
                                        .dx = call->dx,
                                        .slope_strides = strides,
                                        .from_output = !call->x};
    return act__slope_gradient(a, &slope_call);
}

/* Over all slopes: (1 + mean of slope^2) / 2, either way. */
static double mean_square(const act_activation *a, act_gain_direction direction) {
    (void)direction;
    const act__learnable *l = &a->learnable[0];
    double sum = 0;
    for (int64_t i = 0; i < l->count; i++)
        sum += act__learnable_get(l, i) * act__learnable_get(l, i);
    return (1 + sum / (double)l->count) / 2;
}

const act__family act__prelu_family = {
    .create = create,
    .assigned = assigned,
    .check = check,
    .unspeakable = unspeakable,
    .needs = needs,
    .forward = forward,
    .backward = backward,
    .parameter_gradients = "act_backward() adds to the gradient of its slopes; act_activation_gradient() shows it",
    .mean_square = mean_square};
