/* Activations by the names and defaults of other systems. */
#ifndef ACT_PRESETS_H
#define ACT_PRESETS_H

#include "kinds.h"

typedef struct act__preset_param {
    const char *name;   /* as the kind has it */
    const char *theirs; /* as the systems have it: a list */
    double value;       /* the systems' default; NaN where it must be given */
} act__preset_param;

/* A row of presets.def. Lists are separated by blanks. */
typedef struct act__preset {
    const char *systems, *names;
    const char *key, *words; /* key=word means this row among those that share its name; NULL where nothing does */
    act_kind kind;
    act__preset_param param[ACT__MAX_PARAMS];
} act__preset;

/* The first row of a name: spelled as the system has it, or else in any case where that means one row only; in
 * neither do underscores count. NULL where there is none. */
const act__preset *act__preset_find(const char *system, const char *name);

/* The next row of the same name, or NULL. */
const act__preset *act__preset_next(const act__preset *p);

/* The parameter of the row's kind that a key means, in the kind's words or the system's; or -1. */
int32_t act__preset_param_index(const act__preset *p, const char *key);

/* The default of a parameter of its kind; NaN where it must be given. */
double act__preset_default(const act__preset *p, int32_t index);

/* Whether key=word, which sets no parameter, belongs to this row. */
int act__preset_allows(const act__preset *p, const char *key, const char *word);

/* Writes the names that a system has, or of all systems where it is NULL: as many as there is room for. */
void act__preset_list(char *text, size_t size, const char *system);

int act__preset_knows_system(const char *system);

#endif
