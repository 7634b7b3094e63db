/*
 * One value, one set of bits: forward and backward of every elementwise kind and of RReLU over random views, threads,
 * instruction sets, in place or not, against the same kind over contiguous copies in chunks of random length. What
 * lies around and between the elements stays. What the values are is test_accuracy's matter; PReLU and Maxout have
 * files of their own.
 */
#include "views.h"

/* Every elementwise kind, and more parameters where they decide what is read or written. */
static const char *const specs[] = {
#define ACT_SPECIAL(...)
#define ACT_ELEMENTWISE(name, ...) #name,
#include "kinds.def"
    "leaky_relu(slope=0)",
    "leaky_relu(slope=1.5)",
    "leaky_relu(slope=-0.3)",
    "rrelu",
    "rrelu(lower=0,upper=0.5,seed=3)",
    "rrelu(lower=-0.25,upper=0.75,seed=9)",
    "elu(alpha=0.3)",
    "elu(alpha=-1.2)",
    "elu(alpha=0)",
    "elu(alpha=1e30)",
    "affine(a=0,b=3)",
    "relu_general(slope=0.1,max=6,theta=-1)",
    "threshold(theta=1,value=2)",
    "threshold(theta=1,value=-2)",
    "hard_tanh(lo=-inf,hi=0.5)",
    "hard_tanh(lo=1,hi=1)",
    "hard_sigmoid(a=0.2,b=0.5)",
    "hard_sigmoid(a=0,b=0.5)",
    "hard_swish(a=-0.3,b=0.25)",
    "shrink(lambda=0.5,bias=0.25)",
};

/* One case: what is run, over what, and what must come out. */
typedef struct run {
    rng r;
    const char *spec;
    act_dtype dtype;
    int64_t shape[VIEW_RANK], count;
    int32_t rank;
    int training; /* rrelu: forward with a state */
    uint64_t offset, step;
    act_activation *a, *other; /* the one under test; that of the reference, of another instruction set */
    const act__isa *isa, *other_isa;
    int32_t threads;
    act_state *state;
    void *x, *y, *dy, *dx; /* contiguous; y and dx of the reference */
    void *got;
} run;

static void use(const act__isa *isa, int32_t threads) {
    act__isa_force(isa);
    assert_ok(act_set_num_threads(threads));
}

enum { FROM_X, FROM_Y, FROM_STATE };

static act_tensor chunk(run *t, void *data, int64_t at, const int64_t *n) {
    return make_tensor((char *)data + (size_t)at * real_size(t->dtype), t->dtype, 1, n, NULL);
}

/* The plain reference: contiguous pieces of random length, one thread. */
static void reference(run *t, int from) {
    act_state *state = t->training ? make_state() : NULL;
    use(t->other_isa, 1);
    for (int64_t at = 0, n; at < t->count; at += n) {
        n = 1 + rng_below(&t->r, 70);
        n = n < t->count - at ? n : t->count - at;
        act_tensor x = chunk(t, t->x, at, &n), y = chunk(t, t->y, at, &n);
        act_tensor dy = chunk(t, t->dy, at, &n), dx = chunk(t, t->dx, at, &n);
        if (state) {
            assert_ok(act_state_set_step(state, t->step));
            assert_ok(act_state_set_offset(state, t->offset + (uint64_t)at));
        }
        assert_ok(act_forward(t->other, &x, &y, state));
        assert_ok(act_backward(t->other, from == FROM_Y ? NULL : &x, from == FROM_Y ? &y : NULL, state, &dy, &dx));
    }
    act_state_destroy(state);
}

static void forward(run *t) {
    view x, y;
    const int in_place = rng_once_in(&t->r, 3);
    view_make(&x, &t->r, t->dtype, t->rank, t->shape, VIEW_OUTPUT);
    view_make(&y, &t->r, t->dtype, t->rank, t->shape, VIEW_OUTPUT);
    view_put(&x, t->x);
    view_remember(&x);
    view_remember(&y);
    view *out = in_place ? &x : &y;
    use(t->isa, t->threads);
    assert_ok(act_forward(t->a, &x.tensor, &out->tensor, t->state));
    view_get(out, t->got);
    check_same(t->got, t->y, t->dtype, t->count, in_place ? "y in place" : "y");
    view_check_gaps(out, "y");
    view_check_unchanged(in_place ? &y : &x, in_place ? "memory next to it" : "x");
    view_free(&x);
    view_free(&y);
}

static void backward(run *t, int from) {
    view source, dy, dx;
    const int64_t alias = rng_below(&t->r, 4);
    view_make(&source, &t->r, t->dtype, t->rank, t->shape, VIEW_OUTPUT);
    view_make(&dy, &t->r, t->dtype, t->rank, t->shape, VIEW_OUTPUT);
    view_make(&dx, &t->r, t->dtype, t->rank, t->shape, VIEW_OUTPUT);
    view_put(&source, from == FROM_Y ? t->y : t->x);
    view_put(&dy, t->dy);
    view *const views[] = {&source, &dy, &dx}, *out = alias == 0                         ? &dy
                                                      : alias == 1 && from != FROM_STATE ? &source
                                                                                         : &dx;
    for (int i = 0; i < 3; i++)
        view_remember(views[i]);
    use(t->isa, t->threads);
    assert_ok(act_backward(t->a, from == FROM_X ? &source.tensor : NULL, from == FROM_Y ? &source.tensor : NULL,
                           from == FROM_STATE || t->training ? t->state : NULL, &dy.tensor, &out->tensor));
    view_get(out, t->got);
    check_same(t->got, t->dx, t->dtype, t->count,
               from == FROM_X   ? "dx from x"
               : from == FROM_Y ? "dx from y"
                                : "dx from the state");
    for (int i = 0; i < 3; i++) {
        if (views[i] == out)
            view_check_gaps(views[i], "dx");
        else
            view_check_unchanged(views[i], "an input");
        view_free(views[i]);
    }
}

/* x and dy that broadcast cannot be written: they come as they are. */
static void broadcast(run *t) {
    view x, dy, y, dx;
    view_make(&x, &t->r, t->dtype, t->rank, t->shape, VIEW_INPUT);
    view_make(&dy, &t->r, t->dtype, t->rank, t->shape, VIEW_INPUT);
    view_make(&y, &t->r, t->dtype, t->rank, t->shape, VIEW_OUTPUT);
    view_make(&dx, &t->r, t->dtype, t->rank, t->shape, VIEW_OUTPUT);
    view *const views[] = {&x, &dy, &y, &dx};
    for (int i = 0; i < 4; i++)
        view_remember(views[i]);
    view_get(&x, t->x);
    view_get(&dy, t->dy);
    reference(t, FROM_X);
    use(t->isa, t->threads);
    if (t->training)
        assert_ok(act_state_set_step(t->state, t->step));
    assert_ok(act_forward(t->a, &x.tensor, &y.tensor, t->state));
    assert_ok(act_backward(t->a, &x.tensor, NULL, t->training ? t->state : NULL, &dy.tensor, &dx.tensor));
    view_get(&y, t->got);
    check_same(t->got, t->y, t->dtype, t->count, "y of broadcast x");
    view_get(&dx, t->got);
    check_same(t->got, t->dx, t->dtype, t->count, "dx of broadcast x and dy");
    for (int i = 0; i < 4; i++) {
        if (i < 2)
            view_check_unchanged(views[i], "an input");
        else
            view_check_gaps(views[i], "an output");
        view_free(views[i]);
    }
}

static int is_rrelu(const run *t) { return act_activation_get_kind(t->a) == ACT_RRELU; }

static int may_use_output(const run *t) {
    if (is_rrelu(t)) {
        double lower = 0, upper = 0;
        assert_ok(act_activation_get_param(&lower, t->a, "lower"));
        assert_ok(act_activation_get_param(&upper, t->a, "upper"));
        return t->training ? lower >= 0 : lower + upper >= 0;
    }
    return (act_backward_needs(t->a) & ACT_NEEDS_OUTPUT) != 0;
}

static void set_up(run *t) {
    t->dtype = rng_dtype(&t->r);
    t->isa = isa_number((int)rng_below(&t->r, isa_count()));
    t->other_isa = isa_number((int)rng_below(&t->r, isa_count()));
    t->threads = 1 + (int32_t)rng_below(&t->r, 4);
    t->count = 1;
    for (int32_t d = 0; d < t->rank; d++)
        t->count *= t->shape[d];
    act__isa_force(t->isa);
    t->a = make_spec(t->spec);
    act__isa_force(t->other_isa);
    t->other = make_spec(t->spec);
    t->training = is_rrelu(t) && rng_once_in(&t->r, 2);
    t->step = rng_next(&t->r) >> rng_below(&t->r, 64);
    t->offset = rng_next(&t->r) >> (1 + rng_below(&t->r, 63));
    if (t->training || (!is_rrelu(t) && rng_once_in(&t->r, 2))) {
        t->state = make_state();
        assert_ok(act_state_set_step(t->state, t->step));
        assert_ok(act_state_set_offset(t->state, t->offset));
    }
    void **const all[] = {&t->x, &t->y, &t->dy, &t->dx, &t->got};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        *all[i] = test_elements(t->dtype, t->count);
    fill_any(t->x, t->dtype, t->count, &t->r);
    fill_any(t->dy, t->dtype, t->count, &t->r);
}

static void tear_down(run *t) {
    void *const all[] = {t->x, t->y, t->dy, t->dx, t->got};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        free(all[i]);
    act_state_destroy(t->state);
    act_activation_destroy(t->a);
    act_activation_destroy(t->other);
    use(NULL, 1);
}

static void run_case(run *t, int64_t number) {
    set_up(t);
    test_case_is("%lld: %s float%d, rank %d, %lld elements, %s against %s, %d threads%s", (long long)number, t->spec,
                 t->dtype == ACT_FLOAT64 ? 64 : 32, t->rank, (long long)t->count, t->isa->name, t->other_isa->name,
                 t->threads,
                 t->training ? ", training"
                 : t->state  ? ", with a state"
                             : "");
    reference(t, FROM_X);
    forward(t);
    backward(t, FROM_X);
    if (t->state && (act_backward_needs(t->a) & ACT_NEEDS_STATE) && !t->training)
        backward(t, FROM_STATE);
    if (may_use_output(t)) {
        reference(t, FROM_Y);
        backward(t, FROM_Y);
    }
    broadcast(t);
    tear_down(t);
}

static void random_views(void **state) {
    (void)state;
    const int64_t cases = test_cases(12000);
    for (int64_t i = 0; i < cases; i++) {
        run t = {.r = rng_for(10, (uint64_t)i)};
        t.spec = specs[(size_t)i % COUNT_OF(specs)];
        t.rank = random_shape(&t.r, t.shape, i % 8 ? 300 : 3000);
        run_case(&t, i);
    }
}

/* Enough elements for several threads. */
static void large_views(void **state) {
    (void)state;
    static const int64_t shapes[][3] = {{1, 1, 70000}, {1, 3, 40000}, {300, 1, 300}, {2, 999, 66}, {40, 50, 60}};
    const int64_t cases = test_cases(70);
    for (int64_t i = 0; i < cases; i++) {
        run t = {.r = rng_for(11, (uint64_t)i), .rank = 3};
        t.spec = specs[(size_t)i % COUNT_OF(specs)];
        memcpy(t.shape, shapes[rng_below(&t.r, (int64_t)COUNT_OF(shapes))], sizeof shapes[0]);
        run_case(&t, i);
    }
}

/* More than any cache holds. */
static void huge_views(void **state) {
    (void)state;
    static const int64_t shapes[][3] = {{1, 1, (2 << 20) + 77}, {1, 1451, 1447}, {3, 700, 1001}};
    static const char *const few[] = {"relu", "leaky_relu(slope=0)", "rrelu", "elu", "tanh"};
    const int64_t cases = test_cases(4);
    for (int64_t i = 0; i < cases; i++) {
        run t = {.r = rng_for(12, (uint64_t)i), .rank = 3};
        t.spec = few[(size_t)i % COUNT_OF(few)];
        memcpy(t.shape, shapes[i % 3], sizeof shapes[0]);
        run_case(&t, i);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_views),
        cmocka_unit_test(large_views),
        cmocka_unit_test(huge_views),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
