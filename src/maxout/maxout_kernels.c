/*
 * Maxout's part beside the matrix product: the maximum over pieces with its winner, and back. The first of equal
 * pieces wins, so that -0 and +0 tie; the first NaN wins over all.
 */
#include "simd/kernel.h"

/* One vector of units at offset o. */
ACT_ALWAYS_INLINE void reduce_step(const real *z, const real *bias, real *y, uint8_t *winners, int64_t o, int64_t n,
                                   int64_t out, int64_t pieces) {
    vreal best = v_set(0), winner = v_set(0);
    for (int64_t k = 0; k < pieces; k++) {
        vreal candidate = v_load_part(z + k * out + o, n);
        if (bias)
            candidate = v_add(candidate, v_load_part(bias + k * out + o, n));
        const vmask better = v_or(v_lt(best, candidate), v_andnot(v_isnan(candidate), v_isnan(best)));
        best = k ? v_select(better, candidate, best) : candidate;
        winner = k ? v_select(better, v_set((real)k), winner) : winner;
    }
    v_store_part(y + o, best, n);
    if (!winners)
        return;
    real lanes[V_WIDTH];
    v_store(lanes, winner);
    for (int64_t i = 0; i < n; i++)
        winners[o + i] = (uint8_t)lanes[i];
}

static void reduce(const void *z, const void *bias, void *y, uint8_t *winners, int64_t out, int64_t pieces) {
    int64_t o = 0;
    for (; o + V_WIDTH <= out; o += V_WIDTH)
        reduce_step(z, bias, y, winners, o, V_WIDTH, out, pieces);
    if (o < out)
        reduce_step(z, bias, y, winners, o, out - o, out, pieces);
}

static void scatter(const void *gradient, const uint8_t *winners, void *result, int64_t out, int64_t pieces) {
    const real *dy = gradient;
    real *dz = result;
    for (int64_t k = 0; k < pieces; k++)
        for (int64_t o = 0; o < out; o++)
            dz[k * out + o] = winners[o] == k ? dy[o] : 0;
}

const act__maxout_kernels ACT_KERNELS(maxout) = {.reduce = reduce, .scatter = scatter};
