/* Parses the command line. Called by digits.c. Both "--epochs 5" and "--epochs=5" are understood. */
#include "digits_options.h"
#include "digits_console.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_EPOCHS = 10000, MOST_THREADS = 1024 };

static const struct options defaults = {
    .images = "docs/examples/data/digits-images.idx3-ubyte",
    .labels = "docs/examples/data/digits-labels.idx1-ubyte",
    .report = "digits-report.html",
    .epochs = 30,
    .seed = 1,
    .threads = -1,
    .show_times = true,
};

void options_help(void) {
    printf("Trains small networks on handwritten digits, each with another of nine\n"
           "activations, prints what was measured, and writes a report with plots.\n"
           "\n"
           "usage: digits [options]\n"
           "  --images F   images, an IDX file such as MNIST's, not compressed\n"
           "               (default %s)\n"
           "  --labels F   their labels, an IDX file\n"
           "               (default %s)\n"
           "  --report F   where the report goes (default %s)\n"
           "  --epochs N   times that each network sees the training images\n"
           "               (1 to %d; default %zu; large sets need fewer)\n"
           "  --seed N     of weights, orders and slopes; equal seeds give equal numbers\n"
           "               (default %llu)\n"
           "  --threads N  threads that the library may use, 0 for all\n"
           "               (default: what ACT_NUM_THREADS says, or 1)\n"
           "  --no-times   leave out times, the only numbers that differ from run to run\n"
           "  --help       this text\n",
           defaults.images, defaults.labels, defaults.report, MOST_EPOCHS, defaults.epochs,
           (unsigned long long)defaults.seed);
}

static bool parse_number(uint64_t *out, const char *option, const char *text, uint64_t least, uint64_t most) {
    char *end = NULL;
    errno = 0;
    unsigned long long number = isdigit((unsigned char)text[0]) ? strtoull(text, &end, 10) : 0;
    if (end == NULL || *end != '\0' || errno != 0 || number < least || number > most) {
        complain("%s: expected a whole number from %llu to %llu, found \"%s\"", option, (unsigned long long)least,
                 (unsigned long long)most, text);
        return false;
    }
    *out = number;
    return true;
}

static bool parse_path(const char **out, const char *option, const char *text) {
    if (text[0] == '\0') {
        complain("%s: expected the name of a file, found nothing", option);
        return false;
    }
    *out = text;
    return true;
}

static bool set_value(struct options *options, const char *option, const char *value) {
    uint64_t number;
    if (strcmp(option, "--images") == 0) {
        return parse_path(&options->images, option, value);
    }
    if (strcmp(option, "--labels") == 0) {
        return parse_path(&options->labels, option, value);
    }
    if (strcmp(option, "--report") == 0) {
        return parse_path(&options->report, option, value);
    }
    if (strcmp(option, "--seed") == 0) {
        return parse_number(&options->seed, option, value, 0, UINT64_MAX);
    }
    if (strcmp(option, "--epochs") == 0) {
        bool parsed = parse_number(&number, option, value, 1, MOST_EPOCHS);
        options->epochs = parsed ? (size_t)number : 0;
        return parsed;
    }
    bool parsed = parse_number(&number, option, value, 0, MOST_THREADS);
    options->threads = parsed ? (int)number : 0;
    return parsed;
}

static bool takes_value(const char *option) {
    static const char *const known[] = {"--images", "--labels", "--report", "--epochs", "--seed", "--threads"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(option, known[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Takes arguments[*index] and, where it stands apart, its value. */
static bool parse_one(struct options *options, int *index, int count, char **arguments) {
    char option[16];
    const char *argument = arguments[*index], *equals = strchr(argument, '=');
    size_t length = equals != NULL ? (size_t)(equals - argument) : strlen(argument);
    snprintf(option, sizeof option, "%.*s", length < sizeof option ? (int)length : 0, argument);
    if (takes_value(option)) {
        if (equals == NULL && *index + 1 == count) {
            complain("%s: expected a value after it", option);
            return false;
        }
        return set_value(options, option, equals != NULL ? equals + 1 : arguments[++*index]);
    }
    if (strcmp(argument, "--no-times") == 0) {
        options->show_times = false;
    } else if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
        options->show_help = true;
    } else {
        complain("unknown option \"%s\"; --help lists those there are", argument);
        return false;
    }
    return true;
}

bool options_parse(struct options *out, int count, char **arguments) {
    struct options options = defaults;
    for (int i = 1; i < count; i++) {
        if (!parse_one(&options, &i, count, arguments)) {
            return false;
        }
    }
    *out = options;
    return true;
}
