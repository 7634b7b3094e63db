/*
 * Philox 4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", 2011. A block of four
 * words is a pure function of key and counter, so that any element's number can be had without those before it.
 * Stream version 1, frozen: key = seed (low word first), counter = {block number (low word first), step (low word
 * first)}; float32 element i takes word i % 4 of block i / 4, float64 element i takes words 2 (i % 2) and the next,
 * upper one first, of block i / 2.
 */
#ifndef ACT_SLOPES_PHILOX_H
#define ACT_SLOPES_PHILOX_H

#include "simd/vec_word.h"

enum { ACT__PHILOX_BLOCKS = 16, ACT__PHILOX_ROUNDS = 10 };

/* W_WIDTH blocks from number `block` on: words 0 and 1 of each in one lane of low, words 2 and 3 in one of high. The
 * upper half of a lane holds leftovers until the end: multiplications do not read it. */
static inline void act__philox_vector(uint64_t *low, uint64_t *high, uint64_t key, uint64_t block, uint64_t step) {
    const vword first = w_set(0xD2511F53u), second = w_set(0xCD9E8D57u);
    uint64_t numbers[W_WIDTH];
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int i = 0; i < W_WIDTH; i++)
        numbers[i] = block + (uint64_t)i;
    vword c0 = w_load(numbers), c1 = w_high(c0), c2 = w_set(step), c3 = w_set(step >> 32);
    for (int round = 0; round < ACT__PHILOX_ROUNDS; round++) {
        const vword a = w_multiply(c0, first), b = w_multiply(c2, second);
        c0 = w_xor(w_xor(w_high(b), c1), w_set(k0));
        c1 = b;
        c2 = w_xor(w_xor(w_high(a), c3), w_set(k1));
        c3 = a;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    w_store(low, w_join(c0, c1));
    w_store(high, w_join(c2, c3));
}

/* ACT__PHILOX_BLOCKS consecutive blocks, the words of a block together. */
static inline void act__philox_blocks(uint32_t *words, uint64_t key, uint64_t block, uint64_t step) {
    uint64_t low[ACT__PHILOX_BLOCKS], high[ACT__PHILOX_BLOCKS];
    for (int i = 0; i < ACT__PHILOX_BLOCKS; i += W_WIDTH)
        act__philox_vector(low + i, high + i, key, block + (uint64_t)i, step);
    for (int i = 0; i < ACT__PHILOX_BLOCKS; i++) {
        words[4 * i] = (uint32_t)low[i];
        words[4 * i + 1] = (uint32_t)(low[i] >> 32);
        words[4 * i + 2] = (uint32_t)high[i];
        words[4 * i + 3] = (uint32_t)(high[i] >> 32);
    }
}

#endif
