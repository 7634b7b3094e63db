/*
 * Every elementwise kind with parameters of any size, and x of any, against the oracle: y within 1 unit in the last
 * place, f' within 2, the same bits by every instruction set.
 */
#include "support.h"

#include <math.h>

#include "accuracy/subject.h"
#include "reference/ulp.h"

enum { SETS = 100, DRAWS = 100 * SETS, X_OF_SET = 48, VALUE = ORACLE_VALUE, DERIVATIVE = ORACLE_DERIVATIVE };

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

/* What the terms are of which f' in float64, and xielu's y, have 2^-53 beside a root; 0 where there is none. */
static double terms_beside_root(const subject *s, int what, int real, double x) {
    const double p = fabs(s->params[real][0]);
    if (real == ACT__REAL32)
        return 0;
    if (s->a->kind == ACT_XIELU)
        return x < 0 ? p * fabs(what == VALUE ? expm1(x) - x : expm1(x)) : 0;
    return what != DERIVATIVE ? 0 : s->a->kind == ACT_SIN ? p : s->a->kind == ACT_SWISH || s->a->kind == ACT_SNAKE;
}

static void check_point(const subject *s, int what, int real, double x, double got) {
    const double *p = s->params[real];
    mpfr_t exact;
    mpfr_init(exact);
    if (s->a->kind == ACT_XIELU)
        oracle_evaluate_by(exact, s->o, what, x, p, 2400); /* of exp(x) - 1 - x for the least x a few are left */
    else
        oracle_evaluate(exact, s->o, what, x, p);
    const double nearest = mpfr_get_d(exact, MPFR_RNDN);
    double error = oracle_error(exact, got, real == ACT__REAL32 ? ORACLE_FLOAT : ORACLE_DOUBLE);
    if (mpfr_regular_p(exact) && !signbit(got) != !mpfr_signbit(exact))
        error = INFINITY;
    mpfr_clear(exact);
    const double terms = terms_beside_root(s, what, real, x);
    const int beside_root = fabs(nearest) < terms / 8 && fabs(got - nearest) <= 0x1p-53 * terms;
    if (error > (what == VALUE ? 1 : 2) && !beside_root)
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
            for (int level = ACT__PORTABLE + 1; level < ACT__ISA_LEVELS; level++)
                if (act__isa_at((act__isa_level)level))
                    assert_true(same(got, result_of_kernel(s, (act__isa_level)level, what, real, x)));
        }
    }
}

/* Draws until parameters are legal. */
static void check_type(subject *s, uint64_t *seed, int real) {
    int checked = 0;
    for (int draw = 0; draw < DRAWS && checked < SETS; draw++)
        if (set_any_params(s, seed, real)) {
            check_set(s, seed, real);
            checked++;
        }
    assert_int_equal(checked, SETS);
}

static void any_are_accurate(void **state) {
    (void)state;
    uint64_t seed = 20261201;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        subject s;
        if (!subject_is_elementwise(kind) || !act__kind_row_of(kind)->param_count || !subject_make(&s, kind, 0))
            continue;
        for (int real = 0; real < ACT__REALS; real++)
            check_type(&s, &seed, real);
        subject_free(&s);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_are_accurate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
