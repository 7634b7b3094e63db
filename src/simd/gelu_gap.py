#!/usr/bin/env python3
"""Makes the table of gelu_gap_table.h: clang-format does the rest.

g(a) = relu(x) - gelu(x) for a = |x|, which is a times the upper tail of the normal distribution. For each of the 32
segments of a, up to END, where a (a + 4) 8/17 has the same nearest whole number, a centre c, 4 g(c) and the
coefficients of P in g(c + d) = g(c) + d P(d); for the first, which ends at 1/4, 0, 1/2 and those of g(a) = a / 2 +
a P(a). P is fitted by least squares of the error relative to g at Chebyshev's points; its coefficients are rounded one
by one from the lowest, each time fitting the rest again. A centre is the float near the middle where g is all but a
float, g' likewise, and g all but a multiple of the unit of the segment's floats, so that x - g(c) is one.

    python3 src/simd/gelu_gap.py
"""
import math
import struct

from mpmath import cos, erfc, log, lu_solve, matrix, mp, mpf, pi, sqrt

mp.prec = 120
END = 6.4
DEGREE = 5


def rounded(value):
    return struct.unpack("f", struct.pack("f", float(value)))[0]


def unit(value):
    return 2.0 ** (math.frexp(value)[1] - 24)


def gap(a):
    return a * erfc(a / sqrt(2)) / 2


def gap_and_slope(a):
    """In doubles."""
    tail = math.erfc(a / math.sqrt(2)) / 2
    return a * tail, tail - a * math.exp(-a * a / 2) / math.sqrt(2 * math.pi)


def segment(index):
    end = lambda i: sqrt(4 + (i + mpf(1) / 2) * 17 / 8) - 2
    return end(index - 1) if index else mpf(0), min(end(index), mpf(END))


def beyond(value, step):
    return abs(value / step - round(value / step))


def units_lost(c, low, high):
    """Of the result where these are taken for numbers of their grids: g below 0, g above 0, which matters less, g'."""
    g, slope = gap_and_slope(c)
    half_width = float(high - low) / 2
    slope_loss = beyond(slope, unit(slope)) * unit(slope) * half_width / unit(g)
    return beyond(g, unit(g)) + beyond(g, unit(float(high))) / 2 + slope_loss


def centre_of(low, high):
    if low == 0:
        return 0.0
    middle = rounded((low + high) / 2)
    near = (middle + k * unit(middle) for k in range(-8192, 8192))
    return min(near, key=lambda c: units_lost(c, low, high))


def chebyshev_points(low, high, count):
    return [(low + high + (high - low) * cos(pi * (2 * k + 1) / (2 * count))) / 2 for k in range(count)]


def horner(coefficients, d):
    value = mpf(0)
    for c in reversed(coefficients):
        value = value * d + c
    return value


def fit(quotient, weight, points):
    """P, of which known coefficients are rounded."""
    known = []
    while len(known) <= DEGREE:
        free = range(len(known), DEGREE + 1)
        rows = matrix([[weight(d) * d**power for power in free] for d in points])
        rest = matrix([weight(d) * (quotient(d) - horner(known, d)) for d in points])
        known.append(rounded(lu_solve(rows.T * rows, rows.T * rest)[0]))
    return known


def row(index):
    """Centre, factor of min(a, 1/4), coefficients of P; relative error."""
    low, high = segment(index)
    c = centre_of(low, high)
    value = rounded(gap(mpf(c)))
    line = lambda d: value if c else d / 2
    points = chebyshev_points(low - c, high - c, 24)
    p = fit(lambda d: (gap(c + d) - line(d)) / d, lambda d: d / gap(c + d), points)
    error = max(abs((line(d) + d * horner(p, d)) / gap(c + d) - 1) for d in chebyshev_points(low - c, high - c, 41))
    return [c, 4 * value if c else 0.5, *p], error


rows, errors = zip(*map(row, range(32)))
print(f"/* relative error 2^{float(log(max(errors), 2)):.1f} */")
print(f"static const float gelu_gap_table[{len(rows[0])}][32] = {{")
for column in zip(*rows):
    print("{" + ", ".join(f"{x.hex()}f" for x in column) + "},")
print("};")
