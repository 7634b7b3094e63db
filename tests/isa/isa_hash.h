/* What the parts of isa_hash share: how results are hashed and printed. */
#ifndef ACT_ISA_HASH_H
#define ACT_ISA_HASH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "dispatch.h"

enum { CAPACITY = 40000, SHORT = 130, GUARD = 8, SHIFTS = 4 };

/* One in how many elements and lengths is tried: 1 unless an argument says otherwise. */
extern int64_t thin;
extern int64_t elements;

typedef struct values {
    int is_double;
    int64_t count;
    union {
        float f[CAPACITY + SHORT + 64];
        double d[CAPACITY + SHORT + 64];
    };
} values;

static inline size_t width(const values *v) { return v->is_double ? sizeof(double) : sizeof(float); }
static inline void *at(values *v, int64_t i) { return v->is_double ? (void *)(v->d + i) : (void *)(v->f + i); }
static inline double get(const values *v, int64_t i) { return v->is_double ? v->d[i] : (double)v->f[i]; }

static inline void append(values *v, double x) {
    if (v->is_double)
        v->d[v->count++] = x;
    else
        v->f[v->count++] = (float)x;
}

/* Inputs, a gradient, and results. */
extern values x, y, dy, out, again;

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

/* isa_values.c */
uint64_t draw_bits(uint64_t *state);
/* Special values; every sign and exponent with several mantissas; numbers where functions bend. */
void fill_inputs(values *v, int is_double);
uint64_t hash_doubles(uint64_t hash, const double *a, int64_t n);
uint64_t hash_values(uint64_t hash, const values *v, int64_t first, int64_t n);
uint64_t hash_bytes(uint64_t hash, const uint8_t *bytes, int64_t n);

/* isa_slopes.c, isa_rows.c: all kernels of a type that are not elementwise, of what x and dy hold */
void hash_slopes(const act__isa *isa, int is_double);
void hash_rows(const act__isa *isa, int is_double);

/* isa_halves.c */
void hash_kind_of_halves(const act__isa *isa, const char *name, int number);
void hash_slopes_of_halves(const act__isa *isa);

#endif
