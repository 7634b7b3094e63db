/* Which elements share memory. */
#ifndef ACT_OVERLAP_H
#define ACT_OVERLAP_H

#include "view.h"

/* Whether two different elements of the view may share memory. */
int act__overlaps_itself(const act__view *view);

/* Whether some element of one view may share memory with some element of the other. */
int act__overlap(const act__view *a, const act__view *b);

/* Whether equal indices are equal elements, for views of one shape. */
int act__same_memory(const act__view *a, const act__view *b);

#endif
