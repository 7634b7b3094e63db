#!/usr/bin/env python3
"""Makes the tables of erf_rows.h and gelu_rows.h: clang-format does the rest.

For each of 16 intervals of a, where an increasing function of it has the same nearest whole number, a row of
rows_f64.h: a centre c, f(c) and the 14 coefficients of P in f(c + d) = f(c) + d P(d). P is fitted by least squares of
the error relative to f at Chebyshev's points; its coefficients are rounded one by one from the lowest, each time
fitting the rest again. A centre is 0 where f is, or the number next to the root of f, or one near the middle where f
is all but a double, and its derivative nearly.

    python3 src/simd/row_tables.py
"""
from functools import lru_cache

from mpmath import diff, erf, erfc, exp, log, mp, mpf, pi, sqrt

from coefficients import chebyshev_points, coefficients_of, rounded
from float_tables import horner
from wide_coefficients import ROOT

mp.prec = 200
INTERVALS, TERMS = 16, 14
CENTRE = mpf("0.56") # of an interval: where a function falls steeply, its least values are off by less
ERF_SCALE = mpf(rounded(mpf(13) / 5, 53))
GELU_SHIFT = 5
GELU_SCALE = mpf(rounded(1 / (ROOT * (ROOT + GELU_SHIFT)), 53)) # so that the root is in the middle of interval 1


def erf_bound(place):
    return place / ERF_SCALE


def gelu_bound(place):
    return sqrt(mpf(GELU_SHIFT) ** 2 / 4 + place / GELU_SCALE) - mpf(GELU_SHIFT) / 2


def gelu_gap(a):
    return a * erfc(a / sqrt(2)) / 2


def gelu_slope(a):
    return erfc(a / sqrt(2)) / 2 - a * exp(-a * a / 2) / sqrt(2 * pi)


def units_lost(value):
    return abs(value / rounded(value, 53) - 1) * 2**53


def centre_of(f, low, high, root):
    if root and low < root < high:
        return rounded(root, 53)
    if low == 0 and f(low) == 0:
        return low
    middle = low + (high - low) * CENTRE
    value, slope = f(middle), diff(f, middle)
    share = abs(slope * (high - low) / 2 / value)
    step = max(mpf(2) ** -30, abs(value / slope) * mpf(2) ** -54)
    for k in sorted(range(-20000, 20000), key=abs):
        c = rounded(middle + k * step, 53)
        if units_lost(f(c)) < 0.01 and units_lost(diff(f, c)) * share < 0.02:
            return c
    raise ValueError(middle)


def row(f, low, high, root):
    """Centre, value there, coefficients of P; relative error."""
    c = centre_of(f, low, high, root)
    at_centre = f(c)
    at = lru_cache(None)(lambda d: f(c + d))
    quotient, weight = lambda d: (at(d) - at_centre) / d, lambda d: d / at(d)
    first = {0: rounded(diff(f, c), 53)}
    points = chebyshev_points(low - c, high - c, 40)
    p = list(coefficients_of(quotient, weight, points, list(range(TERMS)), 53, first).values())
    value = rounded(at_centre, 53) if at_centre else at_centre
    error = max(abs((value + d * horner(p, d)) / at(d) - 1) for d in chebyshev_points(low - c, high - c, 71))
    return [c, value, *p], error


def make(name, f, bound, root=None):
    bounds = [mpf(0)] + [bound(place + mpf(1) / 2) for place in range(INTERVALS)]
    rows, errors = zip(*(row(f, low, high, root) for low, high in zip(bounds, bounds[1:])))
    print(f"/* relative error 2^{float(log(max(errors), 2)):.1f}, up to {float(bounds[-1])} */")
    print(f"static const _Alignas(64) double {name}_rows V_SHAPE(16, 16) = {{")
    for place, numbers in enumerate(rows):
        print(f"    V_ROW16({place}, " + ", ".join(float(x).hex() for x in numbers) + "),")
    print("};")


if __name__ == "__main__":
    make("erf", erf, erf_bound)
    print(f"gelu: {float(GELU_SCALE).hex()}, {float(GELU_SCALE * GELU_SHIFT).hex()}")
    make("gelu_gap", gelu_gap, gelu_bound)
    make("gelu_slope", gelu_slope, gelu_bound, ROOT)
