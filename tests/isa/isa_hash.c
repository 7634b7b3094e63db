/*
 * Runs every kernel of every instruction set that this program was built for and this processor has, and prints one
 * line for each: kind, function, type, instruction set, hash of all results. compare.sh asserts that hashes differ
 * between no two instruction sets, compilers or processors. Needs neither BLAS nor the library above types/mixed.c.
 *
 * NaN results are hashed as one NaN: which bits they carry is not promised.
 *
 * isa_hash ISA THIN runs one instruction set, on one in THIN of the elements and lengths, at most 16: for emulators.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa_hash.h"

enum { CAPACITY = 40000, SHORT = 130, GUARD = 8, SHIFTS = 4 };

static const struct {
    const char *name;
    int number;
} kinds[] = {
#define ACT_PARAM(...)
#define ACT_SPECIAL(...)
#define ACT_ELEMENTWISE(name, number, ...) {#name, number},
#include "kinds.def"
};

static int64_t elements = CAPACITY;
int64_t thin = 1;

/* ---- data and hashing ---- */

typedef struct values {
    int is_double;
    int64_t count;
    union {
        float f[CAPACITY + SHORT + 64];
        double d[CAPACITY + SHORT + 64];
    };
} values;

static size_t width(const values *v) { return v->is_double ? sizeof(double) : sizeof(float); }
static void *at(values *v, int64_t i) { return v->is_double ? (void *)(v->d + i) : (void *)(v->f + i); }
static double get(const values *v, int64_t i) { return v->is_double ? v->d[i] : (double)v->f[i]; }

static void append(values *v, double x) {
    if (v->is_double)
        v->d[v->count++] = x;
    else
        v->f[v->count++] = (float)x;
}

static uint64_t draw_bits(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Special values; every sign and exponent with several mantissas; numbers where functions bend. */
static void fill_inputs(values *v, int is_double) {
    static const double special[] = {0,
                                     1,
                                     2,
                                     0.5,
                                     INFINITY,
                                     0x1p-149,
                                     0x1p-1074,
                                     0x1p-126,
                                     0x1p-1022,
                                     0x1.fffffep127,
                                     0x1.fffffffffffffp1023,
                                     1e-3,
                                     17.3287,
                                     88.72284,
                                     87.33655,
                                     103.97208,
                                     709.78271,
                                     745.13322,
                                     9.0109,
                                     18.7150,
                                     37.4299,
                                     220,
                                     1500,
                                     0x1.62e43p-2,
                                     0x1.62e42fefa39efp-2,
                                     40,
                                     80,
                                     1e30,
                                     1e-30};
    uint64_t seed = 1;
    v->is_double = is_double;
    v->count = 0;
    for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
        append(v, special[i]);
        append(v, -special[i]);
    }
    append(v, (double)NAN);
    const int mantissa = is_double ? 52 : 23, exponents = is_double ? 2048 : 256;
    const uint64_t ones = ((uint64_t)1 << mantissa) - 1;
    for (uint64_t sign_exponent = 0; sign_exponent < 2 * (uint64_t)exponents; sign_exponent++)
        for (int i = 0; i < (is_double ? 5 : 24); i++) {
            const uint64_t low = i == 0 ? 0 : i == 1 ? 1 : i == 2 ? ones : draw_bits(&seed) & ones;
            const uint64_t word = sign_exponent << mantissa | low;
            const uint32_t half = (uint32_t)word;
            if (is_double)
                memcpy(at(v, v->count++), &word, sizeof word);
            else
                memcpy(at(v, v->count++), &half, sizeof half);
        }
    while (v->count < CAPACITY) {
        const double reach = v->count % 3 == 0 ? 1 : v->count % 3 == 1 ? 20 : 120;
        append(v, reach * ((double)(draw_bits(&seed) >> 11) * 0x1p-52 - 1));
    }
    for (int64_t i = 0; i < elements; i++)
        memmove(at(v, i), at(v, i * thin), width(v));
}

static uint64_t hash_doubles(uint64_t hash, const double *x, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        uint64_t word = 0x7ff8000000000000u;
        if (x[i] == x[i])
            memcpy(&word, x + i, sizeof word);
        hash = mix(hash, word);
    }
    return hash;
}

static uint64_t hash_values(uint64_t hash, const values *v, int64_t first, int64_t n) {
    if (v->is_double)
        return hash_doubles(hash, v->d + first, n);
    for (int64_t i = first; i < first + n; i++) {
        uint32_t word = 0x7fc00000u;
        if (v->f[i] == v->f[i])
            memcpy(&word, v->f + i, sizeof word);
        hash = mix(hash, word);
    }
    return hash;
}

static uint64_t hash_bytes(uint64_t hash, const uint8_t *bytes, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        hash = mix(hash, bytes[i]);
    return hash;
}

/* ---- one function of one kind, over any range ---- */

static values x, y, dy, out, again;
static uint8_t bits[CAPACITY / 8 + 64];

typedef enum function {
    FORWARD,
    FORWARD_BITS,
    FROM_INPUT,
    FROM_OUTPUT,
    FROM_BITS,
    TERMS_0,
    TERMS_1,
    TERMS_2,
    TERMS_3,
    FUNCTIONS
} function;
static const char *const function_names[] = {"forward",         "forward_bits",  "backward_input",
                                             "backward_output", "backward_bits", "terms_0",
                                             "terms_1",         "terms_2",       "terms_3"};

static int exists(const act__kernels *k, function f) {
    const int there[] = {k->forward != NULL, k->forward_bits != NULL, k->backward_input != NULL,
                         k->backward_output != NULL, k->backward_bits != NULL};
    return f >= TERMS_0 ? k->parameter_terms != NULL : there[f];
}

/* Reads elements from `first` on, gradients from `first + shift` on; writes to `result`. bits are from x[0] on. */
static int run(const act__kernels *k, function f, const void *params, int64_t first, int64_t shift, void *result,
               uint8_t *new_bits, int64_t n) {
    switch (f) {
    case FORWARD:
        k->forward(at(&x, first), result, n, params);
        return 0;
    case FORWARD_BITS:
        return k->forward_bits(at(&x, first), result, new_bits, n, params) != 0;
    case FROM_INPUT:
        k->backward_input(at(&x, first), at(&dy, first + shift), result, n, params);
        return 0;
    case FROM_OUTPUT:
        k->backward_output(at(&y, first), at(&dy, first + shift), result, n, params);
        return 0;
    case FROM_BITS:
        k->backward_bits(bits, at(&dy, first + shift), result, n, params);
        return 0;
    default:
        k->parameter_terms(at(&x, first), at(&dy, first + shift), result, n, params, (int32_t)(f - TERMS_0));
        return 0;
    }
}

static uint64_t hash_function(const char *name, const char *isa, const act__kernels *k, function f, int is_double) {
    static const double param_sets[][ACT__MAX_PARAMS] = {{0.01, 0.7, 0.3, 2},     {1, 1, 1, 1},
                                                         {-1.5, 0.25, 3, 1},      {0, 0, 0, 0},
                                                         {0x1p-126, 1.3, 0.1, 5}, {1e10, 2, 2, 2}};
    static const int64_t shifts[SHIFTS] = {0, 1, 37, 977};
    static uint8_t new_bits[sizeof bits];
    uint64_t hash = 0;
    out.is_double = again.is_double = is_double;
    for (size_t set = 0; set < sizeof param_sets / sizeof *param_sets; set++) {
        values p = {.is_double = is_double};
        for (int i = 0; i < ACT__MAX_PARAMS; i++)
            append(&p, param_sets[set][i]);
        const void *params = at(&p, 0);
        if (f == FROM_OUTPUT)
            k->forward(at(&x, 0), at(&y, 0), elements, params);
        for (int s = 0; s < (f < FROM_INPUT ? 1 : SHIFTS); s++) {
            const int nan = run(k, f, params, 0, shifts[s], at(&out, 0), new_bits, elements - 1000);
            hash = hash_values(mix(hash, (uint64_t)nan), &out, 0, elements - 1000);
            if (f == FORWARD_BITS)
                hash = hash_bytes(hash, new_bits, (elements - 1000 + 7) / 8);
        }
        /* A value depends neither on its index nor on the length; nothing beyond the end is written. */
        for (int64_t n = 1; n <= SHORT; n += thin) {
            const int64_t first = f == FROM_BITS ? 0 : n * 61 % 997, place = n % GUARD, shift = shifts[n % SHIFTS];
            memset(at(&again, 0), 0xa5, (SHORT + 3 * GUARD) * width(&again));
            memset(new_bits, 0xa5, SHORT);
            const int nan = run(k, f, params, first, shift, at(&again, GUARD + place), new_bits, n);
            run(k, f, params, first, shift, at(&out, 0), new_bits + SHORT, SHORT + GUARD);
            if (hash_values(0, &again, GUARD + place, n) != hash_values(0, &out, 0, n))
                fail("values depend on the length", name, isa, n);
            memset(at(&out, 0), 0xa5, GUARD * width(&out));
            if (memcmp(at(&again, place), at(&out, 0), GUARD * width(&out)) != 0 ||
                memcmp(at(&again, GUARD + place + n), at(&out, 0), GUARD * width(&out)) != 0 ||
                new_bits[(n + 7) / 8] != 0xa5)
                fail("wrote outside", name, isa, n);
            hash = hash_values(mix(hash, (uint64_t)nan), &again, GUARD + place, n);
            if (f == FORWARD_BITS)
                hash = hash_bytes(hash, new_bits, (n + 7) / 8);
        }
    }
    return hash;
}

/* ---- kernels with a slope an element ---- */

static uint64_t hash_slope_sums(const act__slope_kernels *k, int finite) {
    uint64_t hash = 0;
    static values a, b;
    a.is_double = b.is_double = x.is_double;
    a.count = b.count = 0;
    for (int64_t i = 0; i < elements - 37; i++) {
        const double ai = get(&x, i), bi = get(&dy, i + 37);
        const int plain = fabs(ai) < 1e15 && fabs(bi) < 1e15;
        if (finite && !plain)
            continue;
        append(&a, ai);
        append(&b, bi);
    }
    static const int64_t periods[] = {1, 3, ACT__SUM_LANES, 64, SHORT};
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        const int64_t period = periods[i], lane = 5 % period;
        double sum[2][SHORT + 1] = {{0}}, error[2][SHORT + 1] = {{0}};
        k->sum_products(sum[0], error[0], period, lane, at(&a, 0), at(&b, 0), a.count);
        for (int64_t done = 0, n = 1; done < a.count; done += n, n = n % SHORT + 1) {
            n = n < a.count - done ? n : a.count - done;
            k->sum_products(sum[1], error[1], period, (lane + done) % period, at(&a, done), at(&b, done), n);
        }
        const uint64_t whole = hash_doubles(hash_doubles(0, sum[0], SHORT + 1), error[0], SHORT + 1);
        if (hash_doubles(hash_doubles(0, sum[1], SHORT + 1), error[1], SHORT + 1) != whole)
            fail("sum_products depends on how it is split", "slopes", "", period);
        for (int64_t j = period; j <= SHORT; j++)
            if (sum[0][j] != 0 || error[0][j] != 0)
                fail("sum_products wrote outside", "slopes", "", period);
        hash = mix(hash, whole);
    }
    return hash;
}

static uint64_t hash_sum_terms(const act__slope_kernels *k) {
    double sum[ACT__SUM_LANES] = {0}, error[ACT__SUM_LANES] = {0};
    uint64_t hash = 0;
    for (int64_t first = 0, n = 1; first + n < elements; first += n, n = n % SHORT + 1) {
        k->sum_terms(sum, error, &dy.d[first], n);
        hash = hash_doubles(hash_doubles(hash, sum, ACT__SUM_LANES), error, ACT__SUM_LANES);
    }
    return hash;
}

static uint64_t hash_draw(const act__slope_kernels *k, int is_double) {
    static const act__draw draws[] = {{0, 0, 0.125, 1.0 / 3 - 0.125, 1.0 / 3},
                                      {0x123456789abcdef0u, 7, -1, 3, 2},
                                      {~(uint64_t)0, ~(uint64_t)0, 0.25, 0, 0.25}};
    static const uint64_t indices[] = {0, 1, 3, 1000003, 0xfffffff0u, 0xffffffffffff0000u};
    uint64_t hash = 0;
    out.is_double = again.is_double = is_double;
    for (size_t d = 0; d < sizeof draws / sizeof *draws; d++)
        for (size_t i = 0; i < sizeof indices / sizeof *indices; i++) {
            k->draw(&draws[d], indices[i], at(&out, 0), 4 * SHORT);
            hash = hash_values(hash, &out, 0, 4 * SHORT);
            for (int64_t n = 1; n <= SHORT; n += thin) {
                const int64_t skip = n * 7 % 11;
                memset(at(&again, 0), 0xa5, (SHORT + 1) * width(&again));
                k->draw(&draws[d], indices[i] + (uint64_t)skip, at(&again, 0), n);
                if (hash_values(0, &again, 0, n) != hash_values(0, &out, skip, n))
                    fail("draw depends on the length", "slopes", "", n);
                memset(at(&again, 0), 0xa5, width(&again));
                if (memcmp(at(&again, 0), at(&again, n), width(&again)) != 0)
                    fail("draw wrote outside", "slopes", "", n);
            }
        }
    return hash;
}

static uint64_t hash_slope_maps(const act__slope_kernels *k, int backward) {
    uint64_t hash = 0;
    out.is_double = x.is_double;
    for (int64_t n = elements - 1000; n > 0; n = n > SHORT ? SHORT : n - 1) {
        const int64_t first = n > SHORT ? 0 : n * 61 % 997;
        if (backward)
            k->backward(at(&x, first), at(&dy, first + 1), at(&dy, first + 977), at(&out, 0), n);
        else
            k->forward(at(&x, first), at(&dy, first + 1), at(&out, 0), n);
        hash = hash_values(hash, &out, 0, n);
    }
    return hash;
}

static uint64_t hash_recovered(const act__slope_kernels *k) {
    uint64_t hash = 0;
    out.is_double = x.is_double;
    for (int64_t n = SHORT; n > 0; n--) {
        const int64_t first = n * 61 % 997;
        k->recover(&x.d[first], &dy.d[first + 1], (int)(n % 2), out.d, n);
        hash = hash_values(hash, &out, 0, n);
    }
    return hash;
}

static uint64_t hash_backward_sums(const act__slope_kernels *k) {
    uint64_t hash = 0;
    out.is_double = x.is_double;
    for (int64_t n = elements - 1000; n > 0; n = n > SHORT ? SHORT : n - 1) {
        const int64_t first = n > SHORT ? 0 : n * 61 % 997;
        double sums[2][2 * ACT__SUM_LANES] = {{0}};
        const void *source = at(&x, first), *gradient = at(&dy, first + 1);
        k->backward_sums(sums[0], sums[0] + ACT__SUM_LANES, source, gradient, at(&out, 0), at(&dy, n), n);
        k->sum_products(sums[1], sums[1] + ACT__SUM_LANES, ACT__SUM_LANES, 0, source, gradient, n);
        const uint64_t both = hash_doubles(0, sums[0], 2 * ACT__SUM_LANES);
        if (hash_doubles(0, sums[1], 2 * ACT__SUM_LANES) != both)
            fail("sums depend on whether dx is wanted", "slopes", "", n);
        hash = mix(hash_values(hash, &out, 0, n), both);
    }
    return hash;
}

/* ---- CReLU ---- */

static uint64_t hash_crelu(const act__crelu_kernels *k, int backward) {
    uint64_t hash = 0;
    static values below;
    below.is_double = out.is_double = again.is_double = x.is_double;
    for (int64_t n = elements - 1000; n > 0; n = n > SHORT ? SHORT : n - 1) {
        const int64_t first = n > SHORT ? 0 : n * 61 % 997;
        k->forward(at(&x, first), at(&out, 0), at(&below, 0), n);
        hash = hash_values(hash_values(hash, &out, 0, n), &below, 0, n);
        if (!backward)
            continue;
        k->backward_output(at(&out, 0), at(&below, 0), at(&dy, first + 1), at(&dy, first + 977), at(&again, 0), n);
        k->backward_input(at(&x, first), at(&dy, first + 1), at(&dy, first + 977), at(&out, 0), n);
        hash = hash_values(hash, &out, 0, n);
        if (hash_values(0, &out, 0, n) != hash_values(0, &again, 0, n))
            fail("backward depends on its source", "crelu", "", n);
    }
    return hash;
}

/* ---- rows of Maxout ---- */

static uint64_t hash_maxout(const act__maxout_kernels *k, int scatter) {
    static uint8_t winners[SHORT + 1];
    uint64_t hash = 0;
    out.is_double = again.is_double = x.is_double;
    for (int64_t n = 1; n <= SHORT; n++)
        for (int64_t pieces = 1; pieces <= (n == SHORT ? 256 : 5); pieces += pieces < 5 ? 1 : 251) {
            memset(winners, 0xa5, sizeof winners);
            const int64_t first = n * 61 % 997;
            for (int bias = 0; bias < 2; bias++) {
                k->reduce(at(&x, first), bias ? at(&dy, first + 37) : NULL, at(&out, 0), winners, n, pieces);
                k->reduce(at(&x, first), bias ? at(&dy, first + 37) : NULL, at(&again, 0), NULL, n, pieces);
                if (hash_values(0, &out, 0, n) != hash_values(0, &again, 0, n))
                    fail("reduce depends on whether winners are kept", "maxout", "", n);
                if (winners[n] != 0xa5)
                    fail("reduce wrote outside", "maxout", "", n);
                if (!scatter)
                    hash = hash_bytes(hash_values(hash, &out, 0, n), winners, n);
            }
            if (scatter) {
                k->scatter(at(&dy, first), winners, at(&out, 0), n, pieces);
                hash = hash_values(hash, &out, 0, n * pieces);
            }
        }
    return hash;
}

/* ---- conversions ---- */

static uint64_t hash_convert(const act__convert_kernels *k, int type) {
    static uint16_t halves[CAPACITY], doubtful[CAPACITY];
    uint64_t hash = 0;
    out.is_double = x.is_double;
    for (int64_t i = 0; i < elements; i++)
        halves[i] = (uint16_t)(i * 13);
    k->widen[type](halves, at(&out, 0), elements);
    hash = hash_values(hash, &out, 0, elements);
    for (int64_t n = elements - 1000; n > 0; n = n > SHORT ? SHORT : n - 1) {
        k->narrow[type](at(&x, n % 997), halves, n, 0);
        hash = hash_halves(hash, halves, n, type);
        for (int gradient = 0; gradient < 2 && k->narrow_sure[type]; gradient++) {
            const float *scale = gradient ? at(&dy, 37) : NULL;
            const int64_t count = k->narrow_sure[type](at(&x, n % 997), scale, halves, n, 0, doubtful);
            hash = hash_indices(hash_halves(hash, halves, n, type), doubtful, count);
        }
    }
    return hash;
}

static uint64_t hash_signs(const act__convert_kernels *k, int type) {
    static uint16_t halves[1 << 16];
    static uint8_t marks[sizeof halves / 8];
    uint64_t hash = 0;
    for (uint32_t i = 0; i < 1 << 16; i++)
        halves[i] = (uint16_t)(i * 40503u);
    for (int64_t n = 65000; n >= 0; n = n > SHORT ? SHORT : n - 1) {
        memset(marks, 0xa5, (size_t)SHORT);
        hash = mix(hash, (uint64_t)k->to_bits[type](halves + n % 499, marks, n));
        hash = hash_bytes(hash, marks, n > SHORT ? n / 8 : SHORT);
    }
    memset(halves, 0xa5, sizeof halves);
    for (int64_t n = SHORT; n >= 0; n--) {
        k->from_bits(marks, halves, n);
        hash = hash_indices(hash, halves, SHORT + 1);
    }
    return hash;
}

/* ---- elements that do not lie side by side ---- */

static uint64_t hash_seconds(const act__stage_kernels *k) {
    uint64_t hash = 0;
    for (int32_t i = 0; i < ACT__STAGE_SIZES; i++)
        for (int64_t n = 0; n <= SHORT; n++) {
            const int64_t size = 2 << i;
            memset(out.f, 0xa5, 3 * SHORT * sizeof(double));
            k->take_seconds[i]((char *)out.f + size, (const char *)x.f + n % GUARD * size, n);
            hash = hash_bytes(hash, (const uint8_t *)out.f, (n + 2) * size);
        }
    return hash;
}

static void hash_type(const act__isa *isa, int is_double) {
    const char *name = isa->name;
    fill_inputs(&x, is_double);
    fill_inputs(&dy, is_double);
    y.is_double = is_double;
    uint64_t seed = 2;
    for (size_t i = 0; i < sizeof bits; i++)
        bits[i] = (uint8_t)draw_bits(&seed);
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        const act__kernels *k = isa->elementwise[is_double][kinds[kind].number];
        for (function f = FORWARD; f < FUNCTIONS; f++)
            if (exists(k, f))
                print(kinds[kind].name, function_names[f], is_double ? "f64" : "f32", name,
                      hash_function(kinds[kind].name, name, k, f, is_double));
    }
    const char *type = is_double ? "f64" : "f32";
    const act__slope_kernels *slope = isa->slopes[is_double];
    print("slopes", "forward", type, name, hash_slope_maps(slope, 0));
    print("slopes", "backward", type, name, hash_slope_maps(slope, 1));
    print("slopes", "sum", type, name, hash_slope_sums(slope, 1));
    print("slopes", "sum_nonfinite", type, name, hash_slope_sums(slope, 0));
    print("slopes", "backward_sums", type, name, hash_backward_sums(slope));
    if (is_double) {
        print("slopes", "recover", type, name, hash_recovered(slope));
        print("slopes", "sum_terms", type, name, hash_sum_terms(slope));
    }
    print("slopes", "draw", type, name, hash_draw(slope, is_double));
    const act__convert_kernels *convert = isa->convert[is_double];
    print("convert", "float16", type, name, hash_convert(convert, ACT__AS_FLOAT16));
    print("convert", "bfloat16", type, name, hash_convert(convert, ACT__AS_BFLOAT16));
    for (int half = ACT__AS_FLOAT16; half <= ACT__AS_BFLOAT16 && convert->from_bits; half++)
        print("signs", half == ACT__AS_FLOAT16 ? "float16" : "bfloat16", type, name, hash_signs(convert, half));
    print("crelu", "forward", type, name, hash_crelu(isa->crelu[is_double], 0));
    print("crelu", "backward", type, name, hash_crelu(isa->crelu[is_double], 1));
    print("maxout", "reduce", type, name, hash_maxout(isa->maxout[is_double], 0));
    print("maxout", "scatter", type, name, hash_maxout(isa->maxout[is_double], 1));
    if (!is_double)
        print("stage", "seconds", type, name, hash_seconds(isa->stage));
}

int main(int argc, char **argv) {
    thin = argc > 2 ? atoi(argv[2]) : 1;
    elements = CAPACITY / thin;
    for (int level = 0; level < ACT__ISA_LEVELS; level++) {
        const act__isa *isa = act__isa_at((act__isa_level)level);
        if (!isa || (argc > 1 && strcmp(isa->name, argv[1]) != 0))
            continue;
        for (int is_double = 0; is_double < 2; is_double++)
            hash_type(isa, is_double);
        hash_slopes_of_halves(isa);
        for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
            hash_kind_of_halves(isa, kinds[kind].name, kinds[kind].number);
    }
    return 0;
}
