/* JSON as it is written: an array of flat objects. */
#ifndef BENCH_JSON_H
#define BENCH_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct json {
    FILE *file;
    bool more_objects, more_keys;
} json;

void json_begin(json *j, FILE *file);
bool json_end(json *j); /* false where something could not be written */
void json_object(json *j);
void json_close(json *j);
void json_text(json *j, const char *key, const char *value);
void json_integer(json *j, const char *key, int64_t value);
void json_number(json *j, const char *key, double value); /* null where it is not finite */

#endif
