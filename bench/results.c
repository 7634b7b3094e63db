/* See results.h. Called by main.c. */
#include "results.h"

#include "library.h"
#include "machine.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Above these, differences of a tenth mean nothing. */
static const double noisy_spread = 0.1, busy_machine = 0.1;

typedef struct entry {
    cell cell;
    contest_results found;
} entry;

struct results {
    char path[4096], command[256];
    const remote *peers;
    int peer_count;
    entry *at;
    size_t count, room;
    double busy, busy_after; /* before the first cell, and after the last one */
    time_t start;
};

results *results_create(const char *path, const remote *peers, int peer_count, const char *command) {
    results *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    snprintf(r->path, sizeof r->path, "%s", path);
    snprintf(r->command, sizeof r->command, "%s", command);
    r->peers = peers;
    r->peer_count = peer_count;
    r->busy = machine_busy();
    r->start = time(NULL);
    return r;
}

void results_destroy(results *r) {
    free(r->at);
    free(r);
}

bool results_add(results *r, const cell *c, const contest_results *found) {
    if (r->count == r->room) {
        const size_t room = r->room ? 2 * r->room : 256;
        entry *grown = realloc(r->at, room * sizeof *grown);
        if (!grown)
            return false;
        r->at = grown;
        r->room = room;
    }
    r->at[r->count++] = (entry){*c, *found};
    return true;
}

/* The median over all cells of how far a limit's median is from its minimum. */
static double spread(const results *r) {
    double *all = malloc((r->count + 1) * sizeof *all), middle = 0;
    size_t n = 0;
    for (size_t i = 0; all && i < r->count; i++)
        for (int k = 0; k < r->at[i].found.count; k++)
            if (!strcmp(r->at[i].found.at[k].who, "limit"))
                all[n++] = r->at[i].found.at[k].spread;
    for (size_t i = 0; i < n; i++) { /* half of them are below it; n is a few thousand at most */
        size_t below = 0;
        for (size_t k = 0; k < n; k++)
            below += all[k] < all[i] || (all[k] == all[i] && k < i);
        if (below == n / 2)
            middle = all[i];
    }
    free(all);
    return middle;
}

static void write_run(const results *r, json *j) {
    char text[64];
    struct tm utc;
    json_object(j);
    machine_describe(j);
    json_text(j, "compiler", __VERSION__);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&r->start, &utc));
    json_text(j, "date", text);
    json_text(j, "command", r->command);
    json_integer(j, "seconds", (int64_t)(time(NULL) - r->start));
    json_number(j, "busy_before", r->busy);
    json_number(j, "busy_after", r->busy_after);
    json_number(j, "spread_of_limits", spread(r));
    json_text(j, "activations", library_peer.version());
    for (int i = 0; i < r->peer_count; i++)
        json_text(j, r->peers[i].hello.name, r->peers[i].hello.version);
    for (size_t i = 0; i < r->count; i++)
        if (r->at[i].found.refused[0]) {
            char name[CELL_NAME_SIZE], key[CELL_NAME_SIZE + 16];
            cell_name(name, &r->at[i].cell);
            snprintf(key, sizeof key, "differs: %s", name);
            json_text(j, key, r->at[i].found.refused);
        }
    json_close(j);
}

static void write_entry(const entry *e, json *j) {
    const cell *c = &e->cell;
    for (int i = 0; i < e->found.count; i++) {
        const contest_result *found = &e->found.at[i];
        json_object(j);
        json_text(j, "function", c->function);
        json_text(j, "direction", cell_direction_name(c->direction));
        json_text(j, "dtype", cell_dtype_name(c->dtype));
        json_text(j, "layout", c->layout);
        json_integer(j, "elements", c->elements);
        json_integer(j, "threads", c->threads);
        json_text(j, "who", found->who);
        json_number(j, "median_ns", found->median);
        json_number(j, "min_ns", found->minimum);
        json_number(j, "ns_per_element", found->median / (double)c->elements);
        json_number(j, "gb_per_s", (double)cell_bytes(c) / found->median);
        json_integer(j, "rounds", found->rounds);
        json_close(j);
    }
}

bool results_write(results *r) {
    char unfinished[sizeof r->path + 8];
    snprintf(unfinished, sizeof unfinished, "%s.part", r->path);
    FILE *file = fopen(unfinished, "w");
    json j;
    if (!file)
        return false;
    json_begin(&j, file);
    write_run(r, &j);
    for (size_t i = 0; i < r->count; i++)
        write_entry(&r->at[i], &j);
    const bool whole = json_end(&j);
    return (fclose(file) == 0) & whole && rename(unfinished, r->path) == 0;
}

void results_finish(results *r) { r->busy_after = machine_busy(); }

void results_warn(const results *r) {
    const double busy = r->busy > r->busy_after ? r->busy : r->busy_after;
    char name[CELL_NAME_SIZE];
    int differing = 0;
    for (size_t i = 0; i < r->count; i++)
        if (r->at[i].found.refused[0] && differing++ < 20) {
            cell_name(name, &r->at[i].cell);
            fprintf(stderr, "not timed, since its output differs: %s: %s\n", name, r->at[i].found.refused);
        }
    if (differing > 20)
        fprintf(stderr, "... and %d more; all are in the first object of %s\n", differing - 20, r->path);
    if (busy > busy_machine)
        fprintf(stderr,
                "WARNING: too noisy to conclude: other programs keep %.0f %% of this machine busy. Several threads "
                "suffer\n"
                "most. Run it again when the machine is quiet.\n",
                100 * busy);
    if (spread(r) > noisy_spread)
        fprintf(
            stderr,
            "WARNING: too noisy to conclude: in half of the cells the limit's median is %.0f %% or more above its\n"
            "own minimum.\n",
            100 * spread(r));
}
