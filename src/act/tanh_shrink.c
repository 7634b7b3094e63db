/*
 * tanh_shrink: y = x - tanh(x). Derivative tanh(x)^2. +-Inf at +-Inf.
 * float32: |x|^3 times a function without cancellation, from a table of polynomials; the derivative from the parts of
 * tanh = T + s (simd/tanh.h) as T^2 + s (2 T + s). float64: where x - tanh(x) cancels, odd series x^3 T(x^2), T
 * minimax of degree 12 to 5/8, relative error 2^-60, from simd/wide_exp_coefficients.py. Measured over all 2^32
 * inputs: 0.759 ulp, derivative 1.768; float64 0.83 and 1.65.
 */
#include "simd/kernel.h"
#include "simd/tanh.h"
#if ACT_REAL == 32
#include "simd/table_polynomial.h"
#include "simd/tanh_shrink_table.h"

#else
#include "simd/vec_double.h"
#define ACT_AT_ONCE 2
#endif

#define ACT_NAME tanh_shrink

#if ACT_REAL == 32

/* From here on tanh(x) is 1 beside x. */
#define LINE v_set(8)

/* (hi + lo) x^3 */
static inline vreal times_cube(vreal x, vpair factor) {
    const vpair square = v_exact_product(x, x), product = v_exact_product(square.hi, factor.hi);
    const vreal rest = v_fma(square.hi, factor.lo, v_fma(square.lo, factor.hi, product.lo));
    return v_fma(x, product.hi, v_mul(x, rest));
}

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    const vreal size = v_abs(x), held = v_at_most(size, v_set(0x1.fffffep+2f));
    const vpair factor = v_table_polynomial(tanh_shrink_table[0], 7, held, v_fma(held, v_set(0.875f), v_set(1)));
    const vreal curve = v_mul(times_cube(held, factor), v_set(0x1p-24f));
    return v_copysign(v_select(v_le(LINE, size), v_sub(size, v_set(1)), curve), x);
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    const vreal size = v_abs(x);
    const vtanh h = v_tanh_parts(v_at_most(size, V_TANH_END));
    const vreal share = v_tanh_share(h);
    const vreal square = v_fma(h.value, h.value, v_mul(share, v_fma(v_set(2), v_add(h.value, h.rest), share)));
    return v_mul(dy, v_select(v_lt(V_TANH_END, size), v_set(1), square));
}

#else

#define SERIES_LIMIT 0.625

/* Of (T(v) - 1/3) / v. */
static const double series_coefficients[12] = {
    -0x1.111111111110ep-3,  0x1.ba1ba1ba1b171p-5,  -0x1.664f48827e11dp-6,  0x1.226e354e4e4f9p-7,
    -0x1.d6d3cc58a9439p-9,  0x1.7da2fc554e556p-10, -0x1.3551e98e136eap-11, 0x1.f4fa5049f7efbp-13,
    -0x1.92c26a9cf7e02p-14, 0x1.36ca379350b98p-15, -0x1.987d149698298p-17, 0x1.4503ce508acd4p-19,
};

/* 1/3 */
#define THIRD        v_set(0x1.5555555555555p-2)
#define THIRD_REST   v_set(0x1.5555555555555p-56)

/* x^3 T(x^2), the first term of T and what squares and cubes lose as pairs; where it is subnormal rounded to that
 * once. */
static inline vreal series(vreal x) {
    const vreal raised = v_mul(x, v_set(0x1p100));
    const vpair square = v_exact_product(x, x), cube = v_exact_product(raised, square.hi);
    const vreal v = square.hi, tail = d_polynomial(series_coefficients, 12, v, v_mul(v, v));
    const vreal factor = v_fma(v, tail, THIRD), factor_rest = v_add(v_fma(v, tail, v_sub(THIRD, factor)), THIRD_REST);
    const vreal cube_rest = v_fma(raised, square.lo, cube.lo);
    const vreal y = v_fma(cube.hi, factor, v_fma(cube.hi, factor_rest, v_mul(cube_rest, factor)));
    return v_mul(y, v_set(0x1p-100));
}

static inline vreal value(vreal x, const vreal *p) {
    (void)p;
    const vreal size = v_abs(x), held = v_at_most(size, V_TANH_END);
    const vreal near = series(v_at_most(size, v_set(SERIES_LIMIT)));
    const vpair t = v_tanh_pair(held);
    const vreal less = v_sub(held, t.hi), lost = v_sub(v_sub(held, less), t.hi);
    const vreal middle = v_add(less, v_sub(lost, t.lo)), line = v_sub(size, v_set(1));
    const vreal inner = v_select(v_lt(size, v_set(SERIES_LIMIT)), near, middle);
    return v_copysign(v_select(v_lt(V_TANH_END, size), line, inner), x);
}

static inline vreal from_input(vreal x, vreal dy, const vreal *p) {
    (void)p;
    const vpair t = v_tanh_pair(v_at_most(v_abs(x), V_TANH_END));
    return v_mul(dy, v_fma(t.hi, t.hi, v_mul(v_add(t.hi, t.hi), t.lo)));
}

#endif

#include "simd/elementwise.h"
