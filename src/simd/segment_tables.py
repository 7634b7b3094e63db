#!/usr/bin/env python3
"""Makes the tables of softplus_table.h, swish_slope_table.h and mish_table.h: clang-format does the rest.

For each of the 16 intervals of length 1 about n = 0, ..., 7, -8, ..., -1, or 8 of a function that is known from those
from 0 on, a centre c and the coefficients of f(c + d) = f(c) + d (P(d) + k), with one k for all: c is a multiple of 2^-20 near n such that f(c) is within 2^-7 of
half a unit of a float, and f'(c) - k within 2^-4 of it; or the float nearest to the root of f, and k what f'(c) is
beyond a float. P interpolates at Chebyshev's points. softplus has f(c) and the first of P twice, at -c and, 8 places
on, at c; c is a multiple of 2^-22, and all four are near floats.

    python3 src/simd/segment_tables.py
"""
from mpmath import chebyfit, diff, exp, findroot, log, log1p, mp, mpf

from float_tables import horner, rounded

mp.prec = 120


def softplus(a):
    """At -a."""
    return log1p(exp(-a))


def swish_slope(a):
    """At -a."""
    e = exp(-a)
    return e * (1 + e - a) / (1 + e) ** 2


def mish_slope(x):
    e = exp(x)
    d = e * e + 2 * e + 2
    return e * ((e + 2) * d + 4 * x * (1 + e)) / d**2


def is_near_float(value, bits):
    return abs(value - mpf(rounded(value))) < abs(value) * mpf(2) ** bits


def where(holds, middle, unit):
    for step in range(1 << 20):
        c = middle + mpf(step // 2 * (1 if step % 2 else -1)) * unit
        if holds(c):
            return c
    raise ValueError(middle)


def softplus_slope(a):
    return -1 / (1 + exp(a))


def softplus_is_near_float(c):
    f = softplus(c)
    return is_near_float(f, -30) and is_near_float(c + f, -30) and all(
        is_near_float(x + softplus_slope(c), -27) for x in (0, 1))


def centre_of(function, n, root, k):
    if root and abs(root - n) < 0.5:
        return mpf(rounded(root))
    if function is softplus:
        return where(softplus_is_near_float, mpf(n), mpf(2) ** -21 if n > 3 else mpf(2) ** -22)
    is_near = lambda c: is_near_float(function(c), -31) and is_near_float(diff(function, c) - k, -28)
    return where(is_near, mpf(n), mpf(2) ** -20)


def row(function, n, degree, root, k):
    """Centre, value there, coefficients of P."""
    c = centre_of(function, n, root, k)
    at_centre, step = function(c), mpf(2) ** -40
    quotient = lambda d: (function(c + d) - at_centre) / d - k if abs(d) > step else quotient(2 * step)
    coefficients = chebyfit(quotient, [n - mpf(1) / 2 - c, n + mpf(1) / 2 - c], degree)
    return [c, rounded(at_centre)] + [rounded(x) if abs(x) > mpf(2) ** -100 else 0.0 for x in reversed(coefficients)]


def error_of(function, n, k, c, at_centre, *coefficients):
    """Relative, but beside the root to what is a sixteenth away from it."""
    points = (n + mpf(k) / 41 for k in range(-20, 21))
    size = lambda x: max(abs(function(x)), abs(function(x + mpf(1) / 16)) / 2)
    return max(abs(at_centre + (x - c) * (k + horner(coefficients, x - c)) - function(x)) / size(x) for x in points)


def make(name, function, degree, root=None, places=(*range(8), *range(-8, 0))):
    slope = diff(function, rounded(root)) if root else mpf(0)
    k = mpf(rounded(slope - rounded(slope)))
    rows = [row(function, n, degree, root, k) for n in places]
    worst = max(error_of(function, n, k, *r) for n, r in zip(places, rows))
    print(f"/* relative error 2^{float(log(worst, 2)):.1f} */")
    if root:
        print(f"static const float {name}_rest = {float(k).hex()}f;")
    print(f"static const float {name}_table[{degree + 2}][16] = {{")
    for number, column in enumerate(zip(*rows)):
        if function is softplus:
            column += tuple(upper(number, *r) for r in rows)
        print("{" + ", ".join(f"{float(x).hex()}f" for x in column) + "},")
    print("};")


def upper(number, c, value, slope, *others):
    """Of softplus at a, what the column has 8 places on."""
    if number == 1:
        return rounded(c + softplus(c))
    if number == 2:
        return rounded(1 + softplus_slope(c))
    return [c, value, slope, *others][number]


if __name__ == "__main__":
    make("softplus", softplus, 7, places=range(8))
    make("swish_slope", swish_slope, 9, findroot(swish_slope, mpf("1.278")), range(8))
    make("mish_slope", mish_slope, 9, findroot(mish_slope, mpf("-1.192")))
