/*
 * The relu family's record: bit i says x[i] > 0 for logical index i, whatever the strides. One bit cannot also say
 * NaN; where a forward meets one, a second row of bits is made from y, which is NaN exactly where x is. Called by
 * elementwise.c; calls the kernels' bit functions over a plan in logical order.
 */
#include "marks.h"

#include "bits.h"
#include "run.h"
#include "status.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

typedef struct context {
    const act__kernels *kernels;
    const void *params;
    uint8_t *marks, *nans; /* nans may be NULL */
    int64_t count;
    int32_t size;
    _Atomic int nan_seen;
} context;

/* Up to ACT__BLOCK elements at a time where a row's bits do not begin and end with bytes. */
typedef struct piece {
    char *data[2];
    int64_t position, n;
    int aligned;
} piece;

typedef void piece_function(context *c, const piece *p);

static void each_piece(const act__block *b, context *c, piece_function *function) {
    for (int64_t row = 0; row < b->rows; row++) {
        const int64_t start = b->position + row * b->pitch;
        const int aligned = start % 8 == 0 && (b->cols % 8 == 0 || start + b->cols == c->count);
        const int64_t most = aligned ? b->cols : ACT__BLOCK;
        for (int64_t col = 0; col < b->cols; col += most) {
            const int64_t offset = (row * b->cols + col) * c->size;
            const piece p = {{(char *)b->data[0] + offset, (char *)b->data[1] + offset},
                             start + col,
                             b->cols - col < most ? b->cols - col : most,
                             aligned};
            function(c, &p);
        }
    }
}

static void forward_piece(context *c, const piece *p) {
    uint8_t local[ACT__BLOCK / 8];
    uint8_t *bits = p->aligned ? c->marks + p->position / 8 : local;
    if (c->kernels->forward_bits(p->data[0], p->data[1], bits, p->n, c->params))
        atomic_store_explicit(&c->nan_seen, 1, memory_order_relaxed);
    if (!p->aligned)
        act__bits_put(c->marks, p->position, local, p->n);
}

static int is_nan(const void *data, int64_t i, int32_t size) {
    return size == 8 ? isnan(((const double *)data)[i]) : isnan(((const float *)data)[i]);
}

static void find_nans_piece(context *c, const piece *p) {
    for (int64_t i = 0; i < p->n; i++)
        if (is_nan(p->data[0], i, c->size))
            act__bits_set(c->nans, p->position + i);
}

static void backward_piece(context *c, const piece *p) {
    uint8_t local[ACT__BLOCK / 8];
    const uint8_t *bits = c->marks + p->position / 8;
    if (!p->aligned) {
        act__bits_take(local, c->marks, p->position, p->n);
        bits = local;
    }
    c->kernels->backward_bits(bits, p->data[0], p->data[1], p->n, c->params);
    for (int64_t i = 0; c->nans && i < p->n; i++) {
        if (!act__bits_get(c->nans, p->position + i))
            continue;
        if (c->size == 8)
            ((double *)(void *)p->data[1])[i] = NAN;
        else
            ((float *)(void *)p->data[1])[i] = NAN;
    }
}

static void forward_block(const act__block *b, void *c) { each_piece(b, c, forward_piece); }
static void find_nans_block(const act__block *b, void *c) {
    const act__block both = {{b->data[0], b->data[0]}, b->rows, b->cols, b->position, b->pitch};
    each_piece(&both, c, find_nans_piece);
}
static void backward_block(const act__block *b, void *c) { each_piece(b, c, backward_piece); }

/* Threads share no byte of bits where they split one dense run, which run.c does at whole blocks. */
static int splitting(const act__plan *plan) { return plan->ndim == 1 && plan->unit ? ACT__MAY_SPLIT : ACT__SERIAL; }

act_status act__marks_forward(const act__kernels *kernels, const void *params, const act__view *x, const act__view *y,
                              act_state *state) {
    const size_t bytes = act__bits_bytes(x->count);
    ACT_TRY(act__state_begin(state, bytes));
    if (x->count == 0)
        return ACT_OK;
    context c = {kernels, params, state->marks.data, NULL, x->count, x->size, 0};
    act__plan plan;
    act__plan_make(&plan, (const act__view *const[]){x, y}, 2, 1u << 1, NULL, ACT__LOGICAL_ORDER);
    if (splitting(&plan) == ACT__SERIAL)
        memset(c.marks, 0, bytes);
    ACT_TRY(act__run(&plan, forward_block, &c, splitting(&plan)));
    if (!c.nan_seen)
        return ACT_OK;
    c.nans = act__state_add_nans(state, bytes);
    if (!c.nans)
        return ACT_OK;
    act__plan_make(&plan, (const act__view *const[]){y}, 1, 0, NULL, ACT__LOGICAL_ORDER);
    return act__run(&plan, find_nans_block, &c, ACT__SERIAL);
}

act_status act__marks_backward(const act__kernels *kernels, const void *params, const act_state *state,
                               const act__view *dy, const act__view *dx) {
    if (dy->count == 0)
        return ACT_OK;
    context c = {kernels,  params, state->marks.data, state->nans.used ? state->nans.data : NULL, dy->count,
                 dy->size, 0};
    act__plan plan;
    act__plan_make(&plan, (const act__view *const[]){dy, dx}, 2, 1u << 1, NULL, ACT__LOGICAL_ORDER);
    return act__run(&plan, backward_block, &c, splitting(&plan));
}
