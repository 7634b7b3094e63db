/*
 * leaky_relu with a slope an element, for PReLU and RReLU: values, gradients and slopes drawn, and sums of slope
 * gradients in a fixed number of lanes, so that every instruction set adds in one order. float32 products are
 * exact in double; float64 carries what each addition loses (Ogita, Rump, Oishi, "Accurate sum and dot product",
 * 2005).
 */
#include "simd/kernel.h"
#include "simd/leaky.h"
#include "simd/vec_double.h"
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

/* PARTS vectors of doubles hold what one vector of reals does. */
enum { D_WIDTH = sizeof(vdouble) / sizeof(double), PARTS = V_WIDTH / D_WIDTH };

ACT_ALWAYS_INLINE vdouble widened(vreal a, int part) {
#if ACT_REAL == 32
    return part ? d_widen_high(a) : d_widen_low(a);
#else
    (void)part;
    return a;
#endif
}

ACT_ALWAYS_INLINE void load_sums(vdouble *to, const double *from, int count) {
    for (int i = 0; i < count; i++)
        memcpy(&to[i], from + i * D_WIDTH, sizeof *to);
}

ACT_ALWAYS_INLINE void store_sums(double *to, const vdouble *from, int count) {
    for (int i = 0; i < count; i++)
        memcpy(to + i * D_WIDTH, &from[i], sizeof *from);
}

/* Returns what the sum lost to rounding. */
ACT_ALWAYS_INLINE vdouble add_term(vdouble *sum, vdouble term) {
    const vdouble total = d_add(*sum, term), part = d_sub(total, *sum);
    const vdouble lost = d_add(d_sub(*sum, d_sub(total, part)), d_sub(term, part));
    *sum = total;
    return lost;
}

ACT_ALWAYS_INLINE void add_product(vdouble *sum, vdouble *error, vdouble x, vdouble dy) {
    const vdouble product = d_mul(x, dy), lost = add_term(sum, product);
#if ACT_REAL == 64
    *error = d_add(*error, d_sub(lost, d_fnma(x, dy, product)));
#else
    (void)lost;
    (void)error;
#endif
}

/* PARTS sums + errors grow by x * dy where x <= 0 or NaN, by 0 * 0 elsewhere. */
ACT_ALWAYS_INLINE void add_products(vdouble *sum, vdouble *error, vreal x, vreal dy) {
    const vreal held = v_at_most(x, v_set(0)), kept = v_select(v_lt(v_set(0), x), v_set(0), dy);
    for (int part = 0; part < PARTS; part++)
        add_product(&sum[part], &error[part], widened(held, part), widened(kept, part));
}

enum { LANE_VECTORS = ACT__SUM_LANES / D_WIDTH, LANE_REALS = ACT__SUM_LANES / V_WIDTH };

/* Whole periods of ACT__SUM_LANES: one slope for all elements. The sums stay in registers. */
static void sum_lanes(double *sum, double *error, const real *x, const real *dy, int64_t periods) {
    vdouble s[LANE_VECTORS], e[LANE_VECTORS];
    load_sums(s, sum, LANE_VECTORS);
    load_sums(e, error, LANE_VECTORS);
    for (int64_t i = 0; i < periods * ACT__SUM_LANES; i += ACT__SUM_LANES)
        for (int v = 0; v < LANE_REALS; v++)
            add_products(s + v * PARTS, e + v * PARTS, v_load(x + i + v * V_WIDTH), v_load(dy + i + v * V_WIDTH));
    store_sums(sum, s, LANE_VECTORS);
    store_sums(error, e, LANE_VECTORS);
}

static void sum_row(double *sum, double *error, const real *x, const real *dy, int64_t n) {
    vdouble s[PARTS], e[PARTS];
    int64_t i = 0;
    for (; i + V_WIDTH <= n; i += V_WIDTH) {
        load_sums(s, sum + i, PARTS);
        load_sums(e, error + i, PARTS);
        add_products(s, e, v_load(x + i), v_load(dy + i));
        store_sums(sum + i, s, PARTS);
        store_sums(error + i, e, PARTS);
    }
    if (i < n) {
        const size_t bytes = (size_t)(n - i) * sizeof(double);
        double sums[V_WIDTH] = {0}, errors[V_WIDTH] = {0};
        memcpy(sums, sum + i, bytes);
        memcpy(errors, error + i, bytes);
        load_sums(s, sums, PARTS);
        load_sums(e, errors, PARTS);
        add_products(s, e, v_load_part(x + i, n - i), v_load_part(dy + i, n - i));
        store_sums(sums, s, PARTS);
        store_sums(errors, e, PARTS);
        memcpy(sum + i, sums, bytes);
        memcpy(error + i, errors, bytes);
    }
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

ACT_ALWAYS_INLINE void add_terms(vdouble *sum, vdouble *error, const double *terms) {
    for (int v = 0; v < LANE_VECTORS; v++) {
        vdouble term;
        load_sums(&term, terms + v * D_WIDTH, 1);
        error[v] = d_add(error[v], add_term(&sum[v], term));
    }
}

static void sum_terms(double *sum, double *error, const double *terms, int64_t n) {
    vdouble s[LANE_VECTORS], e[LANE_VECTORS];
    load_sums(s, sum, LANE_VECTORS);
    load_sums(e, error, LANE_VECTORS);
    for (; n >= ACT__SUM_LANES; n -= ACT__SUM_LANES, terms += ACT__SUM_LANES)
        add_terms(s, e, terms);
    if (n > 0) {
        double last[ACT__SUM_LANES] = {0};
        memcpy(last, terms, (size_t)n * sizeof *terms);
        add_terms(s, e, last);
    }
    store_sums(sum, s, LANE_VECTORS);
    store_sums(error, e, LANE_VECTORS);
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
