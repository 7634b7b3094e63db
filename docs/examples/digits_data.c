/*
 * Makes a data set of two IDX files. Called by digits.c. The split follows the order of the file, because
 * neighbours in such files come from the same writer: shuffled across the split, the test would be on
 * hands seen in training.
 */
#include "digits_data.h"
#include "digits_console.h"
#include "digits_idx.h"

#include <math.h>
#include <stdlib.h>

static const uint64_t bundled_images_hash = UINT64_C(0x493FA2F67DF550A1);

enum { LEAST_IMAGES = 5, MOST_PIXELS = 1 << 20 };

static bool sizes_fit(const struct idx *images, const struct idx *labels, const char *images_path,
                      const char *labels_path) {
    if (images->extent[0] != labels->extent[0]) {
        complain("%s has %zu images, but %s has %zu labels", images_path, images->extent[0], labels_path,
                 labels->extent[0]);
        return false;
    }
    if (images->extent[0] < LEAST_IMAGES) {
        complain("%s: has %zu images, expected %d or more to train and test on", images_path, images->extent[0],
                 LEAST_IMAGES);
        return false;
    }
    if (images->extent[1] > MOST_PIXELS / images->extent[2]) {
        complain("%s: images of %zu x %zu pixels, expected at most %d pixels", images_path, images->extent[1],
                 images->extent[2], MOST_PIXELS);
        return false;
    }
    return true;
}

static void count_classes(struct dataset *data) {
    uint8_t greatest = 0;
    for (size_t i = 0; i < data->count; i++) {
        greatest = data->labels[i] > greatest ? data->labels[i] : greatest;
    }
    data->classes = (size_t)greatest + 1;
}

static double variance_of_training(const struct dataset *data) {
    double square = 0;
    for (size_t i = 0; i < data->train_count; i++) {
        for (size_t j = 0; j < data->pixels; j++) {
            double centred = data->images[i * data->pixels + j] - (double)data->mean[j];
            square += centred * centred;
        }
    }
    return square / ((double)data->train_count * (double)data->pixels);
}

/* Only the training part decides the scale: the test part must stay unseen. */
static bool scale_inputs(struct dataset *data) {
    data->mean = allocate(data->pixels, sizeof *data->mean);
    data->inputs = allocate(data->count * data->pixels, sizeof *data->inputs);
    if (data->mean == NULL || data->inputs == NULL) {
        return false;
    }
    for (size_t j = 0; j < data->pixels; j++) {
        double sum = 0;
        for (size_t i = 0; i < data->train_count; i++) {
            sum += data->images[i * data->pixels + j];
        }
        data->mean[j] = (float)(sum / (double)data->train_count);
    }
    double variance = variance_of_training(data);
    data->scale = variance > 1e-6 ? (float)(1 / sqrt(variance)) : 1;
    for (size_t k = 0; k < data->count * data->pixels; k++) {
        data->inputs[k] = (data->images[k] - data->mean[k % data->pixels]) * data->scale;
        data->brightest = data->images[k] > data->brightest ? data->images[k] : data->brightest;
    }
    return true;
}

/* FNV-1a: enough to know the files that come with this program from others. */
static uint64_t hash(const uint8_t *bytes, size_t count) {
    uint64_t value = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < count; i++) {
        value = (value ^ bytes[i]) * UINT64_C(0x100000001B3);
    }
    return value;
}

bool dataset_load(struct dataset *out, const char *images_path, const char *labels_path) {
    struct idx images = {0}, labels = {0};
    if (!idx_read(&images, images_path, 3) || !idx_read(&labels, labels_path, 1) ||
        !sizes_fit(&images, &labels, images_path, labels_path)) {
        idx_free(&images);
        idx_free(&labels);
        return false;
    }
    struct dataset data = {
        .count = images.extent[0],
        .train_count = images.extent[0] / 5 * 4 + images.extent[0] % 5 * 4 / 5,
        .rows = images.extent[1],
        .columns = images.extent[2],
        .pixels = images.extent[1] * images.extent[2],
        .labels = labels.data,
        .images = images.data,
        .brightest = 1,
    };
    data.is_bundled = hash(data.images, data.count * data.pixels) == bundled_images_hash;
    count_classes(&data);
    if (!scale_inputs(&data)) {
        dataset_free(&data);
        return false;
    }
    *out = data;
    return true;
}

void dataset_free(struct dataset *data) {
    free(data->inputs);
    free(data->mean);
    free(data->labels);
    free(data->images);
    *data = (struct dataset){0};
}

static double pixel_or_paper(const struct dataset *data, const uint8_t *image, ptrdiff_t row, ptrdiff_t column) {
    bool inside = row >= 0 && row < (ptrdiff_t)data->rows && column >= 0 && column < (ptrdiff_t)data->columns;
    return inside ? image[row * (ptrdiff_t)data->columns + column] : 0;
}

void dataset_moved(float *input, const struct dataset *data, size_t image, double down, double right) {
    const uint8_t *pixels = data->images + image * data->pixels;
    ptrdiff_t rows_off = (ptrdiff_t)floor(-down), columns_off = (ptrdiff_t)floor(-right);
    double lower = -down - (double)rows_off, righter = -right - (double)columns_off;
    for (size_t j = 0; j < data->pixels; j++) {
        ptrdiff_t row = (ptrdiff_t)(j / data->columns) + rows_off;
        ptrdiff_t column = (ptrdiff_t)(j % data->columns) + columns_off;
        double above = (1 - righter) * pixel_or_paper(data, pixels, row, column) +
                       righter * pixel_or_paper(data, pixels, row, column + 1);
        double below = (1 - righter) * pixel_or_paper(data, pixels, row + 1, column) +
                       righter * pixel_or_paper(data, pixels, row + 1, column + 1);
        input[j] = (float)((1 - lower) * above + lower * below - (double)data->mean[j]) * data->scale;
    }
}
