/* See timing.h. */
#include "timing.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double warm_below = 20e6; /* a longer call finds nothing of its own in the caches anyway */
enum { IN_PLACE_CALLS = 4, MOST_CALLS = 1 << 20 };

static double clock_ns(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

double timing_now(void) { return clock_ns(CLOCK_MONOTONIC); }

static void restore(const timing_plan *plan) {
    if (plan->overwritten)
        memcpy(plan->overwritten, plan->saved, plan->bytes);
}

static double time_calls(const peer *p, void *object, int64_t calls) {
    const double start = timing_now();
    for (int64_t i = 0; i < calls; i++)
        p->run(object);
    return timing_now() - start;
}

double timing_round(const peer *p, void *object, const timing_plan *plan) {
    double total = 0;
    if (p->begin_round)
        p->begin_round(object);
    if (plan->warm)
        p->run(object);
    for (int64_t done = 0; done < plan->calls; done += plan->group) {
        restore(plan);
        total += time_calls(p, object, plan->group);
    }
    if (p->end_round)
        p->end_round(object);
    return total / (double)plan->calls;
}

timing_plan timing_make_plan(const peer *p, void *object, const cell *c, const arena *memory, double target) {
    timing_plan plan = {.calls = 1, .group = 1};
    if (c->in_place) {
        plan.overwritten = arena_at(memory, c->direction == FORWARD ? SLOT_X : SLOT_DY);
        plan.saved = arena_at(memory, SLOT_SAVED);
        plan.bytes = (size_t)c->elements * cell_dtype_size(c->dtype);
    }
    double once = timing_round(p, object, &plan);
    plan.warm = once < warm_below;
    for (int i = 0; i < 3 && once < target / 10; i++) { /* the first calls are no measure of the rest */
        plan.calls = plan.group = c->in_place ? IN_PLACE_CALLS : 1 + (int64_t)(target / 10 / (once + 1));
        once = timing_round(p, object, &plan);
    }
    const double wanted = target / (once + 0.1);
    plan.calls = wanted < 1 ? 1 : wanted > MOST_CALLS ? MOST_CALLS : (int64_t)wanted;
    plan.group = c->in_place && plan.calls > IN_PLACE_CALLS ? IN_PLACE_CALLS : plan.calls;
    plan.calls = (plan.calls + plan.group - 1) / plan.group * plan.group;
    plan.cost = once * (double)(plan.calls + plan.warm);
    return plan;
}

void timing_settle(void) {
    const struct timespec pause = {0, 500000};
    for (int i = 0; i < 100; i++) {
        const double before = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
        nanosleep(&pause, NULL);
        if (clock_ns(CLOCK_PROCESS_CPUTIME_ID) - before < 100000)
            return;
    }
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double timing_median(const double *values, int count) {
    double sorted[64];
    const int n = count < 64 ? count : 64;
    if (n == 0)
        return 0;
    memcpy(sorted, values, (size_t)n * sizeof *sorted);
    qsort(sorted, (size_t)n, sizeof *sorted, ascending);
    return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

double timing_minimum(const double *values, int count) {
    double least = count ? values[0] : 0;
    for (int i = 1; i < count; i++)
        least = values[i] < least ? values[i] : least;
    return least;
}
