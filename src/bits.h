/* Rows of single bits, eight to a byte, the lowest first. */
#ifndef ACT_BITS_H
#define ACT_BITS_H

#include <stddef.h>
#include <stdint.h>

static inline size_t act__bits_bytes(int64_t n) { return (size_t)(n / 8 + (n % 8 != 0)); }

static inline int act__bits_get(const uint8_t *bits, int64_t i) { return bits[i / 8] >> (i % 8) & 1; }

static inline void act__bits_set(uint8_t *bits, int64_t i) { bits[i / 8] |= (uint8_t)(1u << (i % 8)); }

/* Copies n bits from the start of one row to any position of another, whose other bits stay. */
void act__bits_put(uint8_t *to, int64_t position, const uint8_t *from, int64_t n);

/* Copies n bits from any position of one row to the start of another; bits after them are 0 or stay. */
void act__bits_take(uint8_t *to, const uint8_t *from, int64_t position, int64_t n);

#endif
