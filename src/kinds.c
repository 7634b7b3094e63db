/*
 * The table of kinds and what can be asked of it. Called by users, activation.c, spec.c and presets.c; calls
 * status.c.
 */
#include "kinds.h"

#include "activation.h"
#include "status.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NOTHING               ACT__FROM_NOTHING
#define OUTPUT                ACT__FROM_OUTPUT
#define OUTPUT_IF_NONNEGATIVE ACT__FROM_OUTPUT_IF_NONNEGATIVE
#define OUTPUT_IF_POSITIVE    ACT__FROM_OUTPUT_IF_POSITIVE
#define OUTPUT_IF_RISING      ACT__FROM_OUTPUT_IF_RISING
#define OUTPUT_IF_NOT_RISING  ACT__FROM_OUTPUT_IF_NOT_RISING
#define INPUT                 0
#define BITS                  ACT__FROM_BITS
#define EXACT                 ACT__EXACT
#define EXACT_HALVES          ACT__EXACT_HALVES
#define EXACT_PRODUCTS        ACT__EXACT_PRODUCTS
#define EXACT_OUTPUT          ACT__EXACT_OUTPUT
#define SURE_VALUE            ACT__SURE_VALUE
#define SURE_INPUT            ACT__SURE_INPUT
#define SURE_OUTPUT           ACT__SURE_OUTPUT
#define SURE_FLOAT16          ACT__SURE_FLOAT16
#define ABOVE_TERM            ACT__ABOVE_TERM
#define ABOVE_TERM_LEFT       ACT__ABOVE_TERM_LEFT
#define WITHIN_TERM           ACT__WITHIN_TERM
#define WITHIN_LINE           ACT__WITHIN_LINE
#define OUTSIDE_LINE          ACT__OUTSIDE_LINE
#define LOOKED_UP             (ACT__VALUE_LOOKED_UP | ACT__INPUT_LOOKED_UP)
#define VALUE_LOOKED_UP       ACT__VALUE_LOOKED_UP
#define INPUT_LOOKED_UP       ACT__INPUT_LOOKED_UP
#define OUTPUT_LOOKED_UP      ACT__OUTPUT_LOOKED_UP
#define EASY_SLOPE            ACT__EASY_SLOPE
#define EASY_OUTPUT           ACT__EASY_OUTPUT

#define ACT_PARAM(name, value, minimum, maximum) \
    { name, value, minimum, maximum, 0, -1, 0 }
#define ACT_UPPER_PARAM(name, value, minimum, maximum, lower) \
    { name, value, minimum, maximum, 0, lower, 0 }
#define ACT_NONZERO_PARAM(name, value, minimum, maximum) \
    { name, value, minimum, maximum, ACT_PARAM_NONZERO, -1, 0 }
#define ACT_WHOLE_PARAM(name, value, minimum, maximum) \
    { name, value, minimum, maximum, ACT_PARAM_WHOLE, -1, 0 }
#define ACT_SEED_PARAM(name, value, minimum, maximum) \
    { name, value, minimum, maximum, ACT_PARAM_WHOLE, -1, 1 }
#define COUNT(...) (int32_t)(sizeof((act__param[]){{0}, __VA_ARGS__}) / sizeof(act__param) - 1)

static const act__kind_row rows[] = {
#define ACT_ELEMENTWISE(name, number, flags, ...) \
    [number] = {#name, &act__elementwise_family, flags, COUNT(__VA_ARGS__), {__VA_ARGS__}},
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

/* Other names for kinds with their default parameters. */
static const struct {
    const char *name;
    act_kind kind;
} other_names[] = {{"relu6", ACT_CLIPPED_RELU}};

static act_kind kind_of(const char *name) {
    for (act_kind kind = 0; kind < ROWS; kind++)
        if (same_name(rows[kind].name, name))
            return kind;
    for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++)
        if (same_name(other_names[i].name, name))
            return other_names[i].kind;
    return -1;
}

act_status act_kind_from_name(act_kind *out, const char *name) {
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    ACT_CHECK(name, ACT_ERR_INVALID_ARGUMENT, "name is NULL");
    const act_kind kind = kind_of(name);
    if (kind >= 0) {
        *out = kind;
        return ACT_OK;
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

static int is_legal(const act__param *p, double value) {
    return value >= p->minimum && value <= p->maximum && !(p->flags & ACT_PARAM_WHOLE && value != floor(value)) &&
           !(p->flags & ACT_PARAM_NONZERO && value == 0);
}

enum { TEXT_SIZE = 80 };

/* What a parameter may be, for messages. */
static const char *legal_values(char *text, const act__param *p) {
    const char *exception = p->flags & ACT_PARAM_WHOLE ? ", whole" : p->flags & ACT_PARAM_NONZERO ? ", not 0" : "";
    if (p->minimum == DBL_TRUE_MIN)
        snprintf(text, TEXT_SIZE, "a value above 0, at most %g", p->maximum);
    else
        snprintf(text, TEXT_SIZE, "a value from %g to %g%s", p->minimum, p->maximum, exception);
    return text;
}

act_status act__param_check(const act__kind_row *row, int32_t index, double value) {
    const act__param *p = &row->param[index];
    char text[TEXT_SIZE];
    ACT_CHECK(!isnan(value), ACT_ERR_INVALID_ARGUMENT, "%s: %s is NaN", row->name, p->name);
    ACT_CHECK(is_legal(p, value), ACT_ERR_INVALID_ARGUMENT, "%s: %s is %g, expected %s", row->name, p->name, value,
              legal_values(text, p));
    return ACT_OK;
}

int act__param_fits_float32(const act__param *p, double value) {
    return p->flags & ACT_PARAM_WHOLE || is_legal(p, (double)(float)value);
}

act_status act__param_check_float32(const act__kind_row *row, int32_t index, double value) {
    const act__param *p = &row->param[index];
    ACT_CHECK(act__param_fits_float32(p, value), ACT_ERR_UNSUPPORTED, "%s: %s is %g, which is %s in float32",
              row->name, p->name, value, (float)value == 0 ? "0" : "not finite");
    return ACT_OK;
}

act_status act__params_check(const act__kind_row *row, const act_activation *a, const double *param) {
    for (int32_t i = 0; i < row->param_count; i++) {
        const act__param *p = &row->param[i];
        ACT_CHECK(p->lower < 0 || param[i] >= param[p->lower], ACT_ERR_INVALID_ARGUMENT, "%s: %s is %g but %s is %g",
                  row->name, row->param[p->lower].name, param[p->lower], p->name, param[i]);
    }
    return row->family->check ? row->family->check(a, param) : ACT_OK;
}
