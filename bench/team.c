/* See team.h. */
#include "team.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { MAX_THREADS = 64, SPINS = 20000 };

typedef struct worker {
    team *team;
    pthread_t id;
    int index;
} worker;

struct team {
    worker workers[MAX_THREADS];
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int threads;
    bool awake, leaving;        /* under lock */
    atomic_bool spinning;       /* as awake, for those who do not hold the lock */
    atomic_uint round, unready; /* unready: threads that have not finished this round */
    team_task task;
    void *context;
};

static void relax(unsigned *spins) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
    if (++*spins % SPINS == 0) /* somebody else may need this core to let us go on */
        sched_yield();
}

/* Returns false when the team is dissolved. */
static bool sleep_until_awake(team *t) {
    pthread_mutex_lock(&t->lock);
    while (!t->awake && !t->leaving)
        pthread_cond_wait(&t->changed, &t->lock);
    const bool stay = !t->leaving;
    pthread_mutex_unlock(&t->lock);
    return stay;
}

static void *work(void *of) {
    const worker *w = of;
    team *t = w->team;
    unsigned seen = 0, spins = 0;
    while (sleep_until_awake(t))
        while (atomic_load(&t->spinning)) {
            const unsigned round = atomic_load(&t->round);
            if (round == seen) {
                relax(&spins);
                continue;
            }
            seen = round;
            t->task(t->context, w->index, t->threads);
            atomic_fetch_sub(&t->unready, 1);
        }
    return NULL;
}

static void tell(team *t, bool awake, bool leaving) {
    pthread_mutex_lock(&t->lock);
    t->awake = awake;
    t->leaving = leaving;
    atomic_store(&t->spinning, awake);
    pthread_cond_broadcast(&t->changed);
    pthread_mutex_unlock(&t->lock);
}

void team_wake(team *t) { tell(t, true, false); }

void team_rest(team *t) { tell(t, false, false); }

void team_run(team *t, team_task task, void *context) {
    unsigned spins = 0;
    t->task = task;
    t->context = context;
    atomic_store(&t->unready, (unsigned)t->threads - 1);
    atomic_fetch_add(&t->round, 1);
    task(context, 0, t->threads);
    while (atomic_load(&t->unready))
        relax(&spins);
}

void team_destroy(team *t) {
    if (!t)
        return;
    tell(t, false, true);
    for (int i = 1; i < t->threads; i++)
        pthread_join(t->workers[i].id, NULL);
    pthread_mutex_destroy(&t->lock);
    pthread_cond_destroy(&t->changed);
    free(t);
}

team *team_create(int threads) {
    team *t = threads <= MAX_THREADS ? calloc(1, sizeof *t) : NULL;
    if (!t)
        return NULL;
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->changed, NULL);
    for (t->threads = 1; t->threads < threads; t->threads++) {
        worker *w = &t->workers[t->threads];
        *w = (worker){.team = t, .index = t->threads};
        if (pthread_create(&w->id, NULL, work, w) != 0) {
            team_destroy(t);
            return NULL;
        }
    }
    return t;
}
