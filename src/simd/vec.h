/*
 * The vector vocabulary in which kernels are written: one header an instruction set gives it its meaning.
 * Compiled once per instruction set and compute type (ACT_REAL 32 or 64); knows nothing of tensors or objects.
 *
 * vreal holds V_WIDTH reals, vmask one truth value for each. Every operation is exactly rounded, so all instruction
 * sets give the same bits; multiplication and addition fuse only where v_fma says so.
 */
#ifndef ACT_SIMD_VEC_H
#define ACT_SIMD_VEC_H

#include <stdint.h>
#include <string.h>

/* Vectors live in registers: a call would spill them all. */
#define ACT_ALWAYS_INLINE static inline __attribute__((always_inline))
/* But what seldom runs must not take registers from what is beside it. */
#define ACT_NEVER_INLINE static __attribute__((noinline))

#if ACT_REAL == 32
typedef float real;
#define REAL(c32, c64) c32
#define V_BIAS         127
#define V_MANTISSA     23
#define V_MOST         0x1.fffffep+127f
#elif ACT_REAL == 64
typedef double real;
#define REAL(c32, c64) c64
#define V_BIAS         1023
#define V_MANTISSA     52
#define V_MOST         0x1.fffffffffffffp+1023
#else
#error "ACT_REAL must be 32 or 64"
#endif

#if defined(ACT_ISA_AVX512)
#include "simd/vec_avx512.h"
#elif defined(ACT_ISA_AVX2)
#include "simd/vec_avx2.h"
#elif defined(ACT_ISA_NEON)
#include "simd/vec_neon.h"
#else
#include "simd/vec_portable.h"
#endif

/* Stores past the cache, to whole vectors, and a fence that puts them before later stores: where there are any. */
#ifdef V_HAS_STREAM
enum { V_STREAMS = 1 };
#else
enum { V_STREAMS = 0 };
static inline void v_stream(real *p, vreal a) { v_store(p, a); }
static inline void v_fence(void) {}
#endif

/* Asks for what will be read 1024 bytes on, where results go past the cache and reads are what takes time: processors
 * fetch ahead no further than a page, and the longer a formula, the fewer lines ahead they look by themselves. Both
 * are read from the same offset; where there is but one, it is both. */
ACT_ALWAYS_INLINE void v_fetch(const void *first, const void *second, size_t bytes) {
    enum { CACHE_LINE = 64, AHEAD = 1024 };
    for (size_t at = AHEAD; at < AHEAD + bytes; at += CACHE_LINE)
        __builtin_prefetch((const void *)((uintptr_t)first + at));
    if (second != first)
        for (size_t at = AHEAD; at < AHEAD + bytes; at += CACHE_LINE)
            __builtin_prefetch((const void *)((uintptr_t)second + at));
}

#ifndef V_HAS_LOADED
static inline vreal v_loaded(vreal a) { return a; }
#endif

#ifndef V_HAS_SCALE
/* 2^n; where that is below normal numbers, one that is at most the least of them. */
static inline vreal v_power(vreal n) { return v_pow2(v_at_least(n, v_set(1 - V_BIAS))); }

/* a * 2^n for whole n from -2 * (V_BIAS - 1) to V_BIAS, rounded once: the step beyond normal numbers comes first, and
 * what it leaves is normal or ends at 0. */
static inline vreal v_scale(vreal a, vreal n) {
    const vreal last = v_at_least(n, v_set(1 - V_BIAS));
    return v_mul(v_mul(a, v_pow2(v_sub(n, last))), v_pow2(last));
}
#endif

static inline int v_all(vmask m) { return v_bits(m) == ((uint64_t)1 << V_WIDTH) - 1; }

static inline vreal v_abs(vreal a) { return v_copysign(a, v_set(0)); }

#endif
