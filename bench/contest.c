/* See contest.h. Called by main.c. */
#include "contest.h"

#include "agreement.h"
#include "blas_limit.h"
#include "library.h"
#include "limit.h"

#include <stdio.h>
#include <string.h>

static const double long_round = 10e6; /* nanoseconds; longer ones are tried once only */

/* Somebody who is measured: here, or in a process of its own. */
typedef struct contestant {
    const peer *local; /* or NULL */
    remote *remote;
    void *object;
    timing_plan plan;
    double cost, trial, time[CONTEST_ROUNDS]; /* cost: nanoseconds of one round, warm-up included */
    int rounds, wanted;
    char who[32], detail[48];
    bool limit;
} contestant;

typedef struct field {
    contestant at[CONTEST_MOST];
    int count;
    cell *cell;
    const arena *memory;
    const contest_options *options;
} field;

static double play_local(contestant *k, int threads) {
    const double time = timing_round(k->local, k->object, &k->plan);
    if (threads > 1)
        timing_settle();
    return time;
}

/* Nanoseconds a call, or a negative number where the peer died. */
static double play(contestant *k, int threads) {
    remote_answer answer;
    if (k->local)
        return play_local(k, threads);
    return remote_ask(k->remote, &(remote_request){.operation = REMOTE_ROUND}, &answer) ? answer.value : -1;
}

static bool plan(contestant *k, const field *f) {
    remote_answer answer;
    if (k->local) {
        k->plan = timing_make_plan(k->local, k->object, f->cell, f->memory, f->options->target);
        k->cost = k->plan.cost;
    } else {
        if (!remote_ask(k->remote, &(remote_request){.operation = REMOTE_PLAN, .target = f->options->target},
                        &answer))
            return false;
        k->cost = answer.value;
    }
    const double patience = f->cell->maxout.rows ? 4 : 1; /* few cells, with long calls */
    const double affordable = patience * f->options->budget / (k->cost + 1);
    k->wanted = affordable < 3 ? 3 : affordable > f->options->rounds ? f->options->rounds : (int)affordable;
    return true;
}

static void leave(contestant *k) {
    remote_answer answer;
    if (k->local && k->object)
        k->local->destroy(k->object);
    else if (k->remote)
        remote_ask(k->remote, &(remote_request){.operation = REMOTE_DROP}, &answer);
    k->object = NULL;
}

static contestant *enter(field *f, const peer *local, void *object, remote *from) {
    contestant *k = &f->at[f->count++];
    *k = (contestant){.local = local, .object = object, .remote = from};
    snprintf(k->who, sizeof k->who, "%s", local ? local->name : from->hello.name);
    return k;
}

/* ---- who takes part ---- */

static void enter_peer(field *f, remote *from, const agreement *expected, contest_results *results) {
    remote_answer answer;
    const remote_request prepare = {.operation = REMOTE_PREPARE, .cell = *f->cell};
    if (!remote_ask(from, &prepare, &answer))
        return;
    agreement_reset(expected);
    if (!remote_ask(from, &(remote_request){.operation = REMOTE_ONCE}, &answer))
        return;
    const remote_answer *h = &from->hello;
    const double distance = agreement_distance(expected, h->float32, h->float64, h->half);
    if (distance <= 1) {
        enter(f, NULL, NULL, from);
        return;
    }
    const size_t used = strlen(results->refused);
    snprintf(results->refused + used, sizeof results->refused - used, "%s%s (%.3g times the tolerance)",
             used ? ", " : "", h->name, distance);
    remote_ask(from, &(remote_request){.operation = REMOTE_DROP}, &answer);
}

static double trial(contestant *k, const field *f) {
    double times[3];
    plan(k, f);
    const int count = k->cost < long_round ? 3 : 1;
    for (int i = 0; i < count; i++)
        times[i] = play(k, f->cell->threads);
    return timing_minimum(times, count);
}

static void drop(field *f, int index) {
    leave(&f->at[index]);
    f->at[index] = f->at[--f->count];
}

static int slowest_from(const field *f, int first) {
    int slowest = first;
    for (int i = first; i < f->count; i++)
        slowest = f->at[i].trial > f->at[slowest].trial ? i : slowest;
    return slowest;
}

/* The two best ways of copying take part; the better one in the end is the limit. */
static void enter_limit(field *f) {
    const int first = f->count;
    for (int which = 0; which < limit_count(); which++) {
        const peer *way = limit_peer(which);
        void *object = way->prepare(f->cell, f->memory);
        if (!object)
            continue;
        contestant *k = enter(f, way, object, NULL);
        snprintf(k->detail, sizeof k->detail, "%s", limit_name(which));
        k->limit = true;
        k->trial = trial(k, f);
        if (f->count - first > 2)
            drop(f, slowest_from(f, first));
    }
}

static void enter_blas(field *f) {
    for (int which = 0; f->cell->maxout.rows && which < BLAS_LIMITS; which++) {
        const peer *way = blas_limit_peer(which);
        void *object = way->prepare(f->cell, f->memory);
        if (object)
            enter(f, way, object, NULL)->limit = true;
    }
}

/* ---- the rounds ---- */

static void play_rounds(field *f) {
    for (int i = f->count - 1; i >= 0; i--)
        if (!plan(&f->at[i], f))
            drop(f, i);
    for (int round = 0; round < f->options->rounds; round++)
        for (int i = 0; i < f->count; i++) { /* each round begins with another */
            contestant *k = &f->at[(i + round) % f->count];
            const double time = k->rounds < k->wanted ? play(k, f->cell->threads) : -1;
            if (time >= 0)
                k->time[k->rounds++] = time;
        }
}

static contest_result result_of(const contestant *k) {
    contest_result r = {.rounds = k->rounds,
                        .median = timing_median(k->time, k->rounds),
                        .minimum = timing_minimum(k->time, k->rounds)};
    snprintf(r.who, sizeof r.who, "%s", k->who);
    r.spread = r.minimum > 0 ? (r.median - r.minimum) / r.minimum : 0;
    return r;
}

/* The library first, then the best limit, then the peers. */
static void collect(const field *f, contest_results *results) {
    const contestant *limit = NULL;
    for (int i = 0; i < f->count; i++) {
        const contestant *k = &f->at[i];
        if (k->limit && k->rounds &&
            (!limit || timing_median(k->time, k->rounds) < timing_median(limit->time, limit->rounds)))
            limit = k;
    }
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < f->count; i++) {
            const contestant *k = &f->at[i];
            const bool first = k->local == &library_peer || k == limit;
            if (k->rounds && first == (pass == 0) && (first || !k->limit))
                results->at[results->count++] = result_of(k);
        }
    if (limit)
        snprintf(results->limit, sizeof results->limit, "%s", limit->detail);
}

bool contest_run(contest_results *results, cell *c, const arena *memory, remote *peers, int peer_count,
                 const contest_options *options) {
    field f = {.cell = c, .memory = memory, .options = options};
    agreement expected;
    *results = (contest_results){0};
    c->state_bytes = 0;
    blas_limit_set_threads(c->threads);
    if (!inputs_fill(memory, c))
        return false;
    void *own = library_peer.prepare(c, memory);
    if (!own)
        return false;
    c->state_bytes = library_state_bytes(own);
    enter(&f, &library_peer, own, NULL);
    memset(arena_at(memory, SLOT_GRADIENTS), 0, agreement_gradient_bytes(c));
    library_peer.run(own);
    if (!agreement_open(&expected, c, memory)) {
        leave(&f.at[0]);
        return false;
    }
    for (int i = 0; i < peer_count; i++)
        enter_peer(&f, &peers[i], &expected, results);
    agreement_reset(&expected);
    agreement_close(&expected);
    enter_limit(&f);
    enter_blas(&f);
    play_rounds(&f);
    collect(&f, results);
    for (int i = 0; i < f.count; i++)
        leave(&f.at[i]);
    return true;
}
