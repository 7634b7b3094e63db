/* Prints the findings on standard output. Called by digits.c, one part as soon as each experiment is done. */
#include "digits_table.h"

#include <math.h>
#include <stdio.h>

void print_introduction(const struct settings *settings, const struct dataset *data) {
    printf("libactivations %s: nine activations on the same digits\n\n", act_version_string());
    printf("%zu images of %zu x %zu pixels in %zu classes; the first %zu train, the last\n%zu test. ", data->count,
           data->rows, data->columns, data->classes, data->train_count, data->count - data->train_count);
    printf("Networks of %zu-%zu-%zu-%zu units, %zu epoch%s, seed %llu;\n", data->pixels, contest_widths[0],
           contest_widths[1], data->classes, settings->epochs, settings->epochs == 1 ? "" : "s",
           (unsigned long long)settings->seed);
    printf("one recipe for all, initial weights scaled by act_gain().\n\n");
}

static const char *loss_text(char text[16], double loss) {
    snprintf(text, 16, isfinite(loss) ? "%.5f" : "diverged", loss);
    return text;
}

static void print_contender(const struct contender *contender, bool show_times) {
    char dead[48], loss[16];
    snprintf(dead, sizeof dead, "%zu/%zu", contender->census.dead, contender->census.units);
    printf("%-11s %12.1f %% %14s %9.1f %% %11s", contender->name, 100 * contender->test.accuracy,
           loss_text(loss, contender->train.loss), 100 * contender->census.zeros, dead);
    if (show_times) {
        printf(" %11.1f", 1e3 * contender->seconds);
    }
    printf("\n");
}

static void print_learned_slopes(const struct contender *prelu) {
    printf("prelu learned the slopes");
    for (size_t i = 0; i < CONTEST_HIDDEN; i++) {
        printf("%s %.3f in layer %zu", i == 0 ? "" : ",", prelu->slopes[i], i + 1);
    }
    printf("; all began at %g.\n", prelu->initial_slope);
}

static void print_gap(const struct contender *rrelu) {
    printf("rrelu on the training set: loss %.5f and accuracy %.2f %% with drawn slopes\n", rrelu->drawn.loss,
           100 * rrelu->drawn.accuracy);
    printf("  (training mode), %.5f and %.2f %% with the mean slope (evaluation mode).\n", rrelu->train.loss,
           100 * rrelu->train.accuracy);
}

void print_contest(const struct findings *findings, bool show_times) {
    printf("%-11s %14s %14s %11s %11s%s\n", "activation", "test accuracy", "training loss", "zeros", "dead units",
           show_times ? "    ms/epoch" : "");
    for (size_t i = 0; i < CONTENDERS; i++) {
        print_contender(&findings->contest[i], show_times);
    }
    printf("\nzeros: share of the hidden outputs that are exactly 0, on the training set.\n"
           "dead units: no training image sends gradient through them (|f'| < %g for\n"
           "  all); of maxout: linear pieces that never win.\n",
           DEAD_BELOW);
    for (size_t i = 0; i < CONTENDERS; i++) {
        if (findings->contest[i].is_prelu) {
            print_learned_slopes(&findings->contest[i]);
        }
        if (findings->contest[i].is_rrelu) {
            print_gap(&findings->contest[i]);
        }
    }
    printf("\n");
}

void print_deep(const struct findings *findings) {
    printf("Vanishing gradients: %d hidden layers of %d units\n\n", DEEP_HIDDEN, DEEP_WIDTH);
    printf("%-11s %32s %32s\n", "", "gradient at first layer / last", "test accuracy after training");
    printf("%-11s %15s %16s %15s %16s\n", "activation", "with act_gain", "1/sqrt(inputs)", "with act_gain",
           "1/sqrt(inputs)");
    for (size_t i = 0; i < DEEP_KINDS; i++) {
        const struct deep *deep = &findings->deep[i];
        printf("%-11s %15.3g %16.3g %13.1f %% %14.1f %%\n", deep->name,
               deep->norms[1][0] / deep->norms[1][DEEP_HIDDEN - 1],
               deep->norms[0][0] / deep->norms[0][DEEP_HIDDEN - 1], 100 * deep->accuracy[1], 100 * deep->accuracy[0]);
    }
    printf("\n");
}

void print_dying(const struct findings *findings) {
    size_t last = findings->settings.epochs, half = (last + 1) / 2;
    char header[32], loss[16];
    printf("Dying units: the first network at learning rate %g in place of %g\n\n", killing_rate, usual_recipe.rate);
    snprintf(header, sizeof header, "after %zu", half);
    printf("%-11s %12s %10s", "dead units", "at start", header);
    snprintf(header, sizeof header, "after %zu", last);
    printf(" %10s %14s %15s\n", header, "training loss", "test accuracy");
    for (size_t i = 0; i < DYING_KINDS; i++) {
        const struct dying *dying = &findings->dying[i];
        printf("%-11s %10.1f %% %8.1f %% %8.1f %% %14s %13.1f %%\n", dying->name, 100 * dying->dead[0],
               100 * dying->dead[half], 100 * dying->dead[last], loss_text(loss, dying->train.loss),
               100 * dying->test.accuracy);
    }
    printf("\n");
}
