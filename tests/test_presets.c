/*
 * Activations by the names of other systems: what each means in this library's own words, and that every row of
 * presets.def can be said with all its names and keys.
 */
#include "presets.h"

#include "support.h"

#include <math.h>

enum { TEXT = 512 };

/* What part of the text a spec must become. */
static const char *const means[][2] = {
    {"torch:leaky_relu", "leaky_relu(slope=0.01)"},
    {"torch:LeakyReLU(negative_slope=0.5)", "leaky_relu(slope=0.5)"},
    {"torch:leakyrelu(slope=0.5)", "leaky_relu(slope=0.5)"},
    {" torch : relu ( ) ", "relu"},
    {"jax:leaky_relu", "leaky_relu(slope=0.01)"},
    {"onnx:LeakyRelu(alpha=0.25)", "leaky_relu(slope=0.25)"},
    {"onnx:leaky_relu", "leaky_relu(slope=0.01)"},
    {"keras:leaky_relu", "leaky_relu(slope=0.2)"},
    {"keras:leakyrelu", "leaky_relu(slope=0.2)"},
    {"keras:LeakyReLU", "leaky_relu(slope=0.3)"},
    {"keras2:LeakyReLU(alpha=0.1)", "leaky_relu(slope=0.1)"},
    {"keras1:LEAKY_RELU", "leaky_relu(slope=0.3)"},
    {"tf:leaky_relu", "leaky_relu(slope=0.2)"},
    {"chainer:leaky_relu", "leaky_relu(slope=0.2)"},
    {"mxnet:LeakyReLU", "leaky_relu(slope=0.25)"},
    {"mxnet:LeakyReLU(act_type=elu)", "elu(alpha=0.25)"},
    {"mxnet:leaky_relu(slope=2, act_type=elu)", "elu(alpha=2)"},
    {"mxnet:LeakyReLU(act_type=rrelu)", "rrelu(lower=0.125, upper=0.334, seed=0)"},
    {"mxnet:LeakyReLU(act_type=rrelu, upper_bound=0.5)", "rrelu(lower=0.125, upper=0.5, seed=0)"},
    {"mxnet:ELU", "elu(alpha=1)"},
    {"mxnet:LeakyReLU(act_type=gelu)", "gelu"},
    {"darknet:leaky", "leaky_relu(slope=0.1)"},
    {"caffe:ReLU", "relu"},
    {"caffe:ReLU(negative_slope=0.1)", "leaky_relu(slope=0.1)"},
    {"ggml:leaky_relu(negative_slope=0.1)", "leaky_relu(slope=0.1)"},
    {"onednn:relu", "relu"},
    {"onednn:relu(alpha=0.1)", "leaky_relu(slope=0.1)"},
    {"torch:PReLU", "prelu(initial=0.25)"},
    {"torch:PReLU(init=0.5)", "prelu(initial=0.5)"},
    {"caffe:PReLU", "prelu(initial=0.25)"},
    {"chainer:PReLU", "prelu(initial=0.25)"},
    {"mxnet:PReLU", "prelu(initial=0.25)"},
    {"timm:prelu", "prelu(initial=0.25)"},
    {"keras:PReLU", "prelu(initial=0)"},
    {"flax:PReLU", "prelu(initial=0.01)"},
    {"torch:rrelu", "rrelu(lower=0.125, upper=0.3333333333333333, seed=0)"},
    {"tfa:rrelu(seed=3)", "rrelu(lower=0.125, upper=0.3333333333333333, seed=3)"},
    {"chainer:rrelu(l=0.25, u=0.5)", "rrelu(lower=0.25, upper=0.5, seed=0)"},
    {"paddle:RReLU", "rrelu(lower=0.125, upper=0.3333333333333333, seed=0)"},
    {"tf:crelu", "crelu(axis=-1)"},
    {"chainer:crelu(axis=2)", "crelu(axis=2)"},
    {"keras:relu", "relu"},
    {"keras:ReLU(max_value=6)", "relu_general(slope=0, max=6, theta=0)"},
    {"keras:relu(negative_slope=0.1, threshold=1)", "relu_general(slope=0.1, max=inf, theta=1)"},
    {"keras2:relu(alpha=0.1)", "relu_general(slope=0.1, max=inf, theta=0)"},
    {"torch:relu6", "clipped_relu(max=6)"},
    {"chainer:clipped_relu", "clipped_relu(max=2e+01)"},
    {"torch:threshold(threshold=1, value=2)", "threshold(theta=1, value=2)"},
    {"onnx:ThresholdedRelu", "threshold(theta=1, value=0)"},
    {"keras:threshold(threshold=1, default_value=2)", "threshold(theta=1, value=2)"},
    {"torch:hardtanh", "hard_tanh(lo=-1, hi=1)"},
    {"torch:Hardtanh(min_val=-2, max_val=3)", "hard_tanh(lo=-2, hi=3)"},
    {"onnx:Clip", "hard_tanh(lo=-inf, hi=inf)"},
    {"onnx:Clip(min=0, max=6)", "hard_tanh(lo=0, hi=6)"},
    {"onednn:clip_v2(alpha=-1, beta=1)", "hard_tanh(lo=-1, hi=1)"},
    {"torch:hardsigmoid", "hard_sigmoid(a=0.16666666666666666, b=0.5)"},
    {"keras:hard_sigmoid", "hard_sigmoid(a=0.16666666666666666, b=0.5)"},
    {"jax:hard_sigmoid", "hard_sigmoid(a=0.16666666666666666, b=0.5)"},
    {"ggml:hardsigmoid", "hard_sigmoid(a=0.16666666666666666, b=0.5)"},
    {"timm:hard_sigmoid", "hard_sigmoid(a=0.16666666666666666, b=0.5)"},
    {"paddle:hardsigmoid", "hard_sigmoid(a=0.1666667, b=0.5)"},
    {"onnx:HardSigmoid", "hard_sigmoid(a=0.2, b=0.5)"},
    {"onnx:hardsigmoid(alpha=0.25, beta=0.75)", "hard_sigmoid(a=0.25, b=0.75)"},
    {"mxnet:hard_sigmoid", "hard_sigmoid(a=0.2, b=0.5)"},
    {"chainer:hard_sigmoid", "hard_sigmoid(a=0.2, b=0.5)"},
    {"keras1:hard_sigmoid", "hard_sigmoid(a=0.2, b=0.5)"},
    {"keras2:hard_sigmoid", "hard_sigmoid(a=0.2, b=0.5)"},
    {"torch:hardswish", "hard_swish(a=0.16666666666666666, b=0.5)"},
    {"torch:hardshrink(lambd=1)", "hard_shrink(lambda=1)"},
    {"torch:softshrink", "soft_shrink(lambda=0.5)"},
    {"keras:soft_shrink(threshold=1)", "soft_shrink(lambda=1)"},
    {"onnx:Shrink(lambd=1, bias=2)", "shrink(lambda=1, bias=2)"},
    {"onednn:linear(alpha=2, beta=3)", "affine(a=2, b=3)"},
    {"keras:linear", "identity"},
    {"onnx:Elu(alpha=2)", "elu(alpha=2)"},
    {"darknet:logistic", "sigmoid"},
    {"lecun:tanh", "scaled_tanh(a=0.6666666666666666, b=1.7159)"},
    {"darknet:loggy", "scaled_tanh(a=0.5, b=1)"},
    {"paddle:stanh", "scaled_tanh(a=0.67, b=1.7159)"},
    {"torch:softplus", "softplus(beta=1)"},
    {"torch:Softplus(beta=2, threshold=20)", "softplus(beta=2)"},
    {"torch:softplus(beta=1, threshold=20.0)", "softplus(beta=1)"},
    {"tf:softplus", "softplus(beta=1)"},
    {"mxnet:softrelu", "softplus(beta=1)"},
    {"onednn:soft_relu(alpha=-1)", "softplus(beta=-1)"},
    {"tf:silu", "silu"},
    {"tf:swish(beta=2)", "swish(beta=2)"},
    {"onnx:Swish(alpha=1.702)", "swish(beta=1.702)"},
    {"torch:gelu", "gelu"},
    {"torch:GELU(approximate=tanh)", "gelu_tanh"},
    {"torch:gelu(approximate=none)", "gelu"},
    {"onnx:Gelu", "gelu"},
    {"tf:gelu", "gelu"},
    {"keras:gelu", "gelu"},
    {"keras:gelu(approximate=True)", "gelu_tanh"},
    {"jax:gelu", "gelu_tanh"},
    {"jax:gelu(approximate=False)", "gelu"},
    {"tfa:gelu", "gelu_tanh"},
    {"ggml:gelu", "gelu_tanh"},
    {"ggml:gelu_quick", "quick_gelu"},
    {"keras:squareplus", "squareplus(b=4)"},
    {"tfa:snake(frequency=2)", "snake(alpha=2)"},
    {"onnx:Pow(exponent=3)", "pow(exponent=3)"},
    {"onednn:pow(alpha=1, beta=3)", "pow(exponent=3)"},
    {"onednn:pow(alpha=1.0, beta=3)", "pow(exponent=3)"},
};

static void check_text(const char *spec, const char *wanted) {
    char text[TEXT];
    size_t size = sizeof text;
    act_activation *a = make_spec(spec);
    assert_ok(act_activation_spec(a, text, &size));
    assert_string_equal(text, wanted);
    act_activation_destroy(a);
}

static void names_of_other_systems(void **unused) {
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(means); i++)
        check_text(means[i][0], means[i][1]);
}

/* The table again, for what follows from each of its rows. */
#define ACT_GIVEN(name, theirs, value) \
    { name, theirs, value }
#define ACT_NEEDED(name, theirs) \
    { name, theirs, NAN }
static const act__preset rows[] = {
#define ACT_PRESET(systems, names, kind, ...)                {systems, names, NULL, NULL, kind, {__VA_ARGS__}},
#define ACT_PRESET_IF(systems, names, key, words, kind, ...) {systems, names, key, words, kind, {__VA_ARGS__}},
#include "presets.def"
};

enum { WORD = 40 };

/* Takes word `number` of a list; returns whether there is one. */
static int word_of(char *word, const char *list, int number) {
    for (; number > 0 && list; number--)
        list = strchr(list, ' ') ? strchr(list, ' ') + 1 : NULL;
    snprintf(word, WORD, "%.*s", list ? (int)strcspn(list, " ") : 0, list ? list : "");
    return *word != '\0';
}

/* A legal value for what has no default. */
static double any_value(const act__preset *row, int i) {
    const act__kind_row *kind = act__kind_row_of(row->kind);
    return fmin(i + 1, kind->param[act__param_index(kind, row->param[i].name)].maximum);
}

/* All that the row can be given, with the systems' names for it where there are any. */
static void arguments_of(char *text, const act__preset *row) {
    char word[WORD];
    size_t n = 0;
    text[0] = '\0';
    if (row->key && word_of(word, row->words, 0))
        n += (size_t)snprintf(text, TEXT, "%s=%s,", row->key, word);
    for (int i = 0; i < ACT__MAX_PARAMS && row->param[i].name; i++) {
        const act__preset_param *p = &row->param[i];
        n += (size_t)snprintf(text + n, TEXT - n, "%s=%.17g,", word_of(word, p->theirs, 0) ? word : p->name,
                              isnan(p->value) ? any_value(row, i) : p->value);
    }
    if (n)
        text[n - 1] = '\0';
}

static void check_row(const act__preset *row, const char *system, const char *name) {
    char arguments[TEXT], spec[2 * TEXT], message[TEXT];
    arguments_of(arguments, row);
    snprintf(spec, sizeof spec, "%s:%s(%s)", system, name, arguments);
    snprintf(message, sizeof message, "%s", act_last_error());
    act_activation *a = make_spec(spec);
    assert_string_equal(act_last_error(), message);
    if (*arguments && act_activation_get_kind(a) != row->kind)
        fail_msg("%s is a %s, expected %s", spec, act_kind_name(act_activation_get_kind(a)),
                 act_kind_name(row->kind));
    for (int i = 0; i < ACT__MAX_PARAMS && row->param[i].name; i++) {
        double value = -77;
        assert_ok(act_activation_get_param(&value, a, row->param[i].name));
        assert_true(value == (isnan(row->param[i].value) ? any_value(row, i) : row->param[i].value));
    }
    act_activation_destroy(a);
}

typedef void row_check(const act__preset *row, const char *system, const char *name);

static void each_name(row_check *check) {
    char system[WORD], name[WORD];
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (int s = 0; word_of(system, rows[i].systems, s); s++)
            for (int n = 0; word_of(name, rows[i].names, n); n++)
                check(&rows[i], system, name);
}

static void every_row_can_be_said(void **unused) {
    (void)unused;
    each_name(check_row);
}

/* A name of a system stands in rows that lie together, or the first of them would hide the others. */
static void check_found(const act__preset *row, const char *system, const char *name) {
    const act__preset *found = act__preset_find(system, name);
    assert_non_null(found);
    assert_string_equal(found->systems, row->systems);
    assert_string_equal(found->names, row->names);
}

static void no_row_hides_another(void **unused) {
    (void)unused;
    each_name(check_found);
}

static void what_is_refused(void **unused) {
    (void)unused;
    static const struct {
        const char *spec, *says;
    } cases[] = {
        {"tensorflow:relu", "position 0: \"tensorflow\" is none of the systems torch timm paddle jax flax tf"},
        {" Torch:relu", "position 1: \"Torch\" is none"},
        {"torch:relu7", "position 6: \"relu7\" is none that torch has: relu"},
        {"torch: hard_relu", "position 7"},
        {"keras:LeakyRelu", "position 6: \"LeakyRelu\" is none that keras has: relu"},
        {"torch:", "position 6: expected the name of an activation, found the end"},
        {":relu", "position 0: expected the name of a kind"},
        {"torch:torch:relu", "position 6: \"torch\" is none"},
        {"torch:relu:", "position 10: expected the end"},
        {"onnx:Selu", "position 5"},
        {"darknet:selu", "position 8"},
        {"torch:leaky_relu(alpha=1)", "position 17: leaky_relu has no parameter \"alpha\""},
        {"torch:leaky_relu(negative_slope=0.5, slope=0.5)", "position 37: \"slope\" is given twice"},
        {"torch:leaky_relu(negative_slope=x)", "position 32: expected a number"},
        {"torch:leaky_relu(negative_slope=nan)", "position 32"},
        {"torch:leaky_relu(", "position 17: expected a parameter's name, found the end"},
        {"onnx:PRelu", "position 0: initial must be given"},
        {"mxnet:LeakyReLU(act_type=tanh)", "position 25: act_type=tanh is not offered"},
        {"mxnet:LeakyReLU(act_type=elu, act_type=elu)", "position 30: \"act_type\" is given twice"},
        {"mxnet:LeakyReLU(act_type=elu, upper_bound=1)", "position 25: act_type=elu is not offered"},
        {"torch:rrelu(lower=1)", "position 0: rrelu: lower is 1"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        act_activation *a = NULL;
        assert_refused(act_activation_create_from_spec(&a, cases[i].spec), ACT_ERR_SPEC, cases[i].says);
        assert_null(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_other_systems),
        cmocka_unit_test(every_row_can_be_said),
        cmocka_unit_test(no_row_hides_another),
        cmocka_unit_test(what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
