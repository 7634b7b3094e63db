/* The machine that the results belong to. */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include "json.h"

/* Writes what describes it: processor, caches, memory, kernel, pages. */
void machine_describe(json *j);

/* How busy other programs keep it, from 0 to 1: looks for a fifth of a second, in which the caller does nothing. */
double machine_busy(void);

/* Bytes that can be had without swapping. */
uint64_t machine_available(void);

int machine_processors(void); /* that this process may run on */

#endif
