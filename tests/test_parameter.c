/* What is learned: views, storage of the caller's, and copies. The optimiser's step is in test_sgd.c. */
#include "support.h"

static act_activation *prelu_of(int32_t ndim, const int64_t *shape, double initial) {
    act_activation *a = NULL;
    assert_ok(act_prelu_create(&a, ACT_FLOAT32, ndim, shape, initial));
    return a;
}

static float *values(act_activation *a) {
    act_tensor t;
    assert_ok(act_activation_parameter(a, 0, &t));
    return t.data;
}

static float *gradients(act_activation *a) {
    act_tensor t;
    assert_ok(act_activation_gradient(a, 0, &t));
    return t.data;
}

/* Backward of x = -1 and dy = 1 at n slopes: adds -1 to each gradient. */
static void run_backward(act_activation *a, int64_t n) {
    float x[8], dy[8], dx[8];
    for (int64_t i = 0; i < n; i++) {
        x[i] = -1;
        dy[i] = 1;
    }
    assert_ok(act_backward_1d(a, ACT_FLOAT32, x, dy, dx, n));
}

static float run_forward(const act_activation *a) {
    const float x = -1;
    float y = -77;
    assert_ok(act_forward_1d(a, ACT_FLOAT32, &x, &y, 1));
    return y;
}

static void names_and_counts(void **unused) {
    (void)unused;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        act_activation *a = make_any(kind);
        const int32_t count = kind == ACT_PRELU ? 1 : kind == ACT_MAXOUT ? 2 : 0;
        assert_int_equal(act_activation_parameter_count(a), count);
        assert_null(act_activation_parameter_name(a, count));
        assert_null(act_activation_parameter_name(a, -1));
        if (kind == ACT_PRELU)
            assert_string_equal(act_activation_parameter_name(a, 0), "slope");
        if (kind == ACT_MAXOUT) {
            assert_string_equal(act_activation_parameter_name(a, 0), "weight");
            assert_string_equal(act_activation_parameter_name(a, 1), "bias");
        }
        act_activation_destroy(a);
    }
    assert_int_equal(act_activation_parameter_count(NULL), 0);
    assert_null(act_activation_parameter_name(NULL, 0));
}

static void check_view(const act_tensor *t, act_dtype dtype, int32_t ndim, const int64_t *shape) {
    assert_non_null(t->data);
    assert_int_equal(t->device_type, 1);
    assert_int_equal(t->dtype_code, 2);
    assert_int_equal(t->dtype_bits, dtype == ACT_FLOAT32 ? 32 : 64);
    assert_int_equal(t->dtype_lanes, 1);
    assert_int_equal(t->ndim, ndim);
    assert_int_equal(t->byte_offset, 0);
    assert_null(t->strides);
    for (int32_t d = 0; d < ndim; d++)
        assert_int_equal(t->shape[d], shape[d]);
}

static void check_views(act_activation *a, int32_t index, act_dtype dtype, int32_t ndim, const int64_t *shape) {
    act_tensor value, gradient;
    assert_ok(act_activation_parameter(a, index, &value));
    assert_ok(act_activation_gradient(a, index, &gradient));
    check_view(&value, dtype, ndim, shape);
    check_view(&gradient, dtype, ndim, shape);
    assert_ptr_not_equal(value.data, gradient.data);
}

static void views_have_the_shape(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_PRELU);
    check_views(a, 0, ACT_FLOAT32, DIMS(1));
    act_activation_destroy(a);
    a = prelu_of(DIMS(3, 1, 2), 0.5);
    check_views(a, 0, ACT_FLOAT32, DIMS(3, 1, 2));
    for (int i = 0; i < 6; i++)
        assert_true(values(a)[i] == 0.5f && gradients(a)[i] == 0);
    act_activation_destroy(a);
    assert_ok(act_prelu_create(&a, ACT_FLOAT64, 0, NULL, -2));
    check_views(a, 0, ACT_FLOAT64, 0, NULL);
    act_activation_destroy(a);
    assert_ok(act_prelu_create_channels(&a, ACT_FLOAT64, 5, -3, 0));
    check_views(a, 0, ACT_FLOAT64, DIMS(5));
    act_activation_destroy(a);
    assert_ok(act_maxout_create(&a, 4, 3, 2, ACT_FLOAT64, 0, 1));
    check_views(a, 0, ACT_FLOAT64, DIMS(2, 3, 4));
    check_views(a, 1, ACT_FLOAT64, DIMS(2, 3));
    act_activation_destroy(a);
    assert_ok(act_maxout_create(&a, 4, 3, 2, ACT_FLOAT32, ACT_MAXOUT_NO_BIAS, 1));
    assert_int_equal(act_activation_parameter_count(a), 1);
    check_views(a, 0, ACT_FLOAT32, DIMS(2, 3, 4));
    act_activation_destroy(a);
}

static void bad_indices_and_null(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_PRELU), *relu = make_kind(ACT_RELU);
    act_tensor t;
    set_canary(&t, sizeof t);
    assert_refused(act_activation_parameter(a, 1, &t), ACT_ERR_INVALID_ARGUMENT, "index: 1");
    assert_refused(act_activation_parameter(a, -1, &t), ACT_ERR_INVALID_ARGUMENT, "index: -1");
    assert_refused(act_activation_gradient(a, 7, &t), ACT_ERR_INVALID_ARGUMENT, "index: 7");
    assert_refused(act_activation_parameter(relu, 0, &t), ACT_ERR_INVALID_ARGUMENT, "relu has 0");
    assert_refused(act_activation_parameter(NULL, 0, &t), ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    assert_refused(act_activation_gradient(NULL, 0, &t), ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    assert_refused(act_activation_parameter(a, 0, NULL), ACT_ERR_INVALID_ARGUMENT, "value is NULL");
    assert_refused(act_activation_gradient(a, 0, NULL), ACT_ERR_INVALID_ARGUMENT, "gradient is NULL");
    assert_refused(act_activation_bind_parameter(NULL, 0, NULL, NULL), ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    assert_refused(act_activation_bind_parameter(a, 1, NULL, NULL), ACT_ERR_INVALID_ARGUMENT, "index: 1");
    assert_refused(act_activation_bind_parameter(relu, 0, NULL, NULL), ACT_ERR_INVALID_ARGUMENT, "index: 0");
    assert_canary(&t, sizeof t);
    act_activation_destroy(a);
    act_activation_destroy(relu);
}

static void values_are_there_to_be_written(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_PRELU);
    *values(a) = 0.5f;
    assert_true(run_forward(a) == -0.5f);
    run_backward(a, 1);
    run_backward(a, 1);
    assert_true(*gradients(a) == -2);
    act_activation_destroy(a);
}

static void gradients_are_set_to_zero(void **unused) {
    (void)unused;
    act_activation *a = prelu_of(DIMS(3), 0.25), *relu = make_kind(ACT_RELU), *maxout = make_any(ACT_MAXOUT);
    run_backward(a, 3);
    assert_true(gradients(a)[2] == -1);
    assert_ok(act_activation_zero_gradients(a));
    for (int i = 0; i < 3; i++)
        assert_true(gradients(a)[i] == 0 && values(a)[i] == 0.25f);
    act_tensor bias;
    assert_ok(act_activation_gradient(maxout, 1, &bias));
    gradients(maxout)[23] = ((float *)bias.data)[5] = 1;
    assert_ok(act_activation_zero_gradients(maxout));
    assert_true(gradients(maxout)[23] == 0 && ((float *)bias.data)[5] == 0);
    assert_ok(act_activation_zero_gradients(relu));
    assert_refused(act_activation_zero_gradients(NULL), ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    act_activation_destroy(a);
    act_activation_destroy(relu);
    act_activation_destroy(maxout);
}

static void bound_memory_is_what_counts(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_PRELU);
    float value = 0.5f, gradient = 10;
    const act_tensor v = make_tensor(&value, ACT_FLOAT32, DIMS(1), NULL),
                     g = make_tensor(&gradient, ACT_FLOAT32, DIMS(1), NULL);
    run_backward(a, 1);
    assert_ok(act_activation_bind_parameter(a, 0, &v, &g));
    assert_ptr_equal(values(a), &value);
    assert_ptr_equal(gradients(a), &gradient);
    assert_true(run_forward(a) == -0.5f);
    value = 3;
    assert_true(run_forward(a) == -3);
    run_backward(a, 1);
    assert_true(gradient == 9 && value == 3);
    assert_ok(act_activation_zero_gradients(a));
    assert_true(gradient == 0);
    act_activation_destroy(a);
    assert_true(value == 3); /* the memory is the caller's */
}

static void the_gradient_may_stay(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_PRELU);
    float value = 0.5f;
    const act_tensor v = make_tensor(&value, ACT_FLOAT32, DIMS(1), NULL);
    float *own = gradients(a);
    run_backward(a, 1);
    assert_ok(act_activation_bind_parameter(a, 0, &v, NULL));
    assert_ptr_equal(gradients(a), own);
    assert_true(*own == -1);
    act_activation_destroy(a);
}

static void unbinding_keeps_the_values(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_PRELU);
    float *own = values(a), *own_gradient = gradients(a), value = 0.5f, gradient = 10;
    const act_tensor v = make_tensor(&value, ACT_FLOAT32, DIMS(1), NULL),
                     g = make_tensor(&gradient, ACT_FLOAT32, DIMS(1), NULL);
    assert_ok(act_activation_bind_parameter(a, 0, &v, &g));
    run_backward(a, 1);
    assert_ok(act_activation_bind_parameter(a, 0, NULL, NULL));
    assert_ptr_equal(values(a), own);
    assert_ptr_equal(gradients(a), own_gradient);
    assert_true(*own == 0.5f && *own_gradient == 9);
    value = 77;
    assert_true(run_forward(a) == -0.5f);
    assert_ok(act_activation_bind_parameter(a, 0, NULL, NULL)); /* twice does no harm */
    assert_true(run_forward(a) == -0.5f);
    act_activation_destroy(a);
}

static void rank_0_and_maxout_bind_too(void **unused) {
    (void)unused;
    act_activation *a = prelu_of(0, NULL, 0.25), *m = make_any(ACT_MAXOUT);
    float value = 2, bias[6] = {9, 9, 9, 9, 9, 9}, weight[24] = {0}, y[3];
    const float x[4] = {1, 2, 3, 4};
    const act_tensor v = make_tensor(&value, ACT_FLOAT32, 0, NULL, NULL),
                     b = make_tensor(bias, ACT_FLOAT32, DIMS(2, 3), NULL),
                     w = make_tensor(weight, ACT_FLOAT32, DIMS(2, 3, 4), NULL),
                     in = make_tensor(x, ACT_FLOAT32, DIMS(4), NULL);
    act_tensor out = make_tensor(y, ACT_FLOAT32, DIMS(3), NULL);
    assert_ok(act_activation_bind_parameter(a, 0, &v, NULL));
    assert_true(run_forward(a) == -2);
    assert_ok(act_activation_bind_parameter(m, 0, &w, NULL));
    assert_ok(act_activation_bind_parameter(m, 1, &b, NULL));
    weight[12 + 3] = 5; /* piece 1, unit 0, input 3 */
    assert_ok(act_forward(m, &in, &out, NULL));
    assert_true(y[0] == 29 && y[1] == 9 && y[2] == 9);
    act_activation_destroy(a);
    act_activation_destroy(m);
}

/* Each row binds one bad tensor, as the value and as the gradient; the storage stays what it was. */
static void bad_storage_is_refused(void **unused) {
    (void)unused;
    static _Alignas(64) double memory[32], apart[32];
    const struct {
        act_dtype dtype;
        int32_t ndim, device;
        int64_t shape[2], strides[2];
        uint64_t offset;
        act_status status;
        const char *says;
    } rows[] = {{ACT_FLOAT32, 1, 1, {6}, {1}, 0, ACT_ERR_SHAPE, "rank is 1, expected 2"},
                {ACT_FLOAT32, 2, 1, {3, 2}, {2, 1}, 0, ACT_ERR_SHAPE, "dimension 0 is 3, expected 2"},
                {ACT_FLOAT32, 2, 1, {2, 4}, {4, 1}, 0, ACT_ERR_SHAPE, "dimension 1 is 4, expected 3"},
                {ACT_FLOAT32, 2, 1, {2, 0}, {0, 1}, 0, ACT_ERR_SHAPE, "dimension 1 is 0, expected 3"},
                {ACT_FLOAT64, 2, 1, {2, 3}, {3, 1}, 0, ACT_ERR_DTYPE, "float64, expected float32"},
                {ACT_FLOAT16, 2, 1, {2, 3}, {3, 1}, 0, ACT_ERR_DTYPE, "float16"},
                {ACT_FLOAT32, 2, 1, {2, 3}, {4, 1}, 0, ACT_ERR_LAYOUT, "gaps"},
                {ACT_FLOAT32, 2, 1, {2, 3}, {1, 2}, 0, ACT_ERR_LAYOUT, "another order"},
                {ACT_FLOAT32, 2, 1, {2, 3}, {0, 0}, 0, ACT_ERR_LAYOUT, "row-major"},
                {ACT_FLOAT32, 2, 1, {2, 3}, {3, 1}, 2, ACT_ERR_LAYOUT, "4 bytes"},
                {ACT_FLOAT32, 2, 2, {2, 3}, {3, 1}, 0, ACT_ERR_DEVICE, "device type is 2"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        act_activation *a = prelu_of(DIMS(2, 3), 0.25);
        float *value = values(a), *gradient = gradients(a);
        act_tensor bad = make_tensor(memory, rows[i].dtype, rows[i].ndim, rows[i].shape, rows[i].strides);
        const act_tensor fine = make_tensor(apart, ACT_FLOAT32, DIMS(2, 3), NULL);
        bad.byte_offset = rows[i].offset;
        bad.device_type = rows[i].device;
        assert_refused(act_activation_bind_parameter(a, 0, &bad, NULL), rows[i].status, rows[i].says);
        assert_non_null(strstr(act_last_error(), "value: "));
        assert_refused(act_activation_bind_parameter(a, 0, &fine, &bad), rows[i].status, rows[i].says);
        assert_non_null(strstr(act_last_error(), "gradient: "));
        assert_ptr_equal(values(a), value);
        assert_ptr_equal(gradients(a), gradient);
        act_activation_destroy(a);
    }
}

static void value_and_gradient_lie_apart(void **unused) {
    (void)unused;
    act_activation *a = prelu_of(DIMS(4), 0.25);
    float memory[12] = {0}, *value = values(a), *gradient = gradients(a);
    const act_tensor v = make_tensor(memory + 4, ACT_FLOAT32, DIMS(4), NULL);
    for (int shift = 1; shift <= 7; shift++) {
        const act_tensor g = make_tensor(memory + shift, ACT_FLOAT32, DIMS(4), NULL);
        assert_refused(act_activation_bind_parameter(a, 0, &v, &g), ACT_ERR_OVERLAP,
                       "gradient shares memory with value");
        assert_ptr_equal(values(a), value);
        assert_ptr_equal(gradients(a), gradient);
    }
    const act_tensor before = make_tensor(memory, ACT_FLOAT32, DIMS(4), NULL),
                     after = make_tensor(memory + 8, ACT_FLOAT32, DIMS(4), NULL);
    assert_ok(act_activation_bind_parameter(a, 0, &v, &before));
    assert_ok(act_activation_bind_parameter(a, 0, &v, &after));
    assert_refused(act_activation_bind_parameter(a, 0, NULL, &before), ACT_ERR_INVALID_ARGUMENT, "value is NULL");
    assert_ptr_equal(gradients(a), memory + 8);
    act_activation_destroy(a);
}

/* The gradient that stays where it is may not come to lie under the new value either. */
static void a_kept_gradient_lies_apart_too(void **unused) {
    (void)unused;
    act_activation *a = prelu_of(DIMS(4), 0.25);
    float memory[12] = {0};
    const act_tensor v = make_tensor(memory, ACT_FLOAT32, DIMS(4), NULL),
                     g = make_tensor(memory + 4, ACT_FLOAT32, DIMS(4), NULL),
                     onto = make_tensor(memory + 6, ACT_FLOAT32, DIMS(4), NULL);
    assert_ok(act_activation_bind_parameter(a, 0, &v, &g));
    assert_refused(act_activation_bind_parameter(a, 0, &g, NULL), ACT_ERR_OVERLAP, "gradient");
    assert_refused(act_activation_bind_parameter(a, 0, &onto, NULL), ACT_ERR_OVERLAP, "gradient");
    assert_ptr_equal(values(a), memory);
    act_activation_destroy(a);
}

static void clones_own_what_they_copied(void **unused) {
    (void)unused;
    act_activation *a = prelu_of(DIMS(2), 0.25), *copy = NULL;
    float value[2] = {0.5f, 1}, gradient[2] = {3, 4};
    const act_tensor v = make_tensor(value, ACT_FLOAT32, DIMS(2), NULL),
                     g = make_tensor(gradient, ACT_FLOAT32, DIMS(2), NULL);
    assert_ok(act_activation_bind_parameter(a, 0, &v, &g));
    assert_ok(act_activation_clone(&copy, a));
    act_activation_destroy(a);
    value[0] = value[1] = gradient[0] = gradient[1] = 77;
    assert_true(values(copy)[0] == 0.5f && values(copy)[1] == 1);
    assert_true(gradients(copy)[0] == 3 && gradients(copy)[1] == 4);
    check_views(copy, 0, ACT_FLOAT32, DIMS(2));
    assert_ok(act_activation_bind_parameter(copy, 0, NULL, NULL));
    assert_true(values(copy)[0] == 0.5f && gradients(copy)[1] == 4);
    act_activation_destroy(copy);
}

static void outputs_may_not_be_the_slopes(void **unused) {
    (void)unused;
    act_activation *a = prelu_of(DIMS(4), 0.25);
    float x[4] = {-1, -1, -1, -1}, dx[4];
    const act_tensor in = make_tensor(x, ACT_FLOAT32, DIMS(4), NULL);
    act_tensor slope, gradient, out = make_tensor(dx, ACT_FLOAT32, DIMS(4), NULL);
    assert_ok(act_activation_parameter(a, 0, &slope));
    assert_ok(act_activation_gradient(a, 0, &gradient));
    assert_refused(act_forward(a, &in, &slope, NULL), ACT_ERR_OVERLAP, "y shares memory with the slope");
    assert_refused(act_forward(a, &in, &gradient, NULL), ACT_ERR_OVERLAP, "y shares memory with the slope gradient");
    assert_refused(act_backward(a, &in, NULL, NULL, &in, &slope), ACT_ERR_OVERLAP, "dx shares memory with the slope");
    assert_refused(act_backward(a, &in, NULL, NULL, &in, &gradient), ACT_ERR_OVERLAP,
                   "dx shares memory with the slope gradient");
    for (int i = 0; i < 4; i++)
        assert_true(values(a)[i] == 0.25f && gradients(a)[i] == 0);
    assert_ok(act_forward(a, &slope, &out, NULL)); /* as an input they are welcome */
    assert_true(dx[3] == 0.25f);
    act_activation_destroy(a);
}

static void outputs_may_not_be_the_weights(void **unused) {
    (void)unused;
    act_activation *a = make_any(ACT_MAXOUT);
    act_state *state = make_state();
    float x[4] = {1, 2, 3, 4}, dy[3] = {1, 1, 1}, y[3];
    const act_tensor in = make_tensor(x, ACT_FLOAT32, DIMS(4), NULL),
                     in_dy = make_tensor(dy, ACT_FLOAT32, DIMS(3), NULL);
    act_tensor out = make_tensor(y, ACT_FLOAT32, DIMS(3), NULL);
    assert_ok(act_forward(a, &in, &out, state));
    for (int32_t i = 0; i < 2; i++) {
        act_tensor storage[2];
        assert_ok(act_activation_parameter(a, i, &storage[0]));
        assert_ok(act_activation_gradient(a, i, &storage[1]));
        for (int j = 0; j < 2; j++) {
            act_tensor over_y = make_tensor(storage[j].data, ACT_FLOAT32, DIMS(3), NULL);
            act_tensor over_dx = make_tensor(storage[j].data, ACT_FLOAT32, DIMS(4), NULL);
            assert_refused(act_forward(a, &in, &over_y, NULL), ACT_ERR_OVERLAP, act_activation_parameter_name(a, i));
            assert_refused(act_backward(a, &in, NULL, state, &in_dy, &over_dx), ACT_ERR_OVERLAP,
                           act_activation_parameter_name(a, i));
        }
    }
    act_activation_destroy(a);
    act_state_destroy(state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_counts),
        cmocka_unit_test(views_have_the_shape),
        cmocka_unit_test(bad_indices_and_null),
        cmocka_unit_test(values_are_there_to_be_written),
        cmocka_unit_test(gradients_are_set_to_zero),
        cmocka_unit_test(bound_memory_is_what_counts),
        cmocka_unit_test(the_gradient_may_stay),
        cmocka_unit_test(unbinding_keeps_the_values),
        cmocka_unit_test(rank_0_and_maxout_bind_too),
        cmocka_unit_test(bad_storage_is_refused),
        cmocka_unit_test(value_and_gradient_lie_apart),
        cmocka_unit_test(a_kept_gradient_lies_apart_too),
        cmocka_unit_test(clones_own_what_they_copied),
        cmocka_unit_test(outputs_may_not_be_the_slopes),
        cmocka_unit_test(outputs_may_not_be_the_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
