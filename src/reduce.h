/* Sums in double that come out the same whatever threads made their parts. */
#ifndef ACT_REDUCE_H
#define ACT_REDUCE_H

#include <stdint.h>

/*
 * A record is `lanes` sums, then what each of them lost to rounding. Adds records, one a block, up in the first of
 * them as a balanced binary tree.
 */
void act__reduce_blocks(double *records, int64_t blocks, int64_t lanes);

/* Adds the lanes of a record that are alike modulo width up in the first of them. lanes: width times a power of 2. */
void act__reduce_lanes(double *record, int64_t width, int64_t lanes);

/* A sum with what it lost. */
double act__reduce_result(const double *record, int64_t lane, int64_t lanes);

#endif
