/*
 * The allocator. Each block carries, in the cache line before it, its size and where to give it back to, so that a
 * change of allocator never mixes two. Called by whatever owns memory; calls the host's allocator or the C library's.
 */
#include "memory.h"

#include "status.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 64 };

typedef struct allocator {
    act_allocate_function allocate;
    act_release_function release;
    void *opaque;
} allocator;

typedef struct header {
    size_t size; /* of the block behind it */
    act_release_function release;
    void *opaque;
} header;

_Static_assert(sizeof(header) <= LINE, "the header fits in front of the block");

static void *default_allocate(void *opaque, size_t size, size_t alignment) {
    (void)opaque;
    return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void default_release(void *opaque, void *block, size_t size, size_t alignment) {
    (void)opaque, (void)size, (void)alignment;
    free(block);
}

static allocator current = {default_allocate, default_release, NULL};

act_status act_set_allocator(act_allocate_function allocate, act_release_function release, void *opaque) {
    ACT_CHECK((allocate == NULL) == (release == NULL), ACT_ERR_INVALID_ARGUMENT,
              "%s is NULL but the other is not; give both or neither", allocate ? "release" : "allocate");
    current =
        allocate ? (allocator){allocate, release, opaque} : (allocator){default_allocate, default_release, NULL};
    return ACT_OK;
}

static header *header_of(void *block) { return (header *)(void *)((char *)block - LINE); }

void *act__try_allocate(size_t size) {
    char *raw = size <= SIZE_MAX - 2 * LINE ? current.allocate(current.opaque, size + LINE, LINE) : NULL;
    if (!raw)
        return NULL;
    *(header *)(void *)raw = (header){size, current.release, current.opaque};
    return raw + LINE;
}

void *act__allocate(size_t size) {
    void *block = act__try_allocate(size);
    if (!block)
        act__fail(ACT_ERR_OUT_OF_MEMORY, "out of memory: %zu bytes could not be allocated", size);
    return block;
}

void *act__allocate_zeroed(size_t count, size_t size) {
    if (size && count > SIZE_MAX / size) {
        act__fail(ACT_ERR_OUT_OF_MEMORY, "out of memory: %zu times %zu bytes overflows", count, size);
        return NULL;
    }
    void *block = act__allocate(count * size);
    return block ? memset(block, 0, count * size) : NULL;
}

void act__release(void *block) {
    if (!block)
        return;
    const header *h = header_of(block);
    h->release(h->opaque, (char *)block - LINE, h->size + LINE, LINE);
}

void *act__scratch_take(act__scratch *scratch, size_t size) {
    for (int i = 0; i < ACT__SCRATCH_SLOTS; i++) {
        void *block = atomic_exchange_explicit(&scratch->slot[i], NULL, memory_order_acquire);
        if (block && header_of(block)->size >= size)
            return block;
        act__release(block);
    }
    return act__allocate(size);
}

void act__scratch_give(act__scratch *scratch, void *block) {
    for (int i = 0; block && i < ACT__SCRATCH_SLOTS; i++) {
        void *empty = NULL;
        if (atomic_compare_exchange_strong_explicit(&scratch->slot[i], &empty, block, memory_order_release,
                                                    memory_order_relaxed))
            return;
    }
    act__release(block);
}

void act__scratch_clear(act__scratch *scratch) {
    for (int i = 0; i < ACT__SCRATCH_SLOTS; i++)
        act__release(atomic_exchange_explicit(&scratch->slot[i], NULL, memory_order_acquire));
}
