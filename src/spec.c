/*
 * Activations as text: `name` or `name(key=value, ...)`, read and written without regard to the host's locale. Called
 * by users; calls activation.c and kinds.c.
 */
#include "activation.h"
#include "status.h"
#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 32, TEXT_SIZE = 256 };

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

static act_status read_name(reader *r, char *name, const char *what) {
    size_t n = 0;
    skip_blanks(r);
    const char *start = r->at;
    while ((*r->at >= 'a' && *r->at <= 'z') || (*r->at >= '0' && *r->at <= '9') || *r->at == '_')
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
    ACT_CHECK(errno != ERANGE || *value != 0, ACT_ERR_SPEC, "spec: position %d: the number is too small for a double",
              position(r));
    r->at = end;
    return ACT_OK;
}

/* What a spec says. */
typedef struct parsed {
    const act__kind_row *row;
    double param[ACT__MAX_PARAMS];
    uint64_t seed;
    uint32_t seen; /* bit i: parameter i was given */
} parsed;

static act_status read_value(reader *r, parsed *p, int32_t index) {
    skip_blanks(r);
    const int at = position(r);
    if (p->row->param[index].flags & ACT_PARAM_WHOLE) {
        ACT_TRY(read_seed(r, &p->seed));
        p->param[index] = (double)p->seed;
        return ACT_OK;
    }
    ACT_TRY(read_number(r, &p->param[index]));
    return act__param_check(p->row, index, p->param[index]) == ACT_OK ? ACT_OK : refused(at);
}

static act_status read_pair(reader *r, parsed *p) {
    char key[NAME_SIZE];
    skip_blanks(r);
    const int at = position(r);
    ACT_TRY(read_name(r, key, "a parameter's name"));
    const int32_t index = act__param_index(p->row, key);
    ACT_CHECK(index >= 0, ACT_ERR_SPEC, "spec: position %d: %s has no parameter \"%s\"", at, p->row->name, key);
    ACT_CHECK(!(p->seen >> index & 1), ACT_ERR_SPEC, "spec: position %d: \"%s\" is given twice", at, key);
    p->seen |= 1u << index;
    if (!take(r, '='))
        return expected(r, "\"=\"");
    return read_value(r, p, index);
}

static act_status read_spec(reader *r, parsed *p) {
    char name[NAME_SIZE];
    act_kind kind = 0;
    skip_blanks(r);
    const int at = position(r);
    ACT_TRY(read_name(r, name, "the name of a kind"));
    if (act_kind_from_name(&kind, name) != ACT_OK)
        return refused(at);
    p->row = act__kind_row_of(kind);
    for (int i = 0; i < ACT__MAX_PARAMS; i++)
        p->param[i] = p->row->param[i].default_value;
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
        if (a->row->param[i].flags & ACT_PARAM_WHOLE)
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
