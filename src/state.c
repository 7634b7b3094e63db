/*
 * States: the record of one forward, in memory that is kept from step to step. Called by users and the families.
 */
#include "state.h"

#include "status.h"

#include <inttypes.h>
#include <string.h>

act_status act_state_create(act_state **out) {
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    act_state *state = act__allocate_zeroed(1, sizeof *state);
    if (!state)
        return ACT_ERR_OUT_OF_MEMORY;
    *out = state;
    return ACT_OK;
}

void act_state_destroy(act_state *state) {
    if (!state)
        return;
    act__release(state->marks.data);
    act__release(state->nans.data);
    act__release(state);
}

static act_status copy_record(act__record *out, const act__record *from) {
    if (!from->used)
        return ACT_OK;
    out->data = act__allocate(from->used);
    if (!out->data)
        return ACT_ERR_OUT_OF_MEMORY;
    out->used = out->capacity = from->used;
    memcpy(out->data, from->data, from->used);
    return ACT_OK;
}

act_status act_state_clone(act_state **out, const act_state *state) {
    act_state *copy = NULL;
    ACT_CHECK(state, ACT_ERR_INVALID_ARGUMENT, "state is NULL");
    ACT_TRY(act_state_create(out ? &copy : NULL));
    *copy = *state;
    copy->marks = copy->nans = (act__record){0};
    if (copy_record(&copy->marks, &state->marks) != ACT_OK || copy_record(&copy->nans, &state->nans) != ACT_OK) {
        act_state_destroy(copy);
        return ACT_ERR_OUT_OF_MEMORY;
    }
    *out = copy;
    return ACT_OK;
}

uint64_t act_state_bytes(const act_state *state) {
    return state && state->owner ? state->marks.used + state->nans.used : 0;
}

act_status act_state_get_step(uint64_t *out, const act_state *state) {
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    ACT_CHECK(state, ACT_ERR_INVALID_ARGUMENT, "state is NULL");
    *out = state->step;
    return ACT_OK;
}

act_status act_state_set_step(act_state *state, uint64_t step) {
    ACT_CHECK(state, ACT_ERR_INVALID_ARGUMENT, "state is NULL");
    state->step = step;
    return ACT_OK;
}

act_status act_state_get_offset(uint64_t *out, const act_state *state) {
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    ACT_CHECK(state, ACT_ERR_INVALID_ARGUMENT, "state is NULL");
    *out = state->offset;
    return ACT_OK;
}

act_status act_state_set_offset(act_state *state, uint64_t offset) {
    ACT_CHECK(state, ACT_ERR_INVALID_ARGUMENT, "state is NULL");
    state->offset = offset;
    return ACT_OK;
}

static act_status reserve(act__record *record, size_t bytes) {
    if (record->capacity < bytes) {
        uint8_t *data = act__try_allocate(bytes);
        if (!data)
            return ACT_ERR_OUT_OF_MEMORY;
        act__release(record->data);
        record->data = data;
        record->capacity = bytes;
    }
    record->used = bytes;
    return ACT_OK;
}

act_status act__state_begin(act_state *state, size_t bytes) {
    if (!state)
        return ACT_OK;
    ACT_CHECK(reserve(&state->marks, bytes) == ACT_OK, ACT_ERR_OUT_OF_MEMORY,
              "out of memory: the state needs %zu bytes", bytes);
    state->owner = 0;
    state->nans.used = 0;
    state->nans_lost = 0;
    return ACT_OK;
}

uint8_t *act__state_add_nans(act_state *state, size_t bytes) {
    if (reserve(&state->nans, bytes) != ACT_OK) {
        state->nans_lost = 1;
        return NULL;
    }
    return memset(state->nans.data, 0, bytes);
}

void act__state_seal(act_state *state, const act_activation *a, const act__view *y) {
    if (!state)
        return;
    state->owner = a->id;
    state->step++;
    state->dtype = y->dtype;
    state->ndim = y->tensor->ndim;
    for (int32_t d = 0; d < state->ndim; d++)
        state->shape[d] = y->tensor->shape[d];
}

act_status act__state_check(const act_state *state, const act_activation *a, const act__view *dy) {
    ACT_CHECK(state->owner, ACT_ERR_STATE, "state has seen no forward, which has to come before backward");
    ACT_CHECK(state->owner == a->id, ACT_ERR_STATE, "state was last given to another activation than a (%s)",
              a->row->name);
    ACT_CHECK((state->dtype == ACT_FLOAT64) == (dy->dtype == ACT_FLOAT64), ACT_ERR_STATE,
              "state saw %s, but dy has %s", act__dtype_name(state->dtype), act__dtype_name(dy->dtype));
    const act_tensor *t = dy->tensor;
    ACT_CHECK(state->ndim == t->ndim, ACT_ERR_STATE, "state saw an output of rank %d, but dy has rank %d",
              state->ndim, t->ndim);
    for (int32_t d = 0; d < t->ndim; d++)
        ACT_CHECK(state->shape[d] == t->shape[d], ACT_ERR_STATE,
                  "state saw an output with %" PRId64 " in dimension %d, but dy has %" PRId64, state->shape[d], d,
                  t->shape[d]);
    return ACT_OK;
}
