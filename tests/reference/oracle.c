/* Finds a kind's formula, evaluates it with as many bits as cancellation asks for, and measures errors. */
#include "oracle.h"

#include <math.h>
#include <string.h>

#include "formulas.h"

enum { LEAST_BITS = 128, MOST_BITS = 8192, GOOD_BITS = 80, MAX_PARAMS = 4, INFINITE_EXPONENT = 100000 };

static const oracle *find_in(const oracle *table, const char *name) {
    for (; table->name; table++)
        if (strcmp(table->name, name) == 0)
            return table;
    return NULL;
}

const oracle *oracle_find(const char *name) {
    const oracle *found = find_in(oracle_pieces, name);
    return found ? found : find_in(oracle_curves, name);
}

int oracle_param_count(const oracle *o) {
    int count = *o->params != '\0';
    for (const char *c = o->params; *c; c++)
        count += *c == ' ';
    return count;
}

static void vary(jet a) {
    mpfr_set_ui(a->slope, 1, MPFR_RNDN);
    a->varies = 1;
}

static jet evaluate(const oracle *o, int what, double x, const double *params, mpfr_prec_t bits) {
    jet_begin(bits);
    jet at = jet_of(x), p[MAX_PARAMS] = {0};
    if (isinf(x) && o->infinity == ORACLE_LIMIT)
        mpfr_set_si_2exp(at->value, x > 0 ? 1 : -1, INFINITE_EXPONENT, MPFR_RNDN);
    for (int i = 0; i < oracle_param_count(o); i++)
        p[i] = jet_of(params[i]);
    if (what != ORACLE_VALUE)
        vary(what == ORACLE_DERIVATIVE ? at : p[what - ORACLE_TERM]);
    return o->formula(at, p);
}

int oracle_is_flat(const oracle *o, double x, const double *params) {
    return !isnan(x) && !evaluate(o, ORACLE_DERIVATIVE, x, params, LEAST_BITS)->varies;
}

void oracle_evaluate_by(mpfr_t result, const oracle *o, int what, double x, const double *params, mpfr_prec_t bits) {
    jet y = evaluate(o, what, x, params, bits);
    mpfr_set_prec(result, bits);
    mpfr_set(result, what == ORACLE_VALUE ? y->value : y->slope, MPFR_RNDN);
}

/* Whether a and b share GOOD_BITS bits. */
static int agree(const mpfr_t a, const mpfr_t b) {
    if (!mpfr_regular_p(a) || !mpfr_regular_p(b))
        return (mpfr_nan_p(a) && mpfr_nan_p(b)) || mpfr_equal_p(a, b);
    return mpfr_get_exp(a) == mpfr_get_exp(b) && mpfr_sgn(a) == mpfr_sgn(b) && mpfr_eq(a, b, GOOD_BITS);
}

void oracle_evaluate(mpfr_t result, const oracle *o, int what, double x, const double *params) {
    if (isnan(x)) {
        mpfr_set_nan(result);
        return;
    }
    mpfr_t before;
    mpfr_init2(before, LEAST_BITS);
    mpfr_prec_t bits = LEAST_BITS;
    oracle_evaluate_by(result, o, what, x, params, bits);
    do { /* a zero may be all that few bits left */
        mpfr_set_prec(before, bits);
        mpfr_set(before, result, MPFR_RNDN);
        bits = mpfr_zero_p(result) ? MOST_BITS : 2 * bits;
        oracle_evaluate_by(result, o, what, x, params, bits);
    } while (!agree(before, result) && bits < MOST_BITS);
    mpfr_clear(before);
}

double oracle_round(const mpfr_t exact, oracle_real real) {
    return real == ORACLE_FLOAT ? (double)mpfr_get_flt(exact, MPFR_RNDN) : mpfr_get_d(exact, MPFR_RNDN);
}

/* Exponent of the unit in the last place: mpfr has 1/2 <= mantissa < 1. */
static mpfr_exp_t unit_of(const mpfr_t exact, oracle_real real) {
    const mpfr_exp_t least = real == ORACLE_FLOAT ? -149 : -1074, most = real == ORACLE_FLOAT ? 104 : 971;
    const mpfr_exp_t unit = mpfr_zero_p(exact) ? least : mpfr_get_exp(exact) - (real == ORACLE_FLOAT ? 24 : 53);
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
    mpfr_init2(error, mpfr_get_prec(exact));
    mpfr_sub_d(error, exact, got, MPFR_RNDN);
    mpfr_abs(error, error, MPFR_RNDN);
    mpfr_mul_2si(error, error, -unit_of(exact, real), MPFR_RNDN);
    const double result = mpfr_get_d(error, MPFR_RNDN);
    mpfr_clear(error);
    return result;
}
