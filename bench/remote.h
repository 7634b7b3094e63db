/*
 * A peer in a process of its own: peers bring runtimes (OpenMP, protobuf, OpenBLAS) that disturb each other, and one
 * that dies must not take the run with it. Both sides map the same tensors; a message a request, a message an answer.
 */
#ifndef BENCH_REMOTE_H
#define BENCH_REMOTE_H

#include "peer.h"

typedef enum remote_operation {
    REMOTE_HELLO,
    REMOTE_PREPARE,
    REMOTE_ONCE,
    REMOTE_PLAN,
    REMOTE_ROUND,
    REMOTE_DROP
} remote_operation;

typedef struct remote_request {
    remote_operation operation;
    double target; /* of REMOTE_PLAN: nanoseconds of a round */
    cell cell;     /* of REMOTE_PREPARE */
} remote_request;

typedef struct remote_answer {
    bool ok;
    double value; /* of REMOTE_PLAN and REMOTE_ROUND: nanoseconds of a round, of a call */
    char name[32], version[160];
    tolerance float32, float64, half;
} remote_answer;

typedef struct remote {
    int pid, socket; /* pid 0: gone */
    remote_answer hello;
} remote;

/* Starts a peer's program; false where it does not come up. */
bool remote_start(remote *r, const char *program, const arena *memory);
void remote_stop(remote *r);

/* Asks; false where the peer has died (which is said) or answers no. */
bool remote_ask(remote *r, const remote_request *request, remote_answer *answer);

#endif
