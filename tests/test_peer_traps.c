/*
 * Mistakes that other systems made, in source or measured, each by its name: that this library makes none of them, in
 * float32 and float64, alone and in the middle of a tensor.
 */
#include "support.h"

#include <math.h>

enum { VALUE, GRADIENT, LONGEST = 150 };

/* One element: x and dy in, y or dx out; exact, or within what rounding is allowed. */
typedef struct trap {
    const char *name, *spec;
    int what;
    double x, dy, wanted;
} trap;

#define FORWARD(name, spec, x, wanted) \
    { name, spec, VALUE, x, 0, wanted }
#define BACKWARD(name, spec, x, dy, wanted) \
    { name, spec, GRADIENT, x, dy, wanted }

static const trap traps[] = {
    FORWARD("x > 0 ? x : 0 drops NaN", "relu", NAN, NAN),
    FORWARD("x > 0 ? x : 0 drops NaN", "leaky_relu", NAN, NAN),
    FORWARD("fmax drops NaN", "hard_sigmoid", NAN, NAN),
    FORWARD("maxps gives its second operand", "clipped_relu", NAN, NAN),
    FORWARD("maxps gives its second operand", "hard_tanh", NAN, NAN),
    BACKWARD("x > 0 ? dy : 0 drops NaN", "relu", NAN, 1, NAN),
    FORWARD("times a mask: 0 * Inf", "relu", -INFINITY, 0),
    FORWARD("times a mask: -0", "relu", -3, 0),
    FORWARD("times a slope of 0", "leaky_relu(slope=0)", -INFINITY, 0),
    FORWARD("0 * Inf from the branch not taken", "elu", 800, 800),
    FORWARD("0 * Inf from the branch not taken", "celu", 800, 800),
    FORWARD("0 * Inf from the branch not taken", "selu", 800, 800 * 1.0507009873554805),
    BACKWARD("times a mask: 0 * NaN", "relu", -1, NAN, 0),
    BACKWARD("times a mask: 0 * Inf", "relu", 0, -INFINITY, 0),
    BACKWARD("times a mask: 0 * Inf", "leaky_relu(slope=0)", -1, INFINITY, 0),
    BACKWARD("times a mask: 0 * NaN", "clipped_relu", 7, NAN, 0),
    BACKWARD("times a mask: 0 * Inf", "hard_swish", -4, INFINITY, 0),
    BACKWARD("two gradients at an end", "hard_swish", 3, 1, 1),
    BACKWARD("output / input", "gelu", 0, 1, 0.5),
    BACKWARD("output / input", "silu", 0, 1, 0.5),
    FORWARD("1 + erf in the tail", "gelu", -5.5, -1.0444259356238246e-07),
    FORWARD("1 + tanh in the tail", "gelu_tanh", -5.5, -5.927640263880262e-09),
    FORWARD("0 * Inf at -Inf", "gelu", -INFINITY, -0.0),
    FORWARD("0 * Inf at -Inf", "gelu_tanh", -INFINITY, -0.0),
    FORWARD("0 * Inf in the argument", "scaled_tanh(a=0)", INFINITY, 0),
    BACKWARD("0 * Inf in the argument", "scaled_tanh(a=0)", INFINITY, 1, 0),
    FORWARD("0 * Inf at -Inf", "silu", -INFINITY, -0.0),
    FORWARD("0 * Inf at -Inf", "mish", -INFINITY, -0.0),
    FORWARD("0 * Inf at -Inf", "hard_swish", -INFINITY, 0),
    BACKWARD("Inf - Inf in f'", "gelu", INFINITY, 1, 1),
    BACKWARD("Inf - Inf in f'", "silu", INFINITY, 1, 1),
    BACKWARD("Inf - Inf in f'", "mish", INFINITY, 1, 1),
    BACKWARD("0 * Inf in f'", "gelu", -INFINITY, 1, -0.0),
    BACKWARD("x^3 overflows", "gelu_tanh", 3e38, 1, 1),
    FORWARD("sigmoid inside a logarithm", "log_sigmoid", -90, -90),
    FORWARD("sigmoid inside a logarithm", "log_sigmoid", 40, -4.248354255291589e-18),
    FORWARD("tanh from exp(2x)", "tanh", 400, 1),
    FORWARD("tanh from exp(2x)", "tanh", -400, -1),
    FORWARD("log(1 + exp(x))", "softplus", -20, 2.0611536203143808e-09),
    FORWARD("log(1 + exp(x))", "softplus", 800, 800),
    FORWARD("a threshold on x, not on beta x", "softplus(beta=0.015625)", 64, 64 + 64 * 0.31326168751822286),
    BACKWARD("a threshold on y, not on x", "softplus", 0.5, 1, 0.62245933120185459),
    FORWARD("a threshold above 88", "softplus", 100, 100),
    BACKWARD("a threshold above 88", "softplus", 100, 1, 1),
    FORWARD("constants rounded before use", "selu", 1, 1.0507009873554804935),
    FORWARD("constants rounded before use", "selu", -INFINITY, -1.7580993408473768599),
    FORWARD("constants rounded before use", "hard_sigmoid", 1, 2.0 / 3),
    FORWARD("exp(x) - 1 near 0", "elu", -0x1p-24, -0x1.ffffff0000005p-25),
    FORWARD("exp(x) - 1 loses -0", "elu", -0.0, -0.0),
    BACKWARD("y + alpha in the tail", "elu", -20, 1, 2.0611536224385578e-09),
    BACKWARD("y (1 - y) near 1", "sigmoid", 17, 1, 4.1399373760035016e-08),
    BACKWARD("1 - y^2 near 1", "tanh", 10, 1, 8.2446144557673974e-09),
    FORWARD("x - tanh(x) near 0", "tanh_shrink", 0x1p-13, 0x1.5555553333333p-41),
    FORWARD("times 6 before the division", "hard_swish", 3e38, 3e38),
    FORWARD("Inf / Inf", "softsign", INFINITY, 1),
    FORWARD("Inf / Inf", "softsign", -INFINITY, -1),
    FORWARD("max(x, slope x)", "leaky_relu(slope=1.5)", -2, -3),
    FORWARD("max(x, slope x)", "leaky_relu(slope=-0.5)", -2, 1),
    FORWARD("max and min instead of branches", "elu(alpha=-1)", -1, 0.63212055882855768),
    BACKWARD("kept at one end, not at another", "clipped_relu", 6, 1, 0),
    BACKWARD("kept at one end, not at another", "hard_tanh", 1, 1, 0),
    BACKWARD("kept at one end, not at another", "hard_tanh", -1, 1, 0),
    BACKWARD("kept at one end, not at another", "hard_sigmoid", 3, 1, 0),
    BACKWARD("4 x e e in f'", "mish", 1e38, 1, 1),
    FORWARD("x + hypot overflows", "squareplus", 3e38, 3e38),
    FORWARD("x + hypot cancels", "squareplus", -1024, 0x1.ffffe00004p-11),
};

static act_dtype dtype_of(int real64) { return real64 ? ACT_FLOAT64 : ACT_FLOAT32; }

/* n equal elements through the library; element at of what comes out. */
static double run_among(const trap *t, int real64, int64_t n, int64_t at) {
    static union {
        float f[LONGEST];
        double d[LONGEST];
    } x, dy, out;
    for (int64_t i = 0; i < n; i++)
        if (real64) {
            x.d[i] = t->x;
            dy.d[i] = t->dy;
        } else {
            x.f[i] = (float)t->x;
            dy.f[i] = (float)t->dy;
        }
    act_activation *a = make_spec(t->spec);
    if (t->what == VALUE)
        assert_ok(act_forward_1d(a, dtype_of(real64), &x, &out, n));
    else
        assert_ok(act_backward_1d(a, dtype_of(real64), &x, &dy, &out, n));
    act_activation_destroy(a);
    return real64 ? out.d[at] : (double)out.f[at];
}

static int is_near(double got, double wanted, int real64) {
    if (isnan(wanted))
        return isnan(got);
    if (wanted == 0 || isinf(wanted))
        return got == wanted && !signbit(got) == !signbit(wanted);
    return fabs(got - wanted) <= fabs(wanted) * (real64 ? 1e-13 : 0x1p-22);
}

static void none_is_fallen_into(void **state) {
    (void)state;
    static const int64_t lengths[] = {1, 5, 16, 67, LONGEST};
    for (size_t i = 0; i < COUNT_OF(traps); i++)
        for (int real64 = 0; real64 <= 1; real64++)
            for (size_t k = 0; k < COUNT_OF(lengths); k++) {
                const double got = run_among(&traps[i], real64, lengths[k], lengths[k] - 1);
                if (!is_near(got, traps[i].wanted, real64))
                    fail_msg("%s: %s at %g with dy %g is %.17g, not %.17g, in float%d", traps[i].name, traps[i].spec,
                             traps[i].x, traps[i].dy, got, traps[i].wanted, real64 ? 64 : 32);
            }
}

static const float odd_ones[] = {NAN,   INFINITY, -INFINITY, 0.0f, -0.0f,  1e-42f, -1e-42f, 3,    -3,    6,
                                 1e-7f, -1e-7f,   -5.5f,     17,   -88.5f, 88.9f,  0.5f,    1.0f, -1.0f, 3e38f};

static int is_elementwise(act_kind kind) {
    static const act_kind others[] = {ACT_PRELU, ACT_RRELU, ACT_MAXOUT};
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (kind == others[i])
            return 0;
    return strcmp(act_kind_name(kind), "crelu") != 0;
}

static void fill_odd(float *x, float *dy, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        x[i] = odd_ones[i % (int64_t)COUNT_OF(odd_ones)];
        dy[i] = i % 7 == 0 ? NAN : i % 7 == 1 ? -INFINITY : 1.5f;
    }
}

static int same(float a, float b) { return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0; }

/* The scalar tail said one thing, the vector body another: of values, gradients, NaN and the sign of zero. */
static void tail_and_body_agree(void **state) {
    (void)state;
    float x[LONGEST], dy[LONGEST], y[LONGEST], dx[LONGEST];
    fill_odd(x, dy, LONGEST);
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        if (!is_elementwise(kind))
            continue;
        act_activation *a = make_kind(kind);
        assert_ok(act_forward_1d(a, ACT_FLOAT32, x, y, LONGEST));
        assert_ok(act_backward_1d(a, ACT_FLOAT32, x, dy, dx, LONGEST));
        for (int i = 0; i < LONGEST; i++) {
            float one_y, one_dx;
            assert_ok(act_forward_1d(a, ACT_FLOAT32, &x[i], &one_y, 1));
            assert_ok(act_backward_1d(a, ACT_FLOAT32, &x[i], &dy[i], &one_dx, 1));
            if (!same(y[i], one_y) || !same(dx[i], one_dx))
                fail_msg("%s at %g: %g and %g alone, %g and %g among others", act_kind_name(kind), (double)x[i],
                         (double)one_y, (double)one_dx, (double)y[i], (double)dx[i]);
        }
        act_activation_destroy(a);
    }
}

/* The last block, which overlaps the one before, was computed from its own results. */
static void in_place_nothing_is_done_twice(void **state) {
    (void)state;
    float x[LONGEST], dy[LONGEST], y[LONGEST], dx[LONGEST];
    for (act_kind kind = 0; kind < act_kind_count(); kind++)
        for (int64_t n = 1; is_elementwise(kind) && n <= LONGEST; n++) {
            act_activation *a = make_kind(kind);
            fill_odd(x, dy, n);
            assert_ok(act_forward_1d(a, ACT_FLOAT32, x, y, n));
            assert_ok(act_backward_1d(a, ACT_FLOAT32, x, dy, dx, n));
            assert_ok(act_backward_1d(a, ACT_FLOAT32, x, dy, dy, n));
            assert_ok(act_forward_1d(a, ACT_FLOAT32, x, x, n));
            for (int64_t i = 0; i < n; i++)
                if (!same(x[i], y[i]) || !same(dx[i], dy[i]))
                    fail_msg("%s in place, %d of %d", act_kind_name(kind), (int)i, (int)n);
            act_activation_destroy(a);
        }
}

/* y alone does not tell what x was where a slope or alpha is not positive: refused, not guessed. */
static void a_slope_that_hides_x_is_refused(void **state) {
    (void)state;
    static const char *const specs[] = {
        "leaky_relu(slope=-0.5)", "elu(alpha=-1)", "silu", "gelu", "mish", "hard_swish"};
    float data[] = {-2, 3}, gradient[] = {1, 1};
    for (size_t i = 0; i < COUNT_OF(specs); i++) {
        act_activation *a = make_spec(specs[i]);
        const act_tensor y = make_tensor(data, ACT_FLOAT32, DIMS(2), NULL);
        act_tensor dy = make_tensor(gradient, ACT_FLOAT32, DIMS(2), NULL);
        assert_false(act_backward_needs(a) & ACT_NEEDS_OUTPUT);
        assert_status(act_backward(a, NULL, &y, NULL, &dy, &dy), ACT_ERR_MISSING);
        act_activation_destroy(a);
    }
}

static void an_unknown_name_is_no_relu(void **state) {
    (void)state;
    act_activation *a = NULL;
    assert_status(act_activation_create_from_spec(&a, "rleu"), ACT_ERR_SPEC);
    assert_null(a);
}

enum { SLOPES = 40 };

static void rrelu_slopes(float *slopes, const float *x) {
    act_activation *a = NULL;
    act_state *state = make_state();
    float y[SLOPES];
    assert_ok(act_rrelu_create(&a, 0.125, 0.25, 7));
    act_tensor tx = make_tensor(x, ACT_FLOAT32, DIMS(SLOPES), NULL),
               ty = make_tensor(y, ACT_FLOAT32, DIMS(SLOPES), NULL);
    assert_ok(act_forward(a, &tx, &ty, state));
    for (int i = 0; i < SLOPES; i++)
        slopes[i] = y[i] / x[i];
    act_state_destroy(state);
    act_activation_destroy(a);
}

/* Slopes were drawn for x <= 0 only, so that one sign shifted all that came after. */
static void rrelu_draws_by_place(void **state) {
    (void)state;
    float x[SLOPES], before[SLOPES], after[SLOPES];
    for (int i = 0; i < SLOPES; i++)
        x[i] = -1;
    rrelu_slopes(before, x);
    x[3] = 1;
    rrelu_slopes(after, x);
    for (int i = 0; i < SLOPES; i++)
        assert_true(i == 3 || before[i] == after[i]);
}

/* The noise of evaluation, which draws none, was not defined. */
static void rrelu_evaluates_without_noise(void **state) {
    (void)state;
    const float x[] = {-2, 2}, dy[] = {1, 1};
    float y[2], dx[2];
    act_activation *a = NULL;
    assert_ok(act_rrelu_create(&a, 0.125, 0.375, 7));
    assert_ok(act_forward_1d(a, ACT_FLOAT32, x, y, 2));
    assert_ok(act_backward_1d(a, ACT_FLOAT32, x, dy, dx, 2));
    assert_true(y[0] == -0.5f && y[1] == 2 && dx[0] == 0.25f && dx[1] == 1);
    act_activation_destroy(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_is_fallen_into),
        cmocka_unit_test(tail_and_body_agree),
        cmocka_unit_test(in_place_nothing_is_done_twice),
        cmocka_unit_test(a_slope_that_hides_x_is_refused),
        cmocka_unit_test(an_unknown_name_is_no_relu),
        cmocka_unit_test(rrelu_draws_by_place),
        cmocka_unit_test(rrelu_evaluates_without_noise),
    };
    return cmocka_run_group_tests_name("peer_traps", tests, NULL, NULL);
}
