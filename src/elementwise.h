/* Elementwise kinds over tensors, for their own family and for those that contain one. */
#ifndef ACT_ELEMENTWISE_H
#define ACT_ELEMENTWISE_H

#include "types/mixed.h"

/* What an activation computes for elements of the type, or of those that mix with it. */
act_status act__formula_of(act__formula *formula, const act_activation *a, act_dtype dtype);

/* One function of a formula over tensors, which are checked already: inputs, then the output. */
act_status act__elementwise_run(const act__formula *formula, act__function function, const act__view *const *views);

/* What forward and backward of every kind with y shaped like x ask of their tensors. */
act_status act__check_forward(const act__view *x, const act__view *y);
act_status act__check_backward(const act__gradient_call *call);

/* E f(z)^2 or E f'(z)^2 for z normal (0, 1): gain.c. */
double act__elementwise_mean_square(const act_activation *a, act_gain_direction direction);

#endif
