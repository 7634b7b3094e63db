/* What creators, the one-dimensional doors and process settings refuse. */
#include "support.h"

#include <math.h>

/* An out pointer that must survive. */
static act_activation *const nobody = (act_activation *)(uintptr_t)0xa5a5;

static void prelu_shapes(void **unused) {
    (void)unused;
    static const struct {
        int32_t ndim;
        int64_t shape[3];
        const char *says;
    } rows[] = {{-1, {1}, "ndim is -1"},
                {33, {1}, "ndim is 33"},
                {1, {0}, "dimension 0 is 0"},
                {3, {2, -4, 1}, "dimension 1 is -4"},
                {3, {2, 2, 0}, "dimension 2 is 0"},
                {2, {INT64_MAX, 2}, "overflow"},
                {3, {(int64_t)1 << 30, (int64_t)1 << 30, 4}, "overflow"},
                {1, {INT64_MAX}, "overflow"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        act_activation *a = nobody;
        assert_refused(act_prelu_create(&a, ACT_FLOAT32, rows[i].ndim, rows[i].shape, 0.25), ACT_ERR_SHAPE,
                       rows[i].says);
        assert_ptr_equal(a, nobody);
    }
}

static void prelu_arguments(void **unused) {
    (void)unused;
    static const act_dtype dtypes[] = {0, ACT_FLOAT16, ACT_BFLOAT16, 5, -1};
    static const double initials[] = {NAN, INFINITY, -INFINITY, 1e39, -1e300};
    const int64_t shape[] = {3};
    act_activation *a = nobody;
    char said[32];
    assert_refused(act_prelu_create(NULL, ACT_FLOAT32, 1, shape, 0), ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    assert_refused(act_prelu_create_channels(NULL, ACT_FLOAT32, 3, 1, 0), ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    assert_refused(act_prelu_create(&a, ACT_FLOAT32, 1, NULL, 0), ACT_ERR_INVALID_ARGUMENT, "shape is NULL");
    for (size_t i = 0; i < COUNT_OF(dtypes); i++) {
        snprintf(said, sizeof said, "(%d)", dtypes[i]);
        assert_refused(act_prelu_create(&a, dtypes[i], 1, shape, 0), ACT_ERR_DTYPE, said);
        assert_refused(act_prelu_create_channels(&a, dtypes[i], 3, 1, 0), ACT_ERR_DTYPE, "slope_dtype");
    }
    for (size_t i = 0; i < COUNT_OF(initials); i++) {
        snprintf(said, sizeof said, "initial is %g", initials[i]);
        assert_refused(act_prelu_create(&a, ACT_FLOAT32, 1, shape, initials[i]), ACT_ERR_INVALID_ARGUMENT, said);
        assert_refused(act_prelu_create_channels(&a, ACT_FLOAT32, 3, 1, initials[i]), ACT_ERR_INVALID_ARGUMENT, said);
    }
    assert_ptr_equal(a, nobody);
    assert_ok(act_prelu_create(&a, ACT_FLOAT64, 1, shape, 1e300)); /* a float64 holds it */
    act_activation_destroy(a);
}

static void prelu_channels(void **unused) {
    (void)unused;
    static const struct {
        int64_t channels;
        int32_t axis;
        act_status status;
        const char *says;
    } rows[] = {{0, 1, ACT_ERR_SHAPE, "channels is 0"},
                {-3, 1, ACT_ERR_SHAPE, "channels is -3"},
                {INT64_MAX, 1, ACT_ERR_SHAPE, "overflow"},
                {3, 32, ACT_ERR_INVALID_ARGUMENT, "axis is 32"},
                {3, -33, ACT_ERR_INVALID_ARGUMENT, "axis is -33"},
                {3, INT32_MIN, ACT_ERR_INVALID_ARGUMENT, "axis is -2147483648"}};
    act_activation *a = nobody;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_refused(act_prelu_create_channels(&a, ACT_FLOAT32, rows[i].channels, rows[i].axis, 0.25),
                       rows[i].status, rows[i].says);
        assert_ptr_equal(a, nobody);
    }
    assert_ok(act_prelu_create_channels(&a, ACT_FLOAT32, 3, 31, 0.25));
    act_activation_destroy(a);
    assert_ok(act_prelu_create_channels(&a, ACT_FLOAT32, 3, -32, 0.25));
    act_activation_destroy(a);
}

static void rrelu_bounds(void **unused) {
    (void)unused;
    static const struct {
        double lower, upper;
        const char *says;
    } rows[] = {{NAN, 1, "lower is nan"},
                {0, NAN, "upper is nan"},
                {-INFINITY, 1, "lower is -inf"},
                {0, INFINITY, "upper is inf"},
                {0.5, 0.25, "lower is 0.5 but upper is 0.25"},
                {-1.7e308, 1.7e308, "overflows"}};
    act_activation *a = nobody;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_refused(act_rrelu_create(&a, rows[i].lower, rows[i].upper, 1), ACT_ERR_INVALID_ARGUMENT, rows[i].says);
    assert_refused(act_rrelu_create(NULL, 0, 1, 1), ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    assert_ptr_equal(a, nobody);
    assert_ok(act_rrelu_create(&a, 0.25, 0.25, 1));
    act_activation_destroy(a);
}

static void maxout_sizes(void **unused) {
    (void)unused;
    static const struct {
        int64_t in, out, pieces;
        act_dtype dtype;
        uint32_t flags;
        act_status status;
        const char *says;
    } rows[] = {{0, 3, 2, ACT_FLOAT32, 0, ACT_ERR_SHAPE, "in_features is 0"},
                {-4, 3, 2, ACT_FLOAT32, 0, ACT_ERR_SHAPE, "in_features is -4"},
                {4, 0, 2, ACT_FLOAT32, 0, ACT_ERR_SHAPE, "out_features is 0"},
                {4, INT64_MIN, 2, ACT_FLOAT32, 0, ACT_ERR_SHAPE, "out_features is -9223372036854775808"},
                {4, 3, 0, ACT_FLOAT32, 0, ACT_ERR_SHAPE, "pieces is 0"},
                {4, 3, -1, ACT_FLOAT32, 0, ACT_ERR_SHAPE, "pieces is -1"},
                {4, 3, 257, ACT_FLOAT32, 0, ACT_ERR_UNSUPPORTED, "pieces is 257"},
                {4, 3, INT64_MAX, ACT_FLOAT32, 0, ACT_ERR_UNSUPPORTED, "pieces is 9223372036854775807"},
                {(int64_t)1 << 31, 3, 2, ACT_FLOAT32, 0, ACT_ERR_UNSUPPORTED, "in_features 2147483648"},
                {4, (int64_t)1 << 31, 1, ACT_FLOAT32, 0, ACT_ERR_UNSUPPORTED, "out_features 2147483648"},
                {4, (int64_t)1 << 30, 2, ACT_FLOAT32, 0, ACT_ERR_UNSUPPORTED, "pieces 2"},
                {INT64_MAX, INT64_MAX, 256, ACT_FLOAT32, 0, ACT_ERR_UNSUPPORTED, "in_features 9223372036854775807"},
                {4, 3, 2, 0, 0, ACT_ERR_DTYPE, "dtype: unknown (0)"},
                {4, 3, 2, ACT_FLOAT16, 0, ACT_ERR_DTYPE, "dtype: float16"},
                {4, 3, 2, ACT_BFLOAT16, 0, ACT_ERR_DTYPE, "dtype: bfloat16"},
                {4, 3, 2, ACT_FLOAT32, 4, ACT_ERR_INVALID_ARGUMENT, "flags is 0x4"},
                {4, 3, 2, ACT_FLOAT32, 0x80000001u, ACT_ERR_INVALID_ARGUMENT, "flags is 0x80000001"}};
    act_activation *a = nobody;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_refused(
            act_maxout_create(&a, rows[i].in, rows[i].out, rows[i].pieces, rows[i].dtype, rows[i].flags, 1),
            rows[i].status, rows[i].says);
        assert_ptr_equal(a, nobody);
    }
    assert_refused(act_maxout_create(NULL, 4, 3, 2, ACT_FLOAT32, 0, 1), ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    assert_ok(act_maxout_create(&a, 1, 1, 256, ACT_FLOAT64, ACT_MAXOUT_NO_BIAS | ACT_MAXOUT_GLOROT, 1));
    act_activation_destroy(a);
}

static void parameters_and_data_share_a_type(void **unused) {
    (void)unused;
    act_activation *prelu = make_kind(ACT_PRELU), *maxout = make_any(ACT_MAXOUT);
    const double x[4] = {1, 2, 3, 4};
    double y[4];
    const act_tensor in = make_tensor(x, ACT_FLOAT64, DIMS(4), NULL);
    act_tensor out = make_tensor(y, ACT_FLOAT64, DIMS(4), NULL), units = make_tensor(y, ACT_FLOAT64, DIMS(3), NULL);
    set_canary(y, sizeof y);
    assert_refused(act_forward(prelu, &in, &out, NULL), ACT_ERR_DTYPE,
                   "x: dtype is float64, but the slopes have float32");
    assert_refused(act_backward(prelu, &in, NULL, NULL, &in, &out), ACT_ERR_DTYPE, "float64");
    assert_refused(act_forward(maxout, &in, &units, NULL), ACT_ERR_DTYPE,
                   "x: dtype is float64, but the weights have float32");
    assert_canary(y, sizeof y);
    act_activation_destroy(prelu);
    act_activation_destroy(maxout);
}

/* Both one-dimensional calls with one set of arguments: x, dy, and the output. */
static void check_line(act_activation *a, act_dtype dtype, const void *x, void *out, int64_t n, act_status status,
                       const char *says) {
    float dy[16] = {0};
    assert_refused(act_forward_1d(a, dtype, x, out, n), status, says);
    assert_refused(act_backward_1d(a, dtype, x, dy, out, n), status, says);
}

static void lines(void **unused) {
    (void)unused;
    static const act_dtype none[] = {0, 5, -1, INT32_MAX};
    act_activation *a = make_kind(ACT_SIGMOID);
    _Alignas(8) float x[17] = {0}, y[17];
    set_canary(y, sizeof y);
    check_line(NULL, ACT_FLOAT32, x, y, 4, ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    for (size_t i = 0; i < COUNT_OF(none); i++) {
        char said[32];
        snprintf(said, sizeof said, "dtype: %d", none[i]);
        check_line(a, none[i], x, y, 4, ACT_ERR_DTYPE, said);
    }
    check_line(a, ACT_FLOAT32, x, y, -1, ACT_ERR_SHAPE, "-1");
    check_line(a, ACT_FLOAT32, x, y, INT64_MIN, ACT_ERR_SHAPE, "-9223372036854775808");
    check_line(a, ACT_FLOAT32, x, y, INT64_MAX, ACT_ERR_SHAPE, "overflow");
    check_line(a, ACT_FLOAT32, NULL, y, 4, ACT_ERR_INVALID_ARGUMENT, "x: data is NULL but there are 4");
    check_line(a, ACT_FLOAT32, x, NULL, 4, ACT_ERR_INVALID_ARGUMENT, "data is NULL but there are 4");
    assert_refused(act_backward_1d(a, ACT_FLOAT32, x, NULL, y, 4), ACT_ERR_INVALID_ARGUMENT, "dy: data is NULL");
    check_line(a, ACT_FLOAT32, (char *)x + 2, y, 4, ACT_ERR_LAYOUT, "x: ");
    check_line(a, ACT_FLOAT64, (char *)x + 4, y, 4, ACT_ERR_LAYOUT, "8 bytes");
    check_line(a, ACT_FLOAT16, (char *)x + 1, y, 4, ACT_ERR_LAYOUT, "2 bytes");
    check_line(a, ACT_BFLOAT16, (char *)x + 3, y, 4, ACT_ERR_LAYOUT, "2 bytes");
    check_line(a, ACT_FLOAT32, x, (char *)y + 1, 4, ACT_ERR_LAYOUT, "4 bytes");
    check_line(a, ACT_FLOAT32, y, y + 1, 4, ACT_ERR_OVERLAP, "but is not exactly it");
    assert_canary(y, sizeof y);
    assert_ok(act_forward_1d(a, ACT_FLOAT32, NULL, NULL, 0));
    assert_ok(act_backward_1d(a, ACT_FLOAT32, NULL, NULL, NULL, 0));
    assert_canary(y, sizeof y);
    act_activation_destroy(a);
}

/* "not maxout": neither where the sizes differ nor where they happen to agree. */
static void maxout_is_no_line(void **unused) {
    (void)unused;
    act_activation *a = make_any(ACT_MAXOUT), *square = NULL;
    float x[4] = {1, 2, 3, 4}, dy[4] = {0}, out[4];
    assert_ok(act_maxout_create(&square, 4, 4, 2, ACT_FLOAT32, 0, 1));
    set_canary(out, sizeof out);
    assert_status(act_forward_1d(a, ACT_FLOAT32, x, out, 4), ACT_ERR_SHAPE);
    assert_status(act_backward_1d(a, ACT_FLOAT32, x, dy, out, 4), ACT_ERR_MISSING);
    assert_status(act_backward_1d(square, ACT_FLOAT32, x, dy, out, 4), ACT_ERR_MISSING);
    assert_canary(out, sizeof out);
    act_activation_destroy(a);
    act_activation_destroy(square);
}

static void process_settings(void **unused) {
    (void)unused;
    const int32_t threads = act_get_num_threads();
    assert_refused(act_set_num_threads(-1), ACT_ERR_INVALID_ARGUMENT, "-1");
    assert_refused(act_set_num_threads(INT32_MIN), ACT_ERR_INVALID_ARGUMENT, "-2147483648");
    assert_int_equal(act_get_num_threads(), threads);
    assert_refused(act_set_allocator(test_allocate, NULL, NULL), ACT_ERR_INVALID_ARGUMENT, "release is NULL");
    assert_refused(act_set_allocator(NULL, test_release, NULL), ACT_ERR_INVALID_ARGUMENT, "allocate is NULL");
    act_activation_destroy(make_kind(ACT_RELU)); /* would crash with half an allocator */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prelu_shapes),
        cmocka_unit_test(prelu_arguments),
        cmocka_unit_test(prelu_channels),
        cmocka_unit_test(rrelu_bounds),
        cmocka_unit_test(maxout_sizes),
        cmocka_unit_test(parameters_and_data_share_a_type),
        cmocka_unit_test(lines),
        cmocka_unit_test(maxout_is_no_line),
        cmocka_unit_test(process_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
