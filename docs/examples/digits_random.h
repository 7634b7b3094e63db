/*
 * A small seeded generator (splitmix64; Steele, Lea, Flood 2014), so that a run is repeated exactly on
 * every machine. Streams of one seed are independent: weights, orders and slopes each take their own.
 */
#ifndef DIGITS_RANDOM_H
#define DIGITS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct generator {
    uint64_t state;
};

static inline uint64_t generator_next(struct generator *generator) {
    uint64_t z = generator->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static inline struct generator generator_of(uint64_t seed, uint64_t stream) {
    struct generator mixed = {seed};
    struct generator result = {generator_next(&mixed) ^ (stream * UINT64_C(0xD1342543DE82EF95))};
    result.state = generator_next(&result);
    return result;
}

/* Uniform in [0, 1). */
static inline double generator_uniform(struct generator *generator) {
    return (double)(generator_next(generator) >> 11) * 0x1p-53;
}

/* Uniform in 0 .. bound - 1, for bounds up to 2^32. */
static inline size_t generator_below(struct generator *generator, size_t bound) {
    return (size_t)(((generator_next(generator) >> 32) * (uint64_t)bound) >> 32);
}

#endif
