/*
 * Tables of one function of an activation over all 65,536 numbers of a 16-bit type: y, or f' in float32. Results are
 * the formula's, to the bit.
 */
#ifndef ACT_TYPES_LOOKUP_H
#define ACT_TYPES_LOOKUP_H

#include "types/call.h"

/* The table for a call of n elements, or NULL: while few elements were asked for, while another thread makes it, once
 * memory was out, and for callers who round or flush in their own way. */
const void *act__lookup_table(act__lookup *lookup, const act__call *call, int64_t n);

/* Gives the tables of one type back; nobody may be using them. */
void act__lookups_clear(act__half_calls *calls);

#endif
