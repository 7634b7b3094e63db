#!/usr/bin/env python3
"""Makes the tables of softplus_table.h, swish_slope_table.h and mish_table.h: clang-format does the rest.

For each of the 16 intervals of length 1 about n = 0, ..., 7, -8, ..., -1, a centre c and the coefficients of
f(c + d) = f(c) + d (P(d) + k), with one k for all: c is a multiple of 2^-20 near n such that f(c) is within 2^-7 of
half a unit of a float, and f'(c) - k within 2^-4 of it; or the float nearest to the root of f, and k what f'(c) is
beyond a float. P interpolates at Chebyshev's points.

    python3 src/simd/segment_tables.py
"""
from mpmath import chebyfit, diff, exp, findroot, log, log1p, mp, mpf

from float_tables import horner, rounded

mp.prec = 120


def softplus(x):
    return log1p(exp(x))


def swish_slope(x):
    e = exp(x)
    return e * (1 + e + x) / (1 + e) ** 2


def mish_share(x):
    """mish(x) / x"""
    e = exp(x)
    return e * (e + 2) / (e * e + 2 * e + 2)


def mish_slope(x):
    e = exp(x)
    d = e * e + 2 * e + 2
    return e * ((e + 2) * d + 4 * x * (1 + e)) / d**2


def is_near_float(value, bits):
    return abs(value - mpf(rounded(value))) < abs(value) * mpf(2) ** bits


def near_float(function, middle, k):
    for step in range(1 << 16):
        c = middle + mpf(step // 2 * (1 if step % 2 else -1)) / 2**20
        if is_near_float(function(c), -31) and is_near_float(diff(function, c) - k, -28):
            return c
    raise ValueError(middle)


def centre_of(function, n, root, k):
    return mpf(rounded(root)) if root and abs(root - n) < 0.5 else near_float(function, mpf(n), k)


def row(function, n, degree, root, k):
    """Centre, value there, coefficients of P."""
    c = centre_of(function, n, root, k)
    at_centre, step = function(c), mpf(2) ** -40
    quotient = lambda d: (function(c + d) - at_centre) / d - k if abs(d) > step else quotient(2 * step)
    coefficients = chebyfit(quotient, [n - mpf(1) / 2 - c, n + mpf(1) / 2 - c], degree)
    return [c, rounded(at_centre)] + [rounded(x) for x in reversed(coefficients)]


def error_of(function, n, k, c, at_centre, *coefficients):
    """Relative, but beside the root to what is a sixteenth away from it."""
    points = (n + mpf(k) / 41 for k in range(-20, 21))
    size = lambda x: max(abs(function(x)), abs(function(x + mpf(1) / 16)) / 2)
    return max(abs(at_centre + (x - c) * (k + horner(coefficients, x - c)) - function(x)) / size(x) for x in points)


def make(name, function, degree, root=None):
    places = list(range(8)) + list(range(-8, 0))
    slope = diff(function, rounded(root)) if root else mpf(0)
    k = mpf(rounded(slope - rounded(slope)))
    rows = [row(function, n, degree, root, k) for n in places]
    worst = max(error_of(function, n, k, *r) for n, r in zip(places, rows))
    print(f"/* relative error 2^{float(log(worst, 2)):.1f} */")
    if root:
        print(f"static const float {name}_rest = {float(k).hex()}f;")
    print(f"static const float {name}_table[{degree + 2}][16] = {{")
    for column in zip(*rows):
        print("{" + ", ".join(f"{float(x).hex()}f" for x in column) + "},")
    print("};")


if __name__ == "__main__":
    make("softplus", softplus, 7)
    make("swish_slope", swish_slope, 9, findroot(swish_slope, mpf("-1.278")))
    make("mish_share", mish_share, 9)
    make("mish_slope", mish_slope, 9, findroot(mish_slope, mpf("-1.192")))
