/*
 * The only file that calls OpenBLAS. Its owner chooses the build after we are compiled: the serial one returns wrong
 * results to threads that call it at once, so that calls to it take turns under one lock. No build is forked in the
 * middle of a call, where a child would find its locks held. The OpenMP one would wait for ever on threads that a
 * fork did not copy, so that a forked child tells it to use one. Thread counts are the host's business and stay as
 * they are. Called by src/maxout.
 */
#include "blas.h"

#include <cblas.h>
#include <pthread.h>

enum { SERIAL = 0, PTHREAD = 1, OPENMP = 2 };

/* Of the OpenMP runtime that came with OpenBLAS, if any; both act on the calling thread's setting. */
extern int omp_get_max_threads(void) __attribute__((weak));
extern void omp_set_num_threads(int n) __attribute__((weak));

static pthread_rwlock_t turn = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int forked;

static void before_fork(void) { pthread_rwlock_wrlock(&turn); }
static void after_fork_in_parent(void) { pthread_rwlock_unlock(&turn); }
static void after_fork_in_child(void) {
    turn = (pthread_rwlock_t)PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
    forked = 1;
}
static void watch_forks(void) { pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child); }

/* Asked when a Maxout is made: from then on forks are watched, also when the host itself uses BLAS before we do. */
int64_t act__blas_max(void) {
    pthread_once(&once, watch_forks);
    return sizeof(blasint) == 4 ? INT32_MAX : INT64_MAX;
}

const char *act__blas_threading(void) {
    switch (openblas_get_parallel()) {
    case SERIAL:
        return "serial";
    case PTHREAD:
        return "pthread";
    default:
        return "openmp";
    }
}

static void multiply(act_dtype dtype, int64_t m, int64_t n, int64_t k, act__matrix a, act__matrix b, double beta,
                     act__matrix c) {
    const enum CBLAS_TRANSPOSE ta = a.transposed ? CblasTrans : CblasNoTrans,
                               tb = b.transposed ? CblasTrans : CblasNoTrans;
    const blasint M = (blasint)m, N = (blasint)n, K = (blasint)k;
    const blasint lda = (blasint)a.stride, ldb = (blasint)b.stride, ldc = (blasint)c.stride;
    if (dtype == ACT_FLOAT64)
        cblas_dgemm(CblasRowMajor, ta, tb, M, N, K, 1, a.data, lda, b.data, ldb, beta, c.data, ldc);
    else
        cblas_sgemm(CblasRowMajor, ta, tb, M, N, K, 1, a.data, lda, b.data, ldb, (float)beta, c.data, ldc);
}

void act__blas_multiply(act_dtype dtype, int64_t m, int64_t n, int64_t k, act__matrix a, act__matrix b, double beta,
                        act__matrix c) {
    const int kind = openblas_get_parallel();
    if (kind == SERIAL)
        pthread_rwlock_wrlock(&turn);
    else
        pthread_rwlock_rdlock(&turn);
    const int quiet = kind == OPENMP && forked && omp_get_max_threads && omp_set_num_threads;
    const int threads = quiet ? omp_get_max_threads() : 0;
    if (quiet)
        omp_set_num_threads(1);
    multiply(dtype, m, n, k, a, b, beta, c);
    if (quiet)
        omp_set_num_threads(threads);
    pthread_rwlock_unlock(&turn);
}
