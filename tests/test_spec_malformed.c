/* Texts that are no activation: each is refused with its place, and random ones do no harm. */
#include "support.h"

enum { TEXT = 512 };

/* The position is that of the first character that cannot be, counted from 0. */
static void malformed_texts_say_where(void **unused) {
    (void)unused;
    static const struct {
        const char *spec;
        int position;
        const char *says;
    } rows[] = {{"", 0, "the end"},
                {"   ", 3, "the end"},
                {"(alpha=1)", 0, "name"},
                {"rellu", 0, "rellu"},
                {"  rellu", 2, "rellu"},
                {"Relu", 0, "Relu"},
                {"relu x", 5, "x"},
                {"relu)", 4, ")"},
                {"relu(", 5, "the end"},
                {"relu(,)", 5, ","},
                {"relu()x", 6, "x"},
                {"relu())", 6, ")"},
                {"relu()()", 6, "("},
                {"relu(alpha=1)", 5, "alpha"},
                {"elu(alpha)", 9, "="},
                {"elu(alpha 1)", 10, "="},
                {"elu(alpha:1)", 9, "="},
                {"elu(alpha==1)", 10, "number"},
                {"elu(alpha=)", 10, "number"},
                {"elu(alpha=", 10, "the end"},
                {"elu(alpha=x)", 10, "number"},
                {"elu(alpha=1", 11, "the end"},
                {"elu(alpha=1,)", 12, ")"},
                {"elu(alpha=1,", 12, "the end"},
                {"elu(alpha=1,,)", 12, ","},
                {"elu(alpha=1;)", 11, ";"},
                {"elu(alpha=1 2)", 12, "2"},
                {"elu(alpha=1.2.3)", 13, ".3"},
                {"elu(alpha=0,5)", 12, "5"},
                {"elu(alpha=1, alpha=1)", 13, "twice"},
                {"elu(beta=1)", 4, "beta"},
                {"elu(Alpha=1)", 4, "Alpha"},
                {"elu(=1)", 4, "name"},
                {"elu(1)", 4, "1"},
                {"elu(alpha=--1)", 10, "number"},
                {"elu(alpha=- 1)", 10, "number"},
                {"elu(alpha=nan)", 10, ""},
                {"elu(alpha=inf)", 10, ""},
                {"elu(alpha=-inf)", 10, ""},
                {"elu(alpha=1e999)", 10, "too large"},
                {"hard_tanh(hi=1e400)", 13, "too large"},
                {"elu(alpha=-1e400)", 10, "too large"},
                {"elu(alpha=1e-400)", 10, "too small"},
                {"rrelu(seed=-1)", 11, "-1"},
                {"rrelu(seed=+1)", 11, "+1"},
                {"rrelu(seed=1.5)", 12, ".5"},
                {"rrelu(seed=1e3)", 12, "e3"},
                {"rrelu(seed=18446744073709551616)", 11, "64 bits"},
                {"rrelu(seed=99999999999999999999999)", 11, "64 bits"},
                {"rrelu(seed=)", 11, ")"},
                {"rrelu(lower=0.5, upper=0.25)", 0, "lower is 0.5"},
                {" rrelu(lower=0.5)", 1, "lower is 0.5"},
                {"rrelu(lower=-1.7e308, upper=1.7e308)", 0, "overflows"},
                {"elu\x01", 3, ""},
                {"a_name_that_no_kind_will_ever_have_because_it_is_long", 0, "a_name_that"},
                {"elu(a_key_that_no_kind_will_ever_have_because_it_is_long=1)", 4, "a_key_that"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        act_activation *const before = (act_activation *)(uintptr_t)77, *a = before;
        char where[32];
        snprintf(where, sizeof where, "position %d:", rows[i].position);
        assert_refused(act_activation_create_from_spec(&a, rows[i].spec), ACT_ERR_SPEC, where);
        assert_non_null(strstr(act_last_error(), "spec"));
        assert_non_null(strstr(act_last_error(), rows[i].says));
        assert_ptr_equal(a, before);
    }
}

/* A slope must be finite in the type that holds it, as act_prelu_create() has it. */
static void prelu_refuses_what_float32_cannot_hold(void **unused) {
    (void)unused;
    act_activation *a = NULL;
    assert_refused(act_activation_create_from_spec(&a, "prelu(initial=1e300)"), ACT_ERR_SPEC, "initial");
    assert_null(a);
}

static void null_pointers_are_refused(void **unused) {
    (void)unused;
    act_activation *a = NULL, *relu = make_kind(ACT_RELU);
    char text[TEXT];
    size_t size = sizeof text;
    assert_refused(act_activation_create_from_spec(NULL, "relu"), ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    assert_refused(act_activation_create_from_spec(&a, NULL), ACT_ERR_INVALID_ARGUMENT, "spec is NULL");
    assert_null(a);
    set_canary(text, sizeof text);
    assert_refused(act_activation_spec(NULL, text, &size), ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    assert_refused(act_activation_spec(relu, text, NULL), ACT_ERR_INVALID_ARGUMENT, "size is NULL");
    assert_canary(text, sizeof text);
    assert_int_equal(size, sizeof text);
    act_activation_destroy(relu);
}

static void text_of(char *text, const act_activation *a) {
    size_t size = TEXT;
    assert_ok(act_activation_spec(a, text, &size));
    assert_int_equal(size, strlen(text) + 1);
}

/* Pieces of specs in random order: nothing crashes, and what is accepted means what its text means. */
static void random_texts(void **unused) {
    (void)unused;
    static const char *const pieces[] = {"elu",
                                         "rrelu",
                                         "relu",
                                         "leaky",
                                         "_",
                                         "(",
                                         ")",
                                         "=",
                                         ",",
                                         " ",
                                         "alpha",
                                         "lower",
                                         "upper",
                                         "seed",
                                         "slope",
                                         "0",
                                         "1",
                                         "9",
                                         ".",
                                         "-",
                                         "e",
                                         "+",
                                         "torch:",
                                         "mxnet:LeakyReLU",
                                         "act_type=",
                                         "negative_slope",
                                         ":",
                                         "nan",
                                         "inf",
                                         "0x",
                                         "prelu(initial=",
                                         "elu(alpha=",
                                         "rrelu(seed="};
    uint64_t seed = 2;
    int accepted = 0;
    for (int i = 0; i < 100000; i++) {
        char spec[TEXT] = "", text[TEXT], again[TEXT];
        for (int64_t n = random_between(&seed, 0, 9); n > 0; n--)
            strcat(spec, pieces[random_between(&seed, 0, COUNT_OF(pieces) - 1)]);
        act_activation *a = NULL, *b = NULL;
        const act_status status = act_activation_create_from_spec(&a, spec);
        assert_true(status == ACT_OK || (status == ACT_ERR_SPEC && !a));
        if (status != ACT_OK)
            continue;
        accepted++;
        text_of(text, a);
        assert_ok(act_activation_create_from_spec(&b, text));
        assert_int_equal(act_activation_get_kind(a), act_activation_get_kind(b));
        text_of(again, b);
        assert_string_equal(text, again);
        act_activation_destroy(a);
        act_activation_destroy(b);
    }
    assert_true(accepted > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_texts_say_where),
        cmocka_unit_test(prelu_refuses_what_float32_cannot_hold),
        cmocka_unit_test(null_pointers_are_refused),
        cmocka_unit_test(random_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
