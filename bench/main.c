/* The benchmark; bench/README.md says how it is run and which rules it holds. */
#include "library.h"
#include "machine.h"
#include "options.h"
#include "results.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The programs of the peers that CMake found, as "act_bench_onednn act_bench_torch". */
static const char peer_programs[] = BENCH_PEERS;

enum { CELLS_BETWEEN_WRITES = 50 };

static bool wanted(const options *o, const char *name) {
    const size_t length = strlen(name);
    for (const char *at = o->peers; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (!strncasecmp(at, name, length) && (!at[length] || at[length] == ','))
            return true;
    return !o->peers;
}

/* Peers lie beside this program. Those that do not start are named and left out. */
static int start_peers(remote *peers, const options *o, const arena *memory) {
    char here[PATH_MAX], list[sizeof peer_programs], path[PATH_MAX + 64], *rest = list;
    const ssize_t length = readlink("/proc/self/exe", here, sizeof here - 1);
    int count = 0;
    memcpy(list, peer_programs, sizeof list);
    here[length < 0 ? 0 : length] = '\0';
    *(strrchr(here, '/') ? strrchr(here, '/') : here) = '\0';
    for (char *name; count < CONTEST_PEERS && (name = strtok_r(rest, " ", &rest));) {
        snprintf(path, sizeof path, "%s/%s", here, name);
        if (o->peers && !strcmp(o->peers, "none"))
            continue;
        if (!remote_start(&peers[count], path, memory))
            fprintf(stderr, "%s does not start and is left out\n", path);
        else if (wanted(o, peers[count].hello.name))
            count++;
        else
            remote_stop(&peers[count]);
    }
    return count;
}

static void print_versions(const remote *peers, int count) {
    printf("%s\n", library_peer.version());
    for (int i = 0; i < count; i++)
        printf("%s %s\n", peers[i].hello.name, peers[i].hello.version);
    fflush(stdout);
}

/* About how long a cell takes, in no unit. */
static double weight(const cell *c) { return 1 + (double)c->elements / 500e3; }

static void show_progress(const cell_list *cells, size_t done, double seconds) {
    static double last = -1e9;
    double all = 0, part = 0;
    char name[CELL_NAME_SIZE];
    const bool terminal = isatty(STDERR_FILENO);
    if (seconds - last < (terminal ? 0.1 : 30))
        return;
    last = seconds;
    for (size_t i = 0; i < cells->count; i++) {
        all += weight(&cells->at[i]);
        part += i < done ? weight(&cells->at[i]) : 0;
    }
    const double left = part > 0 ? seconds * (all - part) / part : 0;
    cell_name(name, &cells->at[done]);
    fprintf(stderr, terminal ? "\r\033[K%zu/%zu, about %d:%02d left: %s" : "%zu/%zu, about %d:%02d left: %s\n",
            done + 1, cells->count, (int)left / 60, (int)left % 60, name);
}

static bool run_cells(cell_list *cells, results *found, const arena *memory, remote *peers, int peer_count,
                      const contest_options *contest) {
    const double start = timing_now();
    bool ok = true;
    for (size_t i = 0; i < cells->count; i++) {
        contest_results one;
        char name[CELL_NAME_SIZE];
        cell_name(name, &cells->at[i]);
        show_progress(cells, i, (timing_now() - start) / 1e9);
        if (arena_bytes_of(&cells->at[i]) * 3 / 2 > machine_available() + arena_resident(memory)) {
            fprintf(stderr, "\nleft out, for want of memory: %s\n", name);
        } else if (!contest_run(&one, &cells->at[i], memory, peers, peer_count, contest)) {
            fprintf(stderr, "\nfailed: %s\n", name);
            ok = false;
        } else {
            ok &= results_add(found, &cells->at[i], &one);
        }
        if (i % CELLS_BETWEEN_WRITES == 0)
            results_write(found);
    }
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K");
    return ok;
}

static int list(const cell_list *cells) {
    char name[CELL_NAME_SIZE];
    for (size_t i = 0; i < cells->count; i++) {
        cell_name(name, &cells->at[i]);
        puts(name);
    }
    return 0;
}

static int measure(const options *o, cell_list *cells, const char *command) {
    remote peers[CONTEST_PEERS];
    arena memory;
    if (!arena_create(&memory, cells)) {
        fprintf(stderr, "no memory for the tensors: %s\n", strerror(errno));
        return 1;
    }
    const int count = start_peers(peers, o, &memory);
    print_versions(peers, count);
    results *found = results_create(o->json, peers, count, command);
    bool ok = found && run_cells(cells, found, &memory, peers, count, &o->contest);
    for (int i = 0; i < count; i++)
        remote_stop(&peers[i]);
    if (found)
        results_finish(found);
    if (found && !results_write(found)) {
        fprintf(stderr, "%s: %s\n", o->json, strerror(errno));
        ok = false;
    }
    if (found) {
        results_warn(found);
        results_destroy(found);
    }
    arena_destroy(&memory);
    return ok ? 0 : 1;
}

int main(int argc, char **argv) {
    options o;
    cell_list cells;
    char command[256] = "";
    int status;
    for (int i = 1; i < argc; i++) {
        const size_t used = strlen(command);
        if (!strcmp(argv[i], "--json")) /* where the results lie says nothing about them */
            i++;
        else
            snprintf(command + used, sizeof command - used, "%s%s", used ? " " : "", argv[i]);
    }
    if (!options_read(&o, argc, argv, &status))
        return status;
    const char *problem = cells_list(&cells, &o.cells);
    if (!problem && cells.count == 0)
        problem = "no cell has such a name";
    if (problem)
        fprintf(stderr, "act_bench: %s\n", problem);
    status = problem ? 2 : o.list ? list(&cells) : measure(&o, &cells, command);
    free(cells.at);
    return status;
}
