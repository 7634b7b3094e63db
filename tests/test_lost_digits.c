/*
 * What other systems lose, and this library does not: the table of docs/numerics.md. Each figure of ours in it is
 * what float32 gives, and is within 1 unit in the last place of the exact one.
 */
#include "activation.h"
#include "support.h"

#include <math.h>

#include "reference/oracle.h"

enum { VALUE = ORACLE_VALUE, SLOPE = ORACLE_DERIVATIVE };

static const struct {
    const char *row; /* its first column */
    const char *spec;
    int what;
    float x;
} lost[] = {
    {"gelu(-5.5)", "gelu", VALUE, -5.5f},
    {"gelu(-8)", "gelu", VALUE, -8},
    {"gelu'(-Inf)", "gelu", SLOPE, -INFINITY},
    {"gelu_tanh(-5.5)", "gelu_tanh", VALUE, -5.5f},
    {"gelu_tanh'(3e38)", "gelu_tanh", SLOPE, 3e38f},
    {"elu(-1e-7)", "elu", VALUE, -1e-7f},
    {"elu'(-20)", "elu", SLOPE, -20},
    {"softplus(-20)", "softplus", VALUE, -20},
    {"softplus(-79)", "softplus", VALUE, -79},
    {"log_sigmoid(-90)", "log_sigmoid", VALUE, -90},
    {"sigmoid'(17)", "sigmoid", SLOPE, 17},
    {"tanh'(10)", "tanh", SLOPE, 10},
    {"tanh_shrink(1e-4)", "tanh_shrink", VALUE, 1e-4f},
    {"hard_swish(-2.9999998)", "hard_swish", VALUE, -0x1.7ffffep+1f},
    {"hard_swish(3e38)", "hard_swish", VALUE, 3e38f},
    {"silu(-Inf)", "silu", VALUE, -INFINITY},
    {"silu'(-1.2784646)", "silu", SLOPE, -1.2784646f},
    {"mish'(Inf)", "mish", SLOPE, INFINITY},
    {"squareplus(-1e4)", "squareplus", VALUE, -1e4f},
    {"softsign(Inf)", "softsign", VALUE, INFINITY},
};

static float ours(size_t i) {
    const float dy = 1;
    float result = 0;
    act_activation *a = make_spec(lost[i].spec);
    if (lost[i].what == VALUE)
        assert_ok(act_forward_1d(a, ACT_FLOAT32, &lost[i].x, &result, 1));
    else
        assert_ok(act_backward_1d(a, ACT_FLOAT32, &lost[i].x, &dy, &result, 1));
    act_activation_destroy(a);
    return result;
}

/* With the default parameters as float32 means them. */
static void evaluate(mpfr_t exact, size_t i) {
    act_activation *a = make_spec(lost[i].spec);
    oracle_evaluate(exact, oracle_find(lost[i].spec), lost[i].what, (double)lost[i].x, a->param32_wide);
    act_activation_destroy(a);
}

static void ours_are_right(void **state) {
    (void)state;
    mpfr_t exact;
    mpfr_init(exact);
    for (size_t i = 0; i < COUNT_OF(lost); i++) {
        const float y = ours(i);
        evaluate(exact, i);
        if (oracle_error(exact, (double)y, ORACLE_FLOAT) > 1 || !signbit(y) != !mpfr_signbit(exact))
            fail_msg("%s is %.9g, not %.9g", lost[i].row, (double)y, oracle_round(exact, ORACLE_FLOAT));
    }
    mpfr_clear(exact);
}

/* Whether the document has a row that begins and ends so. */
static int has_row(const char *begin, const char *end) {
    char line[1024];
    int found = 0;
    FILE *file = fopen(ACT_DOCUMENT, "r");
    assert_non_null(file);
    while (!found && fgets(line, sizeof line, file)) {
        const size_t length = strlen(line), tail = strlen(end);
        found = strncmp(line, begin, strlen(begin)) == 0 && length >= tail && strcmp(line + length - tail, end) == 0;
    }
    fclose(file);
    return found;
}

static void the_document_has_them(void **state) {
    (void)state;
    int missing = 0;
    for (size_t i = 0; i < COUNT_OF(lost); i++) {
        char begin[64], end[64];
        snprintf(begin, sizeof begin, "| `%s` |", lost[i].row);
        snprintf(end, sizeof end, "| %.6g |\n", (double)ours(i));
        if (has_row(begin, end))
            continue;
        missing++;
        print_error("no row: %s ... %s", begin, end);
    }
    assert_int_equal(missing, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ours_are_right),
        cmocka_unit_test(the_document_has_them),
    };
    return cmocka_run_group_tests_name("lost_digits", tests, NULL, NULL);
}
