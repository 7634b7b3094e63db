/* What the files of Maxout share. */
#ifndef ACT_MAXOUT_MAXOUT_H
#define ACT_MAXOUT_MAXOUT_H

#include "activation.h"
#include "maxout/rows.h"

enum { ACT__WEIGHT, ACT__BIAS };

/* Rows worked on at a time: so many that the pieces of all their units, and the elements that are copied beside them,
 * fit in a few MiB, which stays in cache and is yet long enough for BLAS to run at full speed. */
int64_t act__maxout_panel(const act_activation *a, int64_t rows, int64_t copied, int32_t size);

act_status act__maxout_forward(const act_activation *a, const act__view *x, const act__view *y, act_state *state);
act_status act__maxout_backward(act_activation *a, const act__gradient_call *call);

/* x is (..., in), y is (..., out). */
act_status act__maxout_check(const act_activation *a, const act__view *x, const act__view *y);

#endif
