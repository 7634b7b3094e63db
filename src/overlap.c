/*
 * Whether strided views share memory, exactly: element addresses are sums of index times stride, so two of them meet
 * where sum k_d * s_d = distance has a solution with each k_d within its bounds. The search goes from the largest
 * stride down and tries only those k_d that the smaller strides can still make up for: for views cut from one array
 * that is one or two candidates a dimension. A search that grows beyond a bound answers "may overlap".
 * Called by validate.c and parameter.c. Elements are aligned to their size, so that distances count in the smaller
 * size of two views.
 */
#include "overlap.h"

#include <stdlib.h>

enum { MAX_TERMS = 2 * ACT_MAX_NDIM + 1, MAX_WORK = 20000 };

/* stride * k with k from low to high */
typedef struct term {
    int64_t stride, low, high;
} term;

typedef struct problem {
    term terms[MAX_TERMS];
    __int128 reach_low[MAX_TERMS + 1], reach_high[MAX_TERMS + 1]; /* of terms i and after */
    int64_t divisor[MAX_TERMS + 1]; /* the greatest common one of those strides; 0 of none */
    int count;
    int work;
} problem;

static __int128 divide_up(__int128 a, __int128 b) { return a / b + (a % b != 0 && a > 0); }
static __int128 divide_down(__int128 a, __int128 b) { return a / b - (a % b != 0 && a < 0); }

/* Adds a term with its stride made positive, merged into one of the same stride. */
static void add_term(problem *p, int64_t stride, int64_t low, int64_t high) {
    if (stride < 0) {
        const int64_t swap = -low;
        low = -high;
        high = swap;
        stride = -stride;
    }
    for (int i = 0; i < p->count; i++) {
        if (p->terms[i].stride == stride) {
            p->terms[i].low += low;
            p->terms[i].high += high;
            return;
        }
    }
    p->terms[p->count++] = (term){stride, low, high};
}

static int by_stride_descending(const void *a, const void *b) {
    const int64_t x = ((const term *)a)->stride, y = ((const term *)b)->stride;
    return (x < y) - (x > y);
}

static int64_t common_divisor(int64_t a, int64_t b) {
    while (b) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static void prepare(problem *p) {
    qsort(p->terms, (size_t)p->count, sizeof(term), by_stride_descending);
    p->reach_low[p->count] = p->reach_high[p->count] = 0;
    p->divisor[p->count] = 0;
    for (int i = p->count - 1; i >= 0; i--) {
        p->divisor[i] = common_divisor(p->terms[i].stride, p->divisor[i + 1]);
        p->reach_low[i] = p->reach_low[i + 1] + (__int128)p->terms[i].stride * p->terms[i].low;
        p->reach_high[i] = p->reach_high[i + 1] + (__int128)p->terms[i].stride * p->terms[i].high;
    }
}

/* Whether terms first, first + 1, ... can sum to the distance. */
static int solvable(problem *p, int first, __int128 distance) {
    if (distance < p->reach_low[first] || distance > p->reach_high[first])
        return 0;
    if (first == p->count)
        return 1;
    if (distance % p->divisor[first] != 0)
        return 0;
    const term *t = &p->terms[first];
    __int128 low = divide_up(distance - p->reach_high[first + 1], t->stride);
    __int128 high = divide_down(distance - p->reach_low[first + 1], t->stride);
    low = low < t->low ? t->low : low;
    high = high > t->high ? t->high : high;
    for (__int128 k = low; k <= high; k++) {
        if (++p->work > MAX_WORK)
            return 1;
        if (solvable(p, first + 1, distance - k * t->stride))
            return 1;
    }
    return 0;
}

int act__overlaps_itself(const act__view *view) {
    if (view->dense || view->count < 2)
        return 0;
    const act_tensor *t = view->tensor;
    /* Two indices differ first in dimension d, by 1 or more; those before are equal, those after differ at will. */
    for (int32_t d = 0; d < t->ndim; d++) {
        if (t->shape[d] == 1)
            continue;
        if (t->strides[d] == 0)
            return 1;
        problem p = {.count = 0};
        add_term(&p, t->strides[d], 1, t->shape[d] - 1);
        for (int32_t e = d + 1; e < t->ndim; e++)
            if (t->shape[e] > 1 && t->strides[e] != 0)
                add_term(&p, t->strides[e], 1 - t->shape[e], t->shape[e] - 1);
        prepare(&p);
        if (solvable(&p, 0, 0))
            return 1;
    }
    return 0;
}

/* All units of all elements; the element of a view may be several units. */
static void add_view(problem *p, const act__view *view, int sign, int32_t unit) {
    const act_tensor *t = view->tensor;
    const int32_t units = view->size / unit;
    int64_t strides[ACT_MAX_NDIM];
    act__view_strides(view, strides);
    for (int32_t d = 0; d < t->ndim; d++)
        if (t->shape[d] > 1 && strides[d] != 0)
            add_term(p, sign * units * strides[d], 0, t->shape[d] - 1);
    if (units > 1)
        add_term(p, sign, 0, units - 1);
}

int act__overlap(const act__view *a, const act__view *b) {
    if (a->count == 0 || b->count == 0)
        return 0;
    const uintptr_t a_low = (uintptr_t)a->data + (uintptr_t)a->low, a_high = (uintptr_t)a->data + (uintptr_t)a->high;
    const uintptr_t b_low = (uintptr_t)b->data + (uintptr_t)b->low, b_high = (uintptr_t)b->data + (uintptr_t)b->high;
    if (a_high <= b_low || b_high <= a_low)
        return 0;
    if (a->dense && b->dense)
        return 1;
    const int32_t unit = a->size < b->size ? a->size : b->size;
    problem p = {.count = 0};
    add_view(&p, a, 1, unit);
    add_view(&p, b, -1, unit);
    prepare(&p);
    return solvable(&p, 0, (intptr_t)((uintptr_t)b->data - (uintptr_t)a->data) / unit);
}

int act__same_memory(const act__view *a, const act__view *b) {
    if (a->data != b->data || a->dtype != b->dtype)
        return 0;
    if (a->dense && b->dense)
        return 1;
    const act_tensor *t = a->tensor;
    int64_t a_strides[ACT_MAX_NDIM], b_strides[ACT_MAX_NDIM];
    act__view_strides(a, a_strides);
    act__view_strides(b, b_strides);
    for (int32_t d = 0; d < t->ndim; d++)
        if (t->shape[d] > 1 && a_strides[d] != b_strides[d])
            return 0;
    return 1;
}
