#!/usr/bin/env python3
"""Makes the tables of gelu_table.h: clang-format does the rest.

For each of 32 intervals of a, eight an octave of a + 1 from 1 to 16, a centre c near its middle and the coefficients of
f(c + d) = f(c) + d P(d): c is chosen so that f(c) is within 2^-7 of half a unit of a float, P interpolates at
Chebyshev's points. The order of the intervals is that of the bits of a + 1, by which v_index finds them.

    python3 src/simd/gelu_table.py
"""
import struct

from mpmath import chebyfit, log, mpf

from wide_coefficients import mills, slope_over_root_at


def rounded(value):
    return struct.unpack("f", struct.pack("f", float(value)))[0]


def neighbour(value, steps):
    return struct.unpack("f", struct.pack("i", struct.unpack("i", struct.pack("f", value))[0] + steps))[0]


def interval(index):
    octave = mpf(2) ** ((index // 8 + 1) % 4)
    low = octave * (1 + mpf(index % 8) / 8) - 1
    return low, low + octave / 8


def near_float(function, centre):
    """The float nearest to centre where the function is nearly a float."""
    for k in range(2000):
        c = neighbour(centre, k // 2 * (1 if k % 2 else -1))
        value = function(mpf(c))
        if abs(value - mpf(rounded(value))) < abs(value) * mpf(2) ** -31:
            return c
    raise ValueError(centre)


def row(function, index, degree):
    low, high = interval(index)
    c = near_float(function, rounded((low + high) / 2))
    at_centre, step = function(mpf(c)), mpf(2) ** -30
    quotient = lambda d: (function(c + d) - at_centre) / d if abs(d) > step else quotient(2 * step)
    rest = [rounded(x) for x in reversed(chebyfit(quotient, [low - c, high - c], degree))]
    return [c, rounded(at_centre)] + rest


def horner(coefficients, d):
    value = mpf(0)
    for c in reversed(coefficients):
        value = value * d + c
    return value


def make(name, function, degree):
    rows = [row(function, index, degree) for index in range(32)]
    worst = 0
    for index, (c, *coefficients) in enumerate(rows):
        low, high = interval(index)
        for a in (low + (high - low) * k / 20 for k in range(21)):
            worst = max(worst, abs(horner(coefficients, a - c) / function(a) - 1))
    print(f"/* relative error 2^{float(log(worst, 2)):.1f} */")
    print(f"static const float {name}[{degree + 2}][32] = {{")
    for column in zip(*rows):
        print("{" + ", ".join(f"{float(c).hex()}f" for c in column) + "},")
    print("};")


make("mills_table", mills, 5)
make("slope_table", slope_over_root_at, 4)
