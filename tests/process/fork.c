/*
 * A process may fork at any time: child and grandchild use the library at once, after the parent used threads, and
 * while another thread is in the middle of a call.
 */
#include "exercise.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LARGE = 1 << 18, FORKS = 60 };

static _Atomic int stop;

/* A Maxout that is large enough for OpenBLAS to take several threads, on whole numbers. */
static void large_maxout(void) {
    enum { IN = 128, OUT = 128, ROWS = 256 };
    static _Thread_local float x[ROWS * IN], y[ROWS * OUT];
    const int64_t in[] = {ROWS, IN}, out[] = {ROWS, OUT};
    act_activation *a = NULL;
    act_tensor w, tx, ty;
    REQUIRE(act_maxout_create(&a, IN, OUT, 2, ACT_FLOAT32, 0, 1) == ACT_OK);
    REQUIRE(act_activation_parameter(a, 0, &w) == ACT_OK);
    for (int i = 0; i < 2 * OUT * IN; i++)
        ((float *)w.data)[i] = (float)(i < OUT * IN ? 1 : -1);
    for (int i = 0; i < ROWS * IN; i++)
        x[i] = (float)(i / IN % 3 - 1);
    REQUIRE(act_tensor_init(&tx, x, ACT_FLOAT32, 2, in, NULL) == ACT_OK);
    REQUIRE(act_tensor_init(&ty, y, ACT_FLOAT32, 2, out, NULL) == ACT_OK);
    REQUIRE(act_forward(a, &tx, &ty, NULL) == ACT_OK);
    for (int i = 0; i < ROWS * OUT; i++)
        REQUIRE(y[i] == (float)(i / OUT % 3 == 1 ? 0 : IN));
    act_activation_destroy(a);
}

/* Keeps the workers coming and going. */
static void split_calls(void) {
    enum { N = 70000 };
    static _Thread_local float x[N], y[N];
    act_activation *a = NULL;
    REQUIRE(act_activation_create(&a, ACT_RELU) == ACT_OK);
    for (int i = 0; i < N; i++)
        x[i] = (float)(i % 3 - 1);
    for (int round = 0; round < 100; round++)
        REQUIRE(act_forward_1d(a, ACT_FLOAT32, x, y, N) == ACT_OK);
    for (int i = 0; i < N; i++)
        REQUIRE(y[i] == (float)(i % 3 == 2));
    act_activation_destroy(a);
}

static void *keep_calling(void *what) {
    void (*call)(void);
    *(void **)&call = what;
    while (!atomic_load(&stop))
        call();
    return NULL;
}

static void live(void) {
    REQUIRE(sign_of_life(LARGE) == 0);
    large_maxout();
}

/* Lives `depth` generations below this process. Returns whether all did well. */
static int descend(int depth) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        alarm(15);
        live();
        _Exit(depth > 1 && !descend(depth - 1) ? 2 : 0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    if (WIFSIGNALED(status))
        fprintf(stderr, "a child was killed by signal %d (%s)\n", WTERMSIG(status), strsignal(WTERMSIG(status)));
    return status == 0;
}

int main(int argc, char **argv) {
    REQUIRE(argc == 3);
    alarm(90); /* fork itself may hang in handlers */
    api_open(argv[1], RTLD_NOW | RTLD_GLOBAL);
    int (*parallel)(void);
    *(void **)&parallel = dlsym(RTLD_DEFAULT, "openblas_get_parallel");
    REQUIRE(parallel != NULL && parallel() == atoi(argv[2])); /* the build of OpenBLAS that was asked for */

    if (!descend(2)) { /* nothing was used before */
        fprintf(stderr, "fork before the first call\n");
        return 1;
    }
    REQUIRE(act_set_num_threads(2) == ACT_OK);
    live();
    if (!descend(2)) {
        fprintf(stderr, "fork after use\n");
        return 1;
    }
    live();
    pthread_t threads[2];
    void (*const calls[2])(void) = {split_calls, large_maxout};
    for (int i = 0; i < 2; i++)
        REQUIRE(pthread_create(&threads[i], NULL, keep_calling, *(void *const *)&calls[i]) == 0);
    for (int i = 0; i < FORKS; i++) {
        usleep(500 * (useconds_t)(i % 7));
        if (!descend(1 + i % 2)) {
            fprintf(stderr, "fork number %d while other threads call\n", i);
            return 1;
        }
    }
    atomic_store(&stop, 1);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    live();
    return 0;
}
