/*
 * A good guest: writes nothing to standard output or error, and leaves signals, mask, locale, environment, directory
 * and files as they were. Its workers are deaf to signals.
 */
#include "exercise.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

enum { SIGNALS = 65, MAX_TASKS = 64 };

typedef struct snapshot {
    struct sigaction actions[SIGNALS];
    sigset_t mask;
    char locale[256], directory[4096];
    uint64_t environment;
    mode_t umask;
    int files;
} snapshot;

static void take(snapshot *s) {
    memset(s, 0, sizeof *s);
    for (int signal = 1; signal < SIGNALS; signal++)
        if (sigaction(signal, NULL, &s->actions[signal]) != 0)
            memset(&s->actions[signal], 0, sizeof s->actions[signal]);
    sigemptyset(&s->mask);
    pthread_sigmask(SIG_SETMASK, NULL, &s->mask);
    snprintf(s->locale, sizeof s->locale, "%s", setlocale(LC_ALL, NULL));
    REQUIRE(getcwd(s->directory, sizeof s->directory) != NULL);
    for (char **variable = environ; *variable; variable++)
        for (const char *c = *variable; *c; c++)
            s->environment = s->environment * 31 + (unsigned char)*c;
    s->umask = umask(0);
    umask(s->umask);
    s->files = count_entries("/proc/self/fd");
}

static void compare(const snapshot *before, const snapshot *after) {
    for (int signal = 1; signal < SIGNALS; signal++) {
        REQUIRE(before->actions[signal].sa_handler == after->actions[signal].sa_handler);
        REQUIRE(before->actions[signal].sa_flags == after->actions[signal].sa_flags);
    }
    for (int signal = 1; signal < SIGNALS; signal++)
        REQUIRE(sigismember(&before->mask, signal) == sigismember(&after->mask, signal));
    REQUIRE(strcmp(before->locale, after->locale) == 0);
    REQUIRE(strcmp(before->directory, after->directory) == 0);
    REQUIRE(before->environment == after->environment);
    REQUIRE(before->umask == after->umask);
    REQUIRE(before->files == after->files);
}

static int list_tasks(int *tasks) {
    DIR *directory = opendir("/proc/self/task");
    int count = 0;
    REQUIRE(directory != NULL);
    for (struct dirent *entry; (entry = readdir(directory));)
        if (entry->d_name[0] != '.' && count < MAX_TASKS)
            tasks[count++] = atoi(entry->d_name);
    closedir(directory);
    return count;
}

static uint64_t blocked_signals(int task) {
    char path[64], line[256];
    unsigned long long mask = 0;
    snprintf(path, sizeof path, "/proc/self/task/%d/status", task);
    FILE *file = fopen(path, "r");
    REQUIRE(file != NULL);
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "SigBlk: %llx", &mask) == 1)
            break;
    fclose(file);
    return mask;
}

/* What a thread that blocks all that can be blocked shows: not SIGKILL and SIGSTOP, nor the C library's own 32, 33.
 */
static uint64_t all_signals(void) {
    uint64_t mask = 0;
    for (int signal = 1; signal < SIGNALS; signal++)
        if (signal != SIGKILL && signal != SIGSTOP && signal != 32 && signal != 33)
            mask |= (uint64_t)1 << (signal - 1);
    return mask;
}

static void workers_are_deaf(void) {
    int before[MAX_TASKS], after[MAX_TASKS], workers = 0;
    const int count_before = list_tasks(before);
    REQUIRE(act_set_num_threads(3) == ACT_OK);
    sign_of_life(1 << 20);
    const int count_after = list_tasks(after);
    for (int i = 0; i < count_after; i++) {
        int old = 0;
        for (int j = 0; j < count_before; j++)
            old |= before[j] == after[i];
        if (old)
            continue;
        workers++;
        REQUIRE(blocked_signals(after[i]) == all_signals());
    }
    REQUIRE(workers == 2); /* beside the caller */
    sign_of_life(1 << 20);
    REQUIRE(list_tasks(before) == count_after);
}

int main(int argc, char **argv) {
    static snapshot before, after;
    static char output[4096];
    REQUIRE(argc == 2);
    setlocale(LC_ALL, "C.UTF-8");
    /* Errors of this program go to the real standard error; what the library writes goes to a file. */
    FILE *file = tmpfile();
    REQUIRE(file != NULL);
    const int out = dup(1), err = dup(2);
    report_to = err;
    fflush(NULL);
    take(&before);
    dup2(fileno(file), 1);
    dup2(fileno(file), 2);
    api_open(argv[1], RTLD_NOW | RTLD_LOCAL);
    workers_are_deaf();
    exercise(NULL, 270001);
    const int left_out = exercise_left_out();
    fflush(NULL);
    dup2(out, 1);
    dup2(err, 2);
    take(&after);
    rewind(file);
    const size_t written = fread(output, 1, sizeof output - 1, file);
    if (written) {
        fprintf(stderr, "written to standard output or error:\n%s\n", output);
        return 1;
    }
    compare(&before, &after);
    return left_out;
}
