/*
 * Maxout from eight threads at once, on whole numbers, so that every result is exact: each build of OpenBLAS must
 * give it. The serial build computes wrong products for concurrent callers, unless the library keeps them apart.
 * concurrent LIBRARY PARALLEL: 0, 1 or 2, what openblas_get_parallel() has to say of the build that was loaded.
 */
#include "exercise.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8, PIECES = 2, LARGEST = 112 };

/* Rows and inputs are `size`, units half of it. What goes wrong is the bookkeeping of work space, once a product:
 * many small products show it best, but some processors have kernels for small ones that need no work space. */
static int size;
#define ROWS size
#define IN   size
#define OUT  (size / 2)

static float weight[LARGEST * LARGEST], bias[LARGEST], x[LARGEST * LARGEST], y[LARGEST * LARGEST],
    dx[LARGEST * LARGEST];
static float dw[LARGEST * LARGEST];
static act_activation *shared;
static _Atomic int wrong;
static int rounds; /* of each thread */

/* What the layer gives, by the definition; dy = 1 + row % 2. */
static void reference(void) {
    memset(dx, 0, sizeof dx);
    memset(dw, 0, sizeof dw);
    for (int i = 0; i < PIECES * OUT * IN; i++)
        weight[i] = (float)(i * 7 % 9 - 4);
    for (int i = 0; i < PIECES * OUT; i++)
        bias[i] = (float)(i % 3);
    for (int i = 0; i < ROWS * IN; i++)
        x[i] = (float)(i * 5 % 11 - 5);
    for (int row = 0; row < ROWS; row++)
        for (int unit = 0; unit < OUT; unit++) {
            float best = 0;
            int winner = -1;
            for (int piece = 0; piece < PIECES; piece++) {
                const float *w = weight + (piece * OUT + unit) * IN;
                float z = bias[piece * OUT + unit];
                for (int i = 0; i < IN; i++)
                    z += w[i] * x[row * IN + i];
                if (winner < 0 || z > best) {
                    best = z;
                    winner = piece;
                }
            }
            y[row * OUT + unit] = best;
            const float dy = (float)(1 + row % 2);
            for (int i = 0; i < IN; i++) {
                dx[row * IN + i] += dy * weight[(winner * OUT + unit) * IN + i];
                dw[(winner * OUT + unit) * IN + i] += dy * x[row * IN + i];
            }
        }
}

static act_activation *make(void) {
    act_activation *a = NULL;
    act_tensor w, b;
    REQUIRE(act_maxout_create(&a, IN, OUT, PIECES, ACT_FLOAT32, 0, 1) == ACT_OK);
    REQUIRE(act_activation_parameter(a, 0, &w) == ACT_OK);
    REQUIRE(act_activation_parameter(a, 1, &b) == ACT_OK);
    for (int i = 0; i < PIECES * OUT * IN; i++)
        ((float *)w.data)[i] = weight[i];
    for (int i = 0; i < PIECES * OUT; i++)
        ((float *)b.data)[i] = bias[i];
    return a;
}

static int differences(const float *got, const float *expected, int n) {
    int count = 0;
    for (int i = 0; i < n; i++)
        count += got[i] != expected[i];
    return count;
}

static void *call(void *unused) {
    (void)unused;
    const int64_t in[] = {ROWS, IN}, out[] = {ROWS, OUT};
    float *my_y = calloc(LARGEST * LARGEST, sizeof *my_y), *dy = calloc(LARGEST * LARGEST, sizeof *dy);
    float *my_dx = calloc(LARGEST * LARGEST, sizeof *my_dx);
    act_activation *own = make();
    act_state *state = NULL;
    act_tensor tx, ty, tdy, tdx, tdw;
    REQUIRE(my_y && dy && my_dx && act_state_create(&state) == ACT_OK);
    REQUIRE(act_tensor_init(&tx, x, ACT_FLOAT32, 2, in, NULL) == ACT_OK);
    REQUIRE(act_tensor_init(&ty, my_y, ACT_FLOAT32, 2, out, NULL) == ACT_OK);
    REQUIRE(act_tensor_init(&tdy, dy, ACT_FLOAT32, 2, out, NULL) == ACT_OK);
    REQUIRE(act_tensor_init(&tdx, my_dx, ACT_FLOAT32, 2, in, NULL) == ACT_OK);
    REQUIRE(act_activation_gradient(own, 0, &tdw) == ACT_OK);
    for (int i = 0; i < ROWS * OUT; i++)
        dy[i] = (float)(1 + i / OUT % 2);
    for (int round = 0; round < rounds; round++) {
        REQUIRE(act_forward(shared, &tx, &ty, NULL) == ACT_OK);
        wrong += differences(my_y, y, ROWS * OUT);
        REQUIRE(act_forward(own, &tx, &ty, state) == ACT_OK);
        wrong += differences(my_y, y, ROWS * OUT);
        REQUIRE(act_activation_zero_gradients(own) == ACT_OK);
        REQUIRE(act_backward(own, &tx, NULL, state, &tdy, &tdx) == ACT_OK);
        wrong += differences(my_dx, dx, ROWS * IN);
        wrong += differences(tdw.data, dw, PIECES * OUT * IN);
    }
    act_state_destroy(state);
    act_activation_destroy(own);
    free(my_y), free(dy), free(my_dx);
    return NULL;
}

static void all_at_once(int of_size, int of_rounds, int library_threads) {
    pthread_t threads[THREADS];
    size = of_size;
    rounds = of_rounds;
    reference();
    shared = make();
    REQUIRE(act_set_num_threads(library_threads) == ACT_OK);
    for (int i = 0; i < THREADS; i++)
        REQUIRE(pthread_create(&threads[i], NULL, call, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    act_activation_destroy(shared);
}

int main(int argc, char **argv) {
    REQUIRE(argc == 3);
    api_open(argv[1], RTLD_NOW | RTLD_GLOBAL);
    int (*parallel)(void);
    *(void **)&parallel = dlsym(RTLD_DEFAULT, "openblas_get_parallel");
    REQUIRE(parallel != NULL && parallel() == atoi(argv[2]));
    const int many =
        parallel() == 0 ? 250 : 1; /* the threaded builds are slow where callers compete for their threads */
    all_at_once(72, 20 * many, 1);
    all_at_once(LARGEST, 4 * many, 1);
    all_at_once(LARGEST, 3, 2);
    if (wrong)
        fprintf(stderr, "%d wrong elements\n", wrong);
    return wrong != 0;
}
