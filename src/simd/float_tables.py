#!/usr/bin/env python3
"""Makes the rows of mills_table.h, tanh_shrink_table.h and erf_table.h.

For each of 32 intervals of a, eight an octave of scale * a + 1 from 1 to 16, a centre c near its middle and the coefficients of
f(c + d) = f(c) + d P(d): c is chosen so that f(c) is within 2^-7 of half a unit of a float, P interpolates at
Chebyshev's points. erf has c = 0 for the first interval, and the first coefficient of P in two parts. The order of the intervals is that of the bits of that sum, by which v_index finds them.

    python3 src/simd/float_tables.py
"""
import struct

from mpmath import chebyfit, erf, log, mpf, tanh

from coefficients import print_rows
from wide_coefficients import mills


def rounded(value):
    return struct.unpack("f", struct.pack("f", float(value)))[0]


def neighbour(value, steps):
    return struct.unpack("f", struct.pack("i", struct.unpack("i", struct.pack("f", value))[0] + steps))[0]


def interval(index, scale):
    octave = mpf(2) ** ((index // 8 + 1) % 4)
    low = octave * (1 + mpf(index % 8) / 8) - 1
    return low / scale, (low + octave / 8) / scale


def near_float(function, centre):
    """A float near centre where the function is nearly a float; flat functions take long steps."""
    step = 1 if function is not erf or centre < 3 else 64
    for k in range(20000):
        c = neighbour(centre, step * (k // 2 * (1 if k % 2 else -1)))
        value = function(mpf(c))
        if abs(value - mpf(rounded(value))) < abs(value) * mpf(2) ** -31:
            return c
    raise ValueError(centre)


def centre_of(function, low, high):
    if function is erf and low == 0:
        return 0.0
    if function is erf and low >= 4:
        return rounded(low)
    return near_float(function, rounded((low + high) / 2))


def row(function, index, degree, scale):
    """Centre, value there, the first coefficient in two parts, the others."""
    low, high = interval(index, scale)
    c = centre_of(function, low, high)
    if function is erf and low >= 4:
        return [c, 1.0] + [0.0] * (degree + 1)
    at_centre, step = function(mpf(c)), mpf(2) ** -30
    quotient = lambda d: (function(c + d) - at_centre) / d if abs(d) > step else quotient(2 * step)
    first, *others = reversed(chebyfit(quotient, [low - c, high - c], degree))
    return [c, rounded(at_centre), rounded(first), rounded(first - mpf(rounded(first)))] + [rounded(x) for x in others]


def horner(coefficients, d):
    value = mpf(0)
    for c in reversed(coefficients):
        value = value * d + c
    return value


def error_of(function, index, scale, c, at_centre, first, rest, others):
    low, high = interval(index, scale)
    points = (low + (high - low) * mpf(k) / 20 for k in range(1, 21))
    return max(abs(horner([at_centre, mpf(first) + rest] + others, a - c) / function(a) - 1) for a in points)


def make(name, function, degree, columns, scale=1):
    """columns: those wanted of row()'s."""
    rows = [row(function, index, degree, scale) for index in range(32)]
    worst = max(error_of(function, index, scale, *r[:4], r[4:]) for index, r in enumerate(rows))
    print_rows(f"{name}_table.h, relative error 2^{float(log(worst, 2)):.1f}", ([r[column] for column in columns] for r in rows))


def tanh_shrink_over_cube(a):
    return 2**24 * (a - tanh(a)) / a**3


if __name__ == "__main__":
    make("mills", mills, 5, [0, 1, 2, 4, 5, 6, 7])
    make("tanh_shrink", tanh_shrink_over_cube, 5, [0, 1, 2, 4, 5, 6, 7], mpf(7) / 8)
    make("erf", erf, 5, range(8))
