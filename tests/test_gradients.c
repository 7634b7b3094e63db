/*
 * Backward against central differences of forward, in double, for every kind; at kinks the rule that the kink belongs
 * to the left branch; flat branches that select +0 whatever dy is; and the gradients of parameters.
 */
#include "views.h"

#include <math.h>

static const char *const specs[] = {
#define ACT_SPECIAL(...)
#define ACT_ELEMENTWISE(name, ...) #name,
#include "kinds.def"
    "leaky_relu(slope=0)",
    "leaky_relu(slope=-0.7)",
    "leaky_relu(slope=2.5)",
    "prelu",
    "prelu(initial=-0.4)",
    "rrelu",
    "rrelu(lower=-1,upper=2)",
    "elu(alpha=0.2)",
    "elu(alpha=-3)",
    "elu(alpha=7.5)",
    "affine(a=-1.5,b=2)",
    "relu_general(slope=0.1,max=6,theta=1)",
    "threshold(theta=0.5,value=20)",
    "hard_tanh(lo=-inf,hi=0.3)",
    "hard_sigmoid(a=0.2,b=0.5)",
    "hard_sigmoid(a=-0.3,b=0.25)",
    "hard_swish(a=0.2,b=0.5)",
    "hard_swish(a=-0.3,b=0.25)",
    "shrink(lambda=0.3,bias=0.7)",
};

enum { POINTS = 400 };

/* What a central difference of step times |x| is off by: rounding of y, and the third derivative. */
static const double step = 1e-5;

static void points(rng *r, double *x) {
    for (int i = 0; i < POINTS; i++)
        x[i] = (rng_once_in(r, 2) ? 1 : -1) * pow(10, rng_between(r, -3, 1.2));
}

/* prelu as created has float32 slopes; the same slope in float64. */
static act_activation *make_double(const char *spec) {
    act_activation *a = make_spec(spec);
    if (act_activation_get_kind(a) == ACT_PRELU) {
        double slope = 0;
        assert_ok(act_activation_get_param(&slope, a, "initial"));
        act_activation_destroy(a);
        assert_ok(act_prelu_create(&a, ACT_FLOAT64, 0, NULL, slope));
    }
    return a;
}

/* Forward with the same draws each time, where something is drawn. */
static void forward(const act_activation *a, const double *x, double *y, int64_t n, act_state *state) {
    act_tensor tx = make_tensor(x, ACT_FLOAT64, 1, &n, NULL), ty = make_tensor(y, ACT_FLOAT64, 1, &n, NULL);
    if (state)
        assert_ok(act_state_set_step(state, 0));
    assert_ok(act_forward(a, &tx, &ty, state));
}

/* Compares at x unless a kink lies within the step: there the differences to either side are not the same. */
static int compare_at(const char *spec, double x, const double *y, double dy, double dx) {
    const double h = step * fabs(x), below = x - h, above = x + h;
    const double left = (y[1] - y[0]) / (x - below), right = (y[2] - y[1]) / (above - x);
    const double rounding = 8e-16 * (fabs(y[0]) + fabs(y[1]) + fabs(y[2])) / h, size = fabs(left) + fabs(right);
    if (isnan(y[1])) {
        CHECK(isnan(dx), "%s: y(%g) is NaN but dx is %g", spec, x, dx);
        return 1;
    }
    if (fabs(right - left) > rounding + 1e-3 * (size + 1))
        return 0;
    const double slope = (y[2] - y[0]) / (above - below), off = fabs(dy) * (rounding + 1e-5 * size + 10 * h * h);
    CHECK(fabs(dx - dy * slope) <= off, "%s: dx(%g, dy %g) is %.12g, differences say %.12g", spec, x, dy, dx,
          dy * slope);
    return 1;
}

static void compare_with_differences(const char *spec, int training) {
    rng r = rng_for(60, 0);
    double x[POINTS], moved[POINTS], dy[POINTS], dx[POINTS], y[3][POINTS];
    const int64_t n = POINTS;
    act_activation *a = make_double(spec);
    act_state *state = training ? make_state() : NULL;
    points(&r, x);
    for (int s = 0; s < 3; s++) {
        for (int i = 0; i < POINTS; i++)
            moved[i] = x[i] + (s - 1) * (step * fabs(x[i]));
        forward(a, moved, y[s], POINTS, state);
    }
    for (int i = 0; i < POINTS; i++)
        dy[i] = rng_between(&r, -3, 3);
    forward(a, x, moved, POINTS, state);
    act_tensor tx = make_tensor(x, ACT_FLOAT64, 1, &n, NULL), tdx = make_tensor(dx, ACT_FLOAT64, 1, &n, NULL);
    const act_tensor tdy = make_tensor(dy, ACT_FLOAT64, 1, &n, NULL);
    assert_ok(act_backward(a, &tx, NULL, state, &tdy, &tdx));
    int compared = 0;
    for (int i = 0; i < POINTS; i++)
        compared += compare_at(spec, x[i], (double[]){y[0][i], y[1][i], y[2][i]}, dy[i], dx[i]);
    CHECK(compared >= POINTS * 9 / 10, "%s: only %d of %d points compared", spec, compared, POINTS);
    act_state_destroy(state);
    act_activation_destroy(a);
}

static void central_differences(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(specs); i++) {
        compare_with_differences(specs[i], 0);
        compare_with_differences(specs[i], 1);
    }
}

/* Every way backward has of finding the derivative: all must say the same at 0. */
enum { FROM_X, FROM_Y, FROM_STATE, WAYS };

static act_status backward(act_activation *a, int way, act_dtype dtype, void *x, void *dy, void *dx, int64_t n) {
    void *y = test_elements(dtype, n);
    act_state *state = way == FROM_STATE ? make_state() : NULL;
    act_tensor tx = make_tensor(x, dtype, 1, &n, NULL), ty = make_tensor(y, dtype, 1, &n, NULL);
    act_tensor tdy = make_tensor(dy, dtype, 1, &n, NULL), tdx = make_tensor(dx, dtype, 1, &n, NULL);
    assert_ok(act_forward(a, &tx, &ty, state));
    const act_status status =
        act_backward(a, way == FROM_X ? &tx : NULL, way == FROM_Y ? &ty : NULL, state, &tdy, &tdx);
    act_state_destroy(state);
    free(y);
    return status;
}

typedef struct at_kink {
    const char *spec;
    double derivative; /* at 0: of the left branch */
    uint32_t ways;     /* 1 << FROM_... */
} at_kink;

static const at_kink kinks[] = {
    {"identity", 1, 7},
    {"relu", 0, 7},
    {"leaky_relu", 0.01, 7},
    {"leaky_relu(slope=-0.5)", -0.5, 1 << FROM_X | 1 << FROM_STATE},
    {"leaky_relu(slope=0)", 0, 7},
    {"leaky_relu(slope=3)", 3, 7},
    {"prelu", 0.25, 1 << FROM_X | 1 << FROM_Y},
    {"rrelu(lower=0.2,upper=0.6)", 0.4, 1 << FROM_X | 1 << FROM_Y},
    {"rrelu(lower=-1,upper=0.5)", -0.25, 1 << FROM_X},
    {"elu", 1, 1 << FROM_X | 1 << FROM_Y},
    {"elu(alpha=0.3)", 0.3, 1 << FROM_X | 1 << FROM_Y},
    {"elu(alpha=-2)", -2, 1 << FROM_X},
    {"sigmoid", 0.25, 1 << FROM_X | 1 << FROM_Y},
    {"tanh", 1, 1 << FROM_X | 1 << FROM_Y},
    {"softsign", 1, 1 << FROM_X | 1 << FROM_Y},
    {"clipped_relu", 0, 1 << FROM_X | 1 << FROM_Y},
    {"relu_general(slope=0.5)", 0.5, 1 << FROM_X},
    {"threshold", 0, 1 << FROM_X | 1 << FROM_Y},
    {"threshold(value=1)", 0, 1 << FROM_X},
    {"hard_tanh(lo=0)", 0, 1 << FROM_X | 1 << FROM_Y},
    {"hard_tanh(hi=0)", 0, 1 << FROM_X | 1 << FROM_Y},
    {"hard_tanh(lo=0,hi=0)", 0, 1 << FROM_X},
    {"hard_sigmoid(b=0)", 0, 1 << FROM_X | 1 << FROM_Y},
    {"hard_sigmoid(b=1)", 0, 1 << FROM_X | 1 << FROM_Y},
    {"hard_swish(b=0)", 0, 1 << FROM_X},
    {"hard_swish(b=1)", 1, 1 << FROM_X},
    {"hard_mish", 1, 1 << FROM_X},
    {"hard_shrink(lambda=0)", 0, 1 << FROM_X | 1 << FROM_Y},
    {"soft_shrink(lambda=0)", 0, 1 << FROM_X | 1 << FROM_Y},
    {"shrink(lambda=0)", 0, 1 << FROM_X},
    {"abs", 0, 1 << FROM_X},
    {"step", 0, 1 << FROM_X},
    {"sign", 0, 1 << FROM_X},
    {"squared_relu", 0, 1 << FROM_X | 1 << FROM_Y},
};

static void check_kink(const at_kink *k, act_dtype dtype, int64_t n) {
    act_activation *a = dtype == ACT_FLOAT64 ? make_double(k->spec) : make_spec(k->spec);
    void *x = test_elements(dtype, n), *dy = test_elements(dtype, n), *dx = test_elements(dtype, n);
    for (int64_t i = 0; i < n; i++) {
        real_set(x, dtype, i, i % 2 ? -0.0 : 0.0);
        real_set(dy, dtype, i, (double)(i % 5) - 2);
    }
    for (int way = 0; way < WAYS; way++) {
        const act_status status = backward(a, way, dtype, x, dy, dx, n);
        if (!(k->ways >> way & 1)) {
            assert_status(status, ACT_ERR_MISSING);
            continue;
        }
        assert_ok(status);
        for (int64_t i = 0; i < n; i++) {
            const double want = real_round(real_round(k->derivative, dtype) * ((double)(i % 5) - 2), dtype);
            CHECK(real_get(dx, dtype, i) == want, "%s, way %d: dx at 0 is %g, expected %g (element %lld of %lld)",
                  k->spec, way, real_get(dx, dtype, i), want, (long long)i, (long long)n);
            if (k->derivative == 0)
                CHECK(!signbit(real_get(dx, dtype, i)), "%s, way %d: -0", k->spec, way);
        }
    }
    free(x);
    free(dy);
    free(dx);
    act_activation_destroy(a);
}

static void zero_belongs_to_the_left_branch(void **state) {
    (void)state;
    for (int isa = 0; isa < isa_count(); isa++) {
        act__isa_force(isa_number(isa));
        for (size_t k = 0; k < COUNT_OF(kinks); k++)
            for (int64_t n = 1; n <= 130; n++)
                for (act_dtype dtype = ACT_FLOAT32; dtype <= ACT_FLOAT64; dtype++)
                    check_kink(&kinks[k], dtype, n);
    }
    act__isa_force(NULL);
}

/* Where the derivative is 0 by branch, dx is +0 for any dy; where x is NaN, so are y and dx. */
static void check_flat(const char *spec, act_dtype dtype, int64_t n) {
    static const double any[] = {NAN, INFINITY, -INFINITY, -1, 1, -0.0};
    act_activation *a = dtype == ACT_FLOAT64 ? make_double(spec) : make_spec(spec);
    char *x = test_elements(dtype, n), *dy = test_elements(dtype, n), *dx = test_elements(dtype, n);
    for (int64_t i = 0; i < n; i++) {
        real_set(x, dtype, i, i % 4 == 0 ? -INFINITY : i % 4 == 1 ? -0.0 : i % 4 == 2 ? -1 : NAN);
        real_set(dy, dtype, i, any[i % 6]);
    }
    for (int way = 0; way < WAYS; way++) {
        if (backward(a, way, dtype, x, dy, dx, n) != ACT_OK)
            continue;
        for (int64_t i = 0; i < n; i++) {
            const double got = real_get(dx, dtype, i);
            if (i % 4 == 3)
                CHECK(isnan(got), "%s, way %d: x is NaN, dx is %g (element %d of %d)", spec, way, got, (int)i,
                      (int)n);
            else
                CHECK(got == 0 && !signbit(got), "%s, way %d: dx is %g where dy is %g (element %d of %d)", spec, way,
                      got, any[i % 6], (int)i, (int)n);
        }
    }
    free(x);
    free(dy);
    free(dx);
    act_activation_destroy(a);
}

static void flat_branches_select(void **state) {
    (void)state;
    static const char *const flat[] = {"relu",
                                       "leaky_relu(slope=0)",
                                       "leaky_relu(slope=-0.0)",
                                       "prelu(initial=0)",
                                       "rrelu(lower=0,upper=0)",
                                       "clipped_relu",
                                       "relu_general",
                                       "threshold(value=-3)",
                                       "hard_tanh(lo=0)",
                                       "hard_sigmoid(a=3,b=0)",
                                       "hard_swish(a=3,b=0)",
                                       "step",
                                       "sign",
                                       "pow(exponent=0)",
                                       "squared_relu"};
    for (int isa = 0; isa < isa_count(); isa++) {
        act__isa_force(isa_number(isa));
        for (size_t i = 0; i < COUNT_OF(flat); i++)
            for (int64_t n = 1; n <= 130; n++)
                for (act_dtype dtype = ACT_FLOAT32; dtype <= ACT_FLOAT64; dtype++)
                    check_flat(flat[i], dtype, n);
    }
    act__isa_force(NULL);
}

/* A loss over a layer with parameters: the sum of dy times y. */
typedef struct layer {
    act_activation *a;
    int64_t x_shape[2], y_shape[2];
    double *x, *dy, *y, *dx;
} layer;

static double loss(const layer *l, act_state *state) {
    act_tensor tx = make_tensor(l->x, ACT_FLOAT64, 2, l->x_shape, NULL),
               ty = make_tensor(l->y, ACT_FLOAT64, 2, l->y_shape, NULL);
    assert_ok(act_forward(l->a, &tx, &ty, state));
    double sum = 0;
    for (int64_t i = 0; i < l->y_shape[0] * l->y_shape[1]; i++)
        sum += l->dy[i] * l->y[i];
    return sum;
}

static void compare_change(const layer *l, double *number, double gradient, const char *what, int64_t i) {
    const double before = *number, h = 1e-6;
    *number = before + h;
    const double after = loss(l, NULL);
    *number = before - h;
    const double want = (after - loss(l, NULL)) / (2 * h);
    *number = before;
    CHECK(fabs(gradient - want) <= 1e-7 * (1 + fabs(want)), "%s %lld: gradient %.10g, differences say %.10g", what,
          (long long)i, gradient, want);
}

static void compare_layer(act_activation *a, int64_t in, int64_t out) {
    enum { ROWS = 9 };
    rng r = rng_for(61, 0);
    layer l = {.a = a, .x_shape = {ROWS, in}, .y_shape = {ROWS, out}};
    l.x = test_elements(ACT_FLOAT64, ROWS * in);
    l.dx = test_elements(ACT_FLOAT64, ROWS * in);
    l.y = test_elements(ACT_FLOAT64, ROWS * out);
    l.dy = test_elements(ACT_FLOAT64, ROWS * out);
    fill_between(l.x, ACT_FLOAT64, ROWS * in, &r, -2, 2);
    fill_between(l.dy, ACT_FLOAT64, ROWS * out, &r, -2, 2);
    act_state *state = make_state();
    loss(&l, state);
    act_tensor tx = make_tensor(l.x, ACT_FLOAT64, 2, l.x_shape, NULL),
               tdx = make_tensor(l.dx, ACT_FLOAT64, 2, l.x_shape, NULL);
    const act_tensor tdy = make_tensor(l.dy, ACT_FLOAT64, 2, l.y_shape, NULL);
    assert_ok(act_backward(a, &tx, NULL, state, &tdy, &tdx));
    for (int64_t i = 0; i < ROWS * in; i++)
        compare_change(&l, &l.x[i], l.dx[i], "x", i);
    for (int32_t p = 0; p < act_activation_parameter_count(a); p++) {
        act_tensor value, gradient;
        assert_ok(act_activation_parameter(a, p, &value));
        assert_ok(act_activation_gradient(a, p, &gradient));
        int64_t count = 1;
        for (int32_t d = 0; d < value.ndim; d++)
            count *= value.shape[d];
        for (int64_t i = 0; i < count; i++)
            compare_change(&l, (double *)value.data + i, ((const double *)gradient.data)[i],
                           act_activation_parameter_name(a, p), i);
    }
    act_state_destroy(state);
    act_activation_destroy(a);
    free(l.x);
    free(l.dx);
    free(l.y);
    free(l.dy);
}

static void gradients_of_parameters(void **state) {
    (void)state;
    act_activation *a = NULL;
    assert_ok(act_prelu_create(&a, ACT_FLOAT64, 0, NULL, 0.25));
    compare_layer(a, 6, 6);
    assert_ok(act_prelu_create_channels(&a, ACT_FLOAT64, 6, -1, -0.5));
    compare_layer(a, 6, 6);
    assert_ok(act_prelu_create_channels(&a, ACT_FLOAT64, 9, 0, 1.5));
    compare_layer(a, 6, 6);
    assert_ok(act_maxout_create(&a, 5, 4, 3, ACT_FLOAT64, 0, 11));
    compare_layer(a, 5, 4);
    assert_ok(act_maxout_create(&a, 7, 3, 2, ACT_FLOAT64, ACT_MAXOUT_NO_BIAS, 12));
    compare_layer(a, 7, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(central_differences),
        cmocka_unit_test(zero_belongs_to_the_left_branch),
        cmocka_unit_test(flat_branches_select),
        cmocka_unit_test(gradients_of_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
