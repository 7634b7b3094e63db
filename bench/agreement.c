/* See agreement.h. Called by contest.c. */
#include "agreement.h"

#include "activations/activations.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sums of many products differ by their order, and where two pieces of a maxout are nearly equal, by the winner. */
static const double maxout_norm = 1e-3;

static int64_t output_elements(const cell *c) { return cell_view_distinct(cell_writes(c)); }

/* Slopes' gradients of 16-bit tensors are not compared: the library's are float32, the others' are not. */
static int64_t gradient_elements(const cell *c) {
    const cell_maxout *m = &c->maxout;
    if (c->direction == FORWARD || cell_dtype_size(c->dtype) == 2)
        return 0;
    return m->rows ? m->pieces * m->out * (m->in + 1) : c->slopes;
}

size_t agreement_gradient_bytes(const cell *c) { return (size_t)gradient_elements(c) * cell_dtype_size(c->dtype); }

bool agreement_open(agreement *a, const cell *c, const arena *memory) {
    const size_t bytes = (size_t)output_elements(c) * cell_dtype_size(c->dtype),
                 gradients = agreement_gradient_bytes(c);
    *a = (agreement){c, memory, malloc(bytes), malloc(gradients + 1)};
    if (!a->output || !a->gradients) {
        agreement_close(a);
        return false;
    }
    memcpy(a->output, arena_at(memory, cell_writes(c)->slot), bytes);
    memcpy(a->gradients, arena_at(memory, SLOT_GRADIENTS), gradients);
    return true;
}

void agreement_close(agreement *a) {
    free(a->output);
    free(a->gradients);
}

void agreement_reset(const agreement *a) {
    const cell *c = a->cell;
    const size_t bytes = (size_t)output_elements(c) * cell_dtype_size(c->dtype);
    void *output = arena_at(a->memory, cell_writes(c)->slot);
    if (c->in_place)
        memcpy(output, arena_at(a->memory, SLOT_SAVED), bytes);
    else
        memset(output, 0xff, bytes); /* NaN */
    memset(arena_at(a->memory, SLOT_GRADIENTS), 0xff, agreement_gradient_bytes(c));
}

/* Everyone draws slopes of their own: they must lie between the bounds where x < 0, and be 1 elsewhere. */
static double drawn_distance(const cell *c, const arena *memory, tolerance t) {
    const cell_view *base = c->direction == FORWARD ? &c->x : &c->dy;
    const slot from = c->in_place ? SLOT_SAVED : base->slot;
    const void *x = arena_at(memory, c->direction == FORWARD ? from : SLOT_X), *in = arena_at(memory, from);
    const void *out = arena_at(memory, cell_writes(c)->slot);
    const int64_t columns = c->x.shape[c->x.ndim - 1];
    double worst = 0;
    for (int64_t i = 0; i < c->elements; i++) {
        const int64_t row = c->x.ndim > 1 ? i / columns : 0, column = c->x.ndim > 1 ? i % columns : i;
        const int64_t at = row * (c->x.ndim > 1 ? c->x.strides[0] : 0) + column * c->x.strides[c->x.ndim - 1];
        const double value = inputs_value(x, at, c->dtype),
                     read = inputs_value(in, c->direction == FORWARD ? at : i, c->dtype);
        const double wrote = inputs_value(out, i, c->dtype), room = t.absolute + t.relative * fabs(read);
        const double low = value < 0 ? c->param[0] * read : read, high = value < 0 ? c->param[1] * read : read;
        const double outside = fmax(fmin(low, high) - wrote, wrote - fmax(low, high)) / room;
        worst = outside > worst || isnan(outside) ? (isnan(outside) ? INFINITY : outside) : worst;
    }
    return worst;
}

/* |a - b| / |b| of whole tensors. */
static double norm_distance(const void *a, const void *b, int64_t n, int32_t dtype) {
    double difference = 0, all = 0;
    for (int64_t i = 0; i < n; i++) {
        const double p = inputs_value(a, i, dtype), q = inputs_value(b, i, dtype);
        difference += (p - q) * (p - q);
        all += q * q;
    }
    const double distance = sqrt(difference / (all + 1e-300)) / maxout_norm;
    return isnan(distance) ? INFINITY : distance;
}

double agreement_distance(const agreement *a, tolerance float32, tolerance float64, tolerance half) {
    const cell *c = a->cell;
    const void *output = arena_at(a->memory, cell_writes(c)->slot), *gradients = arena_at(a->memory, SLOT_GRADIENTS);
    const int64_t n = output_elements(c), slopes = gradient_elements(c);
    const tolerance t = c->dtype == ACT_FLOAT32 ? float32 : c->dtype == ACT_FLOAT64 ? float64 : half;
    if (c->maxout.rows)
        return fmax(norm_distance(output, a->output, n, c->dtype),
                    slopes ? norm_distance(gradients, a->gradients, slopes, c->dtype) : 0);
    if (c->trains)
        return drawn_distance(c, a->memory, t);
    const double outputs = inputs_disagreement(output, a->output, n, c->dtype, t);
    if (!slopes)
        return outputs;
    const tolerance sum = {t.absolute * sqrt((double)c->elements) + t.relative * (double)c->elements, t.relative};
    return fmax(outputs, inputs_disagreement(gradients, a->gradients, slopes, c->dtype, sum));
}
