/*
 * The error of a float against an exact value that a double holds, as oracle_error() has it, but that a zero of the
 * wrong sign is infinitely far off too. Without branches and in numbers of one width, so that compilers vectorise
 * loops over it.
 */
#ifndef ACT_TESTS_ULP_H
#define ACT_TESTS_ULP_H

#include <math.h>
#include <stdint.h>
#include <string.h>

static inline int64_t ulp_bits(double d) {
    int64_t bits;
    memcpy(&bits, &d, sizeof bits);
    return bits;
}

static inline double ulp_from_bits(int64_t bits) {
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

/* 1 over the unit in the last place that a float has at exact: from 2^-104 to 2^149. */
static inline double ulp_per_unit(double exact) {
    const int64_t bias = 1023, mantissa = 23, least = bias - 126, most = bias + 127;
    int64_t exponent = ulp_bits(exact) >> 52 & 0x7ff;
    exponent = exponent < least ? least : exponent;
    exponent = exponent > most ? most : exponent;
    return ulp_from_bits((2 * bias + mantissa - exponent) << 52);
}

/* The bits of the error of got; rounded is exact as a float. Errors are not negative: their bits have their order. */
static inline int64_t ulp_error_bits(double exact, double rounded, double got) {
    const int64_t infinite = ulp_bits((double)INFINITY), magnitude = INT64_MAX;
    const int64_t a = ulp_bits(rounded), b = ulp_bits(got);
    const int64_t size_a = a & magnitude, size_b = b & magnitude;
    int64_t error = ulp_bits(fabs(exact - got) * ulp_per_unit(exact));
    error = size_b >= infinite ? infinite : error;
    error = size_a > infinite ? infinite : error;
    error = (a ^ b) < 0 ? infinite : error;
    error = a == b && size_a == infinite ? 0 : error;
    const int64_t less_nan = size_a < size_b ? size_a : size_b;
    return less_nan > infinite ? 0 : error;
}

static inline double ulp_error(double exact, float got) {
    return ulp_from_bits(ulp_error_bits(exact, (double)(float)exact, (double)got));
}

/* As results are compared: NaN is NaN, and zeros have signs. */
static inline int same(double a, double b) {
    return (isnan(a) && isnan(b)) || (a == b && !signbit(a) == !signbit(b));
}

#endif
