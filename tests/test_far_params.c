/* Parameters far from the defaults, or beside one that means something else, where products of them overflow, vanish
 * or lose a sign: cases, and random ones of any size against MPFR. */
#include "support.h"

#include <math.h>

#include "accuracy/subject.h"

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

enum { RANDOM_SETS = 150, X_OF_SET = 48, VALUE = ORACLE_VALUE, DERIVATIVE = ORACLE_DERIVATIVE };

static double uniform(uint64_t *seed) { return ldexp((double)(random_bits(seed) >> 11), -53); }

/* Of any size that real has, either sign. */
static double any_size(uint64_t *seed, int real) {
    const double size = ldexp(1 + uniform(seed), (int)(real == ACT__REAL32 ? random_between(seed, -150, 127)
                                                                           : random_between(seed, -1075, 1023)));
    return random_between(seed, 0, 1) ? size : -size;
}

static double rounded(double number, int real) { return real == ACT__REAL32 ? (double)(float)number : number; }

/* The oracle takes 1 off an exponent, of which both have to show. */
static int is_beyond_oracle(const subject *s, const double *params) {
    const double size = fabs(params[0]);
    return s->a->kind == ACT_POW && (size > 0x1p60 || (size > 0 && size < 0x1p-60));
}

/* Most are of any size, the others a default or moderate. */
static int set_any_params(subject *s, uint64_t *seed, int real) {
    const act__kind_row *row = s->a->row;
    double params[ACT__MAX_PARAMS] = {0};
    for (int i = 0; i < row->param_count; i++) {
        const int64_t choice = random_between(seed, 0, 5);
        const double moderate = 8 * uniform(seed) - 4, far = any_size(seed, real);
        params[i] = rounded(choice == 0 ? row->param[i].default_value : choice == 1 ? moderate : far, real);
        if (act__param_check(row, i, params[i]) != ACT_OK)
            return 0;
        if (real == ACT__REAL32 && act__param_check_float32(row, i, params[i]) != ACT_OK)
            return 0;
    }
    if (act__params_check(row, s->a, params) != ACT_OK || is_beyond_oracle(s, params))
        return 0;
    act__activation_assign(s->a, params);
    subject_of(s, s->a);
    return 1;
}

/* Of any size, or where a x or x / a is not far from 1. */
static double any_x(uint64_t *seed, const subject *s, int real) {
    const int32_t count = s->a->row->param_count;
    const double p = s->params[real][random_between(seed, 0, count - 1)];
    const double near = rounded((16 * uniform(seed) - 8) * (random_between(seed, 0, 1) ? 1 / p : p), real);
    const double x = random_between(seed, 0, 2) && isfinite(near) ? near : rounded(any_size(seed, real), real);
    return x;
}

/* float64's derivative beside its root, and xielu there, may be off by the last bit of their greatest values. */
static double allowance(const subject *s, int what, int real) {
    const int has_root = what == DERIVATIVE || s->a->kind == ACT_XIELU;
    return has_root && real == ACT__REAL64 ? 0x1p-53 * fmax(1, fabs(s->params[real][0])) : 0;
}

static void check_point(const subject *s, int what, int real, double x, double got) {
    const double *p = s->params[real];
    mpfr_t exact;
    mpfr_init(exact);
    oracle_evaluate(exact, s->o, what, x, p);
    const double nearest = mpfr_get_d(exact, MPFR_RNDN);
    double error = oracle_error(exact, got, real == ACT__REAL32 ? ORACLE_FLOAT : ORACLE_DOUBLE);
    if (mpfr_regular_p(exact) && !signbit(got) != !mpfr_signbit(exact))
        error = INFINITY;
    mpfr_clear(exact);
    if (error > (what == VALUE ? 1 : 2) && !(fabs(got - nearest) <= allowance(s, what, real)))
        fail_msg("%s(%.17g, %.17g, %.17g)%s float%d at %.17g is %.17g, %g units from %.17g", s->name, p[0], p[1],
                 p[2], what == VALUE ? "" : "'", real == ACT__REAL32 ? 32 : 64, x, got, error, nearest);
}

/* By the kernels of a level, of one x. */
static double result_of_kernel(const subject *s, act__isa_level level, int what, int real, double x) {
    const act__kernels *k = subject_kernels(s, level, real);
    const float narrow = (float)x, one_narrow = 1;
    const double one = 1;
    float narrow_result = 0;
    double result = 0;
    if (real == ACT__REAL32 && what == VALUE)
        k->forward(&narrow, &narrow_result, 1, s->a->param32);
    else if (real == ACT__REAL32)
        k->backward_input(&narrow, &one_narrow, &narrow_result, 1, s->a->param32);
    else if (what == VALUE)
        k->forward(&x, &result, 1, s->a->param);
    else
        k->backward_input(&x, &one, &result, 1, s->a->param);
    return real == ACT__REAL32 ? (double)narrow_result : result;
}

static void check_set(const subject *s, uint64_t *seed, int real) {
    for (int i = 0; i < X_OF_SET; i++) {
        const double x = any_x(seed, s, real);
        for (int what = VALUE; what <= DERIVATIVE; what++) {
            const double got = result_of_kernel(s, ACT__PORTABLE, what, real, x);
            check_point(s, what, real, x, got);
            for (int level = 0; level < ACT__ISA_LEVELS; level++)
                if (act__isa_at((act__isa_level)level))
                    assert_memory_equal(&got, &(double){result_of_kernel(s, (act__isa_level)level, what, real, x)},
                                        8);
        }
    }
}

static void any_are_accurate(void **state) {
    (void)state;
    uint64_t seed = 20261201;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        subject s;
        if (!subject_is_elementwise(kind) || !act__kind_row_of(kind)->param_count || !subject_make(&s, kind, 0))
            continue;
        for (int set = 0; set < RANDOM_SETS; set++)
            for (int real = 0; real < ACT__REALS; real++)
                if (set_any_params(&s, &seed, real))
                    check_set(&s, &seed, real);
        subject_free(&s);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_right),
        cmocka_unit_test(any_are_accurate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
