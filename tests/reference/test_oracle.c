/* The oracle itself: derivatives against differences of values in high precision, known values, rounding, errors. */
#include "support.h"

#include <math.h>

#include "oracle.h"

enum { BITS = 400, STEP = -120 };

static const char *const names[] = {"identity", "relu", "leaky_relu", "elu", "sigmoid", "tanh", "softsign"};
static const double points[] = {-50, -17, -8.5, -3, -1.25, -0.5, -1e-3, -1e-9, 1e-9, 1e-3, 0.5, 1.25, 3, 8.5, 17, 50};
static const double params[] = {-1.75, 0.3};

/* log2 of the relative error of the derivative at x against (f(x + h) - f(x - h)) / 2h. */
static long difference_error(const oracle *o, double x, const double *p) {
    mpfr_t at, above, below, derivative;
    mpfr_inits2(BITS, at, above, below, derivative, (mpfr_ptr)NULL);
    mpfr_set_ui_2exp(derivative, 1, STEP, MPFR_RNDN);
    mpfr_set_d(at, x, MPFR_RNDN);
    mpfr_add(at, at, derivative, MPFR_RNDN);
    o->value(above, at, p);
    mpfr_set_d(at, x, MPFR_RNDN);
    mpfr_sub(at, at, derivative, MPFR_RNDN);
    o->value(below, at, p);
    mpfr_sub(above, above, below, MPFR_RNDN);
    mpfr_mul_2si(above, above, -STEP - 1, MPFR_RNDN);
    mpfr_set_d(at, x, MPFR_RNDN);
    o->derivative(derivative, at, p);
    mpfr_sub(above, above, derivative, MPFR_RNDN);
    if (!mpfr_zero_p(derivative))
        mpfr_div(above, above, derivative, MPFR_RNDN);
    const long result = mpfr_zero_p(above) ? -BITS : (long)mpfr_get_exp(above);
    mpfr_clears(at, above, below, derivative, (mpfr_ptr)NULL);
    return result;
}

static void derivatives_are_those_of_the_values(void **state) {
    (void)state;
    for (size_t k = 0; k < COUNT_OF(names); k++) {
        const oracle *o = oracle_find(names[k]);
        assert_non_null(o);
        for (size_t i = 0; i < COUNT_OF(points); i++)
            for (size_t j = 0; j < COUNT_OF(params); j++)
                if (difference_error(o, points[i], &params[j]) > -100)
                    fail_msg("%s' at %g with %g", names[k], points[i], params[j]);
    }
}

static double evaluated(oracle_function *f, double x, double param) {
    mpfr_t y;
    mpfr_init(y);
    oracle_evaluate(y, f, x, &param);
    const double result = oracle_round(y, ORACLE_DOUBLE);
    mpfr_clear(y);
    return result;
}

static void known_values(void **state) {
    (void)state;
    const struct {
        const char *name;
        double x, value, derivative;
    } known[] = {
        {"identity", -3, -3, 1},
        {"relu", 2, 2, 1},
        {"relu", 0, 0, 0},
        {"leaky_relu", -4, -2, 0.5},
        {"leaky_relu", 0, 0, 0.5},
        {"elu", 0, 0, 0.5},
        {"elu", -INFINITY, -0.5, 0},
        {"elu", INFINITY, INFINITY, 1},
        {"sigmoid", 0, 0.5, 0.25},
        {"sigmoid", INFINITY, 1, 0},
        {"sigmoid", -INFINITY, 0, 0},
        {"sigmoid", 1, 0.7310585786300049, 0.19661193324148185},
        {"tanh", 0, 0, 1},
        {"tanh", -INFINITY, -1, 0},
        {"tanh", 1, 0.7615941559557649, 0.41997434161402608},
        {"softsign", 1, 0.5, 0.25},
        {"softsign", -INFINITY, -1, 0},
    };
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        const oracle *o = oracle_find(known[i].name);
        const double value = evaluated(o->value, known[i].x, 0.5),
                     derivative = evaluated(o->derivative, known[i].x, 0.5);
        if (value != known[i].value || derivative != known[i].derivative)
            fail_msg("%s(%g) = %.17g, %.17g", known[i].name, known[i].x, value, derivative);
    }
    assert_true(isnan(evaluated(oracle_find("relu")->value, NAN, 0)));
    assert_true(signbit(evaluated(oracle_find("tanh")->value, -0.0, 0)));
    assert_false(signbit(evaluated(oracle_find("relu")->value, -0.0, 0)));
    assert_null(oracle_find("no such kind"));
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
        cmocka_unit_test(derivatives_are_those_of_the_values),
        cmocka_unit_test(known_values),
        cmocka_unit_test(errors_are_in_units_of_the_exact_value),
    };
    return cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
}
