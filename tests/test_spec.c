/* Activations as text, there and back. What is refused is in test_spec_malformed.c. */
#include "support.h"

#include <float.h>
#include <locale.h>

enum { TEXT = 512 };

static void text_of(char *text, const act_activation *a) {
    size_t size = TEXT;
    assert_ok(act_activation_spec(a, text, &size));
    assert_int_equal(size, strlen(text) + 1);
}

static double param_of(const act_activation *a, const char *name) {
    double value = -77;
    assert_ok(act_activation_get_param(&value, a, name));
    return value;
}

static void check_text(const char *spec, const char *wanted) {
    char text[TEXT];
    act_activation *a = make_spec(spec);
    text_of(text, a);
    assert_string_equal(text, wanted);
    act_activation_destroy(a);
}

static void kinds_are_written_with_their_defaults(void **unused) {
    (void)unused;
    static const struct {
        act_kind kind;
        const char *name, *text;
    } rows[] = {
#define ACT_PINNED(number, kind, name, text) {kind, name, text},
#include "pinned.def"
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].kind == ACT_MAXOUT)
            continue;
        check_text(rows[i].name, rows[i].text);
        check_text(rows[i].text, rows[i].text);
    }
}

/* Parameter after parameter at an odd value, as far as the bounds allow one, and every kind reads what it wrote. */
static void every_kind_reads_what_it_writes(void **unused) {
    (void)unused;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        if (kind == ACT_MAXOUT)
            continue;
        act_activation *a = make_kind(kind);
        act_param_info info = {.struct_size = sizeof info};
        char text[TEXT];
        for (int32_t i = 0; act_kind_param_info(&info, kind, i) == ACT_OK; i++)
            if (!(info.flags & ACT_PARAM_WHOLE))
                (void)!act_activation_set_param(a, info.name, info.default_value + 0.0625);
        text_of(text, a);
        check_text(text, text);
        act_activation_destroy(a);
    }
}

static void many_ways_to_say_the_same(void **unused) {
    (void)unused;
    static const char *const rows[][2] = {
        {"relu()", "relu"},
        {"relu6", "clipped_relu(max=6)"},
        {"hard_tanh(lo=-inf,hi=INFINITY)", "hard_tanh(lo=-inf, hi=inf)"},
        {"leakyrelu", "leaky_relu(slope=0.01)"},
        {" \t\r\n relu \n", "relu"},
        {"relu ( ) ", "relu"},
        {"elu(alpha=0.5)", "elu(alpha=0.5)"},
        {"  elu\t(\n alpha  = 0.50 \r) ", "elu(alpha=0.5)"},
        {"elu(alpha=-2)", "elu(alpha=-2)"},
        {"elu(alpha=+2)", "elu(alpha=2)"},
        {"elu(alpha=.5e1)", "elu(alpha=5)"},
        {"elu(alpha=5.)", "elu(alpha=5)"},
        {"crelu(axis=-1)", "crelu(axis=-1)"},
        {"crelu(axis=-32)", "crelu(axis=-32)"},
        {"crelu(axis=3e1)", "crelu(axis=3e+01)"},
        {"rrelu(seed=7,upper=0.3,lower=0.1)", "rrelu(lower=0.1, upper=0.3, seed=7)"},
        {"rrelu(seed=007)", "rrelu(lower=0.125, upper=0.3333333333333333, seed=7)"},
        {"rrelu(lower=0.25, upper=0.25)", "rrelu(lower=0.25, upper=0.25, seed=0)"},
        {"rrelu(lower=0.5, upper=0.75)", "rrelu(lower=0.5, upper=0.75, seed=0)"}}; /* lower above the default upper */
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_text(rows[i][0], rows[i][1]);
}

static void shortest_text_reads_back_the_same(double value) {
    char text[TEXT], again[TEXT];
    act_activation *a = make_kind(ACT_LEAKY_RELU);
    assert_ok(act_activation_set_param(a, "slope", value));
    text_of(text, a);
    act_activation *b = make_spec(text);
    const double read = param_of(b, "slope");
    assert_memory_equal(&read, &value, sizeof value);
    text_of(again, b);
    assert_string_equal(again, text);
    act_activation_destroy(a);
    act_activation_destroy(b);
}

static void edges_round_trip(void **unused) {
    (void)unused;
    static const double values[] = {0,
                                    -0.0,
                                    1,
                                    -1,
                                    0.1,
                                    1.0 / 3,
                                    1e22,
                                    1e23,
                                    DBL_MAX,
                                    -DBL_MAX,
                                    DBL_MIN,
                                    5e-324,
                                    -5e-324,
                                    2.2250738585072011e-308,
                                    0x1p53 + 2,
                                    0.30000000000000004,
                                    123456789012345678.0,
                                    9007199254740993.0,
                                    1e-7,
                                    4.35};
    for (size_t i = 0; i < COUNT_OF(values); i++)
        shortest_text_reads_back_the_same(values[i]);
}

static void random_values_round_trip(void **unused) {
    (void)unused;
    uint64_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        const uint64_t bits = random_bits(&seed);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (value - value == 0)
            shortest_text_reads_back_the_same(value);
    }
}

static void numbers_are_as_short_as_can_be(void **unused) {
    (void)unused;
    static const struct {
        double value;
        const char *text;
    } rows[] = {{0.1, "0.1"},
                {0.5, "0.5"},
                {100, "1e+02"},
                {1e300, "1e+300"},
                {0.30000000000000004, "0.30000000000000004"},
                {5e-324, "5e-324"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[TEXT], wanted[64];
        act_activation *a = make_kind(ACT_ELU);
        assert_ok(act_activation_set_param(a, "alpha", rows[i].value));
        text_of(text, a);
        snprintf(wanted, sizeof wanted, "elu(alpha=%s)", rows[i].text);
        assert_string_equal(text, wanted);
        act_activation_destroy(a);
    }
}

static void the_widest_text_fits(void **unused) {
    (void)unused;
    static const char spec[] =
        "rrelu(lower=-2.2250738585072014e-308, upper=-1.1125369292536007e-308, seed=18446744073709551615)";
    check_text(spec, spec);
}

static void seeds_are_exact(void **unused) {
    (void)unused;
    static const char *const seeds[] = {"0", "1", "9007199254740993", "18446744073709551614", "18446744073709551615"};
    for (size_t i = 0; i < COUNT_OF(seeds); i++) {
        char text[TEXT], wanted[TEXT];
        snprintf(wanted, sizeof wanted, "rrelu(lower=0.125, upper=0.25, seed=%s)", seeds[i]);
        check_text(wanted, wanted);
        act_activation *a = NULL, *copy = NULL;
        assert_ok(act_rrelu_create(&a, 0.125, 0.25, strtoull(seeds[i], NULL, 10)));
        assert_ok(act_activation_set_param(a, "lower", 0.125)); /* leaves the seed */
        assert_ok(act_activation_clone(&copy, a));
        text_of(text, copy);
        assert_string_equal(text, wanted);
        act_activation_destroy(a);
        act_activation_destroy(copy);
    }
}

static void what_is_read_is_what_runs(void **unused) {
    (void)unused;
    act_activation *a = make_spec("rrelu(lower=0.1, upper=0.3, seed=7)"), *b = NULL;
    act_state *s = make_state(), *t = make_state();
    float x[100], y[100], z[100];
    for (int i = 0; i < 100; i++)
        x[i] = -1;
    assert_ok(act_rrelu_create(&b, 0.1, 0.3, 7));
    const act_tensor in = make_tensor(x, ACT_FLOAT32, DIMS(100), NULL);
    act_tensor out = make_tensor(y, ACT_FLOAT32, DIMS(100), NULL),
               other = make_tensor(z, ACT_FLOAT32, DIMS(100), NULL);
    assert_ok(act_forward(a, &in, &out, s));
    assert_ok(act_forward(b, &in, &other, t));
    assert_memory_equal(y, z, sizeof y);
    act_activation_destroy(a);
    act_activation_destroy(b);
    act_state_destroy(s);
    act_state_destroy(t);
}

static void prelu_starts_at_initial(void **unused) {
    (void)unused;
    act_activation *a = make_spec("prelu(initial=-0.5)");
    act_tensor value;
    assert_ok(act_activation_parameter(a, 0, &value));
    assert_true(*(const float *)value.data == -0.5f);
    act_activation_destroy(a);
}

static void the_buffer_protocol(void **unused) {
    (void)unused;
    static const char wanted[] = "elu(alpha=0.5)";
    act_activation *a = make_spec(wanted);
    char text[TEXT];
    size_t size = 0;
    assert_ok(act_activation_spec(a, NULL, &size));
    assert_int_equal(size, sizeof wanted);
    for (size_t given = 0; given < sizeof wanted; given++) {
        set_canary(text, sizeof text);
        size = given;
        assert_refused(act_activation_spec(a, text, &size), ACT_ERR_BUFFER_TOO_SMALL, "15 are needed");
        assert_int_equal(size, sizeof wanted);
        assert_canary(text, sizeof text);
    }
    assert_ok(act_activation_spec(a, text, &size));
    assert_string_equal(text, wanted);
    assert_canary(text + size, sizeof text - size);
    act_activation_destroy(a);
}

static void check_no_text(act_activation *a, const char *says) {
    char text[TEXT];
    size_t size = 77;
    set_canary(text, sizeof text);
    assert_refused(act_activation_spec(a, text, &size), ACT_ERR_UNSUPPORTED, says);
    assert_int_equal(size, 77);
    assert_canary(text, sizeof text);
    act_activation_destroy(a);
}

static void some_objects_have_no_text(void **unused) {
    (void)unused;
    act_activation *a = NULL;
    check_no_text(make_any(ACT_MAXOUT), "maxout");
    assert_ok(act_prelu_create(&a, ACT_FLOAT32, DIMS(3), 0.25));
    check_no_text(a, "prelu");
    assert_ok(act_prelu_create(&a, ACT_FLOAT64, DIMS(1), 0.25));
    check_no_text(a, "prelu");
    assert_ok(act_prelu_create_channels(&a, ACT_FLOAT32, 1, 1, 0.25));
    check_no_text(a, "prelu");
    a = NULL;
    assert_refused(act_activation_create_from_spec(&a, "maxout"), ACT_ERR_UNSUPPORTED, "act_maxout_create");
    assert_refused(act_activation_create_from_spec(&a, "maxout(pieces=2)"), ACT_ERR_SPEC, "pieces");
    assert_null(a);
}

/* Where no locale with a decimal comma is installed, one is made in a directory of the test's own. It comes by way of
 * setlocale(), because newlocale() leaks what it reads from LOCPATH. */
static locale_t made_locale(void) {
    char directory[] = "/tmp/act-locale-XXXXXX", command[256];
    locale_t locale = (locale_t)0;
    if (!mkdtemp(directory))
        return locale;
    snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/comma >%s/log 2>&1", directory, directory);
    if (system(command) == 0 && setenv("LOCPATH", directory, 1) == 0) {
        if (setlocale(LC_NUMERIC, "comma"))
            locale = duplocale(LC_GLOBAL_LOCALE);
        setlocale(LC_NUMERIC, "C");
        unsetenv("LOCPATH");
    }
    snprintf(command, sizeof command, "rm -rf %s", directory);
    assert_int_equal(system(command), 0);
    return locale;
}

static locale_t comma_locale(void) {
    static const char *const names[] = {"de_DE.UTF-8", "de_DE", "fr_FR.UTF-8", "fr_FR"};
    locale_t locale = (locale_t)0;
    for (size_t i = 0; i < COUNT_OF(names) && !locale; i++)
        locale = newlocale(LC_ALL_MASK, names[i], (locale_t)0);
    return locale ? locale : made_locale();
}

static void a_decimal_comma_changes_nothing(void **unused) {
    (void)unused;
    const locale_t comma = comma_locale();
    if (!comma) {
        print_message("skipped: no locale with a decimal comma, and localedef could not make one\n");
        skip();
    }
    const locale_t before = uselocale(comma);
    char number[16];
    snprintf(number, sizeof number, "%.1f", 0.5);
    act_activation *a = NULL, *none = NULL;
    char text[TEXT] = "";
    size_t size = sizeof text;
    const act_status read = act_activation_create_from_spec(&a, "elu(alpha=0.5)");
    const act_status comma_read = act_activation_create_from_spec(&none, "elu(alpha=0,5)");
    const act_status written = a ? act_activation_spec(a, text, &size) : read;
    const locale_t after = uselocale(before);
    freelocale(comma);
    assert_string_equal(number, "0,5"); /* the locale works at all */
    assert_true(after == comma);
    assert_int_equal(read, ACT_OK);
    assert_int_equal(comma_read, ACT_ERR_SPEC);
    assert_int_equal(written, ACT_OK);
    assert_string_equal(text, "elu(alpha=0.5)");
    act_activation_destroy(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_written_with_their_defaults),
        cmocka_unit_test(every_kind_reads_what_it_writes),
        cmocka_unit_test(many_ways_to_say_the_same),
        cmocka_unit_test(edges_round_trip),
        cmocka_unit_test(random_values_round_trip),
        cmocka_unit_test(numbers_are_as_short_as_can_be),
        cmocka_unit_test(the_widest_text_fits),
        cmocka_unit_test(seeds_are_exact),
        cmocka_unit_test(what_is_read_is_what_runs),
        cmocka_unit_test(prelu_starts_at_initial),
        cmocka_unit_test(the_buffer_protocol),
        cmocka_unit_test(some_objects_have_no_text),
        cmocka_unit_test(a_decimal_comma_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
