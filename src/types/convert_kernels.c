/*
 * Between storage types and the compute type: contiguous numbers widened exactly, and narrowed to the nearest, ties
 * to even; and their signs to bits and back. Compiled once per instruction set and compute type; called by whatever
 * computes 16-bit elements.
 */
#include "bits.h"
#include "simd/kernel.h"
#include "simd/vec_half.h"

#if ACT_REAL == 32
#include "simd/half_doubt.h"
#endif

#include <stddef.h>

typedef vreal widen_function(vhalf a);
typedef vhalf narrow_function(vreal a);

ACT_ALWAYS_INLINE void widen_all(widen_function *widen, const uint16_t *from, real *to, int64_t n) {
    int64_t i = 0;
    for (; i + V_WIDTH <= n; i += V_WIDTH)
        v_store(to + i, widen(h_load(from + i)));
    if (i < n) {
        uint16_t rest[V_WIDTH] = {0};
        memcpy(rest, from + i, (size_t)(n - i) * sizeof *rest);
        v_store_part(to + i, widen(h_load(rest)), n - i);
    }
}

static void widen_f16(const void *from, void *to, int64_t n) { widen_all(h_widen_f16, from, to, n); }
static void widen_bf16(const void *from, void *to, int64_t n) { widen_all(h_widen_bf16, from, to, n); }

static int may_stream(const uint16_t *to, int stream) { return stream && (uintptr_t)to % sizeof(vhalf) == 0; }

static void put_part(uint16_t *to, vhalf a, int64_t n) {
    uint16_t rest[V_WIDTH];
    h_store(rest, a);
    memcpy(to, rest, (size_t)n * sizeof *rest);
}

ACT_ALWAYS_INLINE void narrow_range(narrow_function *narrow, const real *from, uint16_t *to, int64_t n, int stream) {
    int64_t i = 0;
    for (; i + V_WIDTH <= n; i += V_WIDTH)
        h_put(to + i, narrow(v_load(from + i)), stream);
    if (i < n)
        put_part(to + i, narrow(v_load_part(from + i, n - i)), n - i);
}

ACT_ALWAYS_INLINE void narrow_all(narrow_function *narrow, const real *from, uint16_t *to, int64_t n, int stream) {
    if (may_stream(to, stream))
        narrow_range(narrow, from, to, n, 1);
    else
        narrow_range(narrow, from, to, n, 0);
}

#if ACT_REAL == 32
static void narrow_f16(const void *from, void *to, int64_t n, int stream) {
    narrow_all(h_narrow_f16, from, to, n, stream);
}
static void narrow_bf16(const void *from, void *to, int64_t n, int stream) {
    narrow_all(h_narrow_bf16, from, to, n, stream);
}

static int64_t add_doubtful(uint16_t *doubtful, int64_t count, int64_t at, uint64_t lanes) {
    for (; lanes; lanes &= lanes - 1)
        doubtful[count++] = (uint16_t)(at + __builtin_ctzll(lanes));
    return count;
}

ACT_ALWAYS_INLINE uint64_t narrowed_or_near(vreal a, int bf16, int32_t units, vhalf *half) {
    if (!bf16)
        return narrowed_or_near_f16(a, units, half);
    *half = h_narrow_bf16(a);
    return near_bf16(a, units);
}

ACT_ALWAYS_INLINE int64_t narrow_sure(int bf16, const real *from, const real *dy, uint16_t *to, int64_t n, int stream,
                                      uint16_t *doubtful) {
    int64_t count = 0;
    vhalf half;
    for (int64_t i = 0; i < n; i += V_WIDTH) {
        const int64_t rest = n - i;
        const vreal a = rest < V_WIDTH ? v_load_part(from + i, rest) : v_load(from + i);
        uint64_t lanes = narrowed_or_near(a, bf16, dy ? GRADIENT_UNITS : VALUE_UNITS, &half);
        if (dy)
            lanes |= out_of_range(a, rest < V_WIDTH ? v_load_part(dy + i, rest) : v_load(dy + i), 0);
        if (rest < V_WIDTH)
            put_part(to + i, half, rest);
        else
            h_put(to + i, half, stream);
        count = add_doubtful(doubtful, count, i, lanes);
    }
    return count;
}

static int64_t narrow_sure_f16(const float *from, const float *dy, void *to, int64_t n, int stream,
                               uint16_t *doubtful) {
    const int aligned = may_stream(to, stream);
    return dy ? narrow_sure(0, from, dy, to, n, aligned, doubtful)
              : narrow_sure(0, from, NULL, to, n, aligned, doubtful);
}
static int64_t narrow_sure_bf16(const float *from, const float *dy, void *to, int64_t n, int stream,
                                uint16_t *doubtful) {
    const int aligned = may_stream(to, stream);
    return dy ? narrow_sure(1, from, dy, to, n, aligned, doubtful)
              : narrow_sure(1, from, NULL, to, n, aligned, doubtful);
}

ACT_ALWAYS_INLINE uint64_t to_word(widen_function *widen, const uint16_t *x, vmask *nan) {
    uint64_t word = 0;
    for (int64_t j = 0; j < ACT__BITS_AT_ONCE; j += V_WIDTH) {
        const vreal a = widen(h_load(x + j));
        word |= v_bits(v_lt(v_set(0), a)) << j;
        *nan = v_or(*nan, v_isnan(a));
    }
    return word;
}

ACT_ALWAYS_INLINE int to_bits(widen_function *widen, const uint16_t *x, uint8_t *bits, int64_t n) {
    uint16_t rest[ACT__BITS_AT_ONCE] = {0};
    vmask nan = v_mask(0);
    int64_t i = 0;
    for (; i + ACT__BITS_AT_ONCE <= n; i += ACT__BITS_AT_ONCE)
        act__bits_set_word(bits + i / 8, to_word(widen, x + i, &nan), ACT__BITS_AT_ONCE);
    memcpy(rest, x + i, (size_t)(n - i) * sizeof *rest);
    act__bits_set_word(bits + i / 8, to_word(widen, rest, &nan), n - i);
    return v_bits(nan) != 0;
}

static inline void from_word(uint64_t word, uint16_t *signs) {
    for (int64_t j = 0; j < ACT__BITS_AT_ONCE; j += V_WIDTH)
        h_store(signs + j, h_signs(word >> j));
}

static void from_bits(const uint8_t *bits, uint16_t *signs, int64_t n) {
    uint16_t rest[ACT__BITS_AT_ONCE];
    int64_t i = 0;
    for (; i + ACT__BITS_AT_ONCE <= n; i += ACT__BITS_AT_ONCE)
        from_word(act__bits_word(bits + i / 8, ACT__BITS_AT_ONCE), signs + i);
    from_word(act__bits_word(bits + i / 8, n - i), rest);
    memcpy(signs + i, rest, (size_t)(n - i) * sizeof *rest);
}

static int to_bits_f16(const uint16_t *x, uint8_t *bits, int64_t n) { return to_bits(h_widen_f16, x, bits, n); }
static int to_bits_bf16(const uint16_t *x, uint8_t *bits, int64_t n) { return to_bits(h_widen_bf16, x, bits, n); }
#else
/* The nearest multiple of the half's unit at a, ties to even: the sum with a larger power of two has no room for
 * more. digits: of the half's fraction; least: its least normal number. */
ACT_ALWAYS_INLINE vreal on_grid(vreal a, int digits, double least) {
    const vreal magnitude = v_abs(a), held = v_at_most(v_at_least(magnitude, v_set(least)), v_set(0x1p200));
    const vreal large = v_mul(h_leading(held), v_set((double)(1ull << (V_MANTISSA - digits))));
    return v_copysign(v_sub(v_add(magnitude, large), large), a);
}

static inline vhalf round_f16(vreal a) { return h_narrow_f16(on_grid(a, 10, 0x1p-14)); }
static inline vhalf round_bf16(vreal a) { return h_narrow_bf16(on_grid(a, 7, 0x1p-126)); }

static void narrow_f16(const void *from, void *to, int64_t n, int stream) {
    narrow_all(round_f16, from, to, n, stream);
}
static void narrow_bf16(const void *from, void *to, int64_t n, int stream) {
    narrow_all(round_bf16, from, to, n, stream);
}

static void widen_f32(const void *from, void *to, int64_t n) {
    const float *x = from;
    double *y = to;
    for (int64_t i = 0; i < n; i++)
        y[i] = (double)x[i];
}

static void narrow_f32(const void *from, void *to, int64_t n, int stream) {
    const double *x = from;
    float *y = to;
    (void)stream;
    for (int64_t i = 0; i < n; i++)
        y[i] = (float)x[i];
}
#endif

const act__convert_kernels ACT_KERNELS(convert) = {
#if ACT_REAL == 32
    .widen = {[ACT__AS_FLOAT16] = widen_f16, [ACT__AS_BFLOAT16] = widen_bf16},
    .narrow = {[ACT__AS_FLOAT16] = narrow_f16, [ACT__AS_BFLOAT16] = narrow_bf16},
    .narrow_sure = {[ACT__AS_FLOAT16] = narrow_sure_f16, [ACT__AS_BFLOAT16] = narrow_sure_bf16},
    .to_bits = {[ACT__AS_FLOAT16] = to_bits_f16, [ACT__AS_BFLOAT16] = to_bits_bf16},
    .from_bits = from_bits,
    .half_step = HALVES_AT_ONCE * V_WIDTH,
#else
    .widen = {[ACT__AS_FLOAT32] = widen_f32, [ACT__AS_FLOAT16] = widen_f16, [ACT__AS_BFLOAT16] = widen_bf16},
    .narrow = {[ACT__AS_FLOAT32] = narrow_f32, [ACT__AS_FLOAT16] = narrow_f16, [ACT__AS_BFLOAT16] = narrow_bf16},
#endif
};
