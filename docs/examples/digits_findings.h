/* The three experiments and what they find, for the table on the terminal and for the report. */
#ifndef DIGITS_FINDINGS_H
#define DIGITS_FINDINGS_H

#include "digits_census.h"

enum { CONTENDERS = 9, CONTEST_HIDDEN = 2, DEEP_KINDS = 4, DEEP_HIDDEN = 10, DYING_KINDS = 6 };

extern const struct recipe usual_recipe; /* the one recipe of all experiments */
extern const double killing_rate;        /* but for this learning rate in the last of them */
extern const size_t contest_widths[CONTEST_HIDDEN];
enum { DEEP_WIDTH = 64, DEEP_DRAWS = 8 };

struct settings {
    size_t epochs;
    uint64_t seed;
};

/* Every activation in the same network, trained by the same recipe. */
struct contender {
    const char *name; /* of the activation, and its specification */
    double *losses;   /* on the training set in evaluation mode, before training and after each epoch */
    struct score train, test;
    struct census census; /* after the last epoch */
    double seconds;       /* time of the fastest epoch: what else the machine does only adds */
    uint8_t *guesses;     /* for the test images */
    bool is_prelu, is_rrelu;
    double slopes[CONTEST_HIDDEN]; /* of prelu, learned, */
    double initial_slope;          /* and where they began */
    struct score drawn;            /* of rrelu, on the training set with drawn slopes */
};

/* How much gradient reaches the layers of a deep stack, and what it learns; [1] with gain, [0] without. */
struct deep {
    const char *name;
    double norms[2][DEEP_HIDDEN]; /* of the gradient at each layer's sums, before training: mean over draws */
    double accuracy[2];           /* on the test set, after training */
};

/* Units that die at a learning rate far too high. */
struct dying {
    const char *name;
    double *dead; /* share of the units, before training and after each epoch */
    struct census census;
    struct score train, test;
};

struct findings {
    struct settings settings;
    struct contender contest[CONTENDERS];
    struct deep deep[DEEP_KINDS];
    struct dying dying[DYING_KINDS];
};

/* All return false where they have said what was wrong; findings_free() frees whatever there is by then. */
bool run_contest(struct findings *findings, const struct dataset *data);
bool run_deep(struct findings *findings, const struct dataset *data);
bool run_dying(struct findings *findings, const struct dataset *data);
void findings_free(struct findings *findings);

/* The contender with the most right guesses on the test set; the first of equals. */
const struct contender *best_contender(const struct findings *findings);
/* The one of this name, or NULL. */
const struct contender *contender_named(const struct findings *findings, const char *name);

#endif
