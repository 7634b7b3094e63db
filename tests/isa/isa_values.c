/* What the kernels are run on, and how results become a hash. Part of isa_hash. */
#include "isa_hash.h"

#include <math.h>
#include <string.h>

values x, y, dy, out, again;

uint64_t draw_bits(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void fill_inputs(values *v, int is_double) {
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

uint64_t hash_doubles(uint64_t hash, const double *a, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        uint64_t word = 0x7ff8000000000000u;
        if (a[i] == a[i])
            memcpy(&word, a + i, sizeof word);
        hash = mix(hash, word);
    }
    return hash;
}

uint64_t hash_values(uint64_t hash, const values *v, int64_t first, int64_t n) {
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

uint64_t hash_bytes(uint64_t hash, const uint8_t *bytes, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        hash = mix(hash, bytes[i]);
    return hash;
}
