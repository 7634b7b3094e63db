/* Elementwise kinds over tensors, for their own family and for those that contain one. */
#ifndef ACT_ELEMENTWISE_H
#define ACT_ELEMENTWISE_H

#include "activation.h"

/* y = f(x) and dx = dy f'(source) by one of the kernels' functions; tensors are checked already. */
act_status act__elementwise_forward(const act__kernels *kernels, const void *params, const act__view *x,
                                    const act__view *y);

typedef void act__gradient_function(const void *source, const void *dy, void *dx, int64_t n, const void *params);
act_status act__elementwise_backward(act__gradient_function *gradient, const void *params, const act__view *source,
                                     const act__view *dy, const act__view *dx);

/* What forward and backward of every kind with y shaped like x ask of their tensors. */
act_status act__check_forward(const act__view *x, const act__view *y);
act_status act__check_backward(const act__gradient_call *call);

/* E f(z)^2 or E f'(z)^2 for z normal (0, 1): gain.c. */
double act__elementwise_mean_square(const act_activation *a, act_gain_direction direction);

#endif
