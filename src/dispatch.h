/* The kernels of each instruction set, and which set is in use. */
#ifndef ACT_DISPATCH_H
#define ACT_DISPATCH_H

#include "activation.h"
#include "cpu.h"
#include "stage_kernels.h"

typedef struct act__isa {
    const char *name;
    act__isa_level level;
    const act__kernels *const *elementwise[ACT__REALS]; /* by kind; NULL for kinds that are not elementwise */
    const act__slope_kernels *slopes[ACT__REALS];
    const act__crelu_kernels *crelu[ACT__REALS];
    const act__maxout_kernels *maxout[ACT__REALS];
    const act__convert_kernels *convert[ACT__REALS];
    const act__lookup_kernels *lookup;
    const act__stage_kernels *stage;
} act__isa;

/* The best set that the processor and ACT_MAX_ISA allow, chosen at first use. */
const act__isa *act__isa_in_use(void);

/* A set that was built and that the processor supports, or NULL. */
const act__isa *act__isa_at(act__isa_level level);

/* For tests: from now on this set is in use; NULL returns to the choice of the machine. */
void act__isa_force(const act__isa *isa);

#endif
