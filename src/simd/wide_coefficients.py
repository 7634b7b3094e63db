#!/usr/bin/env python3
"""Makes the coefficients of gelu_f64.h, wide_ln.h and wide_sin.h.

Each is the interpolating polynomial at Chebyshev's points, in powers of its variable from the lowest, which is within
a few per cent of minimax. For float32 a coefficient is one double. For float64 the first are pairs of doubles, the
others, whose terms are small beside the sum, doubles. The upper half of a pair has 45 bits, so that it is a multiple of
the last place of anything up to 2^8 times as large, and the sum of both in the manner of wide_exact_ordered_sum() exact.

    python3 src/simd/wide_coefficients.py
"""
from mpmath import mp, mpf, atanh, chebyfit, erfc, exp, findroot, frexp, ldexp, log, nint, pi, sin, sqrt

mp.prec = 260


def mills(a):
    """The upper tail of the normal distribution over exp(-a^2 / 2)."""
    return exp(a * a / 2) * erfc(a / sqrt(2)) / 2


def slope(a):
    return mills(a) - a / sqrt(2 * pi)


ROOT = findroot(slope, mpf("0.7517915247"))


def tail(z):
    """R(a) of gelu_f64.h, times a, where z = 1 / a^2."""
    return mills(1 / sqrt(z)) / sqrt(z)


def atanh_rest(z):
    """2 atanh(s) = 2 s + s^3 P(s^2)."""
    return 2 * (atanh(sqrt(z)) / sqrt(z) - 1) / z if z else mpf(2) / 3


def sin_rest(z):
    """sin(r) = r + r^3 P(r^2)."""
    return (sin(sqrt(z)) / sqrt(z) - 1) / z if z else -mpf(1) / 6


def pair(value, bits=53):
    mantissa, exponent = frexp(value)
    high = ldexp(nint(ldexp(mantissa, bits)), exponent - bits)
    return float(high), float(value - high)


def make(name, function, low, high, terms, pairs):
    coefficients, error = chebyfit(function, [mpf(low), mpf(high)], terms, error=True)
    least = min(abs(function(mpf(low))), abs(function(mpf(high))))
    print(f"{name}: {terms} terms, error 2^{float(log(error / least, 2)):.1f} of the polynomial")
    for k, c in enumerate(reversed(coefficients)):
        high, low = pair(c, 45 if k < pairs else 53)
        print(f"    {{{high.hex()}, {low.hex()}}}," if k < pairs else f"    {{{high.hex()}}},")


def main():
    S = (sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)
    make("float64 gelu tail", tail, mpf(40) ** -2, 6 ** -mpf(2), 15, 1)
    for bits, log_terms, sin_terms, heads in (
        (32, 6, 7, (0, 0)),
        (64, 9, 10, (2, 3)),
    ):
        make(f"float{bits} log", atanh_rest, 0, S * S * (1 + ldexp(1, -9)), log_terms, heads[0])
        make(f"float{bits} sin", sin_rest, 0, (pi / 2) ** 2 * (1 + ldexp(1, -9)), sin_terms, heads[1])
    for name, value in (("gelu root", ROOT), ("1 / sqrt(2 pi)", 1 / sqrt(2 * pi)), ("ln 2", log(2))):
        high, low = pair(value)
        print(f"{name}: {{{high.hex()}, {low.hex()}}}")


if __name__ == "__main__":
    main()
