/* Bad tensors through the doors of api.c: each has its status, a message with the argument and the value, and leaves
 * outputs, gradients and state alone. What creators refuse is in test_creators.c. */
#include "support.h"

enum { X, Y, DY, DX, ARGUMENTS };
static const char *const names[] = {"x", "y", "dy", "dx"};

/* All tensors of a layer call, good until one is spoiled; what a spoiler needs to live longer lies in there too. */
typedef struct scene {
    act_activation *a;
    act_state *state;
    _Alignas(64) unsigned char memory[ARGUMENTS][512];
    int64_t shape[ARGUMENTS][33], strides[ARGUMENTS][33];
    act_tensor tensor[ARGUMENTS];
} scene;

static int64_t out_columns(const act_activation *a) {
    const act_kind kind = act_activation_get_kind(a);
    return kind == ACT_MAXOUT ? 3 : kind == ACT_CRELU ? 8 : 4;
}

static void rewind_scene(scene *s) {
    for (int i = 0; i < ARGUMENTS; i++) {
        const int out = i == Y || i == DY;
        s->shape[i][0] = 2;
        s->shape[i][1] = out ? out_columns(s->a) : 4;
        s->strides[i][0] = s->shape[i][1];
        s->strides[i][1] = 1;
        s->tensor[i] = make_tensor(s->memory[i], ACT_FLOAT32, 2, s->shape[i], s->strides[i]);
        set_canary(s->memory[i], sizeof s->memory[i]);
    }
}

/* After a good forward and a rewind. */
static scene *set_scene(act_activation *a) {
    scene *s = aligned_alloc(64, sizeof *s);
    assert_non_null(s);
    s->a = a;
    s->state = make_state();
    rewind_scene(s);
    assert_ok(act_forward(a, &s->tensor[X], &s->tensor[Y], s->state));
    rewind_scene(s);
    return s;
}

static void clear_scene(scene *s) {
    act_activation_destroy(s->a);
    act_state_destroy(s->state);
    free(s);
}

/* The call as it is set up; nothing may have changed where it was refused. */
static void check_untouched(scene *s) {
    uint64_t step = 77;
    assert_ok(act_state_get_step(&step, s->state));
    assert_int_equal(step, 1);
    for (int i = 0; i < ARGUMENTS; i++)
        assert_canary(s->memory[i], sizeof s->memory[i]);
    for (int32_t i = 0; i < act_activation_parameter_count(s->a); i++) {
        act_tensor g;
        assert_ok(act_activation_gradient(s->a, i, &g));
        for (int j = 0; j < (i ? 6 : 1); j++)
            assert_true(((const float *)g.data)[j] == 0);
    }
}

static act_status run_forward(scene *s, const act_tensor *const *t) {
    forget_error();
    return act_forward(s->a, t[X], (act_tensor *)(uintptr_t)t[Y], s->state);
}

static act_status run_backward(scene *s, const act_tensor *const *t) {
    forget_error();
    return act_backward(s->a, t[X], t[Y], s->state, t[DY], (act_tensor *)(uintptr_t)t[DX]);
}

typedef void spoiler(scene *s, int i);

static void device(scene *s, int i) { s->tensor[i].device_type = 2; }
static void odd_bits(scene *s, int i) { s->tensor[i].dtype_bits = 24; }
static void wide_bfloat(scene *s, int i) { s->tensor[i].dtype_code = 4; }
static void integers(scene *s, int i) { s->tensor[i].dtype_code = 0; }
static void lanes(scene *s, int i) { s->tensor[i].dtype_lanes = 4; }
static void other_type(scene *s, int i) { s->tensor[i].dtype_bits = 64; }
static void low_rank(scene *s, int i) { s->tensor[i].ndim = -1; }
static void high_rank(scene *s, int i) { s->tensor[i].ndim = 33; }
static void other_rank(scene *s, int i) {
    s->shape[i][2] = s->shape[i][1];
    s->shape[i][1] = 2;
    s->shape[i][0] = 1;
    s->strides[i][1] = s->shape[i][2];
    s->strides[i][2] = 1;
    s->tensor[i].ndim = 3;
}
static void no_shape(scene *s, int i) { s->tensor[i].shape = NULL; }
static void no_data(scene *s, int i) { s->tensor[i].data = NULL; }
static void negative(scene *s, int i) { s->shape[i][0] = -2; }
static void larger(scene *s, int i) { s->shape[i][0] = 5; }
static void empty(scene *s, int i) { s->shape[i][0] = 0; }
static void wider(scene *s, int i) { s->shape[i][1] = 7, s->strides[i][0] = 7; }
static void product(scene *s, int i) { s->shape[i][0] = INT64_MAX; }
static void span(scene *s, int i) { s->strides[i][0] = INT64_MAX / 2; }
static void address(scene *s, int i) { s->tensor[i].byte_offset = UINT64_MAX - 15; }
static void misaligned(scene *s, int i) { s->tensor[i].byte_offset = 2; }
static void zero_stride(scene *s, int i) { s->strides[i][0] = 0; }
static void woven(scene *s, int i) { s->strides[i][0] = 1; }

static const struct {
    spoiler *spoil;
    act_status status;
    const char *says; /* the value */
    int outputs_only;
} rows[] = {{device, ACT_ERR_DEVICE, "device type is 2", 0},
            {odd_bits, ACT_ERR_DTYPE, "24 bits", 0},
            {wide_bfloat, ACT_ERR_DTYPE, "type code 4, 32 bits", 0},
            {integers, ACT_ERR_DTYPE, "type code 0", 0},
            {lanes, ACT_ERR_DTYPE, "4 lanes", 0},
            {other_type, ACT_ERR_DTYPE, "float64", 0},
            {low_rank, ACT_ERR_SHAPE, "rank is -1", 0},
            {high_rank, ACT_ERR_SHAPE, "rank is 33", 0},
            {other_rank, ACT_ERR_SHAPE, "3", 0},
            {no_shape, ACT_ERR_INVALID_ARGUMENT, "shape is NULL", 0},
            {no_data, ACT_ERR_INVALID_ARGUMENT, "data is NULL", 0},
            {negative, ACT_ERR_SHAPE, "dimension 0 is -2", 0},
            {larger, ACT_ERR_SHAPE, "5", 0},
            {empty, ACT_ERR_SHAPE, "0", 0},
            {wider, ACT_ERR_SHAPE, "7", 0},
            {product, ACT_ERR_SHAPE, "overflow", 0},
            {span, ACT_ERR_SHAPE, "overflow", 0},
            {address, ACT_ERR_SHAPE, "address space", 0},
            {misaligned, ACT_ERR_LAYOUT, "4 bytes", 0},
            {zero_stride, ACT_ERR_LAYOUT, "zero stride", 1},
            {woven, ACT_ERR_LAYOUT, "share memory", 1}};

/* Spoils argument i, makes the call and looks; returns whether it went as it should. */
static int try_row(scene *s, size_t row, int i, act_status (*run)(scene *, const act_tensor *const *)) {
    const act_tensor *t[ARGUMENTS];
    rewind_scene(s);
    rows[row].spoil(s, i);
    for (int j = 0; j < ARGUMENTS; j++)
        t[j] = &s->tensor[j];
    const act_status status = run(s, t);
    if (status == rows[row].status && strstr(act_last_error(), rows[row].says) &&
        strstr(act_last_error(), names[i])) {
        check_untouched(s);
        return 1;
    }
    print_error("%s %s, row %d (%s), %s: %s \"%s\"\n", act_kind_name(act_activation_get_kind(s->a)),
                run == run_forward ? "forward" : "backward", (int)row, rows[row].says, names[i],
                act_status_name(status), act_last_error());
    return 0;
}

static void forward_judges_its_tensors(void **unused) {
    (void)unused;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        scene *s = set_scene(make_any(kind));
        for (size_t row = 0; row < COUNT_OF(rows); row++)
            for (int i = X; i <= Y; i++)
                if (!rows[row].outputs_only || i == Y)
                    assert_true(try_row(s, row, i, run_forward));
        clear_scene(s);
    }
}

static void backward_judges_its_tensors(void **unused) {
    (void)unused;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        scene *s = set_scene(make_any(kind));
        for (size_t row = 0; row < COUNT_OF(rows); row++)
            for (int i = X; i <= DX; i++)
                if ((!rows[row].outputs_only || i == DX) && !(kind == ACT_MAXOUT && i == Y))
                    assert_true(try_row(s, row, i, run_backward));
        clear_scene(s);
    }
}

/* maxout takes nothing from y, yet a y that cannot be that of its forward is a mistake of the caller's. */
static void maxout_backward_judges_y_too(void **unused) {
    (void)unused;
    scene *s = set_scene(make_any(ACT_MAXOUT));
    int good = 1;
    for (size_t row = 0; row < COUNT_OF(rows) && good; row++)
        if (!rows[row].outputs_only)
            good = try_row(s, row, Y, run_backward);
    clear_scene(s);
    assert_true(good);
}

static void null_tensors(void **unused) {
    (void)unused;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        scene *s = set_scene(make_any(kind));
        act_tensor *x = &s->tensor[X], *y = &s->tensor[Y], *dy = &s->tensor[DY], *dx = &s->tensor[DX];
        assert_refused(act_forward(NULL, x, y, NULL), ACT_ERR_INVALID_ARGUMENT, "a is NULL");
        assert_refused(act_forward(s->a, NULL, y, s->state), ACT_ERR_INVALID_ARGUMENT, "x is NULL");
        assert_refused(act_forward(s->a, x, NULL, s->state), ACT_ERR_INVALID_ARGUMENT, "y is NULL");
        assert_refused(act_backward(NULL, x, y, NULL, dy, dx), ACT_ERR_INVALID_ARGUMENT, "a is NULL");
        assert_refused(act_backward(s->a, x, y, s->state, NULL, dx), ACT_ERR_INVALID_ARGUMENT, "dy is NULL");
        if (act_activation_parameter_count(s->a) == 0)
            assert_refused(act_backward(s->a, x, y, s->state, dy, NULL), ACT_ERR_INVALID_ARGUMENT, "dx is NULL");
        check_untouched(s);
        if (act_activation_parameter_count(s->a))
            assert_ok(act_backward(s->a, x, NULL, s->state, dy, NULL));
        clear_scene(s);
    }
}

/* Output o moved onto input i, 4 bytes off. */
static void check_partial(scene *s, int o, int i, act_status (*run)(scene *, const act_tensor *const *)) {
    const act_tensor *t[ARGUMENTS];
    char said[32];
    rewind_scene(s);
    s->tensor[o].data = s->memory[i] + 4;
    for (int j = 0; j < ARGUMENTS; j++)
        t[j] = &s->tensor[j];
    snprintf(said, sizeof said, "%s shares", names[o]);
    assert_status(run(s, t), ACT_ERR_OVERLAP);
    assert_non_null(strstr(act_last_error(), said));
    snprintf(said, sizeof said, "memory with %s", names[i]);
    assert_non_null(strstr(act_last_error(), said));
    check_untouched(s);
}

static void partial_overlap(void **unused) {
    (void)unused;
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        scene *s = set_scene(make_any(kind));
        check_partial(s, Y, X, run_forward);
        check_partial(s, DX, X, run_backward);
        check_partial(s, DX, DY, run_backward);
        if (kind != ACT_MAXOUT)
            check_partial(s, DX, Y, run_backward);
        clear_scene(s);
    }
}

/* The header: "It may be exactly dy, x or y (not for maxout)", and the same of y and x. */
static void maxout_is_never_in_place(void **unused) {
    (void)unused;
    act_activation *a = NULL;
    assert_ok(act_maxout_create(&a, 4, 4, 2, ACT_FLOAT32, 0, 1));
    float x[4] = {1, 2, 3, 4}, y[4], dy[4] = {1, 1, 1, 1};
    act_tensor in = make_tensor(x, ACT_FLOAT32, DIMS(4), NULL), out = make_tensor(y, ACT_FLOAT32, DIMS(4), NULL);
    act_tensor in_dy = make_tensor(dy, ACT_FLOAT32, DIMS(4), NULL);
    act_state *state = make_state();
    assert_refused(act_forward(a, &in, &in, NULL), ACT_ERR_OVERLAP, "y shares memory with x");
    assert_ok(act_forward(a, &in, &out, state));
    assert_refused(act_backward(a, &in, &out, state, &in_dy, &in), ACT_ERR_OVERLAP, "dx shares memory with x");
    assert_refused(act_backward(a, &in, &out, state, &in_dy, &in_dy), ACT_ERR_OVERLAP, "dx shares memory with dy");
    assert_refused(act_backward(a, &in, &out, state, &in_dy, &out), ACT_ERR_OVERLAP, "dx shares memory with y");
    act_activation_destroy(a);
    act_state_destroy(state);
}

enum { GIVE_X = 1, GIVE_Y = 2, GIVE_STATE = 4 };

static void backward_without_what_it_needs(void **unused) {
    (void)unused;
    static const struct {
        const char *spec;
        int given;
        const char *says;
    } cases[] = {{"relu", 0, "relu needs"},
                 {"leaky_relu", 0, "leaky_relu needs"},
                 {"leaky_relu(slope=-0.5)", GIVE_Y, "slope -0.5"},
                 {"leaky_relu(slope=-0.5)", 0, "leaky_relu needs"},
                 {"elu", 0, "elu needs"},
                 {"elu", GIVE_STATE, "elu needs"},
                 {"elu(alpha=-1)", GIVE_Y, "alpha -1"},
                 {"elu(alpha=0)", GIVE_Y | GIVE_STATE, "alpha 0"},
                 {"threshold(value=1)", GIVE_Y, "theta 0 and value 1"},
                 {"hard_tanh(lo=1)", GIVE_Y, "lo 1 and hi 1"},
                 {"abs", GIVE_Y | GIVE_STATE, "abs cannot take its gradient from y: give x"},
                 {"square", 0, "square needs one of: x"},
                 {"sigmoid", GIVE_STATE, "sigmoid needs"},
                 {"tanh", 0, "tanh needs"},
                 {"softsign", 0, "softsign needs"},
                 {"prelu", GIVE_STATE, "prelu needs x or y"},
                 {"prelu(initial=0)", GIVE_Y, "prelu"},
                 {"prelu(initial=-1)", GIVE_Y, "prelu"},
                 {"prelu(initial=-1)", 0, "prelu needs x"},
                 {"rrelu", 0, "rrelu needs x"},
                 {"rrelu", GIVE_STATE, "rrelu needs x"},
                 {"rrelu(lower=-0.5)", GIVE_Y | GIVE_STATE, "slope of -0.5"},
                 {"rrelu(lower=-0.75)", GIVE_Y, "cannot take its gradient from y"},
                 {"maxout", GIVE_X | GIVE_Y, "state is NULL"},
                 {"maxout", GIVE_STATE | GIVE_Y, "x is NULL"},
                 {"maxout", 0, "maxout needs x and the state"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const int maxout = strcmp(cases[i].spec, "maxout") == 0, given = cases[i].given;
        scene *s = set_scene(maxout ? make_any(ACT_MAXOUT) : make_spec(cases[i].spec));
        assert_refused(act_backward(s->a, given & GIVE_X ? &s->tensor[X] : NULL,
                                    given & GIVE_Y ? &s->tensor[Y] : NULL, given & GIVE_STATE ? s->state : NULL,
                                    &s->tensor[DY], &s->tensor[DX]),
                       ACT_ERR_MISSING, cases[i].says);
        check_untouched(s);
        clear_scene(s);
    }
}

static void slopes_that_do_not_broadcast(void **unused) {
    (void)unused;
    static const struct {
        int32_t ndim;
        int64_t shape[3];
        int axis; /* 99: from the right */
        const char *says;
    } cases[] = {{1, {2}, 99, "2 in dimension 0, which does not broadcast to 4"},
                 {1, {8}, 99, "8 in dimension 0, which does not broadcast to 4"},
                 {2, {4, 1}, 99, "4 in dimension 0, which does not broadcast to 2"},
                 {3, {3, 2, 4}, 99, "3 in dimension 0, which does not broadcast to 1"},
                 {1, {4}, 0, "dimension 0 is 2, but there are 4"},
                 {1, {2}, 1, "dimension 1 is 4, but there are 2"},
                 {1, {2}, -1, "dimension 1 is 4, but there are 2"},
                 {1, {1}, 0, "dimension 0 is 2, but there are 1"},
                 {1, {2}, 2, "axis 2"},
                 {1, {2}, -3, "axis -3"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        scene *s = set_scene(make_kind(ACT_PRELU));
        act_activation *a = NULL;
        if (cases[i].axis == 99)
            assert_ok(act_prelu_create(&a, ACT_FLOAT32, cases[i].ndim, cases[i].shape, 0.25));
        else
            assert_ok(act_prelu_create_channels(&a, ACT_FLOAT32, cases[i].shape[0], cases[i].axis, 0.25));
        assert_refused(act_forward(a, &s->tensor[X], &s->tensor[Y], NULL), ACT_ERR_SHAPE, cases[i].says);
        assert_non_null(strstr(act_last_error(), "x: "));
        assert_refused(act_backward(a, &s->tensor[X], NULL, NULL, &s->tensor[DY], &s->tensor[DX]), ACT_ERR_SHAPE,
                       cases[i].says);
        check_untouched(s);
        act_activation_destroy(a);
        clear_scene(s);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forward_judges_its_tensors),
        cmocka_unit_test(backward_judges_its_tensors),
        cmocka_unit_test(maxout_backward_judges_y_too),
        cmocka_unit_test(null_tensors),
        cmocka_unit_test(partial_overlap),
        cmocka_unit_test(maxout_is_never_in_place),
        cmocka_unit_test(backward_without_what_it_needs),
        cmocka_unit_test(slopes_that_do_not_broadcast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
