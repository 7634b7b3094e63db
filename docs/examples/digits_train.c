/*
 * One epoch of training: shuffles the training images, then steps through them in batches, each image moved
 * a little at random. Called by the experiments; calls digits_net.c.
 */
#define _POSIX_C_SOURCE 200809L
#include "digits_train.h"
#include "digits_console.h"

#include <stdlib.h>
#include <time.h>

bool trainer_create(struct trainer *out, const struct dataset *data, const struct recipe *recipe, size_t epochs,
                    uint64_t seed) {
    struct trainer trainer = {*recipe, epochs, 0, generator_of(seed, 2), NULL, NULL, NULL};
    trainer.order = allocate(data->train_count, sizeof *trainer.order);
    trainer.inputs = allocate(BATCH_ROWS * data->pixels, sizeof *trainer.inputs);
    trainer.labels = allocate(BATCH_ROWS, sizeof *trainer.labels);
    if (trainer.order == NULL || trainer.inputs == NULL || trainer.labels == NULL) {
        trainer_destroy(&trainer);
        return false;
    }
    for (size_t i = 0; i < data->train_count; i++) {
        trainer.order[i] = i;
    }
    *out = trainer;
    return true;
}

void trainer_destroy(struct trainer *trainer) {
    free(trainer->order);
    free(trainer->inputs);
    free(trainer->labels);
    *trainer = (struct trainer){0};
}

static void shuffle(size_t *order, size_t count, struct generator *generator) {
    for (size_t i = count; i > 1; i--) {
        size_t j = generator_below(generator, i), moved = order[i - 1];
        order[i - 1] = order[j];
        order[j] = moved;
    }
}

static double seconds_now(void) {
    struct timespec now;
    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? (double)now.tv_sec + 1e-9 * (double)now.tv_nsec : 0;
}

static double random_move(struct trainer *trainer, size_t size) {
    return (2 * generator_uniform(&trainer->generator) - 1) * (double)size / MOVE_PARTS;
}

static void fill_batch(struct trainer *trainer, const struct dataset *data, const size_t *images, size_t rows) {
    for (size_t i = 0; i < rows; i++) {
        double down = random_move(trainer, data->rows), right = random_move(trainer, data->columns);
        dataset_moved(trainer->inputs + i * data->pixels, data, images[i], down, right);
        trainer->labels[i] = data->labels[images[i]];
    }
}

bool trainer_epoch(double *seconds, struct trainer *trainer, struct network *network, const struct dataset *data) {
    struct recipe recipe = trainer->recipe;
    recipe.rate *= 1 - (double)trainer->done / (double)trainer->epochs;
    shuffle(trainer->order, data->train_count, &trainer->generator);
    *seconds = 0;
    for (size_t start = 0; start < data->train_count; start += BATCH_ROWS) {
        size_t left = data->train_count - start, rows = left < BATCH_ROWS ? left : BATCH_ROWS;
        fill_batch(trainer, data, trainer->order + start, rows);
        double before = seconds_now();
        if (!network_train(network, trainer->inputs, trainer->labels, rows, &recipe)) {
            return false;
        }
        *seconds += seconds_now() - before;
    }
    trainer->done++;
    return true;
}
