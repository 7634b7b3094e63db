/*
 * What the accuracy of an elementwise kind is measured on: an object of each kind with its default parameters, and
 * with others that are odd. Called by test_accuracy and the sweep; calls the library and the oracle.
 */
#ifndef ACT_TESTS_SUBJECT_H
#define ACT_TESTS_SUBJECT_H

#include "dispatch.h"
#include "reference/oracle.h"

typedef struct subject {
    act_activation *a;
    const oracle *o;
    const char *name;
    double params[ACT__REALS][ACT__MAX_PARAMS]; /* as each compute type holds them */
} subject;

/* A kind is elementwise where it has kernels. */
int subject_is_elementwise(act_kind kind);

/* Set 0 has the defaults, the next ones what the table has; 0 where there is no such set. */
int subject_make(subject *s, act_kind kind, int set);

/* With the parameters of an object, which it takes. */
void subject_of(subject *s, act_activation *a);

void subject_free(subject *s);

const act__kernels *subject_kernels(const subject *s, act__isa_level level, int real);

/* Kernels of the best instruction set on n doubles: y, or f' where slope. params as the type real holds them. */
void subject_run64(const subject *s, int slope, int real, const double *x, double *result, int64_t n);

#endif
