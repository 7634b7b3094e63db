/* Moves runs of bits that do not begin at a byte. Called by marks.c for rows of strided tensors. */
#include "bits.h"

/* Up to 8 bits at a position. */
static void put_few(uint8_t *to, int64_t position, unsigned value, int n) {
    const int shift = (int)(position % 8);
    const unsigned mask = ((1u << n) - 1u) << shift, bits = (value << shift) & mask;
    uint8_t *byte = to + position / 8;
    byte[0] = (uint8_t)((byte[0] & ~mask) | bits);
    if (shift + n > 8)
        byte[1] = (uint8_t)((byte[1] & ~(mask >> 8)) | bits >> 8);
}

void act__bits_put(uint8_t *to, int64_t position, const uint8_t *from, int64_t n) {
    for (int64_t i = 0; i < n; i += 8)
        put_few(to, position + i, from[i / 8], n - i < 8 ? (int)(n - i) : 8);
}

void act__bits_take(uint8_t *to, const uint8_t *from, int64_t position, int64_t n) {
    const int shift = (int)(position % 8);
    const uint8_t *byte = from + position / 8;
    for (int64_t i = 0; i < n; i += 8, byte++) {
        unsigned value = (unsigned)byte[0] >> shift;
        if (shift && n - i > 8 - shift)
            value |= (unsigned)byte[1] << (8 - shift);
        to[i / 8] = (uint8_t)value;
    }
}
