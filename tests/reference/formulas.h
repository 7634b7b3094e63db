/* The formulas of every kind, in two tables that oracle.c searches. A new kind adds one row to one of them. */
#ifndef ACT_TESTS_FORMULAS_H
#define ACT_TESTS_FORMULAS_H

#include "oracle.h"

/* Ends with a row without name. */
extern const oracle oracle_pieces[], oracle_curves[];

#endif
