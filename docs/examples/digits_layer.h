/* One layer of a network: linear sums and an activation of libactivations, or a Maxout, which is both. */
#ifndef DIGITS_LAYER_H
#define DIGITS_LAYER_H

#include <activations/activations.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stochastic gradient descent with momentum. */
struct recipe {
    double rate;
    double momentum;
    double decay;         /* of weights to 0, and of prelu's slopes to where they began */
    double most_gradient; /* a longer gradient, over all the network, is shortened to this */
};

enum mode { EVALUATION, TRAINING };

struct parameters {
    size_t count;
    float *value, *gradient, *velocity;
};

struct layer_plan {
    const char *spec; /* of the activation, "maxout", or NULL for sums alone */
    size_t inputs, outputs;
    size_t rows;         /* most samples at once */
    double weight_scale; /* standard deviation of the initial weights, times sqrt(inputs) */
    uint64_t seed;       /* of the weights, and of the slopes that rrelu draws */
};

struct layer {
    size_t inputs, outputs;
    size_t pieces;              /* linear pieces of a unit: 1, more for maxout */
    struct parameters weight;   /* pieces x outputs x inputs */
    struct parameters bias;     /* pieces x outputs */
    act_activation *activation; /* NULL where the values are the sums */
    act_state *state;           /* what the last forward in training left for backward */
    float *sums;     /* rows x outputs: what the activation reads; equal to values where it runs in place */
    float *values;   /* rows x outputs: what the layer puts out */
    float *gradient; /* rows x outputs: of the values; backward turns it into that of the sums */
    act_tensor slope, slope_gradient; /* of prelu */
};

/* All that return bool have said what was wrong when they return false. */
bool layer_create(struct layer *out, const struct layer_plan *plan);
void layer_destroy(struct layer *layer);
bool layer_is_maxout(const struct layer *layer);
bool layer_is_prelu(const struct layer *layer);

/* sums = inputs * weight^T + bias, of a layer other than maxout. */
void layer_sum(float *sums, const struct layer *layer, const float *inputs, size_t rows);
bool layer_forward(struct layer *layer, float *inputs, size_t rows, enum mode mode);
/* From layer->gradient: gradients of weight and bias, and of the inputs unless that is NULL. */
bool layer_backward(float *input_gradient, struct layer *layer, float *inputs, size_t rows);
/* The square of the length of all its gradients, for layer_step() to be told the factor that shortens them. */
double layer_gradient_square(const struct layer *layer);
bool layer_step(struct layer *layer, const struct recipe *recipe, double factor);

/* A row-major matrix for libactivations. It points into itself: do not copy it. */
struct matrix {
    int64_t shape[2];
    act_tensor tensor;
};
bool matrix_view(struct matrix *out, float *data, size_t rows, size_t columns);

#endif
