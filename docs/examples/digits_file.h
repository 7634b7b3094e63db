/* Writing a file so that at its place there is always either the old one or the whole new one. */
#ifndef DIGITS_FILE_H
#define DIGITS_FILE_H

#include <stdbool.h>
#include <stdio.h>

struct new_file {
    FILE *stream;
    char *target;    /* where it goes, links followed */
    char *temporary; /* where it is written first; NULL where the target is written directly: a pipe, a device */
};

/* All return false where they have said what was wrong. */
bool new_file_is_possible(const char *path);
bool new_file_open(struct new_file *out, const char *path);
/* Closes it and, where all of it could be written, puts it in its place. */
bool new_file_close(struct new_file *file);

#endif
