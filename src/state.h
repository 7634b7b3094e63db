/* What a forward leaves for its backward. */
#ifndef ACT_STATE_H
#define ACT_STATE_H

#include "activation.h"

typedef struct act__record {
    uint8_t *data; /* owned */
    size_t used, capacity;
} act__record;

struct act_state {
    uint64_t step, offset; /* for the next forward */
    uint64_t owner;        /* id of the activation of the last forward; 0 where there is none to use */
    act_dtype dtype;       /* of that forward's output */
    int32_t ndim;
    int64_t shape[ACT_MAX_NDIM]; /* of that forward's output */
    act__record marks;           /* relu family: bit i is x[i] > 0; maxout: winners */
    act__record nans;            /* relu family: bit i is whether x[i] is NaN; used is 0 where none is */
    int32_t nans_lost;           /* there were NaNs but no memory for them */
    act__draw draw;              /* rrelu */
    uint64_t draw_offset;
};

/* Room for so many bytes; the last record is gone, and the state refuses backward until it is sealed. NULL does
 * nothing. */
act_status act__state_begin(act_state *state, size_t bytes);

/* Room for the NaN bits, zeroed. Without memory the state remembers that they are lost. */
uint8_t *act__state_add_nans(act_state *state, size_t bytes);

/* The forward is done: the state is this activation's, for outputs of y's shape. NULL does nothing. */
void act__state_seal(act_state *state, const act_activation *a, const act__view *y);

/* Fails unless the last forward was this activation's, with the shape of dy and a type that mixes with its. */
act_status act__state_check(const act_state *state, const act_activation *a, const act__view *dy);

#endif
