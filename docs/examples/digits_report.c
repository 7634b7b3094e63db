/*
 * Writes the report. Called by digits.c; calls digits_plot.c for its plots, digits_pictures.c for its
 * pictures and digits_sentences.c for what it says of them.
 */
#include "digits_report.h"
#include "digits_file.h"
#include "digits_pictures.h"
#include "digits_plot.h"
#include "digits_sentences.h"
#include "digits_style.h"
#include "digits_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(CONTENDERS == 9, "the report says nine");

static void write_head(FILE *file, const struct findings *findings, const struct dataset *data) {
    fprintf(file,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<title>libactivations: nine activations on the same digits</title>\n"
            "<link rel=\"icon\" href=\"data:,\">\n<style>\n%s</style>\n</head>\n<body>\n"
            "<h1>Every activation on the same digits</h1>\n",
            report_style);
    fprintf(file,
            "<p class=\"lead\">Nine small networks learned to tell %zu kinds of pictures apart, each with another "
            "activation function of libactivations&nbsp;%s between its layers and everything else equal.</p>\n",
            data->classes, act_version_string());
    fprintf(file,
            "<p>There are %zu pictures of %zu&nbsp;×&nbsp;%zu pixels. The networks learned from the first %zu, "
            "each seen %zu time%s and moved a little at random each time, and were then tested on the last %zu, "
            "which they had never seen. An activation is what bends the sums of one layer before the next "
            "layer reads them. Everything below was measured in this run.</p>\n",
            data->count, data->rows, data->columns, data->train_count, findings->settings.epochs,
            findings->settings.epochs == 1 ? "" : "s", data->count - data->train_count);
}

static void write_loss(FILE *file, double loss) {
    fprintf(file, isfinite(loss) ? "<td>%.5f</td>" : "<td>diverged</td>", loss);
}

static const char *dash_of(const char *name) {
    bool saturates = strcmp(name, "sigmoid") == 0 || strcmp(name, "tanh") == 0 || strcmp(name, "softsign") == 0;
    return saturates ? "dash" : "";
}

static void write_key(FILE *file, const char *name, const char *dash) {
    fprintf(file,
            "<th scope=\"row\"><svg class=\"key\" viewBox=\"0 0 22 10\" aria-hidden=\"true\">"
            "<path class=\"line %s %s\" d=\"M0 5h22\"/></svg>%s</th>",
            name, dash, name);
}

static void write_contest_table(FILE *file, const struct findings *findings, bool show_times) {
    fprintf(file,
            "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">activation</th>"
            "<th scope=\"col\">test accuracy</th><th scope=\"col\">training loss</th>"
            "<th scope=\"col\">zeros</th><th scope=\"col\">dead units</th>%s</tr></thead>\n<tbody>\n",
            show_times ? "<th scope=\"col\">time an epoch</th>" : "");
    for (size_t i = 0; i < CONTENDERS; i++) {
        const struct contender *row = &findings->contest[i];
        fprintf(file, "<tr%s>",
                row->test.accuracy == best_contender(findings)->test.accuracy ? " class=\"best\"" : "");
        write_key(file, row->name, dash_of(row->name));
        fprintf(file, "<td>%.1f&nbsp;%%</td>", 100 * row->test.accuracy);
        write_loss(file, row->train.loss);
        fprintf(file, "<td>%.1f&nbsp;%%</td><td>%zu of %zu</td>", 100 * row->census.zeros, row->census.dead,
                row->census.units);
        if (show_times) {
            fprintf(file, "<td>%.1f&nbsp;ms</td>", 1e3 * row->seconds);
        }
        fputs("</tr>\n", file);
    }
    fprintf(file,
            "</tbody>\n</table></div>\n<p class=\"note\">Loss: mean cross-entropy in nats. Zeros: share of the "
            "hidden outputs that are exactly "
            "0. Dead units: no training image sends gradient through them (|f′| below %g for all); of maxout, the "
            "linear pieces that never win.%s</p>\n",
            DEAD_BELOW, show_times ? " Time: of the fastest epoch." : "");
}

static void write_contest(FILE *file, const struct findings *findings, const struct dataset *data, bool show_times) {
    struct plot plot = {
        .title = "Training loss over epochs for each activation, on a logarithmic scale",
        .x_label = "epoch",
        .y_label = "training loss (nats)",
        .legend_label = "loss at the end",
        .count = findings->settings.epochs + 1,
        .is_logarithmic = true,
        .series_count = CONTENDERS,
    };
    char styles[CONTENDERS][32];
    for (size_t i = 0; i < CONTENDERS; i++) {
        const struct contender *contender = &findings->contest[i];
        snprintf(styles[i], sizeof styles[i], "%s %s", contender->name, dash_of(contender->name));
        plot.series[i] = (struct series){contender->name, styles[i], contender->losses};
    }
    fputs("<h2>What each learned</h2>\n", file);
    write_contest_table(file, findings, show_times);
    write_accuracy_sentences(file, findings, data);
    write_slope_sentences(file, findings);
    fputs("<h2>How fast they learned</h2>\n", file);
    plot_write(file, &plot);
    write_loss_sentences(file, findings);
}

static void write_deep_table(FILE *file, const struct findings *findings) {
    fputs("<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">activation</th>"
          "<th scope=\"col\">gradient, first layer to last, with gain</th><th scope=\"col\">without gain</th>"
          "<th scope=\"col\">test accuracy after training, with gain</th><th scope=\"col\">without gain</th>"
          "</tr></thead>\n<tbody>\n",
          file);
    for (size_t i = 0; i < DEEP_KINDS; i++) {
        const struct deep *row = &findings->deep[i];
        fputs("<tr>", file);
        write_key(file, row->name, "");
        for (int gain = 1; gain >= 0; gain--) {
            fputs("<td>", file);
            write_number(file, row->norms[gain][0] / row->norms[gain][DEEP_HIDDEN - 1]);
            fputs("</td>", file);
        }
        fprintf(file, "<td>%.1f&nbsp;%%</td><td>%.1f&nbsp;%%</td></tr>\n", 100 * row->accuracy[1],
                100 * row->accuracy[0]);
    }
    fputs("</tbody>\n</table></div>\n", file);
}

static void write_deep(FILE *file, const struct findings *findings, const struct dataset *data) {
    struct plot plot = {
        .title = "Gradient at each layer of a deep stack relative to the last one, on a logarithmic scale",
        .x_label = "hidden layer",
        .y_label = "gradient, relative to the last layer",
        .legend_label = "at layer 1",
        .first = 1,
        .count = DEEP_HIDDEN,
        .is_logarithmic = true,
        .legend_by_first = true,
        .series_count = 2 * DEEP_KINDS,
    };
    char labels[2 * DEEP_KINDS][40], styles[2 * DEEP_KINDS][32];
    double relative[2 * DEEP_KINDS][DEEP_HIDDEN];
    for (size_t i = 0; i < 2 * DEEP_KINDS; i++) {
        const struct deep *deep = &findings->deep[i / 2];
        const double *norms = deep->norms[i % 2];
        for (size_t j = 0; j < DEEP_HIDDEN; j++) {
            relative[i][j] = norms[j] / norms[DEEP_HIDDEN - 1];
        }
        snprintf(labels[i], sizeof labels[i], "%s%s", deep->name, i % 2 == 1 ? "" : ", no gain");
        snprintf(styles[i], sizeof styles[i], "%s %s", deep->name, i % 2 == 1 ? "" : "dot");
        plot.series[i] = (struct series){labels[i], styles[i], relative[i]};
    }
    fprintf(
        file,
        "<h2>Gradients that vanish</h2>\n<p>A stack of %d hidden layers of %d units, before any training: how much "
        "of the gradient of the loss reaches the sums of each layer? Initial weights have the standard deviation "
        "1&nbsp;/&nbsp;√inputs, times <code>act_gain</code> (solid lines) or not (dotted). Geometric mean of %d "
        "draws "
        "of the weights.</p>\n",
        DEEP_HIDDEN, DEEP_WIDTH, DEEP_DRAWS);
    plot_write(file, &plot);
    write_deep_sentences(file, findings, data);
    write_deep_table(file, findings);
}

static void write_dying_table(FILE *file, const struct findings *findings) {
    fputs("<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">activation</th>"
          "<th scope=\"col\">dead at the end</th><th scope=\"col\">training loss</th>"
          "<th scope=\"col\">test accuracy</th></tr></thead>\n<tbody>\n",
          file);
    for (size_t i = 0; i < DYING_KINDS; i++) {
        const struct dying *row = &findings->dying[i];
        fputs("<tr>", file);
        write_key(file, row->name, "");
        fprintf(file, "<td>%zu of %zu</td>", row->census.dead, row->census.units);
        write_loss(file, row->train.loss);
        fprintf(file, "<td>%.1f&nbsp;%%</td></tr>\n", 100 * row->test.accuracy);
    }
    fputs("</tbody>\n</table></div>\n", file);
}

static void write_dying(FILE *file, const struct findings *findings) {
    struct plot plot = {
        .title = "Share of dead units over epochs at a learning rate that is too high",
        .x_label = "epoch",
        .y_label = "dead units",
        .legend_label = "dead at the end",
        .count = findings->settings.epochs + 1,
        .is_share = true,
        .series_count = DYING_KINDS,
    };
    for (size_t i = 0; i < DYING_KINDS; i++) {
        const struct dying *dying = &findings->dying[i];
        plot.series[i] = (struct series){dying->name, dying->name, dying->dead};
    }
    fprintf(
        file,
        "<h2>Units that die</h2>\n<p>The first network again, but at a learning rate of %g in place of %g. A step "
        "that is too long can carry a unit to where it puts out a constant for every image; where its derivative "
        "is 0 as well, no gradient brings it back; only a change in the layer below, or weight decay, still "
        "may.</p>\n",
        killing_rate, usual_recipe.rate);
    plot_write(file, &plot);
    write_dying_sentences(file, findings);
    write_dying_table(file, findings);
}

static void write_method(FILE *file, const struct findings *findings, const struct dataset *data) {
    fprintf(file,
            "<h2>How it was measured</h2>\n<p class=\"soft\">Networks of %zu-%zu-%zu-%zu units; stochastic gradient "
            "descent in batches of %d with learning rate %g falling to 0, momentum %g, weight decay %g (of prelu's "
            "slopes toward where they began) and gradients no longer than %g; images moved by up to 1/%d of "
            "their size in training; inputs of mean 0 and variance 1. Maxout has two linear pieces a unit, and so "
            "twice the weights. Losses are taken in evaluation mode over all training images. Seed %llu; all numbers "
            "but times repeat exactly on a machine, for any number of threads.</p>\n",
            data->pixels, contest_widths[0], contest_widths[1], data->classes, BATCH_ROWS, usual_recipe.rate,
            usual_recipe.momentum, usual_recipe.decay, usual_recipe.most_gradient, MOVE_PARTS,
            (unsigned long long)findings->settings.seed);
    if (data->is_bundled) {
        fputs("<p class=\"soft\">Digits: E. Alpaydin and C. Kaynak, “Optical Recognition of Handwritten Digits”, UCI "
              "Machine Learning Repository, 1998, doi:10.24432/C50P49, licensed CC&nbsp;BY&nbsp;4.0.</p>\n",
              file);
    }
    fputs("</body>\n</html>\n", file);
}

bool report_write(const char *path, const struct findings *findings, const struct dataset *data, bool show_times) {
    struct new_file file;
    if (!new_file_open(&file, path)) {
        return false;
    }
    write_head(file.stream, findings, data);
    write_contest(file.stream, findings, data, show_times);
    write_deep(file.stream, findings, data);
    write_dying(file.stream, findings);
    write_pictures(file.stream, findings, data);
    write_method(file.stream, findings, data);
    return new_file_close(&file);
}
