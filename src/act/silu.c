/*
 * silu: y = x / (1 + exp(-x)); see simd/swish.h, and in float32 for |x| < 7.75 simd/gap.h. -0 at -Inf.
 * Elfwing, Uchibe, Doya 2017.
 * Measured over all 2^32 inputs: 0.862 ulp, derivative 1.57; float64 0.82 and 1.48, beside the root 1.71.
 */
#include "simd/kernel.h"
#include "simd/swish_slope.h"
#if ACT_REAL == 32
#include "simd/gap.h"
#include "simd/silu_gap_table.h"

#endif

#define ACT_NAME            silu
#define ACT_FORWARD_AT_ONCE REAL(1, 4)

ACT_ALWAYS_INLINE vreal silu_by_quotient(vreal x) {
    const vreal held = v_at_most(v_at_least(x, v_set(SWISH_ENDS)), v_set(SWISH_PASSES + 1));
    return swish_of_held(x, held, (vpair){v_neg(held), v_set(0)});
}

#if ACT_REAL == 32
/* Largest |x| that has a segment: 7.75 would go to the first. */
#define GAP_END v_set(0x1.effffep+2f)

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    const vreal a = v_at_most(v_abs(x), GAP_END), sum = v_fma(a, v_set(2), v_set(0x1.8p23f));
    const vreal near = relu_less_gap(silu_gap_table[0], 16, x, a, sum);
    const vmask far = v_lt(GAP_END, v_abs(x));
    return __builtin_expect(v_bits(far) != 0, 0) ? v_select(far, silu_by_quotient(x), near) : near;
}
#else
static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    return silu_by_quotient(x);
}
#endif

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    return v_mul(dy, swish_slope((vpair){x, v_set(0)}, 1));
}

#include "simd/elementwise.h"
