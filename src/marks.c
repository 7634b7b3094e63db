/*
 * The relu family's record: bit i says x[i] > 0 for logical index i, whatever the strides. One bit cannot also say
 * NaN; where a forward meets one, a second row of bits is made from y, which is NaN exactly where x is. Called by
 * elementwise.c; calls the kernels' bit functions over a plan in logical order.
 */
#include "marks.h"

#include "bits.h"
#include "least.h"
#include "run.h"
#include "status.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

typedef struct context {
    const act__kernels *kernels;
    const void *params;
    act__call call;        /* of elements some of which have 16 bits: forward, or backward from signs in place of x */
    uint8_t *marks, *nans; /* nans may be NULL */
    int64_t count;
    act_dtype dtype[2]; /* of input and output */
    _Atomic int nan_seen;
} context;

static void set_context(context *c, const act__formula *formula, const act__view *in, const act__view *out) {
    const int real = act__real_of(in->dtype);
    *c = (context){.kernels = formula->kernels[real],
                   .params = formula->params[real],
                   .count = in->count,
                   .dtype = {in->dtype, out->dtype}};
}

/* Backward where a kernel takes bits and 16-bit elements as they are. */
static int from_half_bits(const context *c) {
    return c->call.mixed && c->call.function != ACT__RUN_FORWARD && c->dtype[0] == c->dtype[1] &&
           c->kernels->backward_half_bits;
}

/* Up to PIECE elements at a time where a row's bits do not begin and end with bytes, or are to be made numbers or the
 * other way round. */
enum { PIECE = 2048 };

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
        const int64_t most = aligned && (!c->call.mixed || from_half_bits(c)) ? b->cols : PIECE;
        for (int64_t col = 0; col < b->cols; col += most) {
            const int64_t index = row * b->cols + col;
            const piece p = {{(char *)b->data[0] + index * act__dtype_size(c->dtype[0]),
                              (char *)b->data[1] + index * act__dtype_size(c->dtype[1])},
                             start + col,
                             act__least(b->cols - col, most),
                             aligned};
            function(c, &p);
        }
    }
}

/* Bits first: y may be where x is. */
static int mark_halves(const context *c, const piece *p, uint8_t *bits) {
    float y[PIECE];
    const act_dtype dtype = c->dtype[0];
    const int nan = act__is_half(dtype)
                        ? c->call.convert[ACT__REAL32]->to_bits[dtype]((const void *)p->data[0], bits, p->n)
                        : c->kernels->forward_bits(p->data[0], y, bits, p->n, c->params);
    act__call_run(&c->call, (void *const[]){p->data[0], p->data[1]}, p->n);
    return nan;
}

static void forward_piece(context *c, const piece *p) {
    uint8_t local[PIECE / 8];
    uint8_t *bits = p->aligned ? c->marks + p->position / 8 : local;
    const int nan = c->call.mixed ? mark_halves(c, p, bits)
                                  : c->kernels->forward_bits(p->data[0], p->data[1], bits, p->n, c->params);
    if (nan)
        atomic_store_explicit(&c->nan_seen, 1, memory_order_relaxed);
    if (!p->aligned)
        act__bits_put(c->marks, p->position, local, p->n);
}

static int is_nan(const void *data, int64_t i, act_dtype dtype) {
    switch (dtype) {
    case ACT_FLOAT64:
        return isnan(((const double *)data)[i]);
    case ACT_FLOAT32:
        return isnan(((const float *)data)[i]);
    default:
        return (((const uint16_t *)data)[i] & 0x7fff) > (dtype == ACT_FLOAT16 ? 0x7c00 : 0x7f80);
    }
}

static void set_nan(void *data, int64_t i, act_dtype dtype) {
    if (dtype == ACT_FLOAT64)
        ((double *)data)[i] = NAN;
    else if (dtype == ACT_FLOAT32)
        ((float *)data)[i] = NAN;
    else
        ((uint16_t *)data)[i] = dtype == ACT_FLOAT16 ? 0x7e00 : 0x7fc0;
}

static void find_nans_piece(context *c, const piece *p) {
    for (int64_t i = 0; i < p->n; i++)
        if (is_nan(p->data[0], i, c->dtype[0]))
            act__bits_set(c->nans, p->position + i);
}

/* Numbers of the right sign tell as much of x as the bits do. */
static void backward_halves(const context *c, const piece *p, const uint8_t *bits) {
    uint16_t signs[PIECE];
    c->call.convert[ACT__REAL32]->from_bits(bits, signs, p->n);
    act__call_run(&c->call, (void *const[]){signs, p->data[0], p->data[1]}, p->n);
}

static void backward_piece(context *c, const piece *p) {
    uint8_t local[PIECE / 8];
    const uint8_t *bits = c->marks + p->position / 8;
    if (!p->aligned) {
        act__bits_take(local, c->marks, p->position, p->n);
        bits = local;
    }
    if (from_half_bits(c))
        c->kernels->backward_half_bits(bits, (const void *)p->data[0], (void *)p->data[1], p->n);
    else if (c->call.mixed)
        backward_halves(c, p, bits);
    else
        c->kernels->backward_bits(bits, p->data[0], p->data[1], p->n, c->params);
    for (int64_t i = 0; c->nans && i < p->n; i++)
        if (act__bits_get(c->nans, p->position + i))
            set_nan(p->data[1], i, c->dtype[1]);
}

static void forward_block(const act__block *b, void *c) { each_piece(b, c, forward_piece); }
static void find_nans_block(const act__block *b, void *c) {
    const act__block both = {{b->data[0], b->data[0]}, b->rows, b->cols, b->position, b->pitch};
    each_piece(&both, c, find_nans_piece);
}
static void backward_block(const act__block *b, void *c) { each_piece(b, c, backward_piece); }

/* Threads share no byte of bits where they split one dense run, which run.c does at whole blocks. */
static int splitting(const act__plan *plan) { return plan->ndim == 1 && plan->unit ? ACT__MAY_SPLIT : ACT__SERIAL; }

act_status act__marks_forward(const act__formula *formula, const act__view *x, const act__view *y, act_state *state) {
    const size_t bytes = act__bits_bytes(x->count);
    ACT_TRY(act__state_begin(state, bytes));
    if (x->count == 0)
        return ACT_OK;
    context c;
    act__plan plan;
    set_context(&c, formula, x, y);
    act__call_set(&c.call, formula, ACT__RUN_FORWARD, c.dtype);
    c.marks = state->marks.data;
    act__plan_make(&plan, (const act__view *const[]){x, y}, 2, 1u << 1, NULL, ACT__LOGICAL_ORDER);
    if (splitting(&plan) == ACT__SERIAL)
        memset(c.marks, 0, bytes);
    ACT_TRY(act__run(&plan, forward_block, &c, splitting(&plan)));
    if (!c.nan_seen)
        return ACT_OK;
    uint8_t *nans = act__state_add_nans(state, bytes);
    if (!nans)
        return ACT_OK;
    set_context(&c, formula, y, y);
    c.nans = nans;
    act__plan_make(&plan, (const act__view *const[]){y}, 1, 0, NULL, ACT__LOGICAL_ORDER);
    return act__run(&plan, find_nans_block, &c, ACT__SERIAL);
}

act_status act__marks_backward(const act__formula *formula, const act_state *state, const act__view *dy,
                               const act__view *dx) {
    if (dy->count == 0)
        return ACT_OK;
    context c;
    set_context(&c, formula, dy, dx);
    const act_dtype signs = act__is_half(dy->dtype) ? dy->dtype : dx->dtype;
    act__call_set(&c.call, formula, ACT__RUN_FROM_INPUT, (const act_dtype[]){signs, dy->dtype, dx->dtype});
    c.marks = state->marks.data;
    c.nans = state->nans.used ? state->nans.data : NULL;
    act__plan plan;
    act__plan_make(&plan, (const act__view *const[]){dy, dx}, 2, 1u << 1, NULL, ACT__LOGICAL_ORDER);
    return act__run(&plan, backward_block, &c, splitting(&plan));
}
