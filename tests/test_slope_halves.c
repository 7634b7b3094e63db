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
    for (act_dtype dtype = ACT_FLOAT16; dtype <= ACT_BFLOAT16; dtype++)
        for (int rows = 0; rows < 2; rows++)
            all_halves_case(dtype, rows);
}

/* Of images by channels by elements; the slopes' gradients come to `gradient`, dx to `dx`. */
static void image_gradients(const int64_t *shape, act_dtype dtype, const void *source, int from_output,
                            const void *dy, void *dx, float *gradient) {
    act_activation *a = NULL;
    act_tensor slope, sums;
    assert_ok(act_prelu_create_channels(&a, ACT_FLOAT32, shape[1], 1, 0.3));
    assert_ok(act_activation_parameter(a, 0, &slope));
    assert_ok(act_activation_gradient(a, 0, &sums));
    for (int64_t i = 0; i < shape[1]; i++)
        ((float *)slope.data)[i] = 0.1f + 0.01f * (float)i;
    const act_tensor in = make_tensor(source, dtype, 3, shape, NULL), dy_in = make_tensor(dy, dtype, 3, shape, NULL);
    act_tensor out = make_tensor(dx, dtype, 3, shape, NULL);
    assert_ok(act_backward(a, from_output ? NULL : &in, from_output ? &in : NULL, NULL, &dy_in, dx ? &out : NULL));
    memcpy(gradient, sums.data, (size_t)shape[1] * sizeof *gradient);
    act_activation_destroy(a);
}

/* Sums have the bits of those of the same elements in float32; dx is rounded once. */
static void image_case(const int64_t *shape, act_dtype dtype, int from_output, int32_t threads) {
    const int64_t n = shape[0] * shape[1] * shape[2], slopes = shape[1];
    rng r = rng_for(40, (uint64_t)n);
    uint16_t *x = test_elements(dtype, n), *dy = test_elements(dtype, n), *dx = test_elements(dtype, n);
    float *wide[3], *got = test_elements(ACT_FLOAT32, slopes), *want = test_elements(ACT_FLOAT32, slopes);
    for (int k = 0; k < 3; k++)
        wide[k] = test_elements(ACT_FLOAT32, n);
    fill_between(x, dtype, n, &r, -3, 3);
    fill_between(dy, dtype, n, &r, -3, 3);
    for (int64_t i = 0; i < n; i++) {
        wide[0][i] = (float)real_get(x, dtype, i);
        wide[1][i] = (float)real_get(dy, dtype, i);
    }
    test_case_is("%lld x %lld x %lld of type %d from %s, %d threads", (long long)shape[0], (long long)shape[1],
                 (long long)shape[2], dtype, from_output ? "y" : "x", threads);
    assert_ok(act_set_num_threads(1));
    image_gradients(shape, ACT_FLOAT32, wide[0], from_output, wide[1], wide[2], want);
    assert_ok(act_set_num_threads(threads));
    image_gradients(shape, dtype, x, from_output, dy, dx, got);
    check_same(got, want, ACT_FLOAT32, slopes, "slope gradient");
    image_gradients(shape, dtype, x, from_output, dy, NULL, got);
    check_same(got, want, ACT_FLOAT32, slopes, "slope gradient without dx");
    assert_ok(act_set_num_threads(1));
    for (int64_t i = 0; i < n; i++) {
        const double slope = (double)(0.1f + 0.01f * (float)(i / shape[2] % slopes));
        uint16_t nearest;
        real_set(&nearest, dtype, 0, (double)wide[1][i] * (wide[0][i] <= 0 ? slope : 1));
        CHECK(dx[i] == nearest, "dx[%lld] is %04x, expected %04x", (long long)i, dx[i], nearest);
    }
    void *const all[] = {x, dy, dx, wide[0], wide[1], wide[2], got, want};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        free(all[i]);
}

static void prelu_gradients_of_images(void **state) {
    (void)state;
    static const int64_t shapes[][3] = {{1, 64, 64},  {3, 5, 9},     {70, 8, 49},
                                        {2, 3, 9001}, {40, 12, 784}, {7, 200, 1}};
    for (size_t i = 0; i < COUNT_OF(shapes); i++)
        for (act_dtype dtype = ACT_FLOAT16; dtype <= ACT_BFLOAT16; dtype++)
            for (int from_output = 0; from_output < 2; from_output++)
                for (int32_t threads = 1; threads <= 3; threads += 2)
                    image_case(shapes[i], dtype, from_output, threads);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prelu_of_all_halves),
        cmocka_unit_test(prelu_with_a_slope_that_is_nan),
        cmocka_unit_test(prelu_gradients_of_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
