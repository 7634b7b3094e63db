/* See json.h. */
#include "json.h"

#include <inttypes.h>
#include <math.h>

static void quoted(FILE *file, const char *text) {
    fputc('"', file);
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(file, "\\%c", c);
        else if (c < 0x20)
            fprintf(file, "\\u%04x", c);
        else
            fputc(c, file);
    }
    fputc('"', file);
}

static void key(json *j, const char *name) {
    fputs(j->more_keys ? ", " : "", j->file);
    j->more_keys = true;
    quoted(j->file, name);
    fputs(": ", j->file);
}

void json_begin(json *j, FILE *file) {
    *j = (json){file, false, false};
    fputs("[", file);
}

bool json_end(json *j) {
    fputs("\n]\n", j->file);
    return fflush(j->file) == 0 && !ferror(j->file);
}

void json_object(json *j) {
    fputs(j->more_objects ? ",\n {" : "\n {", j->file);
    j->more_objects = true;
    j->more_keys = false;
}

void json_close(json *j) { fputc('}', j->file); }

void json_text(json *j, const char *name, const char *value) {
    key(j, name);
    quoted(j->file, value);
}

void json_integer(json *j, const char *name, int64_t value) {
    key(j, name);
    fprintf(j->file, "%" PRId64, value);
}

void json_number(json *j, const char *name, double value) {
    key(j, name);
    if (isfinite(value))
        fprintf(j->file, "%.6g", value);
    else
        fputs("null", j->file);
}
