/* See arena.h. */
#include "arena.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Slots begin at different offsets in their pages, as blocks of an allocator do: equal ones would make loads wait for
 * stores that only look alike in their low 12 bits. */
enum { PAGE = 4096, STAGGER = 640 };

static uint64_t bytes_of_view(const cell_view *view, size_t size) { return (uint64_t)cell_view_extent(view) * size; }

static uint64_t parameter_bytes(const cell *c) {
    const cell_maxout *m = &c->maxout;
    return (uint64_t)(c->slopes + m->pieces * m->out * (m->in + 1)) * cell_dtype_size(c->dtype);
}

static uint64_t largest(const cell *c) {
    const cell_view *views[] = {&c->x, &c->y, &c->dy, &c->dx};
    uint64_t most = parameter_bytes(c);
    for (int i = 0; i < 4; i++) {
        const uint64_t bytes = bytes_of_view(views[i], cell_dtype_size(c->dtype));
        most = bytes > most ? bytes : most;
    }
    return most;
}

uint64_t arena_bytes_of(const cell *c) {
    const size_t size = cell_dtype_size(c->dtype);
    return bytes_of_view(&c->x, size) + bytes_of_view(&c->y, size) + bytes_of_view(&c->dy, size) +
           bytes_of_view(&c->dx, size) + (c->in_place ? bytes_of_view(&c->x, size) : 0) + 2 * parameter_bytes(c);
}

static bool map(arena *a) {
    a->base = mmap(NULL, SLOT_COUNT * a->slot_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, a->fd, 0);
    return a->base != MAP_FAILED;
}

bool arena_create(arena *a, const cell_list *cells) {
    uint64_t most = 0;
    for (size_t i = 0; i < cells->count; i++) {
        const uint64_t bytes = largest(&cells->at[i]);
        most = bytes > most ? bytes : most;
    }
    a->slot_bytes = (most + SLOT_COUNT * STAGGER + PAGE) / PAGE * PAGE;
    a->fd = memfd_create("act_bench", MFD_CLOEXEC);
    return a->fd >= 0 && ftruncate(a->fd, (off_t)(SLOT_COUNT * a->slot_bytes)) == 0 && map(a);
}

bool arena_attach(arena *a, int fd, size_t slot_bytes) {
    *a = (arena){NULL, slot_bytes, fd};
    return map(a);
}

void arena_destroy(arena *a) {
    munmap(a->base, SLOT_COUNT * a->slot_bytes);
    close(a->fd);
}

uint64_t arena_resident(const arena *a) {
    struct stat found;
    return fstat(a->fd, &found) == 0 ? (uint64_t)found.st_blocks * 512 : 0;
}

void *arena_at(const arena *a, slot where) {
    return a->base + (size_t)where * a->slot_bytes + (size_t)where * STAGGER;
}
