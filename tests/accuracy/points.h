/*
 * Where the accuracy of a kind is measured: a fixed stride over all patterns, random ones, and all that is near a
 * kink, a power of two, an end of a range, or a root of f or f'. Called by test_accuracy and the sweep.
 */
#ifndef ACT_TESTS_POINTS_H
#define ACT_TESTS_POINTS_H

#include "accuracy/subject.h"

enum { POINTS_CAPACITY = 1 << 20, POINTS_ROOTS = 256 };

typedef struct points {
    int real;
    size_t count;
    double x[POINTS_CAPACITY];
    int roots; /* of f' */
    double root[POINTS_ROOTS];
} points;

/* Replaces what p holds; random_points of each sort. */
void points_make(points *p, const subject *s, int real, size_t random_points);

/* Whether f' changes its sign so near to x that it cancels. */
int points_near_root(const points *p, double x);

#endif
