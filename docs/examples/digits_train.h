/* Going through the training set, epoch by epoch. */
#ifndef DIGITS_TRAIN_H
#define DIGITS_TRAIN_H

#include "digits_net.h"
#include "digits_random.h"

enum { BATCH_ROWS = 32, MOVE_PARTS = 16 }; /* images are moved by up to 1 / MOVE_PARTS of their size */

struct trainer {
    struct recipe recipe; /* its rate falls in a straight line, to end at 0 */
    size_t epochs, done;
    struct generator generator; /* of the order, and of how far images are moved */
    size_t *order;              /* of the training images, shuffled anew for each epoch */
    float *inputs;              /* of one batch */
    uint8_t *labels;
};

/* Equal seeds give equal batches, so that every activation sees the same ones. False where it has said what was
 * wrong. */
bool trainer_create(struct trainer *out, const struct dataset *data, const struct recipe *recipe, size_t epochs,
                    uint64_t seed);
void trainer_destroy(struct trainer *trainer);

/* Trains on each training image once; *seconds is the time that the network took. False as above. */
bool trainer_epoch(double *seconds, struct trainer *trainer, struct network *network, const struct dataset *data);

#endif
