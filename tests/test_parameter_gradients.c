/*
 * Gradients by the parameters of every elementwise kind: terms against exact ones, sums against wider ones, the same
 * bits for every layout, thread count and instruction set.
 */
#include "reference/oracle.h"
#include "threads.h"
#include "views.h"
#include "wide_real.h"

#include <math.h>

enum { MOST = ACT__MAX_PARAMS, WORST = 4 };

static int32_t params_of(act_kind kind) {
    act_param_info info = {.struct_size = sizeof info};
    int32_t count = 0;
    while (act_kind_param_info(&info, kind, count) == ACT_OK)
        count++;
    return count;
}

static int elementwise(act_kind kind) { return act__kind_row_of(kind)->family == &act__elementwise_family; }

/* Kinds that the tests below are about, one after the other; -1 after the last. */
static act_kind next_kind(act_kind kind) {
    while (++kind < act_kind_count())
        if (elementwise(kind) && params_of(kind))
            return kind;
    return -1;
}

static void gradients(double *out, const act_activation *a, act_dtype dtype, const void *x, const void *dy,
                      int64_t n) {
    const act_tensor tx = make_tensor(x, dtype, 1, &n, NULL), tdy = make_tensor(dy, dtype, 1, &n, NULL);
    assert_ok(act_parameter_gradients(out, a, &tx, &tdy));
}

static void every_kind_with_parameters_has_terms(void **state) {
    (void)state;
    for (int i = 0; i < isa_count(); i++) {
        for (act_kind kind = 0; kind < act_kind_count(); kind++) {
            test_case_is("%s, %s", act_kind_name(kind), isa_number(i)->name);
            if (elementwise(kind))
                CHECK(!isa_number(i)->elementwise[ACT__REAL64][kind]->parameter_terms == !params_of(kind),
                      "%d parameters", params_of(kind));
        }
    }
}

/* The error of each term in its own units in the last place. */
static void check_terms(const act_activation *a, double x) {
    const oracle *o = oracle_find(act_kind_name(a->kind));
    const double one = 1;
    double got[MOST];
    mpfr_t exact;
    CHECK(o, "the oracle does not know %s", act_kind_name(a->kind));
    mpfr_init(exact);
    gradients(got, a, ACT_FLOAT64, &x, &one, 1);
    for (int32_t i = 0; i < params_of(a->kind); i++) {
        oracle_evaluate(exact, o, ORACLE_TERM + i, x, a->param);
        const double error = oracle_error(exact, got[i], ORACLE_DOUBLE);
        CHECK(error <= WORST, "%s, x %a, parameter %d: %a is %g ulp off", act_kind_name(a->kind), x, i, got[i],
              error);
    }
    mpfr_clear(exact);
}

static void terms_are_derivatives_by_the_parameter(void **state) {
    (void)state;
    const int64_t cases = test_cases(200);
    for (act_kind kind = next_kind(-1); kind >= 0; kind = next_kind(kind)) {
        act_activation *a = make_kind(kind);
        for (int64_t i = 0; i < cases; i++) {
            rng r = rng_for(30, (uint64_t)i);
            const double size = rng_once_in(&r, 4) ? 40 : 4;
            test_case_is("%s, %lld", act_kind_name(kind), (long long)i);
            check_terms(a, rng_between(&r, -size, size));
        }
        act_activation_destroy(a);
    }
}

/* The sum of the terms, each the gradient of one element. */
static void check_sum(const act_activation *a, act_dtype dtype, const char *x, const char *dy, int64_t n) {
    wide sum[MOST] = {0};
    double got[MOST], magnitude[MOST] = {0};
    const int64_t size = (int64_t)real_size(dtype);
    for (int64_t i = 0; i < n; i++) {
        double term[MOST];
        gradients(term, a, dtype, x + i * size, dy + i * size, 1);
        for (int32_t p = 0; p < params_of(a->kind); p++) {
            sum[p] += (wide)term[p];
            magnitude[p] += fabs(term[p]);
        }
    }
    gradients(got, a, dtype, x, dy, n);
    for (int32_t p = 0; p < params_of(a->kind); p++) {
        const double off = fabs((double)((wide)got[p] - sum[p])),
                     most = 0x1.0001p-53 * fabs((double)sum[p]) + 0x1p-100 * (double)n * magnitude[p];
        const int both_nan = isnan(got[p]) && isnan((double)sum[p]); /* pow of a negative x */
        CHECK(off <= most || both_nan, "%s, parameter %d: %a is off by %g, allowed %g", act_kind_name(a->kind), p,
              got[p], off, most);
    }
}

static void sums_are_rounded_once(void **state) {
    (void)state;
    static const int64_t sizes[] = {1, 2, 15, 16, 17, 511, 512, 513, 16383, 16384, 16385, 50001};
    for (act_kind kind = next_kind(-1); kind >= 0; kind = next_kind(kind)) {
        act_activation *a = make_kind(kind);
        for (size_t i = 0; i < COUNT_OF(sizes) * 2; i++) {
            const act_dtype dtype = i % 2 ? ACT_FLOAT64 : ACT_FLOAT32;
            const int64_t n = sizes[i / 2];
            rng r = rng_for(31, i);
            void *x = test_elements(dtype, n), *dy = test_elements(dtype, n);
            test_case_is("%s, %lld elements", act_kind_name(kind), (long long)n);
            fill_between(x, dtype, n, &r, -5, 5);
            fill_between(dy, dtype, n, &r, -5, 5);
            check_sum(a, dtype, x, dy, n);
            free(x);
            free(dy);
        }
        act_activation_destroy(a);
    }
}

/* Runs tasks last to first on this thread. */
static int32_t backwards(void *opaque, void (*task)(void *context, int64_t index), void *context, int64_t count) {
    ++*(int *)opaque;
    while (count-- > 0)
        task(context, count);
    return 0;
}

static void check_bits(const double *got, const double *want, int32_t count, const char *what) {
    for (int32_t i = 0; i < count; i++)
        CHECK(same_real(got, want, ACT_FLOAT64, i), "%s: parameter %d is %a, expected %a", what, i, got[i], want[i]);
}

static void random_views_case(const act_activation *a, int64_t number) {
    rng r = rng_for(32, (uint64_t)number);
    const act_dtype dtype = rng_dtype(&r);
    const int32_t params = params_of(a->kind);
    int64_t shape[VIEW_RANK];
    double want[MOST], got[MOST];
    view x, dy;
    const int32_t rank = random_shape(&r, shape, number % 8 ? 3000 : 3 * ACT__GRAIN);
    view_make(&x, &r, dtype, rank, shape, VIEW_INPUT);
    view_make(&dy, &r, dtype, rank, shape, VIEW_INPUT);
    test_case_is("%s, views %lld, %lld elements", act_kind_name(a->kind), (long long)number, (long long)x.count);
    void *dense_x = test_elements(dtype, x.count), *dense_dy = test_elements(dtype, x.count);
    view_get(&x, dense_x);
    view_get(&dy, dense_dy);
    view_remember(&x);
    view_remember(&dy);
    act__isa_force(isa_number((int)rng_below(&r, isa_count())));
    gradients(want, a, dtype, dense_x, dense_dy, x.count);
    act__isa_force(isa_number((int)rng_below(&r, isa_count())));
    assert_ok(act_set_num_threads(1 + (int32_t)rng_below(&r, 5)));
    assert_ok(act_parameter_gradients(got, a, &x.tensor, &dy.tensor));
    check_bits(got, want, params, "views");
    view_check_unchanged(&x, "x");
    view_check_unchanged(&dy, "dy");
    act__isa_force(NULL);
    assert_ok(act_set_num_threads(1));
    free(dense_x);
    free(dense_dy);
    view_free(&x);
    view_free(&dy);
}

/* Any numbers, NaN and infinities among them, so that every layout also agrees on those. */
static void the_same_bits_for_any_layout(void **state) {
    (void)state;
    const int64_t cases = test_cases(60);
    for (act_kind kind = next_kind(-1); kind >= 0; kind = next_kind(kind)) {
        act_activation *a = make_kind(kind);
        for (int64_t i = 0; i < cases; i++)
            random_views_case(a, i);
        act_activation_destroy(a);
    }
}

static void the_same_bits_for_any_threads(void **state) {
    (void)state;
    enum { N = 8 * ACT__GRAIN + 1 };
    rng r = rng_for(33, 0);
    double *x = test_elements(ACT_FLOAT64, N), *dy = test_elements(ACT_FLOAT64, N);
    fill_between(x, ACT_FLOAT64, N, &r, -5, 5);
    fill_between(dy, ACT_FLOAT64, N, &r, -5, 5);
    for (act_kind kind = next_kind(-1); kind >= 0; kind = next_kind(kind)) {
        act_activation *a = make_kind(kind);
        double want[MOST], got[MOST];
        int calls = 0;
        test_case_is("%s", act_kind_name(kind));
        gradients(want, a, ACT_FLOAT64, x, dy, N);
        for (int32_t threads = 2; threads <= 9; threads++) {
            assert_ok(act_set_num_threads(threads));
            gradients(got, a, ACT_FLOAT64, x, dy, N);
            check_bits(got, want, params_of(kind), "threads");
        }
        assert_ok(act_set_parallel_for(backwards, &calls));
        gradients(got, a, ACT_FLOAT64, x, dy, N);
        check_bits(got, want, params_of(kind), "the host's threads");
        assert_int_equal(calls, 1);
        assert_ok(act_set_parallel_for(NULL, NULL));
        assert_ok(act_set_num_threads(1));
        act_activation_destroy(a);
    }
    free(x);
    free(dy);
}

static int32_t refuse(void *opaque, void (*task)(void *context, int64_t index), void *context, int64_t count) {
    (void)opaque, (void)task, (void)context, (void)count;
    return 1;
}

static void a_host_that_fails_leaves_out_alone(void **state) {
    (void)state;
    enum { N = 4 * ACT__GRAIN };
    double *x = calloc(N, sizeof *x), out[MOST];
    const act_tensor t = make_tensor(x, ACT_FLOAT64, DIMS(N), NULL);
    act_activation *a = make_kind(ACT_ELU);
    set_canary(out, sizeof out);
    assert_ok(act_set_num_threads(2));
    assert_ok(act_set_parallel_for(refuse, NULL));
    assert_refused(act_parameter_gradients(out, a, &t, &t), ACT_ERR_PARALLEL, "parallel_for");
    assert_ok(act_set_parallel_for(NULL, NULL));
    assert_ok(act_set_num_threads(1));
    assert_canary(out, sizeof out);
    act_activation_destroy(a);
    free(x);
}

/* Elements of each type: random bits, the same widened. */
enum { ELEMENTS = 600 };
typedef struct elements {
    act_dtype dtype;
    _Alignas(64) char data[ELEMENTS * sizeof(float)];
    double wide[ELEMENTS];
} elements;

static void make_elements(elements *e, act_dtype dtype, rng *r) {
    e->dtype = dtype;
    if (dtype == ACT_FLOAT32) {
        fill_between(e->data, dtype, ELEMENTS, r, -5, 5);
    } else { /* of magnitude 2^-16 to below 2 */
        for (int i = 0; i < ELEMENTS; i++) {
            const uint16_t most = 0x3fff, least = dtype == ACT_FLOAT16 ? 1 : 0x3780;
            ((uint16_t *)(void *)e->data)[i] =
                (uint16_t)((rng_below(r, most - least) + least) | rng_below(r, 2) << 15);
        }
    }
    isa_number(0)->convert[ACT__REAL64]->widen[dtype](e->data, e->wide, ELEMENTS);
}

/* Whatever the narrower types, the result is that of their elements and the float32 parameters as doubles. */
static void check_types(const act_activation *a, const act_activation *rounded, const elements *x,
                        const elements *dy) {
    const int64_t n = ELEMENTS;
    double got[MOST], want[MOST];
    const act_tensor tx = make_tensor(x->data, x->dtype, 1, &n, NULL),
                     tdy = make_tensor(dy->data, dy->dtype, 1, &n, NULL);
    test_case_is("%s, types %d and %d", act_kind_name(a->kind), x->dtype, dy->dtype);
    assert_ok(act_parameter_gradients(got, a, &tx, &tdy));
    gradients(want, rounded, ACT_FLOAT64, x->wide, dy->wide, ELEMENTS);
    check_bits(got, want, params_of(a->kind), "narrow types");
}

static void narrow_types_are_widened(void **state) {
    (void)state;
    static const act_dtype dtypes[] = {ACT_FLOAT32, ACT_FLOAT16, ACT_BFLOAT16};
    enum { TYPES = COUNT_OF(dtypes) };
    static elements x[TYPES], dy[TYPES];
    rng r = rng_for(34, 0);
    for (int i = 0; i < TYPES; i++) {
        make_elements(&x[i], dtypes[i], &r);
        make_elements(&dy[i], dtypes[i], &r);
    }
    for (act_kind kind = next_kind(-1); kind >= 0; kind = next_kind(kind)) {
        act_activation *a = make_kind(kind), *rounded = make_kind(kind);
        for (int i = 0; i < MOST; i++)
            rounded->param[i] = (double)(float)rounded->param[i];
        for (int i = 0; i < TYPES * TYPES; i++)
            check_types(a, rounded, &x[i / TYPES], &dy[i % TYPES]);
        act_activation_destroy(a);
        act_activation_destroy(rounded);
    }
}

static double one_of(const char *spec, double x, double dy) {
    act_activation *a = make_spec(spec);
    double out[MOST];
    gradients(out, a, ACT_FLOAT64, &x, &dy, 1);
    act_activation_destroy(a);
    return out[0];
}

static void flat_branches_add_zero_whatever_dy_is(void **state) {
    (void)state;
    static const char *const specs[] = {"leaky_relu", "elu"};
    static const double positive[] = {5e-324, 1, 1e308, INFINITY}, any[] = {0, -1, INFINITY, -INFINITY, NAN};
    const double zero = 0;
    for (size_t s = 0; s < COUNT_OF(specs); s++) {
        for (size_t i = 0; i < COUNT_OF(positive); i++) {
            for (size_t j = 0; j < COUNT_OF(any); j++) {
                const double got = one_of(specs[s], positive[i], any[j]);
                assert_memory_equal(&got, &zero, sizeof zero);
            }
        }
    }
}

static void infinities_and_nan(void **state) {
    (void)state;
    assert_true(isnan(one_of("leaky_relu", NAN, 0)));
    assert_true(isnan(one_of("elu", NAN, 1)));
    assert_true(isnan(one_of("leaky_relu", -1, NAN)));
    assert_true(one_of("leaky_relu", -INFINITY, 1) == -INFINITY);
    assert_true(isnan(one_of("leaky_relu", -INFINITY, 0)));
    assert_true(one_of("elu", -INFINITY, 3) == -3);
    assert_true(one_of("elu", -1, INFINITY) == -INFINITY);
    assert_true(one_of("elu", -0x1p-1000, 1) == -0x1p-1000);
    const double x[3] = {-1, -1, -1}, dy[3] = {INFINITY, 1, 2}, both[3] = {INFINITY, 1, -INFINITY};
    act_activation *a = make_kind(ACT_LEAKY_RELU);
    double out;
    gradients(&out, a, ACT_FLOAT64, x, dy, 3);
    assert_true(out == -INFINITY);
    gradients(&out, a, ACT_FLOAT64, x, both, 3);
    assert_true(isnan(out));
    act_activation_destroy(a);
}

static void no_elements_give_zero(void **state) {
    (void)state;
    const act_tensor none = make_tensor(NULL, ACT_FLOAT32, DIMS(3, 0), NULL);
    for (act_kind kind = next_kind(-1); kind >= 0; kind = next_kind(kind)) {
        act_activation *a = make_kind(kind);
        double out[MOST + 1];
        set_canary(out, sizeof out);
        assert_ok(act_parameter_gradients(out, a, &none, &none));
        for (int32_t i = 0; i < params_of(kind); i++)
            assert_true(out[i] == 0);
        assert_canary(out + params_of(kind), sizeof *out);
        act_activation_destroy(a);
    }
}

static void kinds_without_parameters_write_nothing(void **state) {
    (void)state;
    const float one[1] = {1};
    const act_tensor t = make_tensor(one, ACT_FLOAT32, DIMS(1), NULL),
                     other = make_tensor(one, ACT_FLOAT32, 0, NULL, NULL);
    double out;
    set_canary(&out, sizeof out);
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        if (!elementwise(kind) || params_of(kind))
            continue;
        act_activation *a = make_kind(kind);
        assert_ok(act_parameter_gradients(&out, a, &t, &t));
        assert_ok(act_parameter_gradients(NULL, a, &t, &t));
        assert_refused(act_parameter_gradients(NULL, a, &t, &other), ACT_ERR_SHAPE, "rank");
        act_activation_destroy(a);
    }
    assert_canary(&out, sizeof out);
}

static void what_is_refused(void **state) {
    (void)state;
    static const act_kind learn[] = {ACT_PRELU, ACT_RRELU, ACT_MAXOUT, ACT_CRELU};
    static const char *const says[] = {"act_activation_gradient", "leaky_relu", "act_activation_gradient",
                                       "no real parameters"};
    double data[4] = {0}, out;
    const act_tensor t = make_tensor(data, ACT_FLOAT64, DIMS(4), NULL),
                     row = make_tensor(data, ACT_FLOAT64, DIMS(3), NULL),
                     narrow = make_tensor(data, ACT_FLOAT32, DIMS(4), NULL),
                     far = make_tensor((char *)data + 1, ACT_FLOAT64, DIMS(3), NULL);
    act_activation *a = make_kind(ACT_ELU);
    set_canary(&out, sizeof out);
    for (size_t i = 0; i < COUNT_OF(learn); i++) {
        act_activation *b = make_any(learn[i]);
        assert_refused(act_parameter_gradients(&out, b, &t, &t), ACT_ERR_UNSUPPORTED, says[i]);
        act_activation_destroy(b);
    }
    assert_refused(act_parameter_gradients(NULL, a, &t, &t), ACT_ERR_INVALID_ARGUMENT, "out");
    assert_refused(act_parameter_gradients(&out, NULL, &t, &t), ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    assert_refused(act_parameter_gradients(&out, a, NULL, &t), ACT_ERR_INVALID_ARGUMENT, "x");
    assert_refused(act_parameter_gradients(&out, a, &t, NULL), ACT_ERR_INVALID_ARGUMENT, "dy");
    assert_refused(act_parameter_gradients(&out, a, &t, &row), ACT_ERR_SHAPE, "dimension 0");
    assert_refused(act_parameter_gradients(&out, a, &t, &narrow), ACT_ERR_DTYPE, "float32");
    assert_refused(act_parameter_gradients(&out, a, &far, &row), ACT_ERR_LAYOUT, "x");
    assert_ok(act_activation_set_param(a, "alpha", 1e300));
    assert_refused(act_parameter_gradients(&out, a, &narrow, &narrow), ACT_ERR_UNSUPPORTED, "alpha");
    assert_canary(&out, sizeof out);
    assert_ok(act_parameter_gradients(&out, a, &t, &t));
    act_activation_destroy(a);
}

static void memory_runs_out_once_and_is_warm_then(void **state) {
    (void)state;
    enum { N = 40000 };
    double *x = calloc(N, sizeof *x), out;
    const act_tensor t = make_tensor(x, ACT_FLOAT64, DIMS(N), NULL);
    test_allocator memory = {.fail_first = 1, .fail_count = 1};
    use_allocator(&memory);
    act_activation *a = make_kind(ACT_ELU);
    set_canary(&out, sizeof out);
    assert_refused(act_parameter_gradients(&out, a, &t, &t), ACT_ERR_OUT_OF_MEMORY, "memory");
    assert_int_equal(memory.failed, 1);
    assert_canary(&out, sizeof out);
    assert_ok(act_parameter_gradients(&out, a, &t, &t));
    const int64_t before = memory.calls;
    for (int i = 0; i < 3; i++)
        assert_ok(act_parameter_gradients(&out, a, &t, &t));
    assert_int_equal(memory.calls, before);
    act_activation_destroy(a);
    use_allocator(NULL);
    assert_int_equal(memory.live, 0);
    assert_int_equal(memory.strange, 0);
    free(x);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_with_parameters_has_terms),
        cmocka_unit_test(terms_are_derivatives_by_the_parameter),
        cmocka_unit_test(sums_are_rounded_once),
        cmocka_unit_test(the_same_bits_for_any_layout),
        cmocka_unit_test(the_same_bits_for_any_threads),
        cmocka_unit_test(a_host_that_fails_leaves_out_alone),
        cmocka_unit_test(narrow_types_are_widened),
        cmocka_unit_test(flat_branches_add_zero_whatever_dy_is),
        cmocka_unit_test(infinities_and_nan),
        cmocka_unit_test(no_elements_give_zero),
        cmocka_unit_test(kinds_without_parameters_write_nothing),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(memory_runs_out_once_and_is_warm_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
