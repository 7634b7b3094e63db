/*
 * Tables of 16 or 32 rows of 8 reals, of which a kernel needs one whole row a lane: a list of V_ROW8() in the shape
 * V_SHAPE(). Where two registers hold a column, AVX-512, columns are looked up in
 * registers as they are needed. Elsewhere a lane loads its row from memory, and rows are transposed into columns: in
 * AVX2 a column of 32 would take four look-ups and three choices between them, and takes three operations so. float32
 * only.
 *
 *   v_row(table, rows, i)            the rows that the lower 4 or 5 bits of i name, one a lane
 *   v_column(&row, k)                their kth numbers
 *   v_row_polynomial(&row, k, l, d)  numbers k to l as coefficients, that of 1 first, of powers of d
 */
#ifndef ACT_SIMD_TABLE_H
#define ACT_SIMD_TABLE_H

#include "simd/lookup.h"

#if defined(ACT_ISA_AVX512)
#define V_SHAPE(rows, columns) [columns][rows]
#define V_ROW8(i, a, b, c, d, e, f, g, h) \
    [0][i] = a, [1][i] = b, [2][i] = c, [3][i] = d, [4][i] = e, [5][i] = f, [6][i] = g, [7][i] = h

typedef struct vrow {
    const real *table;
    int rows;
    vindex i;
} vrow;

ACT_ALWAYS_INLINE vrow v_row(const real *table, int rows, vindex i) { return (vrow){table, rows, i}; }

ACT_ALWAYS_INLINE vreal v_column(const vrow *row, int k) {
    const real *column = row->table + k * row->rows;
    return row->rows == 16 ? v_lookup16(column, row->i)
                           : _mm512_permutex2var_ps(v_load(column), row->i, v_load(column + 16));
}

#else
enum { COLUMNS = 8 };
#define V_SHAPE(rows, columns) [rows][columns]
#define V_ROW8(i, ...)         [i] = {__VA_ARGS__}

#if defined(ACT_ISA_AVX2)
typedef struct vrow {
    vreal column[COLUMNS];
} vrow;

/* Half of a row of two lanes. */
ACT_ALWAYS_INLINE vreal half_rows(const real *table, uint32_t low, uint32_t high) {
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(table + low)), _mm_loadu_ps(table + high), 1);
}

/* Four columns, from where each lane's begin. */
ACT_ALWAYS_INLINE void transpose4(vreal *column, const real *table, const uint32_t *at) {
    const vreal a = half_rows(table, at[0], at[4]), b = half_rows(table, at[1], at[5]);
    const vreal c = half_rows(table, at[2], at[6]), d = half_rows(table, at[3], at[7]);
    const vreal ab = _mm256_unpacklo_ps(a, b), cd = _mm256_unpacklo_ps(c, d);
    const vreal ab_upper = _mm256_unpackhi_ps(a, b), cd_upper = _mm256_unpackhi_ps(c, d);
    column[0] = _mm256_shuffle_ps(ab, cd, 0x44);
    column[1] = _mm256_shuffle_ps(ab, cd, 0xee);
    column[2] = _mm256_shuffle_ps(ab_upper, cd_upper, 0x44);
    column[3] = _mm256_shuffle_ps(ab_upper, cd_upper, 0xee);
}

ACT_ALWAYS_INLINE vrow v_row(const real *table, int rows, vindex i) {
    const vindex at =
        _mm256_mullo_epi32(_mm256_and_si256(i, _mm256_set1_epi32(rows - 1)), _mm256_set1_epi32(COLUMNS));
    const __m128i low = _mm256_castsi256_si128(at), high = _mm256_extracti128_si256(at, 1);
    const uint64_t pair[4] = {(uint64_t)_mm_cvtsi128_si64(low), (uint64_t)_mm_extract_epi64(low, 1),
                              (uint64_t)_mm_cvtsi128_si64(high), (uint64_t)_mm_extract_epi64(high, 1)};
    uint32_t lane[8];
    for (int k = 0; k < 8; k++)
        lane[k] = (uint32_t)(pair[k / 2] >> k % 2 * 32);
    vrow row;
    transpose4(row.column, table, lane);
    transpose4(row.column + 4, table + 4, lane);
    return row;
}

ACT_ALWAYS_INLINE vreal v_column(const vrow *row, int k) { return row->column[k]; }

#elif defined(ACT_ISA_NEON)
typedef struct vrow {
    vreal column[COLUMNS];
} vrow;

ACT_ALWAYS_INLINE void transpose4(vreal *column, const real *const *row, int from) {
    const float32x4_t a = vld1q_f32(row[0] + from), b = vld1q_f32(row[1] + from);
    const float32x4_t c = vld1q_f32(row[2] + from), d = vld1q_f32(row[3] + from);
    const float64x2_t ab = vreinterpretq_f64_f32(vzip1q_f32(a, b)), cd = vreinterpretq_f64_f32(vzip1q_f32(c, d));
    const float64x2_t ab_upper = vreinterpretq_f64_f32(vzip2q_f32(a, b));
    const float64x2_t cd_upper = vreinterpretq_f64_f32(vzip2q_f32(c, d));
    column[0] = vreinterpretq_f32_f64(vzip1q_f64(ab, cd));
    column[1] = vreinterpretq_f32_f64(vzip2q_f64(ab, cd));
    column[2] = vreinterpretq_f32_f64(vzip1q_f64(ab_upper, cd_upper));
    column[3] = vreinterpretq_f32_f64(vzip2q_f64(ab_upper, cd_upper));
}

ACT_ALWAYS_INLINE vrow v_row(const real *table, int rows, vindex i) {
    const vindex at = vmulq_n_u32(vandq_u32(i, vdupq_n_u32((uint32_t)rows - 1)), COLUMNS);
    const real *const lane[4] = {table + vgetq_lane_u32(at, 0), table + vgetq_lane_u32(at, 1),
                                 table + vgetq_lane_u32(at, 2), table + vgetq_lane_u32(at, 3)};
    vrow row;
    transpose4(row.column, lane, 0);
    transpose4(row.column + 4, lane, 4);
    return row;
}

ACT_ALWAYS_INLINE vreal v_column(const vrow *row, int k) { return row->column[k]; }

#else
typedef struct vrow {
    const real *at;
} vrow;

ACT_ALWAYS_INLINE vrow v_row(const real *table, int rows, vindex i) {
    return (vrow){table + COLUMNS * (i & (vindex)(rows - 1))};
}

ACT_ALWAYS_INLINE vreal v_column(const vrow *row, int k) { return row->at[k]; }
#endif
#endif

ACT_ALWAYS_INLINE vreal v_row_polynomial(const vrow *row, int first, int last, vreal d) {
    vreal q = v_column(row, last);
    for (int k = last - 1; k >= first; k--)
        q = v_fma(q, d, v_column(row, k));
    return q;
}

#endif
