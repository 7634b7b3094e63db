/* What the command line says. */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include "contest.h"

typedef struct options {
    cell_options cells;
    contest_options contest;
    const char *json, *peers; /* peers: the only ones wanted, with commas between them; NULL for all */
    bool list;
} options;

/* Returns false after having said why, or where the program is only to print its help. */
bool options_read(options *o, int argc, char **argv, int *status);

#endif
