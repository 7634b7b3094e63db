/* The vector vocabulary in AVX-512 (F, DQ, BW, VL). Included by vec.h. */
#include <immintrin.h>

#if ACT_REAL == 32
#define V_WIDTH  16
#define V_OP(op) _mm512_##op##_ps
#define V_CMP    _mm512_cmp_ps_mask
typedef __m512 vreal;
typedef __mmask16 vmask;
#else
#define V_WIDTH  8
#define V_OP(op) _mm512_##op##_pd
#define V_CMP    _mm512_cmp_pd_mask
typedef __m512d vreal;
typedef __mmask8 vmask;
#endif

static inline vmask v_first(int64_t n) { return (vmask)((1u << n) - 1u); }

static inline vreal v_set(real c) { return V_OP(set1)(c); }
static inline vreal v_load(const real *p) { return V_OP(loadu)(p); }
static inline vreal v_load_part(const real *p, int64_t n) { return V_OP(maskz_loadu)(v_first(n), p); }
static inline void v_store(real *p, vreal a) { V_OP(storeu)(p, a); }
static inline void v_store_part(real *p, vreal a, int64_t n) { V_OP(mask_storeu)(p, v_first(n), a); }

#define V_HAS_STREAM
static inline void v_stream(real *p, vreal a) { V_OP(stream)(p, a); }
static inline void v_fence(void) { _mm_sfence(); }

/* Keeps a load apart from the masked operation that uses it: a masked load from memory runs at half the speed. */
#define V_HAS_LOADED
static inline vreal v_loaded(vreal a) {
    __asm__("" : "+v"(a));
    return a;
}

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
static inline vreal v_round(vreal a) { return V_OP(roundscale)(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
/* The low bits of a, which are those of a whole number that was added to 3 * 2^(V_MANTISSA - 1), as an exponent. */
static inline vreal v_exponent(vreal a) {
#if ACT_REAL == 32
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_castps_si512(a), V_MANTISSA));
#else
    return _mm512_castsi512_pd(_mm512_slli_epi64(_mm512_castpd_si512(a), V_MANTISSA));
#endif
}

/* Whether bit i of a is set, where a is a whole number that was added to 3 * 2^(V_MANTISSA - 1). */
static inline vmask v_bit(vreal a, int i) {
#if ACT_REAL == 32
    return _mm512_movepi32_mask(_mm512_slli_epi32(_mm512_castps_si512(a), (unsigned)(31 - i)));
#else
    return _mm512_movepi64_mask(_mm512_slli_epi64(_mm512_castpd_si512(a), (unsigned)(63 - i)));
#endif
}

#define V_HAS_SCALE
static inline vreal v_scale(vreal a, vreal n) { return V_OP(scalef)(a, n); }
static inline vreal v_pow2(vreal n) { return V_OP(scalef)(v_set(1), n); }
static inline vreal v_power(vreal n) { return v_pow2(n); }

static inline vreal v_copysign(vreal magnitude, vreal sign) {
    const vreal bit = v_set((real)-0.0);
    return V_OP(or)(V_OP(andnot)(bit, magnitude), V_OP(and)(bit, sign));
}

static inline vmask v_lt(vreal a, vreal b) { return V_CMP(a, b, _CMP_LT_OQ); }
static inline vmask v_le(vreal a, vreal b) { return V_CMP(a, b, _CMP_LE_OQ); }
static inline vmask v_eq(vreal a, vreal b) { return V_CMP(a, b, _CMP_EQ_OQ); }
static inline vmask v_isnan(vreal a) { return V_CMP(a, a, _CMP_UNORD_Q); }
static inline vmask v_or(vmask a, vmask b) { return (vmask)(a | b); }
static inline vmask v_andnot(vmask a, vmask b) { return (vmask)(a & ~b); }
static inline vreal v_select(vmask m, vreal yes, vreal no) { return V_OP(mask_blend)(m, no, yes); }
static inline vreal v_keep(vmask m, vreal a) { return V_OP(maskz_mov)(m, a); }
static inline vreal v_drop(vmask m, vreal a) { return v_select(m, v_set(0), a); }

/* By hand: where gcc 12 runs out of registers, it stores the mask alone and loads eight bytes. */
static inline uint64_t v_bits(vmask m) {
    uint32_t bits;
    __asm__(REAL("kmovw", "kmovb") " %1, %0" : "=r"(bits) : "k"(m));
    return bits;
}
static inline vmask v_mask(uint64_t bits) { return (vmask)bits; }
