/*
 * The loops of an elementwise kernel that need not compute with 16-bit elements: what is chosen, and by what, their
 * bits tell, which as signed whole numbers are above 0 where the elements are. In the compilers' own vectors, so for
 * every instruction set. Included by elementwise.h for a kind that has defined, with ACT_HAS_WORDS,
 *   words(source, passed, infinity)    y, where passed is x, or dx, where it is dy; infinity: its bits
 */
#include "simd/vec_half.h"
#include "types/few.h"

ACT_ALWAYS_INLINE vwords load_words(const uint16_t *from) {
    vwords a;
    memcpy(&a, from, sizeof a);
    return a;
}

/* In the widest stores past the cache that fit. */
ACT_ALWAYS_INLINE void put_words(uint16_t *to, vwords a, int stream) {
    vhalf half;
    vreal whole;
    if (!stream) {
        memcpy(to, &a, sizeof a);
    } else if (sizeof a == sizeof whole) {
        memcpy(&whole, &a, sizeof a);
        v_stream((real *)(void *)to, whole);
    } else {
        for (size_t i = 0; i < sizeof a; i += sizeof half) {
            memcpy(&half, (const char *)&a + i, sizeof half);
            h_stream(to + i / sizeof *to, half);
        }
    }
}

/* Fewer elements than a vector. */
ACT_ALWAYS_INLINE void few_words(int16_t infinity, const uint16_t *source, const uint16_t *passed, uint16_t *to,
                                 int64_t n) {
    uint16_t a[FEW_HALVES] = {0}, b[FEW_HALVES] = {0};
    copy_few(a, source, n);
    copy_few(b, passed, n);
    put_words(a, words(load_words(a), load_words(b), infinity), 0);
    copy_few(to, a, n);
}

ACT_ALWAYS_INLINE void over_words(int16_t infinity, const uint16_t *source, const uint16_t *passed, uint16_t *to,
                                  int64_t n, int stream) {
    enum { AT_ONCE = 4 };
    int64_t i = 0;
    for (; i + AT_ONCE * V_WORDS <= n; i += AT_ONCE * V_WORDS) {
        vwords a[AT_ONCE];
        for (int64_t j = 0; j < AT_ONCE; j++)
            a[j] = words(load_words(source + i + j * V_WORDS), load_words(passed + i + j * V_WORDS), infinity);
        if (stream)
            v_fetch(source + i, passed + i, sizeof a);
        for (int64_t j = 0; j < AT_ONCE; j++)
            put_words(to + i + j * V_WORDS, a[j], stream);
    }
    for (; i + V_WORDS <= n; i += V_WORDS)
        put_words(to + i, words(load_words(source + i), load_words(passed + i), infinity), 0);
    if (i < n)
        few_words(infinity, source + i, passed + i, to + i, n - i);
}

/* passed is source or dy. */
ACT_ALWAYS_INLINE void run_words(int16_t infinity, const uint16_t *source, const uint16_t *passed, uint16_t *to,
                                 int64_t n) {
    if (!V_STREAMS || !act__streams(to, source, passed, n, sizeof *to)) {
        over_words(infinity, source, passed, to, n, 0);
        return;
    }
    const int64_t head = (int64_t)(-(uintptr_t)to % sizeof(vwords) / sizeof *to);
    few_words(infinity, source, passed, to, head);
    over_words(infinity, source + head, passed + head, to + head, n - head, 1);
    v_fence();
}

static void words_forward_f16(const uint16_t *x, const uint16_t *dy, uint16_t *y, int64_t n) {
    (void)dy;
    run_words(0x7c00, x, x, y, n);
}
static void words_forward_bf16(const uint16_t *x, const uint16_t *dy, uint16_t *y, int64_t n) {
    (void)dy;
    run_words(0x7f80, x, x, y, n);
}
static void words_backward_f16(const uint16_t *source, const uint16_t *dy, uint16_t *dx, int64_t n) {
    run_words(0x7c00, source, dy, dx, n);
}
static void words_backward_bf16(const uint16_t *source, const uint16_t *dy, uint16_t *dx, int64_t n) {
    run_words(0x7f80, source, dy, dx, n);
}

#ifdef ACT_HAS_FROM_BITS
/* dy where a bit is set, else 0. */
ACT_ALWAYS_INLINE void over_bits(const uint8_t *bits, const uint16_t *dy, uint16_t *dx, int64_t n, int stream) {
    static const uint16_t single[16] = {1 << 0, 1 << 1, 1 << 2,  1 << 3,  1 << 4,  1 << 5,  1 << 6,  1 << 7,
                                        1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15};
    const vwords lane = load_words(single);
    int64_t i = 0;
    for (; i + V_WORDS <= n; i += V_WORDS) {
        const vwords all = (vwords){0} + (int16_t)act__bits_word(bits + i / 8, V_WORDS);
        if (stream)
            v_fetch(dy + i, dy + i, sizeof all);
        put_words(dx + i, ((all & lane) == lane) & load_words(dy + i), stream);
    }
    for (; i < n; i++)
        dx[i] = act__bits_get(bits, i) ? dy[i] : 0;
}

static void words_from_bits(const uint8_t *bits, const uint16_t *dy, uint16_t *dx, int64_t n) {
    if (V_STREAMS && act__streams(dx, dy, dy, n, sizeof *dx) && (uintptr_t)dx % sizeof(vwords) == 0) {
        over_bits(bits, dy, dx, n, 1);
        v_fence();
    } else {
        over_bits(bits, dy, dx, n, 0);
    }
}
#endif
