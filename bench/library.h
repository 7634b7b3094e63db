/* The library itself as a contestant. */
#ifndef BENCH_LIBRARY_H
#define BENCH_LIBRARY_H

#include "inputs.h"
#include "peer.h"

extern const peer library_peer;

/* What the forward of a prepared cell left for its backward. */
uint64_t library_state_bytes(const void *object);

#endif
