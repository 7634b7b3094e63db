/*
 * Runs every kernel of every instruction set that this program was built for and this processor has, and prints one
 * line for each: kind, function, type, instruction set, hash of all results. compare.sh asserts that hashes differ
 * between no two instruction sets, compilers or processors. Needs neither BLAS nor the library above types/mixed.c.
 *
 * NaN results are hashed as one NaN: which bits they carry is not promised.
 *
 * isa_hash ISA THIN runs one instruction set, on one in THIN of the elements and lengths, at most 16: for emulators.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa_hash.h"

static const struct {
    const char *name;
    int number;
} kinds[] = {
#define ACT_PARAM(...)
#define ACT_SPECIAL(...)
#define ACT_ELEMENTWISE(name, number, ...) {#name, number},
#include "kinds.def"
};

int64_t elements = CAPACITY;
int64_t thin = 1;

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
    hash_slopes(isa, is_double);
    hash_rows(isa, is_double);
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
