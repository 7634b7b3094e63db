/* Parameters far from the defaults, or beside one that means something else, where products of them overflow, vanish
 * or lose a sign. */
#include "support.h"

#include <math.h>

static const struct {
    const char *spec;
    act_dtype dtype;
    int slope; /* f', else y */
    double x, expected;
} cases[] = {
    {"hard_sigmoid(a=0.1666666716337204)", ACT_FLOAT64, 0, 1, 0.6666666716337204},
    {"hard_sigmoid(a=0.1666666716337204)", ACT_FLOAT64, 1, 1, 0.1666666716337204},
    {"hard_swish(a=0.1666666716337204)", ACT_FLOAT64, 0, 1, 0.6666666716337204},
    {"relu_general(slope=3.4e38,theta=100000)", ACT_FLOAT32, 0, -2.510840832e10, -INFINITY},
    {"relu_general(slope=-1e38,theta=100)", ACT_FLOAT32, 0, -2.14190426e9, INFINITY},
    {"relu_general(slope=1.797e308,theta=-3)", ACT_FLOAT64, 0, -3.4e38, -INFINITY},
    {"xielu(alpha_p=2e38,beta=0)", ACT_FLOAT32, 1, 0.5, 2e38},
    {"xielu(alpha_p=0.125,beta=0)", ACT_FLOAT32, 1, 3e38, 7.5e37},
    {"xielu(alpha_p=9e307,beta=0)", ACT_FLOAT64, 1, 0.5, 9e307},
    {"pow(exponent=1.1210388e-44)", ACT_FLOAT32, 1, 0x1p-66, 0x1p-80},
    {"pow(exponent=-7.847271e-44)", ACT_FLOAT32, 1, 0x1p-20, -0x1.cp-124},
    {"scaled_tanh(a=0,b=-2)", ACT_FLOAT32, 1, 1, -0.0},
    {"scaled_tanh(a=0,b=-2)", ACT_FLOAT64, 1, 1, -0.0},
    {"scaled_tanh(a=-2,b=0)", ACT_FLOAT64, 1, 1, -0.0},
    {"scaled_tanh(a=-2,b=-0.0)", ACT_FLOAT64, 1, 1, 0.0},
};

static double result_of(size_t i) {
    const int64_t n = 1;
    double result = 0;
    float narrow = 0;
    act_activation *a = make_spec(cases[i].spec);
    const int is_double = cases[i].dtype == ACT_FLOAT64;
    const double one = 1;
    const float x = (float)cases[i].x, one_narrow = 1;
    const void *in = is_double ? (const void *)&cases[i].x : (const void *)&x;
    void *out = is_double ? (void *)&result : (void *)&narrow;
    if (cases[i].slope)
        assert_ok(act_backward_1d(a, cases[i].dtype, in, is_double ? (const void *)&one : &one_narrow, out, n));
    else
        assert_ok(act_forward_1d(a, cases[i].dtype, in, out, n));
    act_activation_destroy(a);
    return is_double ? result : (double)narrow;
}

static void each_is_right(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const double got = result_of(i);
        const double expected = cases[i].dtype == ACT_FLOAT64 ? cases[i].expected : (double)(float)cases[i].expected;
        if (got != expected || !signbit(got) != !signbit(expected))
            fail_msg("%s, %s at %g is %.17g, expected %.17g", cases[i].spec, cases[i].slope ? "f'" : "y", cases[i].x,
                     got, expected);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
