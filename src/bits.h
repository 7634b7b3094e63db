/* Rows of single bits, eight to a byte, the lowest first. */
#ifndef ACT_BITS_H
#define ACT_BITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline size_t act__bits_bytes(int64_t n) { return (size_t)(n / 8 + (n % 8 != 0)); }

static inline int act__bits_get(const uint8_t *bits, int64_t i) { return bits[i / 8] >> (i % 8) & 1; }

static inline void act__bits_set(uint8_t *bits, int64_t i) { bits[i / 8] |= (uint8_t)(1u << (i % 8)); }

enum { ACT__BITS_AT_ONCE = 64 };

static inline uint64_t act__bits_in_order(uint64_t word) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(word);
#else
    return word;
#endif
}

/* n bits, at most 64, as a word and back; those beyond n in the last byte are 0. Inlined where n is 64, one move. */
static inline uint64_t act__bits_word(const uint8_t *bits, int64_t n) {
    uint64_t word = 0;
    if (n == ACT__BITS_AT_ONCE) {
        memcpy(&word, bits, sizeof word);
        return act__bits_in_order(word);
    }
    for (int64_t byte = 0; byte < (n + 7) / 8; byte++)
        word |= (uint64_t)bits[byte] << (8 * byte);
    return word;
}

static inline void act__bits_set_word(uint8_t *bits, uint64_t word, int64_t n) {
    if (n == ACT__BITS_AT_ONCE) {
        word = act__bits_in_order(word);
        memcpy(bits, &word, sizeof word);
        return;
    }
    for (int64_t byte = 0; byte < (n + 7) / 8; byte++)
        bits[byte] = (uint8_t)(word >> (8 * byte));
}

/* Copies n bits from the start of one row to any position of another, whose other bits stay. */
void act__bits_put(uint8_t *to, int64_t position, const uint8_t *from, int64_t n);

/* Copies n bits from any position of one row to the start of another; bits after them are 0 or stay. */
void act__bits_take(uint8_t *to, const uint8_t *from, int64_t position, int64_t n);

#endif
