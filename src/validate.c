/*
 * Judges tensors against each other before anything is written. Called by the families (elementwise.c, prelu.c, ...)
 * and parameter_gradients.c; calls overlap.c.
 */
#include "validate.h"

#include "overlap.h"
#include "status.h"

#include <inttypes.h>

act_status act__check_same_shape(const act__view *a, const act__view *b) {
    const act_tensor *s = a->tensor, *t = b->tensor;
    ACT_CHECK(s->ndim == t->ndim, ACT_ERR_SHAPE, "%s: rank is %d but %s has %d", a->name, s->ndim, b->name, t->ndim);
    for (int32_t d = 0; d < s->ndim; d++)
        ACT_CHECK(s->shape[d] == t->shape[d], ACT_ERR_SHAPE, "%s: dimension %d is %" PRId64 " but %s has %" PRId64,
                  a->name, d, s->shape[d], b->name, t->shape[d]);
    return ACT_OK;
}

act_status act__check_same_dtype(const act__view *a, const act__view *b) {
    ACT_CHECK(a->dtype == b->dtype, ACT_ERR_DTYPE, "%s: dtype is %s but %s has %s", a->name,
              act__dtype_name(a->dtype), b->name, act__dtype_name(b->dtype));
    return ACT_OK;
}

act_status act__check_mixable(const act__view *a, const act__view *b) {
    ACT_CHECK((a->dtype == ACT_FLOAT64) == (b->dtype == ACT_FLOAT64), ACT_ERR_DTYPE,
              "%s: dtype is %s but %s has %s; float64 mixes with no other type", a->name, act__dtype_name(a->dtype),
              b->name, act__dtype_name(b->dtype));
    return ACT_OK;
}

act_status act__check_output(const act__view *out) {
    ACT_CHECK(!act__overlaps_itself(out), ACT_ERR_LAYOUT,
              "%s: two elements may share memory (a zero stride or overlapping strides), which an output may not",
              out->name);
    return ACT_OK;
}

act_status act__check_overlap(const act__view *out, const act__view *in, int in_place) {
    if (!act__overlap(out, in))
        return ACT_OK;
    ACT_CHECK(in_place, ACT_ERR_OVERLAP, "%s shares memory with %s, which it may not", out->name, in->name);
    ACT_CHECK(act__same_memory(out, in), ACT_ERR_OVERLAP,
              "%s shares some memory with %s but is not exactly it; expected the same tensor or separate ones",
              out->name, in->name);
    return ACT_OK;
}
