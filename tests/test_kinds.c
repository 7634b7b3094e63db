/* The table of kinds as callers see it: names, parameters, and that every kind can be made. */
#include "support.h"

#include <float.h>

static const struct {
    act_kind kind;
    int32_t number;
    const char *name, *short_name;
} kinds[] = {{ACT_IDENTITY, 0, "identity", "identity"},
             {ACT_RELU, 1, "relu", "relu"},
             {ACT_LEAKY_RELU, 2, "leaky_relu", "leakyrelu"},
             {ACT_PRELU, 3, "prelu", "prelu"},
             {ACT_RRELU, 4, "rrelu", "rrelu"},
             {ACT_ELU, 5, "elu", "elu"},
             {ACT_SIGMOID, 6, "sigmoid", "sigmoid"},
             {ACT_TANH, 7, "tanh", "tanh"},
             {ACT_MAXOUT, 8, "maxout", "maxout"},
             {ACT_SOFTSIGN, 9, "softsign", "softsign"}};

/* Parameters in the order of act_kind_param_info(). */
static const struct {
    act_kind kind;
    int32_t index;
    const char *name;
    double value, minimum, maximum;
} params[] = {
    {ACT_LEAKY_RELU, 0, "slope", 0.01, -DBL_MAX, DBL_MAX}, {ACT_PRELU, 0, "initial", 0.25, -DBL_MAX, DBL_MAX},
    {ACT_RRELU, 0, "lower", 1.0 / 8, -DBL_MAX, DBL_MAX},   {ACT_RRELU, 1, "upper", 1.0 / 3, -DBL_MAX, DBL_MAX},
    {ACT_RRELU, 2, "seed", 0, 0, 9007199254740992.0},      {ACT_ELU, 0, "alpha", 1, -DBL_MAX, DBL_MAX}};

static void numbers_and_names_are_pinned(void **unused) {
    (void)unused;
    assert_int_equal(act_kind_count(), COUNT_OF(kinds));
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        assert_int_equal(kinds[i].kind, kinds[i].number);
        assert_string_equal(act_kind_name(kinds[i].kind), kinds[i].name);
    }
}

static void names_are_read_with_and_without_underscores(void **unused) {
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        act_kind by_name = -1, by_short_name = -1;
        assert_ok(act_kind_from_name(&by_name, kinds[i].name));
        assert_ok(act_kind_from_name(&by_short_name, kinds[i].short_name));
        assert_int_equal(by_name, kinds[i].kind);
        assert_int_equal(by_short_name, kinds[i].kind);
    }
}

static void other_names_are_refused(void **unused) {
    (void)unused;
    static const char *const names[] = {"",           "Relu",        "RELU",  " relu",       "relu ",      "relu()",
                                        "rel",        "relus",       "_relu", "relu_",       "re_lu",      "leaky",
                                        "leaky-relu", "leaky__relu", "relu6", "leaky_relu_", "torch:relu", "\xff"};
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
        assert_int_equal(info.flags, strcmp(params[i].name, "seed") == 0 ? ACT_PARAM_WHOLE : 0);
        assert_string_equal(info.name, params[i].name);
        assert_true(info.default_value == params[i].value);
        assert_true(info.minimum == params[i].minimum);
        assert_true(info.maximum == params[i].maximum);
    }
}

/* No kind has a parameter that the table above does not know. */
static void there_are_no_other_parameters(void **unused) {
    (void)unused;
    size_t found = 0;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        act_param_info info = {.struct_size = sizeof info};
        int32_t index = 0;
        while (act_kind_param_info(&info, kind, index) == ACT_OK)
            index++;
        found += (size_t)index;
        char text[32];
        snprintf(text, sizeof text, "index: %d", index);
        assert_refused(act_kind_param_info(&info, kind, index), ACT_ERR_INVALID_ARGUMENT, text);
        assert_refused(act_kind_param_info(&info, kind, -1), ACT_ERR_INVALID_ARGUMENT, "index: -1");
        assert_refused(act_kind_param_info(&info, kind, INT32_MAX), ACT_ERR_INVALID_ARGUMENT, "index: 2147483647");
    }
    assert_int_equal(found, COUNT_OF(params));
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

static void new_objects_hold_the_defaults(void **unused) {
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(params); i++) {
        act_activation *a = make_kind(params[i].kind);
        double value = -77;
        assert_ok(act_activation_get_param(&value, a, params[i].name));
        assert_true(value == params[i].value);
        act_activation_destroy(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_names_are_pinned),
        cmocka_unit_test(names_are_read_with_and_without_underscores),
        cmocka_unit_test(other_names_are_refused),
        cmocka_unit_test(null_pointers_are_refused),
        cmocka_unit_test(numbers_that_are_no_kind),
        cmocka_unit_test(parameters_are_described),
        cmocka_unit_test(there_are_no_other_parameters),
        cmocka_unit_test(a_smaller_struct_is_refused),
        cmocka_unit_test(a_larger_struct_keeps_its_end),
        cmocka_unit_test(every_kind_is_created_or_says_why_not),
        cmocka_unit_test(new_objects_hold_the_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
