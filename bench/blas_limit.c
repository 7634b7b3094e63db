/* See blas_limit.h. Called by contest.c; calls OpenBLAS. */
#include "blas_limit.h"

#include "activations/activations.h"

#include <cblas.h>
#include <stdlib.h>
#include <string.h>

/* The products of n rows: z = x w^T; or, backward, dw = dz^T x and dx = dz w; for `units` of all pieces or of one. */
typedef struct products {
    cell cell;
    int calls; /* products that the pieces are split into */
    blasint n, in, units;
    char *x, *w, *z, *dw, *dx;
} products;

static void multiply(const products *p, CBLAS_TRANSPOSE left, CBLAS_TRANSPOSE right, blasint m, blasint n, blasint k,
                     const void *a, blasint lda, const void *b, blasint ldb, double beta, void *c) {
    if (p->cell.dtype == ACT_FLOAT64)
        cblas_dgemm(CblasRowMajor, left, right, m, n, k, 1, a, lda, b, ldb, beta, c, n);
    else
        cblas_sgemm(CblasRowMajor, left, right, m, n, k, 1, a, lda, b, ldb, (float)beta, c, n);
}

static void run(void *object) {
    const products *p = object;
    const size_t size = cell_dtype_size(p->cell.dtype);
    const size_t z_step = (size_t)p->n * (size_t)p->units * size, w_step = (size_t)p->units * (size_t)p->in * size;
    for (int i = 0; i < p->calls; i++) {
        char *z = p->z + (size_t)i * z_step, *w = p->w + (size_t)i * w_step, *dw = p->dw + (size_t)i * w_step;
        if (p->cell.direction == FORWARD) {
            multiply(p, CblasNoTrans, CblasTrans, p->n, p->units, p->in, p->x, p->in, w, p->in, 0, z);
            continue;
        }
        multiply(p, CblasTrans, CblasNoTrans, p->units, p->in, p->n, z, p->units, p->x, p->in, 0, dw);
        multiply(p, CblasNoTrans, CblasNoTrans, p->n, p->in, p->units, z, p->units, w, p->in, i ? 1 : 0, p->dx);
    }
}

static void destroy(void *object) {
    products *p = object;
    if (p)
        free(p->z);
    free(p);
}

static void *prepare(const cell *c, const arena *memory, int calls) {
    const cell_maxout *m = &c->maxout;
    products *p = malloc(sizeof *p);
    const size_t z = (size_t)(m->rows * m->out * m->pieces) * cell_dtype_size(c->dtype);
    if (!p || (c->dtype != ACT_FLOAT32 && c->dtype != ACT_FLOAT64)) {
        free(p);
        return NULL;
    }
    *p = (products){.cell = *c,
                    .calls = calls,
                    .n = (blasint)m->rows,
                    .in = (blasint)m->in,
                    .units = (blasint)(m->out * m->pieces / calls),
                    .x = arena_at(memory, SLOT_X),
                    .w = arena_at(memory, SLOT_PARAMETERS),
                    .z = malloc(z),
                    .dw = arena_at(memory, SLOT_GRADIENTS),
                    .dx = arena_at(memory, SLOT_DX)};
    if (!p->z) {
        destroy(p);
        return NULL;
    }
    memset(p->z, 0, z);
    return p;
}

static void *prepare_whole(const cell *c, const arena *memory) { return prepare(c, memory, 1); }
static void *prepare_pieces(const cell *c, const arena *memory) { return prepare(c, memory, (int)c->maxout.pieces); }

static const char *version(void) { return openblas_get_config(); }

void blas_limit_set_threads(int threads) { openblas_set_num_threads(threads); }

const peer *blas_limit_peer(int which) {
    static const peer peers[BLAS_LIMITS] = {
        {.name = "OpenBLAS", .version = version, .prepare = prepare_whole, .run = run, .destroy = destroy},
        {.name = "OpenBLAS", .version = version, .prepare = prepare_pieces, .run = run, .destroy = destroy}};
    return &peers[which];
}
