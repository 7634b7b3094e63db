#include "oracle.h"

#include <math.h>
#include <string.h>

/* Wide enough for what cancels (1 - E near E = 1 does not occur: expm1, tanh and sech are MPFR's own). */
enum { WORKING_BITS = 160 };

static void identity(mpfr_t y, const mpfr_t x, const double *p) {
    (void)p;
    mpfr_set(y, x, MPFR_RNDN);
}

static void identity_derivative(mpfr_t d, const mpfr_t x, const double *p) {
    (void)x, (void)p;
    mpfr_set_ui(d, 1, MPFR_RNDN);
}

/* slope * x left of 0 and at 0; a slope of 0 gives +0 there, for -Inf too. */
static void leaky(mpfr_t y, const mpfr_t x, const double *p) {
    if (mpfr_sgn(x) > 0)
        mpfr_set(y, x, MPFR_RNDN);
    else if (p[0] == 0)
        mpfr_set_zero(y, 1);
    else
        mpfr_mul_d(y, x, p[0], MPFR_RNDN);
}

static void leaky_derivative(mpfr_t d, const mpfr_t x, const double *p) {
    mpfr_set_d(d, mpfr_sgn(x) > 0 ? 1 : p[0] == 0 ? 0 : p[0], MPFR_RNDN);
}

static const double no_slope[] = {0};

static void relu(mpfr_t y, const mpfr_t x, const double *p) {
    (void)p;
    leaky(y, x, no_slope);
}

static void relu_derivative(mpfr_t d, const mpfr_t x, const double *p) {
    (void)p;
    leaky_derivative(d, x, no_slope);
}

static void elu(mpfr_t y, const mpfr_t x, const double *p) {
    if (mpfr_sgn(x) > 0) {
        mpfr_set(y, x, MPFR_RNDN);
        return;
    }
    mpfr_expm1(y, x, MPFR_RNDN);
    mpfr_mul_d(y, y, p[0], MPFR_RNDN);
}

static void elu_derivative(mpfr_t d, const mpfr_t x, const double *p) {
    if (mpfr_sgn(x) > 0) {
        mpfr_set_ui(d, 1, MPFR_RNDN);
        return;
    }
    mpfr_exp(d, x, MPFR_RNDN);
    mpfr_mul_d(d, d, p[0], MPFR_RNDN);
}

static void sigmoid(mpfr_t y, const mpfr_t x, const double *p) {
    (void)p;
    mpfr_neg(y, x, MPFR_RNDN);
    mpfr_exp(y, y, MPFR_RNDN);
    mpfr_add_ui(y, y, 1, MPFR_RNDN);
    mpfr_ui_div(y, 1, y, MPFR_RNDN);
}

/* (sech(x / 2) / 2)^2 */
static void sigmoid_derivative(mpfr_t d, const mpfr_t x, const double *p) {
    (void)p;
    mpfr_div_2ui(d, x, 1, MPFR_RNDN);
    mpfr_sech(d, d, MPFR_RNDN);
    mpfr_div_2ui(d, d, 1, MPFR_RNDN);
    mpfr_sqr(d, d, MPFR_RNDN);
}

static void hyperbolic_tangent(mpfr_t y, const mpfr_t x, const double *p) {
    (void)p;
    mpfr_tanh(y, x, MPFR_RNDN);
}

static void hyperbolic_tangent_derivative(mpfr_t d, const mpfr_t x, const double *p) {
    (void)p;
    mpfr_sech(d, x, MPFR_RNDN);
    mpfr_sqr(d, d, MPFR_RNDN);
}

/* 1 / (1 + |x|) */
static void softsign_root(mpfr_t d, const mpfr_t x) {
    mpfr_abs(d, x, MPFR_RNDN);
    mpfr_add_ui(d, d, 1, MPFR_RNDN);
    mpfr_ui_div(d, 1, d, MPFR_RNDN);
}

static void softsign(mpfr_t y, const mpfr_t x, const double *p) {
    (void)p;
    if (mpfr_inf_p(x)) {
        mpfr_set_si(y, mpfr_sgn(x), MPFR_RNDN);
        return;
    }
    softsign_root(y, x);
    mpfr_mul(y, y, x, MPFR_RNDN);
}

static void softsign_derivative(mpfr_t d, const mpfr_t x, const double *p) {
    (void)p;
    softsign_root(d, x);
    mpfr_sqr(d, d, MPFR_RNDN);
}

static const oracle oracles[] = {
    {"identity", identity, identity_derivative}, {"relu", relu, relu_derivative},
    {"leaky_relu", leaky, leaky_derivative},     {"elu", elu, elu_derivative},
    {"sigmoid", sigmoid, sigmoid_derivative},    {"tanh", hyperbolic_tangent, hyperbolic_tangent_derivative},
    {"softsign", softsign, softsign_derivative},
};

const oracle *oracle_find(const char *name) {
    for (size_t i = 0; i < sizeof oracles / sizeof *oracles; i++)
        if (strcmp(oracles[i].name, name) == 0)
            return &oracles[i];
    return NULL;
}

void oracle_evaluate(mpfr_t result, oracle_function *f, double x, const double *params) {
    mpfr_t exact_x;
    if (isnan(x)) {
        mpfr_set_nan(result);
        return;
    }
    mpfr_init2(exact_x, WORKING_BITS);
    mpfr_set_prec(result, WORKING_BITS);
    mpfr_set_d(exact_x, x, MPFR_RNDN);
    f(result, exact_x, params);
    mpfr_clear(exact_x);
}

double oracle_round(const mpfr_t exact, oracle_real real) {
    return real == ORACLE_FLOAT ? (double)mpfr_get_flt(exact, MPFR_RNDN) : mpfr_get_d(exact, MPFR_RNDN);
}

/* Exponent of the unit in the last place: mpfr has 1/2 <= mantissa < 1. */
static mpfr_exp_t unit_of(const mpfr_t exact, oracle_real real) {
    const mpfr_exp_t least = real == ORACLE_FLOAT ? -149 : -1074, most = real == ORACLE_FLOAT ? 104 : 971;
    const mpfr_exp_t unit = mpfr_get_exp(exact) - (real == ORACLE_FLOAT ? 24 : 53);
    return unit < least ? least : unit > most ? most : unit;
}

double oracle_error(const mpfr_t exact, double got, oracle_real real) {
    const double rounded = oracle_round(exact, real);
    if (isnan(got) || isnan(rounded))
        return isnan(got) && isnan(rounded) ? 0 : INFINITY;
    if (got == rounded && (isinf(got) || mpfr_zero_p(exact)))
        return 0;
    if (isinf(got) || mpfr_inf_p(exact))
        return INFINITY;
    mpfr_t error;
    mpfr_init2(error, WORKING_BITS);
    mpfr_sub_d(error, exact, got, MPFR_RNDN);
    mpfr_abs(error, error, MPFR_RNDN);
    mpfr_mul_2si(error, error, -(mpfr_zero_p(exact) ? (real == ORACLE_FLOAT ? -149 : -1074) : unit_of(exact, real)),
                 MPFR_RNDN);
    const double result = mpfr_get_d(error, MPFR_RNDN);
    mpfr_clear(error);
    return result;
}
