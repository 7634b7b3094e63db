/*
 * Activations as text: `[system:]name[(key=value, ...)]`, read and written without regard to the host's locale.
 * Called by users; calls activation.c, kinds.c and presets.c.
 */
#include "activation.h"
#include "presets.h"
#include "status.h"
#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 32, TEXT_SIZE = 256, LIST_SIZE = 800 };

typedef struct reader {
    const char *text, *at;
} reader;

static int position(const reader *r) { return (int)(r->at - r->text); }

static void skip_blanks(reader *r) {
    while (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r')
        r->at++;
}

/* Takes the character after blanks if it is there. */
static int take(reader *r, char c) {
    skip_blanks(r);
    if (*r->at != c)
        return 0;
    r->at++;
    return 1;
}

static act_status expected(const reader *r, const char *what) {
    return *r->at
               ? act__fail(ACT_ERR_SPEC, "spec: position %d: expected %s, found \"%.20s\"", position(r), what, r->at)
               : act__fail(ACT_ERR_SPEC, "spec: position %d: expected %s, found the end", position(r), what);
}

/* Keeps the message of a check, with the position in front. */
static act_status refused(int at) {
    char reason[TEXT_SIZE];
    snprintf(reason, sizeof reason, "%s", act_last_error());
    return act__fail(ACT_ERR_SPEC, "spec: position %d: %s", at, reason);
}

static int is_in_names(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static act_status read_name(reader *r, char *name, const char *what) {
    size_t n = 0;
    skip_blanks(r);
    const char *start = r->at;
    while (is_in_names(*r->at))
        r->at++;
    n = (size_t)(r->at - start);
    if (n == 0)
        return expected(r, what);
    r->at = start;
    ACT_CHECK(n < NAME_SIZE, ACT_ERR_SPEC, "spec: position %d: \"%.40s\" is too long for %s", position(r), start,
              what);
    memcpy(name, start, n);
    name[n] = '\0';
    r->at = start + n;
    return ACT_OK;
}

static act_status read_seed(reader *r, uint64_t *seed) {
    char *end;
    skip_blanks(r);
    if (*r->at < '0' || *r->at > '9')
        return expected(r, "a whole number of 0 or more");
    errno = 0;
    *seed = strtoull(r->at, &end, 10);
    ACT_CHECK(errno != ERANGE, ACT_ERR_SPEC, "spec: position %d: the seed is beyond 64 bits", position(r));
    r->at = end;
    return ACT_OK;
}

static act_status read_number(reader *r, double *value) {
    char *end;
    skip_blanks(r);
    errno = 0;
    *value = strtod(r->at, &end);
    const size_t length = (size_t)(end - r->at);
    const int blank_or_hex = *r->at <= ' ' || memchr(r->at, 'x', length) || memchr(r->at, 'X', length);
    if (length == 0 || blank_or_hex)
        return expected(r, "a number");
    const int out_of_range = errno == ERANGE && (*value == 0 || fabs(*value) > 1); /* else it is subnormal */
    ACT_CHECK(!out_of_range, ACT_ERR_SPEC, "spec: position %d: the number is too %s for a double", position(r),
              *value == 0 ? "small" : "large");
    r->at = end;
    return ACT_OK;
}

/* What a spec says. */
typedef struct parsed {
    const act__kind_row *row;
    const act__preset *preset; /* NULL where no system is named */
    double param[ACT__MAX_PARAMS];
    uint64_t seed;
    uint32_t seen; /* bit i: parameter i was given; bit ACT__MAX_PARAMS: the preset's own key */
} parsed;

static act_status read_value(reader *r, parsed *p, int32_t index) {
    skip_blanks(r);
    const int at = position(r);
    if (p->row->param[index].seed) {
        ACT_TRY(read_seed(r, &p->seed));
        p->param[index] = (double)p->seed;
        return ACT_OK;
    }
    ACT_TRY(read_number(r, &p->param[index]));
    return act__param_check(p->row, index, p->param[index]) == ACT_OK ? ACT_OK : refused(at);
}

/* What stands for a value, a number or not, cut to the room there is. */
static void read_value_text(reader *r, char *text) {
    skip_blanks(r);
    const size_t n = strcspn(r->at, " \t\n\r,)");
    snprintf(text, NAME_SIZE, "%.*s", (int)(n < NAME_SIZE ? n : NAME_SIZE - 1), r->at);
    r->at += n;
}

/* A value that chooses among functions of one name; the right row is chosen already. */
static act_status read_choice(reader *r, const act__preset *preset) {
    char text[NAME_SIZE];
    skip_blanks(r);
    const int at = position(r);
    read_value_text(r, text);
    ACT_CHECK(act__preset_allows(preset, preset->key, text), ACT_ERR_SPEC,
              "spec: position %d: %s=%s is not offered here; see docs/presets.md", at, preset->key, text);
    return ACT_OK;
}

/* The parameter of a key, ACT__MAX_PARAMS for the preset's own one, or -1. */
static int32_t index_of_key(const parsed *p, const char *key) {
    if (!p->preset)
        return act__param_index(p->row, key);
    const int32_t index = act__preset_param_index(p->preset, key);
    return index < 0 && p->preset->key && strcmp(p->preset->key, key) == 0 ? ACT__MAX_PARAMS : index;
}

static act_status read_pair(reader *r, parsed *p) {
    char key[NAME_SIZE];
    skip_blanks(r);
    const int at = position(r);
    ACT_TRY(read_name(r, key, "a parameter's name"));
    const int32_t index = index_of_key(p, key);
    ACT_CHECK(index >= 0, ACT_ERR_SPEC, "spec: position %d: %s has no parameter \"%s\"", at, p->row->name, key);
    ACT_CHECK(!(p->seen >> index & 1), ACT_ERR_SPEC, "spec: position %d: \"%s\" is given twice", at, key);
    p->seen |= 1u << index;
    if (!take(r, '='))
        return expected(r, "\"=\"");
    return index == ACT__MAX_PARAMS ? read_choice(r, p->preset) : read_value(r, p, index);
}

/* Whether a row knows all keys that follow; what is malformed is for the reader proper to find. */
static int fits(reader r, const act__preset *preset) {
    if (!take(&r, '(') || take(&r, ')'))
        return 1;
    do {
        char key[NAME_SIZE], text[NAME_SIZE];
        if (read_name(&r, key, "a parameter's name") != ACT_OK || !take(&r, '='))
            return 1;
        read_value_text(&r, text);
        if (act__preset_param_index(preset, key) < 0 && !act__preset_allows(preset, key, text))
            return 0;
    } while (take(&r, ','));
    return 1;
}

/* Of the rows that share a name the first that fits, or the first of all. */
static const act__preset *choose(const reader *r, const act__preset *first) {
    for (const act__preset *p = first; p; p = act__preset_next(p))
        if (fits(*r, p))
            return p;
    return first;
}

static act_status read_preset(reader *r, parsed *p, const char *system, int at) {
    char name[NAME_SIZE], list[LIST_SIZE];
    act__preset_list(list, sizeof list, NULL);
    ACT_CHECK(act__preset_knows_system(system), ACT_ERR_SPEC, "spec: position %d: \"%s\" is none of the systems %s",
              at, system, list);
    skip_blanks(r);
    const int name_at = position(r);
    ACT_TRY(read_name(r, name, "the name of an activation"));
    const act__preset *first = act__preset_find(system, name);
    act__preset_list(list, sizeof list, system);
    ACT_CHECK(first, ACT_ERR_SPEC, "spec: position %d: \"%s\" is none that %s has: %s", name_at, name, system, list);
    p->preset = choose(r, first);
    p->row = act__kind_row_of(p->preset->kind);
    return ACT_OK;
}

/* Everything before the parenthesis. */
static act_status read_kind(reader *r, parsed *p) {
    char name[NAME_SIZE];
    act_kind kind = 0;
    skip_blanks(r);
    const int at = position(r);
    ACT_TRY(read_name(r, name, "the name of a kind"));
    if (take(r, ':'))
        return read_preset(r, p, name, at);
    if (act_kind_from_name(&kind, name) != ACT_OK)
        return refused(at);
    p->row = act__kind_row_of(kind);
    return ACT_OK;
}

static act_status read_spec(reader *r, parsed *p) {
    skip_blanks(r);
    const int at = position(r);
    ACT_TRY(read_kind(r, p));
    for (int32_t i = 0; i < p->row->param_count; i++)
        p->param[i] = p->preset ? act__preset_default(p->preset, i) : p->row->param[i].default_value;
    if (take(r, '(') && !take(r, ')')) {
        do
            ACT_TRY(read_pair(r, p));
        while (take(r, ','));
        if (!take(r, ')'))
            return expected(r, "\",\" or \")\"");
    }
    skip_blanks(r);
    if (*r->at)
        return expected(r, "the end");
    for (int32_t i = 0; i < p->row->param_count; i++)
        ACT_CHECK(!isnan(p->param[i]), ACT_ERR_SPEC, "spec: position %d: %s must be given", at,
                  p->row->param[i].name);
    return act__params_check(p->row, NULL, p->param) == ACT_OK ? ACT_OK : refused(at);
}

/* Numbers are read and written as in the C locale, whatever the host has set. */
static act_status read_spec_in_c(reader *r, parsed *p) {
    const locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    ACT_CHECK(c, ACT_ERR_OUT_OF_MEMORY, "out of memory: the C locale could not be made");
    const locale_t before = uselocale(c);
    const act_status status = read_spec(r, p);
    uselocale(before);
    freelocale(c);
    return status;
}

act_status act_activation_create_from_spec(act_activation **out, const char *spec) {
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    ACT_CHECK(spec, ACT_ERR_INVALID_ARGUMENT, "spec is NULL");
    reader r = {spec, spec};
    parsed p = {.seed = 0};
    ACT_TRY(read_spec_in_c(&r, &p));
    act_kind kind = 0;
    ACT_TRY(act_kind_from_name(&kind, p.row->name));
    act_activation *a = act__activation_new(kind);
    if (!a)
        return ACT_ERR_OUT_OF_MEMORY;
    act__activation_assign(a, p.param);
    a->seed = p.seed;
    const act_status status = p.row->family->create ? p.row->family->create(a) : ACT_OK;
    if (status != ACT_OK) {
        act_activation_destroy(a);
        return status == ACT_ERR_INVALID_ARGUMENT ? refused(0) : status;
    }
    *out = a;
    return ACT_OK;
}

/* The fewest digits that read back to the same double. */
static int write_number(char *to, size_t size, double value) {
    int n = 0;
    for (int digits = 1; digits <= 17; digits++) {
        n = snprintf(to, size, "%.*g", digits, value);
        if (strtod(to, NULL) == value)
            break;
    }
    return n;
}

static void write_spec(char *text, const act_activation *a) {
    size_t n = (size_t)snprintf(text, TEXT_SIZE, "%s", a->row->name);
    for (int32_t i = 0; i < a->row->param_count; i++) {
        const char *name = a->row->param[i].name;
        n += (size_t)snprintf(text + n, TEXT_SIZE - n, "%s%s=", i ? ", " : "(", name);
        if (a->row->param[i].seed)
            n += (size_t)snprintf(text + n, TEXT_SIZE - n, "%" PRIu64, a->seed);
        else
            n += (size_t)write_number(text + n, TEXT_SIZE - n, a->param[i]);
    }
    if (a->row->param_count)
        snprintf(text + n, TEXT_SIZE - n, ")");
}

act_status act_activation_spec(const act_activation *a, char *buffer, size_t *size) {
    char text[TEXT_SIZE];
    ACT_CHECK(a, ACT_ERR_INVALID_ARGUMENT, "a is NULL");
    ACT_CHECK(size, ACT_ERR_INVALID_ARGUMENT, "size is NULL");
    const char *reason = a->row->family->unspeakable ? a->row->family->unspeakable(a) : NULL;
    ACT_CHECK(!reason, ACT_ERR_UNSUPPORTED, "a: %s: %s", a->row->name, reason);
    const locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    ACT_CHECK(c, ACT_ERR_OUT_OF_MEMORY, "out of memory: the C locale could not be made");
    const locale_t before = uselocale(c);
    write_spec(text, a);
    uselocale(before);
    freelocale(c);
    return act__give_text(text, buffer, size);
}
