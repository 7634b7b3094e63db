/*
 * sin(w x + quarters pi / 4) in wide for any finite w and x. The product is exact (one double holds it in float32, a
 * pair in float64); the nearest multiple k of pi is taken off, for |w x| up to 2^27 with pi in two or three parts
 * (Cody, Waite), beyond that by far_angle.h, which is slow; what remains is an r of at most pi / 2 and
 * sin = (-1)^k (r + r^3 P(r^2)), P of degree 6 (float32, relative error 2^-49) or 9 (float64, 2^-77), coefficients
 * from wide_coefficients.py.
 */
#ifndef ACT_SIMD_WIDE_SIN_H
#define ACT_SIMD_WIDE_SIN_H

#include "simd/far_angle.h"
#include "simd/wide_polynomial.h"

#define WIDE_INVERSE_PI 0x1.45f306dc9c883p-2

#if ACT_REAL == 32
static const double wide_sin_coefficients[7][2] = {
    {-0x1.555555555554fp-3},  {0x1.1111111110035p-7},  {-0x1.a01a019e655e8p-13}, {0x1.71de394c4c05dp-19},
    {-0x1.ae63bd17094b7p-26}, {0x1.60f6c3d131e21p-33}, {-0x1.a102b1ea6742ap-41}};

/* (-1)^k (t - (k - shift) pi). The upper part of pi has 50 bits, so that the first difference is exact. */
ACT_ALWAYS_INLINE vdouble d_near_angle(vdouble t, double shift) {
    const vdouble k = d_round(d_fma(t, d_set(WIDE_INVERSE_PI), d_set(shift)));
    const vdouble multiple = d_sub(k, d_set(shift)), half = d_mul(k, d_set(0.5));
    const vdouble head = d_fnma(multiple, d_set(0x1.921fb54442d18p+1), t);
    const vdouble r = d_fnma(multiple, d_set(0x1.1a62633145c07p-53), head);
    const vdouble odd = d_sub(half, d_round(half)); /* 0 or +-1/2 */
    return d_mul(r, d_fnma(d_mul(odd, odd), d_set(8), d_set(1)));
}

ACT_ALWAYS_INLINE wide wide_near_angle(wide t, double shift) {
    return (wide){d_near_angle(t.low, shift), d_near_angle(t.high, shift)};
}

/* From an array of V_WIDTH doubles; portable C has one lane in both halves. */
ACT_ALWAYS_INLINE wide wide_load(const double *hi, const double *lo) {
    (void)lo;
    wide a;
    memcpy(&a.low, hi, sizeof a.low);
    memcpy(&a.high, hi + V_WIDTH - (int)(sizeof a.high / sizeof *hi), sizeof a.high);
    return a;
}
#else
static const double wide_sin_coefficients[10][2] = {{-0x1.5555555555500p-3, -0x1.55555553d7cddp-49},
                                                    {0x1.1111111111100p-7, 0x1.1110f2ec93785p-55},
                                                    {-0x1.a01a01a01a000p-13, -0x1.9fb568603dbe9p-61},
                                                    {0x1.71de3a556c72bp-19},
                                                    {-0x1.ae64567f53a2fp-26},
                                                    {0x1.6124613a05701p-33},
                                                    {-0x1.ae7f3dfc35f24p-41},
                                                    {0x1.952c3337ab05cp-49},
                                                    {-0x1.2f3259c7ed118p-57},
                                                    {0x1.68cbeedd53e7ep-66}};

/* (-1)^k (t - (k - shift) pi) */
ACT_ALWAYS_INLINE wide wide_near_angle(wide t, double shift) {
    const vreal k = v_round(v_fma(t.hi, v_set(WIDE_INVERSE_PI), v_set(shift)));
    const vreal multiple = v_sub(k, v_set(shift)), half = v_mul(k, v_set(0.5));
    const wide first = wide_exact_product(multiple, v_set(0x1.921fb54442d18p+1));
    const wide second = wide_exact_product(multiple, v_set(0x1.1a62633145c07p-53));
    const wide head = wide_exact_sum(t.hi, v_neg(first.hi));
    wide r = wide_sub(wide_add(head, wide_exact_sum(t.lo, v_neg(first.lo))), second);
    r.lo = v_fnma(multiple, v_set(-0x1.f1976b7ed8fbcp-109), r.lo);
    const vreal odd = v_sub(half, v_round(half)); /* 0 or +-1/2 */
    return wide_mul_real(r, v_fnma(v_mul(odd, odd), v_set(8), v_set(1)));
}

ACT_ALWAYS_INLINE wide wide_load(const double *hi, const double *lo) { return (wide){v_load(hi), v_load(lo)}; }
#endif

/* As wide_near_angle, for any finite product, of the lanes in `far` one by one. */
static __attribute__((noinline)) wide wide_far_angle(vreal w, vreal x, int quarters, uint64_t far) {
    real factors[2][V_WIDTH];
    double hi[V_WIDTH] = {0}, lo[V_WIDTH] = {0};
    v_store(factors[0], w);
    v_store(factors[1], x);
    for (int i = 0; i < V_WIDTH; i++)
        if (far >> i & 1)
            far_angle(&hi[i], &lo[i], (double)factors[0][i], (double)factors[1][i], (uint32_t)quarters);
    return wide_mul(wide_load(hi, lo), wide_set(0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53));
}

/* |w x| > bound, which is above 1, without overflow: of the factors the larger is scaled, the smaller held. */
ACT_ALWAYS_INLINE vmask product_above(vreal w, vreal x, real bound) {
    const real down = REAL(0x1p-70f, 0x1p-600);
    const vreal larger = v_at_least(v_abs(x), v_abs(w)), smaller = v_at_most(v_abs(x), v_abs(w));
    const vreal product = v_mul(v_mul(larger, v_set(down)), v_at_most(smaller, v_set(REAL(0x1p60f, 0x1p500))));
    return v_lt(v_set(bound * down), product);
}

ACT_ALWAYS_INLINE wide wide_sin(vreal w, vreal x, int quarters) {
    const vmask far = product_above(w, x, 0x1p27);
    wide r = wide_near_angle(wide_exact_product(w, v_drop(far, x)), 0.25 * quarters);
    const uint64_t lanes = v_bits(far);
    if (lanes)
        r = wide_select(far, wide_far_angle(w, x, quarters, lanes), r);
    const wide square = wide_mul(r, r);
    const wide rest = wide_mul(wide_mul(r, square), wide_polynomial(square, wide_sin_coefficients, REAL(7, 10), 3));
    return wide_add_small(r, rest);
}

#endif
