/*
 * What tests share: tensors in a line, statuses with the message that goes with them, canaries, an allocator that
 * counts and fails on demand, and random numbers. Stands in for the headers that cmocka wants before its own.
 */
#ifndef ACT_TESTS_SUPPORT_H
#define ACT_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "activations/activations.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* Rank and extents of a tensor, or rank and strides, as two arguments; they live as long as the block around them. */
#define DIMS(...) \
    (int32_t) COUNT_OF(((const int64_t[]){__VA_ARGS__})), (const int64_t[]) { __VA_ARGS__ }
#define STRIDES(...) ((const int64_t[]){__VA_ARGS__})

/* Statuses. A refusal must carry its own message, hence the error of another call before it. */
static inline void check_status(act_status got, act_status wanted, const char *text, const char *file, int line) {
    if (got == wanted)
        return;
    print_error("%s\n  gives %s (%s), expected %s\n", text, act_status_name(got), act_last_error(),
                act_status_name(wanted));
    _fail(file, line);
}

static inline void forget_error(void) {
    act_kind unused;
    (void)!act_kind_from_name(&unused, "(no error yet)");
}

static inline void check_message(const char *part, const char *text, const char *file, int line) {
    if (strstr(act_last_error(), part))
        return;
    print_error("%s\n  says \"%s\", expected \"%s\" in it\n", text, act_last_error(), part);
    _fail(file, line);
}

#define assert_status(call, status) check_status((call), (status), #call, __FILE__, __LINE__)
#define assert_ok(call)             assert_status(call, ACT_OK)
#define assert_refused(call, status, part)                         \
    do {                                                           \
        forget_error();                                            \
        check_status((call), (status), #call, __FILE__, __LINE__); \
        check_message((part), #call, __FILE__, __LINE__);          \
    } while (0)

/* Canaries: memory that a refused call must leave alone. */
enum { CANARY = 0xa5 };

static inline void set_canary(void *memory, size_t bytes) { memset(memory, CANARY, bytes); }

static inline int canary_is_alive(const void *memory, size_t bytes) {
    const unsigned char *byte = memory;
    for (size_t i = 0; i < bytes; i++)
        if (byte[i] != CANARY)
            return 0;
    return 1;
}

#define assert_canary(memory, bytes) assert_true(canary_is_alive(memory, bytes))

/* Objects. Each fails the test where it cannot be made. */
static inline act_tensor make_tensor(const void *data, act_dtype dtype, int32_t ndim, const int64_t *shape,
                                     const int64_t *strides) {
    act_tensor tensor;
    assert_ok(act_tensor_init(&tensor, (void *)(uintptr_t)data, dtype, ndim, shape, strides));
    return tensor;
}

static inline act_activation *make_kind(act_kind kind) {
    act_activation *a = NULL;
    assert_ok(act_activation_create(&a, kind));
    return a;
}

static inline act_activation *make_spec(const char *spec) {
    act_activation *a = NULL;
    assert_ok(act_activation_create_from_spec(&a, spec));
    return a;
}

/* An activation of any kind: maxout has no default size, and gets 4 inputs, 3 outputs and 2 pieces of float32. */
static inline act_activation *make_any(act_kind kind) {
    act_activation *a = NULL;
    if (kind != ACT_MAXOUT)
        return make_kind(kind);
    assert_ok(act_maxout_create(&a, 4, 3, 2, ACT_FLOAT32, 0, 1));
    return a;
}

/* Whether y has the shape of x. */
static inline int shaped_like_x(act_kind kind) { return kind != ACT_MAXOUT && kind != ACT_CRELU; }

static inline act_state *make_state(void) {
    act_state *state = NULL;
    assert_ok(act_state_create(&state));
    return state;
}

/* Random numbers: splitmix64. */
static inline uint64_t random_bits(uint64_t *seed) {
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* From low to high, both included. */
static inline int64_t random_between(uint64_t *seed, int64_t low, int64_t high) {
    return low + (int64_t)(random_bits(seed) % (uint64_t)(high - low + 1));
}

/* An allocator for act_set_allocator(), whose opaque pointer is the struct. */
enum { TEST_BLOCKS = 512 };
typedef struct test_allocator {
    int64_t calls;      /* so far, those that failed among them */
    int64_t live;       /* blocks not given back */
    int64_t fail_first; /* the first call to fail, with 0 the first of all */
    int64_t fail_count; /* how many fail from there on; 0 none */
    int64_t failed;     /* how many have */
    int64_t strange;    /* calls that broke the contract: odd alignments, blocks of another allocator */
    void *block[TEST_BLOCKS];
} test_allocator;

static inline void *test_allocate(void *opaque, size_t size, size_t alignment) {
    test_allocator *t = opaque;
    const int64_t call = t->calls++;
    t->strange += alignment == 0 || alignment > 64 || (alignment & (alignment - 1)) != 0 || size == 0;
    if (call >= t->fail_first && call - t->fail_first < t->fail_count) {
        t->failed++;
        return NULL;
    }
    int slot = 0;
    while (slot < TEST_BLOCKS && t->block[slot])
        slot++;
    const size_t rounded = (size + alignment - 1) / alignment * alignment;
    void *block = slot < TEST_BLOCKS ? aligned_alloc(alignment, rounded) : NULL;
    if (!block)
        return NULL;
    memset(block, CANARY, size);
    t->block[slot] = block;
    t->live++;
    return block;
}

static inline void test_release(void *opaque, void *block, size_t size, size_t alignment) {
    test_allocator *t = opaque;
    int slot = 0;
    assert_true(size > 0 && alignment == 64);
    while (slot < TEST_BLOCKS && t->block[slot] != block)
        slot++;
    if (slot == TEST_BLOCKS || !block) {
        t->strange++;
        return;
    }
    t->block[slot] = NULL;
    t->live--;
    free(block);
}

static inline void use_allocator(test_allocator *t) {
    assert_ok(t ? act_set_allocator(test_allocate, test_release, t) : act_set_allocator(NULL, NULL, NULL));
}

#endif
