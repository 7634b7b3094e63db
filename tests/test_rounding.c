/*
 * The floating-point environment is the caller's: workers take over rounding mode, flush-to-zero and
 * denormals-are-zero for each call anew, and the caller finds its own as it was.
 */
#include <fenv.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include "views.h"

enum { COUNT = 300007, REPEATS = 10 };

static float x[COUNT], y[COUNT], alone[COUNT], nearest[COUNT];

static void rounding_follows_the_caller(void **state) {
    (void)state;
    static const int modes[] = {FE_UPWARD, FE_TONEAREST, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST};
    rng r = rng_for(80, 0);
    act_activation *a = make_kind(ACT_LEAKY_RELU);
    fill_between(x, ACT_FLOAT32, COUNT, &r, -5, 0);
    assert_ok(act_forward_1d(a, ACT_FLOAT32, x, nearest, COUNT));
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        assert_int_equal(fesetround(modes[i]), 0);
        assert_ok(act_set_num_threads(1));
        assert_ok(act_forward_1d(a, ACT_FLOAT32, x, alone, COUNT));
        assert_ok(act_set_num_threads(3));
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            memset(y, 0, sizeof y);
            assert_ok(act_forward_1d(a, ACT_FLOAT32, x, y, COUNT));
            assert_memory_equal(y, alone, sizeof y);
        }
        assert_int_equal(fegetround(), modes[i]);
        assert_int_equal(memcmp(y, nearest, sizeof y) == 0, modes[i] == FE_TONEAREST);
    }
    assert_ok(act_set_num_threads(1));
    act_activation_destroy(a);
}

#if defined(__x86_64__)
/* One call in that mode; what it answers is looked at in the usual one. */
static void forward_in(const act_activation *a, unsigned mode) {
    const unsigned before = _mm_getcsr(), flags = 0x3f;
    memset(y, 0xff, sizeof y);
    _mm_setcsr(mode);
    const act_status status = act_forward_1d(a, ACT_FLOAT32, x, y, COUNT);
    const unsigned after = _mm_getcsr();
    _mm_setcsr(before);
    assert_ok(status);
    assert_int_equal(after & ~flags, mode & ~flags);
}
#endif

static void flushing_follows_the_caller(void **state) {
    (void)state;
#if defined(__x86_64__)
    const unsigned usual = _mm_getcsr(), flush = usual | 0x8000 | 0x0040; /* FTZ, DAZ */
    act_activation *a = make_kind(ACT_LEAKY_RELU);
    for (int64_t i = 0; i < COUNT; i++)
        x[i] = -0x1p-125f * (float)(1 + i % 3); /* times 0.01: subnormal */
    assert_ok(act_set_num_threads(3));
    for (int repeat = 0; repeat < 3 * REPEATS; repeat++) {
        const int flushed = repeat / REPEATS == 1;
        forward_in(a, flushed ? flush : usual);
        for (int64_t i = 0; i < COUNT; i++)
            CHECK((y[i] == 0) == flushed, "element %lld is %a, %s", (long long)i, (double)y[i],
                  flushed ? "flushed" : "not");
    }
    assert_ok(act_set_num_threads(1));
    act_activation_destroy(a);
#else
    skip();
#endif
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounding_follows_the_caller),
        cmocka_unit_test(flushing_follows_the_caller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
