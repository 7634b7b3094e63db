/* Values that are learned, with their gradients. */
#ifndef ACT_PARAMETER_H
#define ACT_PARAMETER_H

#include "activations/activations.h"

typedef struct act__learnable {
    const char *name;
    act_dtype dtype;
    int32_t ndim;
    int64_t shape[ACT_MAX_NDIM];
    int64_t count;
    void *own_value, *own_gradient; /* owned */
    void *value, *gradient;         /* in use: owned or bound */
    double *velocity;               /* owned; NULL until a step with momentum */
} act__learnable;

/* The most elements of one learnable parameter, so that bytes can be counted. */
#define ACT__MOST_LEARNABLE (INT64_MAX / 16)

/* Allocates values, not yet set, and gradients of zero. */
act_status act__learnable_create(act__learnable *out, const char *name, act_dtype dtype, int32_t ndim,
                                 const int64_t *shape);
act_status act__learnable_copy(act__learnable *out, const act__learnable *from);
void act__learnable_clear(act__learnable *l);

double act__learnable_get(const act__learnable *l, int64_t index);
void act__learnable_set(act__learnable *l, int64_t index, double value);

/* Fails where an output shares memory with the values or gradients of what an activation learns. */
struct act__view;
act_status act__learnables_check_apart(const act_activation *a, const struct act__view *out);

/* Fails where an input of backward shares memory with the gradients that it adds to. */
act_status act__gradients_check_apart(const act_activation *a, const struct act__view *in);

/* gradient[index] += value, computed in double and rounded once. */
void act__learnable_add_gradient(act__learnable *l, int64_t index, double value);

#endif
