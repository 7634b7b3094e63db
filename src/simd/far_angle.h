/*
 * Angles too large for wide_sin.h's constants, one at a time: a product of two finite doubles, whatever its exponent,
 * in units of pi, without its multiples of 2. The product is a whole number of at most 106 bits times 2^e; of 1 / pi
 * only those bits are multiplied with it that reach below 2^2 and above 2^-190, which leaves 2^-60 even of the
 * product nearest to a multiple of pi (Payne, Hanek 1983). Numbers are arrays of 32-bit digits, highest first.
 */
#ifndef ACT_SIMD_FAR_ANGLE_H
#define ACT_SIMD_FAR_ANGLE_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* The binary digits of 1 / pi after the point. */
static const uint32_t inverse_pi_digits[72] = {
    0x517cc1b7, 0x27220a94, 0xfe13abe8, 0xfa9a6ee0, 0x6db14acc, 0x9e21c820, 0xff28b1d5, 0xef5de2b0, 0xdb92371d,
    0x2126e970, 0x03249775, 0x04e8c90e, 0x7f0ef58e, 0x5894d39f, 0x74411afa, 0x975da242, 0x74ce3813, 0x5a2fbf20,
    0x9cc8eb1c, 0xc1a99cfa, 0x4e422fc5, 0xdefc941d, 0x8ffc4bff, 0xef02cc07, 0xf79788c5, 0xad05368f, 0xb69b3f67,
    0x93e584db, 0xa7a31fb3, 0x4f2ff516, 0xba93dd63, 0xf5f2f8bd, 0x9e839cfb, 0xc5294975, 0x35fdafd8, 0x8fc6ae84,
    0x2b019823, 0x7e3db5d5, 0xf867de10, 0x4d7a1b0e, 0xd4f1c8b0, 0xaf730d84, 0x32ccc2af, 0x8a503420, 0x46ffec40,
    0x26b99398, 0x83030aab, 0x6539d464, 0xb0713de0, 0x4635a3e2, 0x0ce1b3e6, 0xee740495, 0x41ace23b, 0x45cb0e53,
    0x6ed7a268, 0xab8c829f, 0x52ff8382, 0x9fbf19f4, 0x19616f27, 0xcc193edd, 0xe19e9377, 0xb58f2f7c, 0x4f9d0f9a,
    0xe5793f8e, 0xc3f890c8, 0x3e3e1235, 0x7d376abb, 0x9698219d, 0x8ae30a5a, 0xce8ce1e1, 0x6256a0a6, 0x962e8006,
};

/* Four digits of the factor, seven of the result, whose first counts whole units. */
enum { FACTOR_DIGITS = 4, ANGLE_DIGITS = 7, WINDOW_DIGITS = FACTOR_DIGITS + ANGLE_DIGITS };

typedef struct whole {
    uint64_t mantissa;
    int exponent;
} whole;

/* |a| = mantissa * 2^exponent, for a not subnormal; smaller ones count as 0. */
static inline whole whole_of(double a) {
    uint64_t word;
    memcpy(&word, &a, sizeof word);
    const int field = (int)(word >> 52 & 2047);
    const uint64_t one = (uint64_t)1 << 52;
    return (whole){field ? (word & (one - 1)) | one : 0, field - 1075};
}

/* 32 digits of 1 / pi from bit `position` after the point on; those before the point are 0. */
static inline uint32_t inverse_pi_at(int position) {
    uint64_t both = 0;
    const int first = (position + 128) / 32 - 4; /* rounds down for positions from -128 */
    for (int k = first; k <= first + 1; k++)
        both = both << 32 | (k >= 0 ? inverse_pi_digits[k] : 0);
    return (uint32_t)(both << (position - 32 * first) >> 32);
}

/* factor = a * b */
static inline void multiply_mantissas(uint32_t *factor, uint64_t a, uint64_t b) {
    const uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX), high = (a >> 32) * (b >> 32);
    const uint64_t cross[2] = {(a >> 32) * (b & UINT32_MAX), (a & UINT32_MAX) * (b >> 32)};
    uint64_t carry = (low >> 32) + (cross[0] & UINT32_MAX) + (cross[1] & UINT32_MAX);
    factor[3] = (uint32_t)low;
    factor[2] = (uint32_t)carry;
    carry = (carry >> 32) + (cross[0] >> 32) + (cross[1] >> 32) + high;
    factor[1] = (uint32_t)carry;
    factor[0] = (uint32_t)(carry >> 32);
}

/* The middle ANGLE_DIGITS of factor * window: those above are multiples of 2^32, those below too small. */
static inline void multiply_digits(uint32_t *angle, const uint32_t *factor, const uint32_t *window) {
    uint32_t product[FACTOR_DIGITS + WINDOW_DIGITS] = {0};
    for (int i = FACTOR_DIGITS - 1; i >= 0; i--) {
        uint64_t carry = 0;
        for (int j = WINDOW_DIGITS - 1; j >= 0; j--) {
            carry += product[i + j + 1] + (uint64_t)factor[i] * window[j];
            product[i + j + 1] = (uint32_t)carry;
            carry >>= 32;
        }
        product[i] = (uint32_t)carry;
    }
    memcpy(angle, product + FACTOR_DIGITS, ANGLE_DIGITS * sizeof *angle);
}

static inline void negate_digits(uint32_t *angle) {
    uint64_t carry = 1;
    for (int k = ANGLE_DIGITS - 1; k >= 0; k--) {
        carry += (uint32_t)~angle[k];
        angle[k] = (uint32_t)carry;
        carry >>= 32;
    }
}

/* hi + lo of the digits after the point. */
static inline void sum_fraction(double *hi, double *lo, const uint32_t *angle) {
    double sum = 0, rest = 0, unit = 1;
    for (int k = 1; k < ANGLE_DIGITS; k++) {
        unit *= 0x1p-32;
        const double term = angle[k] * unit, next = sum + term;
        rest += term - (next - sum);
        sum = next;
    }
    *hi = sum;
    *lo = rest;
}

/* hi + lo = a / pi + quarters / 4 less the nearest whole number k, times (-1)^k, for the product a = w x; NaN where
 * that is not finite. |a| > 2^26. */
static inline void far_angle(double *hi, double *lo, double w, double x, uint32_t quarters) {
    uint32_t factor[FACTOR_DIGITS], window[WINDOW_DIGITS], angle[ANGLE_DIGITS];
    const whole a = whole_of(w), b = whole_of(x);
    if (!isfinite(x)) {
        *hi = *lo = NAN;
        return;
    }
    multiply_mantissas(factor, a.mantissa, b.mantissa);
    for (int k = 0; k < WINDOW_DIGITS; k++)
        window[k] = inverse_pi_at(a.exponent + b.exponent - 32 + 32 * k);
    multiply_digits(angle, factor, window);
    if (signbit(w) != signbit(x))
        negate_digits(angle);
    const uint32_t first = angle[1] + (quarters << 30);
    angle[0] += first < angle[1];
    angle[1] = first;
    /* With the fraction f above 1/2 the nearest whole number is one more, and f - 1 < 0: both change the sign. */
    const double sign = angle[0] & 1 ? -1 : 1;
    if (angle[1] >> 31)
        negate_digits(angle);
    sum_fraction(hi, lo, angle);
    *hi *= sign;
    *lo *= sign;
}

#endif
