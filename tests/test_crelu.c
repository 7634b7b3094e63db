/* CReLU against a plain loop over random views and axes, in the same bits from x and from y; what it refuses. */
#include "threads.h"
#include "views.h"

#include <math.h>

/* One logical call, all contiguous. y and dy have twice the elements. */
typedef struct layer {
    act_dtype dtype;
    int32_t rank, axis;
    int64_t shape[VIEW_RANK], twice[VIEW_RANK], count;
    void *x, *y, *dy, *dx, *got;
} layer;

static void layer_make(layer *l, rng *r) {
    memcpy(l->twice, l->shape, sizeof l->shape);
    l->twice[l->axis] *= 2;
    l->count = 1;
    for (int32_t d = 0; d < l->rank; d++)
        l->count *= l->shape[d];
    void **const all[] = {&l->x, &l->y, &l->dy, &l->dx, &l->got};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        *all[i] = test_elements(l->dtype, 2 * l->count);
    fill_any(l->x, l->dtype, l->count, r);
    fill_any(l->dy, l->dtype, 2 * l->count, r);
}

static void layer_free(layer *l) {
    void *const all[] = {l->x, l->y, l->dy, l->dx, l->got};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        free(all[i]);
}

static void naive(layer *l) {
    int64_t inner = l->shape[l->axis];
    for (int32_t d = l->axis + 1; d < l->rank; d++)
        inner *= l->shape[d];
    for (int64_t i = 0; i < l->count; i++) {
        const int64_t above = i / inner * 2 * inner + i % inner, below = above + inner;
        const double x = real_get(l->x, l->dtype, i), dy_above = real_get(l->dy, l->dtype, above),
                     dy_below = real_get(l->dy, l->dtype, below);
        real_set(l->y, l->dtype, above, x <= 0 ? 0 : x);
        real_set(l->y, l->dtype, below, x >= 0 ? 0 : -x);
        real_set(l->dx, l->dtype, i, x > 0 ? dy_above : x < 0 ? -dy_below : isnan(x) ? x : 0);
    }
}

static act_activation *crelu_of(int32_t axis) {
    act_activation *a = make_kind(ACT_CRELU);
    assert_ok(act_activation_set_param(a, "axis", axis));
    return a;
}

static void forward_views(const layer *l, rng *r, const act_activation *a) {
    view x, y;
    view_make(&x, r, l->dtype, l->rank, l->shape, VIEW_OUTPUT);
    view_make(&y, r, l->dtype, l->rank, l->twice, VIEW_OUTPUT);
    view_put(&x, l->x);
    view_remember(&x);
    view_remember(&y);
    assert_ok(act_forward(a, &x.tensor, &y.tensor, NULL));
    view_get(&y, l->got);
    check_same(l->got, l->y, l->dtype, 2 * l->count, "y");
    view_check_gaps(&y, "y");
    view_check_unchanged(&x, "x");
    view_free(&x);
    view_free(&y);
}

enum { FROM_X, FROM_Y, IN_PLACE, SOURCES };

static void backward_views(const layer *l, rng *r, act_activation *a, int source) {
    view from, dy, dx;
    view_make(&from, r, l->dtype, l->rank, source == FROM_Y ? l->twice : l->shape, VIEW_OUTPUT);
    view_make(&dy, r, l->dtype, l->rank, l->twice, VIEW_OUTPUT);
    view_make(&dx, r, l->dtype, l->rank, l->shape, VIEW_OUTPUT);
    view_put(&from, source == FROM_Y ? l->y : l->x);
    view_put(&dy, l->dy);
    view_remember(&from);
    view_remember(&dy);
    view_remember(&dx);
    view *out = source == IN_PLACE ? &from : &dx;
    const act_tensor *x = source == FROM_Y ? NULL : &from.tensor, *y = source == FROM_Y ? &from.tensor : NULL;
    assert_ok(act_backward(a, x, y, NULL, &dy.tensor, &out->tensor));
    view_get(out, l->got);
    check_same(l->got, l->dx, l->dtype, l->count, "dx");
    view_check_gaps(out, "dx");
    view_check_unchanged(&dy, "dy");
    view_check_unchanged(source == IN_PLACE ? &dx : &from, "what is not dx");
    view_free(&from);
    view_free(&dy);
    view_free(&dx);
}

static void random_case(int64_t number, int64_t most) {
    rng r = rng_for(40, (uint64_t)number);
    layer l = {.dtype = rng_dtype(&r)};
    do
        l.rank = random_shape(&r, l.shape, most);
    while (l.rank == 0);
    l.axis = (int32_t)rng_below(&r, l.rank);
    layer_make(&l, &r);
    naive(&l);
    test_case_is("%lld: rank %d, axis %d, %lld elements", (long long)number, l.rank, l.axis, (long long)l.count);
    act_activation *a = crelu_of(rng_once_in(&r, 2) ? l.axis : l.axis - l.rank);
    act__isa_force(isa_number((int)rng_below(&r, isa_count())));
    assert_ok(act_set_num_threads(1 + (int32_t)rng_below(&r, 4)));
    forward_views(&l, &r, a);
    for (int source = 0; source < SOURCES; source++)
        backward_views(&l, &r, a, source);
    act__isa_force(NULL);
    assert_ok(act_set_num_threads(1));
    act_activation_destroy(a);
    layer_free(&l);
}

static void random_views(void **state) {
    (void)state;
    const int64_t cases = test_cases(2000);
    for (int64_t i = 0; i < cases; i++)
        random_case(i, 400);
}

static void large_views(void **state) {
    (void)state;
    const int64_t cases = test_cases(6);
    for (int64_t i = 0; i < cases; i++)
        random_case(100000 + i, 3 * ACT__GRAIN);
}

/* Between types that mix: what is written is x, -x, dy or -dy, rounded where its type is narrower. */
static void run_types(act_dtype from, act_dtype to) {
    enum { N = 1000 };
    const act__convert_kernels *convert = isa_number(0)->convert[ACT__REAL64];
    uint16_t x[2 * N];
    _Alignas(64) char y[2 * N * sizeof(float)], dx[2 * N];
    double wide_x[2 * N], wide_y[2 * N], wide_dx[N];
    rng r = rng_for(41, (uint64_t)from);
    for (int i = 0; i < 2 * N; i++)
        x[i] = (uint16_t)rng_below(&r, 0x7c00) | (uint16_t)(rng_below(&r, 2) << 15);
    const act_tensor tx = make_tensor(x, from, DIMS(1, N), NULL), tdy = make_tensor(x, from, DIMS(1, 2 * N), NULL);
    act_tensor ty = make_tensor(y, to, DIMS(1, 2 * N), NULL), tdx = make_tensor(dx, from, DIMS(1, N), NULL);
    act_activation *a = make_kind(ACT_CRELU);
    test_case_is("types %d and %d", from, to);
    assert_ok(act_forward(a, &tx, &ty, NULL));
    assert_ok(act_backward(a, NULL, &ty, NULL, &tdy, &tdx));
    convert->widen[from](x, wide_x, 2 * N);
    convert->widen[from](dx, wide_dx, N);
    convert->widen[to](y, wide_y, 2 * N);
    for (int i = 0; i < N; i++) {
        CHECK(wide_y[i] == (wide_x[i] > 0 ? wide_x[i] : 0) && wide_y[N + i] == (wide_x[i] < 0 ? -wide_x[i] : 0),
              "y %d", i);
        CHECK(wide_dx[i] == (wide_x[i] > 0 ? wide_x[i] : wide_x[i] < 0 ? -wide_x[N + i] : 0), "dx %d", i);
    }
    act_activation_destroy(a);
}

static void narrow_types(void **state) {
    (void)state;
    run_types(ACT_FLOAT16, ACT_FLOAT16);
    run_types(ACT_BFLOAT16, ACT_BFLOAT16);
    run_types(ACT_FLOAT16, ACT_FLOAT32);
    run_types(ACT_BFLOAT16, ACT_FLOAT32);
}

static void states_are_taken_and_kept_empty(void **state) {
    (void)state;
    const float x[2] = {-3, 4}, dy[4] = {1, 2, 5, 7};
    float y[4], dx[2];
    const act_tensor tx = make_tensor(x, ACT_FLOAT32, DIMS(1, 2), NULL),
                     tdy = make_tensor(dy, ACT_FLOAT32, DIMS(1, 4), NULL);
    act_tensor ty = make_tensor(y, ACT_FLOAT32, DIMS(1, 4), NULL),
               tdx = make_tensor(dx, ACT_FLOAT32, DIMS(1, 2), NULL);
    act_activation *a = make_kind(ACT_CRELU), *other = make_kind(ACT_CRELU);
    act_state *s = make_state();
    assert_int_equal(act_backward_needs(a), ACT_NEEDS_INPUT | ACT_NEEDS_OUTPUT);
    assert_ok(act_forward(a, &tx, &ty, s));
    assert_true(y[0] == 0 && y[1] == 4 && y[2] == 3 && y[3] == 0);
    assert_int_equal(act_state_bytes(s), 0);
    assert_refused(act_backward(a, NULL, NULL, s, &tdy, &tdx), ACT_ERR_MISSING, "x, y");
    assert_refused(act_backward(other, &tx, NULL, s, &tdy, &tdx), ACT_ERR_STATE, "another activation");
    assert_ok(act_backward(a, NULL, &ty, s, &tdy, &tdx));
    assert_true(dx[0] == -5 && dx[1] == 2);
    act_activation_destroy(a);
    act_activation_destroy(other);
    act_state_destroy(s);
}

static void what_is_refused(void **state) {
    (void)state;
    float data[3][32];
    const act_tensor x = make_tensor(data[0], ACT_FLOAT32, DIMS(2, 3, 2), NULL),
                     line = make_tensor(data[0], ACT_FLOAT32, DIMS(3), NULL),
                     flat = make_tensor(data[0], ACT_FLOAT32, DIMS(2, 6), NULL);
    act_tensor y = make_tensor(data[1], ACT_FLOAT32, DIMS(2, 6, 2), NULL),
               same = make_tensor(data[1], ACT_FLOAT32, DIMS(2, 3, 2), NULL),
               other = make_tensor(data[1], ACT_FLOAT32, DIMS(4, 3, 2), NULL),
               wide = make_tensor(data[1], ACT_FLOAT64, DIMS(1, 2), NULL),
               on_x = make_tensor(data[0], ACT_FLOAT32, DIMS(2, 6, 2), NULL),
               six = make_tensor(data[1], ACT_FLOAT32, DIMS(6), NULL),
               twice = make_tensor(data[1], ACT_FLOAT32, DIMS(2, 6, 2), STRIDES(12, 0, 1)),
               dx = make_tensor(data[2], ACT_FLOAT32, DIMS(2, 3, 2), NULL),
               on_y = make_tensor(data[1] + 2, ACT_FLOAT32, DIMS(2, 3, 2), NULL);
    const act_tensor one = make_tensor(data[0], ACT_FLOAT32, DIMS(1, 1), NULL),
                     huge = make_tensor(NULL, ACT_FLOAT32, DIMS(0, INT64_MAX), NULL);
    act_tensor huge_y = make_tensor(NULL, ACT_FLOAT32, DIMS(0, INT64_MAX - 1), NULL);
    act_activation *a = make_kind(ACT_CRELU);
    set_canary(data, sizeof data);
    assert_refused(act_forward(a, &x, &same, NULL), ACT_ERR_SHAPE, "dimension 1 is 3, expected twice the 3 of x");
    assert_refused(act_forward(a, &x, &other, NULL), ACT_ERR_SHAPE, "dimension 0 is 4, expected the 2 of x");
    assert_refused(act_forward(a, &flat, &y, NULL), ACT_ERR_SHAPE, "rank is 3");
    assert_refused(act_forward(a, &line, &six, NULL), ACT_ERR_SHAPE, "axis is 1");
    assert_refused(act_forward(a, &one, &wide, NULL), ACT_ERR_DTYPE, "float64");
    assert_refused(act_forward(a, &x, &on_x, NULL), ACT_ERR_OVERLAP, "y");
    assert_refused(act_forward(a, &x, &twice, NULL), ACT_ERR_LAYOUT, "y");
    assert_refused(act_forward(a, &huge, &huge_y, NULL), ACT_ERR_SHAPE, "twice");
    assert_refused(act_backward(a, &x, NULL, NULL, &same, &dx), ACT_ERR_SHAPE, "dy");
    assert_refused(act_backward(a, &y, NULL, NULL, &y, &dx), ACT_ERR_SHAPE, "x");
    assert_refused(act_backward(a, NULL, &same, NULL, &y, &dx), ACT_ERR_SHAPE, "y");
    assert_refused(act_backward(a, &x, NULL, NULL, &y, &on_y), ACT_ERR_OVERLAP, "dy");
    assert_refused(act_backward(a, &x, &y, NULL, &on_x, &on_y), ACT_ERR_OVERLAP, "dx");
    assert_refused(act_backward(a, &x, NULL, NULL, &y, NULL), ACT_ERR_INVALID_ARGUMENT, "dx is NULL");
    assert_canary(data, sizeof data);
    assert_refused(act_activation_set_param(a, "axis", 0.5), ACT_ERR_INVALID_ARGUMENT, "whole");
    assert_refused(act_activation_set_param(a, "axis", 32), ACT_ERR_INVALID_ARGUMENT, "31");
    assert_refused(act_activation_set_param(a, "axis", -33), ACT_ERR_INVALID_ARGUMENT, "-32");
    act_activation_destroy(a);
}

static void gains(void **state) {
    (void)state;
    act_activation *a = make_kind(ACT_CRELU);
    double gain = 0;
    assert_ok(act_gain(a, ACT_GAIN_FORWARD, &gain));
    assert_true(fabs(gain - sqrt(2)) < 1e-15);
    assert_ok(act_gain(a, ACT_GAIN_BACKWARD, &gain));
    assert_true(gain == 1);
    act_activation_destroy(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_views),
        cmocka_unit_test(large_views),
        cmocka_unit_test(states_are_taken_and_kept_empty),
        cmocka_unit_test(narrow_types),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(gains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
