/* See options.h. */
#include "options.h"

#include "machine.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char usage[] =
    "usage: act_bench [OPTION...]\n"
    "\n"
    "Measures every activation beside the copy that its traffic allows at best and beside other systems, in one "
    "run.\n"
    "\n"
    "  --quick         a few cells an activation, in less than a minute\n"
    "  --all           every layout and size of every activation, not only of those that stand for others: hours\n"
    "  --filter REGEX  only cells whose name matches; --list shows the names\n"
    "  --threads LIST  numbers of threads, such as 1,4 (default: 1,2 where there are two processors)\n"
    "  --peers LIST    only these peers, such as oneDNN,PyTorch; \"none\" for none\n"
    "  --json FILE     where the results go (default: bench.json)\n"
    "  --list          names of the cells, and nothing else\n";

static bool read_threads(cell_options *cells, const char *text) {
    char *end;
    for (cells->thread_counts = 0; cells->thread_counts < 8; text = end + 1) {
        const long n = strtol(text, &end, 10);
        if (end == text || n < 1 || n > 64 || (*end && *end != ','))
            return false;
        cells->threads[cells->thread_counts++] = (int32_t)n;
        if (!*end)
            return true;
    }
    return false;
}

bool options_read(options *o, int argc, char **argv, int *status) {
    static const struct option known[] = {{"quick", no_argument, NULL, 'q'},
                                          {"all", no_argument, NULL, 'a'},
                                          {"filter", required_argument, NULL, 'f'},
                                          {"threads", required_argument, NULL, 't'},
                                          {"json", required_argument, NULL, 'j'},
                                          {"peers", required_argument, NULL, 'p'},
                                          {"list", no_argument, NULL, 'l'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    *o = (options){.json = "bench.json"};
    o->cells.threads[0] = 1;
    o->cells.threads[1] = 2;
    o->cells.thread_counts = machine_processors() > 1 ? 2 : 1;
    *status = 2;
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;)
        switch (c) {
        case 'q':
            o->cells.quick = true;
            break;
        case 'a':
            o->cells.all = true;
            break;
        case 'f':
            o->cells.filter = optarg;
            break;
        case 'j':
            o->json = optarg;
            break;
        case 'p':
            o->peers = optarg;
            break;
        case 'l':
            o->list = true;
            break;
        case 't':
            if (read_threads(&o->cells, optarg))
                break;
            fprintf(stderr, "--threads %s: expected numbers from 1 to 64 with commas between them\n", optarg);
            return false;
        case 'h':
            fputs(usage, stdout);
            *status = 0;
            return false;
        default:
            fputs(usage, stderr);
            return false;
        }
    if (optind < argc) {
        fputs(usage, stderr);
        return false;
    }
    o->contest = o->cells.quick ? (contest_options){.rounds = 5, .target = 20e3, .budget = 40e6}
                                : (contest_options){.rounds = 11, .target = 60e3, .budget = 250e6};
    return true;
}
