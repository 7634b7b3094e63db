/*
 * The network: layers in a row, softmax and cross-entropy at the end. Called by digits_train.c and
 * the experiments; calls digits_layer.c. Samples are rows, at most MOST_ROWS of them at once.
 */
#include "digits_net.h"
#include "digits_console.h"
#include "digits_random.h"

#include <math.h>

bool network_create(struct network *out, const struct network_plan *plan, const struct dataset *data) {
    struct network network = {.hidden = plan->hidden};
    struct generator seeds = generator_of(plan->seed, 1);
    struct layer_plan layer = {.inputs = data->pixels, .rows = MOST_ROWS, .weight_scale = 1};
    for (size_t i = 0; i <= plan->hidden; i++) {
        layer.spec = i < plan->hidden ? plan->spec : NULL;
        layer.outputs = i < plan->hidden ? plan->widths[i] : data->classes;
        layer.seed = generator_next(&seeds);
        if (!layer_create(&network.layers[i], &layer)) {
            goto fail;
        }
        /* The gain undoes what this activation does to the variance; the weights that read it carry it. */
        if (i < plan->hidden && plan->use_gain &&
            !went_well(act_gain(network.layers[i].activation, ACT_GAIN_FORWARD, &layer.weight_scale), "act_gain")) {
            goto fail;
        }
        layer.inputs = layer.outputs;
    }
    *out = network;
    return true;
fail:
    network_destroy(&network);
    return false;
}

void network_destroy(struct network *network) {
    for (size_t i = 0; i <= MOST_HIDDEN; i++) {
        layer_destroy(&network->layers[i]);
    }
    *network = (struct network){0};
}

static bool forward(struct network *network, float *images, size_t rows, enum mode mode) {
    float *inputs = images;
    for (size_t i = 0; i <= network->hidden; i++) {
        if (!layer_forward(&network->layers[i], inputs, rows, mode)) {
            return false;
        }
        inputs = network->layers[i].values;
    }
    return true;
}

static bool backward(struct network *network, float *images, size_t rows) {
    for (size_t i = network->hidden; i > 0; i--) {
        struct layer *before = &network->layers[i - 1];
        if (!layer_backward(before->gradient, &network->layers[i], before->values, rows)) {
            return false;
        }
    }
    return layer_backward(NULL, &network->layers[0], images, rows);
}

static size_t index_of_greatest(const float *values, size_t count) {
    size_t greatest = 0;
    for (size_t i = 1; i < count; i++) {
        greatest = values[i] > values[greatest] ? i : greatest;
    }
    return greatest;
}

/* Cross-entropy of one row of class sums; the greatest sum is taken off first, so that exp cannot overflow. */
static double cross_entropy(const float *sums, size_t classes, size_t label) {
    double greatest = (double)sums[index_of_greatest(sums, classes)], total = 0;
    for (size_t j = 0; j < classes; j++) {
        total += exp((double)sums[j] - greatest);
    }
    return log(total) - ((double)sums[label] - greatest);
}

/* The gradient of the mean cross-entropy: softmax less 1 at the label, over the rows. */
static void softmax_gradient(struct layer *last, const uint8_t *labels, size_t rows) {
    size_t classes = last->outputs;
    for (size_t i = 0; i < rows; i++) {
        const float *sums = last->values + i * classes;
        float *gradient = last->gradient + i * classes;
        double log_of_total = cross_entropy(sums, classes, 0) + (double)sums[0];
        for (size_t j = 0; j < classes; j++) {
            double share = exp((double)sums[j] - log_of_total) - (j == labels[i] ? 1 : 0);
            gradient[j] = (float)(share / (double)rows);
        }
    }
}

static bool step(struct network *network, const struct recipe *recipe) {
    double square = 0;
    for (size_t i = 0; i <= network->hidden; i++) {
        square += layer_gradient_square(&network->layers[i]);
    }
    double length = sqrt(square), factor = length > recipe->most_gradient ? recipe->most_gradient / length : 1;
    for (size_t i = 0; i <= network->hidden; i++) {
        if (!layer_step(&network->layers[i], recipe, factor)) {
            return false;
        }
    }
    return true;
}

bool network_train(struct network *network, float *inputs, const uint8_t *labels, size_t rows,
                   const struct recipe *recipe) {
    if (!forward(network, inputs, rows, TRAINING)) {
        return false;
    }
    softmax_gradient(&network->layers[network->hidden], labels, rows);
    return backward(network, inputs, rows) && step(network, recipe);
}

bool network_evaluate(struct score *out, uint8_t *guesses, struct network *network, const struct dataset *data,
                      size_t first, size_t last, enum mode mode) {
    const struct layer *sums = &network->layers[network->hidden];
    double loss = 0;
    size_t right = 0;
    for (size_t start = first; start < last; start += MOST_ROWS) {
        size_t rows = last - start < MOST_ROWS ? last - start : MOST_ROWS;
        if (!forward(network, data->inputs + start * data->pixels, rows, mode)) {
            return false;
        }
        for (size_t i = 0; i < rows; i++) {
            const float *row = sums->values + i * data->classes;
            size_t guess = index_of_greatest(row, data->classes);
            right += guess == data->labels[start + i];
            loss += cross_entropy(row, data->classes, data->labels[start + i]);
            if (guesses != NULL) {
                guesses[start + i - first] = (uint8_t)guess;
            }
        }
    }
    *out = (struct score){loss / (double)(last - first), (double)right / (double)(last - first)};
    return true;
}

bool network_gradients(double *norms, struct network *network, const struct dataset *data) {
    size_t rows = data->train_count < MOST_ROWS ? data->train_count : MOST_ROWS;
    if (!forward(network, data->inputs, rows, TRAINING)) {
        return false;
    }
    softmax_gradient(&network->layers[network->hidden], data->labels, rows);
    if (!backward(network, data->inputs, rows)) {
        return false;
    }
    for (size_t i = 0; i < network->hidden; i++) {
        const struct layer *layer = &network->layers[i];
        double square = 0;
        for (size_t j = 0; j < rows * layer->outputs; j++) {
            square += (double)layer->gradient[j] * (double)layer->gradient[j];
        }
        norms[i] = sqrt(square / (double)(rows * layer->outputs));
    }
    return true;
}
