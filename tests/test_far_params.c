/* Parameters far from the defaults, or beside one that means something else, where products of them overflow, vanish
 * or lose a sign. test_any_params draws more. */
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
    {"scaled_tanh(a=1e-300,b=1)", ACT_FLOAT64, 0, 2, 2e-300},
    {"scaled_tanh(a=0.5,b=1e308)", ACT_FLOAT64, 1, 0, 5e307},
    {"scaled_tanh(a=0.5,b=1e308)", ACT_FLOAT64, 1, INFINITY, 0},
    {"scaled_tanh(a=1e300,b=1)", ACT_FLOAT64, 1, 1, 0},
    {"scaled_tanh(a=1.5e308,b=2)", ACT_FLOAT64, 0, 0, 0},
    {"xielu(alpha_p=1e292,beta=13)", ACT_FLOAT64, 0, 0.0078125, 6.103515625e287},
    {"xielu(alpha_n=1,alpha_p=0,beta=-1e-305)", ACT_FLOAT64, 0, 0.5, -5e-306},
    {"xielu(alpha_n=1.3e301,beta=0)", ACT_FLOAT64, 1, -5e-324, -6.422853395936205e-23},
    {"celu(alpha=9e307)", ACT_FLOAT64, 0, -INFINITY, -9e307},
    {"celu(alpha=9e307)", ACT_FLOAT64, 1, -INFINITY, 0},
    {"celu(alpha=1e38)", ACT_FLOAT32, 0, -INFINITY, -1e38},
    {"squareplus(b=7.458340731200207e-155)", ACT_FLOAT64, 0, -0x1p500, 0x1p-1014},
    {"softplus(beta=-5e-324)", ACT_FLOAT64, 0, INFINITY, -0.0},
    {"hard_sigmoid(a=1e30,b=5e-324)", ACT_FLOAT64, 0, 0, 5e-324},
    {"hard_sigmoid(a=0.2,b=5e-324)", ACT_FLOAT64, 1, -5e-324, 0.2},
    {"hard_sigmoid(a=1.4e-45,b=1e30)", ACT_FLOAT32, 0, -INFINITY, 0},
    {"hard_swish(a=2.2250738585072014e-308,b=-1e115)", ACT_FLOAT64, 0, INFINITY, INFINITY},
    {"hard_swish(a=1.4e-45,b=0)", ACT_FLOAT32, 0, 0x1.4p10, 0x1.9p-129},
    {"hard_swish(a=5.9e20,b=1e-30)", ACT_FLOAT32, 1, 0, 1e-30},
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
