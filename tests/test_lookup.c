/*
 * Tables of 16-bit results: once made they give what the formula gave, to the bit, for every number, in place too;
 * new parameters make new ones; without memory the formula goes on; threads may ask for one at once; and who rounds
 * in another way is not given one.
 */
#include "types/lookup.h"

#include <fenv.h>
#include <pthread.h>

#include "views.h"

enum { HALVES = 1 << 16, CALLS_TO_TABLE = 2, USERS = 4 };

#define ACT_SPECIAL(...)
#define ACT_ELEMENTWISE(name, number, ...) number,
static const act_kind kinds[] = {
#include "kinds.def"
};

static uint16_t x[HALVES], dy[HALVES], formula[HALVES], table[HALVES];

static void fill_inputs(act_dtype dtype) {
    rng r = rng_for(97, (uint64_t)dtype);
    for (int i = 0; i < HALVES; i++)
        x[i] = (uint16_t)i;
    fill_any(dy, dtype, HALVES, &r);
}

static int has_table(const act_activation *a, act__function function, act_dtype dtype) {
    return atomic_load(&act__half_calls_of(a, dtype)->lookup[function].table) != NULL;
}

/* Whether the instruction set in use has them for the function. */
static int has_kernel(const act_activation *a, act__function function, act_dtype dtype) {
    return act__half_calls_of(a, dtype)->call[function].lookup != NULL;
}

static void run_over(act_activation *a, act__function function, act_dtype dtype, const uint16_t *in,
                     const uint16_t *scale, uint16_t *out) {
    const int64_t n = HALVES;
    const act_tensor source = make_tensor(in, dtype, 1, &n, NULL), tdy = make_tensor(scale, dtype, 1, &n, NULL);
    act_tensor result = make_tensor(out, dtype, 1, &n, NULL);
    if (function == ACT__RUN_FORWARD)
        assert_ok(act_forward(a, &source, &result, NULL));
    else if (function == ACT__RUN_FROM_INPUT)
        assert_ok(act_backward(a, &source, NULL, NULL, &tdy, &result));
    else
        assert_ok(act_backward(a, NULL, &source, NULL, &tdy, &result));
}

static void run(act_activation *a, act__function function, act_dtype dtype, uint16_t *out) {
    run_over(a, function, dtype, x, dy, out);
}

/* Writes where x is, or where dy is. */
static void run_in_place(act_activation *a, act__function function, act_dtype dtype, uint16_t *out) {
    const int forward = function == ACT__RUN_FORWARD;
    memcpy(out, forward ? x : dy, sizeof x);
    run_over(a, function, dtype, forward ? out : x, out, out);
}

/* The first call is the formula's, the last one the table's. */
static void check_function(act_activation *a, act__function function, act_dtype dtype) {
    test_case_is("%s, function %d, type %d, %s", a->row->name, function, dtype, act__isa_in_use()->name);
    run(a, function, dtype, formula);
    CHECK(!has_table(a, function, dtype), "made too soon");
    for (int i = 1; i < CALLS_TO_TABLE; i++)
        run(a, function, dtype, table);
    CHECK(has_table(a, function, dtype) == has_kernel(a, function, dtype), "made, or not, against the kernels");
    check_same(table, formula, dtype, HALVES, "by table");
    run_in_place(a, function, dtype, table);
    check_same(table, formula, dtype, HALVES, "by table, in place");
}

static void check_object(act_activation *a, act_dtype dtype) {
    fill_inputs(dtype);
    check_function(a, ACT__RUN_FORWARD, dtype);
    check_function(a, ACT__RUN_FROM_INPUT, dtype);
    if (act_backward_needs(a) & ACT_NEEDS_OUTPUT)
        check_function(a, ACT__RUN_FROM_OUTPUT, dtype);
    act_activation_destroy(a);
}

/* Parameters whose derivatives are 0 or infinite in large parts, or by case. */
static void tables_give_the_formulas_bits(void **state) {
    static const char *const specs[] = {
        "squareplus(b=0)",      "elu(alpha=0)",   "scaled_tanh(a=0)", "swish(beta=0)",
        "softplus(beta=-1e30)", "snake(alpha=0)", "sin(w=1e30)",      "xielu(alpha_n=0,alpha_p=0)"};
    (void)state;
    for (int isa = 0; isa < isa_count(); isa++) {
        act__isa_force(isa_number(isa));
        for (size_t k = 0; k < COUNT_OF(kinds); k++) {
            check_object(make_kind(kinds[k]), ACT_FLOAT16);
            check_object(make_kind(kinds[k]), ACT_BFLOAT16);
        }
        for (size_t i = 0; i < COUNT_OF(specs); i++) {
            check_object(make_spec(specs[i]), ACT_FLOAT16);
            check_object(make_spec(specs[i]), ACT_BFLOAT16);
        }
    }
    act__isa_force(NULL);
}

/* Portable code has tables of values on every machine. */
static act_activation *make_warm(const char *spec) {
    act__isa_force(act__isa_at(ACT__PORTABLE));
    act_activation *a = make_spec(spec);
    fill_inputs(ACT_BFLOAT16);
    for (int i = 0; i < CALLS_TO_TABLE; i++)
        run(a, ACT__RUN_FORWARD, ACT_BFLOAT16, table);
    return a;
}

static void new_parameters_make_new_tables(void **state) {
    (void)state;
    act_activation *a = make_warm("elu(alpha=0.5)"), *other = make_spec("elu(alpha=2)"), *copy = NULL;
    assert_true(has_table(a, ACT__RUN_FORWARD, ACT_BFLOAT16));
    assert_false(has_table(a, ACT__RUN_FORWARD, ACT_FLOAT16));
    assert_ok(act_activation_clone(&copy, a));
    assert_false(has_table(copy, ACT__RUN_FORWARD, ACT_BFLOAT16));
    assert_ok(act_activation_set_param(a, "alpha", 2));
    assert_false(has_table(a, ACT__RUN_FORWARD, ACT_BFLOAT16));
    run(other, ACT__RUN_FORWARD, ACT_BFLOAT16, formula);
    for (int i = 0; i < CALLS_TO_TABLE; i++) {
        run(a, ACT__RUN_FORWARD, ACT_BFLOAT16, table);
        check_same(table, formula, ACT_BFLOAT16, HALVES, "with another alpha");
    }
    act_activation_destroy(a);
    act_activation_destroy(other);
    act_activation_destroy(copy);
    act__isa_force(NULL);
}

/* A table is of the usual environment: those in another one neither make it nor are given it. */
static void callers_who_round_otherwise_are_followed(void **state) {
    (void)state;
    act_activation *a = make_warm("gelu"), *fresh = make_spec("gelu");
    for (int round = 0; round < 2; round++) {
        assert_int_equal(fesetround(FE_UPWARD), 0);
        run(fresh, ACT__RUN_FORWARD, ACT_BFLOAT16, formula);
        run(a, ACT__RUN_FORWARD, ACT_BFLOAT16, table);
        assert_int_equal(fesetround(FE_TONEAREST), 0);
        check_same(table, formula, ACT_BFLOAT16, HALVES, "rounded up");
    }
    assert_false(has_table(fresh, ACT__RUN_FORWARD, ACT_BFLOAT16));
    act_activation_destroy(a);
    act_activation_destroy(fresh);
    act__isa_force(NULL);
}

static void small_calls_add_up(void **state) {
    (void)state;
    act__isa_force(act__isa_at(ACT__PORTABLE));
    act_activation *a = make_spec("gelu");
    fill_inputs(ACT_FLOAT16);
    run(a, ACT__RUN_FORWARD, ACT_FLOAT16, formula);
    for (int round = 0; round < CALLS_TO_TABLE; round++)
        for (int64_t i = 0; i < HALVES; i += 16)
            assert_ok(act_forward_1d(a, ACT_FLOAT16, x + i, table + i, 16));
    assert_true(has_table(a, ACT__RUN_FORWARD, ACT_FLOAT16));
    check_same(table, formula, ACT_FLOAT16, HALVES, "by small calls");
    act_activation_destroy(a);
    act__isa_force(NULL);
}

static void without_memory_the_formula_goes_on(void **state) {
    (void)state;
    static test_allocator allocator;
    use_allocator(&allocator);
    act_activation *a = make_spec("gelu");
    allocator.fail_first = allocator.calls;
    allocator.fail_count = 1 << 20;
    act__isa_force(act__isa_at(ACT__PORTABLE));
    fill_inputs(ACT_FLOAT16);
    run(a, ACT__RUN_FORWARD, ACT_FLOAT16, formula);
    for (int i = 0; i < CALLS_TO_TABLE; i++)
        run(a, ACT__RUN_FORWARD, ACT_FLOAT16, table);
    check_same(table, formula, ACT_FLOAT16, HALVES, "without memory");
    assert_false(has_table(a, ACT__RUN_FORWARD, ACT_FLOAT16));
    act_activation_destroy(a);
    assert_int_equal(allocator.live, 0);
    use_allocator(NULL);
    act__isa_force(NULL);
}

typedef struct user {
    const act_activation *a;
    uint16_t *y;
    act_status status;
} user;

static void *use(void *context) {
    user *u = context;
    for (int i = 0; i < 2 * CALLS_TO_TABLE && u->status == ACT_OK; i++)
        u->status = act_forward_1d(u->a, ACT_BFLOAT16, x, u->y, HALVES / 2);
    return NULL;
}

static void many_threads_ask_at_once(void **state) {
    (void)state;
    act__isa_force(act__isa_at(ACT__PORTABLE));
    act_activation *a = make_spec("silu");
    fill_inputs(ACT_BFLOAT16);
    user users[USERS];
    pthread_t threads[USERS];
    run(a, ACT__RUN_FORWARD, ACT_BFLOAT16, formula);
    for (int i = 0; i < USERS; i++) {
        users[i] = (user){a, test_elements(ACT_BFLOAT16, HALVES / 2), ACT_OK};
        assert_int_equal(pthread_create(&threads[i], NULL, use, &users[i]), 0);
    }
    for (int i = 0; i < USERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_ok(users[i].status);
        check_same(users[i].y, formula, ACT_BFLOAT16, HALVES / 2, "of a thread");
        free(users[i].y);
    }
    act_activation_destroy(a);
    act__isa_force(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_give_the_formulas_bits),
        cmocka_unit_test(new_parameters_make_new_tables),
        cmocka_unit_test(small_calls_add_up),
        cmocka_unit_test(without_memory_the_formula_goes_on),
        cmocka_unit_test(many_threads_ask_at_once),
        cmocka_unit_test(callers_who_round_otherwise_are_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
