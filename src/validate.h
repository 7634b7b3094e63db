/* What several tensors of one call must be to each other. */
#ifndef ACT_VALIDATE_H
#define ACT_VALIDATE_H

#include "view.h"

act_status act__check_same_shape(const act__view *a, const act__view *b);
act_status act__check_same_dtype(const act__view *a, const act__view *b);

/* float32, float16 and bfloat16 mix; float64 stays alone. */
act_status act__check_mixable(const act__view *a, const act__view *b);

/* No two elements of an output may share memory. */
act_status act__check_output(const act__view *out);

/* An output may share no memory with an input, unless it is exactly that input and may be. */
enum { ACT__IN_PLACE = 1, ACT__APART = 0 };
act_status act__check_overlap(const act__view *out, const act__view *in, int in_place);

#endif
