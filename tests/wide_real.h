/* The widest real there is, for sums to compare with. */
#ifndef ACT_TESTS_WIDE_REAL_H
#define ACT_TESTS_WIDE_REAL_H

#include <float.h>

#if LDBL_MANT_DIG >= 113 || !defined(__SIZEOF_FLOAT128__)
typedef long double wide;
#else
typedef __float128 wide;
#endif

#endif
