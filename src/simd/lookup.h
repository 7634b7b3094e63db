/*
 * Tables of 4, 8 or 16 reals that are looked up in registers, one section an instruction set; tables of rows are in
 * table.h. float32 only: a register holds too few doubles.
 */
#ifndef ACT_SIMD_LOOKUP_H
#define ACT_SIMD_LOOKUP_H

#include "simd/vec.h"

/* v_index(a, shift): the bits of a, shifted right; a look-up of 16 reads the lower 4 of them, one of 4 the lower 2.
 * v_lookup8 may leave out the highest of 4: for indices below 8, or tables whose halves are the same. */
#if defined(ACT_ISA_AVX512)
typedef __m512i vindex;
static inline vindex v_index(vreal a, int shift) {
    return _mm512_srli_epi32(_mm512_castps_si512(a), (unsigned)shift);
}

static inline vreal v_lookup16(const real *table, vindex i) { return _mm512_permutexvar_ps(i, v_load(table)); }
static inline vreal v_lookup8(const real *table, vindex i) { return v_lookup16(table, i); }
static inline vreal v_lookup4(const real *table, vindex i) {
    return _mm512_permutevar_ps(_mm512_broadcast_f32x4(_mm_loadu_ps(table)), i);
}
#elif defined(ACT_ISA_AVX2)
typedef __m256i vindex;
static inline vindex v_index(vreal a, int shift) { return _mm256_srli_epi32(_mm256_castps_si256(a), shift); }

static inline vreal v_lookup8(const real *table, vindex i) { return _mm256_permutevar8x32_ps(v_load(table), i); }

static inline vreal v_lookup16(const real *table, vindex i) {
    const vreal upper = _mm256_castsi256_ps(_mm256_slli_epi32(i, 28));
    return v_select(upper, v_lookup8(table + 8, i), v_lookup8(table, i));
}

static inline vreal v_lookup4(const real *table, vindex i) {
    return _mm256_permutevar_ps(_mm256_broadcast_ps((const __m128 *)(const void *)table), i);
}

#elif defined(ACT_ISA_NEON)
typedef uint32x4_t vindex;
static inline vindex v_index(vreal a, int shift) { return vshlq_u32(V_TO_U(a), vdupq_n_s32(-shift)); }

/* By the bits of i that are in mask. */
static inline vreal v_lookup_masked(const real *table, vindex i, uint32_t mask) {
    i = vandq_u32(i, vdupq_n_u32(mask));
    const real lanes[V_WIDTH] = {table[vgetq_lane_u32(i, 0)], table[vgetq_lane_u32(i, 1)],
                                 table[vgetq_lane_u32(i, 2)], table[vgetq_lane_u32(i, 3)]};
    return v_load(lanes);
}

static inline vreal v_lookup16(const real *table, vindex i) { return v_lookup_masked(table, i, 15); }
static inline vreal v_lookup8(const real *table, vindex i) { return v_lookup16(table, i); }
static inline vreal v_lookup4(const real *table, vindex i) { return v_lookup_masked(table, i, 3); }

#else
typedef v_word vindex;
static inline vindex v_index(vreal a, int shift) { return v_to_word(a) >> shift; }
static inline vreal v_lookup16(const real *table, vindex i) { return table[i & 15]; }
static inline vreal v_lookup8(const real *table, vindex i) { return v_lookup16(table, i); }
static inline vreal v_lookup4(const real *table, vindex i) { return table[i & 3]; }
#endif

#endif
