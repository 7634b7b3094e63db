/* What the command line asks for. */
#ifndef DIGITS_OPTIONS_H
#define DIGITS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct options {
    const char *images, *labels, *report;
    size_t epochs;
    uint64_t seed;
    int threads; /* -1: as the library decides */
    bool show_times, show_help;
};

/* False where it has said what is wrong with the command line. */
bool options_parse(struct options *out, int count, char **arguments);
void options_help(void);

#endif
