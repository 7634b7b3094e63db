/*
 * What a sweep has done so far, one small file a function and direction: a line a chunk, so that a sweep that was
 * stopped goes on where it was. A file that other kernels have written counts for nothing. Called by sweep.c.
 */
#ifndef ACT_TESTS_CHECKPOINT_H
#define ACT_TESTS_CHECKPOINT_H

#include <stdint.h>
#include <stdio.h>

enum { CHUNKS = 256 };

typedef struct worst_case {
    double error;
    uint32_t x; /* its bits */
} worst_case;

typedef struct checkpoint {
    FILE *file;
    int chunks_done;
    unsigned char done[CHUNKS];
    worst_case worst;
} checkpoint;

/* Opens or begins the file; returns 0 where it cannot be written. */
int checkpoint_open(checkpoint *c, const char *path, uint64_t key);

void checkpoint_add(checkpoint *c, int chunk, worst_case worst);
void checkpoint_close(checkpoint *c);

/* A number for the bytes of files, one after the other: begins with 0, and is 0 where one cannot be read. */
uint64_t checkpoint_key(uint64_t before, const char *path);

#endif
