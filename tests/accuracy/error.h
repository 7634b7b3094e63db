/* The error of a result against MPFR, as the contract counts it. Called by test_accuracy and the sweep. */
#ifndef ACT_TESTS_ERROR_H
#define ACT_TESTS_ERROR_H

#include "accuracy/points.h"

/*
 * What is ORACLE_VALUE, ORACLE_DERIVATIVE or a term. A zero of the wrong sign is infinitely far off. Beside a root of
 * f' a float64 derivative may be 2^-53 off, the last bit of its greatest values; a term, which ends in a sum, may be
 * 2^-60 |x| off, and its zeros have no sign.
 */
double accuracy_error(const points *p, const subject *s, int what, double x, double got);

#endif
