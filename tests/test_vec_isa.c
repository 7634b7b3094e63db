/*
 * Every operation of one vec_<isa>.h and compute type against plain C, lane by lane, bit by bit (NaN equal to NaN
 * where an operation computes). Compiled as the kernels are, once for each; test_vec.c runs them.
 */
#include "support.h"

#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#include "simd/kernel.h"

#define TYPED(f32, f64) REAL(f32, f64)

static const real specials[] = {
    0,
    (real)-0.0,
    1,
    -1,
    (real)0.5,
    -2,
    3,
    (real)1.5,
    (real)-2.5,
    (real)0.49999997,
    7,
    -100,
    INFINITY,
    -INFINITY,
    NAN,
    (real)-NAN,
    REAL(0x1p-149f, 0x1p-1074),
    REAL(-0x1.8p-140f, -0x1.8p-1060),
    REAL(0x1p-126f, 0x1p-1022),
    REAL(-0x1.fffffep127f, -0x1.fffffffffffffp1023),
    REAL(0x1.fffffep-1f, 0x1.fffffffffffffp-1),
    (real)1e10,
    (real)-0.3,
    (real)1234.5678,
};
enum { COUNT = COUNT_OF(specials) };

static int same_bits(real a, real b) { return memcmp(&a, &b, sizeof a) == 0; }
static int same(real a, real b) { return same_bits(a, b) || (isnan(a) && isnan(b)); }

static real lanes[V_WIDTH];

/* Every lane holds a value of its own: where + lane, around the list. */
static vreal lanes_from(size_t where) {
    for (size_t i = 0; i < V_WIDTH; i++)
        lanes[i] = specials[(where + i) % COUNT];
    return v_load(lanes);
}

static real special(size_t i) { return specials[i % COUNT]; }

#define CHECK_LANES(result, expected, equal)                                                                \
    do {                                                                                                    \
        v_store(lanes, (result));                                                                           \
        for (size_t lane = 0; lane < V_WIDTH; lane++) {                                                     \
            const real wanted = (expected);                                                                 \
            if (!equal(lanes[lane], wanted))                                                                \
                fail_msg("%s: lane %zu is %a, not %a", #result, lane, (double)lanes[lane], (double)wanted); \
        }                                                                                                   \
    } while (0)

#define A special(i + lane)
#define B special(i + shift + lane)
#define C special(i + 2 * shift + lane)

static void arithmetic(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        for (size_t shift = 0; shift < COUNT; shift++) {
            const vreal a = lanes_from(i), b = lanes_from(i + shift), c = lanes_from(i + 2 * shift);
            CHECK_LANES(v_add(a, b), A + B, same);
            CHECK_LANES(v_sub(a, b), A - B, same);
            CHECK_LANES(v_mul(a, b), A * B, same);
            CHECK_LANES(v_div(a, b), A / B, same);
            CHECK_LANES(v_fma(a, b, c), TYPED(fmaf, fma)(A, B, C), same);
            CHECK_LANES(v_fnma(a, b, c), TYPED(fmaf, fma)(-A, B, C), same);
        }
}

static void multiply_add_rounds_once(void **state) {
    (void)state;
    const real tiny = REAL(0x1p-23f, 0x1p-52);
    CHECK_LANES(v_fma(v_set(1 + tiny), v_set(1 - tiny), v_set(-1)), -tiny * tiny, same);
    CHECK_LANES(v_fnma(v_set(1 + tiny), v_set(1 - tiny), v_set(1)), tiny * tiny, same);
}

static void signs(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        CHECK_LANES(v_neg(lanes_from(i)), -A, same_bits);
        CHECK_LANES(v_abs(lanes_from(i)), TYPED(fabsf, fabs)(A), same_bits);
        for (size_t shift = 0; shift < COUNT; shift++) {
            const vreal a = lanes_from(i), b = lanes_from(i + shift);
            CHECK_LANES(v_copysign(a, b), TYPED(copysignf, copysign)(A, B), same_bits);
        }
    }
}

/* Where both are zeros either may come out. */
static int same_number(real a, real b) { return same(a, b) || (a == 0 && b == 0); }

static void limits_pass_nan(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        for (size_t shift = 0; shift < COUNT; shift++) {
            if (isnan(special(i + shift)))
                continue;
            const real limit = special(i + shift);
            const vreal a = lanes_from(i);
            CHECK_LANES(v_at_least(a, v_set(limit)), A < limit ? limit : A, same_number);
            CHECK_LANES(v_at_most(a, v_set(limit)), A > limit ? limit : A, same_number);
        }
}

static void rounding_to_even(void **state) {
    (void)state;
    for (int n = -5000; n <= 5000; n++) { /* halves, ties among them */
        const real a = (real)n / 2, above = TYPED(nextafterf, nextafter)(a, INFINITY);
        CHECK_LANES(v_round(v_set(a)), TYPED(rintf, rint)(a), same_number);
        CHECK_LANES(v_round(v_set(above)), TYPED(rintf, rint)(above), same_number);
    }
}

static void digits_of_whole_numbers(void **state) {
    (void)state;
    for (int n = -9; n <= 9; n++)
        for (int i = 0; i < 2; i++) {
            const vmask bit = v_bit(v_set(REAL(0x1.8p23f, 0x1.8p52) + (real)n), i);
            CHECK_LANES(v_select(bit, v_set(1), v_set(0)), (real)((unsigned)n >> i & 1), same);
        }
}

static void powers_of_two(void **state) {
    (void)state;
    for (int n = 1 - V_BIAS; n <= V_BIAS; n++) {
        CHECK_LANES(v_pow2(v_set((real)n)), (real)ldexp(1, n), same_bits);
        CHECK_LANES(v_power(v_set((real)n)), (real)ldexp(1, n), same_bits);
    }
    for (int n = 2 - 2 * V_BIAS; n < 1 - V_BIAS; n++) {
        v_store(lanes, v_power(v_set((real)n)));
        assert_true(lanes[0] >= 0 && lanes[0] <= REAL(0x1p-126f, 0x1p-1022));
    }
}

/* ldexp rounds once. */
static void scaling_rounds_once(void **state) {
    (void)state;
    static const real mantissas[] = {
        1,
        (real)-1.5,
        REAL(0x1.000002p0f, 0x1.0000000000001p0),
        REAL(0x1.fffffep-1f, 0x1.fffffffffffffp-1),
        REAL(0x1.80c0c2p-2f, 0x1.80c0c0c0c0c0dp-2),
        REAL(0x1.2p-30f, 0x1.2p-30),
        0,
        (real)-0.0,
        NAN,
        REAL(0x1.234566p-140f, 0x1.2345678p-1060),
        REAL(0x1.5p64f, 0x1.5p64),
    };
    for (size_t i = 0; i < COUNT_OF(mantissas); i++)
        for (int n = 2 - 2 * V_BIAS; n <= V_BIAS; n++)
            CHECK_LANES(v_scale(v_set(mantissas[i]), v_set((real)n)), TYPED(ldexpf, ldexp)(mantissas[i], n), same);
}

static void comparing_and_choosing(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        for (size_t shift = 0; shift < COUNT; shift++) {
            const vreal a = lanes_from(i), b = lanes_from(i + shift);
            const vreal yes = v_set(2), no = v_set((real)NAN);
            const vmask less = v_lt(a, b), equal = v_eq(a, b), nan = v_isnan(a);
            CHECK_LANES(v_select(less, yes, no), A < B ? 2 : (real)NAN, same);
            CHECK_LANES(v_select(v_le(a, b), yes, no), A <= B ? 2 : (real)NAN, same);
            CHECK_LANES(v_select(equal, no, yes), A == B ? (real)NAN : 2, same);
            CHECK_LANES(v_select(nan, yes, a), isnan(A) ? 2 : A, same_bits);
            CHECK_LANES(v_keep(less, yes), A < B ? 2 : 0, same_bits);
            CHECK_LANES(v_keep(nan, a), isnan(A) ? A : 0, same_bits);
            CHECK_LANES(v_drop(less, a), A < B ? 0 : A, same_bits);
            CHECK_LANES(v_drop(nan, a), isnan(A) ? 0 : A, same_bits);
            CHECK_LANES(v_keep(v_or(less, equal), a), A < B || A == B ? A : 0, same_bits);
            CHECK_LANES(v_keep(v_andnot(v_le(a, b), equal), a), A < B ? A : 0, same_bits);
        }
}

/* Masks are made from the low V_WIDTH bits, whatever stands above them. */
static void masks_and_bits(void **state) {
    (void)state;
    const uint64_t all = ((uint64_t)1 << V_WIDTH) - 1;
    uint64_t seed = 3;
    for (int i = 0; i < 2000; i++) {
        const uint64_t bits = i == 0 ? 0 : i == 1 ? ~(uint64_t)0 : random_bits(&seed);
        assert_true(v_bits(v_mask(bits)) == (bits & all));
        CHECK_LANES(v_keep(v_mask(bits), v_set(1)), (real)(bits >> lane & 1), same_bits);
    }
}

/* The last n reals before a page that nobody may touch, and the first n after one. */
static void parts_touch_nothing_beyond(void **state) {
    (void)state;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *area = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(area != MAP_FAILED);
    assert_int_equal(mprotect(area, page, PROT_NONE), 0);
    assert_int_equal(mprotect(area + 2 * page, page, PROT_NONE), 0);
    for (size_t n = 0; n < V_WIDTH; n++)
        for (int end = 0; end < 2; end++) {
            real *p = (real *)(void *)(area + page) + (end ? page / sizeof(real) - n : 0);
            memset(area + page, CANARY, page);
            for (size_t i = 0; i < n; i++)
                p[i] = special(i);
            CHECK_LANES(v_load_part(p, (int64_t)n), lane < n ? special(lane) : 0, same_bits);
            v_store_part(p, v_set(5), (int64_t)n);
            for (size_t i = 0; i < n; i++)
                assert_true(p[i] == 5);
            assert_canary(area + page, page - (end ? n * sizeof(real) : page));
            if (!end)
                assert_canary(p + n, page - n * sizeof(real));
        }
    munmap(area, 3 * page);
}

#define VEC_JOIN(isa, bits) test_vec_##isa##_f##bits
#define VEC_NAME(isa, bits) VEC_JOIN(isa, bits)
#define VEC_STRING(name)    #name
#define VEC_TITLE(name)     VEC_STRING(name)

int VEC_NAME(ACT_ISA, ACT_REAL)(void);

int VEC_NAME(ACT_ISA, ACT_REAL)(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic),
        cmocka_unit_test(multiply_add_rounds_once),
        cmocka_unit_test(signs),
        cmocka_unit_test(limits_pass_nan),
        cmocka_unit_test(rounding_to_even),
        cmocka_unit_test(digits_of_whole_numbers),
        cmocka_unit_test(powers_of_two),
        cmocka_unit_test(scaling_rounds_once),
        cmocka_unit_test(comparing_and_choosing),
        cmocka_unit_test(masks_and_bits),
        cmocka_unit_test(parts_touch_nothing_beyond),
    };
    return cmocka_run_group_tests_name(VEC_TITLE(VEC_NAME(ACT_ISA, ACT_REAL)), tests, NULL, NULL);
}
