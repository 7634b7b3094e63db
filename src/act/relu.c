/*
 * relu: y = x <= 0 ? +0 : x, so that NaN stays. Derivative 0 for x <= 0, where dx is +0 whatever dy is, else 1.
 * Exact. y > 0 exactly where x > 0, so that y serves as well as x.
 */
#include "simd/kernel.h"
#include "simd/vec_half.h"

#define ACT_NAME relu
#define ACT_EXACT
#define ACT_HAS_FROM_OUTPUT
#define ACT_HAS_FROM_BITS

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    return v_drop(v_le(x, v_set(0)), x);
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    const vreal passed = v_select(v_isnan(x), x, dy);
    return v_drop(v_le(x, v_set(0)), passed);
}

static inline vreal from_output(vreal y, vreal dy, const vreal *p) { return from_input(y, dy, p); }

static inline vreal from_bits(vmask positive, vreal dy, const vreal *p) {
    (void)p;
    return v_keep(positive, dy);
}

#if ACT_REAL == 32
#define ACT_HAS_WORDS
ACT_ALWAYS_INLINE vwords words(vwords source, vwords passed, int16_t infinity) {
    const vwords nan = (source & 0x7fff) > infinity;
    return ((source > 0) & passed) | (nan & source);
}
#endif

#include "simd/elementwise.h"
