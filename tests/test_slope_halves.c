/*
 * PReLU of 16-bit elements: values and gradients of all of them by slopes of every sort, and sums of slope gradients.
 */
#include <math.h>

#include "views.h"

/* Some lose their meaning where they are rounded as numbers are. */
static const uint32_t nan_bits[] = {0xffffffff, 0x7fffffff, 0x7fff8000, 0x7f800001};

static void prelu_with_a_slope_that_is_nan(void **state) {
    (void)state;
    enum { N = 41 };
    for (act_dtype dtype = ACT_FLOAT16; dtype <= ACT_BFLOAT16; dtype++)
        for (size_t k = 0; k < COUNT_OF(nan_bits); k++) {
            const int64_t n = N, two = 2;
            uint16_t x[2 * N], y[2 * N];
            act_tensor slope, x_tensor, y_tensor;
            act_activation *a = make_spec("prelu");
            assert_ok(act_activation_parameter(a, 0, &slope));
            memcpy(slope.data, &nan_bits[k], sizeof nan_bits[k]);
            for (int64_t i = 0; i < 2 * N; i++)
                real_set(x, dtype, i, -1);
            assert_ok(act_forward_1d(a, dtype, x, y, n));
            for (int64_t i = 0; i < n; i++)
                CHECK(isnan(real_get(y, dtype, i)), "slope %08x gives %04x", nan_bits[k], y[i]);
            assert_ok(act_tensor_init(&x_tensor, x, dtype, 1, &n, &two));
            assert_ok(act_tensor_init(&y_tensor, y, dtype, 1, &n, &two));
            assert_ok(act_forward(a, &x_tensor, &y_tensor, NULL));
            for (int64_t i = 0; i < n; i++)
                CHECK(isnan(real_get(y, dtype, 2 * i)), "slope %08x gives %04x", nan_bits[k], y[2 * i]);
            act_activation_destroy(a);
        }
}

/* NaN of float32 stays NaN in 16 bits: as x, as dy. */
static void nan_case(int64_t slopes) {
    enum { N = 41 };
    for (act_dtype dtype = ACT_FLOAT16; dtype <= ACT_BFLOAT16; dtype++)
        for (size_t k = 0; k < COUNT_OF(nan_bits); k++) {
            const int64_t n = N;
            float nan[N], below[N];
            uint16_t got[N];
            act_activation *a = NULL;
            for (int64_t i = 0; i < n; i++) {
                memcpy(&nan[i], &nan_bits[k], sizeof nan[i]);
                below[i] = -1;
            }
            const act_tensor nans = make_tensor(nan, ACT_FLOAT32, 1, &n, NULL),
                             source = make_tensor(below, ACT_FLOAT32, 1, &n, NULL);
            act_tensor out = make_tensor(got, dtype, 1, &n, NULL);
            assert_ok(act_prelu_create(&a, ACT_FLOAT32, 1, &slopes, 0.25));
            for (int call = 0; call < 3; call++) {
                assert_ok(call == 0   ? act_forward(a, &nans, &out, NULL)
                          : call == 1 ? act_backward(a, &nans, NULL, NULL, &source, &out)
                                      : act_backward(a, &source, NULL, NULL, &nans, &out));
                for (int64_t i = 0; i < n; i++)
                    CHECK(isnan(real_get(got, dtype, i)), "call %d: %08x gives %04x", call, nan_bits[k], got[i]);
            }
            act_activation_destroy(a);
        }
}

static void elements_that_are_nan(void **state) {
    (void)state;
    for (int isa = 0; isa < isa_count(); isa++) {
        act__isa_force(isa_number(isa));
        nan_case(1);
        nan_case(41);
    }
    act__isa_force(NULL);
}

static const float factors[] = {0.25f,
                                1.0f / 3,
                                -0.7f,
                                0,
                                0x1.81p0f,
                                -0x1.01p-7f,
                                0x1.02p-3f,
                                0x1p-126f,
                                0x1p-149f,
                                1e-39f,
                                0x1.8p127f,
                                0x1.000002p0f,
                                0x1.ffcp0f,
                                -0x1.fep-120f,
                                0x1.2p-8f,
                                1,
                                0x1.8p0f,
                                -0x1.4p-2f,
                                0x1.fffffep0f,
                                0x1.800002p-15f,
                                -3.3e38f,
                                INFINITY,
                                -INFINITY,
                                NAN,
                                NAN,
                                NAN,
                                NAN};
enum { HALVES = 65536, FACTORS = COUNT_OF(factors) };

static act_activation *prelu_of_factors(int32_t axis) {
    act_activation *a = NULL;
    act_tensor slope;
    assert_ok(act_prelu_create_channels(&a, ACT_FLOAT32, FACTORS, axis, 0));
    assert_ok(act_activation_parameter(a, 0, &slope));
    memcpy(slope.data, factors, sizeof factors);
    memcpy((float *)slope.data + FACTORS - COUNT_OF(nan_bits), nan_bits, sizeof nan_bits);
    return a;
}

/* All halves by all factors, these side by side or in rows of their own: as x, and as dy of an x below 0. */
static void all_halves_case(act_dtype dtype, int rows) {
    const int64_t shape[] = {rows ? FACTORS : HALVES, rows ? HALVES : FACTORS}, n = FACTORS * (int64_t)HALVES;
    uint16_t *half = test_elements(dtype, n), *below = test_elements(dtype, n), *got = test_elements(dtype, n),
             *value = test_elements(dtype, n), *gradient = test_elements(dtype, n);
    act_activation *a = prelu_of_factors(rows ? 0 : 1);
    for (int64_t i = 0; i < n; i++) {
        half[i] = (uint16_t)(rows ? i % HALVES : i / FACTORS);
        real_set(below, dtype, i, -1);
        const double element = real_get(half, dtype, i), factor = (double)factors[rows ? i / HALVES : i % FACTORS];
        const double product = factor == 0 ? 0 : factor * element;
        real_set(value, dtype, i, element <= 0 ? product : element);
        real_set(gradient, dtype, i, product);
    }
    const act_tensor x = make_tensor(half, dtype, 2, shape, NULL), source = make_tensor(below, dtype, 2, shape, NULL);
    act_tensor out = make_tensor(got, dtype, 2, shape, NULL);
    assert_ok(act_forward(a, &x, &out, NULL));
    check_same(got, value, dtype, n, "prelu");
    assert_ok(act_backward(a, &source, NULL, NULL, &x, &out));
    check_same(got, gradient, dtype, n, "prelu's dx");
    act_activation_destroy(a);
    uint16_t *const all[] = {half, below, got, value, gradient};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        free(all[i]);
}

/* Products that are ties, next to ties, subnormal and beyond. */
static void prelu_of_all_halves(void **state) {
    (void)state;
    for (int isa = 0; isa < isa_count(); isa++) {
        act__isa_force(isa_number(isa));
        for (act_dtype dtype = ACT_FLOAT16; dtype <= ACT_BFLOAT16; dtype++)
            for (int rows = 0; rows < 2; rows++)
                all_halves_case(dtype, rows);
    }
    act__isa_force(NULL);
}

/* float32 elements whose products lie at the middle between two halves, or next to it. */
static void near_case(act_dtype dtype, float slope, int shared) {
    enum { N = 3 * HALVES };
    const int64_t n = N, slopes = shared ? 1 : N;
    float *x = test_elements(ACT_FLOAT32, n), *dy = test_elements(ACT_FLOAT32, n);
    uint16_t *value = test_elements(dtype, n), *gradient = test_elements(dtype, n), *got = test_elements(dtype, n);
    act_activation *a = NULL;
    assert_ok(act_prelu_create(&a, ACT_FLOAT32, 1, &slopes, (double)slope));
    for (int64_t i = 0; i < n; i++) {
        uint16_t pair[2] = {(uint16_t)(i / 3), (uint16_t)(i / 3 + 1)};
        const double middle = (real_get(pair, dtype, 0) + real_get(pair, dtype, 1)) / 2;
        const float nearest = (float)(-fabs(middle) / (double)slope);
        x[i] = i % 3 == 0 ? nearest : nextafterf(nearest, i % 3 == 1 ? 0 : -INFINITY);
        dy[i] = i % 2 ? x[i] : -x[i];
        real_set(value, dtype, i, (double)slope * (double)x[i]);
        real_set(gradient, dtype, i, (double)slope * (double)dy[i]);
    }
    const act_tensor in = make_tensor(x, ACT_FLOAT32, 1, &n, NULL), dy_in = make_tensor(dy, ACT_FLOAT32, 1, &n, NULL);
    act_tensor out = make_tensor(got, dtype, 1, &n, NULL);
    test_case_is("slope %g, type %d, %s", (double)slope, dtype, shared ? "shared" : "one an element");
    assert_ok(act_forward(a, &in, &out, NULL));
    check_same(got, value, dtype, n, "y");
    assert_ok(act_backward(a, &in, NULL, NULL, &dy_in, &out));
    check_same(got, gradient, dtype, n, "dx");
    act_activation_destroy(a);
    void *const all[] = {x, dy, value, gradient, got};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        free(all[i]);
}

static void products_near_the_middle(void **state) {
    (void)state;
    static const float slopes[] = {0.3f, 0.25f, 0x1.46731ap0f, 1e-6f};
    for (int isa = 0; isa < isa_count(); isa++) {
        act__isa_force(isa_number(isa));
        for (size_t i = 0; i < COUNT_OF(slopes); i++)
            for (act_dtype dtype = ACT_FLOAT16; dtype <= ACT_BFLOAT16; dtype++)
                for (int shared = 0; shared < 2; shared++)
                    near_case(dtype, slopes[i], shared);
    }
    act__isa_force(NULL);
}

/* Images by channels by elements, each channel with a slope. type: of source, dy, dx. */
typedef struct images {
    int64_t shape[3], count;
    act_dtype type[3];
    int from_output, in_place; /* in_place: dx is source (0) or dy (1), or apart (2), or not wanted (3) */
    void *data[3];
} images;

static float slope_at(int64_t channel) { return 0.1f + 0.05f * (float)channel; }

static void take_gradients(const images *m, float *gradient) {
    act_activation *a = NULL;
    act_tensor slope, sums, t[3];
    assert_ok(act_prelu_create_channels(&a, ACT_FLOAT32, m->shape[1], 1, 0.3));
    assert_ok(act_activation_parameter(a, 0, &slope));
    assert_ok(act_activation_gradient(a, 0, &sums));
    for (int64_t i = 0; i < m->shape[1]; i++)
        ((float *)slope.data)[i] = slope_at(i);
    for (int k = 0; k < 3; k++)
        t[k] = make_tensor(m->data[k], m->type[k], 3, m->shape, NULL);
    act_tensor *const dx = m->in_place < 3 ? &t[m->in_place] : NULL;
    assert_ok(act_backward(a, m->from_output ? NULL : &t[0], m->from_output ? &t[0] : NULL, NULL, &t[1], dx));
    memcpy(gradient, sums.data, (size_t)m->shape[1] * sizeof *gradient);
    act_activation_destroy(a);
}

/* The same sums, of the same elements in float32, or in long double. */
static void check_sums(const images *m, const float *got) {
    float *same = test_elements(ACT_FLOAT32, m->shape[1]);
    images plain = *m;
    plain.in_place = 3;
    for (int k = 0; k < 2; k++) {
        plain.type[k] = ACT_FLOAT32;
        plain.data[k] = test_elements(ACT_FLOAT32, m->count);
        for (int64_t i = 0; i < m->count; i++)
            ((float *)plain.data[k])[i] = (float)real_get(m->data[k], m->type[k], i);
    }
    assert_ok(act_set_num_threads(1));
    take_gradients(&plain, same);
    check_same(got, same, ACT_FLOAT32, m->shape[1], "slope gradient");
    for (int64_t channel = 0; channel < m->shape[1]; channel++) {
        long double sum = 0, size = 0;
        for (int64_t i = 0; i < m->count; i++) {
            const float x = ((float *)plain.data[0])[i];
            if (x > 0 || i / m->shape[2] % m->shape[1] != channel)
                continue;
            const long double term =
                (long double)x / (m->from_output ? (long double)slope_at(channel) : 1) * ((float *)plain.data[1])[i];
            sum += term;
            size += fabsl(term);
        }
        CHECK(fabsl(got[channel] - sum) <= 0x1.00001p-24L * fabsl(sum) + 1e-12L * size, "gradient %g, expected %Lg",
              (double)got[channel], sum);
    }
    free(plain.data[0]);
    free(plain.data[1]);
    free(same);
}

static void image_case(int64_t number, const int64_t *shape, int32_t threads) {
    static const act_dtype types[] = {ACT_FLOAT16, ACT_BFLOAT16, ACT_FLOAT32};
    rng r = rng_for(40, (uint64_t)number);
    images m = {.count = shape[0] * shape[1] * shape[2],
                .from_output = rng_once_in(&r, 2),
                .in_place = (int)rng_below(&r, 4)};
    memcpy(m.shape, shape, sizeof m.shape);
    const act_dtype first = types[rng_below(&r, 3)];
    const int mixed = rng_once_in(&r, 2);
    for (int k = 0; k < 3; k++) {
        m.type[k] = mixed ? types[rng_below(&r, 3)] : first;
        m.data[k] = test_elements(m.type[k], m.count);
        fill_between(m.data[k], m.type[k], m.count, &r, -3, 3);
    }
    test_case_is("%lld: %lld x %lld x %lld of types %d, %d, %d from %s, dx %d, %d threads", (long long)number,
                 (long long)shape[0], (long long)shape[1], (long long)shape[2], m.type[0], m.type[1], m.type[2],
                 m.from_output ? "y" : "x", m.in_place, threads);
    const act_dtype type = m.type[m.in_place % 3];
    void *want = test_elements(type, m.count);
    float *gradient = test_elements(ACT_FLOAT32, shape[1]);
    for (int64_t i = 0; i < m.count; i++) {
        const double slope = (double)slope_at(i / shape[2] % shape[1]), dy = real_get(m.data[1], m.type[1], i);
        real_set(want, type, i, real_get(m.data[0], m.type[0], i) <= 0 ? slope * dy : dy);
    }
    images given = m;
    for (int k = 0; k < 2; k++) {
        const size_t bytes = (size_t)(m.count * act__dtype_size(m.type[k]));
        given.data[k] = test_elements(m.type[k], m.count);
        memcpy(given.data[k], m.data[k], bytes);
    }
    assert_ok(act_set_num_threads(threads));
    act__isa_force(isa_number((int)rng_below(&r, isa_count())));
    take_gradients(&m, gradient);
    act__isa_force(NULL);
    if (m.in_place < 3)
        check_same(m.data[m.in_place], want, type, m.count, "dx");
    check_sums(&given, gradient);
    void *const all[] = {m.data[0], m.data[1], m.data[2], given.data[0], given.data[1], want, gradient};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        free(all[i]);
}

static void prelu_gradients_of_images(void **state) {
    (void)state;
    static const int64_t shapes[][3] = {{1, 64, 64}, {3, 5, 9}, {70, 8, 49}, {2, 3, 9001}, {7, 200, 1}},
                         large[][3] = {{40, 12, 784}, {3, 2, 70000}};
    for (int64_t number = 0; number < test_cases(400); number++)
        image_case(number, shapes[number % (int64_t)COUNT_OF(shapes)], 1);
    for (int64_t number = 0; number < test_cases(40); number++)
        image_case(1000 + number, large[number % (int64_t)COUNT_OF(large)], 2 + (int32_t)(number % 2));
}

/* x = y / slope may be beyond any float32, and its product with dy within. */
static void prelu_gradient_from_extreme_outputs(void **state) {
    (void)state;
    static const struct {
        act_dtype dtype;
        float y, slope, dy;
    } cases[] = {{ACT_FLOAT16, -1, 1e-39f, 0},          {ACT_BFLOAT16, -1, 1e-39f, 0},
                 {ACT_FLOAT32, -1, 1e-39f, 0},          {ACT_BFLOAT16, -1e10f, 1e-30f, 1e-10f},
                 {ACT_FLOAT32, -1e10f, 1e-30f, 1e-10f}, {ACT_FLOAT16, -60000, 1e-35f, 1e-4f},
                 {ACT_BFLOAT16, -1e-30f, 1e20f, 1e35f}, {ACT_FLOAT32, -1e-30f, 1e20f, 1e35f},
                 {ACT_BFLOAT16, -1e-20f, 4e24f, 1e30f}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const act_dtype dtype = cases[i].dtype;
        const int64_t one = 1;
        uint64_t y[1], dy[1];
        act_activation *a = NULL;
        act_tensor sum;
        real_set(y, dtype, 0, (double)cases[i].y);
        real_set(dy, dtype, 0, (double)cases[i].dy);
        const act_tensor in[] = {make_tensor(y, dtype, 1, &one, NULL), make_tensor(dy, dtype, 1, &one, NULL)};
        assert_ok(act_prelu_create(&a, ACT_FLOAT32, 0, NULL, (double)cases[i].slope));
        assert_ok(act_activation_gradient(a, 0, &sum));
        assert_ok(act_backward(a, NULL, &in[0], NULL, &in[1], NULL));
        const float want = (float)(real_get(y, dtype, 0) / (double)cases[i].slope * real_get(dy, dtype, 0));
        CHECK(*(float *)sum.data == want, "case %zu: gradient %g, expected %g", i, (double)*(float *)sum.data,
              (double)want);
        act_activation_destroy(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prelu_of_all_halves),       cmocka_unit_test(prelu_with_a_slope_that_is_nan),
        cmocka_unit_test(elements_that_are_nan),     cmocka_unit_test(products_near_the_middle),
        cmocka_unit_test(prelu_gradients_of_images), cmocka_unit_test(prelu_gradient_from_extreme_outputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
