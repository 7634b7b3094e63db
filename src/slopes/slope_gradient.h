/* Gradients of slopes that broadcast over a tensor. */
#ifndef ACT_SLOPES_SLOPE_GRADIENT_H
#define ACT_SLOPES_SLOPE_GRADIENT_H

#include "activation.h"

typedef struct act__slope_call {
    const act__view *source;      /* x, or y where from_output */
    const act__view *dy, *dx;     /* dx may be NULL */
    const int64_t *slope_strides; /* in slopes, one a dimension of dy; 0 where the slopes broadcast */
    int32_t from_output;
} act__slope_call;

/* Adds to the gradient of the learnable slopes and writes dx, in one pass. */
act_status act__slope_gradient(act_activation *a, const act__slope_call *call);

/* The same for one slope and its type: n contiguous elements, fewer than ACT__GRAIN. */
void act__slope_gradient_line(act_activation *a, const void *x, const void *dy, void *dx, int64_t n);

#endif
