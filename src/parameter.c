/*
 * Storage of learnable parameters: the object's own, or memory that the caller bound; and the step of an optimiser
 * for those who have none. Called by users, activation.c, prelu and maxout.
 */
#include "parameter.h"

#include "activation.h"
#include "overlap.h"
#include "status.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static size_t bytes_of(const act__learnable *l) { return (size_t)l->count * (size_t)act__dtype_size(l->dtype); }

act_status act__learnable_create(act__learnable *out, const char *name, act_dtype dtype, int32_t ndim,
                                 const int64_t *shape) {
    act__learnable l = {.name = name, .dtype = dtype, .ndim = ndim, .count = 1};
    for (int32_t d = 0; d < ndim; d++) {
        l.shape[d] = shape[d];
        ACT_CHECK(!__builtin_mul_overflow(l.count, shape[d], &l.count) && l.count <= ACT__MOST_LEARNABLE,
                  ACT_ERR_SHAPE, "shape: the number of elements of %s overflows", name);
    }
    l.value = l.own_value = act__allocate_zeroed((size_t)l.count, (size_t)act__dtype_size(dtype));
    l.gradient = l.own_gradient = act__allocate_zeroed((size_t)l.count, (size_t)act__dtype_size(dtype));
    if (!l.value || !l.gradient) {
        act__learnable_clear(&l);
        return ACT_ERR_OUT_OF_MEMORY;
    }
    *out = l;
    return ACT_OK;
}

act_status act__learnable_copy(act__learnable *out, const act__learnable *from) {
    act__learnable l;
    ACT_TRY(act__learnable_create(&l, from->name, from->dtype, from->ndim, from->shape));
    memcpy(l.value, from->value, bytes_of(from));
    memcpy(l.gradient, from->gradient, bytes_of(from));
    if (from->velocity) {
        l.velocity = act__allocate_zeroed((size_t)l.count, sizeof(double));
        if (!l.velocity) {
            act__learnable_clear(&l);
            return ACT_ERR_OUT_OF_MEMORY;
        }
        memcpy(l.velocity, from->velocity, (size_t)l.count * sizeof(double));
    }
    *out = l;
    return ACT_OK;
}

void act__learnable_clear(act__learnable *l) {
    act__release(l->own_value);
    act__release(l->own_gradient);
    act__release(l->velocity);
    memset(l, 0, sizeof *l);
}

static int touches(const act__view *view, const act__learnable *l, void *storage) {
    const act_tensor t = {.data = storage, .ndim = 1, .shape = &l->count};
    const act__view whole = {.tensor = &t,
                             .data = t.data,
                             .count = l->count,
                             .high = (int64_t)bytes_of(l),
                             .size = act__dtype_size(l->dtype),
                             .dense = 1};
    return act__overlap(view, &whole);
}

static double read_real(const void *data, act_dtype dtype, int64_t index) {
    return dtype == ACT_FLOAT64 ? ((const double *)data)[index] : (double)((const float *)data)[index];
}

static void write_real(void *data, act_dtype dtype, int64_t index, double value) {
    if (dtype == ACT_FLOAT64)
        ((double *)data)[index] = value;
    else
        ((float *)data)[index] = (float)value;
}

double act__learnable_get(const act__learnable *l, int64_t index) { return read_real(l->value, l->dtype, index); }

void act__learnable_set(act__learnable *l, int64_t index, double value) {
    write_real(l->value, l->dtype, index, value);
}

void act__learnable_add_gradient(act__learnable *l, int64_t index, double value) {
    write_real(l->gradient, l->dtype, index, read_real(l->gradient, l->dtype, index) + value);
}

act_status act__gradients_check_apart(const act_activation *a, const act__view *in) {
    for (int32_t i = 0; i < a->learnable_count; i++)
        ACT_CHECK(!touches(in, &a->learnable[i], a->learnable[i].gradient), ACT_ERR_OVERLAP,
                  "%s shares memory with the %s gradient of a", in->name, a->learnable[i].name);
    return ACT_OK;
}

act_status act__learnables_check_apart(const act_activation *a, const act__view *out) {
    for (int32_t i = 0; i < a->learnable_count; i++)
        ACT_CHECK(!touches(out, &a->learnable[i], a->learnable[i].value), ACT_ERR_OVERLAP,
                  "%s shares memory with the %s of a", out->name, a->learnable[i].name);
    return act__gradients_check_apart(a, out);
}

int32_t act_activation_parameter_count(const act_activation *a) { return a ? a->learnable_count : 0; }

const char *act_activation_parameter_name(const act_activation *a, int32_t index) {
    return a && index >= 0 && index < a->learnable_count ? a->learnable[index].name : NULL;
}

static act_status find(act__learnable **out, act_activation *a, int32_t index) {
    ACT_CHECK(a, ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    ACT_CHECK(index >= 0 && index < a->learnable_count, ACT_ERR_INVALID_ARGUMENT,
              "index: %d, but %s has %d learnable parameters", index, a->row->name, a->learnable_count);
    *out = &a->learnable[index];
    return ACT_OK;
}

act_status act_activation_parameter(act_activation *a, int32_t index, act_tensor *value) {
    act__learnable *l = NULL;
    ACT_CHECK(value, ACT_ERR_INVALID_ARGUMENT, "value is NULL");
    ACT_TRY(find(&l, a, index));
    return act_tensor_init(value, l->value, l->dtype, l->ndim, l->shape, NULL);
}

act_status act_activation_gradient(act_activation *a, int32_t index, act_tensor *gradient) {
    act__learnable *l = NULL;
    ACT_CHECK(gradient, ACT_ERR_INVALID_ARGUMENT, "gradient is NULL");
    ACT_TRY(find(&l, a, index));
    return act_tensor_init(gradient, l->gradient, l->dtype, l->ndim, l->shape, NULL);
}

static act_status check_bound(act__view *view, const act_tensor *t, const char *name, const act__learnable *l) {
    ACT_TRY(act__view_open(view, t, name));
    ACT_CHECK(view->dtype == l->dtype, ACT_ERR_DTYPE, "%s: dtype is %s, expected %s", name,
              act__dtype_name(view->dtype), act__dtype_name(l->dtype));
    ACT_CHECK(t->ndim == l->ndim, ACT_ERR_SHAPE, "%s: rank is %d, expected %d as %s has", name, t->ndim, l->ndim,
              l->name);
    for (int32_t d = 0; d < l->ndim; d++)
        ACT_CHECK(t->shape[d] == l->shape[d], ACT_ERR_SHAPE, "%s: dimension %d is %" PRId64 ", expected %" PRId64,
                  name, d, t->shape[d], l->shape[d]);
    ACT_CHECK(view->dense, ACT_ERR_LAYOUT, "%s: has gaps or another order, expected row-major without gaps", name);
    return ACT_OK;
}

/*
 * Memory to be bound may hold nothing else of the activation: not the other half of this parameter, wherever that is
 * to be, nor this object's own storage for it, nor any other parameter. Its own storage for the same half is legal.
 */
static act_status check_alone(const act_activation *a, const act__learnable *l, const act__view *bound,
                              const void *own, void *other, const char *other_name) {
    void *mine[] = {l->own_value, l->own_gradient, other};
    for (int i = 0; i < 3; i++)
        ACT_CHECK(!mine[i] || (mine[i] == own && bound->data == own) || !touches(bound, l, mine[i]), ACT_ERR_OVERLAP,
                  "%s shares memory with %s of %s, which it may not", bound->name, i == 2 ? other_name : "storage",
                  l->name);
    for (int32_t i = 0; i < a->learnable_count; i++) {
        const act__learnable *next = &a->learnable[i];
        ACT_CHECK(next == l || !(touches(bound, next, next->value) || touches(bound, next, next->gradient)),
                  ACT_ERR_OVERLAP, "%s shares memory with the %s of a, which it may not", bound->name, next->name);
    }
    return ACT_OK;
}

/* Brings the values and gradients of the moment home. */
static void unbind(act__learnable *l) {
    if (l->value != l->own_value)
        memcpy(l->own_value, l->value, bytes_of(l));
    if (l->gradient != l->own_gradient)
        memcpy(l->own_gradient, l->gradient, bytes_of(l));
    l->value = l->own_value;
    l->gradient = l->own_gradient;
}

act_status act_activation_bind_parameter(act_activation *a, int32_t index, const act_tensor *value,
                                         const act_tensor *gradient) {
    act__learnable *l = NULL;
    act__view v, g;
    ACT_TRY(find(&l, a, index));
    ACT_CHECK(value || !gradient, ACT_ERR_INVALID_ARGUMENT, "value is NULL but gradient is not");
    if (!value) {
        unbind(l);
        return ACT_OK;
    }
    ACT_TRY(check_bound(&v, value, "value", l));
    ACT_TRY(check_alone(a, l, &v, l->own_value, gradient ? NULL : l->gradient, "the gradient"));
    if (gradient) {
        ACT_TRY(check_bound(&g, gradient, "gradient", l));
        ACT_TRY(check_alone(a, l, &g, l->own_gradient, v.data, "value"));
        l->gradient = g.data;
    }
    l->value = v.data;
    return ACT_OK;
}

act_status act_activation_zero_gradients(act_activation *a) {
    ACT_CHECK(a, ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    for (int32_t i = 0; i < a->learnable_count; i++)
        memset(a->learnable[i].gradient, 0, bytes_of(&a->learnable[i]));
    return ACT_OK;
}

act_status act_sgd_init(act_sgd *out) {
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    *out = (act_sgd)ACT_SGD_INIT;
    return ACT_OK;
}

static act_status check_sgd(const act_activation *a, const act_sgd *o) {
    ACT_CHECK(o->struct_size >= sizeof *o, ACT_ERR_INVALID_ARGUMENT,
              "options: struct_size is %u, expected at least %zu", o->struct_size, sizeof *o);
    for (size_t i = sizeof *o; i < o->struct_size; i++)
        ACT_CHECK(((const unsigned char *)o)[i] == 0, ACT_ERR_UNSUPPORTED,
                  "options: byte %zu is set, which this version does not know", i);
    ACT_CHECK((o->flags & ~(uint32_t)ACT_SGD_DECAY_TO_INITIAL) == 0, ACT_ERR_INVALID_ARGUMENT,
              "options: flags is %#x, of which some bits are undefined", o->flags);
    ACT_CHECK(isfinite(o->rate) && o->rate >= 0, ACT_ERR_INVALID_ARGUMENT, "options: rate is %g, expected 0 or more",
              o->rate);
    ACT_CHECK(o->momentum >= 0 && o->momentum < 1, ACT_ERR_INVALID_ARGUMENT,
              "options: momentum is %g, expected 0 or more and below 1", o->momentum);
    ACT_CHECK(isfinite(o->decay) && o->decay >= 0, ACT_ERR_INVALID_ARGUMENT,
              "options: decay is %g, expected 0 or more", o->decay);
    ACT_CHECK(isfinite(o->decay_target), ACT_ERR_INVALID_ARGUMENT,
              "options: decay_target is %g, expected a finite value", o->decay_target);
    ACT_CHECK(o->lower <= o->upper, ACT_ERR_INVALID_ARGUMENT, "options: lower is %g but upper is %g", o->lower,
              o->upper);
    ACT_CHECK(!(o->flags & ACT_SGD_DECAY_TO_INITIAL) || a->kind != ACT_MAXOUT, ACT_ERR_UNSUPPORTED,
              "options: maxout has no initial value for ACT_SGD_DECAY_TO_INITIAL to pull toward");
    return ACT_OK;
}

/* Rounding to float32 may have stepped over a bound. */
static void hold_rounded(act__learnable *l, int64_t i, const act_sgd *o) {
    const double value = act__learnable_get(l, i);
    if (l->dtype == ACT_FLOAT32 && value > o->upper)
        act__learnable_set(l, i, (double)nextafterf((float)value, -INFINITY));
    if (l->dtype == ACT_FLOAT32 && value < o->lower)
        act__learnable_set(l, i, (double)nextafterf((float)value, INFINITY));
}

static void step(act__learnable *l, const act_sgd *o, double target) {
    for (int64_t i = 0; i < l->count; i++) {
        const double value = act__learnable_get(l, i);
        double change = read_real(l->gradient, l->dtype, i) + o->decay * (value - target);
        if (l->velocity)
            change = l->velocity[i] = o->momentum * l->velocity[i] + change;
        const double next = value - o->rate * change;
        act__learnable_set(l, i, next < o->lower ? o->lower : next > o->upper ? o->upper : next);
        hold_rounded(l, i, o);
    }
}

act_status act_activation_sgd_step(act_activation *a, const act_sgd *options) {
    ACT_CHECK(a, ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    ACT_CHECK(options, ACT_ERR_INVALID_ARGUMENT, "options is NULL");
    ACT_TRY(check_sgd(a, options));
    for (int32_t i = 0; i < a->learnable_count && options->momentum > 0; i++) {
        act__learnable *l = &a->learnable[i];
        if (!l->velocity)
            l->velocity = act__allocate_zeroed((size_t)l->count, sizeof(double));
        if (!l->velocity)
            return ACT_ERR_OUT_OF_MEMORY;
    }
    const double target = options->flags & ACT_SGD_DECAY_TO_INITIAL ? a->param[0] : options->decay_target;
    for (int32_t i = 0; i < a->learnable_count; i++)
        step(&a->learnable[i], options, target);
    return ACT_OK;
}
