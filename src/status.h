/* Errors: a status and this thread's message. Every file that can fail includes it. */
#ifndef ACT_STATUS_H
#define ACT_STATUS_H

#include "activations/activations.h"

/* Keeps the formatted message for act_last_error() and returns status. */
act_status act__fail(act_status status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Returns from the caller with a status and message unless the condition holds. */
#define ACT_CHECK(condition, status, ...)          \
    do {                                           \
        if (!(condition))                          \
            return act__fail(status, __VA_ARGS__); \
    } while (0)

/* Returns from the caller with what an expression failed with. */
#define ACT_TRY(expression)                         \
    do {                                            \
        const act_status act__tried = (expression); \
        if (act__tried != ACT_OK)                   \
            return act__tried;                      \
    } while (0)

#endif
