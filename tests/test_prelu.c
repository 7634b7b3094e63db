/*
 * PReLU against a naive loop: values to the bit, gradients of the slopes to their documented accuracy and in the same
 * bits for every layout, thread count and instruction set.
 */
#include "threads.h"
#include "views.h"

#include <float.h>
#include <math.h>

#if LDBL_MANT_DIG >= 113 || !defined(__SIZEOF_FLOAT128__)
typedef long double wide;
#else
typedef __float128 wide;
#endif

/* One activation over one logical tensor; everything contiguous. */
typedef struct layer {
    act_dtype dtype;
    int32_t rank, slope_rank, axis, has_axis;
    int64_t shape[VIEW_RANK], slope_shape[VIEW_RANK + 2];
    int64_t count, slopes;
    int64_t *slope_of; /* element */
    void *slope, *x, *dy, *y, *dx, *gradient, *got;
} layer;

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

static void layer_make(layer *l) {
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

static void layer_free(layer *l) {
    void *const all[] = {l->x, l->dy, l->y, l->dx, l->got, l->slope, l->gradient, l->slope_of};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        free(all[i]);
}

static void *storage(act_activation *a, int gradient) {
    act_tensor t;
    assert_ok(gradient ? act_activation_gradient(a, 0, &t) : act_activation_parameter(a, 0, &t));
    return t.data;
}

static act_activation *layer_activation(const layer *l) {
    act_activation *a = NULL;
    if (l->has_axis)
        assert_ok(act_prelu_create_channels(&a, l->dtype, l->slopes, l->axis, 0.25));
    else
        assert_ok(act_prelu_create(&a, l->dtype, l->slope_rank, l->slope_shape, 0.25));
    memcpy(storage(a, 0), l->slope, (size_t)l->slopes * real_size(l->dtype));
    return a;
}

/* A product of two float32 is exact in double. */
static double scaled(double slope, double value) { return slope == 0 ? 0 : slope * value; }

static void naive(layer *l) {
    for (int64_t i = 0; i < l->count; i++) {
        const double x = real_get(l->x, l->dtype, i), dy = real_get(l->dy, l->dtype, i);
        const double slope = real_get(l->slope, l->dtype, l->slope_of[i]);
        real_set(l->y, l->dtype, i, x <= 0 ? scaled(slope, x) : x);
        real_set(l->dx, l->dtype, i, x <= 0 ? scaled(slope, dy) : isnan(x) ? x : dy);
    }
}

static act_tensor whole(const layer *l, void *data) { return make_tensor(data, l->dtype, l->rank, l->shape, NULL); }

/* The gradient of contiguous tensors on one thread. */
static void reference_gradient(layer *l) {
    act_activation *a = layer_activation(l);
    assert_ok(act_set_num_threads(1));
    act_tensor x = whole(l, l->x), dy = whole(l, l->dy);
    assert_ok(act_backward(a, &x, NULL, NULL, &dy, NULL));
    memcpy(l->gradient, storage(a, 1), (size_t)l->slopes * real_size(l->dtype));
    act_activation_destroy(a);
}

/* The gradient is the sum rounded once, up to what the documented arithmetic may lose: double for float32,
 * compensated double for float64. `slack`: more, relative to the sum of magnitudes. */
static void check_gradient(const layer *l, const void *gradient, double slack) {
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
    act_tensor x = whole(l, l->x), y = whole(l, l->got);
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
    check_same(storage(a, 1), l->gradient, l->dtype, l->slopes, "slope gradient");
    for (int i = 0; i < 3; i++) {
        if (i != out)
            view_check_unchanged(&v[i], "an input");
        view_free(&v[i]);
    }
}

static void backward_dense(layer *l) {
    act_activation *a = layer_activation(l);
    act_tensor x = whole(l, l->x), dy = whole(l, l->dy), dx = whole(l, l->got);
    assert_ok(act_backward(a, &x, NULL, NULL, &dy, &dx));
    check_same(l->got, l->dx, l->dtype, l->count, "dx, dense");
    check_same(storage(a, 1), l->gradient, l->dtype, l->slopes, "slope gradient, dense");
    act_activation_destroy(a);
}

static void run_layer(layer *l, rng *r, int finite) {
    naive(l);
    act__isa_force(isa_number((int)rng_below(r, isa_count())));
    reference_gradient(l);
    if (finite)
        check_gradient(l, l->gradient, 0);
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

static void random_slopes(layer *l, rng *r) {
    for (int64_t i = 0; i < l->slopes; i++)
        real_set(l->slope, l->dtype, i, rng_once_in(r, 6) ? 0 : rng_between(r, -1, 1));
}

/* For each slope large terms, then their negatives: what is left is rounding alone, which follows every change of the
 * order in which terms are added. */
static void cancelling_terms(layer *l, rng *r) {
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

static void random_case(int64_t number) {
    rng r = rng_for(20, (uint64_t)number);
    layer l = {.dtype = rng_dtype(&r)};
    l.rank = random_shape(&r, l.shape, number % 10 ? 400 : 6000);
    l.has_axis = l.rank && rng_once_in(&r, 3);
    l.axis = l.rank ? (int32_t)rng_below(&r, l.rank) : 0;
    if (l.has_axis && l.shape[l.axis] == 0)
        l.shape[l.axis] = 1;
    l.slope_rank = (int32_t)rng_below(&r, l.rank + 3);
    for (int32_t s = 0; s < l.slope_rank; s++) {
        const int32_t d = s - l.slope_rank + l.rank;
        l.slope_shape[s] = d < 0 || l.shape[d] == 0 || rng_once_in(&r, 2) ? 1 : l.shape[d];
    }
    layer_make(&l);
    test_case_is("%lld: float%d, rank %d, %lld elements, %lld slopes %s", (long long)number,
                 l.dtype == ACT_FLOAT64 ? 64 : 32, l.rank, (long long)l.count, (long long)l.slopes,
                 l.has_axis ? "on an axis" : "from the right");
    const int finite = rng_once_in(&r, 2);
    random_slopes(&l, &r);
    if (!finite && rng_once_in(&r, 2))
        real_set(l.slope, l.dtype, rng_below(&r, l.slopes), NAN);
    if (finite) {
        fill_between(l.x, l.dtype, l.count, &r, -5, 5);
        fill_between(l.dy, l.dtype, l.count, &r, -5, 5);
    } else {
        fill_any(l.x, l.dtype, l.count, &r);
        fill_any(l.dy, l.dtype, l.count, &r);
    }
    run_layer(&l, &r, finite);
    layer_free(&l);
}

static void random_broadcasts(void **state) {
    (void)state;
    const int64_t cases = test_cases(6000);
    for (int64_t i = 0; i < cases; i++)
        random_case(i);
}

/* shape, axis (or -1: one slope for all). */
static void channels_case(int64_t number, act_dtype dtype, int32_t rank, const int64_t *shape, int32_t axis) {
    rng r = rng_for(21, (uint64_t)number);
    layer l = {.dtype = dtype, .rank = rank, .axis = axis, .has_axis = axis >= 0};
    memcpy(l.shape, shape, (size_t)rank * sizeof *shape);
    layer_make(&l);
    test_case_is("channels %lld: float%d, %lld elements, %lld slopes on axis %d", (long long)number,
                 dtype == ACT_FLOAT64 ? 64 : 32, (long long)l.count, (long long)l.slopes, axis);
    random_slopes(&l, &r);
    fill_between(l.x, dtype, l.count, &r, -5, 5);
    fill_between(l.dy, dtype, l.count, &r, -5, 5);
    run_layer(&l, &r, 1);
    cancelling_terms(&l, &r);
    run_layer(&l, &r, 0);
    layer_free(&l);
}

static void channels_last(void **state) {
    (void)state;
    static const int64_t channels[] = {1, 2, 3, 15, 16, 17, 64, 257, 341, 342, 400, 511, 512, 513, 600};
    const int64_t many = test_cases(100) < 100 ? 20000 : 90000; /* more than a block either way */
    for (size_t i = 0; i < COUNT_OF(channels); i++) {
        const int64_t small[4] = {2, 3, 5, channels[i]}, large[4] = {2, 1, many / channels[i], channels[i]};
        for (act_dtype dtype = ACT_FLOAT32; dtype <= ACT_FLOAT64; dtype++) {
            channels_case((int64_t)i, dtype, 4, small, 3);
            channels_case((int64_t)i, dtype, 4, large, 3);
        }
    }
}

static void channels_first(void **state) {
    (void)state;
    static const int64_t shapes[][4] = {{2, 3, 1, 1},    {2, 3, 2, 2},   {4, 64, 7, 7},    {2, 3, 150, 160},
                                        {1, 16, 64, 80}, {300, 5, 1, 3}, {3, 1, 200, 200}, {4, 64, 33, 33}};
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        channels_case((int64_t)i, ACT_FLOAT32, 4, shapes[i], 1);
        channels_case((int64_t)i, ACT_FLOAT64, 4, shapes[i], 1);
        channels_case((int64_t)i, ACT_FLOAT32, 4, shapes[i], 0);
    }
}

static void one_slope_for_four_million_elements(void **state) {
    (void)state;
    const int64_t count = test_cases(100) < 100 ? 1 << 19 : 4 << 20;
    rng r = rng_for(22, 0);
    layer l = {.dtype = ACT_FLOAT32, .rank = 1, .shape = {count}, .slope_rank = 0};
    for (l.dtype = ACT_FLOAT32; l.dtype <= ACT_FLOAT64; l.dtype++) {
        layer_make(&l);
        test_case_is("%lld elements, one slope", (long long)count);
        fill_between(l.x, l.dtype, count, &r, -5, 5);
        fill_between(l.dy, l.dtype, count, &r, -5, 5);
        real_set(l.slope, l.dtype, 0, 0.25);
        run_layer(&l, &r, 1);
        cancelling_terms(&l, &r);
        run_layer(&l, &r, 0);
        layer_free(&l);
    }
}

/* Dense tensors, with dx: what is expected is there. */
static void run_dense(const layer *l) {
    act_activation *a = layer_activation(l);
    act_tensor x = whole(l, l->x), dy = whole(l, l->dy), got = whole(l, l->got);
    assert_ok(act_forward(a, &x, &got, NULL));
    check_same(l->got, l->y, l->dtype, l->count, "y");
    assert_ok(act_backward(a, &x, NULL, NULL, &dy, &got));
    check_same(l->got, l->dx, l->dtype, l->count, "dx");
    check_same(storage(a, 1), l->gradient, l->dtype, l->slopes, "slope gradient");
    act_activation_destroy(a);
}

/* One image: its only row of slopes is what threads split. */
static void slope_an_element(act_dtype dtype, int32_t rank, int64_t channels) {
    rng r = rng_for(25, (uint64_t)channels);
    layer l = {.dtype = dtype, .rank = rank, .shape = {1, channels, 1, 1}, .axis = 1, .has_axis = 1};
    layer_make(&l);
    random_slopes(&l, &r);
    fill_between(l.x, dtype, l.count, &r, -5, 5);
    fill_between(l.dy, dtype, l.count, &r, -5, 5);
    naive(&l);
    reference_gradient(&l);
    for (int32_t threads = 2; threads <= 3; threads++) {
        test_case_is("%lld channels, rank %d, float%d, %d threads", (long long)channels, rank,
                     dtype == ACT_FLOAT64 ? 64 : 32, threads);
        assert_ok(act_set_num_threads(threads));
        run_dense(&l);
    }
    assert_ok(act_set_num_threads(1));
    layer_free(&l);
}

static void one_row_of_slopes_over_threads(void **state) {
    (void)state;
    for (act_dtype dtype = ACT_FLOAT32; dtype <= ACT_FLOAT64; dtype++) {
        slope_an_element(dtype, 2, 3 * ACT__GRAIN + 7);
        slope_an_element(dtype, 4, 3 * ACT__GRAIN + 7);
    }
}

/* The short way of dense tensors, against that of a call without dx. */
static void line_case(act_dtype dtype, int64_t count) {
    rng r = rng_for(24, (uint64_t)count);
    layer l = {.dtype = dtype, .rank = 1, .shape = {count}};
    layer_make(&l);
    test_case_is("a line of %lld, float%d", (long long)count, dtype == ACT_FLOAT64 ? 64 : 32);
    fill_between(l.x, dtype, count, &r, -5, 5);
    fill_between(l.dy, dtype, count, &r, -5, 5);
    real_set(l.slope, dtype, 0, 0.3);
    cancelling_terms(&l, &r);
    naive(&l);
    reference_gradient(&l);
    run_dense(&l);
    layer_free(&l);
}

static void one_slope_over_lines(void **state) {
    (void)state;
    static const int64_t counts[] = {1, 2, 7, 8, 9, 15, 16, 17, 100, 16383, 16384, 16385, 40001, (1 << 17) - 1};
    for (size_t i = 0; i < COUNT_OF(counts); i++)
        for (act_dtype dtype = ACT_FLOAT32; dtype <= ACT_FLOAT64; dtype++)
            line_case(dtype, counts[i]);
}

static void lines_keep_off_the_slope(void **state) {
    (void)state;
    enum { N = 16, AT = 20 };
    float memory[64] = {0}, x[N] = {-1};
    const int64_t n = N, one = 1;
    act_activation *a = NULL;
    assert_ok(act_prelu_create(&a, ACT_FLOAT32, 1, &one, 0.25));
    const act_tensor slope = make_tensor(memory + AT, ACT_FLOAT32, 1, &one, NULL);
    assert_ok(act_activation_bind_parameter(a, 0, &slope, NULL));
    act_tensor in = make_tensor(x, ACT_FLOAT32, 1, &n, NULL);
    for (int64_t at = AT - N; at <= AT + 1; at++) {
        act_tensor out = make_tensor(memory + at, ACT_FLOAT32, 1, &n, NULL);
        const act_status expected = at > AT - N && at <= AT ? ACT_ERR_OVERLAP : ACT_OK;
        assert_int_equal(act_forward(a, &in, &out, NULL), expected);
        assert_int_equal(act_backward(a, &in, NULL, NULL, &in, &out), expected);
    }
    act_activation_destroy(a);
}

static void from_output_case(int64_t number) {
    rng r = rng_for(23, (uint64_t)number);
    layer l = {.dtype = rng_dtype(&r), .rank = 2, .has_axis = 1, .axis = (int32_t)rng_below(&r, 2)};
    l.shape[0] = 1 + rng_below(&r, 700);
    l.shape[1] = 1 + rng_below(&r, 40);
    layer_make(&l);
    test_case_is("from y %lld: %lld by %lld", (long long)number, (long long)l.shape[0], (long long)l.shape[1]);
    fill_between(l.slope, l.dtype, l.slopes, &r, 0.01, 2);
    fill_between(l.x, l.dtype, l.count, &r, -5, 5);
    fill_between(l.dy, l.dtype, l.count, &r, -5, 5);
    naive(&l);
    act_activation *a = layer_activation(&l);
    act_tensor y = whole(&l, l.y), dy = whole(&l, l.dy), dx = whole(&l, l.got);
    assert_int_equal(act_backward_needs(a), ACT_NEEDS_INPUT); /* y may not serve any more after a step */
    assert_ok(act_backward(a, NULL, &y, NULL, &dy, &dx));
    check_same(l.got, l.dx, l.dtype, l.count, "dx from y");
    check_gradient(&l, storage(a, 1), l.dtype == ACT_FLOAT64 ? 3e-16 : 2e-7);
    const double refused[] = {0, -0.0, -0.5, NAN};
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        real_set(storage(a, 0), l.dtype, l.slopes - 1, refused[i]);
        assert_int_equal(act_backward_needs(a), ACT_NEEDS_INPUT);
        assert_refused(act_backward(a, NULL, &y, NULL, &dy, &dx), ACT_ERR_MISSING, "x");
    }
    act_activation_destroy(a);
    layer_free(&l);
}

static void from_output_where_every_slope_is_positive(void **state) {
    (void)state;
    const int64_t cases = test_cases(200);
    for (int64_t i = 0; i < cases; i++)
        from_output_case(i);
}

static void gradients_add_up_over_calls(void **state) {
    (void)state;
    const double x[6] = {-1, -2, 3, -4, 5, -6}, dy[6] = {7, -1, 100, 2, 100, 3};
    const int64_t shape[2] = {3, 2}, n = 2;
    act_activation *a = NULL;
    assert_ok(act_prelu_create(&a, ACT_FLOAT64, 1, &n, 0.5));
    act_tensor tx = make_tensor(x, ACT_FLOAT64, 2, shape, NULL), tdy = make_tensor(dy, ACT_FLOAT64, 2, shape, NULL);
    const double *gradient = storage(a, 1);
    for (int call = 1; call <= 3; call++) {
        assert_ok(act_backward(a, &tx, NULL, NULL, &tdy, NULL));
        assert_true(gradient[0] == -7.0 * call);
        assert_true(gradient[1] == (2.0 - 8.0 - 18.0) * call);
    }
    assert_ok(act_activation_zero_gradients(a));
    assert_true(gradient[0] == 0 && gradient[1] == 0);
    act_activation_destroy(a);
}

static double gradient_of(act_dtype dtype, double x0, double dy0, double x1, double dy1) {
    char x[16], dy[16];
    act_activation *a = NULL;
    const int64_t n = 2;
    real_set(x, dtype, 0, x0);
    real_set(x, dtype, 1, x1);
    real_set(dy, dtype, 0, dy0);
    real_set(dy, dtype, 1, dy1);
    assert_ok(act_prelu_create(&a, dtype, 0, NULL, 0.25));
    act_tensor tx = make_tensor(x, dtype, 1, &n, NULL), tdy = make_tensor(dy, dtype, 1, &n, NULL);
    assert_ok(act_backward(a, &tx, NULL, NULL, &tdy, NULL));
    const double result = real_get(storage(a, 1), dtype, 0);
    act_activation_destroy(a);
    return result;
}

static void infinities_and_nan_in_the_gradient(void **state) {
    (void)state;
    for (act_dtype t = ACT_FLOAT32; t <= ACT_FLOAT64; t++) {
        assert_true(gradient_of(t, INFINITY, 0, -2, 3) == -6);
        assert_true(gradient_of(t, INFINITY, INFINITY, -2, 3) == -6);
        assert_true(gradient_of(t, 1, NAN, -2, 3) == -6);
        assert_true(isnan(gradient_of(t, -INFINITY, 0, -2, 3)));
        assert_true(gradient_of(t, -INFINITY, 1, -2, 3) == -INFINITY);
        assert_true(isnan(gradient_of(t, -INFINITY, 1, -INFINITY, -1)));
        assert_true(isnan(gradient_of(t, NAN, 1, -2, 3)));
        assert_true(gradient_of(t, -0.0, 5, 0, 7) == 0);
    }
}

static void bound_storage_is_read_and_written_in_place(void **state) {
    (void)state;
    float slope[2] = {0.5f, -2}, gradient[2] = {10, 20}, y[2], moved[2] = {4, 4};
    const float x[2] = {-4, -8}, dy[2] = {1, 3};
    const int64_t n = 2;
    act_activation *a = NULL;
    assert_ok(act_prelu_create(&a, ACT_FLOAT32, 1, &n, 0.25));
    const act_tensor v = make_tensor(slope, ACT_FLOAT32, 1, &n, NULL),
                     g = make_tensor(gradient, ACT_FLOAT32, 1, &n, NULL);
    act_tensor tx = make_tensor(x, ACT_FLOAT32, 1, &n, NULL), ty = make_tensor(y, ACT_FLOAT32, 1, &n, NULL);
    const act_tensor tdy = make_tensor(dy, ACT_FLOAT32, 1, &n, NULL);
    assert_ok(act_activation_bind_parameter(a, 0, &v, &g));
    assert_ok(act_forward(a, &tx, &ty, NULL));
    assert_true(y[0] == -2 && y[1] == 16);
    slope[1] = 3; /* an optimiser's step */
    assert_ok(act_forward(a, &tx, &ty, NULL));
    assert_true(y[1] == -24);
    assert_ok(act_backward(a, &tx, NULL, NULL, &tdy, NULL));
    assert_true(gradient[0] == 10 - 4 && gradient[1] == 20 - 24);
    assert_ok(act_activation_bind_parameter(a, 0, NULL, NULL));
    memcpy(slope, moved, sizeof slope);
    assert_ok(act_forward(a, &tx, &ty, NULL));
    assert_true(y[0] == -2 && y[1] == -24);
    assert_true(((const float *)storage(a, 1))[1] == -4);
    act_activation_destroy(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_broadcasts),
        cmocka_unit_test(channels_last),
        cmocka_unit_test(channels_first),
        cmocka_unit_test(one_slope_for_four_million_elements),
        cmocka_unit_test(one_row_of_slopes_over_threads),
        cmocka_unit_test(one_slope_over_lines),
        cmocka_unit_test(lines_keep_off_the_slope),
        cmocka_unit_test(from_output_where_every_slope_is_positive),
        cmocka_unit_test(gradients_add_up_over_calls),
        cmocka_unit_test(infinities_and_nan_in_the_gradient),
        cmocka_unit_test(bound_storage_is_read_and_written_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
