/*
 * What every elementwise kind ought to compute, in MPFR: value and derivative as docs say, and how far a result is
 * from them. Knows nothing of the library. A new kind adds one row to the table in oracle.c.
 */
#ifndef ACT_TESTS_ORACLE_H
#define ACT_TESTS_ORACLE_H

#include <mpfr.h>

/* x is never NaN. params are the values that the compute type holds. */
typedef void oracle_function(mpfr_t result, const mpfr_t x, const double *params);

typedef struct oracle {
    const char *name;
    oracle_function *value, *derivative;
} oracle;

typedef enum oracle_real { ORACLE_FLOAT, ORACLE_DOUBLE } oracle_real;

/* NULL for a name that no row has. */
const oracle *oracle_find(const char *name);

/* result = f(x), NaN where x is. */
void oracle_evaluate(mpfr_t result, oracle_function *f, double x, const double *params);

/* exact, correctly rounded, subnormals and overflow included. */
double oracle_round(const mpfr_t exact, oracle_real real);

/*
 * |got - exact| in units in the last place that real has at exact (the subnormal unit below normal numbers). Infinite
 * where one is NaN and the other not, or infinite and the other far from it; 0 where both are the same special.
 */
double oracle_error(const mpfr_t exact, double got, oracle_real real);

#endif
