/*
 * Every elementwise kernel of every instruction set against the oracle: the contract (value within 1 unit in the last
 * place, derivative within 2) and one set of bits, with default parameters and odd ones. float64 against MPFR at
 * every point; float32 against the float64 kernel at every point, and against MPFR at a share of them.
 *
 * ACT_ACCURACY_POINTS=100000 makes it a longer run that prints what it measures.
 */
#include "support.h"

#include <math.h>

#include "accuracy/error.h"
#include "accuracy/points.h"
#include "accuracy/subject.h"
#include "reference/ulp.h"

enum { RANDOM_POINTS = 150, MPFR_SHARE = 16, VALUE = ORACLE_VALUE, DERIVATIVE = ORACLE_DERIVATIVE };

static points at;
static union {
    float f[POINTS_CAPACITY];
    double d[POINTS_CAPACITY];
} x, dy, results[ACT__ISA_LEVELS];
static double wide[POINTS_CAPACITY];

static int failures;

static double result_at(int level, size_t i) {
    return at.real == ACT__REAL32 ? (double)results[level].f[i] : results[level].d[i];
}

static double dy_at(size_t i) { return at.real == ACT__REAL32 ? (double)dy.f[i] : dy.d[i]; }

static void set_inputs(double (*upstream)(size_t i)) {
    for (size_t i = 0; i < at.count; i++)
        if (at.real == ACT__REAL32) {
            x.f[i] = (float)at.x[i];
            dy.f[i] = (float)upstream(i);
        } else {
            x.d[i] = at.x[i];
            dy.d[i] = upstream(i);
        }
}

static double one(size_t i) {
    (void)i;
    return 1;
}

/* One line a subject: with what parameters, which type, what went wrong. */
static void report(const subject *s, int what, size_t i, const char *trouble, double got, double number) {
    static const char *const direction[] = {"", "'", " by 0", " by 1", " by 2", " by 3"};
    const double *p = s->params[at.real];
    failures++;
    print_error("%s(%g, %g, %g, %g)%s float%d at %a (%.9g): %a, %s %g\n", s->name, p[0], p[1], p[2], p[3],
                direction[what], at.real == ACT__REAL32 ? 32 : 64, at.x[i], at.x[i], got, trouble, number);
}

static void run_kernel(const subject *s, int level, int what) {
    const act__kernels *kernels = subject_kernels(s, (act__isa_level)level, at.real);
    const void *params = at.real == ACT__REAL32 ? (const void *)s->a->param32 : s->a->param;
    memset(&results[level], 0x55, at.count * (at.real == ACT__REAL32 ? sizeof(float) : sizeof(double)));
    if (what == VALUE)
        kernels->forward(&x, &results[level], (int64_t)at.count, params);
    else
        kernels->backward_input(&x, &dy, &results[level], (int64_t)at.count, params);
}

static void compare_with_portable(const subject *s, int what, int level) {
    size_t i = 0;
    while (i < at.count && same(result_at(ACT__PORTABLE, i), result_at(level, i)))
        i++;
    if (i < at.count)
        report(s, what, i, "another instruction set has", result_at(ACT__PORTABLE, i), result_at(level, i));
}

/* All instruction sets into results; each must give the bits of portable C. */
static void run_all(const subject *s, int what) {
    for (int level = 0; level < ACT__ISA_LEVELS; level++) {
        if (!act__isa_at((act__isa_level)level))
            continue;
        run_kernel(s, level, what);
        compare_with_portable(s, what, level);
    }
}

/* A gradient that needs no x passes no NaN on. */
static int is_blind(const subject *s, int what, size_t i) {
    return what == DERIVATIVE && isnan(at.x[i]) && act_backward_needs(s->a) == 0;
}

/* The largest error, and where. */
static double largest_error(const subject *s, int what, size_t *worst) {
    double largest = 0;
    for (size_t i = 0; i < at.count; i++) {
        if (is_blind(s, what, i))
            continue;
        const int fast = at.real == ACT__REAL32;
        double error = fast ? ulp_error(wide[i], results[ACT__PORTABLE].f[i]) : 0;
        if (!fast || i % MPFR_SHARE == 0 || error > 1)
            error = accuracy_error(&at, s, what, at.x[i], result_at(ACT__PORTABLE, i));
        if (error > largest) {
            largest = error;
            *worst = i;
        }
    }
    return largest;
}

static void check_errors(const subject *s) {
    for (int what = VALUE; what <= DERIVATIVE; what++) {
        size_t worst = 0;
        run_all(s, what);
        if (at.real == ACT__REAL32)
            subject_run64(s, what, at.real, at.x, wide, (int64_t)at.count);
        const double error = largest_error(s, what, &worst), contract = what == VALUE ? 1 : 2;
        if (getenv("ACT_ACCURACY_POINTS"))
            print_message("%-14s %s float%d with %-12g %.4f at %a\n", s->name, what == VALUE ? "value" : "slope",
                          at.real == ACT__REAL32 ? 32 : 64, s->params[at.real][0], error, at.x[worst]);
        if (error > contract)
            report(s, what, worst, "ulp:", result_at(ACT__PORTABLE, worst), error);
    }
}

static void for_everything(double (*upstream)(size_t i), void (*check)(const subject *s)) {
    const char *wanted = getenv("ACT_ACCURACY_POINTS");
    failures = 0;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        subject s;
        for (int set = 0; subject_is_elementwise(kind) && subject_make(&s, kind, set); set++) {
            for (int real = 0; real < ACT__REALS; real++) {
                points_make(&at, &s, real, wanted ? (size_t)strtoul(wanted, NULL, 10) / 6 : RANDOM_POINTS);
                set_inputs(upstream);
                check(&s);
            }
            subject_free(&s);
        }
    }
    assert_int_equal(failures, 0);
}

static void values_and_derivatives_hold_their_bounds(void **state) {
    (void)state;
    for_everything(one, check_errors);
}

/* What is added to the gradient of parameter index, with dy = 1. */
static void run_terms(const subject *s, int32_t index) {
    for (int level = 0; level < ACT__ISA_LEVELS; level++) {
        if (!act__isa_at((act__isa_level)level))
            continue;
        const act__kernels *kernels = subject_kernels(s, (act__isa_level)level, ACT__REAL64);
        if (!kernels->parameter_terms)
            fail_msg("%s has no gradient by its parameters", s->name);
        kernels->parameter_terms(x.d, dy.d, results[level].d, (int64_t)at.count, s->a->param, index);
        compare_with_portable(s, ORACLE_TERM + index, level);
    }
}

static void check_terms(const subject *s) {
    if (at.real == ACT__REAL32)
        return; /* is widened before */
    for (int32_t index = 0; index < s->a->row->param_count; index++) {
        size_t worst = 0;
        run_terms(s, index);
        const double error = largest_error(s, ORACLE_TERM + index, &worst);
        if (error > 2)
            report(s, ORACLE_TERM + index, worst, "ulp:", result_at(ACT__PORTABLE, worst), error);
    }
}

static void parameter_terms_hold_theirs(void **state) {
    (void)state;
    for_everything(one, check_terms);
}

static double awkward_dy(size_t i) {
    static const double list[] = {1.7, -0.3, INFINITY, -INFINITY, NAN, 0.0, -0.0, 1e30, -1e-30, 3.0};
    return list[i % COUNT_OF(list)];
}

/* +0 by branch, else dy * f'(x) rounded once. */
static void check_product(const subject *s) {
    double *const derivative = wide;
    set_inputs(one);
    run_kernel(s, ACT__PORTABLE, DERIVATIVE);
    for (size_t i = 0; i < at.count; i++)
        derivative[i] = result_at(ACT__PORTABLE, i);
    set_inputs(awkward_dy);
    run_all(s, DERIVATIVE);
    for (size_t i = 0; i < at.count; i++) {
        const double d = dy_at(i);
        const double product = at.real == ACT__REAL32 ? (double)((float)d * (float)derivative[i]) : d * derivative[i];
        const int is_flat = derivative[i] == 0 && oracle_is_flat(s->o, at.x[i], s->params[at.real]);
        const double expected = is_flat ? 0 : product, got = result_at(ACT__PORTABLE, i);
        if (!same(got, expected) && !is_blind(s, DERIVATIVE, i)) {
            report(s, DERIVATIVE, i, "times dy, where derivative is", got, derivative[i]);
            return;
        }
    }
}

static void gradients_are_one_product(void **state) {
    (void)state;
    for_everything(awkward_dy, check_product);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_derivatives_hold_their_bounds),
        cmocka_unit_test(parameter_terms_hold_theirs),
        cmocka_unit_test(gradients_are_one_product),
    };
    return cmocka_run_group_tests_name("accuracy", tests, NULL, NULL);
}
