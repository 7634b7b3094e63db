/* Points; see points.h. */
#include "accuracy/points.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "support.h"

/* Kinks, where formulas change over, overflow and underflow, and worst inputs of sweeps; with both signs. */
static const double picked[] = {
    0x1.260314f554e48p-2, /* exp - 1 in float64, where its tail counts */
    0x1.63c1aa65edba7p-2,
    0x1.e4bc53565211cp-4,
    0x1.e62fe2de3a2ap-4,
    0x1.2464a14e9d4b4p-2,
    0x1.5334d1e2e990fp-2,
    0.5,
    1,
    2,
    3,
    6,
    0.6,
    0.1,
    1.0 / 3,
    1e-6,
    5.5,
    1.5,
    2.5,
    0x1.32510cp-2,
    0x1.32ca88p-2,
    0x1.331208p-2,
    0x1.24961ep+4,
    0x1.609e82p+7,
    0x1.2b711a8546805p+4,
    0x1.27f44dbdb9b24p-2,
    0x1.754d994608ff2p+2,
    0x1.141dfp-2,
    0x1.283f54p-2,
    0x1.3a1ddp-2,
    0x1.401dbep-2,
    0x1.449de6p-2,
    0x1.4a2a4cp+2,
    0x1.154246p+3,
    0x1.cbb978p+0,
    0x1.cbb978p-1,
    0x1.141dfp-3,
    0x1.e06fdep+1,
    0x1.51f0dep+2,
    0x1.1e2eaap-6,
    0x1.782fep+62,
    0x1.b52ab8p+4,
    0x1.0ec564p+4,
    0.28768207,
    0.4054651,
    9.010913,
    10,
    13.2,
    14.1,
    14.4,
    16.635532,
    17,
    18.714973,
    20,
    22,
    27.3,
    36.7368,
    37.42994775,
    38.5,
    40,
    80,
    87.33655,
    88.72284,
    90,
    103.27893,
    103.97208,
    110,
    192.7,
    195,
    708.39642,
    709.78271,
    744.44007,
    745.13322,
    750,
    1454.9,
    1456,
    0x1p62,
    0x1p100,
    0x1p537,
    0x1p1000,
    1.8446744e19,
    8.5e37,
    1.7e38,
    3e38,
    FLT_MIN,
    FLT_MAX,
    DBL_MIN,
    DBL_MAX,
    0x1p-149,
    0x1p-1074,
    0x1.fffffcp-127,
};

static uint64_t seed;

static double random_real(double low, double high) {
    return low + (high - low) * ((double)(random_bits(&seed) >> 11) * 0x1p-53);
}

static double rounded(const points *p, double x) { return p->real == ACT__REAL32 ? (double)(float)x : x; }

static double neighbour(const points *p, double x, double toward) {
    return p->real == ACT__REAL32 ? (double)nextafterf((float)x, (float)toward) : nextafter(x, toward);
}

static void add(points *p, double x) {
    assert_true(p->count < POINTS_CAPACITY);
    p->x[p->count++] = rounded(p, x);
}

static void add_around(points *p, double x) {
    double above = rounded(p, x), below = above;
    add(p, x);
    for (int i = 0; i < 2; i++) {
        above = neighbour(p, above, INFINITY);
        below = neighbour(p, below, -INFINITY);
        add(p, above);
        add(p, below);
    }
}

static void add_both(points *p, double x) {
    add_around(p, x);
    add_around(p, -x);
}

/* All of float's powers; of double's all that formulas see one by one, and a share of the others. */
static void add_powers(points *p) {
    const int least = p->real == ACT__REAL32 ? -149 : -1074, most = p->real == ACT__REAL32 ? 127 : 1023;
    for (int e = least; e <= most; e += p->real == ACT__REAL32 || (e >= -64 && e < 12) ? 1 : 19)
        add_both(p, ldexp(1, e));
}

/* Where a parameter, or where the line of the first two, is 0, 1 or the point itself. */
static void add_parameters(points *p, const double *params) {
    for (int i = 0; i < ACT__MAX_PARAMS; i++)
        if (isfinite(params[i]))
            add_both(p, params[i]);
    for (int level = 0; level <= 1; level++)
        if (params[0] != 0)
            add_both(p, (level - params[1]) / params[0]);
    for (int n = -9; n <= 9; n++) /* extremes and zeros of sin(x p) and sin(2 x p) */
        if (params[0] != 0)
            add_around(p, n * 0.78539816339744831 / params[0]);
}

static double sign_at(const subject *s, int slope, int real, double x) {
    double result;
    subject_run64(s, slope, real, &x, &result, 1);
    return result < 0 ? -1 : result > 0;
}

/* Neighbours of the root between low and high, and points that come nearer by powers of two. */
static double add_root(points *p, const subject *s, int slope, double low, double high) {
    const double sign = sign_at(s, slope, p->real, low);
    for (int i = 0; i < 80; i++) {
        const double middle = low + (high - low) / 2;
        if (sign_at(s, slope, p->real, middle) == sign)
            low = middle;
        else
            high = middle;
    }
    add_around(p, low);
    for (int e = -50; e <= -4; e += 2) {
        add(p, low * (1 + ldexp(1, e)));
        add(p, low * (1 - ldexp(1, e)));
    }
    return low;
}

/* Roots between points a sixteenth apart, where f or f' is not 0. */
static void add_roots(points *p, const subject *s) {
    const double step = 1.0 / 16, range = 20;
    p->roots = 0;
    for (int slope = 0; slope <= 1; slope++)
        for (double x = -range + step / 3; x < range && p->roots < POINTS_ROOTS; x += step) {
            if (sign_at(s, slope, p->real, x) * sign_at(s, slope, p->real, x + step) >= 0)
                continue;
            const double root = add_root(p, s, slope, x, x + step);
            if (slope || strcmp(s->name, "xielu") == 0) /* whose value too may have a root anywhere */
                p->root[p->roots++] = root;
        }
}

/* Any bit pattern but NaN. */
static double random_pattern(const points *p) {
    const uint64_t bits = random_bits(&seed);
    const uint32_t half = (uint32_t)bits;
    float f;
    double d;
    memcpy(&f, &half, sizeof f);
    memcpy(&d, &bits, sizeof d);
    d = p->real == ACT__REAL32 ? (double)f : d;
    return isnan(d) ? 0 : d;
}

static void add_random(points *p, size_t n) {
    const double deepest = p->real == ACT__REAL32 ? 210 : 1500;
    for (size_t i = 0; i < n; i++) {
        add(p, random_pattern(p));
        add(p, random_real(-1, 1));
        add(p, random_real(-10, 10));
        add(p, random_real(-40, 40));
        add(p, random_real(-40, -5)); /* tails that are over sooner than exp(x) */
        add(p, random_real(-deepest, deepest / 2));
        add(p, ldexp(random_real(-2, 2), (int)random_between(&seed, -60, 10)));
    }
}

/* Where the whole number that exp(z) is reduced by steps, and the rest is largest: z = x, 2 x and -x^2 / 2. */
static void add_steps(points *p) {
    for (int n = -60; n <= 3; n++)
        for (int i = 0; i < 4; i++) {
            const double z = (n + 0.5 + random_real(-0.01, 0.01)) * 0.69314718055994531;
            add_both(p, z);
            add_both(p, z / 2);
            add_both(p, sqrt(2 * fabs(z)));
        }
}

static void add_stride(points *p, size_t n) {
    if (p->real != ACT__REAL32)
        return;
    const uint32_t stride = (uint32_t)(0x100000000u / n) | 1;
    uint32_t bits = 0;
    for (size_t i = 0; i < n; i++, bits += stride) {
        float f;
        memcpy(&f, &bits, sizeof f);
        if (!isnan(f))
            add(p, (double)f);
    }
}

void points_make(points *p, const subject *s, int real, size_t random_points) {
    p->real = real;
    p->count = 0;
    seed = 17;
    add_both(p, 0);
    add(p, INFINITY);
    add(p, -INFINITY);
    add(p, NAN);
    add_powers(p);
    for (size_t i = 0; i < COUNT_OF(picked); i++)
        if (rounded(p, picked[i]) != 0 && isfinite(rounded(p, picked[i])))
            add_both(p, picked[i]);
    for (int n = -40; n <= 3; n++) { /* where the whole number in exp(x), exp(2x) steps */
        add_both(p, (n - 0.41504) * 0.6931471805599453);
        add_both(p, (n - 0.41504) * 0.34657359027997264);
    }
    add_steps(p);
    add_parameters(p, s->params[real]);
    add_roots(p, s);
    add_random(p, random_points);
    add_stride(p, 16 * random_points);
}

int points_near_root(const points *p, double x) {
    for (int i = 0; i < p->roots; i++)
        if (fabs(x - p->root[i]) < 0.25 * fmax(fabs(p->root[i]), 0.5))
            return 1;
    return 0;
}
