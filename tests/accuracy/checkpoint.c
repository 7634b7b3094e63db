/* Checkpoints; see checkpoint.h. */
#include "accuracy/checkpoint.h"

#include <inttypes.h>
#include <string.h>

static void note(checkpoint *c, int chunk, worst_case worst) {
    c->chunks_done += !c->done[chunk];
    c->done[chunk] = 1;
    if (worst.error > c->worst.error)
        c->worst = worst;
}

/* Reads what is there; returns how far it is of this key and whole, or 0. */
static long read_chunks(checkpoint *c, FILE *file, uint64_t key) {
    uint64_t found;
    if (fscanf(file, "%" SCNx64, &found) != 1 || found != key || fgetc(file) != '\n')
        return 0;
    long whole = ftell(file);
    int chunk;
    worst_case worst;
    while (fscanf(file, "%d %la %" SCNx32, &chunk, &worst.error, &worst.x) == 3 && fgetc(file) == '\n') {
        if (chunk >= 0 && chunk < CHUNKS)
            note(c, chunk, worst);
        whole = ftell(file);
    }
    return whole;
}

int checkpoint_open(checkpoint *c, const char *path, uint64_t key) {
    *c = (checkpoint){0};
    FILE *file = fopen(path, "r+");
    const long whole = file ? read_chunks(c, file, key) : 0;
    if (whole == 0) {
        if (file)
            fclose(file);
        file = fopen(path, "w");
        if (file)
            fprintf(file, "%" PRIx64 "\n", key);
    } else {
        fseek(file, whole, SEEK_SET); /* over a line that was cut off */
    }
    c->file = file;
    return file != NULL;
}

void checkpoint_add(checkpoint *c, int chunk, worst_case worst) {
    note(c, chunk, worst);
    fprintf(c->file, "%d %a %" PRIx32 "\n", chunk, worst.error, worst.x);
    fflush(c->file);
}

void checkpoint_close(checkpoint *c) { fclose(c->file); }

/* FNV-1a */
uint64_t checkpoint_key(uint64_t before, const char *path) {
    uint64_t key = before ? before : 0xcbf29ce484222325u;
    unsigned char buffer[4096];
    FILE *file = fopen(path, "rb");
    if (!file)
        return 0;
    for (size_t n = 1; n > 0;) {
        n = fread(buffer, 1, sizeof buffer, file);
        for (size_t i = 0; i < n; i++)
            key = (key ^ buffer[i]) * 0x100000001b3u;
    }
    fclose(file);
    return key;
}
