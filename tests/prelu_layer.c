/* See prelu_layer.h. */
#include "prelu_layer.h"
#include "wide_real.h"

#include <math.h>

/* The slope of an element as NumPy broadcasts, or along the axis. */
static int64_t slope_at(const layer *l, int64_t i) {
    int64_t at = 0, stride = 1;
    for (int32_t d = l->rank - 1; d >= 0; d--) {
        const int64_t index = i % l->shape[d];
        i /= l->shape[d];
        if (l->has_axis && d == l->axis)
            return index;
        const int32_t s = d - l->rank + l->slope_rank;
        if (!l->has_axis && s >= 0) {
            at += l->slope_shape[s] > 1 ? index * stride : 0;
            stride *= l->slope_shape[s];
        }
    }
    return at;
}

void layer_make(layer *l) {
    l->count = l->slopes = 1;
    for (int32_t d = 0; d < l->rank; d++)
        l->count *= l->shape[d];
    for (int32_t d = 0; d < l->slope_rank; d++)
        l->slopes *= l->slope_shape[d];
    if (l->has_axis)
        l->slopes = l->shape[l->axis];
    l->slope_of = test_elements(ACT_FLOAT64, l->count);
    for (int64_t i = 0; i < l->count; i++)
        l->slope_of[i] = slope_at(l, i);
    void **const all[] = {&l->x, &l->dy, &l->y, &l->dx, &l->got};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        *all[i] = test_elements(l->dtype, l->count);
    l->slope = test_elements(l->dtype, l->slopes);
    l->gradient = test_elements(l->dtype, l->slopes);
}

void layer_free(layer *l) {
    void *const all[] = {l->x, l->dy, l->y, l->dx, l->got, l->slope, l->gradient, l->slope_of};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        free(all[i]);
}

void *layer_storage(act_activation *a, int gradient) {
    act_tensor t;
    assert_ok(gradient ? act_activation_gradient(a, 0, &t) : act_activation_parameter(a, 0, &t));
    return t.data;
}

act_activation *layer_activation(const layer *l) {
    act_activation *a = NULL;
    if (l->has_axis)
        assert_ok(act_prelu_create_channels(&a, l->dtype, l->slopes, l->axis, 0.25));
    else
        assert_ok(act_prelu_create(&a, l->dtype, l->slope_rank, l->slope_shape, 0.25));
    memcpy(layer_storage(a, 0), l->slope, (size_t)l->slopes * real_size(l->dtype));
    return a;
}

/* A product of two float32 is exact in double. */
static double scaled(double slope, double value) { return slope == 0 ? 0 : slope * value; }

void layer_naive(layer *l) {
    for (int64_t i = 0; i < l->count; i++) {
        const double x = real_get(l->x, l->dtype, i), dy = real_get(l->dy, l->dtype, i);
        const double slope = real_get(l->slope, l->dtype, l->slope_of[i]);
        real_set(l->y, l->dtype, i, x <= 0 ? scaled(slope, x) : x);
        real_set(l->dx, l->dtype, i, x <= 0 ? scaled(slope, dy) : isnan(x) ? x : dy);
    }
}

act_tensor layer_whole(const layer *l, void *data) { return make_tensor(data, l->dtype, l->rank, l->shape, NULL); }

void layer_reference_gradient(layer *l) {
    act_activation *a = layer_activation(l);
    assert_ok(act_set_num_threads(1));
    act_tensor x = layer_whole(l, l->x), dy = layer_whole(l, l->dy);
    assert_ok(act_backward(a, &x, NULL, NULL, &dy, NULL));
    memcpy(l->gradient, layer_storage(a, 1), (size_t)l->slopes * real_size(l->dtype));
    act_activation_destroy(a);
}

void layer_check_gradient(const layer *l, const void *gradient, double slack) {
    wide *sum = calloc((size_t)l->slopes, sizeof *sum);
    double *magnitude = calloc((size_t)l->slopes, sizeof *magnitude);
    for (int64_t i = 0; i < l->count; i++) {
        const double x = real_get(l->x, l->dtype, i), dy = real_get(l->dy, l->dtype, i);
        if (x <= 0) {
            sum[l->slope_of[i]] += (wide)x * (wide)dy;
            magnitude[l->slope_of[i]] += fabs(x * dy);
        }
    }
    const double unit = l->dtype == ACT_FLOAT64 ? 0x1p-53 : 0x1p-24;
    const double lost = l->dtype == ACT_FLOAT64 ? 0x1p-100 * (double)l->count : 1e-12;
    for (int64_t i = 0; i < l->slopes; i++) {
        const double got = real_get(gradient, l->dtype, i), want = (double)sum[i];
        const double off = fabs((double)((wide)got - sum[i])),
                     most = fabs(want) * unit * 1.0000001 + (lost + slack) * magnitude[i];
        CHECK(off <= most + 0x1p-149, "gradient %lld is %a, expected %a: off by %g, allowed %g", (long long)i, got,
              want, off, most);
    }
    free(sum);
    free(magnitude);
}

static void views_of(const layer *l, rng *r, view *v, const void *data) {
    view_make(v, r, l->dtype, l->rank, l->shape, VIEW_OUTPUT);
    if (data)
        view_put(v, data);
    view_remember(v);
}

static void forward_views(layer *l, rng *r, const act_activation *a) {
    view x, y;
    views_of(l, r, &x, l->x);
    views_of(l, r, &y, NULL);
    view *out = rng_once_in(r, 3) ? &x : &y;
    assert_ok(act_forward(a, &x.tensor, &out->tensor, NULL));
    view_get(out, l->got);
    check_same(l->got, l->y, l->dtype, l->count, "y");
    view_check_gaps(out, "y");
    view_check_unchanged(out == &x ? &y : &x, "what is not y");
    view_free(&x);
    view_free(&y);
}

static void forward_dense(layer *l, const act_activation *a) {
    act_tensor x = layer_whole(l, l->x), y = layer_whole(l, l->got);
    assert_ok(act_forward(a, &x, &y, NULL));
    check_same(l->got, l->y, l->dtype, l->count, "y, dense");
}

static void backward_views(layer *l, rng *r, act_activation *a) {
    view v[3]; /* x, dy, dx */
    for (int i = 0; i < 3; i++)
        views_of(l, r, &v[i], i == 0 ? l->x : i == 1 ? l->dy : NULL);
    const int64_t out = rng_below(r, 4);
    assert_ok(act_backward(a, &v[0].tensor, NULL, NULL, &v[1].tensor, out < 3 ? &v[out].tensor : NULL));
    if (out < 3) {
        view_get(&v[out], l->got);
        check_same(l->got, l->dx, l->dtype, l->count, "dx");
        view_check_gaps(&v[out], "dx");
    }
    check_same(layer_storage(a, 1), l->gradient, l->dtype, l->slopes, "slope gradient");
    for (int i = 0; i < 3; i++) {
        if (i != out)
            view_check_unchanged(&v[i], "an input");
        view_free(&v[i]);
    }
}

static void backward_dense(layer *l) {
    act_activation *a = layer_activation(l);
    act_tensor x = layer_whole(l, l->x), dy = layer_whole(l, l->dy), dx = layer_whole(l, l->got);
    assert_ok(act_backward(a, &x, NULL, NULL, &dy, &dx));
    check_same(l->got, l->dx, l->dtype, l->count, "dx, dense");
    check_same(layer_storage(a, 1), l->gradient, l->dtype, l->slopes, "slope gradient, dense");
    act_activation_destroy(a);
}

void layer_run(layer *l, rng *r, int finite) {
    layer_naive(l);
    act__isa_force(isa_number((int)rng_below(r, isa_count())));
    layer_reference_gradient(l);
    if (finite)
        layer_check_gradient(l, l->gradient, 0);
    act__isa_force(isa_number((int)rng_below(r, isa_count())));
    act_activation *a = layer_activation(l);
    assert_ok(act_set_num_threads(1 + (int32_t)rng_below(r, 4)));
    forward_views(l, r, a);
    forward_dense(l, a);
    backward_views(l, r, a);
    backward_dense(l);
    act_activation_destroy(a);
    act__isa_force(NULL);
    assert_ok(act_set_num_threads(1));
}

void layer_random_slopes(layer *l, rng *r) {
    for (int64_t i = 0; i < l->slopes; i++)
        real_set(l->slope, l->dtype, i, rng_once_in(r, 6) ? 0 : rng_between(r, -1, 1));
}

void layer_cancelling_terms(layer *l, rng *r) {
    int64_t *begin = calloc((size_t)l->slopes + 1, sizeof *begin), *at = calloc((size_t)l->count + 1, sizeof *at);
    for (int64_t i = 0; i < l->count; i++)
        begin[l->slope_of[i] + 1]++;
    for (int64_t s = 0; s < l->slopes; s++)
        begin[s + 1] += begin[s];
    for (int64_t i = 0; i < l->count; i++)
        at[begin[l->slope_of[i]]++] = i; /* elements by slope; begin[s] is now where those of s end */
    for (int64_t s = 0, first = 0; s < l->slopes; first = begin[s++]) {
        const int64_t half = (begin[s] - first + 1) / 2;
        for (int64_t k = first; k < begin[s]; k++) {
            const int64_t twin = k - half;
            const double size = pow(2, rng_between(r, 0, 30));
            real_set(l->x, l->dtype, at[k],
                     twin < first ? rng_between(r, -2, -1) : real_get(l->x, l->dtype, at[twin]));
            real_set(l->dy, l->dtype, at[k],
                     twin < first ? size * rng_between(r, -1, 1) : -real_get(l->dy, l->dtype, at[twin]));
        }
    }
    free(begin);
    free(at);
}
