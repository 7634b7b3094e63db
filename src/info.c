/* What this library says of itself. Called by users and spec.c. */
#include "blas.h"
#include "dispatch.h"
#include "status.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

#define STRING(token)                     #token
#define VERSION_TEXT(major, minor, patch) STRING(major) "." STRING(minor) "." STRING(patch)

int32_t act_version(void) { return ACT_VERSION; }

const char *act_version_string(void) { return VERSION_TEXT(ACT_VERSION_MAJOR, ACT_VERSION_MINOR, ACT_VERSION_PATCH); }

act_status act__give_text(const char *text, char *buffer, size_t *size) {
    const size_t needed = strlen(text) + 1, given = *size;
    if (buffer && given < needed) {
        *size = needed;
        return act__fail(ACT_ERR_BUFFER_TOO_SMALL, "buffer: %zu bytes, but %zu are needed", given, needed);
    }
    *size = needed;
    if (buffer)
        memcpy(buffer, text, needed);
    return ACT_OK;
}

act_status act_build_info(char *buffer, size_t *size) {
    char text[256];
    ACT_CHECK(size, ACT_ERR_INVALID_ARGUMENT, "size is NULL");
    snprintf(text, sizeof text, "libactivations %s, instruction set %s, OpenBLAS %s, threads %d",
             act_version_string(), act__isa_in_use()->name, act__blas_threading(), act_get_num_threads());
    return act__give_text(text, buffer, size);
}
