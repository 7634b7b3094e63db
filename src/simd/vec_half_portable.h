/*
 * 16-bit numbers in plain C, one lane wide: integers, but for the step between subnormal and normal, which is a sum
 * that is exact or has no room for what is to be rounded off. Included by vec_half.h.
 */
typedef uint16_t vhalf;

static inline vhalf h_load(const uint16_t *p) { return *p; }
static inline void h_store(uint16_t *p, vhalf a) { *p = a; }

static inline uint32_t h_word(float a) {
    uint32_t word;
    memcpy(&word, &a, sizeof word);
    return word;
}

static inline float h_float(uint32_t word) {
    float a;
    memcpy(&a, &word, sizeof a);
    return a;
}

static inline float h_float_of_bf16(uint16_t a) { return h_float((uint32_t)a << 16); }

static inline float h_float_of_f16(uint16_t a) {
    const uint32_t sign = (uint32_t)(a & 0x8000) << 16, magnitude = (uint32_t)(a & 0x7fff) << 13;
    const uint32_t normal = magnitude + (112u << 23), infinite = magnitude | 0x7f800000u;
    const uint32_t subnormal = h_word(h_float(magnitude | 113u << 23) - 0x1p-14f);
    const uint32_t quiet = (a & 0x7fff) > 0x7c00 ? 0x00400000u : 0;
    const uint32_t finite = magnitude < 1u << 23 ? subnormal : normal;
    return h_float(sign | (magnitude < 31u << 23 ? finite : infinite | quiet));
}

static inline uint16_t h_f16_of_float(float a) {
    const uint32_t bits = h_word(a), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
    const uint32_t normal = (magnitude - (112u << 23) + 0xfff + (magnitude >> 13 & 1)) >> 13;
    const uint32_t subnormal = h_word(h_float(magnitude) + 0.5f) - (126u << 23);
    const uint32_t beyond = magnitude > 0x7f800000u ? 0x7e00 | (magnitude >> 13 & 0x3ff) : 0x7c00;
    const uint32_t finite = magnitude < 113u << 23 ? subnormal : normal;
    return (uint16_t)(sign | (magnitude < 143u << 23 ? finite : beyond));
}

#if ACT_REAL == 32
#define H_HAS_LOOK_UP
static inline vhalf h_look_up(const uint16_t *table, const uint16_t *at) { return table[*at]; }

static inline uint64_t h_differ(vhalf a, vhalf b) { return a != b; }
/* A number above 0 where a bit is set, else below: 1 and -1 of float16. */
static inline vhalf h_signs(uint64_t bits) { return bits & 1 ? 0x3c00 : 0xbc00; }

static inline vreal h_widen_f16(vhalf a) { return h_float_of_f16(a); }
static inline vreal h_widen_bf16(vhalf a) { return h_float_of_bf16(a); }

static inline vhalf h_narrow_f16(vreal a) { return h_f16_of_float(a); }
static inline vhalf h_narrow_bf16(vreal a) {
    const uint32_t bits = h_word(a), upper = bits >> 16;
    const uint32_t rounded = (bits + 0x7fff + (upper & 1)) >> 16;
    return (uint16_t)((bits & 0x7fffffff) > 0x7f800000 ? upper | 0x40 : rounded);
}

static inline vhalf h_cut_bf16(vreal a) { return (uint16_t)(h_word(a) >> 16); }
static inline vreal h_nearest_bf16(vreal a) { return h_float(h_word(a) + 0x7fff + (h_word(a) >> 16 & 1)); }
static inline vreal h_away_bf16(vreal a) { return h_float(h_word(a) + 0x8000); }

/* Whether the lower 16 bits are below 0x8000 by no more than window, a power of two, or above by less. */
static inline uint64_t h_near_middle(vreal a, int32_t window) {
    return ((h_word(a) + (uint32_t)(window - 0x8000)) & (uint32_t)(0x10000 - 2 * window)) == 0;
}
#else
static inline vreal h_widen_f16(vhalf a) { return (double)h_float_of_f16(a); }
static inline vreal h_widen_bf16(vhalf a) { return (double)h_float_of_bf16(a); }

static inline vhalf h_narrow_f16(vreal a) { return h_f16_of_float((float)a); }
static inline vhalf h_narrow_bf16(vreal a) { return (uint16_t)(h_word((float)a) >> 16); }

/* The power of two at or below a. */
static inline vreal h_leading(vreal a) { return v_from_word(v_to_word(a) & 0x7ff0000000000000u); }
#endif
