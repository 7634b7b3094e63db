/*
 * The second experiment: how much of the loss's gradient reaches the first layers of a deep stack, with
 * weights scaled by act_gain() and without. Called by digits.c. The gradient is taken at the sums that the
 * activations read, because there neither the scale of the inputs nor that of the outputs hides it.
 */
#include "digits_console.h"
#include "digits_findings.h"
#include "digits_train.h"

#include <math.h>

static const char *const names[DEEP_KINDS] = {"sigmoid", "tanh", "relu", "elu"};

/* Mean over several draws of the weights, taken of logarithms: one draw of a narrow stack says little. */
static bool measure(double *norms, const struct network_plan *plan, const struct dataset *data) {
    double drawn[MOST_HIDDEN];
    for (size_t i = 0; i < DEEP_HIDDEN; i++) {
        norms[i] = 1;
    }
    for (uint64_t draw = 0; draw < DEEP_DRAWS; draw++) {
        struct network_plan with_seed = *plan;
        struct network network = {0};
        with_seed.seed = plan->seed + draw;
        bool done = network_create(&network, &with_seed, data) && network_gradients(drawn, &network, data);
        network_destroy(&network);
        if (!done) {
            return false;
        }
        for (size_t i = 0; i < DEEP_HIDDEN; i++) {
            norms[i] *= pow(drawn[i], 1.0 / DEEP_DRAWS);
        }
    }
    return true;
}

static bool train(double *accuracy, const struct network_plan *plan, const struct settings *settings,
                  const struct dataset *data) {
    struct network network = {0};
    struct trainer trainer = {0};
    struct score score = {0};
    double seconds;
    bool done = network_create(&network, plan, data) &&
                trainer_create(&trainer, data, &usual_recipe, settings->epochs, settings->seed);
    for (size_t epoch = 0; done && epoch < settings->epochs; epoch++) {
        progress_show("deep stack of %s, %s gain: epoch %zu of %zu", plan->spec, plan->use_gain ? "with" : "without",
                      epoch + 1, settings->epochs);
        done = trainer_epoch(&seconds, &trainer, &network, data);
    }
    done = done && network_evaluate(&score, NULL, &network, data, data->train_count, data->count, EVALUATION);
    trainer_destroy(&trainer);
    network_destroy(&network);
    *accuracy = score.accuracy;
    return done;
}

bool run_deep(struct findings *findings, const struct dataset *data) {
    size_t widths[DEEP_HIDDEN];
    for (size_t i = 0; i < DEEP_HIDDEN; i++) {
        widths[i] = DEEP_WIDTH;
    }
    for (size_t i = 0; i < DEEP_KINDS; i++) {
        struct deep *deep = &findings->deep[i];
        deep->name = names[i];
        for (int gain = 0; gain <= 1; gain++) {
            struct network_plan plan = {names[i], DEEP_HIDDEN, widths, gain == 1, findings->settings.seed};
            if (!measure(deep->norms[gain], &plan, data) ||
                !train(&deep->accuracy[gain], &plan, &findings->settings, data)) {
                return false;
            }
        }
    }
    progress_clear();
    return true;
}
