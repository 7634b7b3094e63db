#!/usr/bin/env python3
"""Makes the tables of tanh_value.h.

tanh(c + t) = T + t N / (Q + tau t N) with T = tanh(c) and tau = T / (1 - T^2), beside 0 tanh(t) = t + t N / Q. For each
segment, whose ends plus SHIFT are powers of two, N is fitted as in coefficients.py, by powers of t^2, for the least
error in units of the result. c is one of the floats next to where the caller wants it at which tanh is a float within
a hundredth of its unit, tau the number near T / (1 - T^2) that leaves the least error, by golden section, or that quotient
itself, whichever is better once all is rounded. Q is near that of tanh(t) = t P / Q by Pade, t^4 + 28 t^2 + 63: its
coefficients are those that leave the segments' errors least (by Nelder and Mead's search, with 4 digits behind the point).

    python3 src/simd/tanh_tables.py
"""
from mpmath import frexp, ldexp, mp, mpf, sqrt, tanh

from coefficients import chebyshev_points, coefficients_of, evaluated, literal, rounded

mp.prec = 90
SHIFT, END, CENTRES = rounded(mpf("1.15")), rounded(mpf("9.1")), ("1.16", "4.1", "7.9")
Q_LINE, Q_ONE = rounded(mpf("28.6074")), rounded(mpf("64.5016"))


def unit(value):
    return ldexp(mpf(1), frexp(value)[1] - 24)


def denominator(t):
    return (t * t + Q_LINE) * t * t + Q_ONE


class Segment:
    """From low to high about c, where tanh is at_c; rise is what is left of tanh, beside 0 that less t."""

    def __init__(self, low, high, c, at_c):
        self.c, self.at_c = c, at_c
        self.points = [x - c for x in chebyshev_points(low, high, 28)]
        self.powers = [0, 2, 4] if c else [2, 4]

    def rise(self, t):
        return tanh(self.c + t) - (self.at_c if self.c else t)

    def weight(self, t):
        return 1 / unit(tanh(self.c + t)) if self.c else ldexp(1, 24) / tanh(t)

    def fit(self, tau, bits=24):
        target = lambda t: self.rise(t) * denominator(t) / (t * (1 - tau * self.rise(t)))
        weight = lambda t: abs(t * (1 - tau * self.rise(t)) ** 2 / denominator(t)) * self.weight(t)
        return coefficients_of(target, weight, self.points, self.powers, bits)

    def error(self, tau, n):
        def at(t):
            product = t * evaluated(n, t)
            return abs(product / (denominator(t) + tau * product) - self.rise(t)) * self.weight(t)

        return max(map(at, self.points))


def least(function, low, high, steps=24):
    """Where it is, by golden section."""
    ratio = (sqrt(mpf(5)) - 1) / 2
    for _ in range(steps):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if function(left) < function(right) else (left, high)
    return (low + high) / 2


def floats_of_tanh(place, count=6):
    """Floats near place where tanh is one too."""
    start, found, k = rounded(place), [], 0
    while len(found) < count:
        c = start + (k // 2 if k % 2 else -k // 2) * unit(start)
        if abs(tanh(c) - rounded(tanh(c))) < unit(tanh(c)) / 100:
            found.append(c)
        k += 1
    return found


def best_segment(low, high, place):
    candidates = []
    for c in floats_of_tanh(place):
        s = Segment(low, high, c, rounded(tanh(c)))
        exact = s.at_c / (1 - s.at_c**2)
        tuned = least(lambda tau: s.error(tau, s.fit(tau, 120)), exact * mpf("0.9997"), exact * mpf("1.0003"))
        for tau in (rounded(tuned), rounded(exact)):
            n = s.fit(tau)
            candidates.append((s.error(tau, n), s, tau, n))
    return min(candidates, key=lambda candidate: candidate[0])


def main():
    ends = [mpf(0), 2 - SHIFT, 4 - SHIFT, 8 - SHIFT, END]
    first = Segment(ends[0], ends[1], mpf(0), mpf(0))
    n = first.fit(mpf(0))
    rows = [(first.error(mpf(0), n), first, mpf(0), n)]
    rows += [best_segment(ends[i], ends[i + 1], mpf(place)) for i, place in enumerate(CENTRES, 1)]
    for i, (error, s, _, _) in enumerate(rows):
        print(f"from {float(ends[i]):.2f}, c = {float(s.c):.5f}: error {float(error):.3f} units")
    rows = rows[1:] + rows[:1] # exponents of 1, 2, 4 and 8 have the low bits 3, 0, 1, 2
    columns = {
        "centre": [s.c for _, s, _, _ in rows],
        "at_centre": [s.at_c or mpf(1) for _, s, _, _ in rows],
        "tau": [tau for _, _, tau, _ in rows],
        "n0": [n.get(0, mpf(0)) for *_, n in rows],
        "n1": [n[2] for *_, n in rows],
        "n2": [n[4] for *_, n in rows],
    }
    for name, values in columns.items():
        print(f"static const real tanh_{name}[4] = {{{', '.join(map(literal, values))}}};")
    print(f"Q {literal(Q_ONE)}, {literal(Q_LINE)}; shift {literal(SHIFT)}, end {literal(END)}")


if __name__ == "__main__":
    main()
