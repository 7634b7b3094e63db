/*
 * What a kernel file needs beside the vectors: the names under which each instruction set and compute type is
 * compiled, and the parameters.
 */
#ifndef ACT_SIMD_KERNEL_H
#define ACT_SIMD_KERNEL_H

#include "kernels.h"
#include "simd/math.h"

#if defined(ACT_ISA_AVX512)
#define ACT_ISA avx512
#elif defined(ACT_ISA_AVX2)
#define ACT_ISA avx2
#elif defined(ACT_ISA_NEON)
#define ACT_ISA neon
#else
#define ACT_ISA portable
#endif

#define ACT_PASTE(stem, isa, bits)  act__##stem##_##isa##_f##bits
#define ACT_EXPAND(stem, isa, bits) ACT_PASTE(stem, isa, bits)
#define ACT_KERNELS(stem)           ACT_EXPAND(stem, ACT_ISA, ACT_REAL)

/* A parameter is the same in all lanes. Kinds may have a formula of their own for a value of it. */
ACT_ALWAYS_INLINE int parameter_is(vreal parameter, real value) {
    return (int)(v_bits(v_eq(parameter, v_set(value))) & 1);
}

#endif
