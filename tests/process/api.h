/* The library as a host with dlopen sees it: after api_open(), functions of the API are called by their own names. */
#ifndef ACT_TESTS_API_H
#define ACT_TESTS_API_H

#include "activations/activations.h"

typedef struct act_functions {
#define FUNCTION(name) __typeof__(name) *name;
#include "api.inc"
#undef FUNCTION
} act_functions;

extern act_functions act_api;

/* Loads the library (flags as dlopen's) and finds every function, or says what is wrong and exits. Returns dlopen's
 * handle. */
void *api_open(const char *path, int flags);

#include "api_names.h"

#endif
