/* Once warm, forward and backward allocate nothing: this program stands before the C library's allocator and counts.
 */
#include "exercise.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static _Atomic long allocations;
static uintptr_t blas_begin, blas_end;

#define COUNT() count_call((uintptr_t)__builtin_return_address(0))
static void count_call(uintptr_t caller) { allocations += caller < blas_begin || caller >= blas_end; }

static int find_blas(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size, (void)unused;
    if (!strstr(object->dlpi_name, "libopenblas"))
        return 0;
    blas_begin = object->dlpi_addr;
    for (int i = 0; i < object->dlpi_phnum; i++)
        if (object->dlpi_phdr[i].p_type == PT_LOAD)
            blas_end = object->dlpi_addr + object->dlpi_phdr[i].p_vaddr + object->dlpi_phdr[i].p_memsz;
    return 1;
}

#pragma GCC visibility push(default) /* to be found by other libraries */

void *malloc(size_t size) {
    COUNT();
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    COUNT();
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
    COUNT();
    return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    COUNT();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    COUNT();
    *block = __libc_memalign(alignment, size);
    return *block ? 0 : ENOMEM;
}
#pragma GCC visibility pop

enum { N = 1 << 18, ROWS = 32, IN = 40, OUT = 24, ROUNDS = 20 };

static float x[N], y[N], dy[N], dx[N];
static int failed;

/* Runs forward and backward, first to get warm and then to be counted. */
static void run(const char *what, act_activation *a, const act_tensor *tx, act_tensor *ty, const act_tensor *tdy,
                act_tensor *tdx) {
    act_state *state = NULL;
    long before = 0;
    REQUIRE(act_state_create(&state) == ACT_OK);
    for (int round = -3; round < ROUNDS; round++) {
        if (round == 0)
            before = allocations;
        REQUIRE(act_forward(a, tx, ty, state) == ACT_OK);
        REQUIRE(act_forward(a, tx, ty, NULL) == ACT_OK);
        REQUIRE(act_backward(a, tx, ty, state, tdy, tdx) == ACT_OK);
    }
    const long counted = allocations - before;
    if (counted) {
        fprintf(stderr, "%s: %ld allocations in %d rounds\n", what, counted, ROUNDS);
        failed = 1;
    }
    act_state_destroy(state);
}

int main(int argc, char **argv) {
    REQUIRE(argc == 2);
    const long at_start = allocations;
    void *volatile block = malloc(1); /* or the compiler does without */
    free(block);
    REQUIRE(allocations == at_start + 1);
    api_open(argv[1], RTLD_NOW);
    REQUIRE(dl_iterate_phdr(find_blas, NULL) == 1 && blas_begin < blas_end);
    act_activation *probe = NULL;
    const long before = allocations;
    REQUIRE(act_activation_create(&probe, ACT_ELU) == ACT_OK);
    REQUIRE(allocations > before); /* the library's allocations do pass here */
    act_activation_destroy(probe);

    for (int i = 0; i < N; i++) {
        x[i] = (float)(i % 13 - 6);
        dy[i] = 1;
    }
    const int64_t flat[] = {N}, shape[] = {N / 64, 64}, transposed[] = {1, N / 64}, small[] = {16};
    const int64_t in[] = {ROWS, IN}, out[] = {ROWS, OUT};
    for (int32_t threads = 1; threads <= 2; threads++) {
        REQUIRE(act_set_num_threads(threads) == ACT_OK);
        for (act_kind kind = 0; kind < act_kind_count(); kind++) {
            act_activation *a = NULL;
            act_tensor tx, ty, tdy, tdx;
            if (kind == ACT_MAXOUT || kind == ACT_CRELU)
                continue; /* below; as relu */
            for (int layout = 0; layout < 3; layout++) {
                const int32_t ndim = layout == 1 ? 2 : 1;
                const int64_t *extents = layout == 0 ? flat : layout == 1 ? shape : small;
                REQUIRE(act_activation_create(&a, kind) == ACT_OK);
                REQUIRE(act_tensor_init(&tx, x, ACT_FLOAT32, ndim, extents, layout == 1 ? transposed : NULL) ==
                        ACT_OK);
                REQUIRE(act_tensor_init(&ty, y, ACT_FLOAT32, ndim, extents, NULL) == ACT_OK);
                REQUIRE(act_tensor_init(&tdy, dy, ACT_FLOAT32, ndim, extents, NULL) == ACT_OK);
                REQUIRE(act_tensor_init(&tdx, dx, ACT_FLOAT32, ndim, extents, layout == 1 ? transposed : NULL) ==
                        ACT_OK);
                run(act_kind_name(kind), a, &tx, &ty, &tdy, &tdx);
                act_activation_destroy(a);
            }
        }
        act_activation *channels = NULL, *maxout = NULL;
        act_tensor tx, ty, tdy, tdx;
        REQUIRE(act_prelu_create_channels(&channels, ACT_FLOAT32, 64, -1, 0.25) == ACT_OK);
        REQUIRE(act_tensor_init(&tx, x, ACT_FLOAT32, 2, shape, NULL) == ACT_OK);
        REQUIRE(act_tensor_init(&ty, y, ACT_FLOAT32, 2, shape, NULL) == ACT_OK);
        REQUIRE(act_tensor_init(&tdy, dy, ACT_FLOAT32, 2, shape, NULL) == ACT_OK);
        REQUIRE(act_tensor_init(&tdx, dx, ACT_FLOAT32, 2, shape, NULL) == ACT_OK);
        run("prelu with channels", channels, &tx, &ty, &tdy, &tdx);
        act_activation_destroy(channels);
        REQUIRE(act_maxout_create(&maxout, IN, OUT, 3, ACT_FLOAT32, 0, 1) == ACT_OK);
        REQUIRE(act_tensor_init(&tx, x, ACT_FLOAT32, 2, in, NULL) == ACT_OK);
        REQUIRE(act_tensor_init(&ty, y, ACT_FLOAT32, 2, out, NULL) == ACT_OK);
        REQUIRE(act_tensor_init(&tdy, dy, ACT_FLOAT32, 2, out, NULL) == ACT_OK);
        REQUIRE(act_tensor_init(&tdx, dx, ACT_FLOAT32, 2, in, NULL) == ACT_OK);
        run("maxout", maxout, &tx, &ty, &tdy, &tdx);
        act_activation_destroy(maxout);
    }
    return failed;
}
