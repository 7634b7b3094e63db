/* The oracle itself: slopes against differences of values, identities, known values, rounding, errors. */
#include "support.h"

#include <math.h>

#include "formulas.h"
#include "oracle.h"

/* Steps of a central difference, of which the square is left over as error. */
enum { STEP = -26, AGREEMENT = -34, LEAST_SLOPE = -40 };

static const double points[] = {-50,    -17,   -8.5,  -3.25, -1.375, -0.625, -0x1p-9,
                                0x1p-9, 0.375, 1.125, 2.75,  8.5,    17,     50};

/* Parameters at which every kind is defined, for kinds whose parameters the table does not give. */
static const struct {
    const char *name;
    double params[4];
} subjects[] = {
    {"clipped_relu", {6}},
    {"relu_general", {0.25, 10, -2}},
    {"hard_tanh", {-1.75, 2}},
    {"shrink", {0.5, 0.25}},
    {"softplus", {-0.75}},
    {"celu", {1.5}},
    {"squareplus", {2.25}},
    {"scaled_tanh", {-0.625, 1.75}},
    {"xielu", {0.75, 0.875, 0.5, -0x1p-20}},
};
static const double any_params[] = {0.75, -0.5, 0.25, 0.125};

static const double *params_of(const char *name) {
    for (size_t i = 0; i < COUNT_OF(subjects); i++)
        if (strcmp(subjects[i].name, name) == 0)
            return subjects[i].params;
    return any_params;
}

static void for_each_kind(void (*check)(const oracle *o, const double *params)) {
    for (const oracle *o = oracle_pieces; o->name; o++)
        check(o, params_of(o->name));
    for (const oracle *o = oracle_curves; o->name; o++)
        check(o, params_of(o->name));
}

/* log2 of the error of the slope in what against a difference of values, relative to the slope; values have too few
 * bits to show one below 2^LEAST_SLOPE of theirs. */
static long difference_error(const oracle *o, int what, double x, const double *params) {
    const double step = ldexp(1, STEP);
    double above_params[4], below_params[4];
    mpfr_t slope, above, below;
    mpfr_inits2(256, slope, above, below, (mpfr_ptr)NULL);
    memcpy(above_params, params, sizeof above_params);
    memcpy(below_params, params, sizeof below_params);
    const double dx = what == ORACLE_DERIVATIVE ? step : 0;
    if (what >= ORACLE_TERM) {
        above_params[what - ORACLE_TERM] += step;
        below_params[what - ORACLE_TERM] -= step;
    }
    oracle_evaluate(slope, o, what, x, params);
    oracle_evaluate(above, o, ORACLE_VALUE, x + dx, above_params);
    oracle_evaluate(below, o, ORACLE_VALUE, x - dx, below_params);
    mpfr_sub(above, above, below, MPFR_RNDN);
    mpfr_mul_2si(above, above, -STEP - 1, MPFR_RNDN);
    const int undefined = mpfr_nan_p(slope) && mpfr_nan_p(above);
    mpfr_sub(above, above, slope, MPFR_RNDN);
    mpfr_mul_2si(below, below, LEAST_SLOPE, MPFR_RNDN);
    if (mpfr_cmpabs(slope, below) > 0)
        mpfr_set(below, slope, MPFR_RNDN);
    if (!mpfr_zero_p(below))
        mpfr_div(above, above, below, MPFR_RNDN);
    const long result = mpfr_zero_p(above) || undefined ? -256 : mpfr_nan_p(above) ? 256 : (long)mpfr_get_exp(above);
    mpfr_clears(slope, above, below, (mpfr_ptr)NULL);
    return result;
}

static void check_slopes(const oracle *o, const double *params) {
    for (size_t i = 0; i < COUNT_OF(points); i++)
        for (int what = ORACLE_DERIVATIVE; what < ORACLE_TERM + oracle_param_count(o); what++) {
            const long error = difference_error(o, what, points[i], params);
            if (error > AGREEMENT)
                fail_msg("%s at %g, slope %d: 2^%ld from the difference", o->name, points[i], what, error);
        }
}

static void slopes_are_those_of_the_values(void **state) {
    (void)state;
    for_each_kind(check_slopes);
}

static double evaluated(const char *name, int what, double x, const double *params) {
    mpfr_t y;
    const oracle *o = oracle_find(name);
    if (!o)
        fail_msg("%s has no oracle", name);
    mpfr_init(y);
    oracle_evaluate(y, o, what, x, params);
    const double result = oracle_round(y, ORACLE_DOUBLE);
    mpfr_clear(y);
    return result;
}

static int same(double a, double b) { return (isnan(a) && isnan(b)) || (a == b && !signbit(a) == !signbit(b)); }

/* Kinks, ends, zeros with their signs, and constants that others computed. */
static const struct {
    const char *name;
    double params[4];
    double x, value, derivative;
} known[] = {
    {"identity", {0}, -3, -3, 1},
    {"affine", {0, 2}, -INFINITY, 2, 0},
    {"affine", {-3, 2}, INFINITY, -INFINITY, -3},
    {"relu", {0}, 2, 2, 1},
    {"relu", {0}, 0, 0, 0},
    {"relu", {0}, -0.0, 0, 0},
    {"relu", {0}, -INFINITY, 0, 0},
    {"clipped_relu", {6}, 6, 6, 0},
    {"clipped_relu", {6}, INFINITY, 6, 0},
    {"relu_general", {0.5, 4, 1}, 1, 0, 0.5},
    {"relu_general", {0.5, 4, 1}, 4, 4, 0},
    {"relu_general", {0, 4, 1}, -INFINITY, 0, 0},
    {"threshold", {1, 7}, 1, 7, 0},
    {"threshold", {1, 7}, INFINITY, INFINITY, 1},
    {"leaky_relu", {0.5}, -4, -2, 0.5},
    {"leaky_relu", {0.5}, -0.0, -0.0, 0.5},
    {"leaky_relu", {0}, -INFINITY, 0, 0},
    {"hard_tanh", {-1, 1}, -1, -1, 0},
    {"hard_tanh", {-1, 1}, 1, 1, 0},
    {"hard_tanh", {-1, 1}, -0.0, -0.0, 1},
    {"hard_sigmoid", {1.0 / 6, 0.5}, -3, 0, 0},
    {"hard_sigmoid", {1.0 / 6, 0.5}, 3, 1, 0},
    {"hard_sigmoid", {1.0 / 6, 0.5}, 1, 2.0 / 3, 1.0 / 6},
    {"hard_sigmoid", {0.2, 0.5}, -INFINITY, 0, 0},
    {"hard_swish", {1.0 / 6, 0.5}, -3, 0, 0},
    {"hard_swish", {1.0 / 6, 0.5}, 3, 3, 1},
    {"hard_swish", {1.0 / 6, 0.5}, -2.5, -1.25 / 6, -1.0 / 3},
    {"hard_swish", {1.0 / 6, 0.5}, -0.0, -0.0, 0.5},
    {"hard_mish", {0}, -2, 0, 0},
    {"hard_mish", {0}, 0, 0, 1},
    {"hard_mish", {0}, -1, -0.5, 0},
    {"hard_shrink", {0.5}, -0.5, 0, 0},
    {"hard_shrink", {0.5}, -2, -2, 1},
    {"soft_shrink", {0.5}, 0.5, 0, 0},
    {"soft_shrink", {0.5}, -2, -1.5, 1},
    {"shrink", {0.5, 0.25}, -2, -1.75, 1},
    {"sparse_sigmoid", {0}, -1, 0, 0},
    {"sparse_sigmoid", {0}, 0.5, 0.75, 0.5},
    {"abs", {0}, -0.0, 0, 0},
    {"abs", {0}, -INFINITY, INFINITY, -1},
    {"step", {0}, 0, 0, 0},
    {"sign", {0}, -2, -1, 0},
    {"squared_relu", {0}, 3, 9, 6},
    {"sparse_plus", {0}, -1, 0, 0},
    {"sparse_plus", {0}, 1, 1, 1},
    {"sigmoid", {0}, 0, 0.5, 0.25},
    {"sigmoid", {0}, INFINITY, 1, 0},
    {"sigmoid", {0}, -INFINITY, 0, 0},
    {"sigmoid", {0}, 1, 0.7310585786300049, 0.19661193324148185},
    {"log_sigmoid", {0}, -90, -90, 1},
    {"log_sigmoid", {0}, INFINITY, -0.0, 0},
    {"log_sigmoid", {0}, -INFINITY, -INFINITY, 1},
    {"tanh", {0}, -0.0, -0.0, 1},
    {"tanh", {0}, -INFINITY, -1, 0},
    {"tanh", {0}, 1, 0.7615941559557649, 0.41997434161402608},
    {"scaled_tanh", {0.5, 1}, INFINITY, 1, 0},
    {"softplus", {1}, 0, 0.69314718055994531, 0.5},
    {"softplus", {1}, -20, 2.0611536203143808e-9, 2.0611536181902037e-9},
    {"softplus", {2}, INFINITY, INFINITY, 1},
    {"silu", {0}, -INFINITY, -0.0, -0.0},
    {"silu", {0}, INFINITY, INFINITY, 1},
    {"silu", {0}, -1e5, -0.0, -0.0},
    {"swish", {0}, 3, 1.5, 0.5},
    {"quick_gelu", {0}, 0, 0, 0.5},
    {"gelu", {0}, -INFINITY, -0.0, -0.0},
    {"gelu", {0}, INFINITY, INFINITY, 1},
    {"gelu", {0}, -0.0, -0.0, 0.5},
    {"gelu_tanh", {0}, -INFINITY, -0.0, -0.0},
    {"gelu_tanh", {0}, INFINITY, INFINITY, 1},
    {"mish", {0}, -INFINITY, -0.0, -0.0},
    {"mish", {0}, INFINITY, INFINITY, 1},
    {"mish", {0}, 0, 0, 0.6},
    {"elu", {0.5}, 0, 0, 0.5},
    {"elu", {0.5}, -INFINITY, -0.5, 0},
    {"elu", {0.5}, INFINITY, INFINITY, 1},
    {"celu", {2}, -INFINITY, -2, 0},
    {"celu", {2}, 0, 0, 1},
    {"selu", {0}, -INFINITY, -1.7580993408473768599, 0},
    {"selu", {0}, 0, 0, 1.7580993408473768599},
    {"tanh_shrink", {0}, -0.0, -0.0, 0},
    {"tanh_shrink", {0}, 0x1p-50, 0x1.5555555555555p-152, 0x1p-100},
    {"softsign", {0}, 1, 0.5, 0.25},
    {"softsign", {0}, -INFINITY, -1, 0},
    {"squareplus", {4}, 0, 1, 0.5},
    {"squareplus", {4}, -INFINITY, 0, 0},
    {"squareplus", {0}, -3, 0, 0},
    {"squareplus", {0}, 0, 0, 0},
    {"lisht", {0}, -INFINITY, INFINITY, -1},
    {"snake", {0}, -2, -2, 1},
    {"snake", {1}, -INFINITY, -INFINITY, NAN},
    {"xielu", {0.8, 0.8, 0.5, -1e-6}, -INFINITY, INFINITY, -0.30000000000000004},
    {"exp", {0}, -INFINITY, 0, 0},
    {"expm1", {0}, -0.0, -0.0, 1},
    {"gaussian", {0}, 0, 1, -0.0},
    {"gaussian", {0}, -INFINITY, 0, 0},
    {"erf", {0}, -INFINITY, -1, 0},
    {"erf", {0}, 0, 0, 1.1283791670955126},
    {"sin", {2}, INFINITY, NAN, NAN},
    {"sin", {2}, -0.0, -0.0, 2},
    {"pow", {3}, -2, -8, 12},
    {"pow", {0.5}, -2, NAN, NAN},
    {"pow", {0}, 0, 1, 0},
    {"pow", {0}, -INFINITY, 1, 0},
    {"sqrt", {0}, 4, 2, 0.25},
    {"sqrt", {0}, -4, NAN, NAN},
    {"log", {0}, 0, -INFINITY, INFINITY},
    {"log", {0}, INFINITY, INFINITY, 0},
    {"log", {0}, -1, NAN, NAN},
    {"square", {0}, -3, 9, -6},
};

static void known_values(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        const double value = evaluated(known[i].name, ORACLE_VALUE, known[i].x, known[i].params),
                     derivative = evaluated(known[i].name, ORACLE_DERIVATIVE, known[i].x, known[i].params);
        if (!same(value, known[i].value) || !same(derivative, known[i].derivative))
            fail_msg("%s(%g) = %.17g, %.17g", known[i].name, known[i].x, value, derivative);
    }
    assert_true(isnan(evaluated("relu", ORACLE_VALUE, NAN, any_params)));
    assert_null(oracle_find("no such kind"));
}

static void check_known(const oracle *o, const double *params) {
    (void)params;
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(known[i].name, o->name) == 0)
            return;
    fail_msg("%s has no known value", o->name);
}

static void every_kind_has_a_known_value(void **state) {
    (void)state;
    for_each_kind(check_known);
}

/* Where f' changes its sign, and the least value there: others' figures, to ten digits. */
static void minima(void **state) {
    (void)state;
    static const struct {
        const char *name;
        double x, value;
    } least[] = {
        {"silu", -1.2784645428, -.2784645428},
        {"gelu", -.7517915247, -.1699712075},
        {"mish", -1.1924312145, -.3088434130},
        {"hard_swish", -1.5, -.375},
        {"hard_mish", -1, -.5},
    };
    const double sixth[] = {1.0 / 6, 0.5};
    for (size_t i = 0; i < COUNT_OF(least); i++) {
        const char *name = least[i].name;
        assert_true(fabs(evaluated(name, ORACLE_VALUE, least[i].x, sixth) - least[i].value) < 1e-10);
        assert_true(evaluated(name, ORACLE_DERIVATIVE, least[i].x - 1e-9, sixth) < 0);
        assert_true(evaluated(name, ORACLE_DERIVATIVE, least[i].x + 1e-9, sixth) > 0);
    }
}

/* Two formulas that are one function. */
static void identities(void **state) {
    (void)state;
    static const struct {
        const char *one, *other;
        double params[4], other_params[4];
    } pairs[] = {
        {"swish", "silu", {1}, {0}},
        {"celu", "elu", {1}, {1}},
        {"softplus", "softplus", {0.5}, {0.5}},
        {"relu_general", "clipped_relu", {0, 6, 0}, {6}},
        {"relu_general", "leaky_relu", {0.25, INFINITY, 0}, {0.25}},
        {"threshold", "relu", {0, 0}, {0}},
        {"hard_tanh", "clipped_relu", {0, 6}, {6}},
        {"shrink", "hard_shrink", {0.5, 0}, {0.5}},
        {"shrink", "soft_shrink", {0.5, 0.5}, {0.5}},
        {"squareplus", "relu", {0}, {0}},
        {"scaled_tanh", "tanh", {1, 1}, {0}},
        {"pow", "square", {2}, {0}},
        {"affine", "identity", {1, 0}, {0}},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        for (size_t j = 0; j < COUNT_OF(points); j++)
            for (int what = ORACLE_VALUE; what <= ORACLE_DERIVATIVE; what++)
                if (evaluated(pairs[i].one, what, points[j], pairs[i].params) !=
                    evaluated(pairs[i].other, what, points[j], pairs[i].other_params))
                    fail_msg("%s is not %s at %g", pairs[i].one, pairs[i].other, points[j]);
}

/* What a branch does not depend on has the term +0; what it does, its own. */
static void terms_at_kinks(void **state) {
    (void)state;
    static const struct {
        const char *name;
        double params[4];
        int index;
        double x, term;
    } terms[] = {
        {"clipped_relu", {6}, 0, 6, 1},
        {"clipped_relu", {6}, 0, -6, 0},
        {"relu_general", {0.25, 6, 1}, 0, -1, -2},
        {"relu_general", {0.25, 6, 1}, 0, INFINITY, 0},
        {"relu_general", {0.25, 6, 1}, 1, 6, 1},
        {"relu_general", {0.25, 6, 1}, 2, 0, -0.25},
        {"threshold", {1, 7}, 0, 1, 0},
        {"threshold", {1, 7}, 1, 1, 1},
        {"leaky_relu", {0}, 0, -3, -3},
        {"leaky_relu", {0.5}, 0, INFINITY, 0},
        {"hard_tanh", {-1, 1}, 0, -1, 1},
        {"hard_tanh", {-1, 1}, 1, 1, 1},
        {"hard_tanh", {-1, 1}, 1, 0, 0},
        {"hard_sigmoid", {1.0 / 6, 0.5}, 0, 1, 1},
        {"hard_sigmoid", {1.0 / 6, 0.5}, 1, 1, 1},
        {"hard_sigmoid", {1.0 / 6, 0.5}, 1, 3, 0},
        {"soft_shrink", {0.5}, 0, 2, -1},
        {"soft_shrink", {0.5}, 0, -2, 1},
        {"shrink", {0.5, 0.25}, 0, 2, 0},
        {"elu", {1}, 0, 2, 0},
        {"elu", {2}, 0, -INFINITY, -1},
        {"swish", {1}, 0, INFINITY, 0},
        {"pow", {2}, 0, 1, 0},
    };
    for (size_t i = 0; i < COUNT_OF(terms); i++) {
        const double term = evaluated(terms[i].name, ORACLE_TERM + terms[i].index, terms[i].x, terms[i].params);
        if (!same(term, terms[i].term))
            fail_msg("%s, parameter %d at %g: %.17g", terms[i].name, terms[i].index, terms[i].x, term);
    }
}

static double error_of(double exact, double got, oracle_real real) {
    mpfr_t m;
    mpfr_init2(m, 160);
    mpfr_set_d(m, exact, MPFR_RNDN);
    const double result = oracle_error(m, got, real);
    mpfr_clear(m);
    return result;
}

static void errors_are_in_units_of_the_exact_value(void **state) {
    (void)state;
    assert_true(error_of(1, 1 + 0x1p-23, ORACLE_FLOAT) == 1);
    assert_true(error_of(1, 1 - 0x1p-24, ORACLE_FLOAT) == 0.5);
    assert_true(error_of(0x1.8p-140, 0x1.8p-140 + 0x1p-149, ORACLE_FLOAT) == 1);
    assert_true(error_of(0x1p-151, 0, ORACLE_FLOAT) == 0.25);
    assert_true(error_of(0, 0x1p-149, ORACLE_FLOAT) == 1);
    assert_true(error_of(-3, -3 + 0x1p-51, ORACLE_DOUBLE) == 1);
    assert_true(error_of(0x1p-1074, 0, ORACLE_DOUBLE) == 1);
    assert_true(error_of(NAN, NAN, ORACLE_FLOAT) == 0);
    assert_true(isinf(error_of(1, NAN, ORACLE_FLOAT)));
    assert_true(isinf(error_of(NAN, 1, ORACLE_FLOAT)));
    assert_true(error_of(INFINITY, INFINITY, ORACLE_FLOAT) == 0);
    assert_true(isinf(error_of(INFINITY, -INFINITY, ORACLE_FLOAT)));
    assert_true(error_of(0x1p200, INFINITY, ORACLE_FLOAT) == 0);
    assert_true(isinf(error_of(1, INFINITY, ORACLE_FLOAT)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slopes_are_those_of_the_values),
        cmocka_unit_test(known_values),
        cmocka_unit_test(every_kind_has_a_known_value),
        cmocka_unit_test(minima),
        cmocka_unit_test(identities),
        cmocka_unit_test(terms_at_kinks),
        cmocka_unit_test(errors_are_in_units_of_the_exact_value),
    };
    return cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
}
