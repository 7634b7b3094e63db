/* Vectors of 16-bit numbers in NEON of AArch64. Included by vec_half.h. */
#define H_HAS_VECTORS

typedef uint16x4_t vhalf; /* of which float64 uses the first two */

static inline float32x4_t h_float_of_f16(vhalf a) { return vcvt_f32_f16(vreinterpret_f16_u16(a)); }
static inline float32x4_t h_float_of_bf16(vhalf a) { return vreinterpretq_f32_u32(vshll_n_u16(a, 16)); }
static inline vhalf h_f16_of_float(float32x4_t a) { return vreinterpret_u16_f16(vcvt_f16_f32(a)); }

#if ACT_REAL == 32
static inline vhalf h_load(const uint16_t *p) { return vld1_u16(p); }
static inline void h_store(uint16_t *p, vhalf a) { vst1_u16(p, a); }
static inline uint64_t h_differ(vhalf a, vhalf b) {
    const uint16x4_t lane = {1, 2, 4, 8};
    return vaddv_u16(vbic_u16(lane, vceq_u16(a, b)));
}

/* A number above 0 where a bit is set, else below: 1 and -1 of float16. */
static inline vhalf h_signs(uint64_t bits) {
    const uint16x4_t lane = {1, 2, 4, 8};
    return vbsl_u16(vtst_u16(vdup_n_u16((uint16_t)bits), lane), vdup_n_u16(0x3c00), vdup_n_u16(0xbc00));
}

static inline vreal h_widen_f16(vhalf a) { return h_float_of_f16(a); }
static inline vreal h_widen_bf16(vhalf a) { return h_float_of_bf16(a); }

static inline vhalf h_narrow_f16(vreal a) { return h_f16_of_float(a); }
/* Entries of a table of all halves. */
#define H_HAS_LOOK_UP
static inline vhalf h_look_up(const uint16_t *table, const uint16_t *at) {
    return (vhalf){table[at[0]], table[at[1]], table[at[2]], table[at[3]]};
}
static inline vreal h_look_up_real(const float *table, const uint16_t *at) {
    return (vreal){table[at[0]], table[at[1]], table[at[2]], table[at[3]]};
}

/* The upper halves. */
static inline vhalf h_cut_bf16(vreal a) { return vshrn_n_u32(vreinterpretq_u32_f32(a), 16); }
/* What is a bfloat16 in its upper half, the nearest one. NaN must have nothing in its lower half here. */
static inline vreal h_nearest_bf16(vreal a) {
    const uint32x4_t bits = vreinterpretq_u32_f32(a), odd = vandq_u32(vshrq_n_u32(bits, 16), vdupq_n_u32(1));
    return vreinterpretq_f32_u32(vaddq_u32(vaddq_u32(bits, vdupq_n_u32(0x7fff)), odd));
}
/* The same, but ties go away from 0. */
static inline vreal h_away_bf16(vreal a) {
    return vreinterpretq_f32_u32(vaddq_u32(vreinterpretq_u32_f32(a), vdupq_n_u32(0x8000)));
}
static inline vhalf h_narrow_bf16(vreal a) {
    const uint32x4_t quiet = vorrq_u32(vreinterpretq_u32_f32(a), vdupq_n_u32(0x400000));
    const uint32x4_t cut = vandq_u32(quiet, vdupq_n_u32(0xffff0000));
    return h_cut_bf16(h_nearest_bf16(v_select(v_isnan(a), vreinterpretq_f32_u32(cut), a)));
}

/* Whether the lower 16 bits are below 0x8000 by no more than window, a power of two, or above by less. */
static inline uint64_t h_near_middle(vreal a, int32_t window) {
    const uint32x4_t from = vaddq_u32(vreinterpretq_u32_f32(a), vdupq_n_u32((uint32_t)(window - 0x8000)));
    return v_bits(vceqq_u32(vandq_u32(from, vdupq_n_u32((uint32_t)(0x10000 - 2 * window))), vdupq_n_u32(0)));
}
#else
static inline vhalf h_load(const uint16_t *p) {
    uint32_t pair;
    memcpy(&pair, p, sizeof pair);
    return vreinterpret_u16_u32(vdup_n_u32(pair));
}
static inline void h_store(uint16_t *p, vhalf a) {
    const uint32_t pair = vget_lane_u32(vreinterpret_u32_u16(a), 0);
    memcpy(p, &pair, sizeof pair);
}

static inline vreal h_widen_f16(vhalf a) { return vcvt_f64_f32(vget_low_f32(h_float_of_f16(a))); }
static inline vreal h_widen_bf16(vhalf a) { return vcvt_f64_f32(vget_low_f32(h_float_of_bf16(a))); }

static inline float32x4_t h_float_of(vreal a) { return vcombine_f32(vcvt_f32_f64(a), vdup_n_f32(0)); }
static inline vhalf h_narrow_f16(vreal a) { return h_f16_of_float(h_float_of(a)); }
static inline vhalf h_narrow_bf16(vreal a) { return vshrn_n_u32(vreinterpretq_u32_f32(h_float_of(a)), 16); }

/* The power of two at or below a. */
static inline vreal h_leading(vreal a) { return V_FROM_U(vandq_u64(V_TO_U(a), vdupq_n_u64(0x7ff0000000000000u))); }
#endif
