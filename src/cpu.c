/* Asks the processor and the operating system what may be run. Called by dispatch.c. */
#include "cpu.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <stdatomic.h>

/* Not all compilers know its name; that the system keeps its registers follows from AVX2. Asked once: in a virtual
 * machine the question takes tens of microseconds. */
static int has_f16c(void) {
    enum { UNKNOWN, NO, YES };
    static atomic_int known = UNKNOWN;
    if (atomic_load_explicit(&known, memory_order_relaxed) == UNKNOWN) {
        unsigned a, b, c, d;
        const int has = __get_cpuid(1, &a, &b, &c, &d) && c & bit_F16C;
        atomic_store_explicit(&known, has ? YES : NO, memory_order_relaxed);
    }
    return atomic_load_explicit(&known, memory_order_relaxed) == YES;
}
#endif

int act__cpu_supports(act__isa_level level) {
    switch (level) {
    case ACT__PORTABLE:
        return 1;
#if defined(__x86_64__)
    case ACT__AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c();
    case ACT__AVX512:
        return has_f16c() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
#elif defined(__aarch64__)
    case ACT__NEON:
        return 1;
#endif
    default:
        return 0;
    }
}
