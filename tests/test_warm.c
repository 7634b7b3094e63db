/*
 * Once warm, forward and backward ask nobody for memory: neither the host's allocator nor, where no sanitizer has
 * taken its place, malloc() itself, which this program counts for the whole process, OpenBLAS included.
 */
#include "support.h"

#include <stdatomic.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define SANITIZED
#endif

static _Atomic int64_t mallocs;

#ifndef SANITIZED
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
    mallocs++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    mallocs++;
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
    mallocs++;
    return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    mallocs++;
    return __libc_memalign(alignment, size);
}
#endif

enum { ROWS = 24, COLUMNS = 20, UNITS = 12, ROOM = 4 * ROWS * COLUMNS };
enum { X, Y, DY, DX, ARGUMENTS };

static _Alignas(64) double room[ARGUMENTS][ROOM];

/* How the rows and columns of every tensor lie. */
typedef enum layout { DENSE, GAPS, TRANSPOSED, REVERSED, LAYOUTS } layout;

typedef struct call {
    act_activation *a;
    act_state *state;
    int64_t shape[ARGUMENTS][2], strides[ARGUMENTS][2];
    act_tensor tensor[ARGUMENTS];
} call;

static void lay_out(call *c, act_dtype dtype, layout how) {
    for (int i = 0; i < ARGUMENTS; i++) {
        const act_kind kind = act_activation_get_kind(c->a);
        const int64_t out = kind == ACT_MAXOUT ? UNITS : kind == ACT_CRELU ? 2 * COLUMNS : COLUMNS;
        const int64_t columns = i == Y || i == DY ? out : COLUMNS;
        const int64_t size = dtype == ACT_FLOAT32 ? 4 : 8;
        c->shape[i][0] = ROWS;
        c->shape[i][1] = columns;
        c->strides[i][0] = how == TRANSPOSED ? 1 : how == GAPS ? 2 * columns : columns;
        c->strides[i][1] = how == TRANSPOSED ? ROWS : how == GAPS ? 2 : how == REVERSED ? -1 : 1;
        const int64_t first = how == REVERSED ? columns - 1 : 0;
        c->tensor[i] = make_tensor((char *)room[i] + first * size, dtype, 2, c->shape[i], c->strides[i]);
    }
}

static void run_once(call *c, int with_state) {
    const int maxout = act_activation_get_kind(c->a) == ACT_MAXOUT;
    assert_ok(act_forward(c->a, &c->tensor[X], &c->tensor[Y], with_state ? c->state : NULL));
    if (with_state || !maxout)
        assert_ok(
            act_backward(c->a, &c->tensor[X], NULL, with_state ? c->state : NULL, &c->tensor[DY], &c->tensor[DX]));
}

static void check_warm(act_activation *a, act_dtype dtype) {
    test_allocator memory = {0};
    use_allocator(&memory);
    call c = {.a = a, .state = make_state()};
    for (int with_state = 0; with_state < 2; with_state++) {
        for (layout how = DENSE; how < LAYOUTS; how++) {
            lay_out(&c, dtype, how);
            run_once(&c, with_state); /* warms up */
            const int64_t before = memory.calls, mallocs_before = mallocs;
            for (int i = 0; i < 3; i++)
                run_once(&c, with_state);
            if (memory.calls != before || mallocs != mallocs_before)
                fail_msg("%s, %s, layout %d: %d allocations, %d mallocs", act_kind_name(act_activation_get_kind(a)),
                         with_state ? "state" : "no state", (int)how, (int)(memory.calls - before),
                         (int)(mallocs - mallocs_before));
        }
    }
    act_state_destroy(c.state);
    act_activation_destroy(a);
    use_allocator(NULL);
    assert_int_equal(memory.live, 0);
}

static void fill_room(void) {
    uint64_t seed = 6;
    for (int i = 0; i < ARGUMENTS; i++)
        for (int j = 0; j < ROOM; j++)
            room[i][j] = (double)random_between(&seed, -1000, 1000) / 256;
}

static void every_kind_of_float64(void **unused) {
    (void)unused;
    fill_room();
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        act_activation *a = NULL;
        if (kind == ACT_MAXOUT)
            assert_ok(act_maxout_create(&a, COLUMNS, UNITS, 3, ACT_FLOAT64, 0, 1));
        else if (kind == ACT_PRELU)
            assert_ok(act_prelu_create_channels(&a, ACT_FLOAT64, COLUMNS, 1, 0.25));
        else
            a = make_kind(kind);
        check_warm(a, ACT_FLOAT64);
    }
}

/* The bytes of doubles, read as floats, hold NaN too: the states of relu and leaky_relu keep both records. */
static void every_kind_of_float32(void **unused) {
    (void)unused;
    fill_room();
    memset(room[X], 0xff, 64);
    for (act_kind kind = 0; kind < act_kind_count(); kind++) {
        act_activation *a = NULL;
        if (kind == ACT_MAXOUT)
            assert_ok(act_maxout_create(&a, COLUMNS, UNITS, 3, ACT_FLOAT32, ACT_MAXOUT_NO_BIAS, 1));
        else
            a = make_kind(kind);
        check_warm(a, ACT_FLOAT32);
    }
}

static void smaller_calls_are_warm_too(void **unused) {
    (void)unused;
    fill_room();
    test_allocator memory = {0};
    use_allocator(&memory);
    act_activation *a = make_kind(ACT_RELU);
    act_state *s = make_state();
    int64_t n = 100;
    act_tensor x = make_tensor(room[X], ACT_FLOAT64, 1, &n, NULL), y = make_tensor(room[Y], ACT_FLOAT64, 1, &n, NULL);
    assert_ok(act_forward(a, &x, &y, s));
    const int64_t before = memory.calls;
    for (; n >= 0; n--)
        assert_ok(act_forward(a, &x, &y, s));
    assert_int_equal(memory.calls, before);
    act_activation_destroy(a);
    act_state_destroy(s);
    use_allocator(NULL);
}

/* Also the counting of malloc() works, where there is any. */
static void mallocs_are_counted(void **unused) {
    (void)unused;
#ifdef SANITIZED
    print_message("malloc() is the sanitizer's: not counted\n");
    skip();
#else
    const int64_t before = mallocs;
    free(act_version_string()[0] ? malloc(16) : NULL);
    if (mallocs == before) {
        print_message("malloc() is somebody else's: not counted\n"); /* valgrind's */
        skip();
    }
#endif
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mallocs_are_counted),
        cmocka_unit_test(every_kind_of_float64),
        cmocka_unit_test(every_kind_of_float32),
        cmocka_unit_test(smaller_calls_are_warm_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
