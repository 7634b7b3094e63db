/* A stack of layers that ends in a softmax, and how it is trained and judged. */
#ifndef DIGITS_NET_H
#define DIGITS_NET_H

#include "digits_data.h"
#include "digits_layer.h"

enum { MOST_HIDDEN = 16, MOST_ROWS = 256 };

struct network_plan {
    const char *spec; /* of the activation of every hidden layer */
    size_t hidden;    /* number of hidden layers, 1 to MOST_HIDDEN */
    const size_t *widths;
    bool use_gain; /* scale initial weights by act_gain() of the layer before, or leave them at 1 / sqrt(inputs) */
    uint64_t seed;
};

struct network {
    size_t hidden;
    struct layer layers[MOST_HIDDEN + 1]; /* the last one makes a sum for each class */
};

/* How well a network does: mean cross-entropy in nats, and the share of right guesses. */
struct score {
    double loss, accuracy;
};

/* All that return bool have said what was wrong when they return false. */
bool network_create(struct network *out, const struct network_plan *plan, const struct dataset *data);
void network_destroy(struct network *network);

/* One step of learning from these inputs, at most MOST_ROWS. */
bool network_train(struct network *network, float *inputs, const uint8_t *labels, size_t rows,
                   const struct recipe *recipe);

/* Images first to last - 1. Guesses, one an image, may be NULL. In mode TRAINING nothing is learned either. */
bool network_evaluate(struct score *out, uint8_t *guesses, struct network *network, const struct dataset *data,
                      size_t first, size_t last, enum mode mode);

/* Root mean square of the loss's gradient at the sums of each hidden layer, over the first images. */
bool network_gradients(double *norms, struct network *network, const struct dataset *data);

#endif
