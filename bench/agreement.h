/* Whether a peer computes what the library computes: asked once a cell, before anything is timed. */
#ifndef BENCH_AGREEMENT_H
#define BENCH_AGREEMENT_H

#include "inputs.h"

typedef struct agreement {
    const cell *cell;
    const arena *memory;
    void *output, *gradients; /* the library's */
} agreement;

/* Keeps what the library has just written. */
bool agreement_open(agreement *a, const cell *c, const arena *memory);
void agreement_close(agreement *a);

/* Makes the inputs whole again, and the outputs such that nobody is right who does not write them. */
void agreement_reset(const agreement *a);

/* The worst difference of what has been written since, in units of the tolerance. */
double agreement_distance(const agreement *a, tolerance float32, tolerance float64, tolerance half);

size_t agreement_gradient_bytes(const cell *c);

#endif
