#!/usr/bin/env python3
"""Makes the polynomials and tables of math.h, sigmoid.h, softplus_slope.h, ln.h, softplus.h, sin.h, power_f32.h and
tanh.h, and the constants of act/gelu_tanh.c.

A polynomial is fitted by least squares of the weighted error at the Chebyshev points of its interval, which is all but
minimax; its coefficients are rounded to the type one by one from the lowest, each time fitting the rest again. A table
holds points, each moved from its regular place to the nearest number where the function is all but a float32, and the
function there. Prints both in C, and the largest errors.

    python3 src/simd/coefficients.py
"""
from mpmath import atanh, cos, expm1, floor, frexp, ldexp, log, lu_solve, matrix, mp, mpf, nint, pi, sin, sqrt, tanh

mp.prec = 200


def rounded(value, bits=24):
    mantissa, exponent = frexp(value)
    return ldexp(nint(ldexp(mantissa, bits)), exponent - bits)


def chebyshev_points(low, high, count):
    return [(low + high + (high - low) * cos(pi * (2 * k + 1) / (2 * count))) / 2 for k in range(count)]


def least_squares(target, weight, points, powers):
    normal, right = matrix(len(powers), len(powers)), matrix(len(powers), 1)
    for x in points:
        row = [x**power * weight(x) for power in powers]
        for i, a in enumerate(row):
            right[i] += a * target(x) * weight(x)
            for j, b in enumerate(row):
                normal[i, j] += a * b
    return lu_solve(normal, right)


def evaluated(coefficients, x):
    return sum(c * x**power for power, c in coefficients.items())


def coefficients_of(target, weight, points, powers, bits=24, fixed=None):
    """Rounded, by power."""
    known = dict(fixed or {})
    while len(known) < len(powers):
        free = powers[len(known):]
        rest = lambda x: target(x) - evaluated(known, x)
        known[free[0]] = rounded(least_squares(rest, weight, points, free)[0], bits)
    return known


def fit(name, target, weight, points, powers, bits=24, fixed=None):
    """Prints the coefficients of these powers of x; fixed ones are given."""
    known = coefficients_of(target, weight, points, powers, bits, fixed)
    polynomial = lambda x: evaluated(known, x)
    worst = max(abs((target(x) - polynomial(x)) * weight(x)) for x in points)
    print(f"{name}: error 2^{float(log(worst, 2)):.1f}")
    for power, c in known.items():
        print(f"  x^{power}: {float(c).hex()}")


def expm1_rest(r):
    """(exp(r) - 1 - r) / r^2, by its series where that cancels."""
    return mpf(1) / 2 + r / 6 + r * r / 24 if abs(r) < mpf(2) ** -30 else (expm1(r) - r) / (r * r)


def move(function, place, step):
    """The multiple of step near place where the function is nearest to a float32."""
    candidates = [(nint(place / step) + i) * step for i in range(-600, 601)]
    return min(candidates, key=lambda x: abs(function(x) / rounded(function(x)) - 1))


def literal(value):
    """A float as C has it, without zeros at the end."""
    digits, exponent = float(value).hex().split("p")
    return f"{digits.rstrip('0').rstrip('.')}p{exponent}f" if value else "0"


def print_rows(name, rows, columns=8):
    """What table.h takes, filled up with zeros."""
    print(name)
    for i, row in enumerate(rows):
        print(f"V_ROW{columns}({i}, {', '.join(map(literal, [*row, *[0] * (columns - len(row))]))}),")


def print_table(name, function, points):
    print(name)
    print("  points:", ", ".join(float(x).hex() for x in points))
    print("  values:", ", ".join(float(rounded(function(x))).hex() for x in points))


def exponential():
    half = log(mpf(2)) / 2 * (1 + mpf(2) ** -10)
    points, relative = chebyshev_points(-half, half, 60), lambda r: r * r / expm1(r)
    fit("exp, float32", expm1_rest, relative, points, list(range(6)), 24, {0: mpf(1) / 2})
    fit("exp, float64", expm1_rest, relative, points, list(range(10)), 53)
    for bits, high_bits in ((24, 15), (53, 40)):
        high = rounded(log(mpf(2)), high_bits)
        low, inverse = rounded(log(mpf(2)) - high, bits), rounded(1 / log(mpf(2)), bits)
        print(f"  ln 2: {float(high).hex()} + {float(low).hex()}, 1 / ln 2: {float(inverse).hex()}")


def atanh_rest(z):
    """2 atanh(s) = 2 s + s z (this) with z = s^2."""
    return (2 * atanh(sqrt(z)) / sqrt(z) - 2) / z


def natural_logarithm():
    """float32: from exp(1/4) / 2, where f weighs most beside its roundings and the error is halved, to twice that."""
    least = mp.ceil(ldexp(mp.exp(mpf(1) / 4) / 2, 24)) / 2**24
    f_least, f_most = least - 1, 2 * least - 1
    emphasis = lambda f: 1 + (f / f_least)**2 if f < 0 else mpf(1)
    fit("ln.h, float32", lambda f: (log(1 + f) - f) / f**2,
        lambda f: emphasis(f) * f * f / min(abs(log(1 + f)), log(2 + 2 * f)), chebyshev_points(f_least, f_most, 80),
        list(range(9)), 24, {0: -mpf(1) / 2})
    root = sqrt(mpf(2))
    points = chebyshev_points(mpf(0), ((root - 1) / (root + 1))**2 * (1 + mpf(2) ** -10), 60)
    fit("ln.h, float64", atanh_rest, lambda z: z / 2, points, list(range(7)), 53)


def logarithm_of_one_plus():
    """(2 atanh(t/2) - t) / t^3 by v = t^2, for log(1 + e) with t = e / (1 + e/2)."""
    rest = lambda v: (2 * atanh(sqrt(v) / 2) / sqrt(v) - 1) / v
    points = chebyshev_points(mpf(0), mpf(4) / 9 * (1 + mpf(2) ** -20), 60)
    fit("softplus.h, float64", rest, lambda v: v * sqrt(v) / (2 * atanh(sqrt(v) / 2)), points, list(range(10)), 53)


def sine():
    points = chebyshev_points(mpf(0), (pi / 4 * (1 + mpf(2) ** -8)) ** 2, 60)
    sine_rest = lambda z: (1 - sin(sqrt(z)) / sqrt(z)) / z
    cosine_rest = lambda z: (cos(sqrt(z)) - 1 + z / 2) / -z**2
    for bits, sine_count, cosine_count in ((24, 4, 3), (53, 7, 6)):
        fit("sin.h, N", sine_rest, lambda z: z, points, list(range(sine_count)), bits)
        fit("sin.h, Q", cosine_rest, lambda z: z * z / cos(sqrt(z)), points, list(range(cosine_count)), bits)
        upper, inverse = rounded(pi / 2, bits), rounded(2 / pi, bits)
        lower = rounded(pi / 2 - upper, bits)
        print(f"  pi / 2: {float(upper).hex()} + {float(lower).hex()}, 2 / pi: {float(inverse).hex()}")


def power_logarithm():
    points, rest = chebyshev_points(-mpf(1) / 32, mpf(1) / 16, 60), lambda r: (log(1 + r) - r + r * r / 2) / r**3
    fit("power_f32.h", rest, lambda r: r * r, points, list(range(6)))
    inverse = lambda i: mpf(1) if i in (0, 15) else rounded(mpf(32 if i < 6 else 64) / (33 + 2 * i))
    upper = lambda i: nint(ldexp(-log(inverse(i)), 16)) / 2**16
    lower = lambda i: rounded(-log(inverse(i)) - upper(i))
    for name, table in (("inverse", inverse), ("upper", upper), ("lower", lower)):
        print(f"  {name}:", ", ".join(float(table(i)).hex() for i in range(16)))


def logistic_term():
    """Of few terms, with the error held smaller below 0, where a unit of 1 / (1 + exp(r)) is smaller beside p's."""
    half = log(mpf(2)) / 2 * (1 + mpf(2) ** -10)
    emphasis = lambda r: 1 + 6 * (r / half)**2 if r < 0 else mpf(1)
    fit("sigmoid.h, float32", expm1_rest, lambda r: r * r * emphasis(r), chebyshev_points(-half, half, 60),
        list(range(5)))


def softplus_slope():
    """k R(r) = k (r/2) coth(r/2) by s = r^2. R off by d makes exp(r) relatively off by about r d."""
    k, half = mpf(13) / 8, log(mpf(2)) / 2 * (1 + mpf(2) ** -10)
    rest = lambda s: (sqrt(s) / 2 / tanh(sqrt(s) / 2) - 1) * k / s
    for bits, count in ((24, 2), (53, 5)):
        fit("softplus_slope.h", rest, lambda s: s * sqrt(s) / k, chebyshev_points(mpf(0), half**2, 60),
            list(range(count)), bits)


def hyperbolic_tangent():
    """The points are the middles of where the upper 2 digits of scale * a + 1/2 stay: the closer the nearer to 0."""
    points = chebyshev_points(mpf(0), mpf("0.302"), 60) + chebyshev_points(mpf("0.302"), mpf("0.605"), 30)
    weight = lambda t: t * t if t < mpf("0.302") else t**3 * mpf("1.3e-3") # there it counts that much less
    fit("tanh.h", lambda t: (tanh(t) - t) / t**3, weight, points, [0, 2, 4, 6])
    scale = rounded(mpf("7.5") / mpf("9.05"))
    table = [mpf(0)] * 16
    for j in range(2, 16):
        octave, quarter = divmod(j, 4)
        middle = (ldexp(1 + (quarter + mpf(1) / 2) / 4, octave - 1) - mpf(1) / 2) / scale
        flat = floor(log(mpf(2) ** -25 / ((1 - tanh(middle) ** 2) * 300), 2)) # a step that moves tanh
        table[(j + 8) % 16] = move(tanh, middle, max(mpf(2) ** -21, ldexp(1, int(flat))))
    print(f"  scale: {float(scale).hex()}")
    print_table("tanh.h", tanh, table)


def cubic_argument():
    """2 sqrt(2/pi) (1 + 0.044715 x^2); a has 20 binary places, so that the sum less a is exact up to 16."""
    a = 2 * mp.sqrt(2 / pi)
    b = a * mpf("0.044715")
    for name, value, high in (("a", a, ldexp(nint(ldexp(a, 20)), -20)), ("b", b, rounded(b))):
        print(f"act/gelu_tanh.c: {name} = {float(high).hex()} + {float(rounded(value - high)).hex()}")


if __name__ == "__main__":
    exponential()
    natural_logarithm()
    logarithm_of_one_plus()
    sine()
    power_logarithm()
    logistic_term()
    softplus_slope()
    hyperbolic_tangent()
    cubic_argument()
