/*
 * One layer: linear sums through BLAS, then an activation through libactivations, forward and backward.
 * Called by digits_net.c and digits_census.c. This is the file to read for how a program uses the library:
 * what to keep for backward, running in place, prelu's own step, maxout's weights in the caller's memory.
 */
#include "digits_layer.h"
#include "digits_console.h"
#include "digits_random.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAXOUT_PIECES = 2 };

bool matrix_view(struct matrix *out, float *data, size_t rows, size_t columns) {
    out->shape[0] = (int64_t)rows;
    out->shape[1] = (int64_t)columns;
    return went_well(act_tensor_init(&out->tensor, data, ACT_FLOAT32, 2, out->shape, NULL), "act_tensor_init");
}

bool layer_is_maxout(const struct layer *layer) { return act_activation_get_kind(layer->activation) == ACT_MAXOUT; }

bool layer_is_prelu(const struct layer *layer) { return act_activation_get_kind(layer->activation) == ACT_PRELU; }

static bool parameters_create(struct parameters *out, size_t count) {
    float *memory = allocate(count, 3 * sizeof *memory);
    if (memory == NULL) {
        return false;
    }
    *out = (struct parameters){count, memory, memory + count, memory + 2 * count};
    return true;
}

static double square_of_gradient(const struct parameters *parameters) {
    return (double)cblas_sdot((int)parameters->count, parameters->gradient, 1, parameters->gradient, 1);
}

static void parameters_step(struct parameters *parameters, const struct recipe *recipe, double decay, double factor) {
    float rate = (float)recipe->rate, momentum = (float)recipe->momentum, pull = (float)decay, share = (float)factor;
    float *value = parameters->value, *velocity = parameters->velocity;
    for (size_t i = 0; i < parameters->count; i++) {
        velocity[i] = momentum * velocity[i] + share * parameters->gradient[i] + pull * value[i];
        value[i] -= rate * velocity[i];
    }
}

static void draw_weights(struct layer *layer, const struct layer_plan *plan) {
    struct generator generator = generator_of(plan->seed, 0);
    double limit = plan->weight_scale * sqrt(3.0 / (double)plan->inputs);
    for (size_t i = 0; i < layer->weight.count; i++) {
        layer->weight.value[i] = (float)(limit * (2 * generator_uniform(&generator) - 1));
    }
}

/* Maxout has weights of its own; in this memory they are drawn and learned as those of every other layer are. */
static bool bind_maxout(struct layer *layer) {
    int64_t shape[3] = {(int64_t)layer->pieces, (int64_t)layer->outputs, (int64_t)layer->inputs};
    act_tensor weight, weight_gradient, bias, bias_gradient;
    return went_well(act_tensor_init(&weight, layer->weight.value, ACT_FLOAT32, 3, shape, NULL), "weight") &&
           went_well(act_tensor_init(&weight_gradient, layer->weight.gradient, ACT_FLOAT32, 3, shape, NULL),
                     "weight gradient") &&
           went_well(act_tensor_init(&bias, layer->bias.value, ACT_FLOAT32, 2, shape, NULL), "bias") &&
           went_well(act_tensor_init(&bias_gradient, layer->bias.gradient, ACT_FLOAT32, 2, shape, NULL),
                     "bias gradient") &&
           went_well(act_activation_bind_parameter(layer->activation, 0, &weight, &weight_gradient),
                     "act_activation_bind_parameter (weight)") &&
           went_well(act_activation_bind_parameter(layer->activation, 1, &bias, &bias_gradient),
                     "act_activation_bind_parameter (bias)");
}

static bool view_slope(struct layer *layer) {
    return went_well(act_activation_parameter(layer->activation, 0, &layer->slope), "act_activation_parameter") &&
           went_well(act_activation_gradient(layer->activation, 0, &layer->slope_gradient),
                     "act_activation_gradient");
}

static bool create_activation(struct layer *layer, const struct layer_plan *plan) {
    if (plan->spec == NULL) {
        return true;
    }
    if (strcmp(plan->spec, "maxout") == 0) {
        return went_well(act_maxout_create(&layer->activation, (int64_t)plan->inputs, (int64_t)plan->outputs,
                                           MAXOUT_PIECES, ACT_FLOAT32, 0, plan->seed),
                         "act_maxout_create");
    }
    if (!went_well(act_activation_create_from_spec(&layer->activation, plan->spec), plan->spec)) {
        return false;
    }
    if (act_activation_get_kind(layer->activation) != ACT_RRELU) {
        return true;
    }
    return went_well(act_activation_set_param(layer->activation, "seed", (double)(plan->seed >> 11)),
                     "seed of rrelu");
}

/*
 * The sums are kept apart from the values only where backward can do with neither the values nor the state.
 * The answer is for the parameters of the moment: prelu can do with its values only while its slope is above
 * 0, and nobody knows where it will have learned to be.
 */
static bool backward_needs_sums(const act_activation *activation) {
    uint32_t needs = act_backward_needs(activation);
    bool others_suffice = (needs & (ACT_NEEDS_OUTPUT | ACT_NEEDS_STATE)) != 0 && (needs & ACT_NEEDS_ALL) == 0;
    bool may_change = act_activation_parameter_count(activation) > 0;
    return (needs & ACT_NEEDS_INPUT) != 0 && (may_change || !others_suffice);
}

static bool create_buffers(struct layer *layer, size_t rows) {
    layer->values = allocate(rows * layer->outputs, sizeof(float));
    layer->gradient = allocate(rows * layer->outputs, sizeof(float));
    layer->sums = layer->values;
    if (layer->activation != NULL && !layer_is_maxout(layer) && backward_needs_sums(layer->activation)) {
        layer->sums = allocate(rows * layer->outputs, sizeof(float));
    }
    return layer->values != NULL && layer->gradient != NULL && layer->sums != NULL;
}

bool layer_create(struct layer *out, const struct layer_plan *plan) {
    struct layer layer = {.inputs = plan->inputs, .outputs = plan->outputs, .pieces = 1};
    if (!create_activation(&layer, plan) || !went_well(act_state_create(&layer.state), "act_state_create")) {
        goto fail;
    }
    layer.pieces = layer_is_maxout(&layer) ? MAXOUT_PIECES : 1;
    if (!parameters_create(&layer.weight, layer.pieces * layer.outputs * layer.inputs) ||
        !parameters_create(&layer.bias, layer.pieces * layer.outputs) || !create_buffers(&layer, plan->rows) ||
        (layer_is_maxout(&layer) && !bind_maxout(&layer)) || (layer_is_prelu(&layer) && !view_slope(&layer))) {
        goto fail;
    }
    draw_weights(&layer, plan);
    *out = layer;
    return true;
fail:
    layer_destroy(&layer);
    return false;
}

void layer_destroy(struct layer *layer) {
    act_activation_destroy(layer->activation);
    act_state_destroy(layer->state);
    free(layer->weight.value);
    free(layer->bias.value);
    if (layer->sums != layer->values) {
        free(layer->sums);
    }
    free(layer->values);
    free(layer->gradient);
    *layer = (struct layer){0};
}

void layer_sum(float *sums, const struct layer *layer, const float *inputs, size_t rows) {
    for (size_t i = 0; i < rows; i++) {
        memcpy(sums + i * layer->outputs, layer->bias.value, layer->outputs * sizeof *sums);
    }
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)layer->outputs, (int)layer->inputs, 1.0F,
                inputs, (int)layer->inputs, layer->weight.value, (int)layer->inputs, 1.0F, sums, (int)layer->outputs);
}

bool layer_forward(struct layer *layer, float *inputs, size_t rows, enum mode mode) {
    float *read = layer->sums;
    size_t columns = layer->outputs;
    if (layer_is_maxout(layer)) {
        read = inputs;
        columns = layer->inputs;
    } else {
        layer_sum(layer->sums, layer, inputs, rows);
    }
    if (layer->activation == NULL) {
        return true;
    }
    struct matrix x, y;
    act_state *state = mode == TRAINING ? layer->state : NULL;
    return matrix_view(&x, read, rows, columns) && matrix_view(&y, layer->values, rows, layer->outputs) &&
           went_well(act_forward(layer->activation, &x.tensor, &y.tensor, state), "act_forward");
}

/* One call gives the gradients of a Maxout's weights, biases and inputs. */
static bool backward_maxout(float *input_gradient, struct layer *layer, float *inputs, size_t rows) {
    struct matrix x, y, dy, dx;
    return matrix_view(&x, inputs, rows, layer->inputs) && matrix_view(&y, layer->values, rows, layer->outputs) &&
           matrix_view(&dy, layer->gradient, rows, layer->outputs) &&
           (input_gradient == NULL || matrix_view(&dx, input_gradient, rows, layer->inputs)) &&
           went_well(act_backward(layer->activation, &x.tensor, &y.tensor, layer->state, &dy.tensor,
                                  input_gradient != NULL ? &dx.tensor : NULL),
                     "act_backward");
}

static bool backward_activation(struct layer *layer, size_t rows) {
    struct matrix x, y, dy;
    bool has_sums = layer->sums != layer->values;
    return matrix_view(&x, layer->sums, rows, layer->outputs) &&
           matrix_view(&y, layer->values, rows, layer->outputs) &&
           matrix_view(&dy, layer->gradient, rows, layer->outputs) &&
           went_well(act_backward(layer->activation, has_sums ? &x.tensor : NULL, &y.tensor, layer->state, &dy.tensor,
                                  &dy.tensor),
                     "act_backward");
}

static void backward_sum(float *input_gradient, struct layer *layer, const float *inputs, size_t rows) {
    int n = (int)rows, in = (int)layer->inputs, out = (int)layer->outputs;
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, out, in, n, 1.0F, layer->gradient, out, inputs, in, 0.0F,
                layer->weight.gradient, in);
    memset(layer->bias.gradient, 0, layer->outputs * sizeof(float));
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < layer->outputs; j++) {
            layer->bias.gradient[j] += layer->gradient[i * layer->outputs + j];
        }
    }
    if (input_gradient != NULL) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, in, out, 1.0F, layer->gradient, out,
                    layer->weight.value, in, 0.0F, input_gradient, in);
    }
}

bool layer_backward(float *input_gradient, struct layer *layer, float *inputs, size_t rows) {
    if (layer->activation != NULL &&
        !went_well(act_activation_zero_gradients(layer->activation), "act_activation_zero_gradients")) {
        return false;
    }
    if (layer_is_maxout(layer)) {
        return backward_maxout(input_gradient, layer, inputs, rows);
    }
    if (layer->activation != NULL && !backward_activation(layer, rows)) {
        return false;
    }
    backward_sum(input_gradient, layer, inputs, rows);
    return true;
}

double layer_gradient_square(const struct layer *layer) {
    double square = square_of_gradient(&layer->weight) + square_of_gradient(&layer->bias);
    if (layer_is_prelu(layer)) {
        double gradient = (double)*(const float *)layer->slope_gradient.data;
        square += gradient * gradient;
    }
    return square;
}

/* Weight decay would pull prelu's slope to 0 and make it a relu; so it decays to where it began. */
static bool step_slope(struct layer *layer, const struct recipe *recipe, double factor) {
    act_sgd options = ACT_SGD_INIT;
    options.flags = ACT_SGD_DECAY_TO_INITIAL;
    options.rate = recipe->rate;
    options.momentum = recipe->momentum;
    options.decay = recipe->decay;
    *(float *)layer->slope_gradient.data *= (float)factor;
    return went_well(act_activation_sgd_step(layer->activation, &options), "act_activation_sgd_step");
}

bool layer_step(struct layer *layer, const struct recipe *recipe, double factor) {
    parameters_step(&layer->weight, recipe, recipe->decay, factor);
    parameters_step(&layer->bias, recipe, 0, factor);
    return !layer_is_prelu(layer) || step_slope(layer, recipe, factor);
}
