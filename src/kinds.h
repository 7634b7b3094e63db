/* The table of kinds that kinds.def spells out. */
#ifndef ACT_KINDS_H
#define ACT_KINDS_H

#include "activations/activations.h"
#include "kernels.h"

/* What backward can do without the input, and what is exact; see kinds.def. */
enum {
    ACT__FROM_NOTHING = 1u << 0,
    ACT__FROM_OUTPUT = 1u << 1,
    ACT__FROM_OUTPUT_IF_NONNEGATIVE = 1u << 2,
    ACT__FROM_OUTPUT_IF_POSITIVE = 1u << 3,
    ACT__FROM_OUTPUT_IF_RISING = 1u << 4,
    ACT__FROM_OUTPUT_IF_NOT_RISING = 1u << 5,
    ACT__FROM_BITS = 1u << 6,
    ACT__EXACT = 1u << 7,
    ACT__EXACT_HALVES = 1u << 8,
    ACT__EXACT_PRODUCTS = 1u << 9,
    ACT__EASY_SLOPE = 1u << 10,
    ACT__EASY_OUTPUT = 1u << 11,
    ACT__EXACT_OUTPUT = 1u << 12,
    ACT__SURE_VALUE = 1u << 13, /* then a bit for each act__function */
    ACT__SURE_INPUT = ACT__SURE_VALUE << ACT__RUN_FROM_INPUT,
    ACT__SURE_OUTPUT = ACT__SURE_VALUE << ACT__RUN_FROM_OUTPUT,
    ACT__SURE_FLOAT16 = 1u << 16,
    ACT__VALUE_LOOKED_UP = 1u << 17, /* likewise */
    ACT__INPUT_LOOKED_UP = ACT__VALUE_LOOKED_UP << ACT__RUN_FROM_INPUT,
    ACT__OUTPUT_LOOKED_UP = ACT__VALUE_LOOKED_UP << ACT__RUN_FROM_OUTPUT,
    ACT__ABOVE_TERM = 1u << 20,
    ACT__ABOVE_TERM_LEFT = 1u << 21,
    ACT__WITHIN_TERM = 1u << 22,
    ACT__WITHIN_LINE = 1u << 23,
    ACT__OUTSIDE_LINE = 1u << 24
};

typedef struct act__param {
    const char *name;
    double default_value, minimum, maximum;
    uint32_t flags; /* ACT_PARAM_ bits */
    int32_t lower;  /* index of the parameter that this one is no less than, or -1 */
    int32_t seed;   /* whether it is what act_activation.seed holds exactly */
} act__param;

typedef struct act__family act__family;

typedef struct act__kind_row {
    const char *name;
    const act__family *family; /* how it is created, judged and run: activation.h */
    uint32_t flags;            /* ACT__FROM_ bits and what is exact */
    int32_t param_count;
    act__param param[ACT__MAX_PARAMS];
} act__kind_row;

/* NULL where kind is none. */
const act__kind_row *act__kind_row_of(act_kind kind);

/* The index of a parameter, or -1. */
int32_t act__param_index(const act__kind_row *row, const char *name);

/* Fails unless value is legal for the parameter. */
act_status act__param_check(const act__kind_row *row, int32_t index, double value);

/* Whether a legal value is legal also as rounded to float32; a seed never is rounded. */
int act__param_fits_float32(const act__param *p, double value);
act_status act__param_check_float32(const act__kind_row *row, int32_t index, double value);

/* Fails unless legal values go together; in a, or NULL for a new object. */
act_status act__params_check(const act__kind_row *row, const act_activation *a, const double *param);

#endif
