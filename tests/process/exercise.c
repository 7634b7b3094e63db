#include "exercise.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_FUNCTIONS = 128, FEATURES = 24, UNITS = 10, PIECES = 3, ROWS = 7 };

int report_to = STDERR_FILENO;

static after_call *after_each;
static const char *called[MAX_FUNCTIONS]; /* texts of calls, one a function */
static int called_count;

void require_failed(const char *file, int line, const char *condition) {
    dprintf(report_to, "%s:%d: %s does not hold; the library's last error: %s\n", file, line, condition,
            act_last_error ? act_last_error() : "none");
    _Exit(1);
}

static size_t name_length(const char *call) { return strcspn(call, "("); }

static void note(const char *call) {
    if (after_each)
        after_each(call);
    const size_t length = name_length(call);
    for (int i = 0; i < called_count; i++)
        if (name_length(called[i]) == length && strncmp(called[i], call, length) == 0)
            return;
    REQUIRE(called_count < MAX_FUNCTIONS);
    called[called_count++] = call;
}

int exercise_left_out(void) {
    static const char *const all[] = {
#undef FUNCTION
#define FUNCTION(name) #name,
#include "api.inc"
    };
    int missing = 0;
    for (size_t f = 0; f < sizeof all / sizeof *all; f++) {
        int found = 0;
        for (int i = 0; i < called_count && !found; i++)
            found = name_length(called[i]) == strlen(all[f]) && strncmp(called[i], all[f], strlen(all[f])) == 0;
        if (!found)
            dprintf(report_to, "exercise() does not call %s\n", all[f]);
        missing += !found;
    }
    return missing;
}

static void expect(act_status status, act_status expected, const char *call) {
    note(call);
    if (status != expected) {
        dprintf(report_to, "%s: status %d, expected %d: %s\n", call, status, expected, act_last_error());
        _Exit(1);
    }
}

#define OK(call)          expect((call), ACT_OK, #call)
#define BAD(status, call) expect((call), (status), #call)

/* ---- plain formulas ---- */

static const char *const specs[] = {"identity",
                                    "relu",
                                    "leaky_relu(slope=0.25)",
                                    "prelu(initial=0.25)",
                                    "rrelu(lower=0.25, upper=0.25, seed=3)",
                                    "elu(alpha=0.5)",
                                    "sigmoid",
                                    "tanh",
                                    "softsign"};
enum { SPECS = sizeof specs / sizeof *specs };

static double formula(act_kind kind, double x) {
    switch (kind) {
    case ACT_IDENTITY:
        return x;
    case ACT_RELU:
        return x > 0 ? x : 0;
    case ACT_ELU:
        return x > 0 ? x : 0.5 * expm1(x);
    case ACT_SIGMOID:
        return 1 / (1 + exp(-x));
    case ACT_TANH:
        return tanh(x);
    case ACT_SOFTSIGN:
        return x / (1 + fabs(x));
    default:
        return x > 0 ? x : 0.25 * x;
    }
}

static double derivative(act_kind kind, double x) {
    const double y = formula(kind, x);
    switch (kind) {
    case ACT_IDENTITY:
        return 1;
    case ACT_RELU:
        return x > 0;
    case ACT_ELU:
        return x > 0 ? 1 : 0.5 * exp(x);
    case ACT_SIGMOID:
        return y * (1 - y);
    case ACT_TANH:
        return 1 - y * y;
    case ACT_SOFTSIGN:
        return (1 - fabs(y)) * (1 - fabs(y));
    default:
        return x > 0 ? 1 : 0.25;
    }
}

/* ---- buffers ---- */

typedef struct buffer {
    act_dtype dtype;
    void *data;
} buffer;

static buffer buffer_new(act_dtype dtype, int64_t n) {
    buffer b = {dtype, calloc((size_t)n + 1, dtype == ACT_FLOAT64 ? sizeof(double) : sizeof(float))};
    REQUIRE(b.data != NULL);
    return b;
}

static double get(buffer b, int64_t i) {
    return b.dtype == ACT_FLOAT64 ? ((double *)b.data)[i] : (double)((float *)b.data)[i];
}

static void put(buffer b, int64_t i, double value) {
    if (b.dtype == ACT_FLOAT64)
        ((double *)b.data)[i] = value;
    else
        ((float *)b.data)[i] = (float)value;
}

static void check(buffer b, int64_t i, double expected) {
    const double allowed = b.dtype == ACT_FLOAT64 ? 1e-11 : 1e-5, got = get(b, i);
    if (!(fabs(got - expected) <= allowed)) {
        dprintf(report_to, "element %lld is %.17g, expected %.17g\n", (long long)i, got, expected);
        _Exit(1);
    }
}

static double input_at(int64_t i) { return (double)(i * 29 % 97 - 48) / 16; } /* -3 to 3 */
static double gradient_at(int64_t i) { return (double)(i * 13 % 31 - 15) / 8; }

/* ---- one family after the other ---- */

static void elementwise(const char *spec, act_dtype dtype, int64_t n, int transposed) {
    act_activation *a = NULL;
    act_state *state = NULL;
    const int64_t shape[] = {(n + 6) / 7, 7}, along[] = {7, 1}, across[] = {1, (n + 6) / 7};
    const int64_t *strides = transposed ? across : along;
    n = shape[0] * shape[1];
    const buffer x = buffer_new(dtype, n), y = buffer_new(dtype, n), dy = buffer_new(dtype, n),
                 dx = buffer_new(dtype, n);
    act_tensor tx, ty, tdy, tdx;
    OK(act_activation_create_from_spec(&a, spec));
    const act_kind kind = act_activation_get_kind(a);
    note("act_activation_get_kind");
    if (kind == ACT_PRELU && dtype == ACT_FLOAT64) {
        act_activation_destroy(a);
        OK(act_prelu_create(&a, dtype, 0, NULL, 0.25));
    }
    OK(act_state_create(&state));
    OK(act_tensor_init(&tx, x.data, dtype, 2, shape, strides));
    OK(act_tensor_init(&ty, y.data, dtype, 2, shape, NULL));
    OK(act_tensor_init(&tdy, dy.data, dtype, 2, shape, strides));
    OK(act_tensor_init(&tdx, dx.data, dtype, 2, shape, NULL));
    for (int64_t i = 0; i < shape[0]; i++)
        for (int64_t j = 0; j < shape[1]; j++) {
            put(x, i * strides[0] + j * strides[1], input_at(i * 7 + j));
            put(dy, i * strides[0] + j * strides[1], gradient_at(i * 7 + j));
        }
    OK(act_forward(a, &tx, &ty, NULL));
    OK(act_forward(a, &tx, &ty, state));
    for (int64_t i = 0; i < n; i++)
        check(y, i, formula(kind, input_at(i)));
    OK(act_backward(a, &tx, NULL, state, &tdy, &tdx));
    OK(act_backward(a, &tx, &ty, NULL, &tdy, &tdx));
    for (int64_t i = 0; i < n; i++)
        check(dx, i, derivative(kind, input_at(i)) * gradient_at(i));
    const uint32_t needs = act_backward_needs(a);
    note("act_backward_needs");
    if (!(needs & ACT_NEEDS_ALL) && needs & ACT_NEEDS_OUTPUT)
        OK(act_backward(a, NULL, &ty, NULL, &tdy, &tdx));
    if (!(needs & ACT_NEEDS_ALL) && needs & ACT_NEEDS_STATE)
        OK(act_backward(a, NULL, NULL, state, &tdy, &tdx));
    if (!transposed) {
        OK(act_forward_1d(a, dtype, x.data, y.data, n));
        OK(act_backward_1d(a, dtype, x.data, dy.data, dx.data, n));
        OK(act_forward(a, &tx, &tx, NULL));
        for (int64_t i = 0; i < n; i++)
            check(x, i, get(y, i));
    }
    double gain;
    OK(act_gain(a, ACT_GAIN_FORWARD, &gain));
    OK(act_gain(a, ACT_GAIN_BACKWARD, &gain));
    (void)act_state_bytes(state);
    note("act_state_bytes");
    act_state_destroy(state);
    note("act_state_destroy");
    act_activation_destroy(a);
    note("act_activation_destroy");
    free(x.data), free(y.data), free(dy.data), free(dx.data);
}

static void learning(act_dtype dtype) {
    act_activation *a = NULL, *copy = NULL;
    act_tensor slope, gradient, bound, x, y;
    act_sgd options;
    const int64_t channels[] = {3}, shape[] = {5, 3, 2};
    const buffer data = buffer_new(dtype, 30), out = buffer_new(dtype, 30), mine = buffer_new(dtype, 3),
                 grads = buffer_new(dtype, 3);
    OK(act_prelu_create_channels(&a, dtype, 3, 1, 0.5));
    REQUIRE(act_activation_parameter_count(a) == 1);
    note("act_activation_parameter_count");
    REQUIRE(strcmp(act_activation_parameter_name(a, 0), "slope") == 0);
    note("act_activation_parameter_name");
    for (int64_t i = 0; i < 30; i++)
        put(data, i, -1);
    OK(act_tensor_init(&x, data.data, dtype, 3, shape, NULL));
    OK(act_tensor_init(&y, out.data, dtype, 3, shape, NULL));
    OK(act_forward(a, &x, &y, NULL));
    OK(act_backward(a, &x, NULL, NULL, &x, NULL));
    OK(act_activation_gradient(a, 0, &gradient));
    for (int64_t i = 0; i < 3; i++)
        REQUIRE(get((buffer){dtype, gradient.data}, i) == 10); /* -1 * -1, ten times a channel */
    OK(act_activation_clone(&copy, a));
    OK(act_sgd_init(&options));
    options.rate = 0.0625;
    options.momentum = 0.5;
    OK(act_activation_sgd_step(a, &options));
    OK(act_activation_parameter(a, 0, &slope));
    REQUIRE(get((buffer){dtype, slope.data}, 0) == 0.5 - 0.625);
    OK(act_activation_zero_gradients(a));
    REQUIRE(get((buffer){dtype, gradient.data}, 2) == 0);
    act_tensor bound_gradient;
    OK(act_tensor_init(&bound, mine.data, dtype, 1, channels, NULL));
    OK(act_tensor_init(&bound_gradient, grads.data, dtype, 1, channels, NULL));
    OK(act_activation_bind_parameter(copy, 0, &bound, &bound_gradient));
    OK(act_activation_bind_parameter(copy, 0, NULL, NULL));
    act_activation_destroy(copy);
    act_activation_destroy(a);
    free(data.data), free(out.data), free(mine.data), free(grads.data);
}

static void parameter_gradients(act_dtype dtype, int64_t n) {
    act_activation *a = NULL;
    act_tensor x;
    double by_slope = 0;
    const buffer data = buffer_new(dtype, n);
    for (int64_t i = 0; i < n; i++)
        put(data, i, i % 2 ? 3 : -2);
    OK(act_tensor_init(&x, data.data, dtype, 1, &n, NULL));
    OK(act_activation_create(&a, ACT_LEAKY_RELU));
    OK(act_parameter_gradients(&by_slope, a, &x, &x));
    REQUIRE(by_slope == 4 * (double)((n + 1) / 2)); /* -2 * -2 at every other element */
    act_activation_destroy(a);
    free(data.data);
}

static void sampling(void) {
    act_activation *a = NULL;
    act_state *state = NULL, *copy = NULL;
    float x[64], first[64], second[64], replayed[64];
    const int64_t n = 64;
    act_tensor tx, ty;
    uint64_t step = 9, offset = 9;
    for (int i = 0; i < 64; i++)
        x[i] = -1;
    OK(act_rrelu_create(&a, 0.125, 0.375, 42));
    OK(act_activation_set_param(a, "upper", 0.5));
    double upper = 0;
    OK(act_activation_get_param(&upper, a, "upper"));
    REQUIRE(upper == 0.5);
    OK(act_state_create(&state));
    OK(act_tensor_init(&tx, x, ACT_FLOAT32, 1, &n, NULL));
    OK(act_tensor_init(&ty, first, ACT_FLOAT32, 1, &n, NULL));
    OK(act_forward(a, &tx, &ty, state));
    OK(act_state_clone(&copy, state));
    ty.data = second;
    OK(act_forward(a, &tx, &ty, state));
    REQUIRE(memcmp(first, second, sizeof first) != 0);
    OK(act_state_get_step(&step, state));
    REQUIRE(step == 2);
    OK(act_state_set_step(copy, 0));
    OK(act_state_set_offset(copy, 0));
    OK(act_state_get_offset(&offset, copy));
    REQUIRE(offset == 0);
    ty.data = replayed;
    OK(act_forward(a, &tx, &ty, copy));
    REQUIRE(memcmp(first, replayed, sizeof first) == 0);
    act_state_destroy(copy);
    act_state_destroy(state);
    act_activation_destroy(a);
}

static void maxout(act_dtype dtype) {
    act_activation *a = NULL;
    act_state *state = NULL;
    act_tensor w, b, tx, ty, tdx;
    const int64_t in[] = {ROWS, FEATURES}, out[] = {ROWS, UNITS};
    const buffer x = buffer_new(dtype, ROWS * FEATURES), y = buffer_new(dtype, ROWS * UNITS),
                 dx = buffer_new(dtype, ROWS * FEATURES);
    OK(act_maxout_create(&a, FEATURES, UNITS, PIECES, dtype, 0, 7));
    OK(act_state_create(&state));
    OK(act_activation_parameter(a, 0, &w));
    OK(act_activation_parameter(a, 1, &b));
    for (int64_t i = 0; i < PIECES * UNITS * FEATURES; i++)
        put((buffer){dtype, w.data}, i, (double)(i * 5 % 7 - 3));
    for (int64_t i = 0; i < PIECES * UNITS; i++)
        put((buffer){dtype, b.data}, i, (double)(i % 5));
    for (int64_t i = 0; i < ROWS * FEATURES; i++)
        put(x, i, (double)(i * 3 % 11 - 5));
    OK(act_tensor_init(&tx, x.data, dtype, 2, in, NULL));
    OK(act_tensor_init(&ty, y.data, dtype, 2, out, NULL));
    OK(act_tensor_init(&tdx, dx.data, dtype, 2, in, NULL));
    OK(act_forward(a, &tx, &ty, state));
    OK(act_backward(a, &tx, NULL, state, &ty, &tdx));
    for (int64_t row = 0; row < ROWS; row++)
        for (int64_t unit = 0; unit < UNITS; unit++) {
            double best = -INFINITY;
            for (int64_t piece = 0; piece < PIECES; piece++) {
                double z = (double)((piece * UNITS + unit) % 5);
                for (int64_t f = 0; f < FEATURES; f++)
                    z += (double)(((piece * UNITS + unit) * FEATURES + f) * 5 % 7 - 3) *
                         (double)((row * FEATURES + f) * 3 % 11 - 5);
                best = z > best ? z : best;
            }
            REQUIRE(get(y, row * UNITS + unit) == best);
        }
    act_state_destroy(state);
    act_activation_destroy(a);
    free(x.data), free(y.data), free(dx.data);
}

static void *host_allocate(void *opaque, size_t size, size_t alignment) {
    (void)opaque;
    void *block = NULL;
    return posix_memalign(&block, alignment < sizeof(void *) ? sizeof(void *) : alignment, size) ? NULL : block;
}

static void host_release(void *opaque, void *block, size_t size, size_t alignment) {
    (void)opaque, (void)size, (void)alignment;
    free(block);
}

static int32_t host_parallel_for(void *opaque, void (*task)(void *, int64_t), void *context, int64_t count) {
    (void)opaque;
    for (int64_t i = count; i-- > 0;)
        task(context, i);
    return 0;
}

static void inquiries(void) {
    act_kind kind = -1;
    act_param_info info = {.struct_size = sizeof info};
    char text[512];
    size_t size = sizeof text;
    act_activation *a = NULL;
    REQUIRE(act_version() == ACT_VERSION);
    note("act_version");
    REQUIRE(act_version_string()[0] != '\0');
    note("act_version_string");
    OK(act_build_info(text, &size));
    REQUIRE(act_kind_count() > ACT_SOFTSIGN);
    note("act_kind_count");
    REQUIRE(strcmp(act_kind_name(ACT_ELU), "elu") == 0);
    note("act_kind_name");
    OK(act_kind_from_name(&kind, "leakyrelu"));
    REQUIRE(kind == ACT_LEAKY_RELU);
    OK(act_kind_param_info(&info, ACT_ELU, 0));
    REQUIRE(strcmp(info.name, "alpha") == 0 && info.default_value == 1);
    REQUIRE(strcmp(act_status_name(ACT_ERR_SHAPE), "ACT_ERR_SHAPE") == 0);
    note("act_status_name");
    OK(act_activation_create(&a, ACT_ELU));
    size = sizeof text;
    OK(act_activation_spec(a, text, &size));
    act_activation_destroy(a);
}

static void mistakes(void) {
    act_activation *a = NULL;
    act_kind kind = -1;
    double value;
    float x[4] = {1, 2, 3, 4};
    const int64_t three = 3, four = 4;
    act_tensor t3, t4;
    OK(act_activation_create(&a, ACT_LEAKY_RELU));
    OK(act_tensor_init(&t3, x, ACT_FLOAT32, 1, &three, NULL));
    OK(act_tensor_init(&t4, x, ACT_FLOAT32, 1, &four, NULL));
    BAD(ACT_ERR_SHAPE, act_forward(a, &t4, &t3, NULL));
    BAD(ACT_ERR_INVALID_ARGUMENT, act_forward(a, &t4, NULL, NULL));
    BAD(ACT_ERR_MISSING, act_backward(a, NULL, NULL, NULL, &t4, &t4));
    BAD(ACT_ERR_INVALID_ARGUMENT, act_activation_set_param(a, "slope", (double)NAN));
    BAD(ACT_ERR_INVALID_ARGUMENT, act_activation_get_param(&value, a, "alpha"));
    BAD(ACT_ERR_INVALID_ARGUMENT, act_kind_from_name(&kind, "no such kind"));
    BAD(ACT_ERR_INVALID_ARGUMENT, act_set_num_threads(-1));
    REQUIRE(act_last_error()[0] != '\0');
    note("act_last_error");
    act_activation *none = NULL;
    BAD(ACT_ERR_SPEC, act_activation_create_from_spec(&none, "elu(alpha=)"));
    act_activation_destroy(NULL);
    act_state_destroy(NULL);
    act_activation_destroy(a);
}

void exercise(after_call *after, int64_t n) {
    after_each = after;
    inquiries();
    for (int32_t threads = 1; threads <= 3; threads++) {
        OK(act_set_num_threads(threads));
        REQUIRE(act_get_num_threads() == threads);
        note("act_get_num_threads");
        if (threads == 3)
            OK(act_set_parallel_for(host_parallel_for, NULL));
        for (int i = 0; i < SPECS; i++)
            for (int variant = 0; variant < 4; variant++)
                elementwise(specs[i], variant & 1 ? ACT_FLOAT64 : ACT_FLOAT32, n, variant >> 1);
        parameter_gradients(threads == 2 ? ACT_FLOAT64 : ACT_FLOAT32, n);
    }
    OK(act_set_parallel_for(NULL, NULL));
    OK(act_set_allocator(host_allocate, host_release, NULL));
    learning(ACT_FLOAT32);
    OK(act_set_allocator(NULL, NULL, NULL));
    learning(ACT_FLOAT64);
    sampling();
    maxout(ACT_FLOAT32);
    maxout(ACT_FLOAT64);
    mistakes();
    OK(act_set_num_threads(1));
}

int sign_of_life(int64_t n) {
    after_each = NULL;
    elementwise("leaky_relu(slope=0.25)", ACT_FLOAT32, n, 0);
    elementwise("prelu(initial=0.25)", ACT_FLOAT32, n, 1);
    elementwise("tanh", ACT_FLOAT64, n, 0);
    sampling();
    maxout(ACT_FLOAT32);
    return 0;
}

int count_entries(const char *path) {
    DIR *directory = opendir(path);
    int count = 0;
    REQUIRE(directory != NULL);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}
