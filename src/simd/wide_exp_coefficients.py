#!/usr/bin/env python3
"""Makes the coefficients of wide_exp.h, wide_log.h and act/tanh_shrink.c, and the Taylor series for root.h.

Minimax polynomials (Remez exchange) for a weighted error, their coefficients rounded to double one by one from the
lowest, each time solving again for the rest. Prints them with the largest error.

    python3 src/simd/wide_exp_coefficients.py
"""
from collections import namedtuple

from mpmath import cos, exp, factorial, findroot, frexp, ldexp, log, lu_solve, matrix, mp, mpf, nint, pi
from mpmath import polyval, sqrt, tanh, taylor

mp.prec = 400

# f is to be met from low to high, with errors multiplied by weight; the lowest coefficients may be given.
Target = namedtuple("Target", "f weight low high fixed")


def rounded(value):
    mantissa, exponent = frexp(value)
    return ldexp(nint(ldexp(mantissa, 53)), exponent - 53)


def points(target, count):
    return [target.low + (target.high - target.low) * k / count for k in range(count + 1)]


def extrema(errors):
    """Where each run of one sign has its largest error."""
    found, best = [], 0
    for i, error in enumerate(errors):
        if error * errors[best] < 0:
            found.append(best)
            best = i
        elif abs(error) > abs(errors[best]):
            best = i
    return found + [best]


def remez(target, degree, grid_size):
    """The polynomial with the lowest coefficients fixed, lowest first."""
    fixed, free = target.fixed, degree + 1 - len(target.fixed)
    grid = points(target, grid_size)
    values, weights = [target.f(r) for r in grid], [target.weight(r) for r in grid]
    chosen = [int(nint(grid_size * (1 - cos(pi * (2 * k + 1) / (2 * (free + 1)))) / 2)) for k in range(free + 1)]
    best = None
    for _ in range(20):
        a, b = matrix(free + 1, free + 1), matrix(free + 1, 1)
        for i, g in enumerate(chosen):
            for j in range(free):
                a[i, j] = grid[g] ** (j + len(fixed)) * weights[g]
            a[i, free] = (-1) ** i
            b[i] = (values[g] - polyval(fixed[::-1] or [0], grid[g])) * weights[g]
        coefficients = fixed + list(lu_solve(a, b))[:free]
        errors = [(values[g] - polyval(coefficients[::-1], grid[g])) * weights[g] for g in range(grid_size + 1)]
        worst = max(map(abs, errors))
        best = min(best or (worst, coefficients), (worst, coefficients), key=lambda found: found[0])
        peaks = extrema(errors)
        while len(peaks) > free + 1:
            peaks.pop(0 if abs(errors[peaks[0]]) < abs(errors[peaks[-1]]) else -1)
        if len(peaks) < free + 1 or peaks == chosen:
            break
        chosen = peaks
    return best[1]


def make(name, target, degree):
    grid_size = 1500
    while len(target.fixed) <= degree:
        found = remez(target, degree, grid_size)[len(target.fixed)]
        target = target._replace(fixed=target.fixed + [rounded(found)])
        grid_size = 600
    worst = max(abs((target.f(r) - polyval(target.fixed[::-1], r)) * target.weight(r)) for r in points(target, 4000))
    print(f"{name}: degree {degree}, error 2^{float(log(worst, 2)):.1f}")
    print("    " + ", ".join(float(c).hex() for c in target.fixed))


def exp_after(terms):
    """(exp(r) - the first terms of its series) / r^terms"""
    return lambda r: sum(r**k / factorial(k + terms) for k in range(50))


def atanh_after(v):
    """(2 atanh(u) - 2u) / u^3 with v = u^2"""
    return sum(2 * v**k / (2 * k + 3) for k in range(80))


def tanh_rest(v):
    """((x - tanh(x)) / x^3 - 1/3) / x^2 with v = x^2"""
    if v < mpf(2) ** -30:
        return -mpf(2) / 15 + 17 * v / 315 - 62 * v**2 / 2835 + 1382 * v**3 / 155925
    x = sqrt(v)
    return ((x - tanh(x)) / x**3 - mpf(1) / 3) / v


def series_at_root(name, derivative, near):
    """The root, and c with f'(root + d) = d (c[0] + c[1] + c[2] d + ...)."""
    root = findroot(derivative, near)
    terms = taylor(derivative, root, 8)[1:]
    for label, value in (("root", root), ("c[0] + c[1]", terms[0])):
        high = rounded(value)
        print(f"{name} {label}: {float(high).hex()}, {float(rounded(value - high)).hex()}")
    print("    " + ", ".join(float(rounded(c)).hex() for c in terms[1:]))


def logistic(z):
    return 1 / (1 + exp(-z))


def mish_derivative(x):
    w = exp(x)
    d = w * w + 2 * w + 2
    return w * ((w + 2) / d + 4 * x * (1 + w) / d**2)


def gelu_tanh_derivative(x):
    factor, cubic = 2 * sqrt(2 / pi), mpf("0.044715")
    s = logistic(factor * (x + cubic * x**3))
    return s + x * factor * (1 + 3 * cubic * x**2) * s * (1 - s)


def main():
    r = log(mpf(2)) / 2 + mpf(2) ** -9
    u = (sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1) + mpf(2) ** -10
    relative = lambda x: x * x / (exp(x) - 1) if x else x
    make("exp float32", Target(exp_after(2), relative, -r, r, [mpf(1) / 2]), 9)
    make("exp float64", Target(exp_after(3), lambda x: x**3 / exp(x), -r, r, []), 9)
    make("atanh float32", Target(atanh_after, lambda v: v / 2, mpf(0), u * u, []), 4)
    make("atanh float64", Target(atanh_after, lambda v: v / 2, mpf(0), u * u, []), 7)
    make("tanh_shrink float64", Target(tanh_rest, lambda v: 3 * v, mpf(0), mpf("0.63") ** 2, []), 11)
    series_at_root("swish", lambda z: logistic(z) * (1 + z * logistic(-z)), -1.278)
    series_at_root("mish", mish_derivative, -1.192)
    series_at_root("gelu_tanh", gelu_tanh_derivative, -0.7525)


if __name__ == "__main__":
    main()
