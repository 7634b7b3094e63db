/* The one interface of everything that is measured: the library, the limit and each peer. */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include "arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How far an output may be from the library's: |a - b| <= absolute + relative * |b|. */
typedef struct tolerance {
    double absolute, relative;
} tolerance;

typedef struct peer {
    const char *name;
    const char *(*version)(void); /* static text */

    /* Makes all objects that the cell's call needs, or NULL where this is nothing that the peer can do. */
    void *(*prepare)(const cell *c, const arena *memory);
    void (*run)(void *object); /* the call that is timed: from the cell's inputs to its output */
    void (*destroy)(void *object);

    /* Around each round, untimed; NULL for nothing. */
    void (*begin_round)(void *object);
    void (*end_round)(void *object);

    /* Untimed, before outputs are compared: copies those that this system insists on allocating; NULL for nothing. */
    void (*publish)(void *object);

    tolerance float32, float64, half; /* what it claims; half is for both 16-bit types */
} peer;

#ifdef __cplusplus
}
#endif

#endif
