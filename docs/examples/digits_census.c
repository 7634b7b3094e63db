/*
 * Takes the census of hidden units. Called by the experiments. Derivatives come from the library itself:
 * backward of a gradient of ones is f'. For maxout the gradient of the bias is then the number of images
 * for which a piece won.
 */
#include "digits_census.h"
#include "digits_console.h"

#include <math.h>
#include <stdlib.h>

struct count {
    size_t zeros, outputs;
    bool *alive[MOST_HIDDEN];  /* one flag a unit, or a piece */
    float *sums, *derivatives; /* MOST_ROWS x the widest layer */
};

static void count_zeros(struct count *count, const struct layer *layer, size_t rows) {
    for (size_t i = 0; i < rows * layer->outputs; i++) {
        count->zeros += layer->values[i] == 0;
    }
    count->outputs += rows * layer->outputs;
}

static void fill_with_ones(float *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        values[i] = 1;
    }
}

static bool visit_maxout(struct count *count, bool *alive, struct layer *layer, float *inputs, size_t rows) {
    fill_with_ones(layer->gradient, rows * layer->outputs);
    if (!layer_forward(layer, inputs, rows, TRAINING) || !layer_backward(NULL, layer, inputs, rows)) {
        return false;
    }
    for (size_t j = 0; j < layer->bias.count; j++) {
        alive[j] = alive[j] || layer->bias.gradient[j] > 0;
    }
    count_zeros(count, layer, rows);
    return true;
}

static bool visit_units(struct count *count, bool *alive, struct layer *layer, const float *inputs, size_t rows) {
    struct matrix x, y, derivative;
    layer_sum(count->sums, layer, inputs, rows);
    fill_with_ones(count->derivatives, rows * layer->outputs);
    if (!matrix_view(&x, count->sums, rows, layer->outputs) ||
        !matrix_view(&y, layer->values, rows, layer->outputs) ||
        !matrix_view(&derivative, count->derivatives, rows, layer->outputs) ||
        !went_well(act_forward(layer->activation, &x.tensor, &y.tensor, NULL), "act_forward") ||
        !went_well(
            act_backward(layer->activation, &x.tensor, &y.tensor, NULL, &derivative.tensor, &derivative.tensor),
            "act_backward")) {
        return false;
    }
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < layer->outputs; j++) {
            alive[j] = alive[j] || !(fabs((double)count->derivatives[i * layer->outputs + j]) < DEAD_BELOW);
        }
    }
    count_zeros(count, layer, rows);
    return true;
}

static bool visit_images(struct count *count, struct network *network, const struct dataset *data) {
    for (size_t start = 0; start < data->train_count; start += MOST_ROWS) {
        size_t rows = data->train_count - start < MOST_ROWS ? data->train_count - start : MOST_ROWS;
        float *inputs = data->inputs + start * data->pixels;
        for (size_t i = 0; i < network->hidden; i++) {
            struct layer *layer = &network->layers[i];
            bool visited = layer_is_maxout(layer) ? visit_maxout(count, count->alive[i], layer, inputs, rows)
                                                  : visit_units(count, count->alive[i], layer, inputs, rows);
            if (!visited) {
                return false;
            }
            inputs = layer->values;
        }
    }
    return true;
}

static bool count_create(struct count *out, const struct network *network) {
    size_t widest = 0;
    bool has_memory = true;
    for (size_t i = 0; i < network->hidden; i++) {
        const struct layer *layer = &network->layers[i];
        widest = layer->outputs > widest ? layer->outputs : widest;
        out->alive[i] = allocate(layer->bias.count, sizeof(bool));
        has_memory = has_memory && out->alive[i] != NULL;
    }
    out->sums = allocate(MOST_ROWS * widest, sizeof(float));
    out->derivatives = allocate(MOST_ROWS * widest, sizeof(float));
    return has_memory && out->sums != NULL && out->derivatives != NULL;
}

static void count_destroy(struct count *count) {
    for (size_t i = 0; i < MOST_HIDDEN; i++) {
        free(count->alive[i]);
    }
    free(count->sums);
    free(count->derivatives);
}

static struct census sum_up(const struct count *count, const struct network *network) {
    struct census census = {.zeros = (double)count->zeros / (double)count->outputs};
    for (size_t i = 0; i < network->hidden; i++) {
        census.units += network->layers[i].bias.count;
        for (size_t j = 0; j < network->layers[i].bias.count; j++) {
            census.dead += !count->alive[i][j];
        }
    }
    return census;
}

bool census_take(struct census *out, struct network *network, const struct dataset *data) {
    struct count count = {0};
    bool done = count_create(&count, network) && visit_images(&count, network, data);
    if (done) {
        *out = sum_up(&count, network);
    }
    count_destroy(&count);
    return done;
}
