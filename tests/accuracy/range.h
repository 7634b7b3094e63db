/* Both kernels over a range of float patterns, and how far apart they are. Called by sweep.c. */
#ifndef ACT_TESTS_RANGE_H
#define ACT_TESTS_RANGE_H

#include "accuracy/checkpoint.h"
#include "accuracy/subject.h"

/*
 * The worst float32 result over count patterns from first on, against the float64 kernel; derivative 0 or 1. Of each
 * block one random result of the float64 kernel is compared with MPFR: *doubtful counts those that are not good
 * enough to judge a float by.
 */
worst_case range_worst(const subject *s, int derivative, uint32_t first, uint64_t count, int *doubtful);

#endif
