/*
 * Maxout as an object: creation with weights drawn from a seed, the checks of its tensors, and its gain. Called by
 * users and by maxout_forward.c and maxout_backward.c.
 */
#include "maxout/maxout.h"

#include "least.h"
#include "slopes/philox.h"
#include "status.h"

#include <inttypes.h>
#include <math.h>

enum { MAX_PIECES = 256, PANEL_BYTES = 4 << 20, LEAST_PANEL = 128 };

static act_status create(act_activation *a) {
    (void)a;
    return act__fail(ACT_ERR_UNSUPPORTED, "maxout has no default size: use act_maxout_create");
}

static const char *unspeakable(const act_activation *a) {
    (void)a;
    return "its size cannot be written as a spec";
}

static uint32_t needs(const act_activation *a) {
    (void)a;
    return ACT_NEEDS_INPUT | ACT_NEEDS_STATE | ACT_NEEDS_ALL;
}

/* Uniform in +-sqrt(6 / fan): He with fan = in, Glorot with fan = in + out. Draws and sqrt are exact, so that equal
 * seeds give equal weights everywhere. */
static void draw_weights(act_activation *a, uint32_t flags, uint64_t seed) {
    act__learnable *weight = &a->learnable[ACT__WEIGHT];
    const double fan = (double)a->maxout.in + (flags & ACT_MAXOUT_GLOROT ? (double)a->maxout.out : 0);
    const double limit = sqrt(6 / fan);
    uint32_t words[4 * ACT__PHILOX_BLOCKS];
    for (int64_t i = 0; i < weight->count; i++) {
        const int64_t at = i % (2 * ACT__PHILOX_BLOCKS);
        if (at == 0)
            act__philox_blocks(words, seed, (uint64_t)i / 2, 0);
        const uint64_t bits = ((uint64_t)words[2 * at] << 32 | words[2 * at + 1]) >> 11;
        act__learnable_set(weight, i, limit * ((double)bits * 0x1p-52 - 1));
    }
}

static act_status make(act_activation *a, act_dtype dtype, uint32_t flags) {
    const int64_t shape[3] = {a->maxout.pieces, a->maxout.out, a->maxout.in};
    ACT_TRY(act__learnable_create(&a->learnable[ACT__WEIGHT], "weight", dtype, 3, shape));
    a->learnable_count = 1;
    if (flags & ACT_MAXOUT_NO_BIAS)
        return ACT_OK;
    ACT_TRY(act__learnable_create(&a->learnable[ACT__BIAS], "bias", dtype, 2, shape));
    a->learnable_count = 2;
    return ACT_OK;
}

act_status act_maxout_create(act_activation **out, int64_t in_features, int64_t out_features, int64_t pieces,
                             act_dtype dtype, uint32_t flags, uint64_t seed) {
    const uint32_t known = ACT_MAXOUT_NO_BIAS | ACT_MAXOUT_GLOROT;
    const int64_t most = act__blas_max();
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    ACT_CHECK(in_features >= 1, ACT_ERR_SHAPE, "in_features is %" PRId64 ", expected 1 or more", in_features);
    ACT_CHECK(out_features >= 1, ACT_ERR_SHAPE, "out_features is %" PRId64 ", expected 1 or more", out_features);
    ACT_CHECK(pieces >= 1, ACT_ERR_SHAPE, "pieces is %" PRId64 ", expected 1 to %d", pieces, MAX_PIECES);
    ACT_CHECK(pieces <= MAX_PIECES, ACT_ERR_UNSUPPORTED, "pieces is %" PRId64 ", expected 1 to %d", pieces,
              MAX_PIECES);
    ACT_CHECK(in_features <= most && out_features <= most / pieces &&
                  in_features <= ACT__MOST_LEARNABLE / (out_features * pieces),
              ACT_ERR_UNSUPPORTED,
              "in_features %" PRId64 ", out_features %" PRId64 " and pieces %" PRId64
              " make more weights than can be counted, or more than BLAS's integers (%" PRId64 ") on a side",
              in_features, out_features, pieces, most);
    ACT_CHECK(act__dtype_learnable(dtype), ACT_ERR_DTYPE, "dtype: %s (%d), expected float32 or float64",
              act__dtype_name(dtype), dtype);
    ACT_CHECK((flags & ~known) == 0, ACT_ERR_INVALID_ARGUMENT, "flags is %#x, of which some bits are undefined",
              flags);
    act_activation *a = act__activation_new(ACT_MAXOUT);
    if (!a)
        return ACT_ERR_OUT_OF_MEMORY;
    a->maxout = (act__maxout){in_features, out_features, pieces};
    const act_status status = make(a, dtype, flags);
    if (status != ACT_OK) {
        act_activation_destroy(a);
        return status;
    }
    draw_weights(a, flags, seed);
    *out = a;
    return ACT_OK;
}

int64_t act__maxout_panel(const act_activation *a, int64_t rows, int64_t copied, int32_t size) {
    const int64_t row_bytes = (a->maxout.out * a->maxout.pieces + copied) * size;
    int64_t panel = PANEL_BYTES / row_bytes;
    panel = panel < LEAST_PANEL ? LEAST_PANEL : panel;
    return act__least(rows, panel);
}

static act_status check_one(const act_activation *a, const act__view *v, int64_t features, const char *what) {
    const act_tensor *t = v->tensor;
    const act_dtype dtype = a->learnable[ACT__WEIGHT].dtype;
    ACT_CHECK(v->dtype == dtype, ACT_ERR_DTYPE, "%s: dtype is %s, but the weights have %s", v->name,
              act__dtype_name(v->dtype), act__dtype_name(dtype));
    ACT_CHECK(t->ndim >= 1, ACT_ERR_SHAPE, "%s: rank is 0, expected 1 or more", v->name);
    ACT_CHECK(t->shape[t->ndim - 1] == features, ACT_ERR_SHAPE,
              "%s: the last dimension is %" PRId64 ", but maxout has %" PRId64 " %s", v->name, t->shape[t->ndim - 1],
              features, what);
    return ACT_OK;
}

act_status act__maxout_check(const act_activation *a, const act__view *x, const act__view *y) {
    ACT_TRY(check_one(a, x, a->maxout.in, "input features"));
    ACT_TRY(check_one(a, y, a->maxout.out, "output features"));
    const act_tensor *s = y->tensor, *t = x->tensor;
    ACT_CHECK(s->ndim == t->ndim, ACT_ERR_SHAPE, "%s: rank is %d but %s has %d", y->name, s->ndim, x->name, t->ndim);
    for (int32_t d = 0; d < t->ndim - 1; d++)
        ACT_CHECK(s->shape[d] == t->shape[d], ACT_ERR_SHAPE, "%s: dimension %d is %" PRId64 " but %s has %" PRId64,
                  y->name, d, s->shape[d], x->name, t->shape[d]);
    return ACT_OK;
}

/* E max(z_1 .. z_k)^2 for independent normal z: the integral of z^2 k phi(z) Phi(z)^(k-1), by the trapezium rule,
 * which converges beyond all digits for such an integrand. One winner a unit: backward keeps the variance. */
static double mean_square(const act_activation *a, act_gain_direction direction) {
    const double k = (double)a->maxout.pieces, step = 1.0 / 64;
    double sum = 0;
    for (double z = -12; direction == ACT_GAIN_FORWARD && z <= 12; z += step) {
        const double density = exp(-z * z / 2) * 0.39894228040143267794,
                     below = 0.5 * erfc(-z * 0.70710678118654752440);
        sum += z * z * k * density * pow(below, k - 1) * step;
    }
    return direction == ACT_GAIN_FORWARD ? sum : 1;
}

const act__family act__maxout_family = {
    .create = create,
    .unspeakable = unspeakable,
    .needs = needs,
    .forward = act__maxout_forward,
    .backward = act__maxout_backward,
    .parameter_gradients =
        "act_backward() adds to the gradients of weight and bias; act_activation_gradient() shows them",
    .mean_square = mean_square};
