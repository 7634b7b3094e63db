/*
 * PReLU against a naive loop: values to the bit, gradients of the slopes to their documented accuracy and in the same
 * bits for every layout, thread count and instruction set.
 */
#include "prelu_layer.h"
#include "threads.h"

#include <float.h>
#include <math.h>

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
    layer_random_slopes(&l, &r);
    if (!finite && rng_once_in(&r, 2))
        real_set(l.slope, l.dtype, rng_below(&r, l.slopes), NAN);
    if (finite) {
        fill_between(l.x, l.dtype, l.count, &r, -5, 5);
        fill_between(l.dy, l.dtype, l.count, &r, -5, 5);
    } else {
        fill_any(l.x, l.dtype, l.count, &r);
        fill_any(l.dy, l.dtype, l.count, &r);
    }
    layer_run(&l, &r, finite);
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
    layer_random_slopes(&l, &r);
    fill_between(l.x, dtype, l.count, &r, -5, 5);
    fill_between(l.dy, dtype, l.count, &r, -5, 5);
    layer_run(&l, &r, 1);
    layer_cancelling_terms(&l, &r);
    layer_run(&l, &r, 0);
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
        layer_run(&l, &r, 1);
        layer_cancelling_terms(&l, &r);
        layer_run(&l, &r, 0);
        layer_free(&l);
    }
}

/* Dense tensors, with dx: what is expected is there. */
static void run_dense(const layer *l) {
    act_activation *a = layer_activation(l);
    act_tensor x = layer_whole(l, l->x), dy = layer_whole(l, l->dy), got = layer_whole(l, l->got);
    assert_ok(act_forward(a, &x, &got, NULL));
    check_same(l->got, l->y, l->dtype, l->count, "y");
    assert_ok(act_backward(a, &x, NULL, NULL, &dy, &got));
    check_same(l->got, l->dx, l->dtype, l->count, "dx");
    check_same(layer_storage(a, 1), l->gradient, l->dtype, l->slopes, "slope gradient");
    act_activation_destroy(a);
}

/* One image: its only row of slopes is what threads split. */
static void slope_an_element(act_dtype dtype, int32_t rank, int64_t channels) {
    rng r = rng_for(25, (uint64_t)channels);
    layer l = {.dtype = dtype, .rank = rank, .shape = {1, channels, 1, 1}, .axis = 1, .has_axis = 1};
    layer_make(&l);
    layer_random_slopes(&l, &r);
    fill_between(l.x, dtype, l.count, &r, -5, 5);
    fill_between(l.dy, dtype, l.count, &r, -5, 5);
    layer_naive(&l);
    layer_reference_gradient(&l);
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
    layer_cancelling_terms(&l, &r);
    layer_naive(&l);
    layer_reference_gradient(&l);
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
    layer_naive(&l);
    act_activation *a = layer_activation(&l);
    act_tensor y = layer_whole(&l, l.y), dy = layer_whole(&l, l.dy), dx = layer_whole(&l, l.got);
    assert_int_equal(act_backward_needs(a), ACT_NEEDS_INPUT); /* y may not serve any more after a step */
    assert_ok(act_backward(a, NULL, &y, NULL, &dy, &dx));
    check_same(l.got, l.dx, l.dtype, l.count, "dx from y");
    layer_check_gradient(&l, layer_storage(a, 1), l.dtype == ACT_FLOAT64 ? 3e-16 : 2e-7);
    const double refused[] = {0, -0.0, -0.5, NAN};
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        real_set(layer_storage(a, 0), l.dtype, l.slopes - 1, refused[i]);
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
    const double *gradient = layer_storage(a, 1);
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
    const double result = real_get(layer_storage(a, 1), dtype, 0);
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
    assert_true(((const float *)layer_storage(a, 1))[1] == -4);
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
