/* The data set: images scaled for a network, their labels, and which of them train and which test. */
#ifndef DIGITS_DATA_H
#define DIGITS_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dataset {
    size_t count; /* images; the first train_count train, the rest test */
    size_t train_count;
    size_t rows, columns;
    size_t pixels;     /* rows * columns */
    size_t classes;    /* greatest label + 1 */
    float *inputs;     /* count x pixels: mean 0 at each pixel, variance 1 overall, by the training part */
    float *mean;       /* pixels: what was taken off, */
    float scale;       /* and what the rest was multiplied by */
    uint8_t *labels;   /* count */
    uint8_t *images;   /* count x pixels, as read */
    uint8_t brightest; /* greatest pixel value, at least 1 */
    bool is_bundled;   /* the images that come with this program, whose authors are to be named */
};

/* Reads and checks both files; says what is wrong with them. */
bool dataset_load(struct dataset *out, const char *images_path, const char *labels_path);
void dataset_free(struct dataset *data);

/*
 * The input that an image would be if it were moved by these parts of a pixel; what moves in from outside
 * is 0, the paper. Training on images moved a little makes a small set go further.
 */
void dataset_moved(float *input, const struct dataset *data, size_t image, double down, double right);

#endif
