/*
 * A layer of PReLU as a naive loop computes it, and runs of it over random views, threads and instruction sets that
 * must give the same. Called by test_prelu.c.
 */
#ifndef ACT_TEST_PRELU_LAYER_H
#define ACT_TEST_PRELU_LAYER_H

#include "views.h"

/* One activation over one logical tensor; everything contiguous. */
typedef struct layer {
    act_dtype dtype;
    int32_t rank, slope_rank, axis, has_axis;
    int64_t shape[VIEW_RANK], slope_shape[VIEW_RANK + 2];
    int64_t count, slopes;
    int64_t *slope_of; /* element */
    void *slope, *x, *dy, *y, *dx, *gradient, *got;
} layer;

/* Memory for the shapes, and the slope of each element. */
void layer_make(layer *l);
void layer_free(layer *l);

act_activation *layer_activation(const layer *l);

/* The slopes or their gradient. */
void *layer_storage(act_activation *a, int gradient);

/* A dense tensor of the layer's elements. */
act_tensor layer_whole(const layer *l, void *data);

void layer_random_slopes(layer *l, rng *r);

/* For each slope large terms, then their negatives: what is left is rounding alone, which follows every change of the
 * order in which terms are added. */
void layer_cancelling_terms(layer *l, rng *r);

/* y and dx. */
void layer_naive(layer *l);

/* The gradient of contiguous tensors on one thread. */
void layer_reference_gradient(layer *l);

/* The gradient is the sum rounded once, up to what the documented arithmetic may lose: double for float32,
 * compensated double for float64. `slack`: more, relative to the sum of magnitudes. */
void layer_check_gradient(const layer *l, const void *gradient, double slack);

/* Everything at once; the gradient's accuracy only where all is finite. */
void layer_run(layer *l, rng *r, int finite);

#endif
