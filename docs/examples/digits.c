/*
 * Trains small networks on handwritten digits, each with another of nine activations, and shows,
 * measured, what is said of these functions. Start reading here; how the library is used is in
 * digits_layer.c.
 *
 *   digits_options  the command line          digits_contest, _deep, _dying  the three experiments
 *   digits_idx, _data  the images             digits_findings.h  what they find
 *   digits_layer, _net, _train  the networks  digits_table, _report, _plot  how it is shown
 *   digits_census  zeros and dead units       digits_console  complaints and progress
 *
 * cc -std=c11 -O2 digits*.c $(pkg-config --cflags --libs activations openblas) -lm -o digits
 */
#include "digits_console.h"
#include "digits_file.h"
#include "digits_findings.h"
#include "digits_options.h"
#include "digits_report.h"
#include "digits_table.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXIT_USAGE = 2 };

/* Each part is shown as soon as it is known. */
static bool run_and_print(struct findings *findings, const struct dataset *data, bool show_times) {
    print_introduction(&findings->settings, data);
    fflush(stdout);
    if (!run_contest(findings, data)) {
        return false;
    }
    print_contest(findings, show_times);
    fflush(stdout);
    if (!run_deep(findings, data)) {
        return false;
    }
    print_deep(findings);
    fflush(stdout);
    if (!run_dying(findings, data)) {
        return false;
    }
    print_dying(findings);
    return true;
}

static bool print_end(const char *report) {
    printf("Report: %s\n", report);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        complain("cannot write to standard output");
        return false;
    }
    return true;
}

static bool run(const struct options *options) {
    struct dataset data = {0};
    struct findings findings = {.settings = {options->epochs, options->seed}};
    /* OpenBLAS may round differently when it splits a product; the numbers shown are to repeat. */
    openblas_set_num_threads(1);
    bool done = new_file_is_possible(options->report) && dataset_load(&data, options->images, options->labels) &&
                (options->threads < 0 || went_well(act_set_num_threads(options->threads), "act_set_num_threads")) &&
                run_and_print(&findings, &data, options->show_times) &&
                report_write(options->report, &findings, &data, options->show_times) && print_end(options->report);
    findings_free(&findings);
    dataset_free(&data);
    return done;
}

int main(int count, char **arguments) {
    struct options options;
    if (!options_parse(&options, count, arguments)) {
        return EXIT_USAGE;
    }
    if (options.show_help) {
        options_help();
        return EXIT_SUCCESS;
    }
    return run(&options) ? EXIT_SUCCESS : EXIT_FAILURE;
}
