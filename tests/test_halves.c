/*
 * Every float16 and bfloat16 number through every elementwise kind: value and gradient must be the half nearest to
 * the exact result. What that is follows from the float64 kernels, which test_accuracy holds against MPFR: where a
 * result a little smaller or larger would narrow to another half, MPFR decides.
 */
#include <math.h>

#include "kinds.h"
#include "reference/oracle.h"
#include "views.h"

enum { HALVES = 1 << 16, TRIES = 7 };
#define LAST_PLACES 0x1p-51

#define ACT_SPECIAL(...)
#define ACT_ELEMENTWISE(name, number, ...) number,
static const act_kind kinds[] = {
#include "kinds.def"
};

static uint16_t x[HALVES], dy[HALVES], got[HALVES], low[HALVES], high[HALVES];
static double wide_x[HALVES], wide_dy[HALVES], exact[HALVES], nudged[HALVES];

static const act__convert_kernels *plain(void) { return act__isa_at(ACT__PORTABLE)->convert[ACT__REAL64]; }

/* The parameters that 16-bit elements are computed with. */
static void rounded_params(double *params, const act_activation *a) {
    for (int i = 0; i < ACT__MAX_PARAMS; i++)
        params[i] = a->param32_wide[i];
}

/* f(x) or dy f'(x) as a double that is odd unless it is exact, so that narrowing it rounds as the exact result would.
 */
static int by_oracle(double *odd, const act_activation *a, int64_t i, int gradient) {
    const oracle *o = oracle_find(a->row->name);
    double params[ACT__MAX_PARAMS];
    if (!o || isnan(wide_x[i]) || (gradient && isnan(wide_dy[i])))
        return 0;
    rounded_params(params, a);
    const double size = fabs(wide_x[i]);
    const mpfr_prec_t precision = size > 64 && size < 8192 ? 12000 : 1200;
    mpfr_t result;
    mpfr_init2(result, 300);
    if (gradient)
        oracle_evaluate(result, o, ORACLE_DERIVATIVE, wide_x[i], params);
    else /* what follows the first term of a series may be 2^-270 of it, and exp(-4096) beside 2048 is less */
        oracle_evaluate_by(result, o, ORACLE_VALUE, wide_x[i], params, precision);
    if (gradient)
        mpfr_mul_d(result, result, wide_dy[i], MPFR_RNDN);
    *odd = mpfr_get_d(result, MPFR_RNDZ);
    if (mpfr_cmp_d(result, *odd) != 0) {
        uint64_t bits;
        memcpy(&bits, odd, sizeof bits);
        bits |= 1;
        memcpy(odd, &bits, sizeof bits);
    }
    mpfr_clear(result);
    return 1;
}

static uint16_t narrowed(double value, act_dtype format) {
    uint16_t half;
    plain()->narrow[format](&value, &half, 1, 0);
    return half;
}

/* Where float64's last places cannot tell the exact gradient, or the value of a huge x or of xielu at a low one, from
 * the middle of two halves, both are right. */
static int is_right(const act_activation *a, act_dtype format, int64_t i, int gradient) {
    double odd = exact[i];
    if (low[i] == high[i])
        return got[i] == low[i];
    const double beyond = a->kind == ACT_XIELU ? 36 : 0x1p40;
    if (by_oracle(&odd, a, i, gradient) && !gradient && fabs(wide_x[i]) < beyond)
        return got[i] == narrowed(odd, format);
    return got[i] == narrowed(odd, format) || got[i] == narrowed(odd * (1 - LAST_PLACES), format) ||
           got[i] == narrowed(odd * (1 + LAST_PLACES), format);
}

static void narrow_nudged(uint16_t *to, act_dtype format, double by) {
    for (int64_t i = 0; i < HALVES; i++)
        nudged[i] = exact[i] * by;
    plain()->narrow[format](nudged, to, HALVES, 0);
}

static void check_all(const act_activation *a, act_dtype format, int gradient, const char *what) {
    const uint16_t infinity = format == ACT_FLOAT16 ? 0x7c00 : 0x7f80;
    narrow_nudged(low, format, 1 - 0x1p-48);
    narrow_nudged(high, format, 1 + 0x1p-48);
    for (int64_t i = 0; i < HALVES; i++) {
        const int both_nan = (got[i] & 0x7fff) > infinity && (low[i] & 0x7fff) > infinity;
        CHECK(both_nan || is_right(a, format, i, gradient), "%s of %04x (%a), dy %a, is %04x, expected about %a",
              what, x[i], wide_x[i], wide_dy[i], got[i], exact[i]);
    }
}

static void check_forward(const act_activation *a, act_dtype format) {
    double params[ACT__MAX_PARAMS];
    rounded_params(params, a);
    act__isa_at(ACT__PORTABLE)->elementwise[ACT__REAL64][a->kind]->forward(wide_x, exact, HALVES, params);
    assert_ok(act_forward_1d(a, format, x, got, HALVES));
    check_all(a, format, 0, "value");
}

/* The formula of y, for each y that forward writes. */
static void check_from_output(act_activation *a, act_dtype format, const double *params) {
    static uint16_t y[HALVES];
    static double wide_y[HALVES];
    const int64_t n = HALVES;
    act_tensor ty = make_tensor(y, format, 1, &n, NULL), tdy = make_tensor(dy, format, 1, &n, NULL);
    act_tensor tdx = make_tensor(got, format, 1, &n, NULL);
    assert_ok(act_forward_1d(a, format, x, y, HALVES));
    plain()->widen[format](y, wide_y, HALVES);
    act__isa_at(ACT__PORTABLE)
        ->elementwise[ACT__REAL64][a->kind]
        ->backward_output(wide_y, wide_dy, exact, HALVES, params);
    assert_ok(act_backward(a, NULL, &ty, NULL, &tdy, &tdx));
    plain()->narrow[format](exact, low, HALVES, 0);
    check_same(got, low, format, HALVES, "gradient from y");
}

static void check_backward(act_activation *a, act_dtype format, double scale) {
    double params[ACT__MAX_PARAMS];
    rounded_params(params, a);
    rng r = rng_for(95, 0);
    for (int64_t i = 0; i < HALVES; i++)
        real_set(dy, format, i, scale != 0 ? scale : rng_any(&r, format));
    plain()->widen[format](dy, wide_dy, HALVES);
    act__isa_at(ACT__PORTABLE)
        ->elementwise[ACT__REAL64][a->kind]
        ->backward_input(wide_x, wide_dy, exact, HALVES, params);
    assert_ok(act_backward_1d(a, format, x, dy, got, HALVES));
    check_all(a, format, 1, "gradient");
    if (act_backward_needs(a) & ACT_NEEDS_OUTPUT)
        check_from_output(a, format, params);
}

/* Sets the parameters to the defaults, then to a choice of legal ones. */
static void choose_params(act_activation *a, int number) {
    static const double values[TRIES][ACT__MAX_PARAMS] = {
        {0}, {0.5, 1.25, 0.25}, {-0.75, 2, -1}, {1.5, 3, 0.1}, {0.3, 0.7, 1e-3}, {1e30, 1e30, 2}, {2, 0, 0}};
    for (int32_t i = a->row->param_count - 1; number && i >= 0; i--)
        (void)!act_activation_set_param(a, a->row->param[i].name, values[number][i]);
}

static void take_all_numbers(act_dtype format) {
    for (int i = 0; i < HALVES; i++)
        x[i] = (uint16_t)i;
    plain()->widen[format](x, wide_x, HALVES);
}

/* A new object computes by the formula first, then by tables. */
static void check_scale(act_kind kind, act_dtype format, int number, double scale) {
    act_activation *a = make_kind(kind);
    choose_params(a, number);
    test_case_is("%s (%g, %g, %g), type %d, %s", a->row->name, a->param[0], a->param[1], a->param[2], format,
                 act__isa_in_use()->name);
    for (int i = 0; i < 2; i++) {
        check_forward(a, format);
        check_backward(a, format, scale);
    }
    act_activation_destroy(a);
}

static void check_kind(act_kind kind, act_dtype format, int number) {
    static const double scales[] = {1, -0.3, 1e4, 0};
    take_all_numbers(format);
    for (size_t i = 0; i < COUNT_OF(scales); i++)
        check_scale(kind, format, number, scales[i]);
}

static void results_are_the_nearest(void **state) {
    (void)state;
    for (int isa = 0; isa < isa_count(); isa++) {
        act__isa_force(isa_number(isa));
        for (size_t k = 0; k < COUNT_OF(kinds); k++)
            for (int number = 0; number < (isa + 1 < isa_count() ? 1 : test_cases(TRIES)); number++) {
                check_kind(kinds[k], ACT_FLOAT16, number);
                check_kind(kinds[k], ACT_BFLOAT16, number);
            }
    }
    act__isa_force(NULL);
}

/* Gradients that few digits make sure, of normal and subnormal dy with each significand. */
static void sure_gradients_are_the_nearest(void **state) {
    const uint32_t sure = ACT__EXACT_PRODUCTS | ACT__EXACT_OUTPUT | ACT__SURE_INPUT | ACT__SURE_OUTPUT;
    (void)state;
    take_all_numbers(ACT_BFLOAT16);
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        act_activation *a = make_kind(kinds[k]);
        for (int i = 0; a->row->flags & sure && i < test_cases(128); i++) {
            test_case_is("%s, dy %d", a->row->name, i);
            check_backward(a, ACT_BFLOAT16, ldexp(128 + i, -7));
            check_backward(a, ACT_BFLOAT16, ldexp(1 + i, -133));
        }
        act_activation_destroy(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_the_nearest),
        cmocka_unit_test(sure_gradients_are_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
