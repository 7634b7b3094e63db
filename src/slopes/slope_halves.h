/*
 * y = x <= 0 ? slope * x : x, and its gradient, as 16-bit numbers by float32 slopes, in registers: of 16-bit x, or of
 * float32 x and dy. Where rounding twice might show, products are rounded to odd first: by what an fma says that
 * float32 lost, or in double. Included by slope_kernels.c.
 */
#include "simd/half_doubt.h"
#include "simd/leaky.h"

#include <math.h>

/*
 * Rounded to odd: the number nearest to a value towards 0, its last bit set where it is not the value; a half near to
 * it is the half near to the value (Boldo, Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms
 * using rounding to odd", 2008). bits: of the number nearest to the value. side: of what that lacks of it, its sign.
 */
ACT_ALWAYS_INLINE uint32_t odd_bits(uint32_t bits, int side) {
    return side ? (bits - ((side < 0) != (int)(bits >> 31))) | 1 : bits;
}

/* y, the nearest, where what it lacks is at hand. */
static vreal odd_values(vreal y, vreal lack) {
    real lacks[V_WIDTH];
    uint32_t bits[V_WIDTH];
    memcpy(bits, &y, sizeof bits);
    v_store(lacks, lack);
    for (int i = 0; i < V_WIDTH; i++)
        bits[i] = odd_bits(bits[i], (lacks[i] > 0) - (lacks[i] < 0));
    memcpy(&y, bits, sizeof y);
    return y;
}

static float odd_product(float x, float slope) {
    const double product = (double)x * (double)slope;
    float nearest = (float)product;
    uint32_t bits;
    memcpy(&bits, &nearest, sizeof bits);
    bits = odd_bits(bits, (product > (double)nearest) - (product < (double)nearest));
    memcpy(&nearest, &bits, sizeof bits);
    return nearest;
}

/* y, which is x * slope where it is doubtful, without harm in rounding again. What it lacks is a normal number unless
 * y is tiny or infinite, or 0, as where slopes have few bits. */
static __attribute__((noinline)) vreal sure_values(vreal y, vreal x, vreal slope, uint64_t doubtful) {
    const vreal size = v_abs(y), lack = v_fma(x, slope, v_neg(y));
    const uint64_t known = v_bits(v_le(v_set(0x1p-79f), size)) & v_bits(v_le(size, v_set(V_MOST)));
    if (!(doubtful & ~(known & v_bits(v_eq(lack, v_set(0))))))
        return y;
    y = v_select(v_mask(doubtful & known), odd_values(y, lack), y);
    real from[V_WIDTH], slopes[V_WIDTH], sure[V_WIDTH];
    v_store(from, x);
    v_store(slopes, slope);
    v_store(sure, y);
    for (uint64_t lanes = doubtful & ~known; lanes; lanes &= lanes - 1) {
        const int i = __builtin_ctzll(lanes);
        sure[i] = odd_product(from[i], slopes[i]);
    }
    return v_load(sure);
}

/* y, of which all in doubt is x * slope. NaN has nothing in its lower half: it is a product, or came as a half. */
ACT_ALWAYS_INLINE vhalf half_of_product(vreal y, vreal x, vreal slope, int bf16) {
    vhalf half;
    if (bf16)
        half = h_cut_bf16(h_away_bf16(y));
    const uint64_t near = bf16 ? near_bf16(y, VALUE_UNITS) : narrowed_or_near_f16(y, VALUE_UNITS, &half);
    if (__builtin_expect(near == 0, 1))
        return half;
    const vreal sure = sure_values(y, x, slope, near);
    return bf16 ? h_cut_bf16(h_nearest_bf16(sure)) : h_narrow_f16(sure);
}

ACT_ALWAYS_INLINE vhalf half_of_value(vreal x, vreal slope, int bf16) {
    return half_of_product(leaky_value(x, slope), x, slope, bf16);
}

ACT_ALWAYS_INLINE vreal widened_half(vhalf x, int bf16) { return bf16 ? h_widen_bf16(x) : h_widen_f16(x); }

/* As a bfloat16 is narrowed, what NaN has in its lower half might carry into the sign. */
ACT_ALWAYS_INLINE vreal plain_nan(vreal a, int bf16) { return bf16 ? v_select(v_isnan(a), v_set((float)NAN), a) : a; }

/* slopes: one an element, or one where they are shared. */
ACT_ALWAYS_INLINE void forward_halves(const uint16_t *x, const float *slopes, int shared, uint16_t *y, int64_t n,
                                      int bf16) {
    const vreal all = plain_nan(v_set(*slopes), bf16);
    int64_t i = 0;
    for (; i + V_WIDTH <= n; i += V_WIDTH)
        h_store(y + i, half_of_value(widened_half(h_load(x + i), bf16),
                                     shared ? all : plain_nan(v_load(slopes + i), bf16), bf16));
    if (i < n) {
        const size_t bytes = (size_t)(n - i) * sizeof *x;
        uint16_t rest[V_WIDTH] = {0};
        memcpy(rest, x + i, bytes);
        const vreal slope = shared ? all : plain_nan(v_load_part(slopes + i, n - i), bf16);
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

/* Of values where dy is NULL, of gradients else; what is passed as it is may be in doubt, too. */
ACT_ALWAYS_INLINE vhalf half_of_float(vreal source, vreal slope, const float *dy, int64_t n, int bf16) {
    const vreal factor = dy ? (n < V_WIDTH ? v_load_part(dy, n) : v_load(dy)) : source;
    const vreal y = dy ? leaky_gradient(source, slope, factor) : leaky_value(source, slope);
    return half_of_product(plain_nan(y, bf16), factor, v_select(v_le(source, v_set(0)), slope, v_set(1)), bf16);
}

ACT_ALWAYS_INLINE void narrow(const float *source, const float *slopes, int shared, const float *dy, uint16_t *to,
                              int64_t n, int bf16) {
    const vreal all = v_set(*slopes);
    for (int64_t i = 0; i < n; i += V_WIDTH) {
        const int64_t rest = n - i;
        const float *next = dy ? dy + i : NULL;
        if (rest >= V_WIDTH) {
            const vreal slope = shared ? all : v_load(slopes + i);
            h_store(to + i, half_of_float(v_load(source + i), slope, next, rest, bf16));
        } else {
            uint16_t last[V_WIDTH];
            const vreal slope = shared ? all : v_load_part(slopes + i, rest);
            h_store(last, half_of_float(v_load_part(source + i, rest), slope, next, rest, bf16));
            memcpy(to + i, last, (size_t)rest * sizeof *to);
        }
    }
}

ACT_ALWAYS_INLINE void narrow_any(const float *source, const float *slopes, int shared, const float *dy, uint16_t *to,
                                  int64_t n, int bf16) {
    if (shared && dy)
        narrow(source, slopes, 1, dy, to, n, bf16);
    else if (dy)
        narrow(source, slopes, 0, dy, to, n, bf16);
    else
        narrow(source, slopes, shared, NULL, to, n, bf16);
}

static void narrow_f16(const float *source, const float *slopes, int shared, const float *dy, uint16_t *to,
                       int64_t n) {
    narrow_any(source, slopes, shared, dy, to, n, 0);
}
static void narrow_bf16(const float *source, const float *slopes, int shared, const float *dy, uint16_t *to,
                        int64_t n) {
    narrow_any(source, slopes, shared, dy, to, n, 1);
}
