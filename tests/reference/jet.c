/* Arithmetic with slopes by the chain rule, on a pool of cells a thread. Called by the oracle; calls MPFR. */
#include "jet.h"

#include <assert.h>

enum { CELLS = 256, EXPONENT_LIMIT = 24 };

static _Thread_local struct {
    struct jet_cell cell[CELLS];
    int used, made;
    mpfr_prec_t bits;
} pool;

void jet_begin(mpfr_prec_t bits) {
    pool.used = 0;
    pool.bits = bits;
}

static jet fresh(void) {
    assert(pool.used < CELLS);
    jet a = &pool.cell[pool.used++];
    if (pool.made < pool.used) {
        mpfr_inits2(pool.bits, a->value, a->slope, (mpfr_ptr)NULL);
        pool.made = pool.used;
    } else if (mpfr_get_prec(a->value) != pool.bits) {
        mpfr_set_prec(a->value, pool.bits);
        mpfr_set_prec(a->slope, pool.bits);
    }
    mpfr_set_zero(a->slope, 1);
    a->varies = 0;
    return a;
}

/* result's slope gains that of a times by. */
static void chain(jet result, jet a, const mpfr_t by) {
    if (!a->varies)
        return;
    jet product = fresh();
    mpfr_mul(product->value, a->slope, by, MPFR_RNDN);
    if (result->varies)
        mpfr_add(result->slope, result->slope, product->value, MPFR_RNDN);
    else
        mpfr_set(result->slope, product->value, MPFR_RNDN);
    result->varies = 1;
}

jet jet_of(double value) {
    jet a = fresh();
    mpfr_set_d(a->value, value, MPFR_RNDN);
    return a;
}

jet jet_decimal(const char *digits) {
    jet a = fresh();
    mpfr_set_str(a->value, digits, 10, MPFR_RNDN);
    return a;
}

jet jet_pi(void) {
    jet a = fresh();
    mpfr_const_pi(a->value, MPFR_RNDN);
    return a;
}

jet jet_with_slope_of(jet value, jet a) {
    jet result = fresh();
    mpfr_set(result->value, value->value, MPFR_RNDN);
    mpfr_set(result->slope, a->slope, MPFR_RNDN);
    result->varies = a->varies;
    return result;
}

int jet_sign(jet a) { return mpfr_sgn(a->value); }
int jet_compare(jet a, double b) { return mpfr_cmp_d(a->value, b); }

jet jet_neg(jet a) {
    jet result = fresh();
    mpfr_neg(result->value, a->value, MPFR_RNDN);
    chain(result, a, jet_of(-1)->value);
    return result;
}

jet jet_add(jet a, jet b) {
    jet result = fresh(), one = jet_of(1);
    mpfr_add(result->value, a->value, b->value, MPFR_RNDN);
    chain(result, a, one->value);
    chain(result, b, one->value);
    return result;
}

jet jet_sub(jet a, jet b) {
    jet result = fresh();
    mpfr_sub(result->value, a->value, b->value, MPFR_RNDN);
    chain(result, a, jet_of(1)->value);
    chain(result, b, jet_of(-1)->value);
    return result;
}

jet jet_mul(jet a, jet b) {
    jet result = fresh();
    mpfr_mul(result->value, a->value, b->value, MPFR_RNDN);
    chain(result, a, b->value);
    chain(result, b, a->value);
    return result;
}

/* (a / b)' = a' / b - (a / b) b' / b */
jet jet_div(jet a, jet b) {
    jet result = fresh(), by = fresh();
    mpfr_div(result->value, a->value, b->value, MPFR_RNDN);
    mpfr_ui_div(by->value, 1, b->value, MPFR_RNDN);
    chain(result, a, by->value);
    mpfr_mul(by->value, by->value, result->value, MPFR_RNDN);
    mpfr_neg(by->value, by->value, MPFR_RNDN);
    chain(result, b, by->value);
    return result;
}

/* 1 / (2 sqrt a), +Inf at both zeros */
jet jet_sqrt(jet a) {
    jet result = fresh(), by = fresh();
    mpfr_sqrt(result->value, a->value, MPFR_RNDN);
    if (!a->varies)
        return result;
    mpfr_ui_div(by->value, 1, result->value, MPFR_RNDN);
    mpfr_div_2ui(by->value, by->value, 1, MPFR_RNDN);
    mpfr_abs(by->value, by->value, MPFR_RNDN);
    chain(result, a, by->value);
    return result;
}

static void set_held(mpfr_t held, const mpfr_t a) {
    if (mpfr_cmp_ui_2exp(a, 1, EXPONENT_LIMIT) > 0)
        mpfr_set_ui_2exp(held, 1, EXPONENT_LIMIT, MPFR_RNDN);
    else if (mpfr_cmp_si_2exp(a, -1, EXPONENT_LIMIT) < 0)
        mpfr_set_si_2exp(held, -1, EXPONENT_LIMIT, MPFR_RNDN);
    else
        mpfr_set(held, a, MPFR_RNDN);
}

jet jet_exp(jet a) {
    jet result = fresh();
    set_held(result->value, a->value);
    mpfr_exp(result->value, result->value, MPFR_RNDN);
    chain(result, a, result->value);
    return result;
}

jet jet_expm1(jet a) {
    jet result = fresh();
    set_held(result->value, a->value);
    mpfr_expm1(result->value, result->value, MPFR_RNDN);
    if (!a->varies)
        return result;
    chain(result, a, jet_exp(a)->value);
    return result;
}

/* 1 / a, but no number where the logarithm is none. */
jet jet_log(jet a) {
    jet result = fresh(), by = fresh();
    mpfr_log(result->value, a->value, MPFR_RNDN);
    if (!a->varies)
        return result;
    if (mpfr_nan_p(result->value))
        mpfr_set_nan(by->value);
    else
        mpfr_ui_div(by->value, 1, a->value, MPFR_RNDN);
    chain(result, a, by->value);
    return result;
}

jet jet_log1p(jet a) {
    jet result = fresh(), by = fresh();
    mpfr_log1p(result->value, a->value, MPFR_RNDN);
    if (!a->varies)
        return result;
    mpfr_add_ui(by->value, a->value, 1, MPFR_RNDN);
    mpfr_ui_div(by->value, 1, by->value, MPFR_RNDN);
    chain(result, a, by->value);
    return result;
}

/* sech(a)^2 */
jet jet_tanh(jet a) {
    jet result = fresh(), by = fresh();
    mpfr_tanh(result->value, a->value, MPFR_RNDN);
    if (!a->varies)
        return result;
    set_held(by->value, a->value);
    mpfr_sech(by->value, by->value, MPFR_RNDN);
    mpfr_sqr(by->value, by->value, MPFR_RNDN);
    chain(result, a, by->value);
    return result;
}

/* 2 / sqrt(pi) exp(-a^2) */
static jet erf_slope(jet a) {
    jet square = fresh(), root = jet_sqrt(jet_pi());
    mpfr_sqr(square->value, a->value, MPFR_RNDN);
    mpfr_neg(square->value, square->value, MPFR_RNDN);
    return jet_div(jet_mul(jet_of(2), jet_exp(square)), root);
}

jet jet_erf(jet a) {
    jet result = fresh();
    mpfr_erf(result->value, a->value, MPFR_RNDN);
    if (!a->varies)
        return result;
    chain(result, a, erf_slope(a)->value);
    return result;
}

jet jet_erfc(jet a) {
    jet result = fresh();
    mpfr_erfc(result->value, a->value, MPFR_RNDN);
    if (!a->varies)
        return result;
    chain(result, a, jet_neg(erf_slope(a))->value);
    return result;
}

jet jet_sin(jet a) {
    jet result = fresh(), by = fresh();
    mpfr_sin_cos(result->value, by->value, a->value, MPFR_RNDN);
    chain(result, a, by->value);
    return result;
}

/* b a^(b - 1), and a^b log(a), of which the power decides where it is 0 */
jet jet_pow(jet a, jet b) {
    jet result = fresh(), by = fresh();
    mpfr_pow(result->value, a->value, b->value, MPFR_RNDN);
    mpfr_sub_ui(by->value, b->value, 1, MPFR_RNDN);
    mpfr_pow(by->value, a->value, by->value, MPFR_RNDN);
    mpfr_mul(by->value, by->value, b->value, MPFR_RNDN);
    chain(result, a, by->value);
    mpfr_log(by->value, a->value, MPFR_RNDN);
    if (mpfr_inf_p(by->value) && mpfr_zero_p(result->value))
        mpfr_set_zero(by->value, 1);
    else
        mpfr_mul(by->value, by->value, result->value, MPFR_RNDN);
    chain(result, b, by->value);
    return result;
}
