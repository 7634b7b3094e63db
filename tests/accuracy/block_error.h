/* The largest error of a block of floats, as fast as vectors allow. Called by range.c. */
#ifndef ACT_TESTS_BLOCK_ERROR_H
#define ACT_TESTS_BLOCK_ERROR_H

#include <stdint.h>

/* Of got[i] against exact[i], in units in the last place of a float; infinite for another NaN, infinity or sign. */
typedef double block_error_function(const double *exact, const float *got, int64_t n);

/* block_error.c compiled for each instruction set. */
block_error_function block_error_portable, block_error_avx2, block_error_avx512, block_error_neon;

#endif
