/*
 * Threads: their number, the host's pool in place of ours, one activation used by many at once, and calls
 * from inside tasks. Clean under the thread sanitizer.
 */
#include "threads.h"

#include <cblas.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "views.h"

enum { LARGE = 300007, USERS = 8 };

static void number_of_threads(void **state) {
    (void)state;
    assert_ok(act_set_num_threads(3));
    assert_int_equal(act_get_num_threads(), 3);
    assert_refused(act_set_num_threads(-1), ACT_ERR_INVALID_ARGUMENT, "-1");
    assert_int_equal(act_get_num_threads(), 3);
    assert_ok(act_set_num_threads(0));
    assert_in_range(act_get_num_threads(), 1, sysconf(_SC_NPROCESSORS_ONLN));
    assert_ok(act_set_num_threads(INT32_MAX));
    assert_true(act_get_num_threads() >= 1);
    assert_ok(act_set_num_threads(1));
}

static void small_work_is_not_split(void **state) {
    (void)state;
    assert_ok(act_set_num_threads(4));
    assert_int_equal(act__threads_for(0, 100), 1);
    assert_int_equal(act__threads_for(199, 100), 1);
    assert_int_equal(act__threads_for(200, 100), 2);
    assert_int_equal(act__threads_for(399, 100), 3);
    assert_int_equal(act__threads_for(INT64_MAX, 100), 4);
    assert_ok(act_set_num_threads(1));
}

/* What a fresh process finds: this program, started again. */
static int threads_in_child(const char *setting) {
    char program[256], command[400];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    assert_true(length > 0);
    program[length] = 0;
    snprintf(command, sizeof command, "env -u ACT_NUM_THREADS %s '%s' print", setting, program);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    int number = -1;
    assert_int_equal(fscanf(pipe, "%d", &number), 1);
    assert_int_equal(pclose(pipe), 0);
    return number;
}

static void environment_variable(void **state) {
    (void)state;
    assert_int_equal(threads_in_child(""), 1);
    assert_int_equal(threads_in_child("ACT_NUM_THREADS=3"), 3);
    assert_int_equal(threads_in_child("ACT_NUM_THREADS=1"), 1);
    assert_int_equal(threads_in_child("ACT_NUM_THREADS="), 1);
    assert_int_equal(threads_in_child("ACT_NUM_THREADS=many"), 1);
    assert_int_equal(threads_in_child("ACT_NUM_THREADS=2x"), 1);
    assert_int_equal(threads_in_child("ACT_NUM_THREADS=-4"), 1);
    assert_in_range(threads_in_child("ACT_NUM_THREADS=0"), 1, sysconf(_SC_NPROCESSORS_ONLN));
    assert_in_range(threads_in_child("ACT_NUM_THREADS=99999999999999999999"), 1, 100000);
}

typedef struct tally {
    _Atomic int calls[64];
} tally;

static void count_call(void *context, int64_t index) { atomic_fetch_add(&((tally *)context)->calls[index], 1); }

static void every_index_runs_once(void) {
    for (int64_t n = 1; n <= 64; n++) {
        tally c = {0};
        assert_ok(act__parallel(n, count_call, &c));
        for (int64_t i = 0; i < 64; i++)
            assert_int_equal(c.calls[i], i < n);
    }
}

static void own_pool_runs_each_task_once(void **state) {
    (void)state;
    for (int32_t threads = 1; threads <= 5; threads++) {
        assert_ok(act_set_num_threads(threads));
        for (int repeat = 0; repeat < 30; repeat++)
            every_index_runs_once();
    }
    assert_ok(act_set_num_threads(1));
}

typedef struct sighting {
    pthread_t caller;
    int processor; /* of the caller */
    _Atomic int workers, crowding;
} sighting;

static void look_around(void *context, int64_t index) {
    (void)index;
    sighting *s = context;
    cpu_set_t allowed;
    if (pthread_equal(pthread_self(), s->caller)) {
        usleep(300); /* leaves something for the others */
        return;
    }
    assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    atomic_fetch_add(&s->workers, 1);
    if (CPU_ISSET((size_t)s->processor, &allowed))
        atomic_fetch_add(&s->crowding, 1);
}

/* Now and then the caller is moved between the look and the call. */
static void workers_keep_off_the_callers_processor(void **state) {
    (void)state;
    cpu_set_t allowed;
    assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    if (CPU_COUNT(&allowed) < 2)
        skip();
    sighting s = {.caller = pthread_self()};
    assert_ok(act_set_num_threads(2));
    for (int i = 0; i < 40; i++) {
        s.processor = sched_getcpu();
        assert_ok(act__parallel(8, look_around, &s));
    }
    assert_ok(act_set_num_threads(1));
    assert_true(s.workers > 0);
    assert_true(s.crowding <= s.workers / 2);
}

static double processor_seconds(void) {
    struct timespec t;
    assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t), 0);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* OpenBLAS's threads spin for a while after they start: not in every try. */
static void workers_soon_sleep(void **state) {
    (void)state;
    double least = 1;
    assert_ok(act_set_num_threads(5));
    for (int i = 0; i < 5 && least > 0.01; i++) {
        tally c = {0};
        assert_ok(act__parallel(64, count_call, &c));
        const double before = processor_seconds();
        usleep(200000);
        const double used = processor_seconds() - before;
        least = used < least ? used : least;
    }
    assert_true(least <= 0.01);
    assert_ok(act_set_num_threads(1));
}

/* A layer's data: one of each kind that has something of its own to share. */
typedef struct work {
    act_activation *a;
    int64_t count, shape[2], out_shape[2];
    float *x, *dy, *y, *dx; /* of one thread */
    uint64_t step;
    int learns;
} work;

static const char *const specs[] = {"relu",    "leaky_relu",    "elu",   "tanh",
                                    "sigmoid", "rrelu(seed=4)", "prelu", "maxout"};

static void work_make(work *w, const char *spec) {
    const int maxout = strcmp(spec, "maxout") == 0;
    rng r = rng_for(50, 0);
    *w = (work){.shape = {LARGE / 7, 7}, .out_shape = {LARGE / 7, maxout ? 8 : 7}};
    w->count = w->out_shape[0] * w->out_shape[1];
    w->learns = maxout || strcmp(spec, "prelu") == 0;
    if (maxout)
        assert_ok(act_maxout_create(&w->a, 7, 8, 3, ACT_FLOAT32, 0, 1));
    else
        w->a = make_spec(spec);
    act_tensor weight;
    if (maxout) { /* integers: the same bits whatever BLAS does */
        assert_ok(act_activation_parameter(w->a, 0, &weight));
        for (int i = 0; i < 3 * 8 * 7; i++)
            ((float *)weight.data)[i] = (float)(rng_below(&r, 9) - 4);
    }
    float **const all[] = {&w->x, &w->dy, &w->y, &w->dx};
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        *all[i] = test_elements(ACT_FLOAT32, w->count);
        for (int64_t j = 0; j < w->count; j++)
            (*all[i])[j] = maxout ? (float)(rng_below(&r, 9) - 4) : (float)rng_between(&r, -5, 5);
    }
}

static void work_free(work *w) {
    act_activation_destroy(w->a);
    free(w->x);
    free(w->dy);
    free(w->y);
    free(w->dx);
}

/* Forward, and backward where it may run beside others, into memory of the caller's own. */
static void work_run(const work *w, float *y, float *dx, int with_state) {
    act_tensor tx = make_tensor(w->x, ACT_FLOAT32, 2, w->shape, NULL),
               tdx = make_tensor(dx, ACT_FLOAT32, 2, w->shape, NULL);
    act_tensor ty = make_tensor(y, ACT_FLOAT32, 2, w->out_shape, NULL);
    const act_tensor tdy = make_tensor(w->dy, ACT_FLOAT32, 2, w->out_shape, NULL);
    act_state *state = with_state ? make_state() : NULL;
    assert_ok(act_forward(w->a, &tx, &ty, state));
    if (!w->learns)
        assert_ok(act_backward(w->a, &tx, NULL, state, &tdy, &tdx));
    act_state_destroy(state);
}

typedef struct user {
    const work *work;
    float *y, *dx;
    int with_state, rounds;
} user;

static void *use(void *context) {
    const user *u = context;
    for (int round = 0; round < u->rounds; round++)
        work_run(u->work, u->y, u->dx, u->with_state);
    return NULL;
}

static void users_at_once(work *w, int with_state) {
    pthread_t thread[USERS];
    user users[USERS];
    assert_ok(act_set_num_threads(1));
    work_run(w, w->y, w->dx, with_state);
    assert_ok(act_set_num_threads(3));
    for (int i = 0; i < USERS; i++) {
        users[i] =
            (user){w, test_elements(ACT_FLOAT32, w->count), test_elements(ACT_FLOAT32, w->count), with_state, 3};
        assert_int_equal(pthread_create(&thread[i], NULL, use, &users[i]), 0);
    }
    for (int i = 0; i < USERS; i++) {
        pthread_join(thread[i], NULL);
        check_same(users[i].y, w->y, ACT_FLOAT32, w->count, "y beside others");
        if (!w->learns)
            check_same(users[i].dx, w->dx, ACT_FLOAT32, w->shape[0] * w->shape[1], "dx beside others");
        free(users[i].y);
        free(users[i].dx);
    }
    assert_ok(act_set_num_threads(1));
}

static void one_activation_many_users(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(specs); i++) {
        work w;
        work_make(&w, specs[i]);
        for (int with_state = 0; with_state < 2; with_state++) {
            test_case_is("%s %s", specs[i], with_state ? "with states" : "without states");
            users_at_once(&w, with_state);
        }
        work_free(&w);
    }
}

/* The gradient of prelu's slope among what must not depend on the number of threads. */
static float slope_gradient(work *w) {
    act_tensor tx = make_tensor(w->x, ACT_FLOAT32, 2, w->shape, NULL),
               tdy = make_tensor(w->dy, ACT_FLOAT32, 2, w->shape, NULL);
    act_tensor gradient;
    assert_ok(act_activation_zero_gradients(w->a));
    assert_ok(act_backward(w->a, &tx, NULL, NULL, &tdy, NULL));
    assert_ok(act_activation_gradient(w->a, 0, &gradient));
    return *(const float *)gradient.data;
}

static void same_bits_for_any_number(void **state) {
    (void)state;
    static const int32_t numbers[] = {2, 3, 7};
    for (size_t i = 0; i < COUNT_OF(specs); i++) {
        work w;
        work_make(&w, specs[i]);
        const int prelu = act_activation_get_kind(w.a) == ACT_PRELU;
        float *y = test_elements(ACT_FLOAT32, w.count), *dx = test_elements(ACT_FLOAT32, w.count);
        work_run(&w, w.y, w.dx, 1);
        const float gradient = prelu ? slope_gradient(&w) : 0;
        for (size_t n = 0; n < COUNT_OF(numbers); n++) {
            test_case_is("%s, %d threads", specs[i], numbers[n]);
            assert_ok(act_set_num_threads(numbers[n]));
            work_run(&w, y, dx, 1);
            check_same(y, w.y, ACT_FLOAT32, w.count, "y");
            if (!w.learns)
                check_same(dx, w.dx, ACT_FLOAT32, w.count, "dx");
            assert_true(!prelu || slope_gradient(&w) == gradient);
        }
        assert_ok(act_set_num_threads(1));
        free(y);
        free(dx);
        work_free(&w);
    }
}

/* A host's pool of two threads and the caller; it remembers how often it was asked. */
typedef struct host {
    void (*task)(void *context, int64_t index);
    void *context;
    int64_t count;
    _Atomic int64_t next;
    int calls;
    int32_t answer;
} host;

static void *host_thread(void *context) {
    host *h = context;
    for (int64_t i; (i = atomic_fetch_add(&h->next, 1)) < h->count;)
        h->task(h->context, i);
    return NULL;
}

static int32_t host_parallel_for(void *opaque, void (*task)(void *context, int64_t index), void *context,
                                 int64_t count) {
    host *h = opaque;
    pthread_t thread[2];
    h->calls++;
    if (h->answer)
        return h->answer;
    h->task = task;
    h->context = context;
    h->count = count;
    atomic_store(&h->next, 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, host_thread, h), 0);
    host_thread(h);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return 0;
}

static void the_host_s_pool(void **state) {
    (void)state;
    work w;
    host h = {0};
    work_make(&w, "elu");
    float *y = test_elements(ACT_FLOAT32, w.count), *dx = test_elements(ACT_FLOAT32, w.count);
    work_run(&w, w.y, w.dx, 0);
    assert_ok(act_set_num_threads(3));
    assert_ok(act_set_parallel_for(host_parallel_for, &h));
    every_index_runs_once();
    h.calls = 0;
    work_run(&w, y, dx, 0);
    assert_int_equal(h.calls, 2);
    check_same(y, w.y, ACT_FLOAT32, w.count, "y of the host's pool");
    check_same(dx, w.dx, ACT_FLOAT32, w.count, "dx of the host's pool");
    h.answer = 5;
    act_tensor tx = make_tensor(w.x, ACT_FLOAT32, 2, w.shape, NULL),
               ty = make_tensor(y, ACT_FLOAT32, 2, w.shape, NULL);
    assert_refused(act_forward(w.a, &tx, &ty, NULL), ACT_ERR_PARALLEL, "5");
    assert_ok(act_set_parallel_for(NULL, NULL));
    assert_ok(act_forward(w.a, &tx, &ty, NULL));
    assert_int_equal(h.calls, 3);
    assert_ok(act_set_num_threads(1));
    free(y);
    free(dx);
    work_free(&w);
}

/* A host that runs everything in the calling thread, and calls the library again from inside each task. */
typedef struct nesting {
    const work *inner;
    float *y, *dx;
    int depth, calls;
} nesting;

static int32_t nested_parallel_for(void *opaque, void (*task)(void *context, int64_t index), void *context,
                                   int64_t count) {
    nesting *n = opaque;
    for (int64_t i = 0; i < count; i++) {
        task(context, i);
        if (n->depth++ == 0) {
            work_run(n->inner, n->y, n->dx, 1);
            n->calls++;
        }
        n->depth--;
    }
    return 0;
}

static void calls_from_inside_tasks(void **state) {
    (void)state;
    work outer, inner;
    work_make(&outer, "tanh");
    work_make(&inner, "relu");
    float *y = test_elements(ACT_FLOAT32, outer.count), *dx = test_elements(ACT_FLOAT32, outer.count);
    nesting n = {&inner, test_elements(ACT_FLOAT32, inner.count), test_elements(ACT_FLOAT32, inner.count), 0, 0};
    work_run(&outer, outer.y, outer.dx, 0);
    work_run(&inner, inner.y, inner.dx, 1);
    assert_ok(act_set_num_threads(3));
    assert_ok(act_set_parallel_for(nested_parallel_for, &n));
    work_run(&outer, y, dx, 0);
    assert_ok(act_set_parallel_for(NULL, NULL));
    assert_ok(act_set_num_threads(1));
    assert_true(n.calls >= 2);
    check_same(y, outer.y, ACT_FLOAT32, outer.count, "outer y");
    check_same(n.y, inner.y, ACT_FLOAT32, inner.count, "inner y");
    check_same(n.dx, inner.dx, ACT_FLOAT32, inner.count, "inner dx");
    free(y);
    free(dx);
    free(n.y);
    free(n.dx);
    work_free(&outer);
    work_free(&inner);
}

/* Our own pool, used from inside one of its tasks. */
typedef struct inside {
    const work *work;
    float *y[4], *dx[4];
} inside;

static void run_inside(void *context, int64_t index) {
    const inside *n = context;
    work_run(n->work, n->y[index], n->dx[index], 1);
}

static void calls_from_inside_our_own_tasks(void **state) {
    (void)state;
    work w;
    inside n = {.work = &w};
    work_make(&w, "leaky_relu");
    work_run(&w, w.y, w.dx, 1);
    for (int i = 0; i < 4; i++) {
        n.y[i] = test_elements(ACT_FLOAT32, w.count);
        n.dx[i] = test_elements(ACT_FLOAT32, w.count);
    }
    assert_ok(act_set_num_threads(3));
    assert_ok(act__parallel(4, run_inside, &n));
    assert_ok(act_set_num_threads(1));
    for (int i = 0; i < 4; i++) {
        check_same(n.y[i], w.y, ACT_FLOAT32, w.count, "y inside a task");
        check_same(n.dx[i], w.dx, ACT_FLOAT32, w.count, "dx inside a task");
        free(n.y[i]);
        free(n.dx[i]);
    }
    work_free(&w);
}

int main(int argc, char **argv) {
    (void)argv;
    if (argc > 1)
        return printf("%d\n", act_get_num_threads()) < 0;
#if defined(__SANITIZE_THREAD__)
    openblas_set_num_threads(1); /* it is not compiled for the sanitizer, which would misjudge its threads */
#endif
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number_of_threads),
        cmocka_unit_test(small_work_is_not_split),
        cmocka_unit_test(environment_variable),
        cmocka_unit_test(own_pool_runs_each_task_once),
        cmocka_unit_test(workers_keep_off_the_callers_processor),
        cmocka_unit_test(workers_soon_sleep),
        cmocka_unit_test(one_activation_many_users),
        cmocka_unit_test(same_bits_for_any_number),
        cmocka_unit_test(the_host_s_pool),
        cmocka_unit_test(calls_from_inside_tasks),
        cmocka_unit_test(calls_from_inside_our_own_tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
