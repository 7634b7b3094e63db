/*
 * What plans become for known tensors, and that walking one visits every element of every operand once, at its
 * logical position, whatever the view and the number of threads.
 */
#include "plan.h"

#include <stdatomic.h>

#include "run.h"
#include "views.h"

static act__view opened(const act_tensor *t) {
    act__view v;
    assert_ok(act__view_open(&v, t, "t"));
    return v;
}

/* A plan over one operand per list of strides, all of one shape. */
static act__plan planned(int order, int32_t operands, int32_t ndim, const int64_t *shape,
                         const int64_t *const *strides) {
    static double memory[1 << 16];
    act_tensor tensor[3];
    act__view opened_views[3];
    const act__view *views[3];
    act__plan plan;
    for (int32_t i = 0; i < operands; i++) {
        assert_ok(act_tensor_init(&tensor[i], memory + (1 << 15), ACT_FLOAT64, ndim, shape, strides[i]));
        opened_views[i] = opened(&tensor[i]);
        views[i] = &opened_views[i];
    }
    act__plan_make(&plan, views, operands, 1u << (operands - 1), NULL, order);
    return plan;
}

static act__plan plan_one(int order, int32_t ndim, const int64_t *shape, const int64_t *strides) {
    return planned(order, 1, ndim, shape, &strides);
}

static void dense_tensors_are_one_run(void **state) {
    (void)state;
    const act__plan p = plan_one(ACT__LOGICAL_ORDER, DIMS(2, 3, 5), NULL);
    assert_int_equal(p.ndim, 1);
    assert_int_equal(p.extent[0], 30);
    assert_int_equal(p.count, 30);
    assert_int_equal(p.cols, 30);
    assert_int_equal(p.rows, 1);
    assert_true(p.unit);
    assert_int_equal(plan_one(ACT__ANY_ORDER, 0, NULL, NULL).extent[0], 1);
}

static void rows_of_a_slice_stay_apart(void **state) {
    (void)state;
    const act__plan p = plan_one(ACT__LOGICAL_ORDER, DIMS(2, 3, 300), STRIDES(1200, 400, 1));
    assert_int_equal(p.ndim, 2); /* 2 and 3 merge: 1200 = 3 * 400 */
    assert_int_equal(p.extent[0], 300);
    assert_int_equal(p.extent[1], 6);
    assert_int_equal(p.stride[0][1], 400 * 8);
    assert_int_equal(p.rows, 1);
    assert_true(p.unit);
}

static void extents_of_one_do_not_count(void **state) {
    (void)state;
    const act__plan p = plan_one(ACT__LOGICAL_ORDER, DIMS(1, 4, 1, 5, 1), STRIDES(7, 5, 99, 1, -3));
    assert_int_equal(p.ndim, 1);
    assert_int_equal(p.extent[0], 20);
}

static void a_permuted_tensor_is_one_run_in_free_order_only(void **state) {
    (void)state;
    const act__plan any = plan_one(ACT__ANY_ORDER, DIMS(40, 30), STRIDES(1, 40));
    assert_int_equal(any.ndim, 1);
    assert_int_equal(any.extent[0], 1200);
    assert_true(any.unit);
    const act__plan logical = plan_one(ACT__LOGICAL_ORDER, DIMS(40, 30), STRIDES(1, 40));
    assert_int_equal(logical.ndim, 2);
    assert_int_equal(logical.extent[0], 30);
    assert_int_equal(logical.tile_dim, 1); /* the tile crosses: rows lie contiguous */
    assert_false(logical.unit);
    assert_true(logical.rows * logical.cols * logical.size[0] <= ACT__TILE_BYTES);
}

static void flipped_tensors_merge_too(void **state) {
    (void)state;
    const act__plan p = plan_one(ACT__LOGICAL_ORDER, DIMS(4, 5), STRIDES(-5, -1));
    assert_int_equal(p.ndim, 1);
    assert_int_equal(p.extent[0], 20);
    assert_int_equal(p.stride[0][0], -8);
    assert_false(p.unit);
}

static void operands_merge_only_together(void **state) {
    (void)state;
    const int64_t *const strides[2] = {STRIDES(5, 1), STRIDES(6, 1)};
    assert_int_equal(planned(ACT__ANY_ORDER, 2, DIMS(4, 5), strides).ndim, 2);
    const int64_t *const broadcast[2] = {STRIDES(0, 1), STRIDES(5, 1)};
    assert_int_equal(planned(ACT__ANY_ORDER, 2, DIMS(4, 5), broadcast).ndim, 2);
    const int64_t *const one_number[2] = {STRIDES(0, 0), STRIDES(5, 1)};
    assert_int_equal(planned(ACT__ANY_ORDER, 2, DIMS(4, 5), one_number).ndim, 1);
}

static void an_extra_that_is_one_for_a_row_is_uniform(void **state) {
    (void)state;
    static double memory[2000], slopes[2];
    const act_tensor t = make_tensor(memory, ACT_FLOAT64, DIMS(2, 1000), NULL);
    const act__view v = opened(&t);
    const act__extra by_row = {(char *)slopes, 8, STRIDES(1, 0)}, by_column = {(char *)memory, 8, STRIDES(0, 1)};
    act__plan p;
    act__plan_make(&p, (const act__view *const[]){&v, &v}, 2, 1u << 2, &by_row, ACT__ANY_ORDER);
    assert_int_equal(p.operands, 3);
    assert_true(p.uniform);
    assert_ptr_equal(p.data[0], slopes);
    act__plan_make(&p, (const act__view *const[]){&v, &v}, 2, 1u << 2, &by_column, ACT__ANY_ORDER);
    assert_false(p.uniform);
}

/* Operand 0 holds the logical index of each element; operand 1 has another layout and counts visits. */
typedef struct visit {
    int64_t count, expected; /* expected: position of the next piece of a sequence */
    _Atomic int64_t seen;
    int checks_position;
} visit;

static void visit_block(const act__block *b, void *context) {
    visit *v = context;
    const double *x = b->data[0];
    double *y = b->data[1];
    for (int64_t row = 0; row < b->rows; row++) {
        for (int64_t col = 0; col < b->cols; col++) {
            const int64_t i = row * b->cols + col;
            const int64_t position = b->position + row * b->pitch + col;
            y[i] = v->checks_position && x[i] != (double)position ? -99 : x[i] + 1;
        }
    }
    atomic_fetch_add(&v->seen, b->rows * b->cols);
}

static void visit_piece(const act__block *b, void *context) {
    visit *v = context;
    CHECK(b->position == v->expected, "piece at %lld, expected %lld", (long long)b->position, (long long)v->expected);
    assert_int_equal(b->rows, 1);
    v->expected += b->cols;
    visit_block(b, context);
}

/* Two views of one shape; memory and result of a walk. */
typedef struct pair {
    view x, y;
    double *numbers, *result;
    act__plan plan;
} pair;

static void pair_make(pair *p, rng *r, int64_t most, int order) {
    int64_t shape[VIEW_RANK] = {1021, 1031}; /* enough for any special treatment of what no cache holds */
    const int32_t rank = most > 1 << 20 ? 2 : random_shape(r, shape, most);
    for (int32_t d = 0; d < rank; d++) /* plans are of something */
        shape[d] += shape[d] == 0;
    view_make(&p->x, r, ACT_FLOAT64, rank, shape, VIEW_OUTPUT);
    view_make(&p->y, r, ACT_FLOAT64, rank, shape, VIEW_OUTPUT);
    p->numbers = test_elements(ACT_FLOAT64, p->x.count);
    p->result = test_elements(ACT_FLOAT64, p->x.count);
    for (int64_t i = 0; i < p->x.count; i++)
        p->numbers[i] = (double)i;
    view_put(&p->x, p->numbers);
    for (int64_t i = 0; i < p->x.count; i++)
        p->result[i] = -7;
    view_put(&p->y, p->result);
    view_remember(&p->x);
    view_remember(&p->y);
    const act__view x = opened(&p->x.tensor), y = opened(&p->y.tensor);
    act__plan_make(&p->plan, (const act__view *const[]){&x, &y}, 2, 1u << 1, NULL, order);
}

static void pair_check(pair *p, int64_t begin, int64_t end) {
    view_check_unchanged(&p->x, "x");
    view_get(&p->y, p->result);
    for (int64_t i = 0; i < p->x.count; i++)
        CHECK(p->result[i] == (i >= begin && i < end ? (double)i + 1 : -7), "element %lld is %g", (long long)i,
              p->result[i]);
    view_check_gaps(&p->y, "y");
    view_free(&p->x);
    view_free(&p->y);
    free(p->numbers);
    free(p->result);
}

static void run_case(int64_t number, int64_t most) {
    rng r = rng_for(5, (uint64_t)number);
    pair p;
    visit v = {.checks_position = rng_once_in(&r, 2)};
    pair_make(&p, &r, most, v.checks_position ? ACT__LOGICAL_ORDER : ACT__ANY_ORDER);
    test_case_is("plan %lld: rank %d, %lld elements", (long long)number, p.x.rank, (long long)p.x.count);
    assert_ok(act_set_num_threads(1 + (int32_t)rng_below(&r, 4)));
    assert_ok(act__run(&p.plan, visit_block, &v, rng_once_in(&r, 3) ? ACT__SERIAL : ACT__MAY_SPLIT));
    assert_int_equal(v.seen, p.x.count);
    pair_check(&p, 0, p.x.count);
    assert_ok(act_set_num_threads(1));
}

static void a_walk_visits_every_element_once(void **state) {
    (void)state;
    const int64_t cases = test_cases(5000);
    for (int64_t i = 0; i < cases; i++)
        run_case(i, i % 500 == 0 ? 2 << 20 : i % 100 == 0 ? 300000 : 4000);
}

static void a_sequence_goes_in_order_from_begin_to_end(void **state) {
    (void)state;
    const int64_t cases = test_cases(5000);
    for (int64_t i = 0; i < cases; i++) {
        rng r = rng_for(6, (uint64_t)i);
        pair p;
        pair_make(&p, &r, 4000, ACT__LOGICAL_ORDER);
        const int64_t begin = rng_below(&r, p.x.count + 1), end = begin + rng_below(&r, p.x.count - begin + 1);
        visit v = {.expected = begin, .checks_position = 1};
        test_case_is("sequence %lld: %lld to %lld of %lld", (long long)i, (long long)begin, (long long)end,
                     (long long)p.x.count);
        act__run_sequence(&p.plan, p.plan.data, begin, end, visit_piece, &v);
        assert_int_equal(v.expected, end);
        pair_check(&p, begin, end);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dense_tensors_are_one_run),
        cmocka_unit_test(rows_of_a_slice_stay_apart),
        cmocka_unit_test(extents_of_one_do_not_count),
        cmocka_unit_test(a_permuted_tensor_is_one_run_in_free_order_only),
        cmocka_unit_test(flipped_tensors_merge_too),
        cmocka_unit_test(operands_merge_only_together),
        cmocka_unit_test(an_extra_that_is_one_for_a_row_is_uniform),
        cmocka_unit_test(a_walk_visits_every_element_once),
        cmocka_unit_test(a_sequence_goes_in_order_from_begin_to_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
