/*
 * Creates, copies and destroys activations, and sets their parameters. Called by users, spec.c and the families;
 * calls the family of the kind for what is particular to it.
 */
#include "activation.h"

#include "dispatch.h"
#include "status.h"
#include "types/lookup.h"

#include <stdatomic.h>
#include <string.h>

static _Atomic uint64_t last_id;

act_activation *act__activation_new(act_kind kind) {
    act_activation *a = act__allocate_zeroed(1, sizeof *a);
    if (!a)
        return NULL;
    a->kind = kind;
    a->row = act__kind_row_of(kind);
    a->id = 1 + atomic_fetch_add_explicit(&last_id, 1, memory_order_relaxed);
    for (int real = 0; real < ACT__REALS; real++)
        a->kernels[real] = act__isa_in_use()->elementwise[real][kind];
    double param[ACT__MAX_PARAMS];
    for (int i = 0; i < ACT__MAX_PARAMS; i++)
        param[i] = a->row->param[i].default_value;
    act__activation_assign(a, param);
    return a;
}

void act__activation_assign(act_activation *a, const double *param) {
    a->fits32 = 1;
    for (int32_t i = 0; i < ACT__MAX_PARAMS; i++) {
        a->param[i] = param[i];
        a->param32[i] = (float)param[i];
        a->param32_wide[i] = (double)a->param32[i];
        if (i < a->row->param_count)
            a->fits32 &= act__param_fits_float32(&a->row->param[i], param[i]);
    }
    if (a->row->family->assigned)
        a->row->family->assigned(a);
}

act_status act__activation_params(const void **params, const act_activation *a, act_dtype dtype) {
    if (dtype == ACT_FLOAT64) {
        *params = a->param;
        return ACT_OK;
    }
    for (int32_t i = 0; i < a->row->param_count && !a->fits32; i++)
        ACT_TRY(act__param_check_float32(a->row, i, a->param[i]));
    *params = a->param32;
    return ACT_OK;
}

act_status act_activation_create(act_activation **out, act_kind kind) {
    const act__kind_row *row = act__kind_row_of(kind);
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    ACT_CHECK(row, ACT_ERR_INVALID_ARGUMENT, "kind: %d is no kind of activation (0 to %d)", kind,
              act_kind_count() - 1);
    act_activation *a = act__activation_new(kind);
    if (!a)
        return ACT_ERR_OUT_OF_MEMORY;
    const act_status status = row->family->create ? row->family->create(a) : ACT_OK;
    if (status != ACT_OK) {
        act_activation_destroy(a);
        return status;
    }
    *out = a;
    return ACT_OK;
}

act_status act_activation_clone(act_activation **out, const act_activation *a) {
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    ACT_CHECK(a, ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    act_activation *copy = act__activation_new(a->kind);
    if (!copy)
        return ACT_ERR_OUT_OF_MEMORY;
    act__activation_assign(copy, a->param);
    copy->seed = a->seed;
    copy->prelu = a->prelu;
    copy->maxout = a->maxout;
    for (; copy->learnable_count < a->learnable_count; copy->learnable_count++) {
        const int32_t i = copy->learnable_count;
        const act_status status = act__learnable_copy(&copy->learnable[i], &a->learnable[i]);
        if (status != ACT_OK) {
            act_activation_destroy(copy);
            return status;
        }
    }
    *out = copy;
    return ACT_OK;
}

void act_activation_destroy(act_activation *a) {
    if (!a)
        return;
    for (int32_t i = 0; i < a->learnable_count; i++)
        act__learnable_clear(&a->learnable[i]);
    for (int i = 0; i < 2; i++)
        act__lookups_clear(&a->halves[i]);
    act__scratch_clear(&a->scratch);
    act__release(a);
}

act_kind act_activation_get_kind(const act_activation *a) { return a ? a->kind : -1; }

static act_status find_param(int32_t *index, const act_activation *a, const char *name) {
    ACT_CHECK(a, ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    ACT_CHECK(name, ACT_ERR_INVALID_ARGUMENT, "name is NULL");
    *index = act__param_index(a->row, name);
    ACT_CHECK(*index >= 0, ACT_ERR_INVALID_ARGUMENT, "name: %s has no parameter \"%.40s\"", a->row->name, name);
    return ACT_OK;
}

act_status act_activation_set_param(act_activation *a, const char *name, double value) {
    int32_t index = 0;
    ACT_TRY(find_param(&index, a, name));
    ACT_TRY(act__param_check(a->row, index, value));
    double param[ACT__MAX_PARAMS];
    memcpy(param, a->param, sizeof param);
    param[index] = value;
    ACT_TRY(act__params_check(a->row, a, param));
    act__activation_assign(a, param);
    if (a->row->param[index].seed)
        a->seed = (uint64_t)value;
    return ACT_OK;
}

act_status act_activation_get_param(double *out, const act_activation *a, const char *name) {
    int32_t index = 0;
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    ACT_TRY(find_param(&index, a, name));
    *out = a->param[index];
    return ACT_OK;
}
