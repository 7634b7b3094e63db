/*
 * 16-bit elements by tables: y = table[x], dx = dy table[x] with the table of f' in float32. Elements are loaded one
 * by one and put together in registers; gathers take longer (Zen 3: 0.27 ns an element for 0.45). AVX-512 computes
 * most kinds in the time that a look-up takes. Called by types/mixed.c.
 */
#include "simd/kernel.h"
#include "simd/vec_half.h"

#include <stddef.h>

#if ACT_REAL == 32
#ifdef H_HAS_LOOK_UP
static void value(const uint16_t *x, const uint16_t *dy, uint16_t *y, int64_t n, act__half_run *run) {
    const uint16_t *table = run->params;
    const int stream = run->stream && (uintptr_t)y % sizeof(vhalf) == 0;
    (void)dy;
    for (int64_t i = 0; i < n; i += V_WIDTH)
        h_put(y + i, h_look_up(table, x + i), stream);
}
#endif

#if defined(H_HAS_LOOK_UP) && defined(H_HAS_VECTORS)
#include "simd/half_settle.h"

ACT_ALWAYS_INLINE void gradient(int bf16, const uint16_t *source, const uint16_t *dy, uint16_t *dx, int64_t n,
                                act__half_run *run) {
    const float *table = run->params;
    const int stream = may_stream_halves(dx, run);
    for (int64_t i = 0; i < n; i += V_WIDTH) {
        const vreal scale = widened(h_load(dy + i), bf16), result = v_mul(h_look_up_real(table, source + i), scale);
        rounded r;
        const uint64_t maybe = settle(result, scale, bf16, 1, ACT__DOUBT_RANGE, &r);
        if (__builtin_expect(maybe != 0, 0))
            note_all(&result, &maybe, 1, bf16, 1, ACT__DOUBT_RANGE, source + i, dy + i, dx + i, run);
        put_halves(dx + i, &r, 1, bf16, stream);
    }
}

static void gradient_f16(const uint16_t *source, const uint16_t *dy, uint16_t *dx, int64_t n, act__half_run *run) {
    gradient(0, source, dy, dx, n, run);
}
static void gradient_bf16(const uint16_t *source, const uint16_t *dy, uint16_t *dx, int64_t n, act__half_run *run) {
    gradient(1, source, dy, dx, n, run);
}
#endif

const act__lookup_kernels ACT_KERNELS(lookup) = {
#ifdef H_HAS_LOOK_UP
    .value = value,
#ifdef H_HAS_VECTORS
    .gradient = {[ACT__AS_FLOAT16] = gradient_f16, [ACT__AS_BFLOAT16] = gradient_bf16},
#endif
#else
    .value = NULL,
#endif
};
#endif
