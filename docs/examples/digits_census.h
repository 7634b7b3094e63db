/* Counting what the hidden units of a network do over the whole training set. */
#ifndef DIGITS_CENSUS_H
#define DIGITS_CENSUS_H

#include "digits_net.h"

/*
 * A unit is dead where no training image sends gradient through it: |f'| stays below this for all of them.
 * One definition for every activation: relu units that are never on, and sigmoid units that are always
 * saturated. Of maxout, where one piece of each unit always wins, the pieces that never do are counted.
 */
#define DEAD_BELOW 1e-3

struct census {
    double zeros;       /* share of hidden outputs that are exactly 0 */
    size_t units, dead; /* of all hidden layers; of maxout its pieces */
};

/* In evaluation mode. Returns false where it has said what was wrong. */
bool census_take(struct census *out, struct network *network, const struct dataset *data);

#endif
