/* See remote.h. The other side is peer_main.c. */
#include "remote.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_SECONDS = 300 };

static void become(const char *program, const arena *memory, int socket) {
    char fd[16], size[32], channel[16];
    const int shared = dup(memory->fd), end = dup(socket); /* without FD_CLOEXEC */
    snprintf(fd, sizeof fd, "%d", shared);
    snprintf(size, sizeof size, "%zu", memory->slot_bytes);
    snprintf(channel, sizeof channel, "%d", end);
    execl(program, program, channel, fd, size, (char *)NULL);
    fprintf(stderr, "%s: %s\n", program, strerror(errno));
    _exit(127);
}

bool remote_start(remote *r, const char *program, const arena *memory) {
    int ends[2];
    *r = (remote){0};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    const pid_t pid = fork();
    if (pid == 0)
        become(program, memory, ends[1]);
    close(ends[1]);
    r->pid = pid;
    r->socket = ends[0];
    const struct timeval patience = {PATIENCE_SECONDS, 0};
    setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return pid > 0 && remote_ask(r, &(remote_request){.operation = REMOTE_HELLO}, &r->hello);
}

void remote_stop(remote *r) {
    if (r->pid <= 0)
        return;
    close(r->socket); /* it leaves when it reads the end */
    waitpid(r->pid, NULL, 0);
    r->pid = 0;
}

static bool lost(remote *r, const remote_request *request) {
    char name[CELL_NAME_SIZE] = "";
    if (request->operation == REMOTE_PREPARE)
        cell_name(name, &request->cell);
    fprintf(stderr, "\n%s died or hung %s%s; the run goes on without it\n",
            r->hello.name[0] ? r->hello.name : "a peer", name[0] ? "at " : "", name);
    kill(r->pid, SIGKILL);
    remote_stop(r);
    return false;
}

bool remote_ask(remote *r, const remote_request *request, remote_answer *answer) {
    if (r->pid <= 0)
        return false;
    if (send(r->socket, request, sizeof *request, MSG_NOSIGNAL) != sizeof *request ||
        recv(r->socket, answer, sizeof *answer, 0) != sizeof *answer)
        return lost(r, request);
    return answer->ok;
}
