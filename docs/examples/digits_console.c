/*
 * Complaints and progress. Everything here goes to standard error, so that standard output holds the
 * results and nothing else. Progress is padded with blanks rather than erased by escape sequences, so
 * that it works on any terminal.
 */
#define _POSIX_C_SOURCE 200809L
#include "digits_console.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PROGRESS_WIDTH = 78 };

static bool progress_is_shown;

void complain(const char *format, ...) {
    progress_clear();
    va_list arguments;
    va_start(arguments, format);
    fputs("digits: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

bool went_well(act_status status, const char *call) {
    if (status != ACT_OK) {
        complain("%s: %s: %s", call, act_status_name(status), act_last_error());
    }
    return status == ACT_OK;
}

void *allocate(size_t count, size_t size) {
    void *memory = calloc(count > 0 ? count : 1, size);
    if (memory == NULL) {
        complain("not enough memory for %zu elements of %zu bytes", count, size);
    }
    return memory;
}

void progress_show(const char *format, ...) {
    if (!isatty(STDERR_FILENO)) {
        return;
    }
    char line[PROGRESS_WIDTH + 1];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\r%-*s", PROGRESS_WIDTH, line);
    fflush(stderr);
    progress_is_shown = true;
}

void progress_clear(void) {
    if (progress_is_shown) {
        fprintf(stderr, "\r%*s\r", PROGRESS_WIDTH, "");
        fflush(stderr);
        progress_is_shown = false;
    }
}
