/* Memory of objects, and scratch that stays warm between calls. */
#ifndef ACT_MEMORY_H
#define ACT_MEMORY_H

#include <stdatomic.h>
#include <stddef.h>

/* A block aligned to a cache line, or NULL with the message set; act__try_allocate leaves the message. size may be 0.
 */
void *act__allocate(size_t size);
void *act__try_allocate(size_t size);

/* count * size bytes, zeroed; NULL where the product overflows too. */
void *act__allocate_zeroed(size_t count, size_t size);

/* NULL does nothing. */
void act__release(void *block);

/*
 * A few blocks kept between calls, so that a warm call allocates nothing although several threads may run on one
 * activation. Without locks, so that a fork at any moment leaves it sound.
 */
enum { ACT__SCRATCH_SLOTS = 8 };
typedef struct act__scratch {
    void *_Atomic slot[ACT__SCRATCH_SLOTS];
} act__scratch;

/* A block of at least size bytes that nobody else uses until act__scratch_give; NULL with the message set. */
void *act__scratch_take(act__scratch *scratch, size_t size);
void act__scratch_give(act__scratch *scratch, void *block);
void act__scratch_clear(act__scratch *scratch);

#endif
