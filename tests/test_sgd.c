/* The optimiser's step of parameter.c. Numbers are dyadic, so that what is expected is exact. */
#include "support.h"

#include <float.h>
#include <math.h>

/* A prelu with one float64 slope and a gradient. */
static act_activation *slope_of(double value, double gradient) {
    act_activation *a = NULL;
    act_tensor g;
    assert_ok(act_prelu_create(&a, ACT_FLOAT64, 0, NULL, value));
    assert_ok(act_activation_gradient(a, 0, &g));
    *(double *)g.data = gradient;
    return a;
}

static double value_of(act_activation *a) {
    act_tensor v;
    assert_ok(act_activation_parameter(a, 0, &v));
    return *(const double *)v.data;
}

static double gradient_of(act_activation *a) {
    act_tensor g;
    assert_ok(act_activation_gradient(a, 0, &g));
    return *(const double *)g.data;
}

static act_sgd with_rate(double rate) {
    act_sgd options = ACT_SGD_INIT;
    options.rate = rate;
    return options;
}

static void check_step(act_activation *a, const act_sgd *options, double wanted) {
    assert_ok(act_activation_sgd_step(a, options));
    const double value = value_of(a);
    if (value != wanted)
        fail_msg("value is %.17g, expected %.17g", value, wanted);
}

static void defaults(void **unused) {
    (void)unused;
    act_sgd options;
    assert_refused(act_sgd_init(NULL), ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    assert_ok(act_sgd_init(&options));
    assert_int_equal(options.struct_size, sizeof options);
    assert_int_equal(options.flags, 0);
    assert_true(options.rate == 0.01 && options.momentum == 0 && options.decay == 0 && options.decay_target == 0);
    assert_true(options.lower == -DBL_MAX && options.upper == DBL_MAX);
}

static void plain_steps(void **unused) {
    (void)unused;
    act_activation *a = slope_of(1, 2);
    act_sgd options = with_rate(0.25);
    check_step(a, &options, 0.5);
    check_step(a, &options, 0);
    assert_true(gradient_of(a) == 2); /* left as it is */
    options.rate = 0;
    check_step(a, &options, 0);
    act_activation_destroy(a);
}

static void momentum_gathers(void **unused) {
    (void)unused;
    act_activation *a = slope_of(1, 2);
    act_sgd options = with_rate(0.25);
    options.momentum = 0.5;
    check_step(a, &options, 0.5);    /* v = 2 */
    check_step(a, &options, -0.25);  /* v = 3 */
    check_step(a, &options, -1.125); /* v = 3.5 */
    options.momentum = 0;
    check_step(a, &options, -1.625); /* v = 2 again */
    options.momentum = 0.5;
    check_step(a, &options, -2.375); /* v = 0.5 * 2 + 2 */
    act_activation_destroy(a);
}

static void decay_pulls_to_its_target(void **unused) {
    (void)unused;
    act_activation *a = slope_of(1, 2);
    act_sgd options = with_rate(0.25);
    options.decay = 0.5;
    check_step(a, &options, 0.375); /* g = 2 + 0.5 * 1 */
    options.decay_target = 2.375;
    check_step(a, &options, 0.125); /* g = 2 + 0.5 * (0.375 - 2.375) = 1 */
    act_activation_destroy(a);
}

static void decay_can_pull_to_the_initial_value(void **unused) {
    (void)unused;
    act_activation *a = slope_of(1, 0);
    act_sgd options = with_rate(0.5);
    options.decay = 0.5;
    options.flags = ACT_SGD_DECAY_TO_INITIAL;
    options.decay_target = 100; /* has no say */
    check_step(a, &options, 1);
    assert_ok(act_activation_set_param(a, "initial", 5));
    check_step(a, &options, 2);    /* g = 0.5 * (1 - 5) */
    check_step(a, &options, 2.75); /* g = 0.5 * (2 - 5) */
    act_activation_destroy(a);
}

static void decay_goes_through_momentum(void **unused) {
    (void)unused;
    act_activation *a = slope_of(4, 0);
    act_sgd options = with_rate(0.25);
    options.decay = 1;
    options.momentum = 0.5;
    check_step(a, &options, 3);    /* v = 4 */
    check_step(a, &options, 1.75); /* v = 2 + 3 */
    act_activation_destroy(a);
}

static void values_stay_within_bounds(void **unused) {
    (void)unused;
    act_activation *a = slope_of(1, 2);
    act_sgd options = with_rate(0.25);
    options.lower = 0.75;
    check_step(a, &options, 0.75);
    options.lower = -DBL_MAX;
    options.upper = 0.125;
    check_step(a, &options, 0.125); /* 0.25 is above */
    options.lower = options.upper = 3;
    check_step(a, &options, 3);
    options.lower = -INFINITY;
    options.upper = INFINITY;
    check_step(a, &options, 2.5);
    act_activation_destroy(a);
}

static void float32_is_rounded_once(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_PRELU);
    act_tensor v, g;
    assert_ok(act_activation_parameter(a, 0, &v));
    assert_ok(act_activation_gradient(a, 0, &g));
    *(float *)g.data = 0.3f;
    const act_sgd options = with_rate(0.1);
    assert_ok(act_activation_sgd_step(a, &options));
    assert_true(*(const float *)v.data == (float)(0.25 - 0.1 * (double)0.3f));
    act_activation_destroy(a);
}

static void maxout_steps_all_it_learns(void **unused) {
    (void)unused;
    act_activation *a = make_any(ACT_MAXOUT);
    act_sgd options = with_rate(0.5);
    float before[2][24];
    act_tensor v[2], g[2];
    for (int i = 0; i < 2; i++) {
        assert_ok(act_activation_parameter(a, i, &v[i]));
        assert_ok(act_activation_gradient(a, i, &g[i]));
        for (int j = 0; j < (i ? 6 : 24); j++) {
            before[i][j] = ((float *)v[i].data)[j];
            ((float *)g[i].data)[j] = (float)(j + 1);
        }
    }
    options.momentum = 0.5;
    assert_ok(act_activation_sgd_step(a, &options));
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < (i ? 6 : 24); j++)
            assert_true(((float *)v[i].data)[j] == (float)((double)before[i][j] - 0.5 * (j + 1)));
    options.flags = ACT_SGD_DECAY_TO_INITIAL;
    assert_refused(act_activation_sgd_step(a, &options), ACT_ERR_UNSUPPORTED, "ACT_SGD_DECAY_TO_INITIAL");
    act_activation_destroy(a);
}

static void bad_options_change_nothing(void **unused) {
    (void)unused;
    static const struct {
        size_t field;
        double value;
        const char *says;
    } rows[] = {{offsetof(act_sgd, rate), -0.5, "rate is -0.5"},
                {offsetof(act_sgd, rate), NAN, "rate is"},
                {offsetof(act_sgd, rate), INFINITY, "rate is inf"},
                {offsetof(act_sgd, momentum), 1, "momentum is 1"},
                {offsetof(act_sgd, momentum), -0.25, "momentum is -0.25"},
                {offsetof(act_sgd, momentum), NAN, "momentum is"},
                {offsetof(act_sgd, momentum), INFINITY, "momentum is inf"},
                {offsetof(act_sgd, decay), -1, "decay is -1"},
                {offsetof(act_sgd, decay), NAN, "decay is"},
                {offsetof(act_sgd, decay), INFINITY, "decay is inf"},
                {offsetof(act_sgd, decay_target), NAN, "decay_target is"},
                {offsetof(act_sgd, decay_target), -INFINITY, "decay_target is -inf"},
                {offsetof(act_sgd, lower), NAN, "lower is"},
                {offsetof(act_sgd, upper), NAN, "upper is"},
                {offsetof(act_sgd, lower), INFINITY, "lower is inf"},
                {offsetof(act_sgd, upper), -INFINITY, "upper is -inf"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        act_activation *a = slope_of(1, 2);
        act_sgd options = ACT_SGD_INIT;
        memcpy((char *)&options + rows[i].field, &rows[i].value, sizeof(double));
        assert_refused(act_activation_sgd_step(a, &options), ACT_ERR_INVALID_ARGUMENT, rows[i].says);
        assert_non_null(strstr(act_last_error(), "options"));
        assert_true(value_of(a) == 1 && gradient_of(a) == 2);
        act_activation_destroy(a);
    }
}

static void bad_flags_and_sizes(void **unused) {
    (void)unused;
    static const uint32_t flags[] = {2, 3, 0x80000000u, UINT32_MAX}, sizes[] = {0, 8, sizeof(act_sgd) - 1};
    act_activation *a = slope_of(1, 2);
    act_sgd options = ACT_SGD_INIT;
    char said[32];
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        options.flags = flags[i];
        snprintf(said, sizeof said, "flags is %#x", flags[i]);
        assert_refused(act_activation_sgd_step(a, &options), ACT_ERR_INVALID_ARGUMENT, said);
    }
    options.flags = 0;
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        options.struct_size = sizes[i];
        snprintf(said, sizeof said, "struct_size is %u,", sizes[i]);
        assert_refused(act_activation_sgd_step(a, &options), ACT_ERR_INVALID_ARGUMENT, said);
    }
    assert_refused(act_activation_sgd_step(NULL, &options), ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    assert_refused(act_activation_sgd_step(a, NULL), ACT_ERR_INVALID_ARGUMENT, "options is NULL");
    assert_true(value_of(a) == 1);
    struct {
        act_sgd known;
        double unknown;
    } later = {with_rate(0.25), 0}; /* of a later header: what is unknown may only have its default */
    later.known.struct_size = sizeof later;
    check_step(a, &later.known, 0.5);
    later.unknown = 1;
    assert_refused(act_activation_sgd_step(a, &later.known), ACT_ERR_UNSUPPORTED, "byte");
    act_activation_destroy(a);
}

static void nothing_to_learn_is_left_alone(void **unused) {
    (void)unused;
    act_sgd options = with_rate(0.25);
    options.momentum = 0.5;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        act_activation *a = make_any(kind);
        assert_ok(act_activation_sgd_step(a, &options));
        act_activation_destroy(a);
    }
}

static void clones_go_on_with_the_momentum(void **unused) {
    (void)unused;
    act_activation *a = slope_of(1, 2), *copy = NULL;
    act_sgd options = with_rate(0.25);
    options.momentum = 0.5;
    check_step(a, &options, 0.5);
    assert_ok(act_activation_clone(&copy, a));
    check_step(copy, &options, -0.25);
    check_step(copy, &options, -1.125);
    check_step(a, &options, -0.25); /* its own, untouched by the copy's steps */
    act_activation_destroy(a);
    check_step(copy, &options, -2.0625);
    act_activation_destroy(copy);
}

static void bound_memory_is_stepped(void **unused) {
    (void)unused;
    act_activation *a = slope_of(7, 7);
    double value = 1, gradient = 2;
    const act_tensor v = make_tensor(&value, ACT_FLOAT64, 0, NULL, NULL),
                     g = make_tensor(&gradient, ACT_FLOAT64, 0, NULL, NULL);
    const act_sgd options = with_rate(0.25);
    assert_ok(act_activation_bind_parameter(a, 0, &v, &g));
    check_step(a, &options, 0.5);
    assert_true(value == 0.5 && gradient == 2);
    act_activation_destroy(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults),
        cmocka_unit_test(plain_steps),
        cmocka_unit_test(momentum_gathers),
        cmocka_unit_test(decay_pulls_to_its_target),
        cmocka_unit_test(decay_can_pull_to_the_initial_value),
        cmocka_unit_test(decay_goes_through_momentum),
        cmocka_unit_test(values_stay_within_bounds),
        cmocka_unit_test(float32_is_rounded_once),
        cmocka_unit_test(maxout_steps_all_it_learns),
        cmocka_unit_test(bad_options_change_nothing),
        cmocka_unit_test(bad_flags_and_sizes),
        cmocka_unit_test(nothing_to_learn_is_left_alone),
        cmocka_unit_test(clones_go_on_with_the_momentum),
        cmocka_unit_test(bound_memory_is_stepped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
