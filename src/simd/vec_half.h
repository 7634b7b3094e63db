/*
 * Vectors of 16-bit numbers as they are stored: V_WIDTH of them in a vhalf, widened to a vreal and narrowed to the
 * nearest, ties to even. float64 is narrowed by way of float32, and for that must first stand on the half's own grid
 * (h_leading serves to put it there): then nothing is rounded twice. Included by whatever
 * computes or chooses 16-bit elements.
 */
#ifndef ACT_SIMD_VEC_HALF_H
#define ACT_SIMD_VEC_HALF_H

#include "simd/vec.h"

#if defined(ACT_ISA_AVX512)
#include "simd/vec_half_avx512.h"
#elif defined(ACT_ISA_AVX2)
#include "simd/vec_half_avx2.h"
#elif defined(ACT_ISA_NEON)
#include "simd/vec_half_neon.h"
#else
#include "simd/vec_half_portable.h"
#endif

/* 16-bit numbers as signed whole numbers, in the compilers' own vectors of a size that has registers. */
enum { V_WORDS = V_WIDTH >= 8 ? 16 : 8 };
typedef int16_t vwords __attribute__((vector_size(V_WORDS * sizeof(int16_t))));

enum { HALVES_AT_ONCE = 2 }; /* vectors that are computed side by side, at most */

#ifndef H_HAS_STREAM
static inline void h_stream(uint16_t *p, vhalf a) { h_store(p, a); }
#endif

ACT_ALWAYS_INLINE void h_put(uint16_t *p, vhalf a, int stream) {
    if (stream)
        h_stream(p, a);
    else
        h_store(p, a);
}

#if defined(H_HAS_VECTORS) && ACT_REAL == 32 && !defined(H_HAS_TWO)
/* Two vectors at once, in any order of lanes; and lanes of theirs, as bits, in the order of the halves. */
static inline void h_load_two_bf16(vreal *a, const uint16_t *p) {
    a[0] = h_widen_bf16(h_load(p));
    a[1] = h_widen_bf16(h_load(p + V_WIDTH));
}
static inline void h_put_two_bf16(uint16_t *p, vreal a, vreal b, int stream) {
    h_put(p, h_cut_bf16(a), stream);
    h_put(p + V_WIDTH, h_cut_bf16(b), stream);
}
static inline void h_lanes_of_two_bf16(uint64_t *lanes) { (void)lanes; }
#endif

#endif
