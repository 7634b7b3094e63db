/* A line plot as SVG inside HTML. Colours come from the style sheet, by the class of a series. */
#ifndef DIGITS_PLOT_H
#define DIGITS_PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { MOST_SERIES = 16 };

struct series {
    const char *label;
    const char *style;    /* classes of its line */
    const double *values; /* at x = first, first + 1, ...; those that are not finite are left out */
};

struct plot {
    const char *title; /* for those who cannot see it */
    const char *x_label, *y_label;
    size_t first, count;      /* of x */
    bool is_logarithmic;      /* in y; values that are not positive are left out */
    bool is_share;            /* y is 0 to 1 and shown as 0 to 100 % */
    bool legend_by_first;     /* the legend follows the order of the first values, not of the last, and shows them */
    const char *legend_label; /* of the values in the legend */
    size_t series_count;
    struct series series[MOST_SERIES];
};

void plot_write(FILE *file, const struct plot *plot);

#endif
