/* The vector vocabulary of every instruction set that this processor has; the tests are in test_vec_isa.c. */
#include "cpu.h"

#define RUN(isa, level)                                                  \
    do {                                                                 \
        int test_vec_##isa##_f32(void), test_vec_##isa##_f64(void);      \
        if (act__cpu_supports(level))                                    \
            failures += test_vec_##isa##_f32() + test_vec_##isa##_f64(); \
    } while (0)

int main(void) {
    int failures = 0;
    RUN(portable, ACT__PORTABLE);
#ifdef ACT_HAVE_AVX2
    RUN(avx2, ACT__AVX2);
#endif
#ifdef ACT_HAVE_AVX512
    RUN(avx512, ACT__AVX512);
#endif
#ifdef ACT_HAVE_NEON
    RUN(neon, ACT__NEON);
#endif
    return failures != 0;
}
