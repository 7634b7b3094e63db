/* Calls every function of the API, with good and with bad arguments, and checks what comes back. */
#ifndef ACT_TESTS_EXERCISE_H
#define ACT_TESTS_EXERCISE_H

#include "api.h"

/* Called with the text of each call right after it. */
typedef void after_call(const char *call);

/* n: elements of the elementwise tensors. Ends the process with a message at the first wrong result. */
void exercise(after_call *after, int64_t n);

/* How many functions of the API exercise() has not called yet; names them on standard error. */
int exercise_left_out(void);

/* Forward and backward of a layer of every family, with results that are exact: a quick sign of life. Returns 0. */
int sign_of_life(int64_t n);

/* Entries of a folder, "." and ".." among them: threads or open files of this process under /proc/self. */
int count_entries(const char *path);

/* Where messages go: standard error, unless a test has it elsewhere. */
extern int report_to;

/* Prints a message and ends the process where the condition does not hold. */
#define REQUIRE(condition)                                  \
    do {                                                    \
        if (!(condition))                                   \
            require_failed(__FILE__, __LINE__, #condition); \
    } while (0)
void require_failed(const char *file, int line, const char *condition) __attribute__((noreturn));

#endif
