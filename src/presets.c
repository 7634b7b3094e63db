/*
 * Looks names of other systems up in presets.def. Called by spec.c; calls kinds.c.
 */
#include "presets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ACT_GIVEN(name, theirs, value) \
    { name, theirs, value }
#define ACT_NEEDED(name, theirs) \
    { name, theirs, NAN }

static const act__preset presets[] = {
#define ACT_PRESET(systems, names, kind, ...)                {systems, names, NULL, NULL, kind, {__VA_ARGS__}},
#define ACT_PRESET_IF(systems, names, key, words, kind, ...) {systems, names, key, words, kind, {__VA_ARGS__}},
#include "presets.def"
};
static const act__preset *const end = presets + sizeof presets / sizeof *presets;

/* How two words are compared. */
typedef enum spelling { EXACT, ANY_UNDERSCORES, ANY_CASE } spelling;

static int lower(char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; }

static int same_letter(char a, char b, spelling how) { return how == ANY_CASE ? lower(a) == lower(b) : a == b; }

static int same_word(const char *word, size_t length, const char *text, spelling how) {
    for (const char *stop = word + length; word < stop || *text;) {
        if (how != EXACT && word < stop && *word == '_')
            word++;
        else if (how != EXACT && *text == '_')
            text++;
        else if (word < stop && same_letter(*word, *text, how))
            word++, text++;
        else
            return 0;
    }
    return 1;
}

static int is_in(const char *list, const char *text, spelling how) {
    while (*list) {
        const size_t length = strcspn(list, " ");
        if (same_word(list, length, text, how))
            return 1;
        list += length + (list[length] == ' ');
    }
    return 0;
}

/* The next row from p on that has the name. */
static const act__preset *search(const act__preset *p, const char *system, const char *name, spelling how) {
    for (; p < end; p++)
        if (is_in(p->systems, system, EXACT) && is_in(p->names, name, how))
            return p;
    return NULL;
}

static int share_names(const act__preset *a, const act__preset *b) {
    return strcmp(a->systems, b->systems) == 0 && strcmp(a->names, b->names) == 0;
}

const act__preset *act__preset_find(const char *system, const char *name) {
    const act__preset *spelled = search(presets, system, name, ANY_UNDERSCORES);
    if (spelled)
        return spelled;
    const act__preset *first = search(presets, system, name, ANY_CASE), *other = first;
    while (other && share_names(first, other))
        other = search(other + 1, system, name, ANY_CASE);
    return other ? NULL : first;
}

const act__preset *act__preset_next(const act__preset *p) {
    return p + 1 < end && share_names(p, p + 1) ? p + 1 : NULL;
}

int32_t act__preset_param_index(const act__preset *p, const char *key) {
    const act__kind_row *row = act__kind_row_of(p->kind);
    for (int i = 0; i < ACT__MAX_PARAMS && p->param[i].name; i++)
        if (is_in(p->param[i].theirs, key, EXACT))
            return act__param_index(row, p->param[i].name);
    return act__param_index(row, key);
}

double act__preset_default(const act__preset *p, int32_t index) {
    const act__param *param = &act__kind_row_of(p->kind)->param[index];
    for (int i = 0; i < ACT__MAX_PARAMS && p->param[i].name; i++)
        if (strcmp(p->param[i].name, param->name) == 0)
            return p->param[i].value;
    return param->default_value;
}

int act__preset_allows(const act__preset *p, const char *key, const char *word) {
    return p->key && strcmp(p->key, key) == 0 && is_in(p->words, word, EXACT);
}

int act__preset_knows_system(const char *system) {
    for (const act__preset *p = presets; p < end; p++)
        if (is_in(p->systems, system, EXACT))
            return 1;
    return 0;
}

/* Adds the first word of a list to another list, unless it is there or there is no room. */
static void add_first(char *text, size_t size, const char *list) {
    char word[32];
    snprintf(word, sizeof word, "%.*s", (int)strcspn(list, " "), list);
    const size_t used = strlen(text);
    if (!is_in(text, word, EXACT) && used + strlen(word) + 2 <= size)
        snprintf(text + used, size - used, "%s%s", used ? " " : "", word);
}

void act__preset_list(char *text, size_t size, const char *system) {
    text[0] = '\0';
    for (const act__preset *p = presets; p < end; p++) {
        if (system && is_in(p->systems, system, EXACT))
            add_first(text, size, p->names);
        for (const char *s = p->systems; !system && s; s = strchr(s, ' '), s = s ? s + 1 : NULL)
            add_first(text, size, s);
    }
}
