/* The library itself as a contestant. */
#include "library.h"

#include "activations/activations.h"
#include "inputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct call {
    act_activation *activation;
    act_state *state;
    act_tensor x, y, dy, dx;
    cell cell; /* keeps the extents that the tensors point to */
    bool flat;
} call;

static bool ok(act_status status) {
    if (status != ACT_OK)
        fprintf(stderr, "activations: %s: %s\n", act_status_name(status), act_last_error());
    return status == ACT_OK;
}

/* Where elements have 16 bits, slopes are float32. */
static act_dtype slope_dtype(const cell *c) { return c->dtype == ACT_FLOAT64 ? ACT_FLOAT64 : ACT_FLOAT32; }

static act_status create(act_activation **out, const cell *c) {
    const cell_maxout *m = &c->maxout;
    if (m->rows)
        return act_maxout_create(out, m->in, m->out, m->pieces, c->dtype, 0, 0);
    if (!c->slopes)
        return act_activation_create(out, c->kind);
    if (c->slope_axis < 0)
        return act_prelu_create(out, slope_dtype(c), 0, NULL, c->param[0]);
    return act_prelu_create_channels(out, slope_dtype(c), c->slopes, (int32_t)c->slope_axis, c->param[0]);
}

static act_status copy_slopes(act_activation *a, const cell *c, const void *values) {
    act_tensor own;
    const act_status status = act_activation_parameter(a, 0, &own);
    for (int64_t i = 0; status == ACT_OK && i < c->slopes; i++)
        ((float *)own.data)[i] = (float)inputs_value(values, i, c->dtype);
    return status;
}

/* Weights, bias or slopes are those that all contestants have in their memory. */
static act_status bind(act_activation *a, const cell *c, const arena *memory) {
    char *values = arena_at(memory, SLOT_PARAMETERS), *gradients = arena_at(memory, SLOT_GRADIENTS);
    if (c->slopes && slope_dtype(c) != c->dtype)
        return copy_slopes(a, c, values);
    for (int32_t i = 0; i < act_activation_parameter_count(a); i++) {
        act_tensor value, gradient;
        act_status status = act_activation_parameter(a, i, &value);
        if (status != ACT_OK)
            return status;
        size_t bytes = cell_dtype_size(c->dtype);
        for (int32_t axis = 0; axis < value.ndim; axis++)
            bytes *= (size_t)value.shape[axis];
        int64_t shape[ACT_MAX_NDIM];
        memcpy(shape, value.shape, (size_t)value.ndim * sizeof *shape);
        value.shape = shape;
        value.strides = NULL;
        value.byte_offset = 0;
        value.data = values;
        gradient = value;
        gradient.data = gradients;
        status = act_activation_bind_parameter(a, i, &value, &gradient);
        if (status != ACT_OK)
            return status;
        values += bytes;
        gradients += bytes;
    }
    return ACT_OK;
}

static act_status set_tensor(act_tensor *t, const cell_view *view, int32_t dtype, const arena *memory) {
    return act_tensor_init(t, arena_at(memory, view->slot), dtype, view->ndim, view->shape, view->strides);
}

static act_status open_call(call *k, const arena *memory) {
    const cell *c = &k->cell;
    act_status status = create(&k->activation, c);
    status = status ? status : act_state_create(&k->state);
    status = status ? status : bind(k->activation, c, memory);
    status = status ? status : set_tensor(&k->x, &c->x, c->dtype, memory);
    status = status ? status : set_tensor(&k->y, &c->y, c->dtype, memory);
    status = status ? status : set_tensor(&k->dy, &c->dy, c->dtype, memory);
    return status ? status : set_tensor(&k->dx, &c->dx, c->dtype, memory);
}

/* What backward needs of a forward: its state, over x as it is; and y, over the memory of y as the layout has it. */
static act_status run_forward(call *k, const arena *memory) {
    const cell *c = &k->cell;
    if (c->direction == BACKWARD_FROM_STATE) {
        cell_view dense = c->y;
        for (int32_t i = dense.ndim - 1, next = 1; i >= 0; next *= (int32_t)dense.shape[i--])
            dense.strides[i] = next;
        act_tensor y;
        act_status status = set_tensor(&y, &dense, c->dtype, memory);
        return status ? status : act_forward(k->activation, &k->x, &y, k->state);
    }
    if (!c->needs_y)
        return ACT_OK;
    const int64_t extent = cell_view_extent(&c->y);
    if (c->slopes) /* contiguous, and a slope belongs to an index */
        return act_forward(k->activation, &k->x, &k->y, NULL);
    if (!inputs_normal(arena_at(memory, SLOT_Y), extent, c->dtype, 0))
        return ACT_ERR_OUT_OF_MEMORY;
    return act_forward_1d(k->activation, c->dtype, arena_at(memory, SLOT_Y), arena_at(memory, SLOT_Y), extent);
}

static void destroy(void *object) {
    call *k = object;
    if (!k)
        return;
    act_state_destroy(k->state);
    act_activation_destroy(k->activation);
    free(k);
}

/* Whether the flat call says it all, which is what a program would use then. */
static bool is_flat(const cell *c) {
    return !strcmp(c->layout, "contiguous") && !c->slopes && !c->maxout.rows && !c->trains &&
           (c->direction == FORWARD || (c->direction == BACKWARD_FROM_INPUT && c->needs_x));
}

static void *prepare(const cell *c, const arena *memory) {
    call *k = calloc(1, sizeof *k);
    if (!k)
        return NULL;
    k->cell = *c;
    k->flat = is_flat(c);
    if (!ok(open_call(k, memory)) || !ok(act_set_num_threads(c->threads)) || !ok(run_forward(k, memory))) {
        destroy(k);
        return NULL;
    }
    return k;
}

uint64_t library_state_bytes(const void *object) { return act_state_bytes(((const call *)object)->state); }

static act_status run_flat(call *k) {
    const cell *c = &k->cell;
    if (c->direction == FORWARD)
        return act_forward_1d(k->activation, c->dtype, k->x.data, k->y.data, c->elements);
    return act_backward_1d(k->activation, c->dtype, k->x.data, k->dy.data, k->dx.data, c->elements);
}

/* The statuses are looked at once, when outputs are compared. */
static void run(void *object) {
    call *k = object;
    const cell *c = &k->cell;
    act_status status;
    if (k->flat)
        status = run_flat(k);
    else if (c->direction == FORWARD)
        status = act_forward(k->activation, &k->x, &k->y, c->trains ? k->state : NULL);
    else
        status = act_backward(k->activation, c->needs_x ? &k->x : NULL, c->needs_y ? &k->y : NULL,
                              c->direction == BACKWARD_FROM_STATE ? k->state : NULL, &k->dy, &k->dx);
    if (status != ACT_OK && !ok(status))
        exit(1);
}

static const char *version(void) {
    static char text[256];
    size_t size = sizeof text;
    return act_build_info(text, &size) == ACT_OK ? text : act_version_string();
}

const peer library_peer = {
    .name = "activations", .version = version, .prepare = prepare, .run = run, .destroy = destroy};
