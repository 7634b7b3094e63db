/* The vector vocabulary in plain C, one lane wide: the reference, and what compilers vectorise. Included by vec.h. */
#include <math.h>

#define V_WIDTH 1
typedef real vreal;
typedef int vmask;
#if ACT_REAL == 32
typedef uint32_t v_word;
#else
typedef uint64_t v_word;
#endif

static inline v_word v_to_word(real a) {
    v_word w;
    memcpy(&w, &a, sizeof w);
    return w;
}

static inline real v_from_word(v_word w) {
    real a;
    memcpy(&a, &w, sizeof a);
    return a;
}

static inline vreal v_set(real c) { return c; }
static inline vreal v_load(const real *p) { return *p; }
static inline vreal v_load_part(const real *p, int64_t n) { return n ? *p : 0; }
static inline void v_store(real *p, vreal a) { *p = a; }
static inline void v_store_part(real *p, vreal a, int64_t n) {
    if (n)
        *p = a;
}

static inline vreal v_add(vreal a, vreal b) { return a + b; }
static inline vreal v_sub(vreal a, vreal b) { return a - b; }
static inline vreal v_mul(vreal a, vreal b) { return a * b; }
static inline vreal v_div(vreal a, vreal b) { return a / b; }
static inline vreal v_fma(vreal a, vreal b, vreal c) { return REAL(fmaf, fma)(a, b, c); }
static inline vreal v_fnma(vreal a, vreal b, vreal c) { return REAL(fmaf, fma)(-a, b, c); } /* c - a * b */
static inline vreal v_sqrt(vreal a) { return REAL(sqrtf, sqrt)(a); }
static inline vreal v_neg(vreal a) { return -a; }
/* x, but no less than low or no more than high; NaN stays NaN. */
static inline vreal v_at_least(vreal x, vreal low) { return low > x ? low : x; }
static inline vreal v_at_most(vreal x, vreal high) { return high < x ? high : x; }

/* Nearest whole number for |a| < 2^(mantissa - 1), ties to even: the sum has no room for a fraction. */
static inline vreal v_round(vreal a) {
    const real magic = REAL(0x1.8p23f, 0x1.8p52);
    return (a + magic) - magic;
}

static inline vreal v_copysign(vreal magnitude, vreal sign) {
    const v_word bit = (v_word)1 << (8 * sizeof(real) - 1);
    return v_from_word((v_to_word(magnitude) & ~bit) | (v_to_word(sign) & bit));
}

/* The low bits of a, which are those of a whole number that was added to 3 * 2^(V_MANTISSA - 1), as an exponent. */
static inline vreal v_exponent(vreal a) { return v_from_word(v_to_word(a) << V_MANTISSA); }

/* Whether bit i of a is set, where a is a whole number that was added to 3 * 2^(V_MANTISSA - 1). */
static inline vmask v_bit(vreal a, int i) { return (vmask)(v_to_word(a) >> i & 1); }

/* 2^n for whole n within the range of normal numbers: the low bits of the sum are n, biased. */
static inline vreal v_pow2(vreal n) {
    const real magic = REAL(0x1.8p23f + V_BIAS, 0x1.8p52 + V_BIAS);
    return v_from_word(v_to_word(n + magic) << V_MANTISSA);
}

static inline vmask v_lt(vreal a, vreal b) { return a < b; }
static inline vmask v_le(vreal a, vreal b) { return a <= b; }
static inline vmask v_eq(vreal a, vreal b) { return a == b; }
static inline vmask v_isnan(vreal a) { return a != a; }
static inline vmask v_or(vmask a, vmask b) { return a | b; }
static inline vmask v_andnot(vmask a, vmask b) { return a & !b; }
static inline vreal v_select(vmask m, vreal yes, vreal no) { return m ? yes : no; }
static inline vreal v_keep(vmask m, vreal a) { return m ? a : 0; }
static inline vreal v_drop(vmask m, vreal a) { return m ? 0 : a; }

static inline uint64_t v_bits(vmask m) { return (uint64_t)m; }
static inline vmask v_mask(uint64_t bits) { return (int)(bits & 1); }
