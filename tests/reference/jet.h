/*
 * Numbers of any precision that carry their slope along, so that a formula written once gives value and derivative:
 * what the oracle's formulas are written in. Called by the oracle; calls MPFR, which rounds each operation correctly.
 *
 * A jet lives until the next jet_begin() of its thread. exp() is held to exponents of at most 2^24, beyond any
 * number that the library holds, so that a formula meets no infinity of its own making and an underflowed result
 * keeps its sign.
 */
#ifndef ACT_TESTS_JET_H
#define ACT_TESTS_JET_H

#include <mpfr.h>

typedef struct jet_cell {
    mpfr_t value, slope;
    int varies; /* else the slope is +0 whatever the slopes of what it was made from are multiplied with */
} * jet;

/* Forgets all jets of this thread; those to come have so many bits. */
void jet_begin(mpfr_prec_t bits);

jet jet_of(double value);
jet jet_decimal(const char *digits);
jet jet_pi(void);

/* value, with the slope that a has: f as rounded in another place, but varying as a. */
jet jet_with_slope_of(jet value, jet a);

int jet_sign(jet a);              /* -1, 0 or 1 */
int jet_compare(jet a, double b); /* of a - b */

jet jet_neg(jet a);
jet jet_add(jet a, jet b);
jet jet_sub(jet a, jet b);
jet jet_mul(jet a, jet b);
jet jet_div(jet a, jet b);
jet jet_sqrt(jet a);
jet jet_exp(jet a);
jet jet_expm1(jet a);
jet jet_log(jet a);
jet jet_log1p(jet a);
jet jet_tanh(jet a);
jet jet_erf(jet a);
jet jet_erfc(jet a);
jet jet_sin(jet a);
jet jet_pow(jet a, jet b);

#endif
