/*
 * The table of kinds and what can be asked of it. Called by activation.c, spec.c and bindings; calls status.c.
 */
#include "kinds.h"

#include "activation.h"
#include "status.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define NOTHING               ACT__FROM_NOTHING
#define OUTPUT                ACT__FROM_OUTPUT
#define OUTPUT_IF_NONNEGATIVE ACT__FROM_OUTPUT_IF_NONNEGATIVE
#define OUTPUT_IF_POSITIVE    ACT__FROM_OUTPUT_IF_POSITIVE
#define BITS                  ACT__FROM_BITS

#define ACT_PARAM(name, value, minimum, maximum) \
    { name, value, minimum, maximum, 0 }
#define ACT_WHOLE_PARAM(name, value, minimum, maximum) \
    { name, value, minimum, maximum, ACT_PARAM_WHOLE }
#define COUNT(...) (int32_t)(sizeof((act__param[]){{0}, __VA_ARGS__}) / sizeof(act__param) - 1)

static const act__kind_row rows[] = {
#define ACT_ELEMENTWISE(name, number, sources, ...) \
    [number] = {#name, &act__elementwise_family, sources, COUNT(__VA_ARGS__), {__VA_ARGS__}},
#define ACT_SPECIAL(name, number, ...) \
    [number] = {#name, &act__##name##_family, 0, COUNT(__VA_ARGS__), {__VA_ARGS__}},
#include "kinds.def"
#undef ACT_ELEMENTWISE
#undef ACT_SPECIAL
};

enum { ROWS = sizeof rows / sizeof *rows };

/* The numbers are promised for ever, and dense: a new kind takes the next one. */
enum {
#define ACT_ELEMENTWISE(name, number, ...) PLACE_##name,
#define ACT_SPECIAL(name, number, ...)     PLACE_##name,
#include "kinds.def"
#undef ACT_ELEMENTWISE
#undef ACT_SPECIAL
};
#define ACT_ELEMENTWISE(name, number, ...) \
    _Static_assert((int)PLACE_##name == (int)number, #name " has the number of its row");
#define ACT_SPECIAL(name, number, ...) \
    _Static_assert((int)PLACE_##name == (int)number, #name " has the number of its row");
#include "kinds.def"
#undef ACT_ELEMENTWISE
#undef ACT_SPECIAL

const act__kind_row *act__kind_row_of(act_kind kind) { return kind >= 0 && kind < ROWS ? &rows[kind] : NULL; }

int32_t act_kind_count(void) { return ROWS; }

const char *act_kind_name(act_kind kind) {
    const act__kind_row *row = act__kind_row_of(kind);
    return row ? row->name : NULL;
}

/* Equal but for underscores of the name that the text leaves out. */
static int same_name(const char *name, const char *text) {
    for (; *name; name++) {
        if (*name == *text)
            text++;
        else if (*name != '_')
            return 0;
    }
    return *text == '\0';
}

act_status act_kind_from_name(act_kind *out, const char *name) {
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    ACT_CHECK(name, ACT_ERR_INVALID_ARGUMENT, "name is NULL");
    for (act_kind kind = 0; kind < ROWS; kind++) {
        if (same_name(rows[kind].name, name)) {
            *out = kind;
            return ACT_OK;
        }
    }
    return act__fail(ACT_ERR_INVALID_ARGUMENT, "name: \"%.40s\" is no kind of activation", name);
}

act_status act_kind_param_info(act_param_info *out, act_kind kind, int32_t index) {
    const act__kind_row *row = act__kind_row_of(kind);
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    ACT_CHECK(out->struct_size >= sizeof *out, ACT_ERR_INVALID_ARGUMENT,
              "out: struct_size is %u, expected at least %zu", out->struct_size, sizeof *out);
    ACT_CHECK(row, ACT_ERR_INVALID_ARGUMENT, "kind: %d is no kind of activation (0 to %d)", kind, ROWS - 1);
    ACT_CHECK(index >= 0 && index < row->param_count, ACT_ERR_INVALID_ARGUMENT, "index: %d, but %s has %d parameters",
              index, row->name, row->param_count);
    const act__param *p = &row->param[index];
    out->flags = p->flags;
    out->name = p->name;
    out->default_value = p->default_value;
    out->minimum = p->minimum;
    out->maximum = p->maximum;
    return ACT_OK;
}

int32_t act__param_index(const act__kind_row *row, const char *name) {
    for (int32_t i = 0; i < row->param_count; i++)
        if (strcmp(row->param[i].name, name) == 0)
            return i;
    return -1;
}

act_status act__param_check(const act__kind_row *row, int32_t index, double value) {
    const act__param *p = &row->param[index];
    ACT_CHECK(!isnan(value), ACT_ERR_INVALID_ARGUMENT, "%s: %s is NaN", row->name, p->name);
    ACT_CHECK(value >= p->minimum && value <= p->maximum, ACT_ERR_INVALID_ARGUMENT,
              "%s: %s is %g, expected a value from %g to %g", row->name, p->name, value, p->minimum, p->maximum);
    ACT_CHECK(!(p->flags & ACT_PARAM_WHOLE) || value == floor(value), ACT_ERR_INVALID_ARGUMENT,
              "%s: %s is %g, expected a whole number", row->name, p->name, value);
    return ACT_OK;
}
