/*
 * The loops of an elementwise kernel that need not compute with 16-bit elements: what is chosen, and by what, their
 * bits tell, which as signed whole numbers are above 0 where the elements are. In the compilers' own vectors, so for
 * every instruction set. Included by elementwise.h for a kind that has defined, with ACT_HAS_WORDS,
 *   words(source, passed, infinity)    y, where passed is x, or dx, where it is dy; infinity: its bits
 */
#include "simd/vec_half.h"

#define ACT_HAS_HALVES

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

/* passed is source or dy; n is a multiple of ACT__HALF_STEP. */
ACT_ALWAYS_INLINE void over_words(int16_t infinity, const uint16_t *source, const uint16_t *passed, uint16_t *to,
                                  int64_t n, int stream) {
    for (int64_t i = 0; i < n; i += ACT__HALF_STEP) {
        vwords a[ACT__HALF_STEP / WORDS];
        for (int64_t j = 0; j < ACT__HALF_STEP / WORDS; j++)
            a[j] = words(load_words(source + i + j * WORDS), load_words(passed + i + j * WORDS), infinity);
        for (int64_t j = 0; j < ACT__HALF_STEP / WORDS; j++)
            put_words(to + i + j * WORDS, a[j], stream);
    }
}

ACT_ALWAYS_INLINE void run_words(int16_t infinity, const uint16_t *source, const uint16_t *passed, uint16_t *to,
                                 int64_t n, const act__half_run *run) {
    if (run->stream && (uintptr_t)to % sizeof(vwords) == 0)
        over_words(infinity, source, passed, to, n, 1);
    else
        over_words(infinity, source, passed, to, n, 0);
}

static void forward_f16(const uint16_t *x, const uint16_t *dy, uint16_t *y, int64_t n, act__half_run *run) {
    (void)dy;
    run_words(0x7c00, x, x, y, n, run);
}
static void forward_bf16(const uint16_t *x, const uint16_t *dy, uint16_t *y, int64_t n, act__half_run *run) {
    (void)dy;
    run_words(0x7f80, x, x, y, n, run);
}

static void from_input_f16(const uint16_t *x, const uint16_t *dy, uint16_t *dx, int64_t n, act__half_run *run) {
    run_words(0x7c00, x, dy, dx, n, run);
}
static void from_input_bf16(const uint16_t *x, const uint16_t *dy, uint16_t *dx, int64_t n, act__half_run *run) {
    run_words(0x7f80, x, dy, dx, n, run);
}

#ifdef ACT_HAS_FROM_OUTPUT
#define from_output_f16  from_input_f16
#define from_output_bf16 from_input_bf16
#endif

#ifdef ACT_HAS_FROM_BITS
/* dy where a bit is set, else 0. */
ACT_ALWAYS_INLINE void over_bits(const uint8_t *bits, const uint16_t *dy, uint16_t *dx, int64_t n, int stream) {
    static const uint16_t single[16] = {1 << 0, 1 << 1, 1 << 2,  1 << 3,  1 << 4,  1 << 5,  1 << 6,  1 << 7,
                                        1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15};
    const vwords lane = load_words(single);
    int64_t i = 0;
    for (; i + WORDS <= n; i += WORDS) {
        const vwords all = (vwords){0} + (int16_t)act__bits_word(bits + i / 8, WORDS);
        put_words(dx + i, ((all & lane) == lane) & load_words(dy + i), stream);
    }
    for (; i < n; i++)
        dx[i] = act__bits_get(bits, i) ? dy[i] : 0;
}

static void backward_half_bits(const uint8_t *bits, const uint16_t *dy, uint16_t *dx, int64_t n) {
    const int large = n >= ACT__STREAM_BYTES / (int64_t)sizeof *dx && dx != dy;
    if (V_STREAMS && large && (uintptr_t)dx % sizeof(vwords) == 0) {
        over_bits(bits, dy, dx, n, 1);
        v_fence();
    } else {
        over_bits(bits, dy, dx, n, 0);
    }
}
#endif
