/* The vector vocabulary in AVX2 and FMA. Included by vec.h. */
#include <immintrin.h>

#if ACT_REAL == 32
#define V_WIDTH  8
#define V_OP(op) _mm256_##op##_ps
typedef __m256 vreal;
typedef int32_t v_word;
#else
#define V_WIDTH  4
#define V_OP(op) _mm256_##op##_pd
typedef __m256d vreal;
typedef int64_t v_word;
#endif
typedef vreal vmask;

static inline __m256i v_first(int64_t n) {
#if ACT_REAL == 32
    static const v_word window[2 * V_WIDTH] = {-1, -1, -1, -1, -1, -1, -1, -1};
#else
    static const v_word window[2 * V_WIDTH] = {-1, -1, -1, -1};
#endif
    return _mm256_loadu_si256((const __m256i *)(const void *)(window + V_WIDTH - n));
}

static inline vreal v_set(real c) { return V_OP(set1)(c); }
static inline vreal v_load(const real *p) { return V_OP(loadu)(p); }
static inline vreal v_load_part(const real *p, int64_t n) { return V_OP(maskload)(p, v_first(n)); }
static inline void v_store(real *p, vreal a) { V_OP(storeu)(p, a); }
/* In pieces: some processors take dozens of operations for a masked store (Zen 3: 42). */
static inline void v_store_part(real *p, vreal a, int64_t n) {
#if ACT_REAL == 32
    __m128 rest = _mm256_castps256_ps128(a);
    if (n == V_WIDTH) {
        v_store(p, a);
        return;
    }
    if (n & 4) {
        _mm_storeu_ps(p, rest);
        rest = _mm256_extractf128_ps(a, 1);
        p += 4;
    }
    if (n & 2) {
        _mm_storel_pi((__m64 *)(void *)p, rest);
        rest = _mm_movehl_ps(rest, rest);
        p += 2;
    }
    if (n & 1)
        _mm_store_ss(p, rest);
#else
    __m128d rest = _mm256_castpd256_pd128(a);
    if (n == V_WIDTH) {
        v_store(p, a);
        return;
    }
    if (n & 2) {
        _mm_storeu_pd(p, rest);
        rest = _mm256_extractf128_pd(a, 1);
        p += 2;
    }
    if (n & 1)
        _mm_store_sd(p, rest);
#endif
}

#define V_HAS_STREAM
static inline void v_stream(real *p, vreal a) { V_OP(stream)(p, a); }
static inline void v_fence(void) { _mm_sfence(); }

static inline vreal v_add(vreal a, vreal b) { return V_OP(add)(a, b); }
static inline vreal v_sub(vreal a, vreal b) { return V_OP(sub)(a, b); }
static inline vreal v_mul(vreal a, vreal b) { return V_OP(mul)(a, b); }
static inline vreal v_div(vreal a, vreal b) { return V_OP(div)(a, b); }
static inline vreal v_fma(vreal a, vreal b, vreal c) { return V_OP(fmadd)(a, b, c); }
static inline vreal v_fnma(vreal a, vreal b, vreal c) { return V_OP(fnmadd)(a, b, c); } /* c - a * b */
static inline vreal v_sqrt(vreal a) { return V_OP(sqrt)(a); }
static inline vreal v_neg(vreal a) { return V_OP(xor)(a, v_set((real)-0.0)); }
/* x, but no less than low or no more than high; NaN, as the second operand, stays NaN. */
static inline vreal v_at_least(vreal x, vreal low) { return V_OP(max)(low, x); }
static inline vreal v_at_most(vreal x, vreal high) { return V_OP(min)(high, x); }
static inline vreal v_round(vreal a) { return V_OP(round)(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }

static inline vreal v_copysign(vreal magnitude, vreal sign) {
    const vreal bit = v_set((real)-0.0);
    return V_OP(or)(V_OP(andnot)(bit, magnitude), V_OP(and)(bit, sign));
}

/* The low bits of a, which are those of a whole number that was added to 3 * 2^(V_MANTISSA - 1), as an exponent. */
static inline vreal v_exponent(vreal a) {
#if ACT_REAL == 32
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(a), V_MANTISSA));
#else
    return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(a), V_MANTISSA));
#endif
}

/* Whether bit i of a is set, where a is a whole number that was added to 3 * 2^(V_MANTISSA - 1). */
static inline vmask v_bit(vreal a, int i) {
    const __m256i zero = _mm256_setzero_si256();
#if ACT_REAL == 32
    return _mm256_castsi256_ps(_mm256_cmpgt_epi32(zero, _mm256_slli_epi32(_mm256_castps_si256(a), 31 - i)));
#else
    return _mm256_castsi256_pd(_mm256_cmpgt_epi64(zero, _mm256_slli_epi64(_mm256_castpd_si256(a), 63 - i)));
#endif
}

/* 2^n for whole n within the range of normal numbers: n moves into the exponent field. */
static inline vreal v_pow2(vreal n) {
#if ACT_REAL == 32
    const __m256i biased = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(V_BIAS));
    return _mm256_castsi256_ps(_mm256_slli_epi32(biased, V_MANTISSA));
#else
    const vreal magic = v_set(0x1.8p52 + V_BIAS);
    return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(v_add(n, magic)), V_MANTISSA));
#endif
}

static inline vmask v_lt(vreal a, vreal b) { return V_OP(cmp)(a, b, _CMP_LT_OQ); }
static inline vmask v_le(vreal a, vreal b) { return V_OP(cmp)(a, b, _CMP_LE_OQ); }
static inline vmask v_eq(vreal a, vreal b) { return V_OP(cmp)(a, b, _CMP_EQ_OQ); }
static inline vmask v_isnan(vreal a) { return V_OP(cmp)(a, a, _CMP_UNORD_Q); }
static inline vmask v_or(vmask a, vmask b) { return V_OP(or)(a, b); }
static inline vmask v_andnot(vmask a, vmask b) { return V_OP(andnot)(b, a); }
static inline vreal v_select(vmask m, vreal yes, vreal no) { return V_OP(blendv)(no, yes, m); }
static inline vreal v_keep(vmask m, vreal a) { return V_OP(and)(m, a); }
static inline vreal v_drop(vmask m, vreal a) { return V_OP(andnot)(m, a); }

static inline uint64_t v_bits(vmask m) { return (uint64_t)(unsigned)V_OP(movemask)(m); }
static inline vmask v_mask(uint64_t bits) {
#if ACT_REAL == 32
    const __m256i lane = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    return _mm256_castsi256_ps(
        _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32((int)(bits & 255)), lane), lane));
#else
    const __m256i lane = _mm256_setr_epi64x(1, 2, 4, 8);
    return _mm256_castsi256_pd(
        _mm256_cmpeq_epi64(_mm256_and_si256(_mm256_set1_epi64x((int64_t)(bits & 15)), lane), lane));
#endif
}
