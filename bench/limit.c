/* See limit.h. Called by contest.c; calls the kernels of limit_kernels.h. */
#include "limit.h"

#include "limit_kernels.h"
#include "team.h"

#include <stdlib.h>
#include <string.h>

static const limit_kernels *const kernels[] = {
#ifdef BENCH_X86
    &limit_avx512,   &limit_avx512_streaming,
    &limit_avx2,     &limit_avx2_streaming,
#endif
    &limit_portable, &limit_memcpy};

enum { KERNELS = sizeof kernels / sizeof *kernels, LINE = 64, ROW_GROUP = 16, PIECE = 64 << 10 };

typedef enum shape { FLAT, ROWS, SECOND, TRANSPOSED } shape;

typedef struct limit {
    const limit_kernels *kernels;
    team *team; /* NULL for one thread */
    shape shape;
    int size; /* LIMIT_SIZE_ */
    char *to;
    const char *from, *other, *state;
    int64_t rows, columns;
    size_t row_bytes, from_stride, state_bytes; /* from_stride: bytes from one row read to the next */
} limit;

/* The state's share of rows or bytes goes along with them, in pieces that leave the caches to the tensors. */
static void touch_state(const limit *l, size_t done, size_t next, size_t all) {
    const double each = (double)l->state_bytes / (double)all;
    const size_t first = (size_t)((double)done * each), last = (size_t)((double)next * each);
    if (l->state && last > first)
        limit_touch(l->state + first, last - first);
}

static void flat_piece(const limit *l, size_t first, size_t last) {
    if (l->other)
        l->kernels->add(l->to + first, l->from + first, l->other + first, last - first);
    else
        l->kernels->copy(l->to + first, l->from + first, last - first);
}

static void flat(const limit *l, size_t first, size_t last) {
    if (!l->state) {
        flat_piece(l, first, last);
        return;
    }
    for (size_t next; first < last; first = next) {
        next = last - first > PIECE ? first + PIECE : last;
        flat_piece(l, first, next);
        touch_state(l, first, next, l->row_bytes);
    }
}

static void row(const limit *l, int64_t index) {
    const size_t at = (size_t)index * l->row_bytes;
    const char *from = l->from + (size_t)index * l->from_stride, *other = l->other ? l->other + at : NULL;
    if (l->shape == SECOND)
        l->kernels->every_second[l->size](l->to + at, from, other, (size_t)l->columns);
    else if (other)
        l->kernels->add(l->to + at, from, other, l->row_bytes);
    else
        l->kernels->copy(l->to + at, from, l->row_bytes);
}

static size_t share(size_t all, size_t unit, int thread, int threads) {
    return thread == threads ? all : all * (size_t)thread / (size_t)threads / unit * unit;
}

static void part(void *of, int thread, int threads) {
    const limit *l = of;
    const size_t rows = (size_t)l->rows, unit = l->shape == TRANSPOSED ? ROW_GROUP : 1;
    const int64_t first = (int64_t)share(rows, unit, thread, threads),
                  last = (int64_t)share(rows, unit, thread + 1, threads);
    if (l->shape == FLAT)
        flat(l, share(l->row_bytes, LINE, thread, threads), share(l->row_bytes, LINE, thread + 1, threads));
    else if (l->shape == TRANSPOSED)
        l->kernels->transpose[l->size](
            &(limit_transpose){l->to, l->from, l->other, l->rows, l->columns, first, last});
    else
        for (int64_t i = first; i < last; i++) {
            row(l, i);
            touch_state(l, (size_t)i, (size_t)i + 1, rows);
        }
    if (l->shape == TRANSPOSED)
        touch_state(l, (size_t)first, (size_t)last, rows);
}

static void run(void *of) {
    limit *l = of;
    if (l->team)
        team_run(l->team, part, l);
    else
        part(l, 0, 1);
}

static void begin_round(void *of) {
    const limit *l = of;
    if (l->team)
        team_wake(l->team);
}

static void end_round(void *of) {
    const limit *l = of;
    if (l->team)
        team_rest(l->team);
}

static void destroy(void *of) {
    limit *l = of;
    if (l)
        team_destroy(l->team);
    free(l);
}

static void set_shape(limit *l, const cell_view *read, size_t size) {
    l->columns = read->shape[read->ndim - 1];
    l->rows = 1;
    for (int32_t i = 0; i < read->ndim - 1; i++)
        l->rows *= read->shape[i];
    if (cell_view_contiguous(read)) {
        l->columns *= l->rows;
        l->rows = 1;
    }
    l->row_bytes = (size_t)l->columns * size;
    l->from_stride = (size_t)read->strides[0] * size;
    const int64_t step = read->strides[read->ndim - 1];
    l->shape = cell_view_contiguous(read) ? FLAT : step == 1 ? ROWS : step == 2 ? SECOND : TRANSPOSED;
}

static bool suits(const limit *l) {
    const limit_kernels *k = l->kernels;
    if (k->usable && !k->usable())
        return false;
    switch (l->shape) {
    case SECOND:
        return k->every_second[l->size] != NULL;
    case TRANSPOSED:
        return k->transpose[l->size] != NULL;
    default:
        return l->other ? k->add != NULL : k->copy && !(k == &limit_memcpy && l->to == l->from);
    }
}

/* Ways that need no trial: plain C where there are vectors, one thread of several where there is much to do. */
static bool beaten(const cell *c, int which) {
    const bool vectors = kernels[0] != &limit_portable && kernels[0]->usable() && cell_dtype_size(c->dtype) > 2;
    return (vectors && kernels[which % KERNELS] == &limit_portable) ||
           (which < KERNELS && c->threads > 1 && c->elements >= 1 << 18);
}

/* Layouts are those of cells.c: what is read first may be strided, the rest is contiguous. */
static void *prepare(const cell *c, const arena *memory, int which) {
    const cell_view *reads[2];
    limit *l = calloc(1, sizeof *l);
    if (!l || c->maxout.rows) {
        free(l);
        return NULL;
    }
    const int count = cell_reads(c, reads);
    const size_t size = cell_dtype_size(c->dtype);
    set_shape(l, reads[0], size);
    l->kernels = kernels[which % KERNELS];
    l->size = size == 8 ? LIMIT_SIZE_8 : size == 4 ? LIMIT_SIZE_4 : LIMIT_SIZE_2;
    l->to = arena_at(memory, cell_writes(c)->slot);
    l->from = arena_at(memory, reads[0]->slot);
    l->other = count > 1 ? arena_at(memory, reads[1]->slot) : NULL;
    if (c->direction == BACKWARD_FROM_STATE && c->state_bytes) { /* its place in memory is the library's own affair */
        l->state = arena_at(memory, SLOT_PARAMETERS);
        l->state_bytes = (size_t)c->state_bytes;
    }
    const int threads = which < KERNELS ? 1 : c->threads;
    if (!suits(l) || beaten(c, which) || (which >= KERNELS && threads < 2) ||
        (threads > 1 && !(l->team = team_create(threads)))) {
        destroy(l);
        return NULL;
    }
    return l;
}

/* ---- as contestants ---- */

static int chosen; /* prepare() of struct peer has no room for it */

static void *prepare_chosen(const cell *c, const arena *memory) { return prepare(c, memory, chosen); }

static const char *version(void) { return limit_name(chosen); }

int limit_count(void) { return 2 * KERNELS; }

const char *limit_name(int which) { return kernels[which % KERNELS]->name; }

const peer *limit_peer(int which) {
    static const peer one_way = {.name = "limit",
                                 .version = version,
                                 .prepare = prepare_chosen,
                                 .run = run,
                                 .destroy = destroy,
                                 .begin_round = begin_round,
                                 .end_round = end_round};
    chosen = which;
    return &one_way;
}
