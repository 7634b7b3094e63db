/*
 * Maxout against a naive loop in long double: exactly where all numbers are small integers, else within the rounding
 * of a sum. Winners, gradients, layouts, panels, initial weights, refusals.
 */
#include "maxout/maxout.h"

#include <float.h>
#include <math.h>

#include "state.h"
#include "views.h"

typedef struct layer {
    act_dtype dtype;
    int64_t in, out, pieces, rows, shape[VIEW_RANK];
    int32_t rank;
    int bias, whole; /* whole: all numbers are integers, so that nothing is rounded */
    act_activation *a;
    act_state *state;
    void *x, *dy, *got;
} layer;

static void *storage(act_activation *a, int32_t index, int gradient) {
    act_tensor t;
    assert_ok(gradient ? act_activation_gradient(a, index, &t) : act_activation_parameter(a, index, &t));
    return t.data;
}

static double number(const layer *l, rng *r) {
    return l->whole ? (double)(rng_below(r, 9) - 4) : rng_between(r, -2, 2);
}

static void numbers(const layer *l, rng *r, void *data, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        real_set(data, l->dtype, i, number(l, r));
}

static double weight(const layer *l, int64_t k, int64_t o, int64_t i) {
    return real_get(storage(l->a, 0, 0), l->dtype, (k * l->out + o) * l->in + i);
}

static void layer_make(layer *l, rng *r) {
    l->rows = 1;
    for (int32_t d = 0; d < l->rank - 1; d++)
        l->rows *= l->shape[d];
    assert_ok(
        act_maxout_create(&l->a, l->in, l->out, l->pieces, l->dtype, l->bias ? 0 : (uint32_t)ACT_MAXOUT_NO_BIAS, 5));
    numbers(l, r, storage(l->a, 0, 0), l->pieces * l->out * l->in);
    if (l->bias)
        numbers(l, r, storage(l->a, 1, 0), l->pieces * l->out);
    l->state = make_state();
    l->x = test_elements(l->dtype, l->rows * l->in);
    l->dy = test_elements(l->dtype, l->rows * l->out);
    l->got = test_elements(l->dtype, l->rows * (l->in > l->out ? l->in : l->out));
    numbers(l, r, l->x, l->rows * l->in);
    numbers(l, r, l->dy, l->rows * l->out);
}

static void layer_free(layer *l) {
    act_activation_destroy(l->a);
    act_state_destroy(l->state);
    free(l->x);
    free(l->dy);
    free(l->got);
}

/* What a sum of so many terms may be off by. */
static double slack(const layer *l, int64_t terms, long double magnitude) {
    const double unit = l->dtype == ACT_FLOAT64 ? DBL_EPSILON : FLT_EPSILON;
    return l->whole ? 0 : unit * (double)(terms + 2) * (double)magnitude;
}

static long double unit_value(const layer *l, int64_t row, int64_t k, int64_t o, long double *magnitude) {
    long double z = l->bias ? real_get(storage(l->a, 1, 0), l->dtype, k * l->out + o) : 0;
    *magnitude = fabsl(z);
    for (int64_t i = 0; i < l->in; i++) {
        const long double term = (long double)weight(l, k, o, i) * real_get(l->x, l->dtype, row * l->in + i);
        z += term;
        *magnitude += fabsl(term);
    }
    return z;
}

static int64_t winner(const layer *l, int64_t row, int64_t o) { return l->state->marks.data[row * l->out + o]; }

/* y, and that the recorded winner is one of those that may have won: the first of the greatest, where nothing rounds.
 */
static void check_unit(const layer *l, int64_t row, int64_t o) {
    long double best = -INFINITY, off = 0, magnitude, first = -1;
    for (int64_t k = 0; k < l->pieces; k++) {
        const long double z = unit_value(l, row, k, o, &magnitude);
        const double may = slack(l, l->in, magnitude);
        off = may > off ? may : off;
        if (z > best) {
            best = z;
            first = k;
        }
    }
    const double y = real_get(l->got, l->dtype, row * l->out + o);
    CHECK(fabsl(y - best) <= off, "y[%lld][%lld] is %g, expected %g", (long long)row, (long long)o, y, (double)best);
    const int64_t w = winner(l, row, o);
    CHECK(w < l->pieces, "winner %d", (int)w);
    CHECK(unit_value(l, row, w, o, &magnitude) >= best - 2 * off, "winner of [%lld][%lld]", (long long)row,
          (long long)o);
    CHECK(!l->whole || w == (int64_t)first, "winner %d, the first of the greatest is %d", (int)w, (int)first);
}

static void view_of(const layer *l, rng *r, view *v, int64_t features, const void *data, int how) {
    int64_t shape[VIEW_RANK];
    memcpy(shape, l->shape, sizeof shape);
    shape[l->rank - 1] = features;
    view_make(v, r, l->dtype, l->rank, shape, how);
    if (data)
        view_put(v, data);
    view_remember(v);
}

static void check_forward(layer *l, rng *r) {
    view x, y;
    view_of(l, r, &x, l->in, l->x, VIEW_OUTPUT);
    view_of(l, r, &y, l->out, NULL, VIEW_OUTPUT);
    assert_ok(act_forward(l->a, &x.tensor, &y.tensor, l->state));
    assert_int_equal(act_state_bytes(l->state), l->rows * l->out);
    view_get(&y, l->got);
    for (int64_t row = 0; row < l->rows; row++)
        for (int64_t o = 0; o < l->out; o++)
            check_unit(l, row, o);
    view_check_unchanged(&x, "x");
    assert_ok(act_forward(l->a, &x.tensor, &y.tensor, NULL)); /* the same without a state */
    void *again = test_elements(l->dtype, y.count);
    view_get(&y, again);
    check_same(again, l->got, l->dtype, y.count, "y without a state");
    view_check_gaps(&y, "y");
    free(again);
    view_free(&x);
    view_free(&y);
}

static void check_input_gradient(const layer *l) {
    for (int64_t row = 0; row < l->rows; row++) {
        for (int64_t i = 0; i < l->in; i++) {
            long double sum = 0, magnitude = 0;
            for (int64_t o = 0; o < l->out; o++) {
                const long double term =
                    (long double)weight(l, winner(l, row, o), o, i) * real_get(l->dy, l->dtype, row * l->out + o);
                sum += term;
                magnitude += fabsl(term);
            }
            const double got = real_get(l->got, l->dtype, row * l->in + i);
            CHECK(fabsl(got - sum) <= slack(l, l->out * l->pieces, magnitude), "dx[%lld][%lld] is %g, expected %g",
                  (long long)row, (long long)i, got, (double)sum);
        }
    }
}

/* Of weight (k, o, i), or of bias (k, o) where i is in. */
static void check_weight_gradient(const layer *l, int64_t k, int64_t o, int64_t i, int calls) {
    long double sum = 0, magnitude = 0;
    for (int64_t row = 0; row < l->rows; row++) {
        if (winner(l, row, o) != k)
            continue;
        const long double term = (long double)real_get(l->dy, l->dtype, row * l->out + o) *
                                 (i < l->in ? real_get(l->x, l->dtype, row * l->in + i) : 1);
        sum += calls * term;
        magnitude += calls * fabsl(term);
    }
    const void *gradient = storage(l->a, i < l->in ? 0 : 1, 1);
    const double got = real_get(gradient, l->dtype, i < l->in ? (k * l->out + o) * l->in + i : k * l->out + o);
    CHECK(fabsl(got - sum) <= slack(l, l->rows * calls, magnitude),
          "gradient of %s %lld %lld %lld is %g, expected %g", i < l->in ? "weight" : "bias", (long long)k,
          (long long)o, (long long)i, got, (double)sum);
}

static void check_backward(layer *l, rng *r) {
    view x, dy, dx;
    const int calls = 1 + (int)rng_below(r, 3), wanted = !rng_once_in(r, 4);
    view_of(l, r, &x, l->in, l->x, VIEW_OUTPUT);
    view_of(l, r, &dy, l->out, l->dy, VIEW_OUTPUT);
    view_of(l, r, &dx, l->in, NULL, VIEW_OUTPUT);
    for (int call = 0; call < calls; call++)
        assert_ok(act_backward(l->a, &x.tensor, NULL, l->state, &dy.tensor, wanted ? &dx.tensor : NULL));
    view_get(&dx, l->got);
    if (wanted)
        check_input_gradient(l);
    for (int64_t k = 0; k < l->pieces; k++)
        for (int64_t o = 0; o < l->out; o++)
            for (int64_t i = 0; i < l->in + l->bias; i++)
                check_weight_gradient(l, k, o, i, calls);
    view_check_unchanged(&x, "x");
    view_check_unchanged(&dy, "dy");
    view_check_gaps(&dx, "dx");
    view_free(&x);
    view_free(&dy);
    view_free(&dx);
}

static void random_case(int64_t n) {
    static const int64_t features[] = {1, 2, 3, 5, 8, 16, 17, 33}, extents[] = {1, 2, 3, 5, 17};
    rng r = rng_for(40, (uint64_t)n);
    layer l = {.dtype = rng_dtype(&r), .whole = rng_once_in(&r, 2), .bias = !rng_once_in(&r, 4)};
    l.in = features[rng_below(&r, 8)];
    l.out = features[rng_below(&r, 8)];
    l.pieces = n % 50 ? 1 + rng_below(&r, 5) : 256;
    l.rank = 1 + (int32_t)rng_below(&r, 4);
    for (int32_t d = 0; d < l.rank - 1; d++)
        l.shape[d] = rng_once_in(&r, 25) ? 0 : extents[rng_below(&r, l.rank > 3 ? 3 : 5)];
    test_case_is("%lld: float%d, in %d out %d pieces %d, rank %d%s%s", (long long)n, l.dtype == ACT_FLOAT64 ? 64 : 32,
                 (int)l.in, (int)l.out, (int)l.pieces, l.rank, l.bias ? "" : ", no bias",
                 l.whole ? ", integers" : "");
    act__isa_force(isa_number((int)rng_below(&r, isa_count())));
    layer_make(&l, &r);
    check_forward(&l, &r);
    check_backward(&l, &r);
    layer_free(&l);
    act__isa_force(NULL);
}

static void random_layers(void **state) {
    (void)state;
    const int64_t cases = test_cases(1500);
    for (int64_t n = 0; n < cases; n++)
        random_case(n);
}

/* Broadcast x: every row the same, from one. */
static void zero_strides_in_inputs(void **state) {
    (void)state;
    const double x[2] = {3, -2}, dy[1] = {1};
    double y[3], dx[6];
    const int64_t xs[2] = {3, 2}, ys[2] = {3, 1};
    act_activation *a = NULL;
    assert_ok(act_maxout_create(&a, 2, 1, 2, ACT_FLOAT64, 0, 0));
    memcpy(storage(a, 0, 0), (const double[]){1, 1, 2, 0}, 4 * sizeof(double));
    act_state *s = make_state();
    act_tensor tx = make_tensor(x, ACT_FLOAT64, 2, xs, STRIDES(0, 1)), ty = make_tensor(y, ACT_FLOAT64, 2, ys, NULL);
    act_tensor tdy = make_tensor(dy, ACT_FLOAT64, 2, ys, STRIDES(0, 0)),
               tdx = make_tensor(dx, ACT_FLOAT64, 2, xs, NULL);
    assert_ok(act_forward(a, &tx, &ty, s));
    assert_ok(act_backward(a, &tx, NULL, s, &tdy, &tdx));
    for (int row = 0; row < 3; row++)
        assert_true(y[row] == 6 && dx[2 * row] == 2 && dx[2 * row + 1] == 0);
    const double *gradient = storage(a, 0, 1);
    assert_true(gradient[0] == 0 && gradient[1] == 0 && gradient[2] == 9 && gradient[3] == -6);
    act_state_destroy(s);
    act_activation_destroy(a);
}

/* Windows that slide by one over a series: rows overlap, which BLAS has no name for. */
static void overlapping_rows(void **state) {
    (void)state;
    const double series[7] = {1, -2, 3, 5, -4, 0, 2};
    double y[5];
    const int64_t xs[2] = {5, 3}, ys[2] = {5, 1};
    act_activation *a = NULL;
    assert_ok(act_maxout_create(&a, 3, 1, 1, ACT_FLOAT64, ACT_MAXOUT_NO_BIAS, 0));
    memcpy(storage(a, 0, 0), (const double[]){1, 10, 100}, 3 * sizeof(double));
    act_tensor tx = make_tensor(series, ACT_FLOAT64, 2, xs, STRIDES(1, 1));
    act_tensor ty = make_tensor(y, ACT_FLOAT64, 2, ys, NULL);
    assert_ok(act_forward(a, &tx, &ty, NULL));
    for (int row = 0; row < 5; row++)
        assert_true(y[row] == series[row] + 10 * series[row + 1] + 100 * series[row + 2]);
    act_activation_destroy(a);
}

/* More rows than are worked on at a time, with a rest. */
static void several_panels(void **state) {
    (void)state;
    for (act_dtype dtype = ACT_FLOAT32; dtype <= ACT_FLOAT64; dtype++) {
        rng r = rng_for(41, (uint64_t)dtype);
        layer l = {.dtype = dtype, .whole = 1, .bias = 1, .in = 3, .out = 80, .pieces = 64, .rank = 2};
        l.shape[0] = 300;
        layer_make(&l, &r);
        test_case_is("panels of %lld rows", (long long)act__maxout_panel(l.a, l.rows, 0, (int32_t)real_size(dtype)));
        assert_true(act__maxout_panel(l.a, l.rows, 0, (int32_t)real_size(dtype)) < l.rows);
        for (int i = 0; i < 3; i++) {
            assert_ok(act_set_num_threads(1 + i));
            assert_ok(act_activation_zero_gradients(l.a));
            check_forward(&l, &r);
            check_backward(&l, &r);
        }
        layer_free(&l);
    }
    assert_ok(act_set_num_threads(1));
}

/* The maximum itself: NaN wins, the first of equals wins, -0 equals +0, nothing but -Inf is won by piece 0. */
static void reduce_case(int64_t n) {
    static const double special[] = {NAN, -0.0, 0.0, -INFINITY, INFINITY, 1, 1, -1};
    rng r = rng_for(42, (uint64_t)n);
    const act__isa *isa = isa_number((int)rng_below(&r, isa_count()));
    const act_dtype dtype = rng_dtype(&r);
    const int64_t out = 1 + rng_below(&r, 40), pieces = n % 20 ? 1 + rng_below(&r, 5) : 256,
                  some = 1 + rng_below(&r, 8);
    char *z = test_elements(dtype, out * pieces), *y = test_elements(dtype, out), *want = test_elements(dtype, out);
    uint8_t winners[40], expected[40];
    for (int64_t i = 0; i < out * pieces; i++)
        real_set(z, dtype, i, special[8 - some + rng_below(&r, some)]);
    if (rng_once_in(&r, 4))
        for (int64_t i = 0; i < out * pieces; i++)
            real_set(z, dtype, i, -INFINITY);
    isa->maxout[dtype == ACT_FLOAT64]->reduce(z, NULL, y, winners, out, pieces);
    for (int64_t o = 0; o < out; o++) {
        int64_t best = 0;
        for (int64_t k = 1; k < pieces; k++) {
            const double c = real_get(z, dtype, k * out + o), b = real_get(z, dtype, best * out + o);
            best = b < c || (isnan(c) && !isnan(b)) ? k : best;
        }
        expected[o] = (uint8_t)best;
        memcpy(want + (size_t)o * real_size(dtype), z + (size_t)(best * out + o) * real_size(dtype),
               real_size(dtype));
    }
    test_case_is("reduce %lld: %s float%d, out %d, pieces %d", (long long)n, isa->name,
                 dtype == ACT_FLOAT64 ? 64 : 32, (int)out, (int)pieces);
    check_same(y, want, dtype, out, "maximum");
    CHECK(memcmp(winners, expected, (size_t)out) == 0, "winners differ");
    free(z);
    free(y);
    free(want);
}

static void ties_nan_and_infinities(void **state) {
    (void)state;
    const int64_t cases = test_cases(5000);
    for (int64_t n = 0; n < cases; n++)
        reduce_case(n);
}

static void nan_in_a_row_stays_in_it(void **state) {
    (void)state;
    float x[2][3] = {{1, 2, 3}, {1, NAN, 3}}, y[2][9], rank_one[9];
    const int64_t xs[2] = {2, 3}, ys[2] = {2, 9};
    act_activation *a = NULL;
    assert_ok(act_maxout_create(&a, 3, 9, 4, ACT_FLOAT32, 0, 0));
    act_tensor tx = make_tensor(x, ACT_FLOAT32, 2, xs, NULL), ty = make_tensor(y, ACT_FLOAT32, 2, ys, NULL);
    assert_ok(act_forward(a, &tx, &ty, NULL));
    for (int o = 0; o < 9; o++)
        assert_true(!isnan(y[0][o]) && isnan(y[1][o]));
    act_tensor row = make_tensor(x[1], ACT_FLOAT32, 1, &xs[1], NULL),
               out = make_tensor(rank_one, ACT_FLOAT32, 1, &ys[1], NULL);
    assert_ok(act_forward(a, &row, &out, NULL));
    for (int o = 0; o < 9; o++)
        assert_true(isnan(rank_one[o]));
    act_activation_destroy(a);
}

static void backward_follows_the_recorded_winners(void **state) {
    (void)state;
    const double x[2] = {1, 2}, dy[1] = {10};
    double y[1], dx[2];
    const int64_t two = 2, one = 1;
    act_activation *a = NULL;
    assert_ok(act_maxout_create(&a, 2, 1, 2, ACT_FLOAT64, ACT_MAXOUT_NO_BIAS, 0));
    assert_int_equal(act_activation_parameter_count(a), 1);
    double *w = storage(a, 0, 0);
    memcpy(w, (const double[]){1, 1, 3, 3}, 4 * sizeof *w);
    act_state *s = make_state();
    act_tensor tx = make_tensor(x, ACT_FLOAT64, 1, &two, NULL), ty = make_tensor(y, ACT_FLOAT64, 1, &one, NULL);
    act_tensor tdy = make_tensor(dy, ACT_FLOAT64, 1, &one, NULL), tdx = make_tensor(dx, ACT_FLOAT64, 1, &two, NULL);
    assert_ok(act_forward(a, &tx, &ty, s));
    memcpy(w, (const double[]){100, 100, -1, -2}, 4 * sizeof *w);
    assert_ok(act_backward(a, &tx, NULL, s, &tdy, &tdx));
    assert_true(y[0] == 9 && dx[0] == -10 && dx[1] == -20);
    const double *gradient = storage(a, 0, 1);
    assert_true(gradient[0] == 0 && gradient[1] == 0 && gradient[2] == 10 && gradient[3] == 20);
    act_state_destroy(s);
    act_activation_destroy(a);
}

static void check_spread(uint32_t flags, double fan) {
    act_activation *a = NULL;
    enum { IN = 600, OUT = 40, PIECES = 4, COUNT = IN * OUT * PIECES };
    assert_ok(act_maxout_create(&a, IN, OUT, PIECES, ACT_FLOAT32, flags, 99));
    const float *w = storage(a, 0, 0), *b = storage(a, 1, 0);
    double sum = 0, squares = 0, most = 0;
    for (int i = 0; i < COUNT; i++) {
        sum += w[i];
        squares += (double)w[i] * w[i];
        most = fabs(w[i]) > most ? fabs(w[i]) : most;
    }
    for (int i = 0; i < OUT * PIECES; i++)
        assert_true(b[i] == 0);
    const double limit = sqrt(6 / fan), variance = 2 / fan;
    CHECK(most <= (double)(float)limit && most > 0.999 * limit, "reach is %g, limit %g", most, limit);
    CHECK(fabs(sum / COUNT) < 5 * sqrt(variance / COUNT), "mean is %g", sum / COUNT);
    CHECK(fabs(squares / COUNT / variance - 1) < 0.015, "variance is %g, expected %g", squares / COUNT, variance);
    act_activation_destroy(a);
}

static void weights_are_drawn_from_the_seed(void **state) {
    (void)state;
    static const double golden[8] = {0x1.1d105e11fc052p+0,  -0x1.e3e007ea3037bp-1, -0x1.d2bcfdcd7ebf7p-3,
                                     -0x1.9b9c292b9a288p-1, -0x1.35b9a4126d163p+0, 0x1.81d79af62540fp-1,
                                     -0x1.136944757bf4fp-2, -0x1.b9bd2fa213bdap-1}; /* seed 7, in 4, He */
    act_activation *a = NULL, *b = NULL;
    assert_ok(act_maxout_create(&a, 4, 3, 2, ACT_FLOAT64, 0, 7));
    assert_ok(act_maxout_create(&b, 4, 3, 2, ACT_FLOAT64, 0, 8));
    const double *w = storage(a, 0, 0);
    for (int i = 0; i < 8; i++)
        CHECK(w[i] == golden[i], "weight %d is %a, expected %a", i, w[i], golden[i]);
    assert_memory_not_equal(w, storage(b, 0, 0), 24 * sizeof *w);
    act_activation_destroy(a);
    act_activation_destroy(b);
    check_spread(0, 600);
    check_spread(ACT_MAXOUT_GLOROT, 640);
}

static void refused_sizes(void **state) {
    (void)state;
    act_activation *a = NULL;
    assert_refused(act_maxout_create(&a, 0, 1, 2, ACT_FLOAT32, 0, 0), ACT_ERR_SHAPE, "in_features");
    assert_refused(act_maxout_create(&a, 1, -1, 2, ACT_FLOAT32, 0, 0), ACT_ERR_SHAPE, "out_features");
    assert_refused(act_maxout_create(&a, 1, 1, 0, ACT_FLOAT32, 0, 0), ACT_ERR_SHAPE, "pieces");
    assert_refused(act_maxout_create(&a, 1, 1, 257, ACT_FLOAT32, 0, 0), ACT_ERR_UNSUPPORTED, "pieces");
    assert_refused(act_maxout_create(&a, INT64_MAX, 1, 1, ACT_FLOAT32, 0, 0), ACT_ERR_UNSUPPORTED, "in_features");
    assert_refused(act_maxout_create(&a, 1, INT64_MAX / 2, 2, ACT_FLOAT32, 0, 0), ACT_ERR_UNSUPPORTED,
                   "out_features");
    assert_refused(act_maxout_create(&a, 1, 1, 2, ACT_FLOAT16, 0, 0), ACT_ERR_DTYPE, "dtype");
    assert_refused(act_maxout_create(&a, 1, 1, 2, ACT_FLOAT32, 4, 0), ACT_ERR_INVALID_ARGUMENT, "flags");
    assert_refused(act_maxout_create(NULL, 1, 1, 2, ACT_FLOAT32, 0, 0), ACT_ERR_INVALID_ARGUMENT, "out");
    assert_int_not_equal(act_maxout_create(&a, INT32_MAX, INT32_MAX, 1, ACT_FLOAT64, 0, 0), ACT_OK);
    assert_null(a);
}

static void refused_calls(void **state) {
    (void)state;
    double x[12] = {0}, y[12], z[12];
    act_activation *a = NULL;
    assert_ok(act_maxout_create(&a, 3, 3, 2, ACT_FLOAT64, 0, 0));
    act_state *s = make_state();
    act_tensor tx = make_tensor(x, ACT_FLOAT64, DIMS(2, 3), NULL), ty = make_tensor(y, ACT_FLOAT64, DIMS(2, 3), NULL);
    act_tensor tz = make_tensor(z, ACT_FLOAT64, DIMS(2, 3), NULL),
               scalar = make_tensor(x, ACT_FLOAT64, 0, NULL, NULL);
    act_tensor wide = make_tensor(x, ACT_FLOAT64, DIMS(2, 4), NULL),
               tall = make_tensor(z, ACT_FLOAT64, DIMS(3, 3), NULL);
    act_tensor flat = make_tensor(z, ACT_FLOAT64, DIMS(6), NULL),
               single = make_tensor(x, ACT_FLOAT32, DIMS(2, 3), NULL);
    set_canary(y, sizeof y);
    assert_refused(act_forward(a, &tx, &tx, s), ACT_ERR_OVERLAP, "y");
    assert_refused(act_forward(a, &scalar, &ty, s), ACT_ERR_SHAPE, "rank is 0");
    assert_refused(act_forward(a, &wide, &ty, s), ACT_ERR_SHAPE, "4");
    assert_refused(act_forward(a, &tall, &ty, s), ACT_ERR_SHAPE, "y");
    assert_refused(act_forward(a, &flat, &ty, s), ACT_ERR_SHAPE, "6");
    assert_refused(act_forward(a, &single, &ty, s), ACT_ERR_DTYPE, "x");
    assert_refused(act_backward(a, &tx, NULL, s, &tz, &ty), ACT_ERR_STATE, "state");
    assert_canary(y, sizeof y);
    assert_ok(act_forward(a, &tx, &tz, s));
    assert_refused(act_backward(a, NULL, NULL, s, &tz, &ty), ACT_ERR_MISSING, "x");
    assert_refused(act_backward(a, &tx, NULL, NULL, &tz, &ty), ACT_ERR_MISSING, "state");
    assert_refused(act_backward(a, &tx, NULL, s, &tz, &tz), ACT_ERR_OVERLAP, "dx");
    assert_refused(act_backward(a, &tx, NULL, s, &tz, &tx), ACT_ERR_OVERLAP, "dx");
    assert_canary(y, sizeof y);
    act_state_destroy(s);
    act_activation_destroy(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_layers),
        cmocka_unit_test(zero_strides_in_inputs),
        cmocka_unit_test(overlapping_rows),
        cmocka_unit_test(several_panels),
        cmocka_unit_test(ties_nan_and_infinities),
        cmocka_unit_test(nan_in_a_row_stays_in_it),
        cmocka_unit_test(backward_follows_the_recorded_winners),
        cmocka_unit_test(weights_are_drawn_from_the_seed),
        cmocka_unit_test(refused_sizes),
        cmocka_unit_test(refused_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
