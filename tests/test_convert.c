/*
 * Conversions of every instruction set: all 65,536 halves up; down, every midpoint between two halves with its
 * neighbours, every half itself, and any pattern, against a search that knows only how halves are ordered. And the
 * doubt test: it must speak up wherever a result that is some units off could narrow to another half.
 */
#include <float.h>
#include <math.h>

#include "views.h"

enum { HALVES = 1 << 16, POINTS = 1 << 20, PIECE = 1 << 16 };

static const act_dtype formats[] = {ACT_FLOAT16, ACT_BFLOAT16};

static uint16_t halves[HALVES], down[POINTS], again[POINTS], doubtful[POINTS];
static float floats[POINTS], gradients[POINTS];
static double doubles[POINTS];
static int64_t points;

/* Digits of the fraction, and the exponent of the least normal number. */
static int digits_of(act_dtype format) { return format == ACT_FLOAT16 ? 10 : 7; }
static int least_of(act_dtype format) { return format == ACT_FLOAT16 ? -14 : -126; }
static uint16_t infinity_of(act_dtype format) { return format == ACT_FLOAT16 ? 0x7c00 : 0x7f80; }

/* What a half is by definition; infinity as the number that would follow the largest. */
static double meaning(uint16_t half, act_dtype format) {
    const int digits = digits_of(format), least = least_of(format);
    const int magnitude = half & 0x7fff, exponent = magnitude >> digits, fraction = magnitude & ((1 << digits) - 1);
    const double value =
        exponent ? ldexp((1 << digits) + fraction, exponent - 1 + least - digits) : ldexp(fraction, least - digits);
    return half & 0x8000 ? -value : value;
}

/* The nearest half, ties to even, by halving the range of magnitudes. */
static uint16_t nearest(double value, act_dtype format) {
    const uint16_t sign = signbit(value) ? 0x8000 : 0, infinite = infinity_of(format);
    const double size = fabs(value);
    uint16_t low = 0, high = infinite;
    if (size >= meaning(infinite, format))
        return sign | infinite;
    while (high - low > 1) {
        const uint16_t middle = (uint16_t)((low + high) / 2);
        if (meaning(middle, format) <= size)
            low = middle;
        else
            high = middle;
    }
    const double below = size - meaning(low, format), above = meaning(high, format) - size;
    return sign | (below < above || (below == above && low % 2 == 0) ? low : high);
}

static int is_nan(uint16_t half, act_dtype format) { return (half & 0x7fff) > infinity_of(format); }

static void widening_is_exact(void **state) {
    (void)state;
    for (int64_t i = 0; i < HALVES; i++)
        halves[i] = (uint16_t)i;
    for (int isa = 0; isa < isa_count(); isa++)
        for (size_t f = 0; f < COUNT_OF(formats); f++) {
            isa_number(isa)->convert[ACT__REAL32]->widen[formats[f]](halves, floats, HALVES);
            isa_number(isa)->convert[ACT__REAL64]->widen[formats[f]](halves, doubles, HALVES);
            for (int64_t i = 0; i < HALVES; i++) {
                const int infinite = (i & 0x7fff) == infinity_of(formats[f]);
                double want = infinite ? INFINITY : meaning((uint16_t)i, formats[f]);
                want = is_nan((uint16_t)i, formats[f]) ? NAN : copysign(want, i & 0x8000 ? -1 : 1);
                test_case_is("%s, type %d, %04x", isa_number(isa)->name, formats[f], (unsigned)i);
                const double got = (double)floats[i];
                CHECK(same_real(&doubles[i], &want, ACT_FLOAT64, 0), "%a, expected %a", doubles[i], want);
                CHECK(same_real(&got, &want, ACT_FLOAT64, 0), "float %a, expected %a", got, want);
            }
        }
}

static void add_points(double value, int single) {
    for (int sign = -1; sign <= 1; sign += 2) {
        doubles[points++] = sign * value;
        doubles[points++] = sign * (single ? (double)nextafterf((float)value, INFINITY) : nextafter(value, INFINITY));
        doubles[points++] = sign * (single ? (double)nextafterf((float)value, 0) : nextafter(value, 0));
    }
}

/* Every second half and the midpoint above it, with neighbours; ends; any pattern. */
static void make_points(act_dtype format, int single) {
    static const double ends[] = {0,       INFINITY, FLT_MAX, FLT_MIN,    0x1p-149,   DBL_MAX, DBL_MIN,
                                  65504.0, 65519.99, 65520.0, 0x1.ffp127, 0x1.fep127, 0x1p-25, 0x1p-134};
    rng r = rng_for(90, (uint64_t)format);
    points = 0;
    for (int half = format % 2; half < infinity_of(format); half += 1) {
        const double value = meaning((uint16_t)half, format), next = meaning((uint16_t)(half + 1), format);
        add_points((value + next) / 2, single);
        if (half % 4 == 0)
            add_points(value, single);
    }
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        add_points(single ? (double)(float)fmin(ends[i], FLT_MAX) : ends[i], single);
    doubles[points++] = NAN;
    doubles[points++] = INFINITY;
    doubles[points++] = -INFINITY;
    while (points % PIECE) {
        const double value = rng_any(&r, single ? ACT_FLOAT32 : ACT_FLOAT64);
        doubles[points++] = single ? (double)(float)value : value;
    }
    assert_true(points <= POINTS);
    for (int64_t i = 0; single && i < points; i++)
        floats[i] = (float)doubles[i];
}

static void check_down(const char *isa, act_dtype format, const uint16_t *got) {
    for (int64_t i = 0; i < points; i++) {
        test_case_is("%s, type %d, %a", isa, format, doubles[i]);
        if (isnan(doubles[i]))
            CHECK(is_nan(got[i], format), "%04x is no NaN", got[i]);
        else
            CHECK(got[i] == nearest(doubles[i], format), "%04x, expected %04x", got[i], nearest(doubles[i], format));
    }
}

static void narrowing_rounds_once(void **state) {
    (void)state;
    for (int isa = 0; isa < isa_count(); isa++)
        for (size_t f = 0; f < COUNT_OF(formats); f++)
            for (int real = 0; real < ACT__REALS; real++) {
                const act__isa *set = isa_number(isa);
                make_points(formats[f], real == ACT__REAL32);
                const void *from = real == ACT__REAL32 ? (const void *)floats : (const void *)doubles;
                set->convert[real]->narrow[formats[f]](from, down, points, 0);
                check_down(set->name, formats[f], down);
                set->convert[real]->narrow[formats[f]](from, again, points, 1);
                assert_memory_equal(again, down, (size_t)points * sizeof *down);
            }
}

/* Moved by so many units, would it be another half? */
static int may_differ(float value, int units, act_dtype format) {
    float low = value, high = value;
    for (int i = 0; i < units; i++) {
        low = nextafterf(low, -INFINITY);
        high = nextafterf(high, INFINITY);
    }
    return nearest((double)low, format) != nearest((double)high, format);
}

static void check_doubt(const act__isa *set, act_dtype format, const float *dy) {
    static char marked[POINTS];
    for (int64_t at = 0; at < points; at += PIECE) {
        const int64_t count =
            set->convert[ACT__REAL32]->narrow_sure[format](floats + at, dy, down + at, PIECE, 0, doubtful);
        memset(marked, 0, PIECE);
        for (int64_t i = 0; i < count; i++)
            marked[doubtful[i]] = 1;
        for (int64_t i = 0; i < PIECE; i++) {
            const float value = floats[at + i];
            const int units = dy ? 5 : 2;
            test_case_is("%s, type %d, %a", set->name, format, (double)value);
            if (isnan(value) || isinf(value) || value == 0)
                CHECK(marked[i] == 0, "doubtful");
            else if (fabsf(value) > 1e-44f) /* below, units reach 0 and change the sign */
                CHECK(may_differ(value, units, format) <= marked[i] &&
                          marked[i] <= may_differ(value, 6 * units, format),
                      "doubtful: %d", marked[i]);
            if (!marked[i] && !isnan(value))
                CHECK(down[at + i] == nearest((double)value, format), "%04x", down[at + i]);
        }
    }
}

static void doubt_is_spoken_where_it_is(void **state) {
    (void)state;
    for (int64_t i = 0; i < PIECE; i++)
        gradients[i] = 1;
    for (int isa = 0; isa < isa_count(); isa++)
        for (size_t f = 0; f < COUNT_OF(formats); f++) {
            make_points(formats[f], 1);
            check_doubt(isa_number(isa), formats[f], NULL);
            check_doubt(isa_number(isa), formats[f], gradients);
        }
}

static void doubt_where_the_derivative_left_its_range(void **state) {
    (void)state;
    static const struct {
        float dx, dy;
        int doubtful;
    } rows[] = {{0, 1, 0},        {0, 2, 1},        {0x1p-100f, 0x1p20f, 0}, {0x1p-120f, -0x1p6f, 1},
                {INFINITY, 1, 0}, {INFINITY, 2, 0}, {-INFINITY, 0.5f, 1},    {NAN, 0, 1},
                {NAN, 1, 0},      {NAN, 0.5f, 0},   {NAN, INFINITY, 1},      {NAN, NAN, 0}};
    for (int isa = 0; isa < isa_count(); isa++)
        for (size_t f = 0; f < COUNT_OF(formats); f++)
            for (size_t i = 0; i < COUNT_OF(rows); i++) {
                test_case_is("%s, %a of dy %a", isa_number(isa)->name, (double)rows[i].dx, (double)rows[i].dy);
                const int64_t count = isa_number(isa)->convert[ACT__REAL32]->narrow_sure[formats[f]](
                    &rows[i].dx, &rows[i].dy, down, 1, 0, doubtful);
                CHECK(count == rows[i].doubtful, "%d doubtful", (int)count);
            }
}

static void any_length_writes_no_more(void **state) {
    (void)state;
    rng r = rng_for(91, 0);
    fill_any(floats, ACT_FLOAT32, 200, &r);
    for (int isa = 0; isa < isa_count(); isa++)
        for (size_t f = 0; f < COUNT_OF(formats); f++)
            for (int64_t n = 0; n < 130; n++) {
                const act__convert_kernels *k = isa_number(isa)->convert[ACT__REAL32];
                for (int stream = 0; stream < 2; stream++) {
                    set_canary(down, sizeof down[0] * 200);
                    set_canary(gradients, sizeof gradients[0] * 200);
                    k->narrow[formats[f]](floats, down + 1 + stream, n, stream);
                    k->widen[formats[f]](down + 1 + stream, gradients + 1, n);
                    assert_canary(down, sizeof down[0] * (size_t)(1 + stream));
                    assert_canary(down + 1 + stream + n, sizeof down[0] * 20);
                    assert_canary(gradients, sizeof gradients[0]);
                    assert_canary(gradients + 1 + n, sizeof gradients[0] * 20);
                    for (int64_t i = 0; i < n; i++)
                        assert_true(isnan(floats[i]) ||
                                    down[1 + stream + i] == nearest((double)floats[i], formats[f]));
                }
            }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widening_is_exact),           cmocka_unit_test(narrowing_rounds_once),
        cmocka_unit_test(doubt_is_spoken_where_it_is), cmocka_unit_test(doubt_where_the_derivative_left_its_range),
        cmocka_unit_test(any_length_writes_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
