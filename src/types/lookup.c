/*
 * Makes tables of 16-bit results: a table costs as much as computing its entries, so it is made once as many elements
 * were computed without. That never takes more than twice the time of the better choice. Called by mixed.c,
 * elementwise.c and activation.c; calls mixed.c for the entries.
 */
#include "types/lookup.h"

#include "memory.h"
#include "types/mixed.h"

#include <fenv.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

/* NO_MORE: of elements to be counted, since the table is being made, or memory was out. */
enum { ENTRIES = 1 << 16, BLOCK = 1024, NO_MORE = -1 };

/* Whether the caller rounds to nearest and flushes nothing: only then are a table's results those of the call. */
static int is_usual_environment(void) {
#if defined(__x86_64__)
    return (_mm_getcsr() & (_MM_ROUND_MASK | _MM_FLUSH_ZERO_MASK | 0x40 /* denormals are zero */)) == 0;
#elif defined(__aarch64__)
    uint64_t control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    return (control & (3u << 22 | 1u << 24 | 1u << 19)) == 0; /* rounding; flushing, of halves too */
#else
    return fegetround() == FE_TONEAREST;
#endif
}

/* y of every x, by the kernel that has computed it so far. */
static void fill_values(uint16_t *table, const act__call *call) {
    act__call plain = *call;
    plain.lookup = NULL;
    for (int32_t i = 0; i < ENTRIES; i++)
        table[i] = (uint16_t)i;
    act__call_run(&plain, (void *const[]){table, table}, ENTRIES);
}

static void fill_block(float *slopes, const act__call *call, int32_t first) {
    uint16_t source[BLOCK];
    float wide[BLOCK], dy[BLOCK];
    for (int32_t i = 0; i < BLOCK; i++) {
        source[i] = (uint16_t)(first + i);
        dy[i] = 1;
    }
    call->convert[ACT__REAL32]->widen[call->dtype[0]](source, wide, BLOCK);
    act__formula_run(call->formula, call->function, ACT__REAL32, (const void *const[]){wide, dy}, slopes, BLOCK);
}

/* Numbers that nobody gave must neither trap nor leave a flag. */
static void *make(const act__call *call) {
    const int forward = call->function == ACT__RUN_FORWARD;
    void *table = act__try_allocate(ENTRIES * (forward ? sizeof(uint16_t) : sizeof(float)));
    fenv_t kept;
    if (!table)
        return NULL;
    feholdexcept(&kept);
    if (forward)
        fill_values(table, call);
    else
        for (int32_t first = 0; first < ENTRIES; first += BLOCK)
            fill_block((float *)table + first, call, first);
    fesetenv(&kept);
    return table;
}

/* The count may lose what threads add at once, and two of them may even make the same table: the first one stays. */
static const void *make_once(act__lookup *lookup, const act__call *call) {
    void *present = NULL, *made = make(call);
    if (!made || atomic_compare_exchange_strong_explicit(&lookup->table, &present, made, memory_order_acq_rel,
                                                         memory_order_acquire))
        return made;
    act__release(made);
    return present;
}

const void *act__lookup_table(act__lookup *lookup, const act__call *call, int64_t n) {
    if (!is_usual_environment())
        return NULL;
    const void *table = atomic_load_explicit(&lookup->table, memory_order_acquire);
    if (table)
        return table;
    const int64_t seen = atomic_load_explicit(&lookup->seen, memory_order_relaxed);
    if (seen == NO_MORE)
        return NULL;
    const int due = n > ENTRIES - seen;
    atomic_store_explicit(&lookup->seen, due ? NO_MORE : seen + n, memory_order_relaxed);
    return due ? make_once(lookup, call) : NULL;
}

void act__lookups_clear(act__half_calls *calls) {
    for (int i = 0; i < ACT__FUNCTIONS; i++) {
        act__release(atomic_exchange_explicit(&calls->lookup[i].table, NULL, memory_order_acquire));
        atomic_store_explicit(&calls->lookup[i].seen, 0, memory_order_relaxed);
    }
}
