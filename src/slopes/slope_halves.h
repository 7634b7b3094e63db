/*
 * y = x <= 0 ? slope * x : x for 16-bit x and y with float32 slopes, in registers. Where rounding twice might show,
 * products are computed again in double, where they are exact. Included by slope_kernels.c.
 */
#include "simd/half_doubt.h"
#include "simd/leaky.h"

#include <math.h>

/* Rounded to odd: the number nearest to a towards 0, its last bit set where it is not a; a half near to it is the
 * half near to a (Boldo, Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to
 * odd", 2008). */
static float odd_float(double a) {
    const float nearest = (float)a;
    uint32_t bits;
    if ((double)nearest == a)
        return nearest;
    memcpy(&bits, &nearest, sizeof bits);
    bits = (bits - (fabs((double)nearest) > fabs(a))) | 1;
    float odd;
    memcpy(&odd, &bits, sizeof odd);
    return odd;
}

/* y without harm in rounding again. Lanes in doubt often are exact where slopes have few bits. */
static __attribute__((noinline, cold)) vreal sure_values(vreal y, vreal x, vreal slope, uint64_t doubtful) {
    const vreal lost = v_fma(x, slope, v_neg(y)); /* itself exact unless too little is left */
    const uint64_t exact = v_bits(v_eq(lost, v_set(0))) & v_bits(v_le(v_set(0x1p-100f), v_abs(y)));
    real from[V_WIDTH], slopes[V_WIDTH], sure[V_WIDTH];
    v_store(from, x);
    v_store(slopes, slope);
    v_store(sure, y);
    for (uint64_t lanes = doubtful & ~exact; lanes; lanes &= lanes - 1) {
        const int i = __builtin_ctzll(lanes);
        sure[i] = odd_float((double)from[i] * (double)slopes[i]);
    }
    return v_load(sure);
}

/* NaN has nothing in its lower half: it is a product, or came as a half. */
ACT_ALWAYS_INLINE vhalf half_of_value(vreal x, vreal slope, int bf16) {
    const vreal y = leaky_value(x, slope);
    vhalf half;
    if (bf16)
        half = h_cut_bf16(h_away_bf16(y));
    const uint64_t near = bf16 ? near_bf16(y, VALUE_UNITS) : narrowed_or_near_f16(y, VALUE_UNITS, &half);
    if (__builtin_expect(near == 0, 1))
        return half;
    const vreal sure = sure_values(y, x, slope, near);
    return bf16 ? h_cut_bf16(h_nearest_bf16(sure)) : h_narrow_f16(sure);
}

ACT_ALWAYS_INLINE vreal widened_half(vhalf x, int bf16) { return bf16 ? h_widen_bf16(x) : h_widen_f16(x); }

/* As a bfloat16 is narrowed, what NaN has in its lower half might carry into the sign. */
ACT_ALWAYS_INLINE vreal plain_slope(vreal slope, int bf16) {
    return bf16 ? v_select(v_isnan(slope), v_set((float)NAN), slope) : slope;
}

/* slopes: one an element, or one where they are shared. */
ACT_ALWAYS_INLINE void forward_halves(const uint16_t *x, const float *slopes, int shared, uint16_t *y, int64_t n,
                                      int bf16) {
    const vreal all = plain_slope(v_set(*slopes), bf16);
    int64_t i = 0;
    for (; i + V_WIDTH <= n; i += V_WIDTH)
        h_store(y + i, half_of_value(widened_half(h_load(x + i), bf16),
                                     shared ? all : plain_slope(v_load(slopes + i), bf16), bf16));
    if (i < n) {
        const size_t bytes = (size_t)(n - i) * sizeof *x;
        uint16_t rest[V_WIDTH] = {0};
        memcpy(rest, x + i, bytes);
        const vreal slope = shared ? all : plain_slope(v_load_part(slopes + i, n - i), bf16);
        h_store(rest, half_of_value(widened_half(h_load(rest), bf16), slope, bf16));
        memcpy(y + i, rest, bytes);
    }
}

static void forward_f16(const uint16_t *x, const float *slopes, int shared, uint16_t *y, int64_t n) {
    if (shared)
        forward_halves(x, slopes, 1, y, n, 0);
    else
        forward_halves(x, slopes, 0, y, n, 0);
}
static void forward_bf16(const uint16_t *x, const float *slopes, int shared, uint16_t *y, int64_t n) {
    if (shared)
        forward_halves(x, slopes, 1, y, n, 1);
    else
        forward_halves(x, slopes, 0, y, n, 1);
}
