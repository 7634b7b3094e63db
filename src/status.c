/*
 * Status names and the message of a thread's last error, in a fixed buffer so that reporting an error cannot fail.
 * Called by everything that can fail; calls nothing.
 */
#include "status.h"

#include <stdarg.h>
#include <stdio.h>

enum { MESSAGE_SIZE = 1024 };

static _Thread_local char message[MESSAGE_SIZE];

act_status act__fail(act_status status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return status;
}

const char *act_last_error(void) { return message; }

const char *act_status_name(act_status status) {
    switch (status) {
    case ACT_OK:
        return "ACT_OK";
    case ACT_ERR_INVALID_ARGUMENT:
        return "ACT_ERR_INVALID_ARGUMENT";
    case ACT_ERR_SHAPE:
        return "ACT_ERR_SHAPE";
    case ACT_ERR_DTYPE:
        return "ACT_ERR_DTYPE";
    case ACT_ERR_DEVICE:
        return "ACT_ERR_DEVICE";
    case ACT_ERR_LAYOUT:
        return "ACT_ERR_LAYOUT";
    case ACT_ERR_OVERLAP:
        return "ACT_ERR_OVERLAP";
    case ACT_ERR_MISSING:
        return "ACT_ERR_MISSING";
    case ACT_ERR_STATE:
        return "ACT_ERR_STATE";
    case ACT_ERR_SPEC:
        return "ACT_ERR_SPEC";
    case ACT_ERR_UNSUPPORTED:
        return "ACT_ERR_UNSUPPORTED";
    case ACT_ERR_BUFFER_TOO_SMALL:
        return "ACT_ERR_BUFFER_TOO_SMALL";
    case ACT_ERR_OUT_OF_MEMORY:
        return "ACT_ERR_OUT_OF_MEMORY";
    case ACT_ERR_PARALLEL:
        return "ACT_ERR_PARALLEL";
    default:
        return "unknown status";
    }
}
