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

enum { PHILOX_ROUNDS = 10, ACT__PHILOX_BLOCKS = W_AT_ONCE * W_WIDTH, ACT__PHILOX_PAIRS = 2 * W_AT_ONCE };

/* A stream: the key of each round, and the half of the counter that its blocks share. Of a lane the lower half
 * counts: multiplications do not read the upper one, where leftovers gather until the end. */
typedef struct act__philox {
    vword key[PHILOX_ROUNDS][2], step[2];
} act__philox;

static inline act__philox act__philox_stream(uint64_t key, uint64_t step) {
    act__philox p = {{{w_set(key), w_set(key >> 32)}}, {w_set(step), w_set(step >> 32)}};
    for (int round = 1; round < PHILOX_ROUNDS; round++) {
        p.key[round][0] = w_add(p.key[round - 1][0], w_set(0x9E3779B9u));
        p.key[round][1] = w_add(p.key[round - 1][1], w_set(0xBB67AE85u));
    }
    return p;
}

/* What a block is computed from and ends as, four words each in a lane of its own. */
typedef struct philox_words {
    vword c0, c1, c2, c3;
} philox_words;

static inline philox_words philox_round(philox_words w, const vword *key) {
    const vword a = w_multiply(w.c0, w_set(0xD2511F53u)), b = w_multiply(w.c2, w_set(0xCD9E8D57u));
    return (philox_words){w_xor3(w_high(b), w.c1, key[0]), b, w_xor3(w_high(a), w.c3, key[1]), a};
}

/* Numbers of consecutive blocks, the first of which is `block`. */
static inline vword act__philox_numbers(uint64_t block) { return w_add(w_set(block), w_lanes()); }

/* ACT__PHILOX_BLOCKS consecutive blocks, two lanes each: words 0 and 1, the first of them lower, then words 2 and 3.
 * Vectors run side by side: one by one, each round would wait for the multiplication of the last. In plain C the
 * compiler makes vectors of a loop around this. */
static inline void act__philox_pairs(vword *pairs, const act__philox *p, vword blocks) {
    philox_words w[W_AT_ONCE];
    for (int v = 0; v < W_AT_ONCE; v++) {
        const vword number = w_add(blocks, w_set((uint64_t)(v * W_WIDTH)));
        w[v] = (philox_words){number, w_high(number), p->step[0], p->step[1]};
    }
    for (int round = 0; round < PHILOX_ROUNDS; round++)
        for (int v = 0; v < W_AT_ONCE; v++)
            w[v] = philox_round(w[v], p->key[round]);
    for (int v = 0; v < W_AT_ONCE; v++) {
        const vword low = w_join(w[v].c0, w[v].c1), high = w_join(w[v].c2, w[v].c3);
        pairs[2 * v] = w_zip_first(low, high);
        pairs[2 * v + 1] = w_zip_last(low, high);
    }
}

/* The same as words. */
static inline void act__philox_blocks(uint32_t *words, uint64_t key, uint64_t block, uint64_t step) {
    const act__philox stream = act__philox_stream(key, step);
    vword pairs[ACT__PHILOX_PAIRS];
    uint64_t pair[2 * ACT__PHILOX_BLOCKS];
    act__philox_pairs(pairs, &stream, act__philox_numbers(block));
    for (int i = 0; i < ACT__PHILOX_PAIRS; i++)
        w_store(pair + i * W_WIDTH, pairs[i]);
    for (int i = 0; i < 2 * ACT__PHILOX_BLOCKS; i++) {
        words[2 * i] = (uint32_t)pair[i];
        words[2 * i + 1] = (uint32_t)(pair[i] >> 32);
    }
}

#endif
