/* Gains against values computed to 25 digits and rounded to 7 decimals, and against closed forms. */
#include "support.h"

#include <math.h>

static double gain_of(act_activation *a, act_gain_direction direction) {
    double gain = -77;
    assert_ok(act_gain(a, direction, &gain));
    act_activation_destroy(a);
    return gain;
}

static void check_near(double got, double wanted, double tolerance, const char *what) {
    if (fabs(got - wanted) <= tolerance)
        return;
    fail_msg("%s: gain %.15g, expected %.15g", what, got, wanted);
}

static void the_table(void **unused) {
    (void)unused;
    static const struct {
        const char *spec;
        double forward, backward;
    } rows[] = {
        {"identity", 1, 1},
        {"relu", 1.4142136, 1.4142136},
        {"clipped_relu", 1.4142136, 1.4142136},
        {"prelu", 1.3719887, 1.3719887},
        {"rrelu", 1.3761172, 1.3761172},
        {"squared_relu", .8164966, .7071068},
        {"elu", 1.2451983, 1.2234286},
        {"selu", 1, .9660258},
        {"gelu", 1.5335304, 1.4811144},
        {"gelu_tanh", 1.5335805, 1.4811681},
        {"quick_gelu", 1.5394588, 1.4914592},
        {"silu", 1.6765325, 1.6233203},
        {"mish", 1.4868476, 1.4447552},
        {"hard_swish", 1.7366572, 1.6700764},
        {"hard_mish", 1.3312072, 1.2340835},
        {"sigmoid", 1.8462285, 4.7226461},
        {"hard_sigmoid", 1.8978404, 6.0081158},
        {"tanh", 1.5925374, 1.4674136},
        {"hard_tanh", 1.3920361, 1.2102871},
        {"softsign", 2.3375334, 2.0957806},
        {"softplus", 1.0418668, 1.8462285},
        {"log_sigmoid", 1.0418668, 1.8462285},
        {"tanh_shrink", 2.3383675, 1.9881388},
        {"lisht", 1.1486744, 1.0747717},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_near(gain_of(make_spec(rows[i].spec), ACT_GAIN_FORWARD), rows[i].forward, 5.1e-8, rows[i].spec);
        check_near(gain_of(make_spec(rows[i].spec), ACT_GAIN_BACKWARD), rows[i].backward, 5.1e-8, rows[i].spec);
    }
}

static const double slopes[] = {0, 0.01, 0.25, 1, -0.5, -1, 3, -20, 1e-300, 1e100};

static void leaky_and_prelu_have_a_closed_form(void **unused) {
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(slopes); i++) {
        const double wanted = sqrt(2 / (1 + slopes[i] * slopes[i]));
        for (act_gain_direction way = ACT_GAIN_FORWARD; way <= ACT_GAIN_BACKWARD; way++) {
            act_activation *leaky = make_kind(ACT_LEAKY_RELU), *prelu = NULL;
            assert_ok(act_activation_set_param(leaky, "slope", slopes[i]));
            assert_ok(act_prelu_create(&prelu, ACT_FLOAT64, 0, NULL, slopes[i]));
            check_near(gain_of(leaky, way), wanted, 1e-12 * wanted, "leaky_relu");
            check_near(gain_of(prelu, way), wanted, 1e-12 * wanted, "prelu");
        }
    }
}

/* The mean of the squares counts, not the square of the mean. */
static void prelu_goes_over_all_its_slopes(void **unused) {
    (void)unused;
    act_activation *a = NULL;
    act_tensor value;
    assert_ok(act_prelu_create(&a, ACT_FLOAT64, DIMS(3), 0));
    assert_ok(act_activation_parameter(a, 0, &value));
    memcpy(value.data, (const double[]){0.5, -2, 1}, 3 * sizeof(double));
    check_near(gain_of(a, ACT_GAIN_FORWARD), sqrt(2 / (1 + 5.25 / 3)), 1e-12, "prelu {0.5, -2, 1}");
}

static void rrelu_is_that_of_training(void **unused) {
    (void)unused;
    static const double bounds[][2] = {{0.125, 1.0 / 3}, {0, 1}, {-1, 1}, {0.25, 0.25}, {-3, -2}, {0, 0}};
    for (size_t i = 0; i < COUNT_OF(bounds); i++) {
        const double l = bounds[i][0], u = bounds[i][1], wanted = sqrt(2 / (1 + (l * l + l * u + u * u) / 3));
        for (act_gain_direction way = ACT_GAIN_FORWARD; way <= ACT_GAIN_BACKWARD; way++) {
            act_activation *a = NULL;
            assert_ok(act_rrelu_create(&a, l, u, 7));
            check_near(gain_of(a, way), wanted, 1e-12, "rrelu");
        }
    }
}

/* 1, 1, then the table. */
static void maxout_follows_its_pieces(void **unused) {
    (void)unused;
    static const double forward[] = {1, 1, 0.8853842, 0.8028752, 0.7453518};
    static const uint32_t flags[] = {0, ACT_MAXOUT_NO_BIAS, ACT_MAXOUT_GLOROT};
    for (size_t k = 1; k <= COUNT_OF(forward); k++) {
        for (size_t f = 0; f < COUNT_OF(flags); f++) {
            act_activation *a = NULL, *b = NULL;
            assert_ok(act_maxout_create(&a, 4, 3, (int64_t)k, ACT_FLOAT32, flags[f], 1));
            assert_ok(act_activation_clone(&b, a));
            check_near(gain_of(a, ACT_GAIN_FORWARD), forward[k - 1], 5.1e-8, "maxout forward");
            check_near(gain_of(b, ACT_GAIN_BACKWARD), 1, 0, "maxout backward");
        }
    }
}

/* elu: E f^2 = 1/2 + alpha^2 (E (exp(z) - 1)^2 over z < 0), which has a closed form. */
static void elu_follows_alpha(void **unused) {
    (void)unused;
    static const double alphas[] = {0, 0.5, 1, 2, -1, -7};
    const double one = exp(0.5) * 0.5 * erfc(1 / sqrt(2.0)), two = exp(2.0) * 0.5 * erfc(2 / sqrt(2.0));
    for (size_t i = 0; i < COUNT_OF(alphas); i++) {
        const double square = alphas[i] * alphas[i];
        act_activation *a = make_kind(ACT_ELU), *b = NULL;
        assert_ok(act_activation_set_param(a, "alpha", alphas[i]));
        assert_ok(act_activation_clone(&b, a));
        check_near(gain_of(a, ACT_GAIN_FORWARD), 1 / sqrt(0.5 + square * (two - 2 * one + 0.5)), 1e-11,
                   "elu forward");
        check_near(gain_of(b, ACT_GAIN_BACKWARD), 1 / sqrt(0.5 + square * two), 1e-11, "elu backward");
    }
}

/* P(z > at) of the normal distribution, and its density. */
static double tail(double at) { return 0.5 * erfc(at / sqrt(2.0)); }
static double density(double at) { return exp(-at * at / 2) / sqrt(2 * acos(-1.0)); }

/* Kinks where no panel ends. */
static void kinks_lie_anywhere(void **unused) {
    (void)unused;
    static const double ends[] = {0.1, 1.0 / 3, 1.1, 2.7182818284590452, 6};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        const double at = ends[i], inside = 0.5 - tail(at), square = inside - at * density(at) + at * at * tail(at);
        act_activation *a = make_kind(ACT_CLIPPED_RELU), *b = make_kind(ACT_CLIPPED_RELU),
                       *c = make_kind(ACT_HARD_SHRINK);
        assert_ok(act_activation_set_param(a, "max", at));
        assert_ok(act_activation_set_param(b, "max", at));
        assert_ok(act_activation_set_param(c, "lambda", at));
        check_near(gain_of(a, ACT_GAIN_FORWARD), 1 / sqrt(square), 1e-9, "clipped_relu forward");
        check_near(gain_of(b, ACT_GAIN_BACKWARD), 1 / sqrt(inside), 1e-9, "clipped_relu backward");
        check_near(gain_of(c, ACT_GAIN_BACKWARD), 1 / sqrt(2 * tail(at)), 1e-9 / tail(at), "hard_shrink backward");
    }
}

/* What all happens within a small part of a panel, or where a bound of it is far out; computed to 16 digits. */
static void narrow_and_far_ones_are_seen(void **unused) {
    (void)unused;
    static const struct {
        const char *spec;
        act_gain_direction direction;
        double gain;
    } rows[] = {
        {"hard_sigmoid(a=1000,b=0.3)", ACT_GAIN_BACKWARD, 0.05006624041413944},
        {"hard_tanh(lo=0.123,hi=0.1231)", ACT_GAIN_BACKWARD, 158.9237898857906},
        {"scaled_tanh(a=256,b=1)", ACT_GAIN_BACKWARD, 0.08569513166056676},
        {"softplus(beta=1000)", ACT_GAIN_BACKWARD, 1.414778088870739},
        {"pow(exponent=60)", ACT_GAIN_FORWARD, 3.786956975295522e-50},
        {"pow(exponent=100)", ACT_GAIN_FORWARD, 3.873087339009115e-94},
        {"hard_shrink(lambda=14.5)", ACT_GAIN_BACKWARD, 2.873018869983602e+23},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_near(gain_of(make_spec(rows[i].spec), rows[i].direction), rows[i].gain, 1e-11 * rows[i].gain,
                   rows[i].spec);
}

/* E 1 / z^2 has no bound. */
static void what_diverges_is_refused(void **unused) {
    (void)unused;
    static const char *const specs[] = {"pow(exponent=-1)", "pow(exponent=-2)", "pow(exponent=-5)"};
    for (size_t i = 0; i < COUNT_OF(specs); i++) {
        act_activation *a = make_spec(specs[i]);
        double gain = -77;
        assert_refused(act_gain(a, ACT_GAIN_FORWARD, &gain), ACT_ERR_UNSUPPORTED, "mean square is inf");
        assert_refused(act_gain(a, ACT_GAIN_BACKWARD, &gain), ACT_ERR_UNSUPPORTED, "mean square is inf");
        assert_true(gain == -77);
        act_activation_destroy(a);
    }
}

static void bad_arguments_are_refused(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_RELU);
    double gain = -77;
    assert_refused(act_gain(NULL, ACT_GAIN_FORWARD, &gain), ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    assert_refused(act_gain(a, ACT_GAIN_FORWARD, NULL), ACT_ERR_INVALID_ARGUMENT, "gain is NULL");
    assert_refused(act_gain(a, 2, &gain), ACT_ERR_INVALID_ARGUMENT, "direction is 2");
    assert_refused(act_gain(a, -1, &gain), ACT_ERR_INVALID_ARGUMENT, "direction is -1");
    assert_true(gain == -77);
    act_activation_destroy(a);
}

/* A mean square that is no number has no gain, rather than a gain of 0 or NaN. */
static void what_overflows_is_refused(void **unused) {
    (void)unused;
    static const char *const specs[] = {"leaky_relu(slope=1e200)", "elu(alpha=-1e300)",
                                        "rrelu(lower=-8e307, upper=8e307)", "affine(a=0)"};
    for (size_t i = 0; i < COUNT_OF(specs); i++) {
        act_activation *a = make_spec(specs[i]);
        double gain = -77;
        assert_refused(act_gain(a, ACT_GAIN_FORWARD, &gain), ACT_ERR_UNSUPPORTED,
                       act_kind_name(act_activation_get_kind(a)));
        assert_refused(act_gain(a, ACT_GAIN_BACKWARD, &gain), ACT_ERR_UNSUPPORTED, "mean square");
        assert_true(gain == -77);
        act_activation_destroy(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table),
        cmocka_unit_test(leaky_and_prelu_have_a_closed_form),
        cmocka_unit_test(prelu_goes_over_all_its_slopes),
        cmocka_unit_test(rrelu_is_that_of_training),
        cmocka_unit_test(maxout_follows_its_pieces),
        cmocka_unit_test(elu_follows_alpha),
        cmocka_unit_test(kinks_lie_anywhere),
        cmocka_unit_test(narrow_and_far_ones_are_seen),
        cmocka_unit_test(what_diverges_is_refused),
        cmocka_unit_test(bad_arguments_are_refused),
        cmocka_unit_test(what_overflows_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
