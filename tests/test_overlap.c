/* Which elements share memory: against brute force over small views, and what running makes of it. */
#include "support.h"

#include "overlap.h"

enum { ROOM = 512, MAX_RANK = 4 };
static _Alignas(64) float room[ROOM];

/* A random view around the middle of the room; x * y * z * w elements at most. */
typedef struct sample {
    act_tensor tensor;
    int64_t shape[MAX_RANK], strides[MAX_RANK], offset;
} sample;

static void draw(sample *s, uint64_t *seed) {
    static const int64_t extents[] = {0, 1, 1, 2, 2, 2, 3, 3, 4, 5};
    const int32_t rank = (int32_t)random_between(seed, 0, MAX_RANK);
    for (int32_t d = 0; d < rank; d++) {
        s->shape[d] = extents[random_between(seed, 0, COUNT_OF(extents) - 1)];
        s->strides[d] = random_between(seed, -6, 6);
    }
    s->offset = ROOM / 2 + random_between(seed, -20, 20);
    s->tensor = make_tensor(room + s->offset, ACT_FLOAT32, rank, s->shape, s->strides);
}

/* Adds 1 to the counter of each element's place; returns the elements. */
static int64_t mark(const sample *s, unsigned char *counters) {
    int64_t count = 1;
    for (int32_t d = 0; d < s->tensor.ndim; d++)
        count *= s->shape[d];
    for (int64_t i = 0; i < count; i++) {
        int64_t rest = i, place = s->offset;
        for (int32_t d = 0; d < s->tensor.ndim; d++) {
            place += rest % s->shape[d] * s->strides[d];
            rest /= s->shape[d];
        }
        assert_in_range(place, 0, ROOM - 1);
        counters[place] = counters[place] < 255 ? (unsigned char)(counters[place] + 1) : 255;
    }
    return count;
}

static int brute_itself(const sample *s) {
    unsigned char counters[ROOM] = {0};
    mark(s, counters);
    for (int i = 0; i < ROOM; i++)
        if (counters[i] > 1)
            return 1;
    return 0;
}

static int brute_overlap(const sample *a, const sample *b) {
    unsigned char of_a[ROOM] = {0}, of_b[ROOM] = {0};
    mark(a, of_a);
    mark(b, of_b);
    for (int i = 0; i < ROOM; i++)
        if (of_a[i] && of_b[i])
            return 1;
    return 0;
}

static void show(const char *name, const sample *s) {
    print_error("%s: offset %d", name, (int)s->offset);
    for (int32_t d = 0; d < s->tensor.ndim; d++)
        print_error("  %d by %d", (int)s->shape[d], (int)s->strides[d]);
    print_error("\n");
}

static void random_views_against_themselves(void **unused) {
    (void)unused;
    uint64_t seed = 3;
    int yes = 0;
    for (int i = 0; i < 100000; i++) {
        sample s;
        act__view v;
        draw(&s, &seed);
        assert_ok(act__view_open(&v, &s.tensor, "s"));
        const int wanted = brute_itself(&s);
        if (act__overlaps_itself(&v) != wanted) {
            show("s", &s);
            fail_msg("overlaps_itself is not %d", wanted);
        }
        yes += wanted;
    }
    assert_in_range(yes, 20000, 80000); /* the sample has both */
}

static void random_views_against_each_other(void **unused) {
    (void)unused;
    uint64_t seed = 4;
    int yes = 0;
    for (int i = 0; i < 100000; i++) {
        sample a, b;
        act__view v, w;
        draw(&a, &seed);
        draw(&b, &seed);
        assert_ok(act__view_open(&v, &a.tensor, "a"));
        assert_ok(act__view_open(&w, &b.tensor, "b"));
        const int wanted = brute_overlap(&a, &b);
        if (act__overlap(&v, &w) != wanted || act__overlap(&w, &v) != wanted) {
            show("a", &a);
            show("b", &b);
            fail_msg("overlap is not %d", wanted);
        }
        yes += wanted;
    }
    assert_in_range(yes, 10000, 90000);
}

/* Overlap of views of one shape at addresses that nobody reads. */
static int far_overlap(int32_t ndim, const int64_t *shape, const int64_t *strides, const int64_t *other,
                       int64_t shift) {
    const uintptr_t base = (uintptr_t)1 << 44;
    const act_tensor s = make_tensor((void *)base, ACT_FLOAT32, ndim, shape, strides);
    const act_tensor t = make_tensor((void *)(base + (uintptr_t)(4 * shift)), ACT_FLOAT32, ndim, shape, other);
    act__view v, w;
    assert_ok(act__view_open(&v, &s, "v"));
    assert_ok(act__view_open(&w, &t, "w"));
    assert_int_equal(act__overlap(&v, &w), act__overlap(&w, &v));
    return act__overlap(&v, &w);
}

static void large_views_cut_from_one_array(void **unused) {
    (void)unused;
    const int64_t *columns = STRIDES(2000, 2), *image = STRIDES(600000, 2000, 4);
    assert_false(far_overlap(DIMS(1000, 1000), columns, columns, 1));   /* [:, ::2] and [:, 1::2] */
    assert_true(far_overlap(DIMS(1000, 1000), columns, columns, 2));    /* shifted by a column */
    assert_true(far_overlap(DIMS(1000, 1000), columns, columns, 2000)); /* shifted by a row */
    assert_false(far_overlap(DIMS(1000, 1000), columns, columns, 1999));
    assert_false(far_overlap(DIMS(1000, 500), STRIDES(1000, 1), STRIDES(1000, 1), 500)); /* halves of rows */
    assert_true(far_overlap(DIMS(1000, 501), STRIDES(1000, 1), STRIDES(1000, 1), 500));
    assert_false(far_overlap(DIMS(1000, 1000), NULL, NULL, 1000000)); /* side by side */
    assert_true(far_overlap(DIMS(1000, 1000), NULL, NULL, 999999));
    assert_true(far_overlap(DIMS(1000, 1000), NULL, STRIDES(1, 1000), 0)); /* transposed */
    assert_true(far_overlap(DIMS(1000), STRIDES(1), STRIDES(-1), 0));      /* reversed */
    assert_false(far_overlap(DIMS(1000), STRIDES(1), STRIDES(-1), -1));
    for (int64_t channel = 1; channel < 4; channel++) /* channels of NHWC */
        assert_false(far_overlap(DIMS(64, 300, 500), image, image, channel));
}

static act_status shifted(int64_t shift, int64_t n) {
    act_activation *a = make_kind(ACT_RELU);
    float buffer[64], before[64];
    for (int i = 0; i < 64; i++)
        before[i] = buffer[i] = (float)(i % 7 - 3);
    const act_tensor x = make_tensor(buffer + 16, ACT_FLOAT32, 1, &n, NULL);
    act_tensor y = make_tensor(buffer + 16 + shift, ACT_FLOAT32, 1, &n, NULL);
    forget_error();
    const act_status status = act_forward(a, &x, &y, NULL);
    if (status != ACT_OK)
        assert_memory_equal(buffer, before, sizeof buffer);
    for (int64_t i = 0; i < n && status == ACT_OK; i++)
        assert_true(buffer[16 + shift + i] == (before[16 + i] > 0 ? before[16 + i] : 0));
    act_activation_destroy(a);
    return status;
}

static void forward_in_place_or_apart(void **unused) {
    (void)unused;
    for (int64_t n = 1; n <= 16; n++) {
        for (int64_t shift = -16; shift <= 16; shift++) {
            const int partial = shift != 0 && shift > -n && shift < n;
            assert_status(shifted(shift, n), partial ? ACT_ERR_OVERLAP : ACT_OK);
            if (partial)
                assert_non_null(strstr(act_last_error(), "y shares some memory with x"));
        }
    }
}

/* Forward of negation-free relu between two views of one 6 x 8 buffer of negative numbers. */
static act_status between(const int64_t *shape, const int64_t *from, int64_t at, const int64_t *to, int64_t out) {
    act_activation *a = make_kind(ACT_RELU);
    float buffer[48];
    for (int i = 0; i < 48; i++)
        buffer[i] = (float)(-1 - i);
    const act_tensor x = make_tensor(buffer + at, ACT_FLOAT32, 2, shape, from);
    act_tensor y = make_tensor(buffer + out, ACT_FLOAT32, 2, shape, to);
    const act_status status = act_forward(a, &x, &y, NULL);
    int zeros = 0;
    for (int i = 0; i < 48; i++)
        zeros += buffer[i] == 0;
    assert_int_equal(zeros, status == ACT_OK ? shape[0] * shape[1] : 0);
    act_activation_destroy(a);
    return status;
}

static void forward_between_views_of_one_buffer(void **unused) {
    (void)unused;
    const int64_t *rows = STRIDES(8, 1), *columns = STRIDES(8, 2);
    assert_ok(between(STRIDES(6, 4), columns, 0, columns, 1));
    assert_ok(between(STRIDES(6, 4), columns, 1, columns, 0));
    assert_ok(between(STRIDES(6, 4), rows, 0, rows, 4));
    assert_ok(between(STRIDES(6, 4), columns, 0, columns, 0)); /* exactly in place, with gaps */
    assert_ok(between(STRIDES(3, 8), STRIDES(16, 1), 0, STRIDES(16, 1), 8));
    assert_ok(between(STRIDES(1, 8), STRIDES(77, 1), 0, STRIDES(-5, 1), 0)); /* in place: extent 1 has no stride */
    assert_ok(between(STRIDES(1, 4), STRIDES(77, 2), 0, STRIDES(-5, 2), 0)); /* also with gaps */
    assert_ok(between(STRIDES(2, 3), STRIDES(0, 0), 47, STRIDES(3, 1), 0));  /* a broadcast input */
    assert_status(between(STRIDES(6, 4), columns, 0, columns, 2), ACT_ERR_OVERLAP);
    assert_status(between(STRIDES(6, 5), rows, 0, rows, 3), ACT_ERR_OVERLAP);
    assert_status(between(STRIDES(6, 6), rows, 0, STRIDES(1, 8), 0), ACT_ERR_OVERLAP);  /* transposed in place */
    assert_status(between(STRIDES(6, 4), rows, 0, STRIDES(8, -1), 3), ACT_ERR_OVERLAP); /* reversed in place */
    assert_status(between(STRIDES(2, 3), STRIDES(0, 1), 0, STRIDES(3, 1), 0), ACT_ERR_OVERLAP);
}

static void outputs_may_not_overlap_themselves(void **unused) {
    (void)unused;
    assert_status(between(STRIDES(2, 3), STRIDES(3, 1), 0, STRIDES(0, 1), 10), ACT_ERR_LAYOUT);
    assert_status(between(STRIDES(2, 3), STRIDES(3, 1), 0, STRIDES(3, 0), 10), ACT_ERR_LAYOUT);
    assert_status(between(STRIDES(2, 3), STRIDES(3, 1), 0, STRIDES(2, 1), 10), ACT_ERR_LAYOUT);
    assert_status(between(STRIDES(2, 3), STRIDES(3, 1), 0, STRIDES(1, -1), 20), ACT_ERR_LAYOUT);
    assert_status(between(STRIDES(3, 4), STRIDES(4, 1), 0, STRIDES(3, 2), 20), ACT_ERR_LAYOUT);
    assert_ok(between(STRIDES(2, 3), STRIDES(3, 1), 0, STRIDES(3, 2), 20)); /* 0 2 4, 3 5 7: interlocked */
    assert_ok(between(STRIDES(1, 3), STRIDES(3, 1), 0, STRIDES(0, 1), 20));
    assert_ok(between(STRIDES(0, 3), STRIDES(3, 1), 0, STRIDES(0, 0), 20));
}

/* dx over each input in turn; the buffer holds x, y and dy of 8 elements 16 apart. */
static act_status backward_onto(int64_t place, int with_y) {
    act_activation *a = make_kind(ACT_SIGMOID);
    float buffer[64], before[64];
    const int64_t n = 8;
    for (int i = 0; i < 64; i++)
        before[i] = buffer[i] = (float)(i % 5 - 2) / 4;
    const act_tensor x = make_tensor(buffer, ACT_FLOAT32, 1, &n, NULL);
    const act_tensor y = make_tensor(buffer + 16, ACT_FLOAT32, 1, &n, NULL);
    const act_tensor dy = make_tensor(buffer + 32, ACT_FLOAT32, 1, &n, NULL);
    act_tensor dx = make_tensor(buffer + place, ACT_FLOAT32, 1, &n, NULL);
    const act_status status = act_backward(a, &x, with_y ? &y : NULL, NULL, &dy, &dx);
    assert_int_equal(memcmp(buffer, before, sizeof buffer) == 0, status != ACT_OK);
    act_activation_destroy(a);
    return status;
}

static void backward_in_place_or_apart(void **unused) {
    (void)unused;
    for (int64_t place = 0; place <= 48; place++) {
        const int64_t within = place % 16;
        const int clear = within == 0 || (within == 8);
        assert_status(backward_onto(place, 1), clear || place > 40 ? ACT_OK : ACT_ERR_OVERLAP);
    }
    assert_ok(backward_onto(17, 0)); /* y is not part of the call */
    assert_status(backward_onto(1, 0), ACT_ERR_OVERLAP);
    assert_non_null(strstr(act_last_error(), "dx shares some memory with x"));
    assert_status(backward_onto(33, 0), ACT_ERR_OVERLAP);
    assert_non_null(strstr(act_last_error(), "dx shares some memory with dy"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_views_against_themselves),     cmocka_unit_test(random_views_against_each_other),
        cmocka_unit_test(large_views_cut_from_one_array),      cmocka_unit_test(forward_in_place_or_apart),
        cmocka_unit_test(forward_between_views_of_one_buffer), cmocka_unit_test(outputs_may_not_overlap_themselves),
        cmocka_unit_test(backward_in_place_or_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
