/* The program of a peer: answers what remote.c asks. Calls the peer that it is linked with. */
#include "peer_main.h"

#include "remote.h"
#include "timing.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

typedef struct session {
    arena memory;
    cell cell;
    void *object;
    timing_plan plan;
} session;

static void drop(session *s) {
    if (s->object)
        the_peer->destroy(s->object);
    s->object = NULL;
}

static void hello(remote_answer *answer) {
    snprintf(answer->name, sizeof answer->name, "%s", the_peer->name);
    snprintf(answer->version, sizeof answer->version, "%s", the_peer->version());
    answer->float32 = the_peer->float32;
    answer->float64 = the_peer->float64;
    answer->half = the_peer->half;
}

static void once(session *s) {
    the_peer->run(s->object);
    if (the_peer->publish)
        the_peer->publish(s->object);
}

static double measure(session *s) {
    const double time = timing_round(the_peer, s->object, &s->plan);
    if (s->cell.threads > 1)
        timing_settle();
    return time;
}

static remote_answer answer_to(session *s, const remote_request *request) {
    remote_answer answer = {.ok = true};
    if (request->operation != REMOTE_HELLO && request->operation != REMOTE_PREPARE && !s->object)
        return (remote_answer){.ok = request->operation == REMOTE_DROP};
    switch (request->operation) {
    case REMOTE_HELLO:
        hello(&answer);
        break;
    case REMOTE_PREPARE:
        drop(s);
        s->cell = request->cell;
        s->object = the_peer->prepare(&s->cell, &s->memory);
        answer.ok = s->object != NULL;
        break;
    case REMOTE_ONCE:
        once(s);
        break;
    case REMOTE_PLAN:
        s->plan = timing_make_plan(the_peer, s->object, &s->cell, &s->memory, request->target);
        answer.value = s->plan.cost;
        break;
    case REMOTE_ROUND:
        answer.value = measure(s);
        break;
    case REMOTE_DROP:
        drop(s);
        break;
    }
    return answer;
}

int main(int argc, char **argv) {
    session s = {0};
    remote_request request;
    if (argc != 4 || !arena_attach(&s.memory, atoi(argv[2]), strtoull(argv[3], NULL, 10))) {
        fprintf(stderr, "%s is started by act_bench\n", argv[0]);
        return 2;
    }
    const int socket = atoi(argv[1]);
    while (recv(socket, &request, sizeof request, 0) == sizeof request) {
        const remote_answer answer = answer_to(&s, &request);
        if (send(socket, &answer, sizeof answer, MSG_NOSIGNAL) != sizeof answer)
            break;
    }
    drop(&s);
    return 0;
}
