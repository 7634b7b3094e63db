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

/* So many vectors run side by side: one by one, each round would wait for the multiplication of the last. In plain C
 * the compiler makes vectors of the loop over blocks. */
enum { PHILOX_VECTORS = W_WIDTH == 1 ? 1 : 4, PHILOX_ROUNDS = 10 };
enum { ACT__PHILOX_BLOCKS = W_WIDTH == 1 ? 16 : PHILOX_VECTORS * W_WIDTH };

/* What a block is computed from and ends as, four words each in a lane of its own. The upper half of a lane holds
 * leftovers until the end: multiplications do not read it. */
typedef struct philox_words {
    vword c0, c1, c2, c3;
} philox_words;

static inline philox_words philox_round(philox_words w, uint32_t k0, uint32_t k1) {
    const vword a = w_multiply(w.c0, w_set(0xD2511F53u)), b = w_multiply(w.c2, w_set(0xCD9E8D57u));
    return (philox_words){w_xor3(w_high(b), w.c1, w_set(k0)), b, w_xor3(w_high(a), w.c3, w_set(k1)), a};
}

/* Blocks from number `block` on: words 0 and 1 of each in low, words 2 and 3 in high. */
static inline void philox_vectors(uint64_t *low, uint64_t *high, uint64_t key, uint64_t block, uint64_t step) {
    philox_words w[PHILOX_VECTORS];
    for (int i = 0; i < PHILOX_VECTORS * W_WIDTH; i++)
        low[i] = block + (uint64_t)i;
    for (int v = 0; v < PHILOX_VECTORS; v++) {
        const vword numbers = w_load(low + v * W_WIDTH);
        w[v] = (philox_words){numbers, w_high(numbers), w_set(step), w_set(step >> 32)};
    }
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        for (int v = 0; v < PHILOX_VECTORS; v++)
            w[v] = philox_round(w[v], k0, k1);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    for (int v = 0; v < PHILOX_VECTORS; v++) {
        w_store(low + v * W_WIDTH, w_join(w[v].c0, w[v].c1));
        w_store(high + v * W_WIDTH, w_join(w[v].c2, w[v].c3));
    }
}

/* ACT__PHILOX_BLOCKS consecutive blocks, the words of a block together. */
static inline void act__philox_blocks(uint32_t *words, uint64_t key, uint64_t block, uint64_t step) {
    uint64_t low[ACT__PHILOX_BLOCKS], high[ACT__PHILOX_BLOCKS];
    for (int i = 0; i < ACT__PHILOX_BLOCKS; i += PHILOX_VECTORS * W_WIDTH)
        philox_vectors(low + i, high + i, key, block + (uint64_t)i, step);
    for (int i = 0; i < ACT__PHILOX_BLOCKS; i++) {
        words[4 * i] = (uint32_t)low[i];
        words[4 * i + 1] = (uint32_t)(low[i] >> 32);
        words[4 * i + 2] = (uint32_t)high[i];
        words[4 * i + 3] = (uint32_t)(high[i] >> 32);
    }
}

#endif
