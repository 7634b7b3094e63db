/* The table of kinds as callers see it: names, parameters, and that every kind can be made. */
#include "support.h"

#include <float.h>
#include <math.h>

/* Some parameters, by their place in act_kind_param_info(). */
static const struct {
    act_kind kind;
    int32_t index;
    const char *name;
    double value, minimum, maximum;
} params[] = {{ACT_LEAKY_RELU, 0, "slope", 0.01, -DBL_MAX, DBL_MAX},
              {ACT_PRELU, 0, "initial", 0.25, -DBL_MAX, DBL_MAX},
              {ACT_RRELU, 0, "lower", 1.0 / 8, -DBL_MAX, DBL_MAX},
              {ACT_RRELU, 1, "upper", 1.0 / 3, -DBL_MAX, DBL_MAX},
              {ACT_RRELU, 2, "seed", 0, 0, 9007199254740992.0},
              {ACT_ELU, 0, "alpha", 1, -DBL_MAX, DBL_MAX},
              {ACT_CLIPPED_RELU, 0, "max", 6, DBL_TRUE_MIN, DBL_MAX},
              {ACT_RELU_GENERAL, 1, "max", INFINITY, -DBL_MAX, INFINITY},
              {ACT_HARD_TANH, 0, "lo", -1, -INFINITY, INFINITY},
              {ACT_SOFT_SHRINK, 0, "lambda", 0.5, 0, DBL_MAX},
              {ACT_CRELU, 0, "axis", 1, -32, 31}};

/* The name, and the name without its underscores. Numbers and names are pinned in test_public_structs. */
static void names_are_read_with_and_without_underscores(void **unused) {
    (void)unused;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        act_kind by_name = -1, by_short_name = -1;
        char short_name[64] = "";
        for (const char *c = act_kind_name(kind); *c; c++)
            if (*c != '_')
                short_name[strlen(short_name)] = *c;
        assert_ok(act_kind_from_name(&by_name, act_kind_name(kind)));
        assert_ok(act_kind_from_name(&by_short_name, short_name));
        assert_int_equal(by_name, kind);
        assert_int_equal(by_short_name, kind);
    }
}

static void other_names_are_read(void **unused) {
    (void)unused;
    act_kind kind = -1;
    assert_ok(act_kind_from_name(&kind, "relu6"));
    assert_int_equal(kind, ACT_CLIPPED_RELU);
}

static void other_names_are_refused(void **unused) {
    (void)unused;
    static const char *const names[] = {"",           "Relu",        "RELU",   " relu",       "relu ",      "relu()",
                                        "rel",        "relus",       "_relu",  "relu_",       "re_lu",      "leaky",
                                        "leaky-relu", "leaky__relu", "relu66", "leaky_relu_", "torch:relu", "\xff"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        act_kind kind = 77;
        char quoted[64];
        snprintf(quoted, sizeof quoted, "name: \"%s\"", names[i]);
        assert_refused(act_kind_from_name(&kind, names[i]), ACT_ERR_INVALID_ARGUMENT, quoted);
        assert_int_equal(kind, 77);
    }
}

static void null_pointers_are_refused(void **unused) {
    (void)unused;
    act_kind kind = 77;
    assert_refused(act_kind_from_name(NULL, "relu"), ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    assert_refused(act_kind_from_name(&kind, NULL), ACT_ERR_INVALID_ARGUMENT, "name is NULL");
    assert_int_equal(kind, 77);
    assert_refused(act_kind_param_info(NULL, ACT_ELU, 0), ACT_ERR_INVALID_ARGUMENT, "out is NULL");
}

static void numbers_that_are_no_kind(void **unused) {
    (void)unused;
    const act_kind numbers[] = {-1, act_kind_count(), 1000, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        char text[32];
        act_param_info info;
        snprintf(text, sizeof text, "kind: %d ", numbers[i]);
        assert_null(act_kind_name(numbers[i]));
        set_canary(&info, sizeof info);
        info.struct_size = sizeof info;
        assert_refused(act_kind_param_info(&info, numbers[i], 0), ACT_ERR_INVALID_ARGUMENT, text);
        assert_canary(&info.flags, sizeof info - offsetof(act_param_info, flags));
    }
}

static void parameters_are_described(void **unused) {
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(params); i++) {
        act_param_info info;
        set_canary(&info, sizeof info);
        info.struct_size = sizeof info;
        assert_ok(act_kind_param_info(&info, params[i].kind, params[i].index));
        assert_int_equal(info.struct_size, sizeof info);
        assert_int_equal(info.flags,
                         params[i].kind == ACT_CRELU || strcmp(params[i].name, "seed") == 0 ? ACT_PARAM_WHOLE : 0);
        assert_string_equal(info.name, params[i].name);
        assert_true(info.default_value == params[i].value);
        assert_true(info.minimum == params[i].minimum);
        assert_true(info.maximum == params[i].maximum);
    }
}

/* What holds for every parameter of every kind. */
static void check_description(const act_activation *a, const act_param_info *info) {
    double value = -77;
    assert_true(strlen(info->name) > 0 && strspn(info->name, "abcdefghijklmnopqrstuvwxyz_") == strlen(info->name));
    assert_true(info->minimum <= info->default_value && info->default_value <= info->maximum);
    assert_int_equal(info->flags & ~(uint32_t)(ACT_PARAM_WHOLE | ACT_PARAM_NONZERO), 0);
    assert_false(info->flags & ACT_PARAM_NONZERO && info->default_value == 0);
    assert_ok(act_activation_get_param(&value, a, info->name));
    assert_true(value == info->default_value);
}

static void every_parameter_is_described(void **unused) {
    (void)unused;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        act_activation *a = make_any(kind);
        act_param_info info = {.struct_size = sizeof info};
        int32_t index = 0;
        while (act_kind_param_info(&info, kind, index) == ACT_OK) {
            check_description(a, &info);
            index++;
        }
        char text[32];
        snprintf(text, sizeof text, "index: %d", index);
        assert_refused(act_kind_param_info(&info, kind, index), ACT_ERR_INVALID_ARGUMENT, text);
        assert_refused(act_kind_param_info(&info, kind, -1), ACT_ERR_INVALID_ARGUMENT, "index: -1");
        assert_refused(act_kind_param_info(&info, kind, INT32_MAX), ACT_ERR_INVALID_ARGUMENT, "index: 2147483647");
        act_activation_destroy(a);
    }
}

/* Just beyond a bound, NaN, and 0 where that is excepted. */
static void check_bounds(act_activation *a, const act_param_info *info) {
    const double bad[] = {nextafter(info->minimum, -INFINITY), nextafter(info->maximum, INFINITY), NAN,
                          info->flags & ACT_PARAM_NONZERO ? 0 : NAN};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        char text[64];
        if (bad[i] == info->minimum || bad[i] == info->maximum)
            continue; /* no number lies beyond an infinite bound */
        snprintf(text, sizeof text, "%s is ", info->name);
        assert_refused(act_activation_set_param(a, info->name, bad[i]), ACT_ERR_INVALID_ARGUMENT, text);
    }
}

static void every_bound_holds(void **unused) {
    (void)unused;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        act_activation *a = make_any(kind);
        act_param_info info = {.struct_size = sizeof info};
        for (int32_t index = 0; act_kind_param_info(&info, kind, index) == ACT_OK; index++)
            check_bounds(a, &info);
        act_activation_destroy(a);
    }
}

static void a_smaller_struct_is_refused(void **unused) {
    (void)unused;
    const uint32_t sizes[] = {0, 4, 8, sizeof(act_param_info) - 1};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        act_param_info info;
        char text[48];
        snprintf(text, sizeof text, "struct_size is %u,", sizes[i]);
        set_canary(&info, sizeof info);
        info.struct_size = sizes[i];
        assert_refused(act_kind_param_info(&info, ACT_ELU, 0), ACT_ERR_INVALID_ARGUMENT, text);
        assert_int_equal(info.struct_size, sizes[i]);
        assert_canary(&info.flags, sizeof info - offsetof(act_param_info, flags));
    }
}

static void a_larger_struct_keeps_its_end(void **unused) {
    (void)unused;
    struct {
        act_param_info info;
        unsigned char later[24];
    } larger;
    set_canary(&larger, sizeof larger);
    larger.info.struct_size = sizeof larger;
    assert_ok(act_kind_param_info(&larger.info, ACT_ELU, 0));
    assert_int_equal(larger.info.struct_size, sizeof larger);
    assert_string_equal(larger.info.name, "alpha");
    assert_canary(larger.later, sizeof larger.later);
}

static void every_kind_is_created_or_says_why_not(void **unused) {
    (void)unused;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        act_activation *a = NULL;
        if (kind == ACT_MAXOUT) {
            assert_refused(act_activation_create(&a, kind), ACT_ERR_UNSUPPORTED, "act_maxout_create");
            assert_null(a);
            continue;
        }
        assert_ok(act_activation_create(&a, kind));
        assert_int_equal(act_activation_get_kind(a), kind);
        act_activation_destroy(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_read_with_and_without_underscores),
        cmocka_unit_test(other_names_are_read),
        cmocka_unit_test(other_names_are_refused),
        cmocka_unit_test(null_pointers_are_refused),
        cmocka_unit_test(numbers_that_are_no_kind),
        cmocka_unit_test(parameters_are_described),
        cmocka_unit_test(every_parameter_is_described),
        cmocka_unit_test(every_bound_holds),
        cmocka_unit_test(a_smaller_struct_is_refused),
        cmocka_unit_test(a_larger_struct_keeps_its_end),
        cmocka_unit_test(every_kind_is_created_or_says_why_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
