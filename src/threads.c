/*
 * A small pool of pthreads: started at the first call that is split, all signals blocked, asleep on a condition soon
 * after a call, forgotten in a forked child, which starts its own when it needs one. Only one call at a time uses it;
 * a call that finds it busy, or is itself inside a task, runs on its own thread. Workers take over the caller's
 * floating-point environment for the time of a call, and keep off its processor. Called by run.c, reductions and the
 * families.
 */
#include "threads.h"

#include "least.h"
#include "status.h"

#include <fenv.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { MAX_THREADS = 256 };

/* For each thread, so that one that wakes late leaves little undone. */
enum { PIECES = 4 };

/* As long as it takes to wake a thread, up to 50 us in a virtual machine, one that waits looks for itself: it never
 * costs more than twice what the better of watching and sleeping would. */
enum { WATCH_NS = 50000 };

typedef struct job {
    void (*task)(void *context, int64_t index);
    void *context;
    fenv_t environment;
    _Atomic uint64_t left; /* the tasks that nobody has taken yet: see span() */
} job;

static struct {
    pthread_mutex_t busy; /* held by the call that uses the pool */
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t wake, done;
    job *current;
    _Atomic uint64_t generation; /* counts jobs, so that a worker takes each once */
    int32_t workers, wanted;
    _Atomic int32_t running;
    int32_t settled, avoided; /* workers that keep off a processor, and which */
    pthread_t thread[MAX_THREADS];
} pool = {.busy = PTHREAD_MUTEX_INITIALIZER,
          .lock = PTHREAD_MUTEX_INITIALIZER,
          .wake = PTHREAD_COND_INITIALIZER,
          .done = PTHREAD_COND_INITIALIZER};

static struct {
    act_parallel_for run;
    void *opaque;
} host;

static _Atomic int32_t thread_count; /* 0: not asked yet */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int32_t allowed_threads(void) {
    cpu_set_t set;
    /* It fails where the machine has more processors than the set holds. */
    const long n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : (int32_t)n;
}

static int32_t resolve(long n) { return n <= 0 ? allowed_threads() : n > MAX_THREADS ? MAX_THREADS : (int32_t)n; }

/* fork copies this thread only: the child has no workers, and locks that no other thread can give back. */
static void before_fork(void) { pthread_mutex_lock(&pool.lock); }
static void after_fork_in_parent(void) { pthread_mutex_unlock(&pool.lock); }
static void after_fork_in_child(void) {
    pthread_mutex_init(&pool.busy, NULL);
    pthread_mutex_init(&pool.lock, NULL);
    pthread_cond_init(&pool.wake, NULL);
    pthread_cond_init(&pool.done, NULL);
    pool.current = NULL;
    pool.workers = pool.wanted = pool.settled = 0;
    pool.running = 0;
}

static void initialise(void) {
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
    const char *text = getenv("ACT_NUM_THREADS");
    char *end;
    const long n = text ? strtol(text, &end, 10) : 1;
    int32_t unset = 0;
    const int32_t value = text && (end == text || *end || n < 0) ? 1 : resolve(n);
    atomic_compare_exchange_strong(&thread_count, &unset, value);
}

act_status act_set_num_threads(int32_t n) {
    ACT_CHECK(n >= 0, ACT_ERR_INVALID_ARGUMENT, "n is %d, expected 0 (all that may be used) or more", n);
    atomic_store(&thread_count, resolve(n));
    return ACT_OK;
}

int32_t act_get_num_threads(void) {
    const int32_t n = atomic_load_explicit(&thread_count, memory_order_relaxed);
    if (n)
        return n;
    pthread_once(&once, initialise);
    return atomic_load(&thread_count);
}

act_status act_set_parallel_for(act_parallel_for parallel_for, void *opaque) {
    host.run = parallel_for;
    host.opaque = opaque;
    return ACT_OK;
}

int64_t act__threads_for(int64_t count, int64_t grain) {
    if (count < 2 * grain)
        return 1;
    return act__least(count / grain, act_get_num_threads());
}

int64_t act__tasks_for(int64_t count, int64_t grain) {
    const int64_t threads = act__threads_for(count, grain);
    return threads == 1 ? 1 : threads * PIECES;
}

/* Tasks from first to before end, in one word. */
static uint64_t span(uint32_t first, uint32_t end) { return (uint64_t)end << 32 | first; }

/* The caller takes the first task left, a worker the last, so that each finds its part of the same data in its cache
 * call after call. -1 where none is left. */
static int64_t take(job *j, int last) {
    uint64_t left = atomic_load_explicit(&j->left, memory_order_relaxed);
    for (;;) {
        const uint32_t first = (uint32_t)left, end = (uint32_t)(left >> 32);
        if (first == end)
            return -1;
        const uint64_t rest = last ? span(first, end - 1) : span(first + 1, end);
        if (atomic_compare_exchange_weak_explicit(&j->left, &left, rest, memory_order_relaxed, memory_order_relaxed))
            return last ? end - 1 : first;
    }
}

static void work_on(job *j, int last) {
    for (int64_t index; (index = take(j, last)) >= 0;)
        j->task(j->context, index);
}

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Gives way to every thread that wants this processor, OpenBLAS's and the host's; false when it is time to sleep. */
static bool watching(int64_t since) {
    sched_yield();
    return now_ns() - since < WATCH_NS;
}

static void watch_for_job(uint64_t seen) {
    for (const int64_t since = now_ns(); atomic_load(&pool.generation) == seen && watching(since);)
        ;
}

static void watch_for_end(void) {
    for (const int64_t since = now_ns(); atomic_load(&pool.running) && watching(since);)
        ;
}

static void *worker(void *argument) {
    (void)argument;
    uint64_t seen = 0;
    pthread_mutex_lock(&pool.lock);
    for (;;) {
        while (pool.generation == seen || pool.wanted == 0)
            pthread_cond_wait(&pool.wake, &pool.lock);
        seen = pool.generation;
        pool.wanted--;
        job *j = pool.current;
        pthread_mutex_unlock(&pool.lock);
        fesetenv(&j->environment);
        work_on(j, 1);
        pthread_mutex_lock(&pool.lock);
        if (--pool.running == 0)
            pthread_cond_signal(&pool.done);
        pthread_mutex_unlock(&pool.lock);
        watch_for_job(seen);
        pthread_mutex_lock(&pool.lock);
    }
    return NULL;
}

/* Starts workers until there are n; fewer where the system gives no more. Under the lock. */
static void start_workers(int32_t n) {
    sigset_t all, before;
    pthread_attr_t attributes;
    if (pool.workers >= n || pthread_attr_init(&attributes) != 0)
        return;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pool.workers < n && pthread_create(&pool.thread[pool.workers], &attributes, worker, NULL) == 0)
        pool.workers++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
}

/* Linux likes to wake a thread where its waker runs, and there it would only take turns with it: on two processors,
 * most calls were no faster for a second thread. Under the lock. */
static void keep_workers_off(int processor) {
    cpu_set_t allowed;
    if (pool.settled == pool.workers && pool.avoided == processor)
        return;
    pool.settled = pool.workers;
    pool.avoided = processor;
    if (processor < 0 || sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return;
    CPU_CLR((size_t)processor, &allowed);
    for (int32_t i = 0; i < pool.workers && CPU_COUNT(&allowed); i++)
        pthread_setaffinity_np(pool.thread[i], sizeof allowed, &allowed);
}

static void run_on_pool(job *j, int32_t helpers) {
    pthread_mutex_lock(&pool.lock);
    start_workers(helpers);
    keep_workers_off(sched_getcpu());
    helpers = helpers < pool.workers ? helpers : pool.workers;
    pool.current = j;
    pool.generation++;
    pool.wanted = helpers;
    pool.running = helpers;
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.lock);
    work_on(j, 0);
    pthread_mutex_lock(&pool.lock);
    pool.running -= pool.wanted; /* those who have not begun need not */
    pool.wanted = 0;
    pthread_mutex_unlock(&pool.lock);
    watch_for_end();
    pthread_mutex_lock(&pool.lock);
    while (pool.running)
        pthread_cond_wait(&pool.done, &pool.lock);
    pool.current = NULL;
    pthread_mutex_unlock(&pool.lock);
}

act_status act__parallel(int64_t count, void (*task)(void *context, int64_t index), void *context) {
    if (host.run) {
        const int32_t failed = host.run(host.opaque, task, context, count);
        ACT_CHECK(!failed, ACT_ERR_PARALLEL, "the host's parallel_for returned %d, expected 0", failed);
        return ACT_OK;
    }
    job j = {.task = task, .context = context, .left = span(0, (uint32_t)count)};
    const int32_t threads = act_get_num_threads();
    pthread_once(&once, initialise);
    if (threads > 1 && count > 1 && pthread_mutex_trylock(&pool.busy) == 0) {
        fegetenv(&j.environment);
        run_on_pool(&j, (int32_t)act__least(count, threads) - 1);
        pthread_mutex_unlock(&pool.busy);
    } else {
        work_on(&j, 0);
    }
    return ACT_OK;
}
