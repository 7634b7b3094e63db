/*
 * The third experiment: the network and recipe of the first, but a learning rate far too high, and a census
 * of dead units after each epoch. Called by digits.c.
 */
#include "digits_console.h"
#include "digits_findings.h"
#include "digits_train.h"

static const char *const names[DYING_KINDS] = {"relu", "leaky_relu", "prelu", "rrelu", "elu", "maxout"};

static double share_of_dead(const struct census *census) { return (double)census->dead / (double)census->units; }

static bool train(struct dying *dying, struct trainer *trainer, struct network *network, const struct dataset *data) {
    double seconds;
    bool done = census_take(&dying->census, network, data);
    dying->dead[0] = share_of_dead(&dying->census);
    for (size_t epoch = 1; done && epoch <= trainer->epochs; epoch++) {
        progress_show("%s at learning rate %g: epoch %zu of %zu, %zu of %zu units dead", dying->name, killing_rate,
                      epoch, trainer->epochs, dying->census.dead, dying->census.units);
        done = trainer_epoch(&seconds, trainer, network, data) && census_take(&dying->census, network, data);
        dying->dead[epoch] = share_of_dead(&dying->census);
    }
    return done && network_evaluate(&dying->train, NULL, network, data, 0, data->train_count, EVALUATION) &&
           network_evaluate(&dying->test, NULL, network, data, data->train_count, data->count, EVALUATION);
}

static bool run_one(struct dying *dying, const struct settings *settings, const struct dataset *data) {
    struct network_plan plan = {dying->name, CONTEST_HIDDEN, contest_widths, true, settings->seed};
    struct network network = {0};
    struct trainer trainer = {0};
    struct recipe recipe = usual_recipe;
    recipe.rate = killing_rate;
    dying->dead = allocate(settings->epochs + 1, sizeof *dying->dead);
    bool done = dying->dead != NULL && network_create(&network, &plan, data) &&
                trainer_create(&trainer, data, &recipe, settings->epochs, settings->seed) &&
                train(dying, &trainer, &network, data);
    trainer_destroy(&trainer);
    network_destroy(&network);
    return done;
}

bool run_dying(struct findings *findings, const struct dataset *data) {
    for (size_t i = 0; i < DYING_KINDS; i++) {
        findings->dying[i].name = names[i];
        if (!run_one(&findings->dying[i], &findings->settings, data)) {
            return false;
        }
    }
    progress_clear();
    return true;
}
