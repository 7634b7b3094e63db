/* Objects: made, copied, and their parameters judged. */
#include "support.h"

#include <float.h>
#include <math.h>

static double get(const act_activation *a, const char *name) {
    double value = -77;
    assert_ok(act_activation_get_param(&value, a, name));
    return value;
}

static void null_pointers(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_ELU), *const before = a, *out = before;
    double value = -77;
    assert_int_equal(act_activation_get_kind(NULL), -1);
    act_activation_destroy(NULL);
    assert_refused(act_activation_create(NULL, ACT_RELU), ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    assert_refused(act_activation_clone(NULL, a), ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    assert_refused(act_activation_clone(&out, NULL), ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    assert_refused(act_activation_set_param(NULL, "alpha", 1), ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    assert_refused(act_activation_set_param(a, NULL, 1), ACT_ERR_INVALID_ARGUMENT, "name is NULL");
    assert_refused(act_activation_get_param(NULL, a, "alpha"), ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    assert_refused(act_activation_get_param(&value, NULL, "alpha"), ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    assert_refused(act_activation_get_param(&value, a, NULL), ACT_ERR_INVALID_ARGUMENT, "name is NULL");
    assert_ptr_equal(out, before);
    assert_true(value == -77);
    act_activation_destroy(a);
}

static void unknown_kinds(void **unused) {
    (void)unused;
    const act_kind kinds[] = {-1, act_kind_count(), 12345, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        act_activation *const before = (act_activation *)(uintptr_t)77, *a = before;
        char said[32];
        snprintf(said, sizeof said, "kind: %d ", kinds[i]);
        assert_refused(act_activation_create(&a, kinds[i]), ACT_ERR_INVALID_ARGUMENT, said);
        assert_ptr_equal(a, before);
    }
}

static void parameters_are_set_and_read(void **unused) {
    (void)unused;
    static const double values[] = {0, -0.0, 0.1, -3, DBL_MAX, -DBL_MAX, 5e-324};
    static const struct {
        act_kind kind;
        const char *name;
    } rows[] = {{ACT_LEAKY_RELU, "slope"}, {ACT_PRELU, "initial"}, {ACT_ELU, "alpha"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        act_activation *a = make_kind(rows[i].kind);
        for (size_t j = 0; j < COUNT_OF(values); j++) {
            if (rows[i].kind == ACT_PRELU && fabs(values[j]) > FLT_MAX) {
                assert_refused(act_activation_set_param(a, rows[i].name, values[j]), ACT_ERR_INVALID_ARGUMENT,
                               "float32");
                continue; /* its slope is float32 */
            }
            assert_ok(act_activation_set_param(a, rows[i].name, values[j]));
            const double value = get(a, rows[i].name);
            assert_memory_equal(&value, &values[j], sizeof value);
        }
        act_activation_destroy(a);
    }
}

static void bad_values_change_nothing(void **unused) {
    (void)unused;
    static const struct {
        act_kind kind;
        const char *name;
        double value;
        const char *says;
    } rows[] = {{ACT_LEAKY_RELU, "slope", NAN, "slope is NaN"},
                {ACT_LEAKY_RELU, "slope", INFINITY, "slope is inf"},
                {ACT_LEAKY_RELU, "slope", -INFINITY, "slope is -inf"},
                {ACT_PRELU, "initial", NAN, "initial is NaN"},
                {ACT_PRELU, "initial", INFINITY, "initial is inf"},
                {ACT_ELU, "alpha", -NAN, "alpha is NaN"},
                {ACT_ELU, "alpha", -INFINITY, "alpha is -inf"},
                {ACT_CLIPPED_RELU, "max", 0, "max is 0, expected a value above 0"},
                {ACT_HARD_TANH, "lo", 2, "lo is 2 but hi is 1"},
                {ACT_HARD_TANH, "hi", -INFINITY, "lo is -1 but hi is -inf"},
                {ACT_RELU_GENERAL, "max", -1, "theta is 0 but max is -1"},
                {ACT_RELU_GENERAL, "theta", INFINITY, "theta is inf"},
                {ACT_SOFT_SHRINK, "lambda", -0.5, "lambda is -0.5, expected a value from 0"},
                {ACT_RRELU, "lower", NAN, "lower is NaN"},
                {ACT_RRELU, "upper", INFINITY, "upper is inf"},
                {ACT_RRELU, "lower", 0.5, "lower is 0.5"},
                {ACT_RRELU, "upper", 0.1, "upper is 0.1"},
                {ACT_RRELU, "seed", -1, "seed is -1"},
                {ACT_RRELU, "seed", 0.5, "seed is 0.5"},
                {ACT_RRELU, "seed", 0x1p53 + 2, "seed is 9.0072e+15"},
                {ACT_RRELU, "seed", NAN, "seed is NaN"},
                {ACT_RRELU, "seed", INFINITY, "seed is inf"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        act_activation *a = make_kind(rows[i].kind);
        const double before = get(a, rows[i].name);
        assert_refused(act_activation_set_param(a, rows[i].name, rows[i].value), ACT_ERR_INVALID_ARGUMENT,
                       rows[i].says);
        assert_true(get(a, rows[i].name) == before);
        act_activation_destroy(a);
    }
}

static void unknown_parameters(void **unused) {
    (void)unused;
    static const struct {
        act_kind kind;
        const char *name;
    } rows[] = {{ACT_RELU, "slope"}, {ACT_ELU, "Alpha"},     {ACT_ELU, ""},        {ACT_ELU, "alph"},
                {ACT_ELU, "alpha "}, {ACT_MAXOUT, "pieces"}, {ACT_PRELU, "slope"}, {ACT_IDENTITY, "a"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        act_activation *a = make_any(rows[i].kind);
        char said[32];
        double value = -77;
        snprintf(said, sizeof said, "\"%s\"", rows[i].name);
        assert_refused(act_activation_set_param(a, rows[i].name, 1), ACT_ERR_INVALID_ARGUMENT, said);
        assert_refused(act_activation_get_param(&value, a, rows[i].name), ACT_ERR_INVALID_ARGUMENT, said);
        assert_true(value == -77);
        act_activation_destroy(a);
    }
}

static void rrelu_bounds_move_together(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_RRELU);
    assert_refused(act_activation_set_param(a, "lower", 0.4), ACT_ERR_INVALID_ARGUMENT, "lower is 0.4 but upper is");
    assert_ok(act_activation_set_param(a, "upper", 0.5));
    assert_ok(act_activation_set_param(a, "lower", 0.4));
    assert_ok(act_activation_set_param(a, "upper", 0.4)); /* equal bounds are legal */
    assert_refused(act_activation_set_param(a, "upper", nextafter(0.4, 0)), ACT_ERR_INVALID_ARGUMENT, "upper");
    assert_true(get(a, "lower") == 0.4 && get(a, "upper") == 0.4);
    act_activation_destroy(a);
}

static void rrelu_seeds(void **unused) {
    (void)unused;
    act_activation *a = NULL;
    assert_ok(act_rrelu_create(&a, 0.1, 0.2, UINT64_MAX));
    assert_true(get(a, "seed") == 0x1p64); /* rounded to the nearest double */
    assert_ok(act_activation_set_param(a, "seed", 0x1p53));
    assert_true(get(a, "seed") == 0x1p53);
    assert_ok(act_activation_set_param(a, "seed", 0));
    assert_true(get(a, "seed") == 0);
    act_activation_destroy(a);
}

static void one_forward(const act_activation *a, float x, float wanted) {
    float y = -77;
    assert_ok(act_forward_1d(a, ACT_FLOAT32, &x, &y, 1));
    assert_true(y == wanted);
}

static void a_set_parameter_counts(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_LEAKY_RELU), *r = make_kind(ACT_RRELU);
    assert_ok(act_activation_set_param(a, "slope", 0.5));
    one_forward(a, -3, -1.5f);
    assert_refused(act_activation_set_param(a, "slope", NAN), ACT_ERR_INVALID_ARGUMENT, "NaN");
    one_forward(a, -3, -1.5f);
    assert_ok(act_activation_set_param(r, "upper", 0.375));
    one_forward(r, -4, -1);
    act_activation_destroy(a);
    act_activation_destroy(r);
}

static void initial_leaves_the_slopes_alone(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_PRELU);
    assert_ok(act_activation_set_param(a, "initial", 0.75));
    one_forward(a, -4, -1);
    act_activation_destroy(a);
}

static void clones_are_equal_and_apart(void **unused) {
    (void)unused;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        act_activation *a = make_any(kind), *copy = NULL;
        assert_ok(act_activation_clone(&copy, a));
        assert_ptr_not_equal(a, copy);
        assert_int_equal(act_activation_get_kind(copy), kind);
        assert_int_equal(act_activation_parameter_count(copy), act_activation_parameter_count(a));
        assert_int_equal(act_backward_needs(copy), act_backward_needs(a));
        act_activation_destroy(a);
        act_activation_destroy(copy);
    }
    act_activation *a = make_spec("elu(alpha=0.5)"), *copy = NULL;
    assert_ok(act_activation_clone(&copy, a));
    assert_ok(act_activation_set_param(a, "alpha", 2));
    assert_true(get(copy, "alpha") == 0.5);
    act_activation_destroy(a);
    assert_true(get(copy, "alpha") == 0.5);
    one_forward(copy, 3, 3);
    act_activation_destroy(copy);
}

/* Channels on an axis, and an exact seed, are part of a copy. */
static void clones_keep_what_has_no_name(void **unused) {
    (void)unused;
    act_activation *a = NULL, *copy = NULL;
    float x[6] = {-1, -1, -1, -1, -1, -1}, y[6];
    const act_tensor in = make_tensor(x, ACT_FLOAT32, DIMS(2, 3), NULL);
    act_tensor out = make_tensor(y, ACT_FLOAT32, DIMS(2, 3), NULL), value;
    assert_ok(act_prelu_create_channels(&a, ACT_FLOAT32, 2, 0, 0.25));
    assert_ok(act_activation_parameter(a, 0, &value));
    ((float *)value.data)[1] = 2;
    assert_ok(act_activation_clone(&copy, a));
    act_activation_destroy(a);
    assert_ok(act_forward(copy, &in, &out, NULL));
    assert_true(y[0] == -0.25f && y[2] == -0.25f && y[3] == -2 && y[5] == -2);
    act_activation_destroy(copy);
}

/* Legal as double, but not a float32: a parameter is judged where it is used. */
static void parameters_beyond_float32(void **unused) {
    (void)unused;
    static const struct {
        const char *spec, *says;
    } rows[] = {{"leaky_relu(slope=1e300)", "slope is 1e+300"},
                {"elu(alpha=-1e39)", "alpha is -1e+39"},
                {"clipped_relu(max=1e-60)", "max is 1e-60, which is 0 in float32"},
                {"rrelu(lower=-1e300, upper=1)", "lower is -1e+300"},
                {"rrelu(lower=-1, upper=1e300)", "upper is 1e+300"},
                {"rrelu(lower=-3e38, upper=3e38)", "upper - lower is not finite in float32"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        act_activation *a = make_spec(rows[i].spec);
        const float x = -1, dy = 1;
        float y, dx;
        const double x64 = -1, dy64 = 1;
        double y64 = -77, dx64 = -77;
        set_canary(&y, sizeof y);
        set_canary(&dx, sizeof dx);
        assert_refused(act_forward_1d(a, ACT_FLOAT32, &x, &y, 1), ACT_ERR_UNSUPPORTED, rows[i].says);
        assert_refused(act_backward_1d(a, ACT_FLOAT32, &x, &dy, &dx, 1), ACT_ERR_UNSUPPORTED, rows[i].says);
        assert_canary(&y, sizeof y);
        assert_canary(&dx, sizeof dx);
        assert_ok(act_forward_1d(a, ACT_FLOAT64, &x64, &y64, 1));
        assert_ok(act_backward_1d(a, ACT_FLOAT64, &x64, &dy64, &dx64, 1));
        assert_true(isfinite(y64) && isfinite(dx64) && y64 != -77 && dx64 != -77);
        act_activation_destroy(a);
    }
}

/* Just inside float32 works. */
static void parameters_at_the_edge_of_float32(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_LEAKY_RELU);
    assert_ok(act_activation_set_param(a, "slope", FLT_MAX));
    one_forward(a, -0.5f, -FLT_MAX / 2);
    assert_ok(act_activation_set_param(a, "slope", FLT_MAX * (1 + 0x1p-26))); /* rounds down to FLT_MAX */
    one_forward(a, -0.5f, -FLT_MAX / 2);
    assert_ok(act_activation_set_param(a, "slope", 0.1)); /* and back */
    one_forward(a, -1, -0.1f);
    act_activation_destroy(a);
}

static void what_backward_needs(void **unused) {
    (void)unused;
    static const struct {
        const char *spec;
        uint32_t needs;
    } rows[] = {{"identity", 0},
                {"relu", ACT_NEEDS_INPUT | ACT_NEEDS_OUTPUT | ACT_NEEDS_STATE},
                {"leaky_relu", ACT_NEEDS_INPUT | ACT_NEEDS_OUTPUT | ACT_NEEDS_STATE},
                {"leaky_relu(slope=0)", ACT_NEEDS_INPUT | ACT_NEEDS_OUTPUT | ACT_NEEDS_STATE},
                {"leaky_relu(slope=-0.1)", ACT_NEEDS_INPUT | ACT_NEEDS_STATE},
                {"prelu", ACT_NEEDS_INPUT}, /* y serves only until a slope learns its way to 0 */
                {"prelu(initial=0)", ACT_NEEDS_INPUT},
                {"prelu(initial=-1)", ACT_NEEDS_INPUT},
                {"rrelu", ACT_NEEDS_INPUT | ACT_NEEDS_STATE | ACT_NEEDS_ALL},
                {"elu", ACT_NEEDS_INPUT | ACT_NEEDS_OUTPUT},
                {"elu(alpha=0)", ACT_NEEDS_INPUT},
                {"affine", 0},
                {"clipped_relu", ACT_NEEDS_INPUT | ACT_NEEDS_OUTPUT},
                {"threshold(theta=1,value=1)", ACT_NEEDS_INPUT | ACT_NEEDS_OUTPUT},
                {"threshold(theta=1,value=1.5)", ACT_NEEDS_INPUT},
                {"hard_tanh", ACT_NEEDS_INPUT | ACT_NEEDS_OUTPUT},
                {"hard_tanh(lo=1,hi=1)", ACT_NEEDS_INPUT},
                {"hard_swish", ACT_NEEDS_INPUT},
                {"elu(alpha=-1)", ACT_NEEDS_INPUT},
                {"sigmoid", ACT_NEEDS_INPUT | ACT_NEEDS_OUTPUT},
                {"tanh", ACT_NEEDS_INPUT | ACT_NEEDS_OUTPUT},
                {"softsign", ACT_NEEDS_INPUT | ACT_NEEDS_OUTPUT}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        act_activation *a = make_spec(rows[i].spec);
        assert_int_equal(act_backward_needs(a), rows[i].needs);
        act_activation_destroy(a);
    }
    act_activation *maxout = make_any(ACT_MAXOUT);
    assert_int_equal(act_backward_needs(maxout), ACT_NEEDS_INPUT | ACT_NEEDS_STATE | ACT_NEEDS_ALL);
    assert_int_equal(act_backward_needs(NULL), 0);
    act_activation_destroy(maxout);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_pointers),
        cmocka_unit_test(unknown_kinds),
        cmocka_unit_test(parameters_are_set_and_read),
        cmocka_unit_test(bad_values_change_nothing),
        cmocka_unit_test(unknown_parameters),
        cmocka_unit_test(rrelu_bounds_move_together),
        cmocka_unit_test(rrelu_seeds),
        cmocka_unit_test(a_set_parameter_counts),
        cmocka_unit_test(initial_leaves_the_slopes_alone),
        cmocka_unit_test(clones_are_equal_and_apart),
        cmocka_unit_test(clones_keep_what_has_no_name),
        cmocka_unit_test(parameters_beyond_float32),
        cmocka_unit_test(parameters_at_the_edge_of_float32),
        cmocka_unit_test(what_backward_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
