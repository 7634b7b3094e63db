#ifndef ACT_LEAST_H
#define ACT_LEAST_H

#include <stdint.h>

static inline int64_t act__least(int64_t a, int64_t b) { return a < b ? a : b; }

#endif
