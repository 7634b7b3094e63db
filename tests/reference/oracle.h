/*
 * What every elementwise kind ought to compute, in MPFR: value, derivative and the derivative in each parameter, from
 * the definition alone, and how far a result is from them. Knows nothing of the library.
 */
#ifndef ACT_TESTS_ORACLE_H
#define ACT_TESTS_ORACLE_H

#include <mpfr.h>

#include "jet.h"

/* y of x with the parameters p. */
typedef jet oracle_formula(jet x, const jet *p);

/* What a formula gets for an infinite x. */
typedef enum oracle_infinity {
    ORACLE_LIMIT,   /* a number so large that what rounds is the limit */
    ORACLE_INFINITE /* infinity itself, where there is no limit or the way there is too slow */
} oracle_infinity;

typedef struct oracle {
    const char *name, *params; /* names of the parameters in their order, a blank between */
    oracle_formula *formula;
    oracle_infinity infinity;
} oracle;

/* What to evaluate: the value, or the derivative in x, or ORACLE_TERM + i: the derivative in parameter i. */
enum { ORACLE_VALUE, ORACLE_DERIVATIVE, ORACLE_TERM };

typedef enum oracle_real { ORACLE_FLOAT, ORACLE_DOUBLE } oracle_real;

/* NULL for a name that no row has. */
const oracle *oracle_find(const char *name);

int oracle_param_count(const oracle *o);

/*
 * To 80 bits or more after cancellation; NaN where x is. params are the values that the compute type holds. In
 * sign and size of zero the formula as written decides.
 */
void oracle_evaluate(mpfr_t result, const oracle *o, int what, double x, const double *params);

/* The same by so many bits throughout, of which cancellation takes its part. */
void oracle_evaluate_by(mpfr_t result, const oracle *o, int what, double x, const double *params, mpfr_prec_t bits);

/* Whether the branch that x takes does not depend on x, so that its derivative is +0 by case. */
int oracle_is_flat(const oracle *o, double x, const double *params);

/* exact, correctly rounded, subnormals and overflow included. */
double oracle_round(const mpfr_t exact, oracle_real real);

/*
 * |got - exact| in units in the last place that real has at exact (the subnormal unit below normal numbers). Infinite
 * where one is NaN and the other not, or infinite and the other far from it; 0 where both are the same special.
 */
double oracle_error(const mpfr_t exact, double got, oracle_real real);

#endif
