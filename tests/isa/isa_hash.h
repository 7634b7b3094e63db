/* What the parts of isa_hash share: how results are hashed and printed. */
#ifndef ACT_ISA_HASH_H
#define ACT_ISA_HASH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "dispatch.h"

/* One in how many elements and lengths is tried: 1 unless an argument says otherwise. */
extern int64_t thin;

static inline uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * 0x9fb21c651e98df25u;
    return hash ^ hash >> 32;
}

static inline uint64_t hash_indices(uint64_t hash, const uint16_t *index, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        hash = mix(hash, index[i]);
    return hash;
}

/* All NaN are one. */
static inline uint64_t hash_halves(uint64_t hash, const uint16_t *halves, int64_t n, int type) {
    const uint16_t infinity = type == ACT__AS_FLOAT16 ? 0x7c00 : 0x7f80;
    for (int64_t i = 0; i < n; i++)
        hash = mix(hash, (halves[i] & 0x7fff) > infinity ? 0x7fffu : halves[i]);
    return hash;
}

static inline void fail(const char *what, const char *name, const char *isa, int64_t n) {
    printf("FAILED: %s: %s %s, n = %lld\n", name, what, isa, (long long)n);
    exit(1);
}

static inline void print(const char *name, const char *what, const char *type, const char *isa, uint64_t hash) {
    printf("%s %s %s %s %016llx\n", name, what, type, isa, (unsigned long long)hash);
}

/* isa_halves.c */
void hash_kind_of_halves(const act__isa *isa, const char *name, int number);
void hash_slopes_of_halves(const act__isa *isa);

#endif
