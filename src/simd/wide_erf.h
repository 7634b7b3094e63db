/*
 * erf in wide, and what it shares with gelu. The upper tail of the normal distribution is Q(a) = erfc(a / sqrt 2) / 2
 * = exp(-a^2 / 2) R(a) with a smooth R, so that the far tail keeps its digits. With u = 1 / (a + 4) and t = 1 - 8 u,
 * which runs from -1 to nearly 1, R(a) = u M(t)                      M of degree 14 (float32, relative error 2^-40)
 * or 27 (float64, 2^-65) for 0 <= a <= 15 or 40, and erf(x) = x E(x^2) for |x| <= 1/2   E of degree 6 (2^-43) or 10
 * (2^-72). Coefficients from wide_coefficients.py.
 */
#ifndef ACT_SIMD_WIDE_ERF_H
#define ACT_SIMD_WIDE_ERF_H

#include "simd/wide_exp.h"
#include "simd/wide_polynomial.h"

#if ACT_REAL == 32
static const double wide_mills_coefficients[15][2] = {
    {0x1.82b4bb8c94c3cp-1},  {-0x1.373e3a893e6a1p-1},  {0x1.8c6dbf2d0aa04p-2},   {-0x1.7dff2bfb92e82p-3},
    {0x1.eec4cc4eab860p-5},  {-0x1.ee276d591b943p-8},  {-0x1.c81749678b7afp-9},  {0x1.ab843a4c58b15p-10},
    {0x1.17c9cc2af1393p-13}, {-0x1.e4dbf632915c1p-13}, {-0x1.3284ec38288c8p-19}, {0x1.27339e4a3bf86p-15},
    {0x1.b5e80fa70c132p-20}, {-0x1.6647be659d35cp-18}, {-0x1.6d8cfe8b58fafp-20}};
static const double wide_erf_coefficients[7][2] = {
    {0x1.20dd7504299a6p+0}, {-0x1.812746af8968ep-2},  {0x1.ce2f20f1cc4dcp-4}, {-0x1.b82ca17586b5ap-6},
    {0x1.5650064120833p-8}, {-0x1.bdffdd58b5872p-11}, {0x1.c5f0aaee3c83ap-14}};
#else
static const double wide_mills_coefficients[28][2] = {{0x1.82b4bb8c94dcep-1, -0x1.993a2f98dd29ep-56},
                                                      {-0x1.373e3a893c28ap-1, -0x1.cc8da4ca7d10dp-56},
                                                      {0x1.8c6dbf2cfc2aep-2, 0x1.906b54b080b92p-60},
                                                      {-0x1.7dff2bff6835dp-3, -0x1.12721578c7b05p-58},
                                                      {0x1.eec4cc3e4deb8p-5, 0x1.7b54d0731a138p-65},
                                                      {-0x1.ee2761049162ap-8, -0x1.bd8a37196f6d6p-62},
                                                      {-0x1.c81719d6785b3p-9, 0x1.e258775b5ee19p-63},
                                                      {0x1.ab825fc5dc650p-10},
                                                      {0x1.17a4af27be500p-13},
                                                      {-0x1.e4a426d3500e2p-13},
                                                      {-0x1.002034499719ep-19},
                                                      {0x1.26d0b6fbe5216p-15},
                                                      {0x1.80d7c60d44351p-21},
                                                      {-0x1.8d4dfc6bf6999p-18},
                                                      {-0x1.526401693a202p-21},
                                                      {0x1.12499120b4995p-20},
                                                      {0x1.257be67a1a9f8p-22},
                                                      {-0x1.4d19dde781cf7p-23},
                                                      {-0x1.79a680b02e1b9p-24},
                                                      {0x1.bb18e45346da3p-27},
                                                      {0x1.7e2e6bc72ffaap-26},
                                                      {0x1.89aab1e1dfdcbp-29},
                                                      {-0x1.183ada92d55cap-28},
                                                      {-0x1.b27ee8854a14fp-30},
                                                      {0x1.ad19b1799f438p-32},
                                                      {0x1.54d490c350156p-32},
                                                      {0x1.1b9637a349481p-37},
                                                      {-0x1.22b22359dffcap-36}};
static const double wide_erf_coefficients[11][2] = {{0x1.20dd750429b6dp+0, 0x1.1ae31103f41f4p-56},
                                                    {-0x1.812746b0379e7p-2, 0x1.f290fcfb998ccp-57},
                                                    {0x1.ce2f21a042be0p-4, 0x1.395b7f3150a71p-58},
                                                    {-0x1.b82ce312889f2p-6},
                                                    {0x1.565bcd0e5f5a0p-8},
                                                    {-0x1.c02db3f9d6c71p-11},
                                                    {0x1.f9a324a327ab3p-14},
                                                    {-0x1.f4d1cff2cac2fp-17},
                                                    {0x1.b9d19f664b4c1p-20},
                                                    {-0x1.5d7686c510032p-23},
                                                    {0x1.c60ae6747e9bcp-27}};
#endif

/* exp(-a b) */
ACT_ALWAYS_INLINE wscaled wide_exp_minus_product(vreal a, vreal b) {
    return wide_exp(wide_exact_product(v_neg(a), b));
}

ACT_ALWAYS_INLINE wide wide_mills_variable(wide u) { return wide_plus(wide_times(u, -8), 1); }

/* R(a) from u. */
ACT_ALWAYS_INLINE wide wide_mills(wide u) {
    return wide_mul(u, wide_polynomial(wide_mills_variable(u), wide_mills_coefficients, REAL(15, 28), 7));
}

/* erf(x) for |x| <= 1/2, over x. */
ACT_ALWAYS_INLINE wide wide_erf_near(vreal x) {
    return wide_polynomial(wide_exact_product(x, x), wide_erf_coefficients, REAL(7, 11), 3);
}

/* erfc(a) for 1/2 <= a <= 10 */
ACT_ALWAYS_INLINE wide wide_erfc_far(vreal a) {
    const wide u = wide_div(wide_set(0x1.6a09e667f3bcdp-1, -0x1.bdd3413b26456p-55),
                            wide_add(wide_of(a), wide_set(0x1.6a09e667f3bcdp+1, -0x1.bdd3413b26456p-53)));
    return wide_times(wide_mul(wide_joined(wide_exp_minus_product(a, a)), wide_mills(u)), 2);
}

#endif
