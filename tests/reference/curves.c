/*
 * The smooth kinds, from their definitions. Where the plain formula cancels, the oracle asks again with more bits;
 * only what would cancel at any width (x beside sqrt(x^2 + b)) is written the other way. Searched by oracle.c.
 */
#include "formulas.h"

#include <stddef.h>

static jet one(void) { return jet_of(1); }
static jet two(void) { return jet_of(2); }
static jet square_of(jet a) { return jet_mul(a, a); }
static jet abs_of(jet a) { return jet_sign(a) < 0 ? jet_neg(a) : a; }

static jet logistic(jet z) { return jet_div(one(), jet_add(one(), jet_exp(jet_neg(z)))); }

static jet sigmoid(jet x, const jet *p) {
    (void)p;
    return logistic(x);
}

/* log(1 + exp(z)) / beta with z = beta x, which for z > 0 is x + log(1 + exp(-z)) / beta. */
static jet softplus(jet x, const jet *p) {
    jet z = jet_mul(p[0], x);
    if (jet_sign(z) <= 0)
        return jet_div(jet_log1p(jet_exp(z)), p[0]);
    return jet_add(x, jet_div(jet_log1p(jet_exp(jet_neg(z))), p[0]));
}

static jet log_sigmoid(jet x, const jet *p) {
    (void)p;
    const jet unit = one();
    return jet_neg(softplus(jet_neg(x), &unit));
}

static jet hyperbolic_tangent(jet x, const jet *p) {
    (void)p;
    return jet_tanh(x);
}

static jet scaled_tanh(jet x, const jet *p) { return jet_mul(p[1], jet_tanh(jet_mul(p[0], x))); }

/* x / (1 + exp(-z)) */
static jet gated(jet x, jet z) { return jet_div(x, jet_add(one(), jet_exp(jet_neg(z)))); }

static jet silu(jet x, const jet *p) {
    (void)p;
    return gated(x, x);
}

static jet swish(jet x, const jet *p) { return gated(x, jet_mul(p[0], x)); }

static jet quick_gelu(jet x, const jet *p) {
    (void)p;
    return gated(x, jet_mul(jet_decimal("1.702"), x));
}

static jet gelu(jet x, const jet *p) {
    (void)p;
    jet tail = jet_erfc(jet_div(jet_neg(x), jet_sqrt(two())));
    return jet_div(jet_mul(x, tail), two());
}

/* x (1 + tanh u) / 2 is x / (1 + exp(-2u)), u = sqrt(2 / pi) (x + 0.044715 x^3) */
static jet gelu_tanh(jet x, const jet *p) {
    (void)p;
    jet cubic = jet_mul(x, jet_add(one(), jet_mul(jet_decimal("0.044715"), square_of(x))));
    return gated(x, jet_mul(jet_mul(two(), jet_sqrt(jet_div(two(), jet_pi()))), cubic));
}

static jet mish(jet x, const jet *p) {
    const jet unit = one();
    (void)p;
    return jet_mul(x, jet_tanh(softplus(x, &unit)));
}

static jet elu(jet x, const jet *p) { return jet_sign(x) > 0 ? x : jet_mul(p[0], jet_expm1(x)); }

static jet celu(jet x, const jet *p) { return jet_sign(x) > 0 ? x : jet_mul(p[0], jet_expm1(jet_div(x, p[0]))); }

static jet selu(jet x, const jet *p) {
    jet lambda = jet_decimal("1.0507009873554804934193349852946");
    const jet alpha = jet_decimal("1.6732632423543772848170429916717");
    (void)p;
    return jet_mul(lambda, elu(x, &alpha));
}

/* Odd, so that the zero of x - tanh(x) keeps the sign of x. */
static jet tanh_shrink(jet x, const jet *p) {
    (void)p;
    jet y = jet_sub(x, jet_tanh(x));
    return jet_sign(x) != 0 ? y : jet_with_slope_of(x, y);
}

static jet softsign(jet x, const jet *p) {
    (void)p;
    return jet_div(x, jet_add(one(), abs_of(x)));
}

/* (x + r) / 2, r = sqrt(x^2 + b): left of 0 b / (2 (r - x)), which is the same and does not cancel. */
static jet squareplus(jet x, const jet *p) {
    if (jet_sign(p[0]) == 0 && jet_sign(x) == 0)
        return jet_of(0);
    jet r = jet_sqrt(jet_add(square_of(x), p[0]));
    if (jet_sign(x) < 0)
        return jet_div(p[0], jet_mul(two(), jet_sub(r, x)));
    return jet_div(jet_add(x, r), two());
}

static jet lisht(jet x, const jet *p) {
    (void)p;
    return jet_mul(x, jet_tanh(x));
}

static jet sine(jet x, const jet *p) { return jet_sin(jet_mul(p[0], x)); }

/* sin(a x)^2 / a is a x^2 where a is 0. */
static jet snake(jet x, const jet *p) {
    if (jet_sign(p[0]) == 0)
        return p[0]->varies ? jet_add(x, jet_mul(p[0], square_of(x))) : x;
    if (mpfr_inf_p(x->value))
        return jet_with_slope_of(x, sine(x, p));
    return jet_add(x, jet_div(square_of(sine(x, p)), p[0]));
}

static jet xielu(jet x, const jet *p) {
    jet linear = jet_mul(p[2], x);
    if (jet_sign(x) > 0)
        return jet_add(jet_mul(p[1], square_of(x)), linear);
    return jet_add(jet_mul(p[0], jet_sub(jet_expm1(x), x)), linear);
}

static jet exponential(jet x, const jet *p) {
    (void)p;
    return jet_exp(x);
}

static jet exponential_minus_one(jet x, const jet *p) {
    (void)p;
    return jet_expm1(x);
}

static jet gaussian(jet x, const jet *p) {
    (void)p;
    return jet_exp(jet_neg(square_of(x)));
}

static jet error_function(jet x, const jet *p) {
    (void)p;
    return jet_erf(x);
}

/* The exponent 0 makes 1 of every number, a flat branch that yet varies with the exponent. */
static jet power(jet x, const jet *p) { return jet_sign(p[0]) != 0 || p[0]->varies ? jet_pow(x, p[0]) : jet_of(1); }

static jet square_root(jet x, const jet *p) {
    (void)p;
    return jet_sqrt(x);
}

static jet logarithm(jet x, const jet *p) {
    (void)p;
    return jet_log(x);
}

static jet square(jet x, const jet *p) {
    (void)p;
    return square_of(x);
}

const oracle oracle_curves[] = {
    {"sigmoid", "", sigmoid, ORACLE_LIMIT},
    {"log_sigmoid", "", log_sigmoid, ORACLE_LIMIT},
    {"tanh", "", hyperbolic_tangent, ORACLE_LIMIT},
    {"scaled_tanh", "a b", scaled_tanh, ORACLE_LIMIT},
    {"softplus", "beta", softplus, ORACLE_LIMIT},
    {"silu", "", silu, ORACLE_LIMIT},
    {"swish", "beta", swish, ORACLE_LIMIT},
    {"quick_gelu", "", quick_gelu, ORACLE_LIMIT},
    {"gelu", "", gelu, ORACLE_LIMIT},
    {"gelu_tanh", "", gelu_tanh, ORACLE_LIMIT},
    {"mish", "", mish, ORACLE_LIMIT},
    {"elu", "alpha", elu, ORACLE_LIMIT},
    {"celu", "alpha", celu, ORACLE_LIMIT},
    {"selu", "", selu, ORACLE_LIMIT},
    {"tanh_shrink", "", tanh_shrink, ORACLE_LIMIT},
    {"softsign", "", softsign, ORACLE_LIMIT},
    {"squareplus", "b", squareplus, ORACLE_LIMIT},
    {"lisht", "", lisht, ORACLE_LIMIT},
    {"snake", "alpha", snake, ORACLE_INFINITE},
    {"xielu", "alpha_n alpha_p beta eps", xielu, ORACLE_LIMIT},
    {"exp", "", exponential, ORACLE_LIMIT},
    {"expm1", "", exponential_minus_one, ORACLE_LIMIT},
    {"gaussian", "", gaussian, ORACLE_LIMIT},
    {"erf", "", error_function, ORACLE_LIMIT},
    {"sin", "w", sine, ORACLE_INFINITE},
    {"pow", "exponent", power, ORACLE_INFINITE},
    {"sqrt", "", square_root, ORACLE_INFINITE},
    {"log", "", logarithm, ORACLE_INFINITE},
    {"square", "", square, ORACLE_LIMIT},
    {NULL, NULL, NULL, ORACLE_LIMIT},
};
