/*
 * Functions in float64 from tables of polynomials on 16 intervals: f(c + d) = f(c) + d P(d), and a row each of c,
 * f(c) and the 14 coefficients of P; f(c) and the first coefficient are all but doubles. Their sum with the next is a
 * pair, so that what is left, about d^3, may be rounded a few times. Tables, from row_tables.py, are lists of
 * V_ROW16(): laid out by columns where those are looked up in registers; elsewhere the rows of a vector's lanes are
 * read and transposed.
 *
 *   v_row(table, sum)           the rows of which sum has the numbers in its low bits
 *   v_columns(c, row, k)        their numbers k to k + 3
 */
#ifndef ACT_SIMD_ROWS_F64_H
#define ACT_SIMD_ROWS_F64_H

#include "simd/math.h"

#if defined(ACT_ISA_AVX512)
#define V_SHAPE(rows, columns) [columns][rows]
#define V_ROW16(i, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15)                    \
    [0][i] = c0, [1][i] = c1, [2][i] = c2, [3][i] = c3, [4][i] = c4, [5][i] = c5, [6][i] = c6, [7][i] = c7, \
    [8][i] = c8, [9][i] = c9, [10][i] = c10, [11][i] = c11, [12][i] = c12, [13][i] = c13, [14][i] = c14,    \
    [15][i] = c15

typedef struct vrow {
    const double (*columns)[16];
    __m512i index;
} vrow;

ACT_ALWAYS_INLINE vrow v_row(const double (*table)[16], vreal sum) { return (vrow){table, _mm512_castpd_si512(sum)}; }

ACT_ALWAYS_INLINE void v_columns(vreal *c, vrow row, int k) {
    for (int j = 0; j < 4; j++) {
        const double *column = row.columns[k + j];
        c[j] = _mm512_permutex2var_pd(v_load(column), row.index, v_load(column + 8));
    }
}
#else
#define V_SHAPE(rows, columns) [rows][columns]
#define V_ROW16(i, ...)        [i] = {__VA_ARGS__}

typedef struct vrow {
    const double *lane[V_WIDTH];
} vrow;

#if defined(ACT_ISA_AVX2)
ACT_ALWAYS_INLINE vrow v_row(const double (*table)[16], vreal sum) {
    const __m256i i = _mm256_and_si256(_mm256_castpd_si256(sum), _mm256_set1_epi64x(15));
    const __m128i low = _mm256_castsi256_si128(i), high = _mm256_extracti128_si256(i, 1);
    return (vrow){{table[_mm_cvtsi128_si64(low)], table[_mm_extract_epi64(low, 1)], table[_mm_cvtsi128_si64(high)],
                   table[_mm_extract_epi64(high, 1)]}};
}

/* Two numbers each of two lanes. */
ACT_ALWAYS_INLINE vreal v_halves(const double *low, const double *high) {
    return _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(low)), _mm_loadu_pd(high), 1);
}

ACT_ALWAYS_INLINE void v_columns(vreal *c, vrow row, int k) {
    for (int j = 0; j < 4; j += 2) {
        const vreal even = v_halves(row.lane[0] + k + j, row.lane[2] + k + j);
        const vreal odd = v_halves(row.lane[1] + k + j, row.lane[3] + k + j);
        c[j] = _mm256_unpacklo_pd(even, odd);
        c[j + 1] = _mm256_unpackhi_pd(even, odd);
    }
}
#elif defined(ACT_ISA_NEON)
ACT_ALWAYS_INLINE vrow v_row(const double (*table)[16], vreal sum) {
    const uint64x2_t i = vandq_u64(V_TO_U(sum), vdupq_n_u64(15));
    return (vrow){{table[vgetq_lane_u64(i, 0)], table[vgetq_lane_u64(i, 1)]}};
}

ACT_ALWAYS_INLINE void v_columns(vreal *c, vrow row, int k) {
    for (int j = 0; j < 4; j += 2) {
        const vreal even = v_load(row.lane[0] + k + j), odd = v_load(row.lane[1] + k + j);
        c[j] = vzip1q_f64(even, odd);
        c[j + 1] = vzip2q_f64(even, odd);
    }
}
#else
ACT_ALWAYS_INLINE vrow v_row(const double (*table)[16], vreal sum) { return (vrow){{table[v_to_word(sum) & 15]}}; }

ACT_ALWAYS_INLINE void v_columns(vreal *c, vrow row, int k) {
    for (int j = 0; j < 4; j++)
        c[j] = row.lane[0][k + j];
}
#endif
#endif

/* c[0] + c[1] d + c[2] d^2 + c[3] d^3 of four columns. */
ACT_ALWAYS_INLINE vreal v_cubic(vrow row, int k, vreal d, vreal square) {
    vreal c[4];
    v_columns(c, row, k);
    return v_fma(square, v_fma(d, c[3], c[2]), v_fma(d, c[1], c[0]));
}

/* f(a), where sum has the number of a's interval in its low bits. */
ACT_ALWAYS_INLINE vpair v_from_rows(const double (*table)[16], vreal a, vreal sum) {
    const vrow row = v_row(table, sum);
    vreal c[4];
    v_columns(c, row, 0);
    const vreal d = v_sub(a, c[0]), square = v_mul(d, d), fourth = v_mul(square, square);
    vreal q = v_cubic(row, 12, d, square);
    q = v_fma(fourth, q, v_cubic(row, 8, d, square));
    q = v_fma(fourth, q, v_cubic(row, 4, d, square));
    const vreal slope = v_fma(d, c[3], c[2]), slope_rest = v_fma(d, c[3], v_sub(c[2], slope));
    const vreal value = v_fma(d, slope, c[1]), rest = v_fma(d, slope, v_sub(c[1], value));
    return (vpair){value, v_fma(v_mul(square, d), q, v_fma(d, slope_rest, rest))};
}

#endif
