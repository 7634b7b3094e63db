/*
 * leaky_relu with a slope an element, for PReLU and RReLU: values and gradients in vectors, sums of slope gradients
 * in plain C with a fixed number of lanes, so that every instruction set adds in one order. float32 products are
 * exact in double; float64 carries what each addition loses (Ogita, Rump, Oishi, "Accurate sum and dot product",
 * 2005).
 */
#include "simd/kernel.h"
#include "simd/leaky.h"
#include "simd/vec_unit.h"
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

enum { BLOCK_ELEMENTS = REAL(4, 2), DRAWN = BLOCK_ELEMENTS * ACT__PHILOX_BLOCKS };

typedef struct drawing {
    act__philox stream;
    vreal lower, range, upper;
} drawing;

/* DRAWN slopes: lower + range * U for U in [0, 1) of 24 or 53 bits, at most upper. */
ACT_ALWAYS_INLINE void draw_blocks(real *slopes, const drawing *d, vword blocks) {
    vword pairs[ACT__PHILOX_PAIRS];
    act__philox_pairs(pairs, &d->stream, blocks);
    for (int i = 0; i < DRAWN / V_WIDTH; i++) {
        const vreal slope = v_add(d->lower, v_mul(d->range, u_part(pairs[i / U_PARTS], i % U_PARTS)));
        v_store(slopes + i * V_WIDTH, v_at_most(slope, d->upper));
    }
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* n slopes from an index on that does not wrap to 0 among them. */
static void draw_run(real *slopes, const drawing *d, uint64_t index, int64_t n) {
    vword blocks = act__philox_numbers(index / BLOCK_ELEMENTS);
    int64_t skip = (int64_t)(index % BLOCK_ELEMENTS), count;
    for (int64_t i = 0; i < n; i += count, skip = 0, blocks = w_add(blocks, w_set(ACT__PHILOX_BLOCKS))) {
        count = least(n - i, DRAWN - skip);
        if (count == DRAWN) {
            draw_blocks(slopes + i, d, blocks);
        } else {
            real some[DRAWN];
            draw_blocks(some, d, blocks);
            memcpy(slopes + i, some + skip, (size_t)count * sizeof(real));
        }
    }
}

static void draw(const act__draw *from, uint64_t index, void *slopes, int64_t n) {
    const drawing d = {act__philox_stream(from->seed, from->step), v_set((real)from->lower), v_set((real)from->range),
                       v_set((real)from->upper)};
    const int64_t before_wrap = UINT64_MAX - index < (uint64_t)n ? (int64_t)(UINT64_MAX - index) + 1 : n;
    draw_run(slopes, &d, index, before_wrap);
    if (before_wrap < n)
        draw_run((real *)slopes + before_wrap, &d, 0, n - before_wrap);
}

const act__slope_kernels ACT_KERNELS(slopes) = {
    .forward = forward,
    .backward = backward,
    .sum_products = sum_products,
    .sum_terms = sum_terms,
    .draw = draw,
};
