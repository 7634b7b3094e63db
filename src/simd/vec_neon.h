/* The vector vocabulary in NEON of AArch64. Included by vec.h. */
#include <arm_neon.h>

#if ACT_REAL == 32
#define V_WIDTH  4
#define V_OP(op) op##q_f32
#define V_U(op)  op##q_u32
#define V_TO_U   vreinterpretq_u32_f32
#define V_FROM_U vreinterpretq_f32_u32
typedef float32x4_t vreal;
typedef uint32x4_t vmask;
#else
#define V_WIDTH  2
#define V_OP(op) op##q_f64
#define V_U(op)  op##q_u64
#define V_TO_U   vreinterpretq_u64_f64
#define V_FROM_U vreinterpretq_f64_u64
typedef float64x2_t vreal;
typedef uint64x2_t vmask;
#endif

static inline vreal v_set(real c) { return REAL(vdupq_n_f32, vdupq_n_f64)(c); }
static inline vreal v_load(const real *p) { return V_OP(vld1)(p); }
static inline void v_store(real *p, vreal a) { V_OP(vst1)(p, a); }

static inline vreal v_load_part(const real *p, int64_t n) {
    real lanes[V_WIDTH] = {0};
    memcpy(lanes, p, (size_t)n * sizeof(real));
    return v_load(lanes);
}

static inline void v_store_part(real *p, vreal a, int64_t n) {
    real lanes[V_WIDTH];
    v_store(lanes, a);
    memcpy(p, lanes, (size_t)n * sizeof(real));
}

static inline vreal v_add(vreal a, vreal b) { return V_OP(vadd)(a, b); }
static inline vreal v_sub(vreal a, vreal b) { return V_OP(vsub)(a, b); }
static inline vreal v_mul(vreal a, vreal b) { return V_OP(vmul)(a, b); }
static inline vreal v_div(vreal a, vreal b) { return V_OP(vdiv)(a, b); }
static inline vreal v_fma(vreal a, vreal b, vreal c) { return V_OP(vfma)(c, a, b); }
static inline vreal v_fnma(vreal a, vreal b, vreal c) { return V_OP(vfms)(c, a, b); } /* c - a * b */
static inline vreal v_sqrt(vreal a) { return V_OP(vsqrt)(a); }
static inline vreal v_neg(vreal a) { return V_OP(vneg)(a); }
/* x, but no less than low or no more than high; NaN stays NaN. */
static inline vreal v_at_least(vreal x, vreal low) { return V_OP(vbsl)(V_OP(vcgt)(low, x), low, x); }
static inline vreal v_at_most(vreal x, vreal high) { return V_OP(vbsl)(V_OP(vclt)(high, x), high, x); }
static inline vreal v_round(vreal a) { return V_OP(vrndn)(a); }

static inline vreal v_copysign(vreal magnitude, vreal sign) {
    return V_OP(vbsl)(V_TO_U(v_set((real)-0.0)), sign, magnitude);
}

/* The low bits of a, which are those of a whole number that was added to 3 * 2^(V_MANTISSA - 1), as an exponent. */
static inline vreal v_exponent(vreal a) {
#if ACT_REAL == 32
    return V_FROM_U(vshlq_n_u32(V_TO_U(a), V_MANTISSA));
#else
    return V_FROM_U(vshlq_n_u64(V_TO_U(a), V_MANTISSA));
#endif
}

/* Whether bit i of a is set, where a is a whole number that was added to 3 * 2^(V_MANTISSA - 1). */
static inline vmask v_bit(vreal a, int i) {
    return V_U(vtst)(V_TO_U(a), REAL(vdupq_n_u32(1u << i), vdupq_n_u64((uint64_t)1 << i)));
}

/* 2^n for whole n within the range of normal numbers: n moves into the exponent field. */
static inline vreal v_pow2(vreal n) {
#if ACT_REAL == 32
    return vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vcvtnq_s32_f32(n), vdupq_n_s32(V_BIAS)), V_MANTISSA));
#else
    return vreinterpretq_f64_s64(vshlq_n_s64(vaddq_s64(vcvtnq_s64_f64(n), vdupq_n_s64(V_BIAS)), V_MANTISSA));
#endif
}

static inline vmask v_lt(vreal a, vreal b) { return V_OP(vclt)(a, b); }
static inline vmask v_le(vreal a, vreal b) { return V_OP(vcle)(a, b); }
static inline vmask v_eq(vreal a, vreal b) { return V_OP(vceq)(a, b); }
static inline vmask v_or(vmask a, vmask b) { return V_U(vorr)(a, b); }
static inline vmask v_andnot(vmask a, vmask b) { return V_U(vbic)(a, b); }
static inline vreal v_select(vmask m, vreal yes, vreal no) { return V_OP(vbsl)(m, yes, no); }
static inline vreal v_keep(vmask m, vreal a) { return V_FROM_U(V_U(vand)(m, V_TO_U(a))); }
static inline vreal v_drop(vmask m, vreal a) { return V_FROM_U(V_U(vbic)(V_TO_U(a), m)); }

static inline vmask v_isnan(vreal a) { return V_U(veor)(v_eq(a, a), V_U(vceq)(V_TO_U(a), V_TO_U(a))); }

static inline uint64_t v_bits(vmask m) {
#if ACT_REAL == 32
    const uint32x4_t lane = {1, 2, 4, 8};
    return vaddvq_u32(vandq_u32(m, lane));
#else
    const uint64x2_t lane = {1, 2};
    return vaddvq_u64(vandq_u64(m, lane));
#endif
}

static inline vmask v_mask(uint64_t bits) {
#if ACT_REAL == 32
    const uint32x4_t lane = {1, 2, 4, 8};
    return vtstq_u32(vdupq_n_u32((uint32_t)bits), lane);
#else
    const uint64x2_t lane = {1, 2};
    return vtstq_u64(vdupq_n_u64(bits), lane);
#endif
}
