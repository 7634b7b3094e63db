#!/usr/bin/env python3
"""Makes the polynomial coefficients of math.h.

exp(r) - 1 = r + r^2 Q(r) for r from ln(3/4) to ln(3/2): Q is the minimax polynomial (Remez exchange) for the
error relative to exp(r) - 1, its coefficients rounded to the type one by one from the lowest, each time solving
again for the rest. Prints the coefficients and the largest relative error in units of 2^-24 or 2^-53.

    python3 src/simd/coefficients.py
"""
from mpmath import mp, mpf, matrix, lu_solve, expm1, log, cos, pi, ldexp, frexp, nint

mp.prec = 200
LOW, HIGH = log(mpf(3) / 4) - mpf(2) ** -10, log(mpf(3) / 2) + mpf(2) ** -10


def at(share):
    """The point of the interval that has this share of it below."""
    return LOW + (HIGH - LOW) * share


def q_exact(r):
    """Q(r) = (exp(r) - 1 - r) / r^2, by its series where that cancels."""
    if abs(r) < mpf(2) ** -30:
        return mpf(1) / 2 + r / 6 + r * r / 24
    return (expm1(r) - r) / (r * r)


def weight(r):
    """Turns an error of Q into one relative to (exp(r) - 1)."""
    return r * r / expm1(r) if r else r


def remez(fixed, degree):
    """Minimax Q with the lowest coefficients fixed; returns all coefficients."""
    free = degree + 1 - len(fixed)
    target = lambda r: q_exact(r) - sum(c * r**k for k, c in enumerate(fixed))
    points = [at((1 + cos(pi * (2 * k + 1) / (2 * (free + 1)))) / 2) for k in range(free + 1)]
    for _ in range(12):
        a, b = matrix(free + 1, free + 1), matrix(free + 1, 1)
        for i, r in enumerate(points):
            for j in range(free):
                a[i, j] = r ** (j + len(fixed)) * weight(r)
            a[i, free] = (-1) ** i
            b[i] = target(r) * weight(r)
        solution = lu_solve(a, b)
        coefficients = list(fixed) + [solution[j] for j in range(free)]
        grid = [at(mpf(k) / 4000) for k in range(4001)]
        errors = [(q_exact(r) - horner(coefficients, r)) * weight(r) for r in grid]
        extrema = alternating_extrema(grid, errors)
        if len(extrema) < free + 1:
            break
        points = extrema[: free + 1] if abs(errors[grid.index(extrema[0])]) > abs(
            errors[grid.index(extrema[-1])]) else extrema[-(free + 1):]
    return coefficients


def alternating_extrema(grid, errors):
    """The largest error of each run of one sign."""
    extrema, best = [], 0
    for i in range(1, len(grid)):
        if errors[i] * errors[best] < 0:
            extrema.append(grid[best])
            best = i
        elif abs(errors[i]) > abs(errors[best]):
            best = i
    return extrema + [grid[best]]


def horner(coefficients, r):
    value = mpf(0)
    for c in reversed(coefficients):
        value = value * r + c
    return value


def rounded(value, bits):
    mantissa, exponent = frexp(value)
    return ldexp(nint(ldexp(mantissa, bits)), exponent - bits)


def make(name, degree, bits):
    fixed = [mpf(1) / 2]
    while len(fixed) <= degree:
        fixed.append(rounded(remez(fixed, degree)[len(fixed)], bits))
    grid = [at(mpf(k) / 10000) for k in range(10001)]
    worst = max(abs((q_exact(r) - horner(fixed, r)) * weight(r)) for r in grid)
    print(f"{name}: relative error {float(worst * mpf(2) ** bits):.4f} * 2^-{bits}")
    for k, c in enumerate(fixed):
        print(f"  r^{k + 2}: {float(c).hex()}")


make("float32", 5, 24)
make("float64", 10, 53)
ln2 = log(2)
for name, high_bits, bits in (("float32", 15, 24), ("float64", 40, 53)):
    high = rounded(ln2, high_bits)
    print(f"{name}: ln2 high {float(high).hex()} low {float(rounded(ln2 - high, bits)).hex()}"
          f" 1/ln2 {float(rounded(1 / ln2, bits)).hex()}")
