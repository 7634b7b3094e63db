/*
 * Calls whose tensors differ in type: any views of float32, float16 and bfloat16 against the kernels on contiguous
 * widened elements, rounded once; states, prelu and rrelu as well; in place; and what is refused.
 */
#include <math.h>

#include "kinds.h"
#include "views.h"

enum { MOST = 4000 };

#define ACT_SPECIAL(...)
#define ACT_ELEMENTWISE(name, number, ...) number,
static const act_kind kinds[] = {
#include "kinds.def"
};

enum { X, DY, OUT, TENSORS };

/* A random call: views of one shape with types of their own, and their elements in logical order. */
typedef struct scene {
    rng r;
    view view[TENSORS];
    void *held[TENSORS]; /* as the view has them */
    float *wide[TENSORS];
    double *exact;
} scene;

static void scene_make(scene *s, uint64_t number, int64_t most) {
    int64_t shape[VIEW_RANK];
    s->r = rng_for(96, number);
    const int32_t rank = random_shape(&s->r, shape, most);
    const int how = rng_once_in(&s->r, 3) ? VIEW_DENSE : 0;
    for (int i = 0; i < TENSORS; i++) {
        view_make(&s->view[i], &s->r, rng_mixable(&s->r), rank, shape, how | (i == OUT ? VIEW_OUTPUT : VIEW_INPUT));
        s->held[i] = test_elements(ACT_FLOAT64, s->view[i].count);
        s->wide[i] = test_elements(ACT_FLOAT32, s->view[i].count);
        view_get(&s->view[i], s->held[i]);
        for (int64_t k = 0; k < s->view[i].count; k++)
            s->wide[i][k] = (float)real_get(s->held[i], s->view[i].dtype, k);
    }
    s->exact = test_elements(ACT_FLOAT64, s->view[OUT].count);
    view_remember(&s->view[OUT]);
}

static void scene_free(scene *s) {
    for (int i = 0; i < TENSORS; i++) {
        view_free(&s->view[i]);
        free(s->held[i]);
        free(s->wide[i]);
    }
    free(s->exact);
}

static int64_t count_of(const scene *s) { return s->view[OUT].count; }

/* Kinds of which values that float64 shows on the middle between two halves lie beside it. */
#define SIDES (ACT__ABOVE_TERM | ACT__ABOVE_TERM_LEFT | ACT__WITHIN_TERM | ACT__WITHIN_LINE | ACT__OUTSIDE_LINE)

/* Where float64 gives the middle of theirs either half may be right: test_halves knows which. */
static void allow_middles(uint16_t *want, const uint16_t *got, const double *exact, act_dtype dtype, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        for (int side = -1; side <= 1; side += 2) {
            const double beside = nextafter(exact[i], side * (double)INFINITY);
            uint16_t half;
            act__isa_in_use()->convert[ACT__REAL64]->narrow[dtype](&beside, &half, 1, 0);
            want[i] = half == got[i] ? got[i] : want[i];
        }
}

/* The output is what the kernel gives: float32's own, or float64's where that is to be narrowed. */
static void check_output(scene *s, const act_activation *a, int gradient) {
    const act__isa *isa = act__isa_in_use();
    const int64_t n = count_of(s);
    const act_dtype dtype = s->view[OUT].dtype;
    void *want = test_elements(ACT_FLOAT64, n), *got = test_elements(ACT_FLOAT64, n);
    if (dtype == ACT_FLOAT32) {
        const act__kernels *k = isa->elementwise[ACT__REAL32][a->kind];
        if (gradient)
            k->backward_input(s->wide[X], s->wide[DY], want, n, a->param32);
        else
            k->forward(s->wide[X], want, n, a->param32);
    } else {
        const act__kernels *k = isa->elementwise[ACT__REAL64][a->kind];
        double *x = test_elements(ACT_FLOAT64, n), *dy = test_elements(ACT_FLOAT64, n);
        isa->convert[ACT__REAL64]->widen[ACT_FLOAT32](s->wide[X], x, n);
        isa->convert[ACT__REAL64]->widen[ACT_FLOAT32](s->wide[DY], dy, n);
        if (gradient)
            k->backward_input(x, dy, s->exact, n, a->param32_wide);
        else
            k->forward(x, s->exact, n, a->param32_wide);
        isa->convert[ACT__REAL64]->narrow[dtype](s->exact, want, n, 0);
        free(x);
        free(dy);
    }
    view_get(&s->view[OUT], got);
    if (dtype != ACT_FLOAT32 && !gradient && a->row->flags & SIDES)
        allow_middles(want, got, s->exact, dtype, n);
    check_same(got, want, dtype, n, gradient ? "dx" : "y");
    view_check_gaps(&s->view[OUT], "output");
    free(want);
    free(got);
}

static void describe(const scene *s, const act_activation *a, int64_t number) {
    test_case_is("%lld: %s, types %d, %d to %d, rank %d, %lld elements", (long long)number, a->row->name,
                 s->view[X].dtype, s->view[DY].dtype, s->view[OUT].dtype, s->view[X].rank, (long long)count_of(s));
}

static void any_types_in_any_layout(void **state) {
    (void)state;
    const int64_t cases = test_cases(3000);
    for (int64_t number = 0; number < cases; number++) {
        scene s;
        scene_make(&s, (uint64_t)number, number % 50 ? MOST : 300000);
        assert_ok(act_set_num_threads(1 + (int32_t)(number % 3)));
        act_activation *a = make_kind(kinds[number % (int64_t)COUNT_OF(kinds)]);
        describe(&s, a, number);
        assert_ok(act_forward(a, &s.view[X].tensor, &s.view[OUT].tensor, NULL));
        check_output(&s, a, 0);
        if (a->row->flags & ACT__FROM_NOTHING)
            memcpy(s.wide[X], s.wide[DY], (size_t)count_of(&s) * sizeof(float));
        assert_ok(act_backward(a, &s.view[X].tensor, NULL, NULL, &s.view[DY].tensor, &s.view[OUT].tensor));
        check_output(&s, a, 1);
        act_activation_destroy(a);
        scene_free(&s);
    }
    assert_ok(act_set_num_threads(1));
}

/* Through bits the gradient is the same as from x, where x is NaN too. */
static void bits_serve_any_types(void **state) {
    (void)state;
    static const char *const specs[] = {"relu", "leaky_relu", "leaky_relu(slope=1.5)", "leaky_relu(slope=-0.3)"};
    for (int64_t number = 0; number < test_cases(1000); number++) {
        scene s;
        scene_make(&s, 10000 + (uint64_t)number, MOST);
        act_activation *a = make_spec(specs[number % 4]);
        act_state *bits = make_state();
        act_dtype y_type = rng_mixable(&s.r);
        void *y = test_elements(y_type, count_of(&s)), *want = test_elements(ACT_FLOAT64, count_of(&s));
        void *got = test_elements(ACT_FLOAT64, count_of(&s));
        act_tensor ty = make_tensor(y, y_type, s.view[X].rank, s.view[X].shape, NULL);
        describe(&s, a, number);
        assert_ok(act_forward(a, &s.view[X].tensor, &ty, bits));
        assert_ok(act_backward(a, &s.view[X].tensor, NULL, NULL, &s.view[DY].tensor, &s.view[OUT].tensor));
        view_get(&s.view[OUT], want);
        assert_ok(act_backward(a, NULL, NULL, bits, &s.view[DY].tensor, &s.view[OUT].tensor));
        view_get(&s.view[OUT], got);
        check_same(got, want, s.view[OUT].dtype, count_of(&s), "dx from bits");
        view_check_gaps(&s.view[OUT], "dx");
        free(y);
        free(want);
        free(got);
        act_state_destroy(bits);
        act_activation_destroy(a);
        scene_free(&s);
    }
}

/* So many that dx goes past the cache, at an address that is aligned for that or not. */
static void bits_serve_many_halves(void **state) {
    (void)state;
    const int64_t n = (4 << 20) + 37;
    uint16_t *x = test_elements(ACT_FLOAT64, n), *dy = x + n, *want = x + 2 * n;
    uint16_t *got = want + n + (64 - (uintptr_t)(want + n) % 64) / sizeof *got;
    rng r = rng_for(31, 0);
    for (int64_t i = 0; i < 2 * n; i++)
        x[i] = (uint16_t)rng_below(&r, 0x7c00) ^ (uint16_t)(rng_below(&r, 2) << 15);
    act_activation *a = make_kind(ACT_RELU);
    act_state *bits = make_state();
    for (int shift = 0; shift < 2; shift++) {
        const int64_t count = n - 33;
        act_tensor tx = make_tensor(x, ACT_FLOAT16, 1, &count, NULL),
                   tdy = make_tensor(dy, ACT_FLOAT16, 1, &count, NULL);
        act_tensor twant = make_tensor(want, ACT_FLOAT16, 1, &count, NULL);
        act_tensor tgot = make_tensor(got + shift, ACT_FLOAT16, 1, &count, NULL);
        assert_ok(act_forward(a, &tx, &twant, bits));
        assert_ok(act_backward(a, &tx, NULL, NULL, &tdy, &twant));
        assert_ok(act_backward(a, NULL, NULL, bits, &tdy, &tgot));
        assert_memory_equal(want, got + shift, (size_t)count * sizeof *got);
    }
    act_state_destroy(bits);
    act_activation_destroy(a);
    free(x);
}

/* The nearest of the type to slope * value: the product is exact in double. */
static void check_leaky(const scene *s, const double *slopes, const float *sign, const float *value) {
    const act_dtype dtype = s->view[OUT].dtype;
    void *want = test_elements(ACT_FLOAT64, count_of(s)), *got = test_elements(ACT_FLOAT64, count_of(s));
    for (int64_t i = 0; i < count_of(s); i++) {
        const double scaled = slopes[i] == 0 ? 0 : slopes[i] * (double)value[i];
        real_set(want, dtype, i, sign[i] <= 0 ? scaled : isnan(sign[i]) ? NAN : (double)value[i]);
    }
    view_get(&s->view[OUT], got);
    check_same(got, want, dtype, count_of(s), "leaky");
    free(want);
    free(got);
}

static void prelu_of_any_types(void **state) {
    (void)state;
    for (int64_t number = 0; number < test_cases(1000); number++) {
        scene s;
        scene_make(&s, 20000 + (uint64_t)number, MOST);
        const view *v = &s.view[X];
        const int per_column = v->rank > 0 && v->count > 0 && number % 2;
        const int64_t slopes = per_column ? v->shape[v->rank - 1] : 1;
        act_activation *a = NULL;
        act_tensor value, gradient;
        assert_ok(act_prelu_create(&a, ACT_FLOAT32, 1, &slopes, 0.3));
        assert_ok(act_activation_parameter(a, 0, &value));
        assert_ok(act_activation_gradient(a, 0, &gradient));
        fill_between(value.data, ACT_FLOAT32, slopes, &s.r, -1, 1);
        double *slope = test_elements(ACT_FLOAT64, v->count);
        long double sum = 0, size = 0;
        for (int64_t i = 0; i < v->count; i++) {
            slope[i] = (double)((float *)value.data)[i % slopes];
            const long double product = (long double)s.wide[X][i] * s.wide[DY][i];
            sum += i % slopes == 0 && !(s.wide[X][i] > 0) ? product : 0;
            size += i % slopes == 0 && !(s.wide[X][i] > 0) ? fabsl(product) : 0;
        }
        describe(&s, a, number);
        assert_ok(act_forward(a, &v->tensor, &s.view[OUT].tensor, NULL));
        check_leaky(&s, slope, s.wide[X], s.wide[X]);
        assert_ok(act_backward(a, &v->tensor, NULL, NULL, &s.view[DY].tensor, &s.view[OUT].tensor));
        check_leaky(&s, slope, s.wide[X], s.wide[DY]);
        view_check_gaps(&s.view[OUT], "output");
        const long double got = ((float *)gradient.data)[0];
        CHECK(!isfinite(size) || size > 3e38L ||
                  fabsl(got - sum) <= 0x1p-23L * fabsl(sum) + 1e-12L * size + 0x1p-149L,
              "gradient %Lg, expected %Lg", got, sum);
        free(slope);
        act_activation_destroy(a);
        scene_free(&s);
    }
}

/* Draws as float32 does, whatever the types. */
static void rrelu_draws_as_float32(void **state) {
    (void)state;
    for (int64_t number = 0; number < test_cases(1000); number++) {
        scene s;
        scene_make(&s, 30000 + (uint64_t)number, MOST);
        const int64_t n = count_of(&s);
        act_activation *a = make_spec("rrelu(lower=-0.5, upper=0.7, seed=5)");
        act_state *drawn = make_state();
        float *slope = test_elements(ACT_FLOAT32, n);
        double *slopes = test_elements(ACT_FLOAT64, n);
        const act__draw draw = {5, 0, -0.5, 0.7 - -0.5, 0.7};
        act__isa_in_use()->slopes[ACT__REAL32]->draw(&draw, 0, slope, n);
        for (int64_t i = 0; i < n; i++)
            slopes[i] = (double)slope[i];
        describe(&s, a, number);
        assert_ok(act_forward(a, &s.view[X].tensor, &s.view[OUT].tensor, drawn));
        check_leaky(&s, slopes, s.wide[X], s.wide[X]);
        assert_ok(act_backward(a, &s.view[X].tensor, NULL, drawn, &s.view[DY].tensor, &s.view[OUT].tensor));
        check_leaky(&s, slopes, s.wide[X], s.wide[DY]);
        view_check_gaps(&s.view[OUT], "output");
        free(slope);
        free(slopes);
        act_state_destroy(drawn);
        act_activation_destroy(a);
        scene_free(&s);
    }
}

static void in_place_and_any_length(void **state) {
    (void)state;
    static const int64_t lengths[] = {0, 1, 7, 8, 15, 16, 17, 31, 33, 1023, 1024, 1025, 2049, 5000, 70001};
    rng r = rng_for(97, 0);
    for (size_t k = 0; k < COUNT_OF(kinds); k++)
        for (act_dtype dtype = ACT_FLOAT16; dtype <= ACT_BFLOAT16; dtype++)
            for (size_t l = 0; l < COUNT_OF(lengths); l++) {
                const int64_t n = lengths[l];
                act_activation *a = make_kind(kinds[k]);
                char *x = test_elements(dtype, n + 1), *dy = test_elements(dtype, n + 1);
                char *apart = test_elements(dtype, n + 1), *work = test_elements(dtype, n + 1);
                fill_any(x, dtype, n, &r);
                fill_any(dy, dtype, n, &r);
                test_case_is("%s, type %d, n %lld", a->row->name, dtype, (long long)n);
                for (int way = 0; way < 3; way++) {
                    memcpy(work, way == 1 ? dy : x, (size_t)n * 2);
                    set_canary(work + 2 * n, 2);
                    if (way == 2) {
                        assert_ok(act_forward_1d(a, dtype, x, apart, n));
                        assert_ok(act_forward_1d(a, dtype, work, work, n));
                    } else {
                        assert_ok(act_backward_1d(a, dtype, x, dy, apart, n));
                        assert_ok(act_backward_1d(a, dtype, way ? x : work, way ? work : dy, work, n));
                    }
                    check_same(work, apart, dtype, n, "in place");
                    assert_canary(work + 2 * n, 2);
                }
                free(x);
                free(dy);
                free(apart);
                free(work);
                act_activation_destroy(a);
            }
}

static void what_is_refused(void **state) {
    (void)state;
    _Alignas(16) char room[4][128] = {{0}};
    const int64_t n = 8;
    act_activation *a = make_kind(ACT_TANH), *prelu = NULL;
    const act_tensor half = make_tensor(room[0], ACT_FLOAT16, 1, &n, NULL);
    const act_tensor wide = make_tensor(room[1], ACT_FLOAT64, 1, &n, NULL);
    act_tensor out = make_tensor(room[2], ACT_FLOAT32, 1, &n, NULL),
               over = make_tensor(room[0], ACT_BFLOAT16, 1, &n, NULL);
    act_tensor wide_out = make_tensor(room[3], ACT_FLOAT64, 1, &n, NULL);
    set_canary(room[2], sizeof room[2]);
    set_canary(room[3], sizeof room[3]);
    assert_refused(act_forward(a, &wide, &out, NULL), ACT_ERR_DTYPE,
                   "y: dtype is float32 but x has float64; float64 mixes with no other type");
    assert_refused(act_forward(a, &half, &wide_out, NULL), ACT_ERR_DTYPE, "float64 mixes with no other type");
    assert_refused(act_backward(a, &half, NULL, NULL, &wide, &wide_out), ACT_ERR_DTYPE, "x: dtype is float16");
    assert_refused(act_backward(a, &half, NULL, NULL, &half, &wide_out), ACT_ERR_DTYPE, "dx: dtype is float64");
    assert_refused(act_forward(a, &half, &over, NULL), ACT_ERR_OVERLAP, "y shares some memory with x");
    assert_ok(act_prelu_create(&prelu, ACT_FLOAT64, 0, NULL, 0.1));
    assert_refused(act_forward(prelu, &half, &out, NULL), ACT_ERR_DTYPE, "float16, but the slopes have float64");
    assert_canary(room[2], sizeof room[2]);
    assert_canary(room[3], sizeof room[3]);
    act_activation_destroy(prelu);
    act_activation_destroy(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_types_in_any_layout), cmocka_unit_test(bits_serve_any_types),
        cmocka_unit_test(bits_serve_many_halves),  cmocka_unit_test(prelu_of_any_types),
        cmocka_unit_test(rrelu_draws_as_float32),  cmocka_unit_test(in_place_and_any_length),
        cmocka_unit_test(what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
