/*
 * leaky_relu with a slope an element, for PReLU and RReLU: values and gradients in vectors, sums of slope gradients
 * in plain C with a fixed number of lanes, so that every instruction set adds in one order. float32 products are
 * exact in double; float64 carries what each addition loses (Ogita, Rump, Oishi, "Accurate sum and dot product",
 * 2005).
 */
#include "simd/kernel.h"
#include "simd/leaky.h"
#include "slopes/philox.h"

#include <math.h>

static void forward(const void *input, const void *slopes, void *output, int64_t n) {
    const real *x = input, *slope = slopes;
    real *y = output;
    int64_t i = 0;
    for (; i + V_WIDTH <= n; i += V_WIDTH)
        v_store(y + i, leaky_value(v_load(x + i), v_load(slope + i)));
    if (i < n)
        v_store_part(y + i, leaky_value(v_load_part(x + i, n - i), v_load_part(slope + i, n - i)), n - i);
}

static void backward(const void *sources, const void *slopes, const void *input, void *output, int64_t n) {
    const real *source = sources, *slope = slopes, *dy = input;
    real *dx = output;
    int64_t i = 0;
    for (; i + V_WIDTH <= n; i += V_WIDTH)
        v_store(dx + i, leaky_gradient(v_load(source + i), v_load(slope + i), v_load(dy + i)));
    if (i < n) {
        const int64_t rest = n - i;
        const vreal result =
            leaky_gradient(v_load_part(source + i, rest), v_load_part(slope + i, rest), v_load_part(dy + i, rest));
        v_store_part(dx + i, result, rest);
    }
}

/* Returns what the sum lost to rounding. */
ACT_ALWAYS_INLINE double add_term(double *sum, double term) {
    const double total = *sum + term, part = total - *sum;
    const double lost = (*sum - (total - part)) + (term - part);
    *sum = total;
    return lost;
}

/* sum + error grows by x * dy where x <= 0 or NaN. */
ACT_ALWAYS_INLINE void add_product(double *sum, double *error, real x, real dy) {
    const double product = x > 0 ? 0.0 : (double)x * (double)dy;
    const double lost = add_term(sum, product);
#if ACT_REAL == 64
    const double rounding = x > 0 ? 0.0 : fma(x, dy, -product);
    *error += lost + rounding;
#else
    (void)lost;
    (void)error;
#endif
}

/* Whole periods of ACT__SUM_LANES: one slope for all elements. The sums stay in registers. */
static void sum_lanes(double *sum, double *error, const real *x, const real *dy, int64_t periods) {
    double s[ACT__SUM_LANES], e[ACT__SUM_LANES];
    memcpy(s, sum, sizeof s);
    memcpy(e, error, sizeof e);
    for (int64_t i = 0; i < periods; i++)
        for (int lane = 0; lane < ACT__SUM_LANES; lane++)
            add_product(&s[lane], &e[lane], x[i * ACT__SUM_LANES + lane], dy[i * ACT__SUM_LANES + lane]);
    memcpy(sum, s, sizeof s);
    memcpy(error, e, sizeof e);
}

static void sum_row(double *restrict sum, double *restrict error, const real *x, const real *dy, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        add_product(&sum[i], &error[i], x[i], dy[i]);
}

static void sum_products(double *sum, double *error, int64_t period, int64_t lane, const void *xs, const void *dys,
                         int64_t n) {
    const real *x = xs, *dy = dys;
    for (int64_t i = 0; i < n;) {
        int64_t count = n - i < period - lane ? n - i : period - lane;
        if (period == ACT__SUM_LANES && lane == 0 && n - i >= period) {
            count = (n - i) / period * period;
            sum_lanes(sum, error, x + i, dy + i, count / period);
        } else {
            sum_row(sum + lane, error + lane, x + i, dy + i, count);
        }
        i += count;
        lane = (lane + count) % period;
    }
}

static void sum_terms(double *sum, double *error, const double *terms, int64_t n) {
    double s[ACT__SUM_LANES], e[ACT__SUM_LANES];
    memcpy(s, sum, sizeof s);
    memcpy(e, error, sizeof e);
    for (; n >= ACT__SUM_LANES; n -= ACT__SUM_LANES, terms += ACT__SUM_LANES)
        for (int lane = 0; lane < ACT__SUM_LANES; lane++)
            e[lane] += add_term(&s[lane], terms[lane]);
    for (int64_t lane = 0; lane < n; lane++)
        e[lane] += add_term(&s[lane], terms[lane]);
    memcpy(sum, s, sizeof s);
    memcpy(error, e, sizeof e);
}

enum { WORDS_PER_ELEMENT = REAL(1, 2), ELEMENTS_PER_BLOCK = 4 / WORDS_PER_ELEMENT };
enum { DRAWN = ELEMENTS_PER_BLOCK * ACT__PHILOX_BLOCKS };

/* lower + range * U for U in [0, 1) of 24 or 53 bits, at most upper. */
static void draw_blocks(real *slopes, const act__draw *d, uint64_t block) {
    const real lower = (real)d->lower, range = (real)d->range, upper = (real)d->upper;
    uint32_t words[4 * ACT__PHILOX_BLOCKS];
    act__philox_blocks(words, d->seed, block, d->step);
    for (int i = 0; i < DRAWN; i++) {
#if ACT_REAL == 32
        const real u = (real)(int32_t)(words[i] >> 8) * 0x1p-24f;
#else
        const real u = (real)(int64_t)(((uint64_t)words[2 * i] << 32 | words[2 * i + 1]) >> 11) * 0x1p-53;
#endif
        const real slope = lower + range * u;
        slopes[i] = slope > upper ? upper : slope;
    }
}

static void draw(const act__draw *d, uint64_t index, void *slopes, int64_t n) {
    real *slope = slopes;
    for (int64_t i = 0; i < n;) {
        const uint64_t at = index + (uint64_t)i;
        const int64_t skip = (int64_t)(at % ELEMENTS_PER_BLOCK);
        const uint64_t beyond = UINT64_MAX - at; /* elements until the index wraps to 0, less one */
        if (skip == 0 && n - i >= DRAWN && beyond >= DRAWN - 1) {
            draw_blocks(slope + i, d, at / ELEMENTS_PER_BLOCK);
            i += DRAWN;
            continue;
        }
        real some[DRAWN];
        int64_t count = n - i < DRAWN - skip ? n - i : DRAWN - skip;
        count = beyond < (uint64_t)count ? (int64_t)beyond + 1 : count;
        draw_blocks(some, d, at / ELEMENTS_PER_BLOCK);
        memcpy(slope + i, some + skip, (size_t)count * sizeof(real));
        i += count;
    }
}

const act__slope_kernels ACT_KERNELS(slopes) = {
    .forward = forward,
    .backward = backward,
    .sum_products = sum_products,
    .sum_terms = sum_terms,
    .draw = draw,
};
