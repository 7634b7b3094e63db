/* A tensor of the caller, checked and measured once. */
#ifndef ACT_VIEW_H
#define ACT_VIEW_H

#include "activations/activations.h"

enum { ACT__DEVICE_CPU = 1 };

typedef struct act__view {
    const act_tensor *tensor;
    const char *name;  /* of the argument, for messages */
    char *data;        /* first element */
    int64_t count;     /* elements */
    int64_t low, high; /* bytes from data to the lowest byte and past the highest one */
    act_dtype dtype;
    int32_t size;  /* bytes of an element */
    int32_t dense; /* row-major without gaps */
} act__view;

/* 0 for a type that is none. */
static inline int32_t act__dtype_size(act_dtype dtype) {
    return dtype == ACT_FLOAT32                            ? 4
           : dtype == ACT_FLOAT64                          ? 8
           : dtype == ACT_FLOAT16 || dtype == ACT_BFLOAT16 ? 2
                                                           : 0;
}
const char *act__dtype_name(act_dtype dtype);

/* Of the elements; 0 where there is no such type. */
act_dtype act__dtype_of(const act_tensor *tensor);

/* Whether what is learned may be stored as the type. */
int act__dtype_learnable(act_dtype dtype);

/* Everything about one tensor that can be judged alone. */
act_status act__view_open(act__view *view, const act_tensor *tensor, const char *name);

/* Writes all ndim strides in elements, also where the tensor has none. */
void act__view_strides(const act__view *view, int64_t *strides);

#endif
