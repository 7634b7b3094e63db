/* Calls of elementwise kinds, and of PReLU with one slope, over tensors that are plain lines of elements: few, dense
 * and of one type. */
#ifndef ACT_LINE_H
#define ACT_LINE_H

#include "activation.h"

/* Whether the call was such a one, and is done; if not, nothing is. Any pointer may be NULL. */
int act__line_forward(const act_activation *a, const act_tensor *x, const act_tensor *y);
int act__line_backward(act_activation *a, const act_tensor *x, const act_tensor *dy, const act_tensor *dx);

#endif
