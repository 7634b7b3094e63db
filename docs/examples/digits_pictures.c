/* Draws test images as SVG, a rectangle for each run of equal pixels. Called by digits_report.c. */
#include "digits_pictures.h"

enum { MOST_OF_A_KIND = 10, MOST_PIXELS_ACROSS = 32 };

/* Large images are drawn by every so many pixels only. */
static size_t stride_for(size_t size) { return (size + MOST_PIXELS_ACROSS - 1) / MOST_PIXELS_ACROSS; }

static void write_image(FILE *file, const struct dataset *data, size_t image) {
    const uint8_t *pixels = data->images + image * data->pixels;
    size_t down = stride_for(data->rows), right = stride_for(data->columns);
    size_t height = (data->rows + down - 1) / down, width = (data->columns + right - 1) / right;
    fprintf(file, "<svg viewBox=\"0 0 %zu %zu\" shape-rendering=\"crispEdges\" aria-hidden=\"true\">", width, height);
    for (size_t i = 0; i < height; i++) {
        const uint8_t *row = pixels + i * down * data->columns;
        for (size_t j = 0, end; j < width; j = end) {
            for (end = j + 1; end < width && row[end * right] == row[j * right]; end++) {
            }
            if (row[j * right] > 0) {
                fprintf(file, "<rect x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"1\" opacity=\"%.2f\"/>", j, i,
                        end - j, (double)row[j * right] / data->brightest);
            }
        }
    }
    fputs("</svg>", file);
}

/* The first few that the network got right, or wrong. */
static void write_some(FILE *file, const struct dataset *data, const uint8_t *guesses, bool right) {
    size_t written = 0;
    fputs("<div class=\"digits\">\n", file);
    for (size_t i = data->train_count; i < data->count && written < MOST_OF_A_KIND; i++) {
        uint8_t label = data->labels[i], guess = guesses[i - data->train_count];
        if ((label == guess) != right) {
            continue;
        }
        fprintf(file, "<figure%s>", right ? "" : " class=\"wrong\"");
        write_image(file, data, i);
        fprintf(file,
                right ? "<figcaption>%d</figcaption></figure>\n" : "<figcaption>%d, not %d</figcaption></figure>\n",
                guess, label);
        written++;
    }
    fputs("</div>\n", file);
}

void write_pictures(FILE *file, const struct findings *findings, const struct dataset *data) {
    const struct contender *best = best_contender(findings);
    size_t tested = data->count - data->train_count, wrong = 0;
    for (size_t i = 0; i < tested; i++) {
        wrong += best->guesses[i] != data->labels[data->train_count + i];
    }
    fprintf(file,
            "<h2>What the best network saw</h2>\n<p>The network with %s was right on %zu of the %zu test images and "
            "wrong on %zu.</p>\n",
            best->name, tested - wrong, tested, wrong);
    if (wrong < tested) {
        fputs("<p>Some that it read rightly, with its guess:</p>\n", file);
        write_some(file, data, best->guesses, true);
    }
    if (wrong > 0) {
        fputs("<p>Some that it did not, with its guess and the label:</p>\n", file);
        write_some(file, data, best->guesses, false);
    }
}
