/*
 * The exhaustive sweep: every elementwise kind's float32 value and derivative over all 2^32 inputs, against the
 * float64 kernel, of which a random share is compared with MPFR on the way; then float64 against MPFR. Prints a table
 * of worst inputs, and writes it into docs/numerics.md. Called by ./dev sweep; see usage() below.
 */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "accuracy/checkpoint.h"
#include "accuracy/error.h"
#include "accuracy/range.h"
#include "accuracy/table.h"
#include "support.h"

enum { CHUNK = 1 << 24, MOST_THREADS = 64, POINTS64 = 2000 };

static struct {
    const char *directory, *document;
    int threads;
} options = {"build/sweep", NULL, 1};

static void usage(void) {
    puts("usage: act_sweep [--directory DIR] [--write DOCUMENT] [--threads N] [FUNCTION...]\n"
         "FUNCTION: a name, or one with parameters such as \"elu(alpha=0.5)\"; all with default parameters unless "
         "said.\n"
         "Rows of functions with default parameters go into the table of DOCUMENT.");
}

/* One function in one direction, as the threads share it. */
static struct {
    const subject *s;
    int derivative, next, doubtful;
    checkpoint progress;
    struct timespec start;
    pthread_mutex_t lock;
} work = {.lock = PTHREAD_MUTEX_INITIALIZER};

static float float_of(uint32_t bits) {
    float f;
    memcpy(&f, &bits, sizeof f);
    return f;
}

static double seconds_since_start(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - work.start.tv_sec) + 1e-9 * (double)(now.tv_nsec - work.start.tv_nsec);
}

static void show_progress(void) {
    const worst_case *worst = &work.progress.worst;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K%-14s %-10s %3d %%  %.4f ulp at %.9g, %.0f s", work.s->name,
                work.derivative ? "derivative" : "value", 100 * work.progress.chunks_done / CHUNKS, worst->error,
                (double)float_of(worst->x), seconds_since_start());
}

/* The next chunk that is not done, or -1. */
static int take_chunk(void) {
    pthread_mutex_lock(&work.lock);
    while (work.next < CHUNKS && work.progress.done[work.next])
        work.next++;
    const int chunk = work.next < CHUNKS ? work.next++ : -1;
    pthread_mutex_unlock(&work.lock);
    return chunk;
}

static void *run_chunks(void *unused) {
    (void)unused;
    for (int chunk = take_chunk(); chunk >= 0; chunk = take_chunk()) {
        int doubtful = 0;
        const worst_case worst = range_worst(work.s, work.derivative, (uint32_t)chunk * CHUNK, CHUNK, &doubtful);
        pthread_mutex_lock(&work.lock);
        work.doubtful += doubtful;
        if (!doubtful) /* else it is done again the next time */
            checkpoint_add(&work.progress, chunk, worst);
        show_progress();
        pthread_mutex_unlock(&work.lock);
    }
    mpfr_free_cache();
    return NULL;
}

static void run_threads(void) {
    pthread_t threads[MOST_THREADS];
    int started = 0;
    while (started < options.threads - 1 && pthread_create(&threads[started], NULL, run_chunks, NULL) == 0)
        started++;
    run_chunks(NULL);
    while (started > 0)
        pthread_join(threads[--started], NULL);
}

/* Of the objects that hold the kind's kernels: other code may change without a new sweep. */
static uint64_t key_of(const subject *s) {
    uint64_t key = 0;
    for (int bits = 32; bits <= 64; bits += 32) {
        char path[1024];
        snprintf(path, sizeof path, "%s/act_kernels_%s_f%d.dir/src/act/%s.c.o", ACT_OBJECTS, act__isa_in_use()->name,
                 bits, s->name);
        key = checkpoint_key(key, path);
        if (key == 0) {
            fprintf(stderr, "%s cannot be read\n", path);
            exit(1);
        }
    }
    return key;
}

/* The worst of float32 in one direction. */
static worst_case sweep_floats(const subject *s, const char *spec, int derivative) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s-%s", options.directory, spec, derivative ? "derivative" : "value");
    if (!checkpoint_open(&work.progress, path, key_of(s))) {
        fprintf(stderr, "%s cannot be written\n", path);
        exit(1);
    }
    work.s = s;
    work.derivative = derivative;
    work.next = work.doubtful = 0;
    clock_gettime(CLOCK_MONOTONIC, &work.start);
    run_threads();
    checkpoint_close(&work.progress);
    if (work.doubtful)
        printf("%s: in %d of the places compared with MPFR the float64 %s is too far off to judge float32 by\n", spec,
               work.doubtful, derivative ? "derivative" : "value");
    return work.progress.worst;
}

static void measure_doubles(const subject *s, table_row *row) {
    static points at;
    static double result[POINTS_CAPACITY];
    points_make(&at, s, ACT__REAL64, POINTS64);
    for (int derivative = 0; derivative <= 1; derivative++) {
        subject_run64(s, derivative, ACT__REAL64, at.x, result, (int64_t)at.count);
        for (size_t i = 0; i < at.count; i++) {
            if (isnan(at.x[i]))
                continue;
            const int what = derivative ? ORACLE_DERIVATIVE : ORACLE_VALUE;
            const double error = accuracy_error(&at, s, what, at.x[i], result[i]);
            if (error <= row->error[1][derivative])
                continue;
            row->error[1][derivative] = error;
            row->at[1][derivative] = at.x[i];
        }
    }
}

static table_row sweep(const subject *s, const char *spec) {
    table_row row = {.name = s->name};
    for (int derivative = 0; derivative <= 1; derivative++) {
        const worst_case worst = sweep_floats(s, spec, derivative);
        row.error[0][derivative] = worst.error;
        row.at[0][derivative] = (double)float_of(worst.x);
    }
    measure_doubles(s, &row);
    return row;
}

/* One function; returns whether its errors keep the contract. */
static int run(const char *spec) {
    act_activation *a = NULL;
    if (act_activation_create_from_spec(&a, spec) != ACT_OK) {
        fprintf(stderr, "%s\n", act_last_error());
        return 0;
    }
    subject s;
    if (!subject_is_elementwise(act_activation_get_kind(a))) {
        fprintf(stderr, "%s is not elementwise\n", spec);
        act_activation_destroy(a);
        return 0;
    }
    subject_of(&s, a);
    const table_row row = sweep(&s, spec);
    char line[512];
    table_format(line, sizeof line, &row);
    printf("%s%s", isatty(STDERR_FILENO) ? "\r\033[K" : "", line);
    fflush(stdout);
    const int is_default = strchr(spec, '(') == NULL;
    if (options.document && is_default && !table_write(options.document, &row, 1))
        fprintf(stderr, "%s has no table between markers\n", options.document);
    subject_free(&s);
    return fmax(row.error[0][0], row.error[1][0]) <= 1 && fmax(row.error[0][1], row.error[1][1]) <= 2;
}

static int run_all(void) {
    int good = 1;
    for (act_kind kind = 0; kind < act_kind_count(); kind++)
        if (subject_is_elementwise(kind))
            good &= run(act_kind_name(kind));
    return good;
}

/* Reads options; returns the index of the first function. */
static int read_options(int argc, char **argv) {
    options.threads = (int)sysconf(_SC_NPROCESSORS_ONLN);
    int i = 1;
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--directory") == 0)
            options.directory = argv[i + 1];
        else if (strcmp(argv[i], "--write") == 0)
            options.document = argv[i + 1];
        else if (strcmp(argv[i], "--threads") == 0)
            options.threads = atoi(argv[i + 1]);
        else
            break;
    }
    options.threads = options.threads > MOST_THREADS ? MOST_THREADS : options.threads;
    return i;
}

int main(int argc, char **argv) {
    int i = read_options(argc, argv), good = 1;
    if (i < argc && strncmp(argv[i], "--", 2) == 0) {
        usage();
        return strcmp(argv[i], "--help") == 0 ? 0 : 2;
    }
    puts("| kind | float32 y | float32 f' | float64 y | float64 f' |\n|---|---|---|---|---|");
    if (i == argc)
        return run_all() ? 0 : 1;
    for (; i < argc; i++)
        good &= run(argv[i]);
    return good ? 0 : 1;
}
