/*
 * Every elementwise kernel of every instruction set against the MPFR oracle: the contract (value within 1 unit in the
 * last place, derivative within 2), the tighter bounds measured for each kind, and one set of bits. Hand-picked
 * inputs (ends, subnormals, powers of two, where formulas change over, worst cases of the sweeps) and random ones.
 *
 * ACT_ACCURACY_POINTS=1000000 makes it a sweep that prints what it measures.
 */
#include "support.h"

#include <float.h>
#include <math.h>

#include "dispatch.h"
#include "kinds.h"
#include "reference/oracle.h"

enum { CAPACITY = 1 << 22, RANDOM_POINTS = 4000, VALUE = 0, DERIVATIVE = 1 };

#define ACT_SPECIAL(...)
#define ACT_ELEMENTWISE(name, number, ...) {#name, number},
static const struct {
    const char *name;
    act_kind kind;
} kinds[] = {
#include "kinds.def"
};

/* Largest errors seen: float32 over all 2^32 inputs, float64 over 10^6; [real][VALUE or DERIVATIVE]. */
static const struct {
    const char *name;
    double bound[ACT__REALS][2];
} measured[] = {
    {"identity", {{0, 0}, {0, 0}}},
    {"relu", {{0, 0}, {0, 0}}},
    {"leaky_relu", {{0.5, 0}, {0.5, 0}}},
    {"elu", {{0.88, 0.89}, {0.97, 0.88}}},
    {"sigmoid", {{0.88, 1.63}, {0.91, 1.58}}},
    {"tanh", {{1.0, 1.63}, {1.0, 1.58}}},
    {"softsign", {{0.501, 1.0}, {0.501, 1.0}}},
};

/* Parameters beside the defaults. */
static const struct {
    const char *name;
    double value;
} more_params[] = {
    {"leaky_relu", 0},     {"leaky_relu", -0.5}, {"leaky_relu", 1.5}, {"leaky_relu", 0.25},
    {"leaky_relu", 1e-30}, {"elu", -1.5},        {"elu", 0},          {"elu", 0.3},
    {"elu", 1.6732632},    {"elu", 1e-30},       {"elu", 3e38},       {"elu", -1e-40},
};

/* Worst inputs of the float32 sweeps, and where formulas change over; used with both signs and neighbours. */
static const double picked[] = {
    0x1.32510cp-2,
    0x1.32ca88p-2,
    0x1.331208p-2,
    0x1.24961ep+4,
    0x1.609e82p+7,
    0x1.2b711a8546805p+4,
    0x1.27f44dbdb9b24p-2,
    0x1.754d994608ff2p+2,
    0x1.141dfp-2,
    0x1.283f54p-2,
    0x1.3a1ddp-2,
    0x1.401dbep-2,
    0x1.449de6p-2,
    0x1.4a2a4cp+2,
    0x1.154246p+3,
    0x1.cbb978p+0,
    0x1.cbb978p-1,
    0x1.141dfp-3,
    0x1.e06fdep+1,
    0x1.51f0dep+2,
    0x1.1e2eaap-6,
    0x1.782fep+62,
    0x1.b52ab8p+4,
    0x1.0ec564p+4,
    0.28768207,
    0.4054651,
    9.010913,
    16.635532,
    17,
    18.714973,
    36.7368,
    37.42994775,
    40,
    80,
    87.33655,
    88.72284,
    103.27893,
    103.97208,
    110,
    195,
    192.7,
    708.39642,
    709.78271,
    744.44007,
    745.13322,
    750,
    1456,
    1454.9,
    0x1p62,
    0x1p100,
    0x1p537,
    0x1p1000,
    FLT_MIN,
    FLT_MAX,
    DBL_MIN,
    DBL_MAX,
    0x1p-149,
    0x1p-1074,
    0x1.fffffcp-127,
};

static double inputs[CAPACITY];
static size_t input_count;
static union {
    float f[CAPACITY];
    double d[CAPACITY];
} x, dy, results[ACT__ISA_LEVELS];

static uint64_t seed;

static double random_real(double low, double high) {
    return low + (high - low) * ((double)(random_bits(&seed) >> 11) * 0x1p-53);
}

/* Any bit pattern but NaN. */
static double random_pattern(int real) {
    const uint64_t bits = random_bits(&seed);
    if (real == ACT__REAL32) {
        float f;
        const uint32_t half = (uint32_t)bits;
        memcpy(&f, &half, sizeof f);
        return isnan(f) ? 0 : (double)f;
    }
    double d;
    memcpy(&d, &bits, sizeof d);
    return isnan(d) ? 0 : d;
}

static double rounded(double value, int real) { return real == ACT__REAL32 ? (double)(float)value : value; }

static double neighbour(double value, int real, double toward) {
    return real == ACT__REAL32 ? (double)nextafterf((float)value, (float)toward) : nextafter(value, toward);
}

static void add_around(double value, int real) {
    for (int sign = -1; sign <= 1; sign += 2) {
        const double at = rounded(sign * value, real);
        inputs[input_count++] = at;
        inputs[input_count++] = neighbour(at, real, INFINITY);
        inputs[input_count++] = neighbour(at, real, -INFINITY);
    }
}

static void make_inputs(int real, size_t random_points) {
    const int least = real == ACT__REAL32 ? -149 : -1074, most = real == ACT__REAL32 ? 127 : 1023;
    const double deepest = real == ACT__REAL32 ? 210 : 1500;
    input_count = 0;
    seed = 17;
    add_around(0, real);
    add_around(INFINITY, real);
    inputs[input_count++] = NAN;
    for (int e = least; e <= most; e++)
        add_around(ldexp(1, e), real);
    for (size_t i = 0; i < COUNT_OF(picked); i++)
        add_around(picked[i], real);
    for (int n = -40; n <= 3; n++) { /* where the whole number in exp(x), exp(2x) steps */
        add_around((n - 0.41504) * 0.6931471805599453, real);
        add_around((n - 0.41504) * 0.34657359027997264, real);
    }
    assert_true(input_count + random_points <= CAPACITY);
    for (size_t i = 0; i < random_points / 4; i++) {
        inputs[input_count++] = random_pattern(real);
        inputs[input_count++] = rounded(random_real(-1, 1), real);
        inputs[input_count++] = rounded(random_real(-20, 20), real);
        inputs[input_count++] = rounded(random_real(-deepest, 10), real);
    }
    for (size_t i = 0; i < input_count; i++)
        if (real == ACT__REAL32)
            x.f[i] = (float)inputs[i];
        else
            x.d[i] = inputs[i];
}

static double result_at(int level, size_t i, int real) {
    return real == ACT__REAL32 ? (double)results[level].f[i] : results[level].d[i];
}

static void set_dy(int real, double (*source)(size_t i)) {
    for (size_t i = 0; i < input_count; i++)
        if (real == ACT__REAL32)
            dy.f[i] = (float)source(i);
        else
            dy.d[i] = source(i);
}

static double one(size_t i) {
    (void)i;
    return 1;
}

static int same(double a, double b) { return (isnan(a) && isnan(b)) || (a == b && !signbit(a) == !signbit(b)); }

static void run_kernel(const act__kernels *kernels, int level, int real, int what, const double *params) {
    union {
        float f[ACT__MAX_PARAMS];
        double d[ACT__MAX_PARAMS];
    } p;
    for (int i = 0; i < ACT__MAX_PARAMS; i++)
        if (real == ACT__REAL32)
            p.f[i] = (float)params[i];
        else
            p.d[i] = params[i];
    memset(&results[level], 0x55, input_count * (real == ACT__REAL32 ? sizeof(float) : sizeof(double)));
    if (what == VALUE)
        kernels->forward(&x, &results[level], (int64_t)input_count, &p);
    else
        kernels->backward_input(&x, &dy, &results[level], (int64_t)input_count, &p);
}

/* All instruction sets into results; fails where any differs from portable C. */
static void run_all(size_t k, int real, int what, const double *params) {
    for (int level = 0; level < ACT__ISA_LEVELS; level++) {
        const act__isa *isa = act__isa_at((act__isa_level)level);
        if (!isa)
            continue;
        run_kernel(isa->elementwise[real][kinds[k].kind], level, real, what, params);
        for (size_t i = 0; i < input_count; i++)
            if (!same(result_at(ACT__PORTABLE, i, real), result_at(level, i, real)))
                fail_msg("%s(%a) with %g: %a in portable C, %a in %s", kinds[k].name, inputs[i], params[0],
                         result_at(ACT__PORTABLE, i, real), result_at(level, i, real), isa->name);
    }
}

/* What the oracle says has the same sign, but that gradient kernels may pass no NaN where they need no x. */
static double largest_error(size_t k, int real, oracle_function *f, const double *params, size_t *worst) {
    double largest = 0;
    mpfr_t exact;
    mpfr_init(exact);
    for (size_t i = 0; i < input_count; i++) {
        if (isnan(inputs[i]) && kinds[k].kind == ACT_IDENTITY)
            continue;
        oracle_evaluate(exact, f, inputs[i], params);
        const double got = result_at(ACT__PORTABLE, i, real);
        double error = oracle_error(exact, got, real == ACT__REAL32 ? ORACLE_FLOAT : ORACLE_DOUBLE);
        if (!isnan(got) && !signbit(got) != !mpfr_signbit(exact))
            error = INFINITY;
        if (error > largest) {
            largest = error;
            *worst = i;
        }
    }
    mpfr_clear(exact);
    return largest;
}

static const double *bounds_of(const char *name, int real) {
    for (size_t i = 0; i < COUNT_OF(measured); i++)
        if (strcmp(measured[i].name, name) == 0)
            return measured[i].bound[real];
    fail_msg("%s has no measured bounds", name);
    return NULL;
}

static void check_kind(size_t k, int real, const double *params) {
    const oracle *o = oracle_find(kinds[k].name);
    if (!o)
        fail_msg("%s has no oracle", kinds[k].name);
    for (int what = VALUE; what <= DERIVATIVE; what++) {
        size_t worst = 0;
        set_dy(real, one);
        run_all(k, real, what, params);
        const double error = largest_error(k, real, what == VALUE ? o->value : o->derivative, params, &worst);
        const double contract = what == VALUE ? 1 : 2, bound = bounds_of(kinds[k].name, real)[what];
        if (getenv("ACT_ACCURACY_POINTS"))
            print_message("%-10s %s float%d with %-12g %.4f at %a\n", kinds[k].name,
                          what == VALUE ? "value" : "slope", real == ACT__REAL32 ? 32 : 64, params[0], error,
                          inputs[worst]);
        if (error > contract || error > bound)
            fail_msg("%s%s(%a) with %g is %a: %g units off, %g documented", kinds[k].name, what == VALUE ? "" : "'",
                     inputs[worst], params[0], result_at(ACT__PORTABLE, worst, real), error, bound);
    }
}

/* Defaults first, then the table's values for the first parameter. */
static void for_all_params(size_t k, int real, void (*check)(size_t k, int real, const double *params)) {
    double params[ACT__MAX_PARAMS] = {0};
    const act__kind_row *row = act__kind_row_of(kinds[k].kind);
    for (int i = 0; i < row->param_count; i++)
        params[i] = rounded(row->param[i].default_value, real);
    check(k, real, params);
    for (size_t i = 0; i < COUNT_OF(more_params); i++)
        if (strcmp(more_params[i].name, kinds[k].name) == 0) {
            params[0] = rounded(more_params[i].value, real);
            check(k, real, params);
        }
}

static void for_everything(void (*check)(size_t k, int real, const double *params)) {
    const char *points = getenv("ACT_ACCURACY_POINTS");
    for (int real = 0; real < ACT__REALS; real++) {
        make_inputs(real, points ? (size_t)strtoul(points, NULL, 10) : RANDOM_POINTS);
        for (size_t k = 0; k < COUNT_OF(kinds); k++)
            for_all_params(k, real, check);
    }
}

static void values_and_derivatives_hold_their_bounds(void **state) {
    (void)state;
    for_everything(check_kind);
}

static double awkward_dy(size_t i) {
    static const double list[] = {1.7, -0.3, INFINITY, -INFINITY, NAN, 0.0, -0.0, 1e30, -1e-30, 3.0};
    return list[i % COUNT_OF(list)];
}

/* +0 by branch, else dy * f'(x) rounded once. */
static void check_product(size_t k, int real, const double *params) {
    static double derivative[CAPACITY];
    const int is_relu = kinds[k].kind == ACT_RELU || (kinds[k].kind == ACT_LEAKY_RELU && params[0] == 0);
    set_dy(real, one);
    run_kernel(act__isa_at(ACT__PORTABLE)->elementwise[real][kinds[k].kind], ACT__PORTABLE, real, DERIVATIVE, params);
    for (size_t i = 0; i < input_count; i++)
        derivative[i] = result_at(ACT__PORTABLE, i, real);
    set_dy(real, awkward_dy);
    run_all(k, real, DERIVATIVE, params);
    for (size_t i = 0; i < input_count; i++) {
        const double d = real == ACT__REAL32 ? (double)dy.f[i] : dy.d[i];
        const double product = real == ACT__REAL32 ? (double)((float)d * (float)derivative[i]) : d * derivative[i];
        const double expected = is_relu && inputs[i] <= 0 ? 0 : product;
        if (!same(result_at(ACT__PORTABLE, i, real), expected))
            fail_msg("%s'(%a) with %g times %g is %a, not %a", kinds[k].name, inputs[i], params[0], d,
                     result_at(ACT__PORTABLE, i, real), expected);
    }
}

static void gradients_are_one_product(void **state) {
    (void)state;
    for_everything(check_product);
}

static float value_of(act_kind kind, float at, float param) {
    float y = 0;
    const float params[ACT__MAX_PARAMS] = {param};
    act__isa_in_use()->elementwise[ACT__REAL32][kind]->forward(&at, &y, 1, params);
    return y;
}

static float gradient_of(act_kind kind, float at, float upstream, float param) {
    float dx = 0;
    const float params[ACT__MAX_PARAMS] = {param};
    act__isa_in_use()->elementwise[ACT__REAL32][kind]->backward_input(&at, &upstream, &dx, 1, params);
    return dx;
}

#define assert_same(got, wanted) assert_true(same((double)(got), (double)(wanted)))

/* What other systems got wrong; semantics as in docs/numerics. */
static void traps(void **state) {
    (void)state;
    assert_same(value_of(ACT_RELU, NAN, 0), NAN);
    assert_same(value_of(ACT_RELU, -INFINITY, 0), 0);
    assert_same(value_of(ACT_RELU, -0.0f, 0), 0);
    assert_same(gradient_of(ACT_RELU, NAN, 1, 0), NAN);
    assert_same(gradient_of(ACT_RELU, -1, NAN, 0), 0);
    assert_same(gradient_of(ACT_RELU, 0, -INFINITY, 0), 0);
    assert_same(value_of(ACT_LEAKY_RELU, -INFINITY, 0), 0);
    assert_same(value_of(ACT_LEAKY_RELU, NAN, 0), NAN);
    assert_same(value_of(ACT_LEAKY_RELU, -0.0f, 0.5f), -0.0);
    assert_same(value_of(ACT_LEAKY_RELU, -2, 1.5f), -3); /* max(x, slope x) says -2 */
    assert_same(value_of(ACT_LEAKY_RELU, -2, -0.5f), 1);
    assert_same(gradient_of(ACT_LEAKY_RELU, -1, INFINITY, 0), 0);
    assert_same(value_of(ACT_ELU, -1e-8f, 1), -1e-8f);
    assert_same(value_of(ACT_ELU, -0.0f, 1), -0.0);
    assert_same(value_of(ACT_ELU, -0.0f, -1), 0);
    assert_same(value_of(ACT_ELU, -INFINITY, 2), -2);
    assert_same(value_of(ACT_ELU, 800, 1), 800); /* no 0 * Inf from the branch not taken */
    assert_same(gradient_of(ACT_ELU, 0, 1, 0.5f), 0.5);
    assert_true(gradient_of(ACT_SIGMOID, 17, 1, 0) > 4e-8f);
    assert_same(gradient_of(ACT_SIGMOID, 17, 1, 0), gradient_of(ACT_SIGMOID, -17, 1, 0));
    assert_true(value_of(ACT_SIGMOID, -100, 0) > 0);
    assert_same(value_of(ACT_SIGMOID, -INFINITY, 0), 0);
    assert_same(value_of(ACT_SIGMOID, INFINITY, 0), 1);
    assert_true(gradient_of(ACT_TANH, 10, 1, 0) > 8e-9f);
    assert_same(value_of(ACT_TANH, 400, 0), 1);
    assert_same(value_of(ACT_TANH, -0.0f, 0), -0.0);
    assert_same(value_of(ACT_SOFTSIGN, INFINITY, 0), 1);
    assert_same(value_of(ACT_SOFTSIGN, -INFINITY, 0), -1);
    assert_same(value_of(ACT_SOFTSIGN, -0.0f, 0), -0.0);
    assert_same(gradient_of(ACT_SOFTSIGN, -INFINITY, 1, 0), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_derivatives_hold_their_bounds),
        cmocka_unit_test(gradients_are_one_product),
        cmocka_unit_test(traps),
    };
    return cmocka_run_group_tests_name("accuracy", tests, NULL, NULL);
}
