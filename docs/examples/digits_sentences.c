/*
 * Turns the findings into sentences for the report. Called by digits_report.c. Nothing here is known
 * beforehand: another data set, seed or number of epochs must get sentences that are true of it.
 */
#include "digits_sentences.h"

#include <math.h>

static const double low_loss = 0.1; /* where the speed of learning is compared */

void write_number(FILE *file, double value) {
    if (!isfinite(value)) {
        fputs("not finite", file);
    } else if (value == 0 || (value >= 1e-3 && value < 1e4)) {
        fprintf(file, value < 9.95 ? "%#.2g" : "%.0f", value);
    } else {
        int exponent = (int)floor(log10(value));
        fprintf(file, "%.1f&nbsp;×&nbsp;10<sup>%s%d</sup>", value / pow(10, exponent), exponent < 0 ? "−" : "",
                exponent < 0 ? -exponent : exponent);
    }
}

/* "a", "a and b", "a, b and c": called for each name with how many there are in all. */
static void write_listed(FILE *file, const char *name, size_t index, size_t count) {
    fprintf(file, "%s%s", index == 0 ? "" : index + 1 == count ? " and " : ", ", name);
}

static double share_of_commonest(const struct dataset *data) {
    size_t counts[256] = {0}, most = 0;
    for (size_t i = data->train_count; i < data->count; i++) {
        size_t count = ++counts[data->labels[i]];
        most = count > most ? count : most;
    }
    return (double)most / (double)(data->count - data->train_count);
}

static void write_those_with(FILE *file, const struct findings *findings, double accuracy) {
    size_t count = 0, listed = 0;
    for (size_t i = 0; i < CONTENDERS; i++) {
        count += findings->contest[i].test.accuracy == accuracy;
    }
    for (size_t i = 0; i < CONTENDERS; i++) {
        if (findings->contest[i].test.accuracy == accuracy) {
            write_listed(file, findings->contest[i].name, listed++, count);
        }
    }
    fprintf(file, " with %.1f&nbsp;%%", 100 * accuracy);
}

void write_accuracy_sentences(FILE *file, const struct findings *findings, const struct dataset *data) {
    double best = best_contender(findings)->test.accuracy, worst = best;
    double tested = (double)(data->count - data->train_count);
    for (size_t i = 0; i < CONTENDERS; i++) {
        worst = fmin(findings->contest[i].test.accuracy, worst);
    }
    fputs("<p>Best on the test images: <b>", file);
    write_those_with(file, findings, best);
    fputs("</b>. Last: ", file);
    write_those_with(file, findings, worst);
    fprintf(file,
            ". Between them lie %.0f of the %.0f test images; by chance alone two equally good networks differ by "
            "some %.0f.</p>\n",
            (best - worst) * tested, tested, sqrt(2 * best * (1 - best) * tested));
}

void write_slope_sentences(FILE *file, const struct findings *findings) {
    const struct contender *prelu = contender_named(findings, "prelu"), *rrelu = contender_named(findings, "rrelu");
    fputs("<p>", file);
    for (size_t i = 0; prelu != NULL && i < CONTEST_HIDDEN; i++) {
        fprintf(file, "%s %s%.3f in layer %zu", i == 0 ? "<b>prelu</b> learned the slopes" : " and",
                prelu->slopes[i] < 0 ? "−" : "", fabs(prelu->slopes[i]), i + 1);
    }
    if (prelu != NULL) {
        fprintf(file, ", one shared by each layer; all began at %g. ", prelu->initial_slope);
    }
    if (rrelu != NULL) {
        fprintf(file,
                "<b>rrelu</b> draws its slopes in training and takes their mean in evaluation: over the training "
                "images its loss is %.5f with drawn slopes and %.5f with the mean slope, its accuracy %.2f&nbsp;%% "
                "and %.2f&nbsp;%%.",
                rrelu->drawn.loss, rrelu->train.loss, 100 * rrelu->drawn.accuracy, 100 * rrelu->train.accuracy);
    }
    fputs("</p>\n", file);
}

/* Epochs until the loss is low, or more than there were. */
static size_t epochs_until_low(const struct contender *contender, size_t epochs) {
    size_t epoch = 0;
    while (epoch <= epochs && !(contender->losses[epoch] < low_loss)) {
        epoch++;
    }
    return epoch;
}

/* "a and b" were first, or were last, to a low loss. */
static void write_those_low_after(FILE *file, const struct findings *findings, size_t epoch) {
    size_t count = 0, listed = 0, epochs = findings->settings.epochs;
    for (size_t i = 0; i < CONTENDERS; i++) {
        count += epochs_until_low(&findings->contest[i], epochs) == epoch;
    }
    for (size_t i = 0; i < CONTENDERS; i++) {
        if (epochs_until_low(&findings->contest[i], epochs) == epoch) {
            write_listed(file, findings->contest[i].name, listed++, count);
        }
    }
}

void write_loss_sentences(FILE *file, const struct findings *findings) {
    size_t epochs = findings->settings.epochs, first = epochs + 1, last = 0;
    const struct contender *lowest = &findings->contest[0], *highest = lowest;
    for (size_t i = 0; i < CONTENDERS; i++) {
        const struct contender *other = &findings->contest[i];
        size_t epoch = epochs_until_low(other, epochs);
        lowest = other->train.loss < lowest->train.loss ? other : lowest;
        highest = !(other->train.loss <= highest->train.loss) ? other : highest;
        first = epoch < first ? epoch : first;
        last = epoch > last ? epoch : last;
    }
    fprintf(file, "<p>At the end the loss is lowest with %s (", lowest->name);
    write_number(file, lowest->train.loss);
    fprintf(file, ") and highest with %s (", highest->name);
    write_number(file, highest->train.loss);
    fputs("). ", file);
    if (first > epochs) {
        fprintf(file, "None came below %g.", low_loss);
    } else {
        fprintf(file, "First below %g, after %zu epoch%s: ", low_loss, first, first == 1 ? "" : "s");
        write_those_low_after(file, findings, first);
        fputs(last > epochs ? "; never: " : "; last: ", file);
        write_those_low_after(file, findings, last);
        if (last <= epochs) {
            fprintf(file, ", after %zu", last);
        }
        fputs(".", file);
    }
    fputs("</p>\n", file);
}

static double ratio(const struct deep *deep, int gain) {
    return deep->norms[gain][0] / deep->norms[gain][DEEP_HIDDEN - 1];
}

void write_deep_sentences(FILE *file, const struct findings *findings, const struct dataset *data) {
    fputs("<p>With <code>act_gain</code>, the first layer receives ", file);
    for (size_t i = 0; i < DEEP_KINDS; i++) {
        write_listed(file, "", i, DEEP_KINDS);
        write_number(file, ratio(&findings->deep[i], 1));
        fprintf(file, " (%s)", findings->deep[i].name);
    }
    fputs(" times the gradient of the last; without it ", file);
    for (size_t i = 0; i < DEEP_KINDS; i++) {
        write_listed(file, "", i, DEEP_KINDS);
        write_number(file, ratio(&findings->deep[i], 0));
    }
    fputs(", in the same order. ", file);
    double commonest = share_of_commonest(data);
    for (size_t i = 0; i < DEEP_KINDS; i++) {
        const struct deep *deep = &findings->deep[i];
        bool with = deep->accuracy[1] < commonest + 0.02, without = deep->accuracy[0] < commonest + 0.02;
        if (with || without) {
            fprintf(file,
                    "Trained as the networks above were, the stack of %s %s learned nothing: it does no better than "
                    "always guessing the commonest class (%.1f&nbsp;%%). ",
                    deep->name,
                    with && without ? "with gain or without"
                    : with          ? "with gain"
                                    : "without gain",
                    100 * commonest);
        }
    }
    fputs("</p>\n", file);
}

static size_t count_with_dead(const struct findings *findings) {
    size_t count = 0;
    for (size_t i = 0; i < DYING_KINDS; i++) {
        count += findings->dying[i].census.dead > 0;
    }
    return count;
}

static void write_the_dead(FILE *file, const struct findings *findings) {
    size_t count = count_with_dead(findings), listed = 0;
    fprintf(file, "<p>After %zu epochs ", findings->settings.epochs);
    for (size_t i = 0; i < DYING_KINDS; i++) {
        const struct dying *dying = &findings->dying[i];
        if (dying->census.dead > 0) {
            write_listed(file, "", listed++, count);
            fprintf(file, "%zu of the %zu %s of %s are dead", dying->census.dead, dying->census.units,
                    i + 1 == DYING_KINDS ? "pieces" : "units", dying->name);
        }
    }
    fputs(count == 0 ? "no unit is dead" : count == DYING_KINDS ? "" : ", and none of ", file);
    for (size_t i = 0, alive = 0; count > 0 && i < DYING_KINDS; i++) {
        if (findings->dying[i].census.dead == 0) {
            write_listed(file, findings->dying[i].name, alive++, DYING_KINDS - count);
        }
    }
    fputs(". ", file);
}

void write_dying_sentences(FILE *file, const struct findings *findings) {
    const struct dying *best = &findings->dying[0], *worst = best;
    for (size_t i = 1; i < DYING_KINDS; i++) {
        const struct dying *other = &findings->dying[i];
        best = other->test.accuracy > best->test.accuracy ? other : best;
        worst = other->test.accuracy < worst->test.accuracy ? other : worst;
    }
    write_the_dead(file, findings);
    const struct dying *relu = &findings->dying[0];
    if (relu->census.dead > 0) {
        fprintf(file, "Of relu, %.0f&nbsp;%% had died within the first epoch. ", 100 * relu->dead[1]);
    }
    fprintf(file, "On the test images %s is right in %.1f&nbsp;%%, %s in %.1f&nbsp;%%.</p>\n", worst->name,
            100 * worst->test.accuracy, best->name, 100 * best->test.accuracy);
}
