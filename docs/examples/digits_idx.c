/*
 * Reads one IDX file. Called by digits_data.c. The file is not trusted: sizes are checked before they are
 * multiplied, and memory grows with what was really read, so that a header of a few bytes cannot ask for
 * terabytes. It need not be a regular file; a pipe will do.
 */
#include "digits_idx.h"
#include "digits_console.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TYPE_UBYTE = 0x08, FIRST_CHUNK = 1 << 16 };

static bool complain_of_reading(const char *path, FILE *file, const char *what, size_t wanted, size_t got) {
    if (ferror(file)) {
        complain("%s: cannot read: %s", path, strerror(errno));
    } else {
        complain("%s: cut short: expected %zu bytes of %s, found %zu", path, wanted, what, got);
    }
    return false;
}

static bool read_magic(FILE *file, const char *path, int rank) {
    unsigned char magic[4] = {0};
    errno = 0;
    size_t got = fread(magic, 1, sizeof magic, file);
    if (got >= 2 && magic[0] == 0x1F && magic[1] == 0x8B) {
        complain("%s: is compressed by gzip; unpack it first (gunzip)", path);
        return false;
    }
    if (got < sizeof magic) {
        return complain_of_reading(path, file, "IDX magic number", sizeof magic, got);
    }
    if (magic[0] != 0 || magic[1] != 0) {
        complain("%s: not an IDX file: it begins with bytes %02x %02x, expected 00 00", path, magic[0], magic[1]);
        return false;
    }
    if (magic[2] != TYPE_UBYTE) {
        complain("%s: elements are of IDX type 0x%02x, expected 0x08 (unsigned bytes)", path, magic[2]);
        return false;
    }
    if (magic[3] != rank) {
        complain("%s: has %d dimensions, expected %d (%s)", path, magic[3], rank,
                 rank == 1 ? "labels" : "images, rows, columns");
        return false;
    }
    return true;
}

/* Reads the extents and multiplies them; refuses empty files and products that no memory could hold. */
static bool read_extents(struct idx *idx, size_t *total, FILE *file, const char *path) {
    unsigned char bytes[4 * IDX_MAX_RANK] = {0};
    size_t wanted = 4 * (size_t)idx->rank;
    errno = 0;
    size_t got = fread(bytes, 1, wanted, file);
    if (got < wanted) {
        return complain_of_reading(path, file, "sizes", wanted, got);
    }
    *total = 1;
    for (int i = 0; i < idx->rank; i++) {
        const unsigned char *b = bytes + 4 * i;
        size_t extent = (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | (size_t)b[3];
        if (extent == 0) {
            complain("%s: dimension %d has size 0, expected 1 or more", path, i);
            return false;
        }
        if (*total > (SIZE_MAX / 4) / extent) {
            complain("%s: dimension %d has size %zu, and all together more than memory can hold", path, i, extent);
            return false;
        }
        idx->extent[i] = extent;
        *total *= extent;
    }
    return true;
}

static bool read_elements(struct idx *idx, size_t total, FILE *file, const char *path) {
    size_t capacity = 0, got = 0;
    while (got < total) {
        if (got == capacity) {
            capacity = capacity == 0 ? FIRST_CHUNK : 2 * capacity;
            capacity = capacity < total ? capacity : total;
            uint8_t *larger = realloc(idx->data, capacity);
            if (larger == NULL) {
                complain("%s: not enough memory for %zu bytes", path, capacity);
                return false;
            }
            idx->data = larger;
        }
        errno = 0;
        size_t more = fread(idx->data + got, 1, capacity - got, file);
        if (more == 0) {
            return complain_of_reading(path, file, "data", total, got);
        }
        got += more;
    }
    if (fgetc(file) != EOF) {
        complain("%s: goes on after the %zu bytes of data that its header promises", path, total);
        return false;
    }
    return true;
}

bool idx_read(struct idx *out, const char *path, int rank) {
    struct idx idx = {.rank = rank};
    size_t total = 0;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        complain("%s: cannot open: %s", path, strerror(errno));
        return false;
    }
    bool done = read_magic(file, path, rank) && read_extents(&idx, &total, file, path) &&
                read_elements(&idx, total, file, path);
    fclose(file);
    if (done) {
        *out = idx;
    } else {
        free(idx.data);
    }
    return done;
}

void idx_free(struct idx *idx) {
    free(idx->data);
    idx->data = NULL;
}
