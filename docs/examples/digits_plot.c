/*
 * Draws a line plot: frame with ticks, lines, and a legend beside it in the order of the lines, with the
 * value of each, so that lines on top of each other can still be told apart. Called by digits_report.c.
 */
#include "digits_plot.h"

#include <math.h>
#include <stdlib.h>

enum { WIDTH = 780, HEIGHT = 400, LEFT = 72, RIGHT = 530, TOP = 14, BOTTOM = 346, LEGEND = 548, LEGEND_STEP = 24 };

struct axis {
    double low, high; /* of the values; of their logarithms to base 10 where is_logarithmic */
    bool is_logarithmic;
};

static bool is_drawn(const struct plot *plot, double value) {
    return isfinite(value) && (!plot->is_logarithmic || value > 0);
}

/* The greatest of 1, 2 and 5 times a power of ten that is not above the value. */
static double nice_below(double value) {
    double power = pow(10, floor(log10(value)));
    double digits = value / power * (1 + 1e-9);
    return power * (digits >= 5 ? 5 : digits >= 2 ? 2 : 1);
}

static double nice_above(double value) {
    double below = nice_below(value);
    if (below >= value * (1 - 1e-9)) {
        return below;
    }
    return nice_below(below * 2.5 * (1 + 1e-9)); /* 1 to 2, 2 to 5, 5 to 10 */
}

static struct axis y_axis(const struct plot *plot) {
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < plot->series_count; i++) {
        for (size_t j = 0; j < plot->count; j++) {
            double value = plot->series[i].values[j];
            if (is_drawn(plot, value)) {
                least = fmin(least, value);
                most = fmax(most, value);
            }
        }
    }
    if (plot->is_share) {
        return (struct axis){0, 1, false};
    }
    if (!plot->is_logarithmic) {
        return (struct axis){0, most > 0 ? nice_above(most) : 1, false};
    }
    if (least > most) {
        return (struct axis){0, 1, true};
    }
    double low = nice_below(least), high = nice_above(most);
    return (struct axis){log10(low), log10(high > 1.5 * low ? high : 2 * low), true};
}

static double x_of(const struct plot *plot, double index) {
    return plot->count > 1 ? LEFT + (RIGHT - LEFT) * index / (double)(plot->count - 1) : (LEFT + RIGHT) / 2.0;
}

static double y_of(const struct axis *axis, double value) {
    double place = axis->is_logarithmic ? log10(value) : value;
    return BOTTOM - (BOTTOM - TOP) * (place - axis->low) / (axis->high - axis->low);
}

static void write_power_of_ten(FILE *file, int exponent) {
    static const char *const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    int size = abs(exponent);
    fprintf(file, "10%s", exponent < 0 ? "⁻" : "");
    for (int place = 100; place > 0; place /= 10) {
        if (size >= place || place == 1) {
            fputs(digits[size / place % 10], file);
        }
    }
}

static void write_y_tick(FILE *file, const struct plot *plot, const struct axis *axis, double value) {
    double y = y_of(axis, value);
    fprintf(file, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, RIGHT, y, y);
    fprintf(file, "<text class=\"end\" x=\"%d\" y=\"%.1f\">", LEFT - 10, y + 5);
    if (plot->is_share) {
        fprintf(file, "%.0f %%", 100 * value);
    } else if (axis->is_logarithmic && (axis->low < -3.5 || axis->high > 4.5) && value != 1) {
        write_power_of_ten(file, (int)lround(log10(value)));
    } else {
        fprintf(file, "%g", value);
    }
    fputs("</text>\n", file);
}

/* Powers of ten, thinned out where there are many; their 2 and 5 folds too where there are few. */
static void write_logarithmic_ticks(FILE *file, const struct plot *plot, const struct axis *axis) {
    double decades = axis->high - axis->low;
    int every = (int)ceil(decades / 9), first = (int)ceil(axis->low - 1e-9), last = (int)floor(axis->high + 1e-9);
    for (int exponent = first - 1; exponent <= last; exponent++) {
        for (int digit = 1; digit <= 5; digit += digit == 1 ? 1 : 3) {
            double place = exponent + log10(digit);
            bool is_wanted = digit == 1 ? exponent % every == 0 : decades < 1.5;
            if (is_wanted && place > axis->low - 1e-9 && place < axis->high + 1e-9) {
                write_y_tick(file, plot, axis, digit * pow(10, exponent));
            }
        }
    }
}

static void write_y_axis(FILE *file, const struct plot *plot, const struct axis *axis) {
    if (axis->is_logarithmic) {
        write_logarithmic_ticks(file, plot, axis);
    } else {
        for (int i = 0; i <= 5; i++) {
            write_y_tick(file, plot, axis, axis->low + (axis->high - axis->low) * i / 5);
        }
    }
    fprintf(file, "<text class=\"middle\" transform=\"translate(16 %d) rotate(-90)\">%s</text>\n", (TOP + BOTTOM) / 2,
            plot->y_label);
}

static void write_x_axis(FILE *file, const struct plot *plot) {
    size_t last = plot->first + plot->count - 1;
    size_t step = last > 10 ? (size_t)nice_above((double)last / 10) : 1;
    for (size_t x = (plot->first + step - 1) / step * step; x <= last; x += step) {
        double place = x_of(plot, (double)(x - plot->first));
        fprintf(file,
                "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
                "<text class=\"middle\" x=\"%.1f\" y=\"%d\">%zu</text>\n",
                place, place, BOTTOM, BOTTOM + 5, place, BOTTOM + 22, x);
    }
    fprintf(file, "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>", LEFT, RIGHT, BOTTOM, BOTTOM);
    fprintf(file, "<text class=\"middle\" x=\"%d\" y=\"%d\">%s</text>\n", (LEFT + RIGHT) / 2, HEIGHT - 8,
            plot->x_label);
}

static void write_line(FILE *file, const struct plot *plot, const struct axis *axis, const struct series *series) {
    bool pen_is_down = false;
    fprintf(file, "<path class=\"line %s\" d=\"", series->style);
    for (size_t j = 0; j < plot->count; j++) {
        double value = series->values[j];
        if (is_drawn(plot, value)) {
            fprintf(file, "%c%.1f %.1f", pen_is_down ? 'L' : 'M', x_of(plot, (double)j), y_of(axis, value));
        }
        pen_is_down = is_drawn(plot, value);
    }
    fputs("\"/>\n", file);
}

static double legend_value(const struct plot *plot, size_t series) {
    return plot->series[series].values[plot->legend_by_first ? 0 : plot->count - 1];
}

/* The series in the order of their lines, highest first, what is not finite last. */
static void order_of_legend(size_t *order, const struct plot *plot) {
    for (size_t i = 0; i < plot->series_count; i++) {
        double value = legend_value(plot, i);
        size_t place = i;
        while (place > 0 && !(legend_value(plot, order[place - 1]) >= value) && !isnan(value)) {
            order[place] = order[place - 1];
            place--;
        }
        order[place] = i;
    }
}

static void write_legend(FILE *file, const struct plot *plot) {
    size_t order[MOST_SERIES];
    order_of_legend(order, plot);
    fprintf(file, "<text class=\"end value\" x=\"%d\" y=\"%d\">%s</text>\n", WIDTH - 2, TOP + 17, plot->legend_label);
    for (size_t i = 0; i < plot->series_count; i++) {
        const struct series *series = &plot->series[order[i]];
        double value = legend_value(plot, order[i]);
        int y = TOP + 12 + (int)(i + 1) * LEGEND_STEP;
        fprintf(file,
                "<path class=\"line %s\" d=\"M%d %dh28\"/><text x=\"%d\" y=\"%d\">%s</text>"
                "<text class=\"end value\" x=\"%d\" y=\"%d\">",
                series->style, LEGEND, y, LEGEND + 36, y + 5, series->label, WIDTH - 2, y + 5);
        if (!isfinite(value)) {
            fputs("diverged", file);
        } else if (plot->is_share) {
            fprintf(file, "%.1f %%", 100 * value);
        } else if (value > 0 && value < 1e-4) {
            int exponent = (int)floor(log10(value));
            fprintf(file, "%.0f·", value / pow(10, exponent));
            write_power_of_ten(file, exponent);
        } else {
            fprintf(file, fabs(value) < 9.95 ? "%#.2g" : "%.0f", value);
        }
        fputs("</text>\n", file);
    }
}

void plot_write(FILE *file, const struct plot *plot) {
    struct axis axis = y_axis(plot);
    fprintf(file, "<div class=\"wide\"><svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
            WIDTH, HEIGHT, plot->title);
    write_y_axis(file, plot, &axis);
    write_x_axis(file, plot);
    for (size_t i = 0; i < plot->series_count; i++) {
        write_line(file, plot, &axis, &plot->series[i]);
    }
    write_legend(file, plot);
    fputs("</svg></div>\n", file);
}
