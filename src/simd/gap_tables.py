#!/usr/bin/env python3
"""Makes the rows of gelu_gap_table.h, silu_gap_table.h and gelu_slope_table.h.

g(a) = relu(x) - f(x) for a = |x| and f = gelu or silu, which is a times a tail. For each segment, those of a where
a (a + 4) 8/17 or 2 a has the same nearest whole number, a centre c, 4 g(c) and the coefficients of P in g(c + d) =
g(c) + d P(d); for the first, which ends at 1/4, 0, 1/2 and those of g(a) = a / 2 + a P(a). P is fitted by least squares
of the error relative to g at Chebyshev's points; its coefficients are rounded one by one from the lowest, each time
fitting the rest again. A centre is the float near the middle where g is all but a float, g' likewise, and g all but a
multiple of the unit of the segment's floats, so that x - g(c) is one.

gelu'(-a) on segments where a (0.4 a + 2.36) has the same nearest whole number, 2 at its root, is, by the same fit,
f(c) + d (P(d) + k) with one k for all: c is 0 in the first segment, in
that of the root the float nearest to it, where k is what f'(c) is beyond a float, else one near the middle, or nearer to
the root so that f falls by no more than half from there on, where f(c) is within 2^-6 of half a unit of a float and f'(c) - k within 2^-4 of it.

    python3 src/simd/gap_tables.py
"""
import math

from mpmath import erfc, exp, findroot, log, mp, mpf, pi, sqrt

from coefficients import chebyshev_points, coefficients_of, print_rows
from float_tables import horner, rounded

mp.prec = 120
DEGREE = 5


def unit(value):
    return 2.0 ** (math.frexp(value)[1] - 24)


class Gelu:
    name, segments, end = "gelu", 32, 6.4
    bound = staticmethod(lambda place: sqrt(4 + place * 17 / 8) - 2)
    gap = staticmethod(lambda a: a * erfc(a / sqrt(2)) / 2)

    @staticmethod
    def gap_and_slope(a):
        """In doubles."""
        tail = math.erfc(a / math.sqrt(2)) / 2
        return a * tail, tail - a * math.exp(-a * a / 2) / math.sqrt(2 * math.pi)


class Silu:
    name, segments, end = "silu", 16, 7.75
    bound = staticmethod(lambda place: place / 2)
    gap = staticmethod(lambda a: a / (1 + exp(a)))

    @staticmethod
    def gap_and_slope(a):
        tail = 1 / (1 + math.exp(a))
        return a * tail, tail * (1 - a * (1 - tail))


def beyond(value, step):
    return abs(value / step - round(value / step))


def units_lost(f, c, low, high):
    """Of the result where these are taken for numbers of their grids: g below 0, g above 0, which matters less, g'."""
    g, slope = f.gap_and_slope(c)
    half_width = float(high - low) / 2
    slope_loss = beyond(slope, unit(slope)) * unit(slope) * half_width / unit(g)
    return beyond(g, unit(g)) + beyond(g, unit(float(high))) / 2 + slope_loss


def centre_of(f, low, high):
    if low == 0:
        return 0.0
    middle = rounded((3 * low + high) / 4 if low == 0.25 else (low + high) / 2) # that segment rises by half
    near = (middle + k * unit(middle) for k in range(-8192, 8192))
    return min(near, key=lambda c: units_lost(f, c, low, high))


def row(f, index):
    """Centre, factor of min(a, 1/4), coefficients of P; relative error."""
    low = f.bound(index - mpf(1) / 2) if index else mpf(0)
    high = min(f.bound(index + mpf(1) / 2), mpf(f.end))
    c = centre_of(f, low, high)
    value = rounded(f.gap(mpf(c)))
    line = lambda d: value if c else d / 2
    points = chebyshev_points(low - c, high - c, 24)
    quotient, weight = lambda d: (f.gap(c + d) - line(d)) / d, lambda d: d / f.gap(c + d)
    p = [float(x) for x in coefficients_of(quotient, weight, points, range(DEGREE + 1)).values()]
    error = max(abs((line(d) + d * horner(p, d)) / f.gap(c + d) - 1) for d in chebyshev_points(low - c, high - c, 41))
    return [c, 4 * value if c else 0.5, *p], error


def make(f):
    rows, errors = zip(*(row(f, index) for index in range(f.segments)))
    print_rows(f"{f.name}_gap_table.h, relative error 2^{float(log(max(errors), 2)):.1f}", rows)


def gelu_slope(a):
    """At -a."""
    return erfc(a / sqrt(2)) / 2 - a * exp(-a * a / 2) / sqrt(2 * pi)


def gelu_bend(a):
    return (a * a - 2) * exp(-a * a / 2) / sqrt(2 * pi)


def off_float(value):
    return abs(value / mpf(rounded(value)) - 1)


def slope_centre(low, high, root, k):
    if low == 0:
        return mpf(0)
    if low < root < high:
        return mpf(rounded(root))
    middle = (low + high) / 2
    while abs(gelu_slope(middle)) > 2 * abs(gelu_slope(high)): # or the difference of both would be rounded
        middle += (high - low) / 64
    middle = mpf(rounded(middle))
    for step in range(1 << 16):
        c = middle + step // 2 * (1 if step % 2 else -1) * unit(float(middle))
        if off_float(gelu_slope(c)) < mpf(2) ** -30 and off_float(gelu_bend(c) - k) < mpf(2) ** -28:
            return c
    raise ValueError(middle)


def slope_bound(place):
    return (sqrt(mpf("5.5696") + mpf("1.6") * place) - mpf("2.36")) / mpf("0.8")


def slope_row(index, root, k):
    """Centre, value there, coefficients of P; the error relative to the larger value at most a sixteenth away."""
    low = slope_bound(index - mpf(1) / 2) if index else mpf(0)
    high = min(slope_bound(index + mpf(1) / 2), mpf(Gelu.end))
    c = slope_centre(low, high, root, k)
    value, size = rounded(gelu_slope(c)), lambda d: max(abs(gelu_slope(c + d)), abs(gelu_slope(c + d + mpf(1) / 16)) / 2)
    quotient = lambda d: (gelu_slope(c + d) - value) / d - k
    points = chebyshev_points(low - c, high - c, 24)
    p = list(coefficients_of(quotient, lambda d: d / size(d), points, range(DEGREE + 1)).values())
    off = lambda d: abs(value + d * (k + horner(p, d)) - gelu_slope(c + d)) / size(d)
    return [c, value, *p], max(map(off, chebyshev_points(low - c, high - c, 41)))


def make_slope():
    root = findroot(gelu_slope, mpf("0.7518"))
    bend = gelu_bend(mpf(rounded(root)))
    k = mpf(rounded(bend - rounded(bend)))
    rows, errors = zip(*(slope_row(index, root, k) for index in range(Gelu.segments)))
    print("k =", float(k).hex())
    print_rows(f"gelu_slope_table.h, relative error 2^{float(log(max(errors), 2)):.1f}", rows)


if __name__ == "__main__":
    make(Gelu)
    make(Silu)
    make_slope()
