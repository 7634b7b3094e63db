/* States: what a forward leaves in one, how much, and for which backward it is good. */
#include "support.h"

#include <math.h>

enum { MOST = 64 };

/* x, y, dy and dx of one layer call, float32. */
typedef struct layer {
    float x[MOST], y[MOST], dy[MOST], dx[MOST];
    int64_t shape[2];
} layer;

static void fill(layer *l) {
    for (int i = 0; i < MOST; i++) {
        l->x[i] = (float)(i % 5 - 2);
        l->dy[i] = (float)(i + 1);
    }
    set_canary(l->y, sizeof l->y);
    set_canary(l->dx, sizeof l->dx);
}

static act_status forward(const act_activation *a, layer *l, int32_t ndim, act_state *s) {
    const act_tensor x = make_tensor(l->x, ACT_FLOAT32, ndim, l->shape, NULL);
    act_tensor y = make_tensor(l->y, ACT_FLOAT32, ndim, l->shape, NULL);
    return act_forward(a, &x, &y, s);
}

/* Backward from x where it is given, and the state. */
static act_status backward(act_activation *a, layer *l, int32_t ndim, const act_state *s, int with_x) {
    const act_tensor x = make_tensor(l->x, ACT_FLOAT32, ndim, l->shape, NULL);
    const act_tensor dy = make_tensor(l->dy, ACT_FLOAT32, ndim, l->shape, NULL);
    act_tensor dx = make_tensor(l->dx, ACT_FLOAT32, ndim, l->shape, NULL);
    return act_backward(a, with_x ? &x : NULL, NULL, s, &dy, &dx);
}

static void check_relu_gradient(const layer *l, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        assert_true(l->dx[i] == (l->x[i] > 0 ? l->dy[i] : 0));
    assert_canary(l->dx + n, sizeof l->dx - (size_t)n * sizeof *l->dx);
}

static void null_pointers(void **unused) {
    (void)unused;
    act_state *s = make_state(), *const before = s, *out = before;
    uint64_t number = 77;
    act_state_destroy(NULL);
    assert_int_equal(act_state_bytes(NULL), 0);
    assert_refused(act_state_create(NULL), ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    assert_refused(act_state_clone(NULL, s), ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    assert_refused(act_state_clone(&out, NULL), ACT_ERR_INVALID_ARGUMENT, "state is NULL");
    assert_refused(act_state_get_step(NULL, s), ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    assert_refused(act_state_get_step(&number, NULL), ACT_ERR_INVALID_ARGUMENT, "state is NULL");
    assert_refused(act_state_set_step(NULL, 1), ACT_ERR_INVALID_ARGUMENT, "state is NULL");
    assert_refused(act_state_get_offset(NULL, s), ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    assert_refused(act_state_get_offset(&number, NULL), ACT_ERR_INVALID_ARGUMENT, "state is NULL");
    assert_refused(act_state_set_offset(NULL, 1), ACT_ERR_INVALID_ARGUMENT, "state is NULL");
    assert_ptr_equal(out, before);
    assert_int_equal(number, 77);
    act_state_destroy(s);
}

static void check_counters(const act_state *s, uint64_t step, uint64_t offset) {
    uint64_t number = 77;
    assert_ok(act_state_get_step(&number, s));
    assert_true(number == step);
    assert_ok(act_state_get_offset(&number, s));
    assert_true(number == offset);
}

static void steps_and_offsets(void **unused) {
    (void)unused;
    act_state *s = make_state(), *copy = NULL;
    check_counters(s, 0, 0);
    assert_ok(act_state_set_step(s, UINT64_MAX));
    assert_ok(act_state_set_offset(s, UINT64_MAX - 1));
    check_counters(s, UINT64_MAX, UINT64_MAX - 1);
    assert_ok(act_state_clone(&copy, s));
    assert_ok(act_state_set_step(s, 5));
    check_counters(copy, UINT64_MAX, UINT64_MAX - 1);
    check_counters(s, 5, UINT64_MAX - 1);
    act_state_destroy(s);
    act_state_destroy(copy);
}

/* Every kind; a refused forward adds nothing. */
static void each_forward_adds_a_step(void **unused) {
    (void)unused;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        act_activation *a = make_any(kind);
        act_state *s = make_state();
        float x[8] = {0}, y[16];
        const act_tensor in = make_tensor(x, ACT_FLOAT32, DIMS(2, 4), NULL);
        act_tensor out = make_tensor(y, ACT_FLOAT32, 2,
                                     kind == ACT_MAXOUT  ? STRIDES(2, 3)
                                     : kind == ACT_CRELU ? STRIDES(2, 8)
                                                         : STRIDES(2, 4),
                                     NULL);
        assert_ok(act_state_set_offset(s, 9));
        assert_ok(act_forward(a, &in, &out, s));
        assert_ok(act_forward(a, &in, &out, s));
        check_counters(s, 2, 9);
        out.ndim = 1;
        assert_refused(act_forward(a, &in, &out, s), ACT_ERR_SHAPE, "y");
        check_counters(s, 2, 9);
        act_activation_destroy(a);
        act_state_destroy(s);
    }
}

static uint64_t bytes_after(act_activation *a, act_state *s, int64_t rows, int64_t columns) {
    layer l = {.shape = {rows, columns}};
    fill(&l);
    assert_ok(forward(a, &l, 2, s));
    return act_state_bytes(s);
}

static void records_are_as_small_as_promised(void **unused) {
    (void)unused;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        if (!shaped_like_x(kind))
            continue;
        for (int64_t n = 0; n <= 33; n++) {
            act_activation *a = make_any(kind);
            act_state *s = make_state();
            const int has_bits = kind == ACT_RELU || kind == ACT_LEAKY_RELU;
            assert_int_equal(act_state_bytes(s), 0);
            assert_int_equal(bytes_after(a, s, 1, n), has_bits ? (n + 7) / 8 : 0);
            act_activation_destroy(a);
            act_state_destroy(s);
        }
    }
}

static void maxout_keeps_a_byte_a_unit(void **unused) {
    (void)unused;
    act_activation *a = make_any(ACT_MAXOUT);
    act_state *s = make_state();
    for (int64_t rows = 5; rows >= 0; rows--) {
        float x[20] = {0}, y[15];
        const act_tensor in = make_tensor(x, ACT_FLOAT32, DIMS(rows, 4), NULL);
        act_tensor out = make_tensor(y, ACT_FLOAT32, DIMS(rows, 3), NULL);
        assert_ok(act_forward(a, &in, &out, s));
        assert_int_equal(act_state_bytes(s), 3 * rows);
    }
    act_activation_destroy(a);
    act_state_destroy(s);
}

/* The bytes are the last forward's, whatever the one before it left. */
static void records_do_not_outlive_their_forward(void **unused) {
    (void)unused;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        if (kind == ACT_RELU || kind == ACT_LEAKY_RELU || !shaped_like_x(kind))
            continue; /* which keep something, or are tested elsewhere */
        act_activation *relu = make_kind(ACT_RELU), *a = make_kind(kind);
        act_state *s = make_state();
        assert_int_equal(bytes_after(relu, s, 4, 8), 4);
        const uint64_t bytes = bytes_after(a, s, 4, 8);
        if (bytes)
            fail_msg("%s after relu keeps %d bytes", act_kind_name(kind), (int)bytes);
        act_activation_destroy(relu);
        act_activation_destroy(a);
        act_state_destroy(s);
    }
}

static void bits_give_the_gradient(void **unused) {
    (void)unused;
    for (int64_t n = 0; n <= MOST; n++) {
        act_activation *a = make_kind(ACT_RELU);
        act_state *s = make_state();
        layer l = {.shape = {n}};
        fill(&l);
        assert_ok(forward(a, &l, 1, s));
        assert_ok(backward(a, &l, 1, s, 0));
        check_relu_gradient(&l, n);
        act_activation_destroy(a);
        act_state_destroy(s);
    }
}

static void states_grow_and_shrink(void **unused) {
    (void)unused;
    static const int64_t sizes[] = {5, 64, 0, 1, 17, 64, 8, 63};
    act_activation *a = make_kind(ACT_RELU);
    act_state *s = make_state();
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        layer l = {.shape = {sizes[i]}};
        fill(&l);
        l.x[0] = (float)i - 2;
        assert_ok(forward(a, &l, 1, s));
        assert_int_equal(act_state_bytes(s), (sizes[i] + 7) / 8);
        assert_ok(backward(a, &l, 1, s, 0));
        check_relu_gradient(&l, sizes[i]);
    }
    act_activation_destroy(a);
    act_state_destroy(s);
}

static void check_refused(act_activation *a, layer *l, int32_t ndim, const act_state *s, const char *says) {
    for (int with_x = 0; with_x < 2; with_x++) {
        assert_refused(backward(a, l, ndim, s, with_x), ACT_ERR_STATE, says);
        assert_canary(l->dx, sizeof l->dx);
    }
}

/* All kinds shaped like x, and x given or not. */
static void states_of_something_else_are_refused(void **unused) {
    (void)unused;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        if (!shaped_like_x(kind))
            continue;
        act_activation *a = make_kind(kind), *other = make_kind(kind);
        act_state *s = make_state();
        layer l = {.shape = {2, 6}};
        fill(&l);
        check_refused(a, &l, 2, s, "no forward");
        assert_ok(forward(other, &l, 2, s));
        check_refused(a, &l, 2, s, "another activation");
        assert_ok(forward(a, &l, 2, s));
        check_refused(other, &l, 2, s, "another activation");
        l.shape[0] = 3;
        l.shape[1] = 4;
        check_refused(a, &l, 2, s, "2 in dimension 0, but dy has 3");
        l.shape[0] = 12;
        check_refused(a, &l, 1, s, "rank 2, but dy has rank 1");
        act_activation_destroy(a);
        act_activation_destroy(other);
        act_state_destroy(s);
    }
}

static void maxout_refuses_them_too(void **unused) {
    (void)unused;
    act_activation *a = make_any(ACT_MAXOUT), *other = make_any(ACT_MAXOUT);
    act_state *s = make_state();
    float x[12] = {0}, y[9], dx[12];
    const act_tensor in = make_tensor(x, ACT_FLOAT32, DIMS(2, 4), NULL),
                     wide = make_tensor(x, ACT_FLOAT32, DIMS(3, 4), NULL);
    act_tensor out = make_tensor(y, ACT_FLOAT32, DIMS(2, 3), NULL),
               wide_dy = make_tensor(y, ACT_FLOAT32, DIMS(3, 3), NULL);
    act_tensor din = make_tensor(dx, ACT_FLOAT32, DIMS(2, 4), NULL),
               wide_dx = make_tensor(dx, ACT_FLOAT32, DIMS(3, 4), NULL);
    set_canary(dx, sizeof dx);
    memset(y, 0, sizeof y);
    assert_refused(act_backward(a, &in, NULL, s, &out, &din), ACT_ERR_STATE, "no forward");
    assert_ok(act_forward(other, &in, &out, s));
    assert_refused(act_backward(a, &in, NULL, s, &out, &din), ACT_ERR_STATE, "another activation");
    assert_ok(act_forward(a, &in, &out, s));
    assert_refused(act_backward(a, &wide, NULL, s, &wide_dy, &wide_dx), ACT_ERR_STATE,
                   "2 in dimension 0, but dy has 3");
    assert_canary(dx, sizeof dx);
    act_activation_destroy(a);
    act_activation_destroy(other);
    act_state_destroy(s);
}

/* An activation made where another was destroyed is another activation. */
static void a_new_object_is_not_the_old_one(void **unused) {
    (void)unused;
    act_state *s = make_state();
    layer l = {.shape = {4}};
    fill(&l);
    act_activation *a = make_kind(ACT_RELU);
    assert_ok(forward(a, &l, 1, s));
    act_activation_destroy(a);
    a = make_kind(ACT_RELU);
    check_refused(a, &l, 1, s, "another activation");
    act_activation_destroy(a);
    act_state_destroy(s);
}

static void clones_carry_the_record(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_RELU);
    act_state *s = make_state(), *copy = NULL;
    layer l = {.shape = {3, 7}}, later = {.shape = {2}};
    fill(&l);
    fill(&later);
    l.x[4] = NAN;
    assert_ok(forward(a, &l, 2, s));
    assert_ok(act_state_clone(&copy, s));
    assert_int_equal(act_state_bytes(copy), 6);
    check_counters(copy, 1, 0);
    assert_ok(forward(a, &later, 1, s));
    act_state_destroy(s);
    assert_ok(backward(a, &l, 2, copy, 0));
    assert_true(isnan(l.dx[4]));
    l.x[4] = l.dx[4] = 0;
    check_relu_gradient(&l, 21);
    act_activation_destroy(a);
    act_state_destroy(copy);
}

/* Memory kept for later records is not part of a copy. */
static void clones_share_nothing(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_RELU);
    act_state *s = make_state(), *copy = NULL;
    layer l = {.shape = {24}};
    fill(&l);
    l.x[4] = NAN;
    assert_ok(forward(a, &l, 1, s));
    l.shape[0] = 0;
    assert_ok(forward(a, &l, 1, s));
    test_allocator memory = {0};
    use_allocator(&memory);
    assert_ok(act_state_clone(&copy, s));
    use_allocator(NULL);
    assert_int_equal(act_state_bytes(copy), 0);
    act_state_destroy(s);
    l.shape[0] = 24;
    assert_ok(forward(a, &l, 1, copy));
    assert_ok(backward(a, &l, 1, copy, 0));
    assert_true(isnan(l.dx[4]) && l.dx[3] == 4);
    act_activation_destroy(a);
    act_state_destroy(copy);
    assert_int_equal(memory.live + memory.strange, 0);
}

static void check_nans(act_activation *a, int64_t n, uint64_t mask) {
    layer l = {.shape = {n}};
    act_state *s = make_state();
    fill(&l);
    for (int64_t i = 0; i < n; i++)
        if (mask >> i & 1)
            l.x[i] = i % 2 ? NAN : -NAN;
    assert_ok(forward(a, &l, 1, s));
    const uint64_t seen = n == 64 ? mask : mask & (((uint64_t)1 << n) - 1);
    assert_int_equal(act_state_bytes(s), (seen ? 2 : 1) * ((n + 7) / 8));
    assert_ok(backward(a, &l, 1, s, 0));
    for (int64_t i = 0; i < n; i++) {
        assert_int_equal(isnan(l.y[i]) != 0, seen >> i & 1);
        assert_int_equal(isnan(l.dx[i]) != 0, seen >> i & 1);
    }
    act_state_destroy(s);
}

static void nans_come_back_where_they_were(void **unused) {
    (void)unused;
    static const char *const specs[] = {"relu", "leaky_relu", "leaky_relu(slope=-1)", "leaky_relu(slope=0)"};
    uint64_t seed = 5;
    for (size_t i = 0; i < COUNT_OF(specs); i++) {
        act_activation *a = make_spec(specs[i]);
        for (int64_t n = 1; n <= MOST; n++) {
            check_nans(a, n, 0);
            check_nans(a, n, UINT64_MAX);
            check_nans(a, n, (uint64_t)1 << (n - 1));
            check_nans(a, n, random_bits(&seed) & random_bits(&seed));
        }
        act_activation_destroy(a);
    }
}

/* Bits of NaN go when the next forward meets none. */
static void nans_are_forgotten(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_RELU);
    act_state *s = make_state();
    layer l = {.shape = {16}};
    fill(&l);
    l.x[3] = NAN;
    assert_ok(forward(a, &l, 1, s));
    assert_int_equal(act_state_bytes(s), 4);
    fill(&l);
    assert_ok(forward(a, &l, 1, s));
    assert_int_equal(act_state_bytes(s), 2);
    assert_ok(backward(a, &l, 1, s, 0));
    check_relu_gradient(&l, 16);
    act_activation_destroy(a);
    act_state_destroy(s);
}

/* No memory for the bits of NaN: forward is done, but backward asks for x. */
static void nans_without_memory(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_RELU);
    test_allocator memory = {.fail_first = 2, .fail_count = 1}; /* state, marks, then the bits of NaN */
    use_allocator(&memory);
    act_state *s = make_state();
    layer l = {.shape = {16}};
    fill(&l);
    l.x[3] = NAN;
    const act_status status = forward(a, &l, 1, s);
    use_allocator(NULL);
    assert_int_equal(status, ACT_OK);
    assert_int_equal(memory.failed, 1);
    assert_true(isnan(l.y[3]) && l.y[4] == 2);
    assert_int_equal(act_state_bytes(s), 2);
    assert_refused(backward(a, &l, 1, s, 0), ACT_ERR_STATE, "NaN");
    assert_canary(l.dx, sizeof l.dx);
    assert_ok(backward(a, &l, 1, s, 1));
    assert_true(isnan(l.dx[3]) && l.dx[4] == 5);
    assert_ok(forward(a, &l, 1, s)); /* with memory again */
    l.dx[3] = 0;
    assert_ok(backward(a, &l, 1, s, 0));
    assert_true(isnan(l.dx[3]));
    act_activation_destroy(a);
    act_state_destroy(s);
    assert_int_equal(memory.live, 0);
    assert_int_equal(memory.strange, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_pointers),
        cmocka_unit_test(steps_and_offsets),
        cmocka_unit_test(each_forward_adds_a_step),
        cmocka_unit_test(records_are_as_small_as_promised),
        cmocka_unit_test(maxout_keeps_a_byte_a_unit),
        cmocka_unit_test(records_do_not_outlive_their_forward),
        cmocka_unit_test(bits_give_the_gradient),
        cmocka_unit_test(states_grow_and_shrink),
        cmocka_unit_test(states_of_something_else_are_refused),
        cmocka_unit_test(maxout_refuses_them_too),
        cmocka_unit_test(a_new_object_is_not_the_old_one),
        cmocka_unit_test(clones_carry_the_record),
        cmocka_unit_test(clones_share_nothing),
        cmocka_unit_test(nans_come_back_where_they_were),
        cmocka_unit_test(nans_are_forgotten),
        cmocka_unit_test(nans_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
