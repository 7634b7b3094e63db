/*
 * The first experiment: nine activations in one and the same network. Called by digits.c; its findings are
 * the table. Also holds what the three experiments share.
 */
#include "digits_console.h"
#include "digits_findings.h"
#include "digits_train.h"

#include <stdlib.h>
#include <string.h>

const struct recipe usual_recipe = {.rate = 0.1, .momentum = 0.9, .decay = 1e-3, .most_gradient = 1};
const double killing_rate = 1;
const size_t contest_widths[CONTEST_HIDDEN] = {128, 64};

static const char *const names[CONTENDERS] = {
    "sigmoid", "tanh", "softsign", "relu", "leaky_relu", "prelu", "rrelu", "elu", "maxout",
};

static bool train(struct contender *contender, struct trainer *trainer, struct network *network,
                  const struct dataset *data) {
    struct score score;
    double seconds;
    bool done = network_evaluate(&score, NULL, network, data, 0, data->train_count, EVALUATION);
    for (size_t epoch = 0; done && epoch < trainer->epochs; epoch++) {
        contender->losses[epoch] = score.loss;
        progress_show("%s: epoch %zu of %zu, loss %.4f", contender->name, epoch + 1, trainer->epochs, score.loss);
        done = trainer_epoch(&seconds, trainer, network, data) &&
               network_evaluate(&score, NULL, network, data, 0, data->train_count, EVALUATION);
        contender->seconds = epoch == 0 || seconds < contender->seconds ? seconds : contender->seconds;
    }
    if (done) {
        contender->losses[trainer->epochs] = score.loss;
        contender->train = score;
    }
    return done;
}

static bool judge(struct contender *contender, struct network *network, const struct dataset *data) {
    act_kind kind = act_activation_get_kind(network->layers[0].activation);
    contender->is_prelu = kind == ACT_PRELU;
    contender->is_rrelu = kind == ACT_RRELU;
    for (size_t i = 0; contender->is_prelu && i < CONTEST_HIDDEN; i++) {
        contender->slopes[i] = (double)*(const float *)network->layers[i].slope.data;
    }
    if (contender->is_prelu &&
        !went_well(act_activation_get_param(&contender->initial_slope, network->layers[0].activation, "initial"),
                   "act_activation_get_param")) {
        return false;
    }
    if (contender->is_rrelu &&
        !network_evaluate(&contender->drawn, NULL, network, data, 0, data->train_count, TRAINING)) {
        return false;
    }
    return network_evaluate(&contender->test, contender->guesses, network, data, data->train_count, data->count,
                            EVALUATION) &&
           census_take(&contender->census, network, data);
}

static bool compete(struct contender *contender, const struct settings *settings, const struct dataset *data) {
    struct network_plan plan = {contender->name, CONTEST_HIDDEN, contest_widths, true, settings->seed};
    struct network network = {0};
    struct trainer trainer = {0};
    contender->losses = allocate(settings->epochs + 1, sizeof *contender->losses);
    contender->guesses = allocate(data->count - data->train_count, sizeof *contender->guesses);
    bool done = contender->losses != NULL && contender->guesses != NULL && network_create(&network, &plan, data) &&
                trainer_create(&trainer, data, &usual_recipe, settings->epochs, settings->seed) &&
                train(contender, &trainer, &network, data) && judge(contender, &network, data);
    trainer_destroy(&trainer);
    network_destroy(&network);
    return done;
}

bool run_contest(struct findings *findings, const struct dataset *data) {
    for (size_t i = 0; i < CONTENDERS; i++) {
        findings->contest[i].name = names[i];
        if (!compete(&findings->contest[i], &findings->settings, data)) {
            return false;
        }
    }
    progress_clear();
    return true;
}

void findings_free(struct findings *findings) {
    for (size_t i = 0; i < CONTENDERS; i++) {
        free(findings->contest[i].losses);
        free(findings->contest[i].guesses);
    }
    for (size_t i = 0; i < DYING_KINDS; i++) {
        free(findings->dying[i].dead);
    }
    *findings = (struct findings){0};
}

const struct contender *best_contender(const struct findings *findings) {
    const struct contender *best = &findings->contest[0];
    for (size_t i = 1; i < CONTENDERS; i++) {
        best = findings->contest[i].test.accuracy > best->test.accuracy ? &findings->contest[i] : best;
    }
    return best;
}

const struct contender *contender_named(const struct findings *findings, const char *name) {
    for (size_t i = 0; i < CONTENDERS; i++) {
        if (strcmp(findings->contest[i].name, name) == 0) {
            return &findings->contest[i];
        }
    }
    return NULL;
}
