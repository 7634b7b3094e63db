/* The host's allocator: every allocation fails once, nothing leaks, nothing is lost, and warm calls ask for nothing.
 */
#include "support.h"

#include "memory.h"

#include <math.h>

enum { ROWS = 6, IN = 4, UNITS = 3 };

/* What a scenario works on; all it may write is in out and made. */
typedef struct bed {
    act_activation *a, *made;
    act_state *state, *made_state;
    const char *spec;
    float x[ROWS * IN], dy[ROWS * IN], out[ROWS * IN];
} bed;

typedef void preparation(bed *b);
typedef act_status attempt(bed *b);

static act_tensor matrix(const float *data, int64_t columns) {
    static int64_t shapes[2][2] = {{ROWS, UNITS}, {ROWS, IN}};
    return make_tensor(data, ACT_FLOAT32, 2, shapes[columns == IN], NULL);
}

static int64_t out_columns(const bed *b) { return act_activation_get_kind(b->a) == ACT_MAXOUT ? UNITS : IN; }

static void nothing(bed *b) { (void)b; }
static void by_spec(bed *b) { b->a = strcmp(b->spec, "maxout") ? make_spec(b->spec) : make_any(ACT_MAXOUT); }
static void channels(bed *b) { assert_ok(act_prelu_create_channels(&b->a, ACT_FLOAT32, IN, 1, 0.25)); }
static void with_state(bed *b) {
    by_spec(b);
    b->state = make_state();
}
static void after_forward(bed *b) {
    with_state(b);
    const act_tensor x = matrix(b->x, IN);
    act_tensor y = matrix(b->out, out_columns(b));
    assert_ok(act_forward(b->a, &x, &y, b->state));
    set_canary(b->out, sizeof b->out);
}
static void after_nans(bed *b) {
    b->x[5] = NAN;
    after_forward(b);
}
static void after_momentum(bed *b) {
    act_sgd options = ACT_SGD_INIT;
    options.momentum = 0.5;
    by_spec(b);
    assert_ok(act_activation_sgd_step(b->a, &options));
}

static act_status create(bed *b) {
    act_kind kind = 0;
    assert_ok(act_kind_from_name(&kind, b->spec));
    return act_activation_create(&b->made, kind);
}
static act_status from_spec(bed *b) { return act_activation_create_from_spec(&b->made, b->spec); }
static act_status rrelu(bed *b) { return act_rrelu_create(&b->made, 0.1, 0.2, 1); }
static act_status prelu(bed *b) { return act_prelu_create(&b->made, ACT_FLOAT64, DIMS(3, 1), 0.25); }
static act_status prelu_channels(bed *b) { return act_prelu_create_channels(&b->made, ACT_FLOAT32, 5, -1, 0.25); }
static act_status maxout(bed *b) { return act_maxout_create(&b->made, IN, UNITS, 2, ACT_FLOAT64, 0, 1); }
static act_status maxout_plain(bed *b) {
    return act_maxout_create(&b->made, IN, UNITS, 2, ACT_FLOAT32, ACT_MAXOUT_NO_BIAS, 1);
}
static act_status clone(bed *b) { return act_activation_clone(&b->made, b->a); }
static act_status state(bed *b) { return act_state_create(&b->made_state); }
static act_status state_clone(bed *b) { return act_state_clone(&b->made_state, b->state); }
static act_status forward(bed *b) {
    const act_tensor x = matrix(b->x, IN);
    act_tensor y = matrix(b->out, out_columns(b));
    return act_forward(b->a, &x, &y, b->state);
}
static act_status forward_strided(bed *b) {
    const act_tensor x = make_tensor(b->x, ACT_FLOAT32, DIMS(3, IN), STRIDES(IN, 0));
    act_tensor y = make_tensor(b->out, ACT_FLOAT32, DIMS(3, UNITS), STRIDES(2 * UNITS, 2));
    return act_forward(b->a, &x, &y, b->state);
}
static act_status backward(bed *b) {
    const act_tensor x = matrix(b->x, IN), dy = matrix(b->dy, out_columns(b));
    act_tensor dx = matrix(b->out, IN);
    return act_backward(b->a, &x, NULL, b->state, &dy, &dx);
}
static act_status slopes_only(bed *b) {
    const act_tensor x = matrix(b->x, IN), dy = matrix(b->dy, out_columns(b));
    return act_backward(b->a, &x, NULL, b->state, &dy, NULL);
}
static act_status momentum(bed *b) {
    act_sgd options = ACT_SGD_INIT;
    options.momentum = 0.5;
    options.decay = 0.25;
    return act_activation_sgd_step(b->a, &options);
}

static const struct {
    const char *name;
    preparation *prepare;
    attempt *run;
    const char *spec;
    int64_t allocations; /* at least */
} scenarios[] = {
#define ACT_SPECIAL(...)
#define ACT_ELEMENTWISE(name, ...) {"create", nothing, create, #name, 1},
#include "kinds.def"
    {"create", nothing, create, "prelu", 3},
    {"create", nothing, create, "rrelu", 1},
    {"create", nothing, create, "crelu", 1},
    {"from spec", nothing, from_spec, "elu(alpha=0.5)", 1},
    {"from spec", nothing, from_spec, "prelu(initial=0.5)", 3},
    {"from spec", nothing, from_spec, "rrelu(lower=0.1, upper=0.3, seed=7)", 1},
    {"rrelu_create", nothing, rrelu, NULL, 1},
    {"prelu_create", nothing, prelu, NULL, 3},
    {"prelu_create_channels", nothing, prelu_channels, NULL, 3},
    {"maxout_create", nothing, maxout, NULL, 5},
    {"maxout_create without bias", nothing, maxout_plain, NULL, 3},
    {"clone", by_spec, clone, "relu", 1},
    {"clone", by_spec, clone, "prelu", 3},
    {"clone", by_spec, clone, "maxout", 5},
    {"clone with momentum", after_momentum, clone, "prelu", 4},
    {"clone with momentum", after_momentum, clone, "maxout", 7},
    {"state_create", nothing, state, NULL, 1},
    {"state_clone", with_state, state_clone, "relu", 1},
    {"state_clone with bits", after_forward, state_clone, "relu", 2},
    {"state_clone with NaN", after_nans, state_clone, "leaky_relu", 3},
    {"state_clone with winners", after_forward, state_clone, "maxout", 2},
    {"forward with state", with_state, forward, "relu", 1},
    {"forward with state", with_state, forward, "leaky_relu", 1},
    {"forward with state", with_state, forward, "rrelu", 0},
    {"forward with state", with_state, forward, "maxout", 2},
    {"forward without state", by_spec, forward, "maxout", 1},
    {"forward, strided", with_state, forward_strided, "maxout", 2},
    {"backward", by_spec, backward, "prelu", 0},
    {"backward", channels, backward, "channels", 1},
    {"backward, slopes only", channels, slopes_only, "channels", 1},
    {"backward", after_forward, backward, "maxout", 0},
    {"first step with momentum", by_spec, momentum, "prelu", 1},
    {"first step with momentum", by_spec, momentum, "maxout", 2}};

static bed *make_bed(size_t i, test_allocator *memory) {
    bed *b = aligned_alloc(64, (sizeof *b + 63) / 64 * 64);
    assert_non_null(b);
    *b = (bed){.spec = scenarios[i].spec};
    for (int j = 0; j < ROWS * IN; j++) {
        b->x[j] = (float)(j % 5 - 2);
        b->dy[j] = (float)(j + 1);
    }
    set_canary(b->out, sizeof b->out);
    *memory = (test_allocator){0};
    use_allocator(memory);
    scenarios[i].prepare(b);
    return b;
}

static void clear_bed(bed *b, const test_allocator *memory) {
    act_activation_destroy(b->a);
    act_activation_destroy(b->made);
    act_state_destroy(b->state);
    act_state_destroy(b->made_state);
    use_allocator(NULL);
    free(b);
    assert_int_equal(memory->live, 0);
    assert_int_equal(memory->strange, 0);
}

/* Bytes that tell two outcomes apart: outputs, values and gradients. */
static size_t outcome(bed *b, unsigned char *bytes) {
    size_t n = sizeof b->out;
    memcpy(bytes, b->out, n);
    for (int32_t i = 0; i < act_activation_parameter_count(b->a); i++) {
        act_tensor t[2];
        assert_ok(act_activation_parameter(b->a, i, &t[0]));
        assert_ok(act_activation_gradient(b->a, i, &t[1]));
        for (int j = 0; j < 2; j++) {
            int64_t count = 1;
            for (int32_t d = 0; d < t[j].ndim; d++)
                count *= t[j].shape[d];
            memcpy(bytes + n, t[j].data, (size_t)count * 4);
            n += (size_t)count * 4;
        }
    }
    return n;
}

/* The n-th allocation of the scenario fails, and `count` in all; whether there was one to fail. */
static int fail_nth(size_t i, int64_t n, int64_t count) {
    unsigned char before[1024], after[1024], first[1024], second[1024];
    test_allocator memory, plain;
    bed *good = make_bed(i, &plain);
    assert_ok(scenarios[i].run(good));
    const size_t bytes = outcome(good, first);
    clear_bed(good, &plain);
    bed *b = make_bed(i, &memory);
    outcome(b, before);
    const int64_t live = memory.live;
    memory.fail_first = memory.calls + n;
    memory.fail_count = count;
    forget_error();
    const act_status status = scenarios[i].run(b);
    const int failed = memory.failed > 0;
    memory.fail_count = 0;
    if (failed) {
        assert_status(status, ACT_ERR_OUT_OF_MEMORY);
        assert_non_null(strstr(act_last_error(), "out of memory"));
        assert_null(b->made);
        assert_null(b->made_state);
        outcome(b, after);
        assert_memory_equal(before, after, bytes);
        if (scenarios[i].prepare == nothing)
            assert_int_equal(memory.live, live);
        assert_ok(scenarios[i].run(b)); /* with memory again, as if nothing had been */
    } else {
        assert_int_equal(status, ACT_OK);
    }
    assert_int_equal(outcome(b, second), bytes);
    assert_memory_equal(first, second, bytes);
    clear_bed(b, &memory);
    return failed;
}

static void every_allocation_fails(int64_t count) {
    for (size_t i = 0; i < COUNT_OF(scenarios); i++) {
        int64_t n = 0;
        while (fail_nth(i, n, count))
            n++;
        if (n < scenarios[i].allocations)
            fail_msg("%s (%s): only %d allocations", scenarios[i].name, scenarios[i].spec, (int)n);
    }
}

static void every_allocation_fails_once(void **unused) {
    (void)unused;
    every_allocation_fails(1);
}

static void every_allocation_fails_and_all_after_it(void **unused) {
    (void)unused;
    every_allocation_fails(INT64_MAX);
}

/* Without memory for a larger record the last one serves on. */
static void a_failed_forward_leaves_its_state(void **unused) {
    (void)unused;
    act_activation *a = make_kind(ACT_RELU);
    test_allocator memory = {0};
    act_state *s = make_state();
    float x[64] = {1, -1, 2, -2}, y[64], dy[4] = {5, 6, 7, 8}, dx[4];
    const act_tensor small = make_tensor(x, ACT_FLOAT32, DIMS(4), NULL),
                     large = make_tensor(x, ACT_FLOAT32, DIMS(64), NULL);
    act_tensor out = make_tensor(y, ACT_FLOAT32, DIMS(4), NULL),
               large_out = make_tensor(y, ACT_FLOAT32, DIMS(64), NULL);
    const act_tensor in_dy = make_tensor(dy, ACT_FLOAT32, DIMS(4), NULL);
    act_tensor out_dx = make_tensor(dx, ACT_FLOAT32, DIMS(4), NULL);
    assert_ok(act_forward(a, &small, &out, s));
    memory.fail_count = INT64_MAX;
    use_allocator(&memory);
    const act_status status = act_forward(a, &large, &large_out, s);
    use_allocator(NULL);
    assert_int_equal(status, ACT_ERR_OUT_OF_MEMORY);
    uint64_t step = 77;
    assert_ok(act_state_get_step(&step, s));
    assert_int_equal(step, 1);
    assert_ok(act_backward(a, NULL, NULL, s, &in_dy, &out_dx));
    assert_true(dx[0] == 5 && dx[1] == 0 && dx[2] == 7 && dx[3] == 0);
    act_activation_destroy(a);
    act_state_destroy(s);
}

/* Room for winners but none for scratch: the last record is gone, and backward is refused until the next forward. */
static void or_a_state_that_refuses(void **unused) {
    (void)unused;
    test_allocator memory;
    bed *b = make_bed(0, &memory);
    b->a = make_any(ACT_MAXOUT);
    b->state = make_state();
    const act_tensor x = make_tensor(b->x, ACT_FLOAT32, DIMS(IN), NULL),
                     dy = make_tensor(b->dy, ACT_FLOAT32, DIMS(UNITS), NULL);
    act_tensor y = make_tensor(b->out, ACT_FLOAT32, DIMS(UNITS), NULL),
               dx = make_tensor(b->out, ACT_FLOAT32, DIMS(IN), NULL);
    assert_ok(act_forward(b->a, &x, &y, b->state));
    set_canary(b->out, sizeof b->out);
    memory.fail_first = memory.calls + 1;
    memory.fail_count = 1;
    assert_status(forward(b), ACT_ERR_OUT_OF_MEMORY); /* more rows: new winners, new scratch */
    assert_refused(act_backward(b->a, &x, NULL, b->state, &dy, &dx), ACT_ERR_STATE, "no forward");
    assert_canary(b->out, sizeof b->out);
    assert_ok(forward(b));
    assert_ok(backward(b));
    clear_bed(b, &memory);
}

static void blocks_go_home(void **unused) {
    (void)unused;
    test_allocator first = {0}, second = {0};
    use_allocator(&first);
    act_activation *a = make_any(ACT_MAXOUT), *b = NULL;
    act_state *s = make_state();
    bed *l = make_bed(0, &second); /* and the second allocator from here on */
    l->a = a;
    l->state = s;
    assert_ok(forward(l));
    assert_ok(backward(l));
    assert_ok(momentum(l));
    assert_ok(act_activation_clone(&b, a));
    assert_true(first.live > 0 && second.live > 0);
    use_allocator(NULL);
    act_activation_destroy(b);
    clear_bed(l, &second);
    assert_int_equal(first.live + first.strange, 0);
}

static void values_are_aligned(void **unused) {
    (void)unused;
    test_allocator memory = {0};
    use_allocator(&memory);
    act_activation *a = make_any(ACT_MAXOUT);
    for (int32_t i = 0; i < 2; i++) {
        act_tensor value, gradient;
        assert_ok(act_activation_parameter(a, i, &value));
        assert_ok(act_activation_gradient(a, i, &gradient));
        assert_int_equal((uintptr_t)value.data % 64, 0);
        assert_int_equal((uintptr_t)gradient.data % 64, 0);
    }
    use_allocator(NULL);
    act_activation_destroy(a);
    assert_int_equal(memory.live + memory.strange, 0);
}

static void impossible_sizes(void **unused) {
    (void)unused;
    assert_null(act__allocate(SIZE_MAX));
    assert_null(act__allocate(SIZE_MAX - 64));
    forget_error();
    assert_null(act__allocate_zeroed(SIZE_MAX / 2, 3));
    assert_non_null(strstr(act_last_error(), "overflows"));
    act__release(NULL);
    void *empty = act__allocate(0);
    assert_non_null(empty);
    act__release(empty);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_fails_once),
        cmocka_unit_test(every_allocation_fails_and_all_after_it),
        cmocka_unit_test(a_failed_forward_leaves_its_state),
        cmocka_unit_test(or_a_state_that_refuses),
        cmocka_unit_test(blocks_go_home),
        cmocka_unit_test(values_are_aligned),
        cmocka_unit_test(impossible_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
