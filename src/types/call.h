/* What is computed, and over which types: all that a call of kernels takes but the elements. */
#ifndef ACT_TYPES_CALL_H
#define ACT_TYPES_CALL_H

#include "activations/activations.h"
#include "kernels.h"

#include <stdatomic.h>

enum { ACT__REAL32, ACT__REAL64, ACT__REALS };

/* The results of all halves, made once so many were asked for that it pays; see types/lookup.h. */
typedef struct act__lookup {
    void *_Atomic table;  /* NULL before */
    _Atomic int64_t seen; /* elements computed without it */
} act__lookup;

/* Where y lies from what is all that float64 may show of it: the first term of its series beside 0, or far from 0 a
 * line. */
typedef enum act__side {
    ACT__ON, /* that is what it is */
    ACT__ABOVE,
    ACT__BELOW,
    ACT__WITHIN, /* less far from 0 */
    ACT__OUTSIDE
} act__side;

/* A kind's kernels, with its parameters, in both compute types. */
typedef struct act__formula {
    const act__kernels *const *kernels;
    const void *params[ACT__REALS];
    act__doubt doubt[ACT__FUNCTIONS];     /* where all operands are of one 16-bit type, that of which this was made */
    int exact;                            /* nothing is rounded, whatever the inputs */
    act__side left_of_0, right_of_0, far; /* x of 16-bit numbers */
    act__lookup *lookup[ACT__FUNCTIONS];  /* for operands of that type, where a function has one */
} act__formula;

enum { ACT__CALL_OPERANDS = 3 };

typedef struct act__call {
    const act__formula *formula;
    act__function function;
    int32_t real;                 /* of the kernels, or of those that come first */
    int32_t mixed;                /* whether elements are to be converted */
    act__doubt doubt;             /* of float32 results */
    act__words_function *words;   /* where nothing is computed, else NULL */
    act__half_function *halves;   /* where one kernel does it all, else NULL */
    act__half_function *by_table; /* the same, by a table: */
    act__lookup *lookup;          /* this one; NULL where there is to be none */
    const act__convert_kernels *const *convert;
    act_dtype dtype[ACT__CALL_OPERANDS];
} act__call;

/* The functions of a kind with these parameters where all operands are of one 16-bit type. */
typedef struct act__half_calls {
    act__formula formula;
    act__call call[ACT__FUNCTIONS];
    act__lookup lookup[ACT__FUNCTIONS];
} act__half_calls;

#endif
