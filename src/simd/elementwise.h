/*
 * The loops of an elementwise kernel, included at the end of each file in src/act, which has defined
 *   ACT_NAME                       the kind's name; and what halves.h asks: ACT_EXACT, ACT_LIGHT or neither
 *   value(x, p)                    y
 *   from_input(x, dy, p)           dx from x
 *   from_output(y, dy, p)          dx from y        with ACT_HAS_FROM_OUTPUT
 *   from_bits(positive, dy, p)     dx from x > 0    with ACT_HAS_FROM_BITS
 *   parameter_term(x, dy, p, i)    dy df/dp[i]      with ACT_HAS_PARAMETER_TERM, where ACT_REAL is 64
 *   ACT_IGNORES_DY                 where dx does not depend on dy
 *   words(source, passed, infinity)                 with ACT_HAS_WORDS, where ACT_REAL is 32; see half_words.h
 * and here becomes one act__kernels. The tail runs the same vector code with the other lanes off, so that a value
 * does not depend on its index.
 */

/* Vectors whose long chains of dependent operations run side by side: all are loaded before the first is stored. Two
 * fill the processor where the formula is computed in wide numbers, and AVX2's registers where rows of a table are;
 * one whose own parts do says 1. */
#ifndef ACT_AT_ONCE
#if defined(ACT_SIMD_WIDE_H) || defined(ACT_SIMD_TABLE_H) && defined(ACT_ISA_AVX2)
#define ACT_AT_ONCE 2
#else
#define ACT_AT_ONCE 4
#endif
#endif
#ifndef ACT_FORWARD_AT_ONCE /* where forward's chains are of another kind than backward's */
#define ACT_FORWARD_AT_ONCE ACT_AT_ONCE
#endif
#ifdef ACT_IGNORES_DY
enum { READS_DY = 0 };
#else
enum { READS_DY = 1 };
#endif
/* Of vectors of one element the compiler makes its own, and of several loops also some with lanes that nobody filled,
 * which may raise exceptions. */
enum { FORWARD_AT_ONCE = V_WIDTH == 1 ? 1 : ACT_FORWARD_AT_ONCE, BACKWARD_AT_ONCE = V_WIDTH == 1 ? 1 : ACT_AT_ONCE };

typedef struct act_params {
    vreal value[ACT__MAX_PARAMS];
} act_params;

ACT_ALWAYS_INLINE act_params load_params(const void *params) {
    act_params p;
    for (int i = 0; i < ACT__MAX_PARAMS; i++)
        p.value[i] = v_set(((const real *)params)[i]);
    return p;
}

/* Elements of the single vector at i. */
static int64_t single_at(int64_t i, int64_t n) { return n - i < V_WIDTH ? n - i : V_WIDTH; }

/* Elements up to where vectors of `to` are aligned, as going past the cache needs. */
static int64_t head_of(const real *to) {
    const uintptr_t vector = V_WIDTH * sizeof(real);
    return (int64_t)(-(uintptr_t)to % vector / sizeof(real));
}

/* first, second: where the vectors come from. */
ACT_ALWAYS_INLINE void put(real *to, const vreal *a, int count, int stream, const real *first, const real *second) {
    if (V_STREAMS && stream) {
        v_fetch(first, READS_DY ? second : first, (size_t)count * V_WIDTH * sizeof(real));
        for (int j = 0; j < count; j++)
            v_stream(to + j * V_WIDTH, a[j]);
    } else {
        for (int j = 0; j < count; j++)
            v_store(to + j * V_WIDTH, a[j]);
    }
}

/* Several vectors at a time; returns how many elements that were. */
ACT_ALWAYS_INLINE int64_t several_values(const real *x, real *y, int64_t n, const vreal *p, int stream) {
    int64_t i = 0;
    for (; i + FORWARD_AT_ONCE * V_WIDTH <= n; i += FORWARD_AT_ONCE * V_WIDTH) {
        vreal a[FORWARD_AT_ONCE];
        for (int j = 0; j < FORWARD_AT_ONCE; j++)
            a[j] = v_load(x + i + j * V_WIDTH);
        for (int j = 0; j < FORWARD_AT_ONCE; j++)
            a[j] = value(a[j], p);
        put(y + i, a, FORWARD_AT_ONCE, stream, x + i, x + i);
    }
    return i;
}

static void forward(const void *input, void *output, int64_t n, const void *params);

/* Apart, since a short call takes little longer than saving the registers that this needs. */
ACT_NEVER_INLINE void forward_past_cache(const real *x, real *y, int64_t n, const void *params) {
    const act_params p = load_params(params);
    const int64_t head = head_of(y);
    forward(x, y, head, params);
    const int64_t end = head + several_values(x + head, y + head, n - head, p.value, 1);
    v_fence();
    forward(x + end, y + end, n - end, params);
}

static void forward(const void *input, void *output, int64_t n, const void *params) {
    const real *x = input;
    real *y = output;
    if (V_STREAMS && act__streams(y, x, x, n, sizeof(real))) {
        forward_past_cache(x, y, n, params);
        return;
    }
    const act_params p = load_params(params);
    for (int64_t i = several_values(x, y, n, p.value, 0); i < n; i += V_WIDTH) {
        const int64_t count = single_at(i, n);
        v_store_part(y + i, value(v_load_part(x + i, count), p.value), count);
    }
}

typedef vreal gradient_function(vreal source, vreal dy, const vreal *p);
typedef void backward_function(const void *source, const void *dy, void *dx, int64_t n, const void *params);

ACT_ALWAYS_INLINE int64_t several_gradients(gradient_function *gradient, const real *source, const real *dy, real *dx,
                                            int64_t n, const vreal *p, int stream) {
    int64_t i = 0;
    for (; i + BACKWARD_AT_ONCE * V_WIDTH <= n; i += BACKWARD_AT_ONCE * V_WIDTH) {
        vreal a[BACKWARD_AT_ONCE], b[BACKWARD_AT_ONCE];
        for (int j = 0; j < BACKWARD_AT_ONCE; j++) {
            a[j] = v_load(source + i + j * V_WIDTH);
            b[j] = v_load(dy + i + j * V_WIDTH);
        }
        for (int j = 0; j < BACKWARD_AT_ONCE; j++)
            a[j] = gradient(a[j], b[j], p);
        put(dx + i, a, BACKWARD_AT_ONCE, stream, source + i, dy + i);
    }
    return i;
}

/* ends: the whole function, for fewer elements than go past the cache. */
ACT_ALWAYS_INLINE void gradients_past_cache(gradient_function *gradient, backward_function *ends, const real *source,
                                            const real *dy, real *dx, int64_t n, const void *params) {
    const act_params p = load_params(params);
    const int64_t head = head_of(dx);
    ends(source, dy, dx, head, params);
    const int64_t end = head + several_gradients(gradient, source + head, dy + head, dx + head, n - head, p.value, 1);
    v_fence();
    ends(source + end, dy + end, dx + end, n - end, params);
}

ACT_ALWAYS_INLINE void gradients(gradient_function *gradient, backward_function *past_cache, const real *source,
                                 const real *dy, real *dx, int64_t n, const void *params) {
    if (V_STREAMS && act__streams(dx, source, dy, n, sizeof(real))) {
        past_cache(source, dy, dx, n, params);
        return;
    }
    const act_params p = load_params(params);
    for (int64_t i = several_gradients(gradient, source, dy, dx, n, p.value, 0); i < n; i += V_WIDTH) {
        const int64_t count = single_at(i, n);
        v_store_part(dx + i, gradient(v_load_part(source + i, count), v_load_part(dy + i, count), p.value), count);
    }
}

static backward_function backward_input;

ACT_NEVER_INLINE void input_past_cache(const void *x, const void *dy, void *dx, int64_t n, const void *params) {
    gradients_past_cache(from_input, backward_input, x, dy, dx, n, params);
}

static void backward_input(const void *x, const void *dy, void *dx, int64_t n, const void *params) {
    gradients(from_input, input_past_cache, x, dy, dx, n, params);
}

#ifdef ACT_HAS_FROM_OUTPUT
static backward_function backward_output;

ACT_NEVER_INLINE void output_past_cache(const void *y, const void *dy, void *dx, int64_t n, const void *params) {
    gradients_past_cache(from_output, backward_output, y, dy, dx, n, params);
}

static void backward_output(const void *y, const void *dy, void *dx, int64_t n, const void *params) {
    gradients(from_output, output_past_cache, y, dy, dx, n, params);
}
#endif

#ifdef ACT_HAS_FROM_BITS
#include "bits.h"

/* One vector; returns its bits and adds its NaNs to those seen. */
ACT_ALWAYS_INLINE uint64_t forward_step(vreal x, vreal *y, vmask *nan, const vreal *p) {
    *y = value(x, p);
    *nan = v_or(*nan, v_isnan(x));
    return v_bits(v_lt(v_set(0), x));
}

static int forward_bits(const void *input, void *output, uint8_t *bits, int64_t n, const void *params) {
    const real *x = input;
    real *y = output;
    const act_params p = load_params(params);
    vmask nan = v_mask(0);
    vreal result;
    int64_t i = 0;
    for (; i + ACT__BITS_AT_ONCE <= n; i += ACT__BITS_AT_ONCE) {
        uint64_t word = 0;
        for (int64_t j = 0; j < ACT__BITS_AT_ONCE; j += V_WIDTH) {
            word |= forward_step(v_load(x + i + j), &result, &nan, p.value) << j;
            v_store(y + i + j, result);
        }
        act__bits_set_word(bits + i / 8, word, ACT__BITS_AT_ONCE);
    }
    uint64_t word = 0;
    for (int64_t j = i; j < n; j += V_WIDTH) {
        const int64_t count = n - j < V_WIDTH ? n - j : V_WIDTH;
        word |= forward_step(v_load_part(x + j, count), &result, &nan, p.value) << (j - i);
        v_store_part(y + j, result, count);
    }
    act__bits_set_word(bits + i / 8, word, n - i);
    return v_bits(nan) != 0;
}

/* Whole words of bits; returns how many elements that were. */
ACT_ALWAYS_INLINE int64_t backward_words(const uint8_t *bits, const real *dy, real *dx, int64_t n, const vreal *p,
                                         int stream) {
    int64_t i = 0;
    for (; i + ACT__BITS_AT_ONCE <= n; i += ACT__BITS_AT_ONCE) {
        const uint64_t word = act__bits_word(bits + i / 8, ACT__BITS_AT_ONCE);
        if (stream)
            v_fetch(dy + i, dy + i, ACT__BITS_AT_ONCE * sizeof *dy);
        for (int64_t j = 0; j < ACT__BITS_AT_ONCE; j += V_WIDTH)
            (stream ? v_stream : v_store)(dx + i + j, from_bits(v_mask(word >> j), v_loaded(v_load(dy + i + j)), p));
    }
    return i;
}

static void backward_bits(const uint8_t *bits, const void *input, void *output, int64_t n, const void *params) {
    const real *dy = input;
    real *dx = output;
    const act_params p = load_params(params);
    int64_t i;
    if (V_STREAMS && act__streams(dx, dy, dy, n, sizeof(real)) && head_of(dx) == 0) {
        i = backward_words(bits, dy, dx, n, p.value, 1);
        v_fence();
    } else {
        i = backward_words(bits, dy, dx, n, p.value, 0);
    }
    const uint64_t word = act__bits_word(bits + i / 8, n - i);
    for (int64_t j = i; j < n; j += V_WIDTH) {
        const int64_t count = n - j < V_WIDTH ? n - j : V_WIDTH;
        v_store_part(dx + j, from_bits(v_mask(word >> (j - i)), v_load_part(dy + j, count), p.value), count);
    }
}
#endif

#if defined(ACT_HAS_PARAMETER_TERM) && ACT_REAL == 64
static void parameter_terms(const double *x, const double *dy, double *terms, int64_t n, const double *params,
                            int32_t index) {
    const act_params p = load_params(params);
    for (int64_t i = 0; i < n; i += V_WIDTH) {
        const int64_t count = n - i < V_WIDTH ? n - i : V_WIDTH;
        const vreal term = parameter_term(v_load_part(x + i, count), v_load_part(dy + i, count), p.value, index);
        v_store_part(terms + i, term, count);
    }
}
#endif

#ifdef ACT_HAS_WORDS
#include "simd/half_words.h"
#elif ACT_REAL == 32
#include "simd/halves.h"
#endif

const act__kernels ACT_KERNELS(ACT_NAME) = {
    .forward = forward,
    .backward_input = backward_input,
#ifdef ACT_HAS_FROM_OUTPUT
    .backward_output = backward_output,
#endif
#ifdef ACT_HAS_FROM_BITS
    .forward_bits = forward_bits,
    .backward_bits = backward_bits,
#endif
#if defined(ACT_HAS_PARAMETER_TERM) && ACT_REAL == 64
    .parameter_terms = parameter_terms,
#endif
#ifdef ACT_HAS_WORDS
    .words[ACT__RUN_FORWARD] = {[ACT__AS_FLOAT16] = words_forward_f16, [ACT__AS_BFLOAT16] = words_forward_bf16},
    .words[ACT__RUN_FROM_INPUT] = {[ACT__AS_FLOAT16] = words_backward_f16, [ACT__AS_BFLOAT16] = words_backward_bf16},
#ifdef ACT_HAS_FROM_OUTPUT
    .words[ACT__RUN_FROM_OUTPUT] = {[ACT__AS_FLOAT16] = words_backward_f16, [ACT__AS_BFLOAT16] = words_backward_bf16},
#endif
#ifdef ACT_HAS_FROM_BITS
    .backward_half_bits = words_from_bits,
#endif
#endif
#ifdef ACT_HAS_HALVES
    .halves[ACT__RUN_FORWARD] = {[ACT__AS_FLOAT16] = forward_f16, [ACT__AS_BFLOAT16] = forward_bf16},
    .halves[ACT__RUN_FROM_INPUT] = {[ACT__AS_FLOAT16] = from_input_f16, [ACT__AS_BFLOAT16] = from_input_bf16},
#ifdef ACT_HAS_FROM_OUTPUT
    .halves[ACT__RUN_FROM_OUTPUT] = {[ACT__AS_FLOAT16] = from_output_f16, [ACT__AS_BFLOAT16] = from_output_bf16},
#endif
#endif
};
