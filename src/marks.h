/* Forward and backward of the relu family through one bit an element in the state. */
#ifndef ACT_MARKS_H
#define ACT_MARKS_H

#include "state.h"
#include "types/mixed.h"

act_status act__marks_forward(const act__formula *formula, const act__view *x, const act__view *y, act_state *state);

act_status act__marks_backward(const act__formula *formula, const act_state *state, const act__view *dy,
                               const act__view *dx);

#endif
