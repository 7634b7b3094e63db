/*
 * Every second element of a view, in plain C but for one case: gcc and clang make of it what the instruction set has
 * for the purpose (two loads, one permutation). Elements are only moved, so there is one table for all compute types.
 * Called by stage.c.
 */
#include "stage_kernels.h"

#include "simd/kernel.h"

#if ACT_REAL == 32
static void take_seconds_2(void *restrict to, const void *restrict from, int64_t n) {
    uint16_t *out = to;
    const uint16_t *in = from;
    for (int64_t i = 0; i < n; i++)
        out[i] = in[2 * i];
}

static void take_seconds_4(void *restrict to, const void *restrict from, int64_t n) {
    uint32_t *out = to;
    const uint32_t *in = from;
    int64_t i = 0;
#ifdef ACT_ISA_AVX2 /* gcc permutes by an index, which takes three times as long on Zen 3 */
    for (; i + V_WIDTH < n; i += V_WIDTH) {
        const real *pairs = (const real *)(const void *)(in + 2 * i);
        const vreal mixed = _mm256_shuffle_ps(v_load(pairs), v_load(pairs + V_WIDTH), _MM_SHUFFLE(2, 0, 2, 0));
        const __m256d ordered = _mm256_permute4x64_pd(_mm256_castps_pd(mixed), _MM_SHUFFLE(3, 1, 2, 0));
        v_store((real *)(void *)(out + i), _mm256_castpd_ps(ordered));
    }
#endif
    for (; i < n; i++)
        out[i] = in[2 * i];
}

static void take_seconds_8(void *restrict to, const void *restrict from, int64_t n) {
    uint64_t *out = to;
    const uint64_t *in = from;
    for (int64_t i = 0; i < n; i++)
        out[i] = in[2 * i];
}

static void stream(void *to, const void *from, int64_t bytes) {
    char *out = to;
    const char *in = from;
    if (V_STREAMS) {
        const int64_t lead = (int64_t)(-(uintptr_t)to % sizeof(vreal)), head = lead < bytes ? lead : bytes;
        memcpy(out, in, (size_t)head);
        for (out += head, in += head, bytes -= head; bytes >= (int64_t)sizeof(vreal);
             out += sizeof(vreal), in += sizeof(vreal), bytes -= (int64_t)sizeof(vreal))
            v_stream((real *)(void *)out, v_load((const real *)(const void *)in));
    }
    memcpy(out, in, (size_t)bytes);
}

const act__stage_kernels ACT_KERNELS(stage) = {.take_seconds = {take_seconds_2, take_seconds_4, take_seconds_8},
                                               .stream = stream};
#endif
