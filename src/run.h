/* Walks a plan. */
#ifndef ACT_RUN_H
#define ACT_RUN_H

#include "plan.h"

/* One tile: each operand's rows * cols elements, contiguous. */
typedef struct act__block {
    void *data[ACT__MAX_OPERANDS];
    int64_t rows, cols;
    int64_t position; /* logical index of the first element, where the plan is in logical order */
    int64_t pitch;    /* logical distance between rows */
} act__block;

typedef void act__block_function(const act__block *block, void *context);

/*
 * Calls the function for every tile. It must read an element of every input before it writes that element of any
 * output. serial: never split over threads.
 */
enum { ACT__MAY_SPLIT = 0, ACT__SERIAL = 1 };
act_status act__run(const act__plan *plan, act__block_function *function, void *context, int serial);

/*
 * Calls the function for elements begin to end - 1 of a plan in logical order, one piece of a row after the other, on
 * this thread. data: of each operand, for plan->data. Tiles do not matter.
 */
void act__run_sequence(const act__plan *plan, char *const *data, int64_t begin, int64_t end,
                       act__block_function *function, void *context);

#endif
