/*
 * leaky_relu with a slope an element, for PReLU and RReLU: values, gradients and slopes drawn, and sums of slope
 * gradients in a fixed number of lanes, so that every instruction set adds in one order. float32 products are
 * exact in double; float64 carries what each addition loses (Ogita, Rump, Oishi, "Accurate sum and dot product",
 * 2005).
 */
#include "least.h"
#include "simd/kernel.h"
#include "simd/leaky.h"
#include "simd/vec_sum.h"
#include "simd/vec_unit.h"
#include "slopes/philox.h"

#include <math.h>

#if ACT_REAL == 32
#include "slopes/slope_halves.h"
#endif

static void forward(const void *input, const void *slopes, void *output, int64_t n) {
    const real *x = input, *slope = slopes;
    real *y = output;
    int64_t i = 0;
    for (; i + V_WIDTH <= n; i += V_WIDTH)
        v_store(y + i, leaky_value(v_load(x + i), v_load(slope + i)));
    if (i < n)
        v_store_part(y + i, leaky_value(v_load_part(x + i, n - i), v_load_part(slope + i, n - i)), n - i);
}

static void forward_rows(const void *input, const void *slopes, int64_t first, int64_t count, void *output,
                         int64_t length, int64_t rows) {
    const real *x = input, *slope = slopes;
    real *y = output;
    for (int64_t row = 0, at = first; row < rows; row++, x += length, y += length) {
        const vreal a = v_set(slope[at]);
        int64_t i = 0;
        for (; i + V_WIDTH <= length; i += V_WIDTH)
            v_store(y + i, leaky_value(v_load(x + i), a));
        if (i < length)
            v_store_part(y + i, leaky_value(v_load_part(x + i, length - i), a), length - i);
        at = at + 1 < count ? at + 1 : 0;
    }
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

enum { D_WIDTH = sizeof(vdouble) / sizeof(double), LANE_VECTORS = ACT__SUM_LANES / D_WIDTH };

ACT_ALWAYS_INLINE vdouble load_sums(const double *from) {
    vdouble a;
    memcpy(&a, from, sizeof a);
    return a;
}

ACT_ALWAYS_INLINE void store_sums(double *to, vdouble a) { memcpy(to, &a, sizeof a); }

/* The sums of all lanes, with what they lost. */
typedef struct lanes {
    vdouble sum[LANE_VECTORS], error[LANE_VECTORS];
} lanes;

ACT_ALWAYS_INLINE void load_lanes(lanes *l, const double *sum, const double *error) {
    for (int v = 0; v < LANE_VECTORS; v++) {
        l->sum[v] = load_sums(sum + v * D_WIDTH);
        l->error[v] = load_sums(error + v * D_WIDTH);
    }
}

ACT_ALWAYS_INLINE void store_lanes(double *sum, double *error, const lanes *l) {
    for (int v = 0; v < LANE_VECTORS; v++) {
        store_sums(sum + v * D_WIDTH, l->sum[v]);
        store_sums(error + v * D_WIDTH, l->error[v]);
    }
}

#if ACT_REAL == 64
/* Returns what the sum lost to rounding. */
ACT_ALWAYS_INLINE vdouble add_term(vdouble *sum, vdouble term) {
    const vdouble total = d_add(*sum, term), part = d_sub(total, *sum);
    const vdouble lost = d_add(d_sub(*sum, d_sub(total, part)), d_sub(term, part));
    *sum = total;
    return lost;
}
#endif

/* The sum + error grow by x * dy where x <= 0 or NaN, by 0 * 0 elsewhere. */
ACT_ALWAYS_INLINE void add_products(vdouble *sum, vdouble *error, const real *x, const real *dy) {
    const vdouble source = d_load(x);
    const vdouble a = d_unless_above_0(source, source), b = d_unless_above_0(source, d_load(dy));
#if ACT_REAL == 64
    const vdouble product = d_mul(a, b), lost = add_term(sum, product);
    *error = d_add(*error, d_sub(lost, d_fnma(a, b, product)));
#else
    (void)error;
    *sum = d_add_exact(*sum, a, b);
#endif
}

ACT_ALWAYS_INLINE void add_period(lanes *l, const real *x, const real *dy) {
    for (int v = 0; v < LANE_VECTORS; v++)
        add_products(&l->sum[v], &l->error[v], x + v * D_WIDTH, dy + v * D_WIDTH);
}

/* n elements, then zeros to the end of a vector, in memory that holds as many. */
ACT_ALWAYS_INLINE void copy_padded(real *to, const real *from, int64_t n) {
    for (int64_t i = 0; i < n; i += V_WIDTH)
        v_store(to + i, n - i < V_WIDTH ? v_load_part(from + i, n - i) : v_load(from + i));
}

ACT_ALWAYS_INLINE void put_gradient(const real *x, const real *dy, real *dx, vreal slope, int64_t n) {
    for (int64_t i = 0; i < n; i += V_WIDTH) {
        if (n - i < V_WIDTH)
            v_store_part(dx + i, leaky_gradient(v_load_part(x + i, n - i), slope, v_load_part(dy + i, n - i)), n - i);
        else
            v_store(dx + i, leaky_gradient(v_load(x + i), slope, v_load(dy + i)));
    }
}

/* One slope for all of n elements, the first of which belongs to lane 0. The sums stay in registers. dx is NULL where
 * nobody wants it. */
ACT_ALWAYS_INLINE void run_lanes(double *sum, double *error, const real *x, const real *dy, real *dx, vreal slope,
                                 int64_t n) {
    lanes l;
    load_lanes(&l, sum, error);
    int64_t i = 0;
    for (; i + ACT__SUM_LANES <= n; i += ACT__SUM_LANES) {
        add_period(&l, x + i, dy + i);
        if (dx)
            put_gradient(x + i, dy + i, dx + i, slope, ACT__SUM_LANES);
    }
    if (i < n) {
        real last[2][ACT__SUM_LANES] = {{0}};
        copy_padded(last[0], x + i, n - i);
        copy_padded(last[1], dy + i, n - i);
        add_period(&l, last[0], last[1]);
        if (dx)
            put_gradient(x + i, dy + i, dx + i, slope, n - i);
    }
    store_lanes(sum, error, &l);
}

static void sum_lanes(double *sum, double *error, const real *x, const real *dy, int64_t n) {
    run_lanes(sum, error, x, dy, NULL, v_set(0), n);
}

static void backward_sums(double *sum, double *error, const void *x, const void *dy, void *dx, const void *slope,
                          int64_t n) {
    run_lanes(sum, error, x, dy, dx, v_set(*(const real *)slope), n);
}

ACT_ALWAYS_INLINE void add_in_place(double *sum, double *error, const real *x, const real *dy) {
    vdouble s = load_sums(sum), e = load_sums(error);
    add_products(&s, &e, x, dy);
    store_sums(sum, s);
    if (ACT_REAL == 64)
        store_sums(error, e);
}

static void sum_row(double *sum, double *error, const real *x, const real *dy, int64_t n) {
    int64_t i = 0;
    for (; i + D_WIDTH <= n; i += D_WIDTH)
        add_in_place(sum + i, error + i, x + i, dy + i);
    if (i < n) {
        const size_t bytes = (size_t)(n - i) * sizeof(double);
        double sums[D_WIDTH] = {0}, errors[D_WIDTH] = {0};
        real last[2][V_WIDTH];
        memcpy(sums, sum + i, bytes);
        memcpy(errors, error + i, bytes);
        copy_padded(last[0], x + i, n - i);
        copy_padded(last[1], dy + i, n - i);
        add_in_place(sums, errors, last[0], last[1]);
        memcpy(sum + i, sums, bytes);
        memcpy(error + i, errors, bytes);
    }
}

static void sum_products(double *sum, double *error, int64_t period, int64_t lane, const void *xs, const void *dys,
                         int64_t n) {
    const real *x = xs, *dy = dys;
    for (int64_t i = 0, count; i < n; i += count, lane = 0) {
        if (period == ACT__SUM_LANES && lane == 0) {
            sum_lanes(sum, error, x + i, dy + i, n - i);
            return;
        }
        count = act__least(n - i, period - lane);
        sum_row(sum + lane, error + lane, x + i, dy + i, count);
    }
}

#if ACT_REAL == 64
/* x is y / slope where y <= 0, and y elsewhere: a positive x adds nothing to the sums, however small. */
ACT_ALWAYS_INLINE vreal input_of(vreal y, vreal slope) {
    return v_div(y, v_select(v_lt(v_set(0), y), v_set(1), slope));
}

static void recover(const double *y, const double *slopes, int shared, double *x, int64_t n) {
    const vreal all = v_set(*slopes);
    int64_t i = 0;
    for (; i + V_WIDTH <= n; i += V_WIDTH)
        v_store(x + i, input_of(v_load(y + i), shared ? all : v_load(slopes + i)));
    if (i < n)
        v_store_part(x + i, input_of(v_load_part(y + i, n - i), shared ? all : v_load_part(slopes + i, n - i)),
                     n - i);
}

ACT_ALWAYS_INLINE void add_terms(lanes *l, const double *terms) {
    for (int v = 0; v < LANE_VECTORS; v++)
        l->error[v] = d_add(l->error[v], add_term(&l->sum[v], load_sums(terms + v * D_WIDTH)));
}

static void sum_terms(double *sum, double *error, const double *terms, int64_t n) {
    lanes l;
    load_lanes(&l, sum, error);
    for (; n >= ACT__SUM_LANES; n -= ACT__SUM_LANES, terms += ACT__SUM_LANES)
        add_terms(&l, terms);
    if (n > 0) {
        double last[ACT__SUM_LANES] = {0};
        memcpy(last, terms, (size_t)n * sizeof *terms);
        add_terms(&l, last);
    }
    store_lanes(sum, error, &l);
}
#endif

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

/* n slopes from an index on that does not wrap to 0 among them. */
static void draw_run(real *slopes, const drawing *d, uint64_t index, int64_t n) {
    vword blocks = act__philox_numbers(index / BLOCK_ELEMENTS);
    int64_t skip = (int64_t)(index % BLOCK_ELEMENTS), count;
    for (int64_t i = 0; i < n; i += count, skip = 0, blocks = w_add(blocks, w_set(ACT__PHILOX_BLOCKS))) {
        count = act__least(n - i, DRAWN - skip);
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
    .forward_rows = forward_rows,
#if ACT_REAL == 32
    .forward_half = {[ACT__AS_FLOAT16] = forward_f16, [ACT__AS_BFLOAT16] = forward_bf16},
    .narrow = {[ACT__AS_FLOAT16] = narrow_f16, [ACT__AS_BFLOAT16] = narrow_bf16},
#else
    .recover = recover,
    .sum_terms = sum_terms,
#endif
    .backward = backward,
    .sum_products = sum_products,
    .backward_sums = backward_sums,
    .draw = draw,
};
