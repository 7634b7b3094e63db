/*
 * Writes into a temporary file beside the target and renames it. What is no regular file (a pipe,
 * /dev/stdout) is written directly: renaming would replace it. Called by digits.c and digits_report.c.
 */
#define _XOPEN_SOURCE 700 /* realpath */
#include "digits_file.h"
#include "digits_console.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool complain_of(const char *path) {
    complain("%s: cannot write: %s", path, strerror(errno));
    return false;
}

static char *join(const char *text, size_t length, const char *ending) {
    char *joined = allocate(length + strlen(ending) + 1, 1);
    if (joined != NULL) {
        memcpy(joined, text, length);
        strcpy(joined + length, ending);
    }
    return joined;
}

static bool is_special(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static char *directory_of(const char *path) {
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return join(".", 1, "");
    }
    return join(path, slash == path ? 1 : (size_t)(slash - path), "");
}

bool new_file_is_possible(const char *path) {
    struct stat status;
    if (is_special(path)) {
        return access(path, W_OK) == 0 || complain_of(path);
    }
    if (path[strlen(path) - 1] == '/' || (stat(path, &status) == 0 && S_ISDIR(status.st_mode))) {
        errno = EISDIR;
        return complain_of(path);
    }
    char *directory = directory_of(path);
    bool possible = directory != NULL && (access(directory, W_OK | X_OK) == 0 || complain_of(path));
    free(directory);
    return possible;
}

/* mkstemp() makes private files; this one is to have the rights that any new file gets. */
static void give_usual_rights(int descriptor) {
    mode_t mask = umask(0);
    umask(mask);
    (void)fchmod(descriptor, 0666 & ~mask);
}

static bool open_temporary(struct new_file *file) {
    file->temporary = join(file->target, strlen(file->target), ".XXXXXX");
    if (file->temporary == NULL) {
        return false;
    }
    int descriptor = mkstemp(file->temporary);
    if (descriptor < 0) {
        free(file->temporary);
        file->temporary = NULL;
        return complain_of(file->target);
    }
    give_usual_rights(descriptor);
    file->stream = fdopen(descriptor, "w");
    if (file->stream == NULL) {
        close(descriptor);
        unlink(file->temporary);
        return complain_of(file->target);
    }
    return true;
}

bool new_file_open(struct new_file *out, const char *path) {
    struct new_file file = {0};
    file.target = realpath(path, NULL);
    if (file.target == NULL) {
        file.target = join(path, strlen(path), "");
    }
    bool opened = false;
    if (file.target != NULL && is_special(path)) {
        file.stream = fopen(path, "w");
        opened = file.stream != NULL || complain_of(path);
    } else if (file.target != NULL) {
        opened = open_temporary(&file);
    }
    if (!opened) {
        free(file.target);
        free(file.temporary);
        return false;
    }
    *out = file;
    return true;
}

bool new_file_close(struct new_file *file) {
    errno = 0;
    bool written = !ferror(file->stream) && fflush(file->stream) == 0;
    bool closed = fclose(file->stream) == 0;
    bool done = (written && closed) || complain_of(file->target);
    if (file->temporary != NULL) {
        done = done && (rename(file->temporary, file->target) == 0 || complain_of(file->target));
        if (!done) {
            unlink(file->temporary);
        }
    }
    free(file->target);
    free(file->temporary);
    *file = (struct new_file){0};
    return done;
}
