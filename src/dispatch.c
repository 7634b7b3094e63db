/*
 * Chooses the instruction set once, and holds the table of kernels of each. Called when an activation is created and
 * by the families; calls cpu.c.
 */
#include "dispatch.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define ACT_ISA   portable
#define ACT_LEVEL ACT__PORTABLE
#include "dispatch_isa.h"
#ifdef ACT_HAVE_AVX2
#define ACT_ISA   avx2
#define ACT_LEVEL ACT__AVX2
#include "dispatch_isa.h"
#endif
#ifdef ACT_HAVE_AVX512
#define ACT_ISA   avx512
#define ACT_LEVEL ACT__AVX512
#include "dispatch_isa.h"
#endif
#ifdef ACT_HAVE_NEON
#define ACT_ISA   neon
#define ACT_LEVEL ACT__NEON
#include "dispatch_isa.h"
#endif

static const act__isa *const built[ACT__ISA_LEVELS] = {
    [ACT__PORTABLE] = &isa_portable,
#ifdef ACT_HAVE_AVX2
    [ACT__AVX2] = &isa_avx2,
#endif
#ifdef ACT_HAVE_AVX512
    [ACT__AVX512] = &isa_avx512,
#endif
#ifdef ACT_HAVE_NEON
    [ACT__NEON] = &isa_neon,
#endif
};

static const act__isa *_Atomic chosen;

const act__isa *act__isa_at(act__isa_level level) {
    return built[level] && act__cpu_supports(level) ? built[level] : NULL;
}

/* The best set, but none above the one that ACT_MAX_ISA names; an unknown name caps nothing. */
static const act__isa *choose(void) {
    const char *cap = getenv("ACT_MAX_ISA");
    const act__isa *best = NULL;
    for (int level = 0; level < ACT__ISA_LEVELS; level++) {
        const act__isa *isa = act__isa_at((act__isa_level)level);
        if (!isa)
            continue;
        best = isa;
        if (cap && strcmp(cap, isa->name) == 0)
            break;
    }
    return best;
}

const act__isa *act__isa_in_use(void) {
    const act__isa *isa = atomic_load_explicit(&chosen, memory_order_acquire);
    if (!isa) {
        isa = choose();
        atomic_store_explicit(&chosen, isa, memory_order_release);
    }
    return isa;
}

void act__isa_force(const act__isa *isa) { atomic_store_explicit(&chosen, isa, memory_order_release); }
