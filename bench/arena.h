/* The tensors of a cell, in memory that the benchmark shares with the processes of its peers. */
#ifndef BENCH_ARENA_H
#define BENCH_ARENA_H

#include "cells.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct arena {
    char *base;
    size_t slot_bytes;
    int fd;
} arena;

/* Room for every cell of the list. Returns false, with errno, where there is none. */
bool arena_create(arena *a, const cell_list *cells);

/* The memory of a file descriptor that arena_create() made in another process. */
bool arena_attach(arena *a, int fd, size_t slot_bytes);
void arena_destroy(arena *a);

/* Bytes that have been used so far, and stay in memory. */
uint64_t arena_resident(const arena *a);

void *arena_at(const arena *a, slot where);

/* Bytes of memory that a cell takes in all slots together. */
uint64_t arena_bytes_of(const cell *c);

#ifdef __cplusplus
}
#endif

#endif
