/* Reading IDX files, the format of MNIST: a header of big-endian sizes, then unsigned bytes. */
#ifndef DIGITS_IDX_H
#define DIGITS_IDX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IDX_MAX_RANK = 3 };

struct idx {
    int rank;
    size_t extent[IDX_MAX_RANK];
    uint8_t *data; /* the product of the extents, in row-major order */
};

/*
 * Reads a file of unsigned bytes that must have this rank. Says what is wrong with a file that has not, is
 * cut short, or goes on after its last element; `out` is then left alone.
 */
bool idx_read(struct idx *out, const char *path, int rank);
void idx_free(struct idx *idx);

#endif
