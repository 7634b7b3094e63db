#include "api.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

act_functions act_api;

static void find(void *library, const char *name, void *function) {
    void *found = dlsym(library, name);
    if (!found) {
        fprintf(stderr, "%s is not exported\n", name);
        exit(1);
    }
    memcpy(function, &found, sizeof found);
}

void *api_open(const char *path, int flags) {
    void *library = dlopen(path, flags);
    if (!library) {
        fprintf(stderr, "dlopen: %s\n", dlerror());
        exit(1);
    }
#define FUNCTION(name) find(library, #name, &name);
#include "api.inc"
    return library;
}
