/*
 * The floating-point environment belongs to the host: loading the library and calling it leaves the control bits of
 * MXCSR and x87 as they were, whatever they were; and it works where the host flushes subnormals or lets exceptions
 * trap.
 */
#include "exercise.h"

#include <dlfcn.h>
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <immintrin.h>
enum { FLUSH = 0x8040, MXCSR_STICKY = 0x3f }; /* FTZ and DAZ; the flags that any arithmetic raises */

static uint32_t control(void) {
    uint16_t x87;
    __asm__ volatile("fnstcw %0" : "=m"(x87));
    return (_mm_getcsr() & ~(uint32_t)MXCSR_STICKY) << 16 | x87;
}

static void flush_subnormals(int on) { _mm_setcsr((_mm_getcsr() & ~(uint32_t)FLUSH) | (on ? FLUSH : 0)); }
#elif defined(__aarch64__)
static uint32_t control(void) {
    uint64_t fpcr;
    __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
    return (uint32_t)fpcr;
}

static void flush_subnormals(int on) {
    const uint64_t fpcr = on ? 1u << 24 : 0;
    __asm__ volatile("msr fpcr, %0" : : "r"(fpcr));
}
#else
#define NOT_HERE
#endif

#ifdef NOT_HERE
int main(void) { return 77; }
#else

static uint32_t expected;

static void same_control(const char *call) {
    if (control() != expected) {
        fprintf(stderr, "%s changed the floating-point control word from %x to %x\n", call, expected, control());
        exit(1);
    }
}

/* Runs a part in a child, so that a trap kills the child only. Returns whether it went well. */
static int survives(const char *what, void (*part)(const void *), const void *argument) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        alarm(60);
        part(argument);
        _Exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    if (WIFSIGNALED(status))
        fprintf(stderr, "%s%s: killed by signal %d (%s)\n", what, argument ? (const char *)argument : "",
                WTERMSIG(status), strsignal(WTERMSIG(status)));
    return status == 0;
}

static void exercise_watched(const void *unused) {
    (void)unused;
    expected = control();
    exercise(same_control, 270001);
    REQUIRE(exercise_left_out() == 0);
}

static void exercise_flushing(const void *unused) {
    flush_subnormals(1);
    exercise_watched(unused);
}

static void exercise_trapping(const void *unused) {
    feenableexcept(FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW);
    exercise_watched(unused);
}

static void exercise_rounding_down(const void *unused) {
    (void)unused;
    fesetround(FE_DOWNWARD);
    expected = control();
    sign_of_life(1000); /* within tolerances */
    same_control("rounding mode");
}

enum { SPECIALS = 27 };

typedef struct special_run {
    float x[SPECIALS], y[SPECIALS], dy[SPECIALS], dx[SPECIALS];
    double x64[SPECIALS], y64[SPECIALS], dy64[SPECIALS], dx64[SPECIALS];
} special_run;

static void run_specials(act_activation *a, special_run *r) {
    REQUIRE(act_forward_1d(a, ACT_FLOAT32, r->x, r->y, SPECIALS) == ACT_OK);
    REQUIRE(act_backward_1d(a, ACT_FLOAT32, r->x, r->dy, r->dx, SPECIALS) == ACT_OK);
    if (act_activation_get_kind(a) == ACT_PRELU)
        return; /* whose slope is float32 */
    REQUIRE(act_forward_1d(a, ACT_FLOAT64, r->x64, r->y64, SPECIALS) == ACT_OK);
    REQUIRE(act_backward_1d(a, ACT_FLOAT64, r->x64, r->dy64, r->dx64, SPECIALS) == ACT_OK);
}

/* Whether the results themselves are no reason to trap: not NaN, nor infinite from a finite x. */
static int is_quiet(double x, double y, double dx) {
    return !isnan(y) && !isnan(dx) && (isinf(x) || (isfinite(y) && isfinite(dx)));
}

enum { TRAPS = FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW, MOST_PARAMS = 8 };

/* One element at a time, because sums of infinities may be invalid; twice, where the first result is no reason to
 * trap.
 */
static void parameter_terms(const act_activation *a, double *x) {
    const int64_t one = 1;
    double dy = 1;
    act_tensor tx, tdy;
    REQUIRE(act_tensor_init(&tx, x, ACT_FLOAT64, 1, &one, NULL) == ACT_OK);
    REQUIRE(act_tensor_init(&tdy, &dy, ACT_FLOAT64, 1, &one, NULL) == ACT_OK);
    for (int traps = 0; traps < 2; traps++) {
        double terms[MOST_PARAMS] = {0};
        const act_status status = act_parameter_gradients(terms, a, &tx, &tdy);
        REQUIRE(status == ACT_OK || status == ACT_ERR_UNSUPPORTED);
        for (int i = 0; i < MOST_PARAMS; i++)
            if (!isfinite(terms[i]))
                return;
        feclearexcept(FE_ALL_EXCEPT);
        feenableexcept(TRAPS);
    }
    fedisableexcept(TRAPS);
}

/* The gain, twice likewise. */
static void gains(const act_activation *a) {
    for (act_gain_direction direction = ACT_GAIN_FORWARD; direction <= ACT_GAIN_BACKWARD; direction++) {
        double gain;
        if (act_gain(a, direction, &gain) != ACT_OK)
            continue;
        feclearexcept(FE_ALL_EXCEPT);
        feenableexcept(TRAPS);
        REQUIRE(act_gain(a, direction, &gain) == ACT_OK);
        fedisableexcept(TRAPS);
    }
}

/* What is ordinary about its results is exact or at most inexact on the way there too, so that a trap would be of our
 * own making. NaN is not among the inputs: the header warns of it. */
static void special_inputs(const void *spec) {
    static const float values[SPECIALS] = {0,       -0.0f,    1,       -1,       INFINITY,     -INFINITY,     2,
                                           FLT_MAX, -FLT_MAX, FLT_MIN, -FLT_MIN, FLT_TRUE_MIN, -FLT_TRUE_MIN, 100,
                                           -100,    1000,     -1000,   1e30f,    -1e30f,       1e-30f,        -1e-30f,
                                           46.9f,   47.1f,    47.3f,   -47.1f,   354.6f,       -354.6f};
    special_run r = {.x = {0}};
    act_activation *a = NULL;
    REQUIRE(act_activation_create_from_spec(&a, spec) == ACT_OK);
    for (int i = 0; i < SPECIALS; i++) {
        r.x[i] = values[i];
        r.x64[i] = values[i] == FLT_MAX ? DBL_MAX : values[i] == -FLT_MAX ? -DBL_MAX : (double)values[i];
        r.dy64[i] = r.dy[i] = 1;
    }
    run_specials(a, &r);
    for (int i = 0; i < SPECIALS; i++) {
        r.x[i] = is_quiet((double)r.x[i], (double)r.y[i], (double)r.dx[i]) ? r.x[i] : 1;
        r.x64[i] = is_quiet(r.x64[i], r.y64[i], r.dx64[i]) ? r.x64[i] : 1;
    }
    for (int i = 0; i < SPECIALS; i++)
        parameter_terms(a, &r.x64[i]);
    gains(a);
    feclearexcept(FE_ALL_EXCEPT);
    feenableexcept(TRAPS);
    expected = control();
    run_specials(a, &r);
    same_control("special inputs");
}

enum { HALF_SPECIALS = 16, ALL_HALVES = 1 << 16 };

typedef struct half_run {
    act_dtype dtype;
    uint16_t x[HALF_SPECIALS], y[HALF_SPECIALS], dy[HALF_SPECIALS], dx[HALF_SPECIALS];
} half_run;

static void run_halves(act_activation *a, half_run *r) {
    REQUIRE(act_forward_1d(a, r->dtype, r->x, r->y, HALF_SPECIALS) == ACT_OK);
    REQUIRE(act_backward_1d(a, r->dtype, r->x, r->dy, r->dx, HALF_SPECIALS) == ACT_OK);
}

static double half_class(uint16_t half, uint16_t infinity) {
    const uint16_t size = half & 0x7fff;
    return size > infinity ? (double)NAN : size == infinity ? (double)INFINITY : 0;
}

/* The same in 16 bits: zeros, the least numbers, 1, 2, 4, 8 and infinities. */
static void special_halves(const void *spec) {
    static const uint16_t values[2][HALF_SPECIALS / 2] = {{0, 1, 0x400, 0x3c00, 0x4000, 0x4400, 0x4800, 0x7c00},
                                                          {0, 1, 0x80, 0x3f80, 0x4000, 0x4080, 0x4100, 0x7f80}};
    act_activation *a = NULL;
    REQUIRE(act_activation_create_from_spec(&a, spec) == ACT_OK);
    for (int type = 0; type < 2; type++) {
        half_run r = {.dtype = type ? ACT_BFLOAT16 : ACT_FLOAT16};
        const uint16_t one = values[type][3], infinity = values[type][7];
        for (int i = 0; i < HALF_SPECIALS; i++) {
            r.x[i] = (uint16_t)(values[type][i / 2] | (i % 2 ? 0x8000 : 0));
            r.dy[i] = one;
        }
        run_halves(a, &r);
        for (int i = 0; i < HALF_SPECIALS; i++)
            if (!is_quiet(half_class(r.x[i], infinity), half_class(r.y[i], infinity), half_class(r.dx[i], infinity)))
                r.x[i] = one;
        feclearexcept(FE_ALL_EXCEPT);
        feenableexcept(FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW);
        expected = control();
        for (int i = 0; i < 2 * ALL_HALVES / HALF_SPECIALS;
             i++) /* by the formula, while a table is made, and by it */
            run_halves(a, &r);
        same_control("special halves");
        fedisableexcept(FE_ALL_EXCEPT);
    }
}

/* One thread or several, before and after the host changes its mind: the same bits for subnormal data. */
static void threads_follow_the_caller(const void *unused) {
    (void)unused;
    enum { N = 1 << 20 };
    float *x = malloc(N * sizeof *x), *alone = malloc(N * sizeof *x), *together = malloc(N * sizeof *x);
    act_activation *a = NULL;
    REQUIRE(x && alone && together);
    for (int i = 0; i < N; i++)
        x[i] = (i % 2 ? -1.0f : 1.0f) * (float)(i % 1000) * FLT_TRUE_MIN;
    REQUIRE(act_activation_create_from_spec(&a, "leaky_relu(slope=0.5)") == ACT_OK);
    for (int flush = 0; flush < 4; flush++) { /* the workers live on from one round to the next */
        flush_subnormals(flush % 2);
        expected = control();
        REQUIRE(act_set_num_threads(1) == ACT_OK);
        REQUIRE(act_forward_1d(a, ACT_FLOAT32, x, alone, N) == ACT_OK);
        REQUIRE(act_set_num_threads(4) == ACT_OK);
        for (int again = 0; again < 10; again++) {
            memset(together, 0xff, N * sizeof *x);
            REQUIRE(act_forward_1d(a, ACT_FLOAT32, x, together, N) == ACT_OK);
            REQUIRE(memcmp(alone, together, N * sizeof *x) == 0);
        }
        same_control("several threads");
    }
}

int main(int argc, char **argv) {
    REQUIRE(argc == 2 || argc == 3);
    int good = 1;
    expected = control();
    api_open(argv[1], RTLD_NOW | RTLD_LOCAL);
    same_control("dlopen");
    if (argc == 3) { /* the part about special values under traps */
        for (act_kind kind = 0; kind < act_kind_count(); kind++)
            if (kind != ACT_MAXOUT && kind != ACT_CRELU) { /* whose y is not shaped like x */
                good &= survives("traps and special values: ", special_inputs, act_kind_name(kind));
                if (kind !=
                    ACT_PRELU) /* whose sums in float64 carry the errors of additions: Inf - Inf at infinities */
                    good &= survives("traps and special halves: ", special_halves, act_kind_name(kind));
            }
        static const char *const odd[] = {
            "squareplus(b=0)",         "scaled_tanh(a=0)",          "scaled_tanh(a=1,b=0)",
            "scaled_tanh(a=1,b=1e30)", "scaled_tanh(a=3e38,b=1)",   "scaled_tanh(a=3e38,b=1e-10)",
            "softplus(beta=1e-38)",    "hard_sigmoid(a=1,b=3e38)",  "hard_sigmoid(a=4,b=3e38)",
            "hard_swish(a=1,b=3e38)",  "hard_swish(a=1e-38,b=3e38)"};
        for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
            good &= survives("traps and special values: ", special_inputs, odd[i]);
        return !good;
    }
    good &= survives("as the host has it", exercise_watched, NULL);
    good &= survives("FTZ and DAZ", exercise_flushing, NULL);
    good &= survives("traps", exercise_trapping, NULL);
    good &= survives("rounding down", exercise_rounding_down, NULL);
    good &= survives("threads", threads_follow_the_caller, NULL);
    same_control("all of it");
    return !good;
}
#endif
