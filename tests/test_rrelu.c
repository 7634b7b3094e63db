/*
 * RReLU: Philox against published vectors and a generator written out here, slopes at any index, step and offset,
 * replay and shards, and that backward draws what forward drew.
 */
#include "views.h"

#include <math.h>

#include "slopes/philox.h"

/* One block of Philox 4x32-10, as the paper writes it. */
static void philox(uint32_t out[4], uint64_t key, uint64_t block, uint64_t step) {
    uint32_t c[4] = {(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)step, (uint32_t)(step >> 32)};
    uint32_t k[2] = {(uint32_t)key, (uint32_t)(key >> 32)};
    for (int round = 0; round < 10; round++) {
        const uint64_t p0 = UINT64_C(0xD2511F53) * c[0], p1 = UINT64_C(0xCD9E8D57) * c[2];
        const uint32_t next[4] = {(uint32_t)(p1 >> 32) ^ c[1] ^ k[0], (uint32_t)p1,
                                  (uint32_t)(p0 >> 32) ^ c[3] ^ k[1], (uint32_t)p0};
        memcpy(c, next, sizeof c);
        k[0] += 0x9E3779B9;
        k[1] += 0xBB67AE85;
    }
    memcpy(out, c, sizeof c);
}

typedef struct stream {
    double lower, upper;
    uint64_t seed, step, offset;
    act_dtype dtype;
} stream;

/* The slope of element i: stream version 1. */
static double slope_at(const stream *s, uint64_t i) {
    uint32_t words[4];
    const uint64_t index = s->offset + i;
    if (s->dtype == ACT_FLOAT32) {
        philox(words, s->seed, index / 4, s->step);
        const float u = (float)(words[index % 4] >> 8) * 0x1p-24f;
        const float product = (float)(s->upper - s->lower) * u; /* rounded, then the sum */
        const float slope = (float)s->lower + product, upper = (float)s->upper;
        return slope > upper ? upper : slope;
    }
    philox(words, s->seed, index / 2, s->step);
    const uint32_t *w = words + 2 * (index % 2);
    const double u = (double)(((uint64_t)w[0] << 32 | w[1]) >> 11) * 0x1p-53;
    const double product = (s->upper - s->lower) * u, slope = s->lower + product;
    return slope > s->upper ? s->upper : slope;
}

static void published_vectors(void **state) {
    (void)state;
    static const struct {
        uint64_t key, block, step;
        uint32_t words[4];
    } known[] = {
        {0, 0, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {UINT64_MAX, UINT64_MAX, UINT64_MAX, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {0x299f31d0a4093822,
         0x85a308d3243f6a88,
         0x0370734413198a2e,
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        uint32_t words[4 * ACT__PHILOX_BLOCKS], naive[4];
        act__philox_blocks(words, known[i].key, known[i].block, known[i].step);
        philox(naive, known[i].key, known[i].block, known[i].step);
        assert_memory_equal(words, known[i].words, sizeof naive);
        assert_memory_equal(naive, known[i].words, sizeof naive);
        for (uint64_t b = 1; b < ACT__PHILOX_BLOCKS; b++) {
            philox(naive, known[i].key, known[i].block + b, known[i].step);
            assert_memory_equal(words + 4 * b, naive, sizeof naive);
        }
    }
}

static act_activation *make_rrelu(const stream *s) {
    act_activation *a = NULL;
    assert_ok(act_rrelu_create(&a, s->lower, s->upper, s->seed));
    return a;
}

static act_state *state_for(const stream *s) {
    act_state *state = make_state();
    assert_ok(act_state_set_step(state, s->step));
    assert_ok(act_state_set_offset(state, s->offset));
    return state;
}

/* The slopes of n elements are the outputs at x = -1, negated. */
static void slopes_of(const stream *s, void *slopes, int64_t n) {
    act_activation *a = make_rrelu(s);
    act_state *state = state_for(s);
    for (int64_t i = 0; i < n; i++)
        real_set(slopes, s->dtype, i, -1);
    act_tensor t = make_tensor(slopes, s->dtype, 1, &n, NULL);
    assert_ok(act_forward(a, &t, &t, state));
    for (int64_t i = 0; i < n; i++)
        real_set(slopes, s->dtype, i, -real_get(slopes, s->dtype, i));
    act_state_destroy(state);
    act_activation_destroy(a);
}

static void check_slopes(const stream *s, int64_t n) {
    void *slopes = test_elements(s->dtype, n);
    slopes_of(s, slopes, n);
    for (int64_t i = 0; i < n; i++) {
        const double got = real_get(slopes, s->dtype, i), want = slope_at(s, (uint64_t)i);
        CHECK(got == want, "float%d seed %llu step %llu offset %llu: slope %lld is %a, expected %a",
              s->dtype == ACT_FLOAT64 ? 64 : 32, (unsigned long long)s->seed, (unsigned long long)s->step,
              (unsigned long long)s->offset, (long long)i, got, want);
        assert_true(got >= real_round(s->lower, s->dtype) && got <= real_round(s->upper, s->dtype));
    }
    free(slopes);
}

static void slopes_follow_the_written_stream(void **state) {
    (void)state;
    const int64_t cases = test_cases(3000);
    for (int64_t i = 0; i < cases; i++) {
        rng r = rng_for(30, (uint64_t)i);
        act__isa_force(isa_number((int)(i % isa_count())));
        stream s = {.dtype = rng_dtype(&r), .seed = rng_next(&r), .step = rng_next(&r) >> rng_below(&r, 64)};
        s.offset = (rng_next(&r) >> 1) >> rng_below(&r, 63);
        s.lower = rng_between(&r, -1, 1);
        s.upper = s.lower + (rng_once_in(&r, 5) ? 0 : rng_between(&r, 0, 2));
        check_slopes(&s, rng_below(&r, i % 20 ? 200 : 2000));
    }
    act__isa_force(NULL);
}

static void indices_beyond_32_bits(void **state) {
    (void)state;
    static const uint64_t offsets[] = {(UINT64_C(1) << 32) - 70, (UINT64_C(1) << 33) - 3, (UINT64_C(1) << 34) - 33,
                                       (UINT64_C(1) << 34) + 1, (UINT64_C(1) << 63) - 5};
    for (size_t i = 0; i < COUNT_OF(offsets); i++)
        for (act_dtype dtype = ACT_FLOAT32; dtype <= ACT_FLOAT64; dtype++)
            check_slopes(&(stream){0.1, 0.3, 42, UINT64_MAX, offsets[i], dtype}, 600);
}

/* Indices count modulo 2^64: whatever the library draws at once, after the last index comes index 0. */
static void offsets_wrap(void **state) {
    (void)state;
    static const uint64_t before[] = {1, 2, 3, 8, 63, 64, 65, 100, 512, 600};
    for (size_t i = 0; i < COUNT_OF(before); i++)
        for (act_dtype dtype = ACT_FLOAT32; dtype <= ACT_FLOAT64; dtype++)
            check_slopes(&(stream){0.1, 0.3, 7, 5, 0 - before[i], dtype}, 700);
}

static void golden_slopes(void **state) {
    (void)state;
    static const struct {
        uint64_t seed;
        double slopes[16]; /* float32, lower 0, upper 1, step 0 */
    } golden[] = {
        {0,
         {0x1.989fa0p-2, 0x1.c2d38ap-1, 0x1.78af58p-1, 0x1.3601b6p-1, 0x1.f1c998p-1, 0x1.72c800p-2, 0x1.634ae8p-1,
          0x1.2fdfe0p-5, 0x1.3ea8c0p-6, 0x1.471cc8p-2, 0x1.20a898p-3, 0x1.1644d4p-2, 0x1.9321dep-1, 0x1.a911d0p-2,
          0x1.359226p-1, 0x1.b504f8p-2}},
        {12345,
         {0x1.a3f47cp-1, 0x1.7bff50p-3, 0x1.a5952cp-1, 0x1.c65176p-1, 0x1.6cd200p-9, 0x1.2784b8p-3, 0x1.c935b0p-1,
          0x1.4abe54p-1, 0x1.b0b350p-2, 0x1.501304p-2, 0x1.0ec0c2p-1, 0x1.6c3a8cp-2, 0x1.6c7cb8p-1, 0x1.309e1cp-1,
          0x1.69c89ep-1, 0x1.c41fccp-2}},
    };
    for (size_t i = 0; i < COUNT_OF(golden); i++) {
        float slopes[16];
        slopes_of(&(stream){0, 1, golden[i].seed, 0, 0, ACT_FLOAT32}, slopes, 16);
        for (int j = 0; j < 16; j++)
            CHECK((double)slopes[j] == golden[i].slopes[j], "seed %d slope %d is %a", (int)golden[i].seed, j,
                  (double)slopes[j]);
    }
}

enum { N = 3000 };

static void steps_count_and_replay(void **state) {
    (void)state;
    float x[N], first[N], second[N], again[N];
    const int64_t n = N;
    act_activation *a = make_spec("rrelu(seed=5)");
    act_state *s = make_state();
    for (int i = 0; i < N; i++)
        x[i] = -1;
    act_tensor tx = make_tensor(x, ACT_FLOAT32, 1, &n, NULL), t1 = make_tensor(first, ACT_FLOAT32, 1, &n, NULL);
    act_tensor t2 = make_tensor(second, ACT_FLOAT32, 1, &n, NULL), t3 = make_tensor(again, ACT_FLOAT32, 1, &n, NULL);
    uint64_t step = 99;
    assert_ok(act_state_get_step(&step, s));
    assert_int_equal(step, 0);
    assert_ok(act_forward(a, &tx, &t1, s));
    assert_ok(act_forward(a, &tx, &t2, s));
    assert_ok(act_state_get_step(&step, s));
    assert_int_equal(step, 2);
    assert_memory_not_equal(first, second, sizeof first);
    assert_ok(act_state_set_step(s, 0));
    assert_ok(act_forward(a, &tx, &t3, s));
    assert_memory_equal(first, again, sizeof first);
    assert_int_equal(act_state_bytes(s), 0);
    act_state_destroy(s);
    act_activation_destroy(a);
}

/* Shards of a batch, each with its offset, draw what the whole draws. */
static void shards_equal_the_whole(void **state) {
    (void)state;
    static const int64_t cuts[] = {0, 1, 7, 64, 65, 1000, 1003, 2999, N};
    rng r = rng_for(31, 0);
    for (act_dtype dtype = ACT_FLOAT32; dtype <= ACT_FLOAT64; dtype++) {
        stream s = {-0.5, 0.5, 11, 3, 1234567, dtype};
        act_activation *a = make_rrelu(&s);
        double x[N], whole[N], parts[N];
        fill_between(x, dtype, N, &r, -5, 1);
        const int64_t n = N;
        act_state *state_whole = state_for(&s);
        act_tensor tx = make_tensor(x, dtype, 1, &n, NULL), ty = make_tensor(whole, dtype, 1, &n, NULL);
        assert_ok(act_forward(a, &tx, &ty, state_whole));
        for (size_t i = 0; i + 1 < COUNT_OF(cuts); i++) {
            const stream shard = {s.lower, s.upper, s.seed, s.step, s.offset + (uint64_t)cuts[i], dtype};
            const int64_t count = cuts[i + 1] - cuts[i];
            const size_t skip = (size_t)cuts[i] * real_size(dtype);
            act_state *state_shard = state_for(&shard);
            act_tensor sx = make_tensor((char *)x + skip, dtype, 1, &count, NULL);
            act_tensor sy = make_tensor((char *)parts + skip, dtype, 1, &count, NULL);
            assert_ok(act_forward(a, &sx, &sy, state_shard));
            act_state_destroy(state_shard);
        }
        check_same(parts, whole, dtype, N, "shards");
        act_state_destroy(state_whole);
        act_activation_destroy(a);
    }
}

/* Views, threads and instruction sets of forward and backward; the state cloned between them. */
static void layout_case(int64_t number) {
    rng r = rng_for(32, (uint64_t)number);
    stream s = {.dtype = rng_dtype(&r), .seed = rng_next(&r), .step = rng_next(&r), .offset = rng_next(&r) >> 1};
    s.lower = rng_between(&r, -1, 1);
    s.upper = s.lower + rng_between(&r, 0, 2);
    int64_t shape[VIEW_RANK];
    const int32_t rank = random_shape(&r, shape, number % 50 ? 2000 : 200000);
    view x, y, dy, dx;
    view_make(&x, &r, s.dtype, rank, shape, VIEW_INPUT);
    view_make(&dy, &r, s.dtype, rank, shape, VIEW_INPUT);
    view_make(&y, &r, s.dtype, rank, shape, VIEW_OUTPUT);
    view_make(&dx, &r, s.dtype, rank, shape, VIEW_OUTPUT);
    view_remember(&y);
    view_remember(&dx);
    test_case_is("layouts %lld: float%d, rank %d, %lld elements", (long long)number, s.dtype == ACT_FLOAT64 ? 64 : 32,
                 rank, (long long)x.count);
    act_activation *a = make_rrelu(&s);
    act_state *state = state_for(&s), *clone = NULL;
    act__isa_force(isa_number((int)rng_below(&r, isa_count())));
    assert_ok(act_set_num_threads(1 + (int32_t)rng_below(&r, 4)));
    assert_ok(act_forward(a, &x.tensor, &y.tensor, state));
    assert_ok(act_state_clone(&clone, state));
    act_state_destroy(state);
    assert_ok(act_backward(a, &x.tensor, NULL, clone, &dy.tensor, &dx.tensor));
    void *all[4];
    view *const views[4] = {&x, &y, &dy, &dx};
    for (int i = 0; i < 4; i++)
        view_get(views[i], all[i] = test_elements(s.dtype, x.count));
    for (int64_t i = 0; i < x.count; i++) {
        const double xi = real_get(all[0], s.dtype, i), dyi = real_get(all[2], s.dtype, i);
        const double slope = slope_at(&s, (uint64_t)i);
        const double wanted = xi <= 0 ? (slope == 0 ? 0 : slope * xi) : xi;
        const double gradient = xi <= 0 ? (slope == 0 ? 0 : slope * dyi) : isnan(xi) ? xi : dyi;
        double want[2] = {0, 0};
        real_set(want, s.dtype, 0, wanted);
        real_set(want + 1, s.dtype, 0, gradient);
        CHECK(same_real((char *)all[1] + (size_t)i * real_size(s.dtype), want, s.dtype, 0), "y[%lld]", (long long)i);
        CHECK(same_real((char *)all[3] + (size_t)i * real_size(s.dtype), want + 1, s.dtype, 0), "dx[%lld]",
              (long long)i);
    }
    view_check_gaps(&y, "y");
    view_check_gaps(&dx, "dx");
    for (int i = 0; i < 4; i++) {
        free(all[i]);
        view_free(views[i]);
    }
    act_state_destroy(clone);
    act_activation_destroy(a);
    act__isa_force(NULL);
    assert_ok(act_set_num_threads(1));
}

static void any_layout_forward_and_backward(void **state) {
    (void)state;
    const int64_t cases = test_cases(2000);
    for (int64_t i = 0; i < cases; i++)
        layout_case(i);
}

/* What the caller changes after forward does not reach the record. */
static void backward_uses_what_forward_drew(void **state) {
    (void)state;
    double x[64], dy[64], dx[64];
    const int64_t n = 64;
    const stream s = {0.1, 0.9, 17, 4, 1000, ACT_FLOAT64};
    act_activation *a = make_rrelu(&s);
    act_state *st = state_for(&s);
    for (int i = 0; i < 64; i++)
        x[i] = -1, dy[i] = 1;
    act_tensor tx = make_tensor(x, ACT_FLOAT64, 1, &n, NULL), tdy = make_tensor(dy, ACT_FLOAT64, 1, &n, NULL);
    act_tensor tdx = make_tensor(dx, ACT_FLOAT64, 1, &n, NULL);
    assert_ok(act_forward(a, &tx, &tdx, st));
    assert_ok(act_state_set_step(st, 77));
    assert_ok(act_state_set_offset(st, 0));
    assert_ok(act_activation_set_param(a, "upper", 0.5));
    assert_ok(act_activation_set_param(a, "seed", 1));
    assert_ok(act_backward(a, &tx, NULL, st, &tdy, &tdx));
    for (uint64_t i = 0; i < 64; i++)
        assert_true(dx[i] == slope_at(&s, i));
    act_state_destroy(st);
    act_activation_destroy(a);
}

static void evaluation_takes_the_mean(void **state) {
    (void)state;
    const double bounds[][2] = {{1.0 / 8, 1.0 / 3}, {-1, 0.5}, {0, 0}, {0.25, 0.25}, {-1, 1}};
    for (size_t i = 0; i < COUNT_OF(bounds); i++) {
        act_activation *a = NULL;
        assert_ok(act_rrelu_create(&a, bounds[i][0], bounds[i][1], 3));
        const double mean = (bounds[i][0] + bounds[i][1]) / 2, x[3] = {-4, 4, -INFINITY};
        const float x32[1] = {-4};
        double y[3], dx[3];
        float y32[1];
        assert_ok(act_forward_1d(a, ACT_FLOAT64, x, y, 3));
        assert_ok(act_forward_1d(a, ACT_FLOAT32, x32, y32, 1));
        assert_ok(act_backward_1d(a, ACT_FLOAT64, x, x, dx, 3));
        assert_true(y[0] == -4 * mean && y[1] == 4 && y[2] == (mean == 0 ? 0 : -INFINITY * mean));
        assert_true(y32[0] == -4 * (float)mean);
        assert_true(dx[0] == -4 * mean && dx[1] == 4);
        act_activation_destroy(a);
    }
}

static act_status from_output(double lower, double upper, act_state *s) {
    const int64_t n = 2;
    const double x[2] = {-2, 3}, dy[2] = {1, 1};
    double y[2], dx[2] = {-9, -9}, from_x[2];
    act_activation *a = NULL;
    assert_ok(act_rrelu_create(&a, lower, upper, 3));
    act_tensor tx = make_tensor(x, ACT_FLOAT64, 1, &n, NULL), ty = make_tensor(y, ACT_FLOAT64, 1, &n, NULL);
    act_tensor tdy = make_tensor(dy, ACT_FLOAT64, 1, &n, NULL), tdx = make_tensor(dx, ACT_FLOAT64, 1, &n, NULL);
    act_tensor tfrom_x = make_tensor(from_x, ACT_FLOAT64, 1, &n, NULL);
    assert_ok(act_forward(a, &tx, &ty, s));
    assert_ok(act_backward(a, &tx, NULL, s, &tdy, &tfrom_x));
    const act_status status = act_backward(a, NULL, &ty, s, &tdy, &tdx);
    if (status == ACT_OK)
        assert_memory_equal(dx, from_x, sizeof dx);
    else
        assert_true(dx[0] == -9 && dx[1] == -9);
    act_activation_destroy(a);
    return status;
}

static void from_output_where_no_slope_is_negative(void **state) {
    (void)state;
    act_state *s = make_state();
    assert_status(from_output(0.1, 0.3, s), ACT_OK);
    assert_status(from_output(0, 0.3, s), ACT_OK);
    assert_status(from_output(-0.1, 0.3, s), ACT_ERR_MISSING);
    assert_status(from_output(-0.1, 0.3, NULL), ACT_OK); /* the mean is positive */
    assert_status(from_output(-0.3, 0.1, NULL), ACT_ERR_MISSING);
    act_state_destroy(s);
}

/* 2^20 draws of one seed: mean and variance of U within five standard errors, 256 equal bins within reason. */
static void draws_are_uniform(void **state) {
    (void)state;
    enum { DRAWS = 1 << 20, BINS = 256 };
    for (act_dtype dtype = ACT_FLOAT32; dtype <= ACT_FLOAT64; dtype++) {
        void *u = test_elements(dtype, DRAWS);
        slopes_of(&(stream){0, 1, 2026, 0, 0, dtype}, u, DRAWS);
        double sum = 0, squares = 0, chi = 0, neighbours = 0, bins[BINS] = {0};
        for (int64_t i = 0; i < DRAWS; i++) {
            const double d = real_get(u, dtype, i) - 0.5;
            sum += d;
            squares += d * d;
            neighbours += i ? d * (real_get(u, dtype, i - 1) - 0.5) : 0;
            const double v = real_get(u, dtype, i);
            assert_true(v >= 0 && v < 1);
            bins[(int)(v * BINS)]++;
        }
        for (int b = 0; b < BINS; b++)
            chi += (bins[b] - DRAWS / BINS) * (bins[b] - DRAWS / BINS) / (DRAWS / BINS);
        CHECK(fabs(sum / DRAWS) < 5 * 0.28867513 / 1024, "mean off by %g", sum / DRAWS);
        CHECK(fabs(squares / DRAWS - 1.0 / 12) < 5 * 0.0745356 / 1024, "variance is %g", squares / DRAWS);
        CHECK(fabs(neighbours / DRAWS) < 5 * (1.0 / 12) / 1024, "neighbours correlate: %g", neighbours / DRAWS);
        CHECK(chi > 160 && chi < 370, "chi-square of 255 degrees is %g", chi);
        free(u);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vectors),
        cmocka_unit_test(slopes_follow_the_written_stream),
        cmocka_unit_test(indices_beyond_32_bits),
        cmocka_unit_test(offsets_wrap),
        cmocka_unit_test(golden_slopes),
        cmocka_unit_test(steps_count_and_replay),
        cmocka_unit_test(shards_equal_the_whole),
        cmocka_unit_test(any_layout_forward_and_backward),
        cmocka_unit_test(backward_uses_what_forward_drew),
        cmocka_unit_test(evaluation_takes_the_mean),
        cmocka_unit_test(from_output_where_no_slope_is_negative),
        cmocka_unit_test(draws_are_uniform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
