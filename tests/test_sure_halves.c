/*
 * Gradients of one 16-bit type that are narrowed from float32 without a doubt, by the flags of kinds.def: every pair
 * of x or y and dy must give what it gives where each result in doubt is computed again in float64. test_accuracy
 * shows that float32 is off by no more than that allows for; test_halves has the values.
 */
#include <math.h>

#include "elementwise.h"
#include "kinds.h"
#include "views.h"

enum { HALVES = 1 << 16 };

#define ACT_SPECIAL(...)
#define ACT_ELEMENTWISE(name, number, ...) number,
static const act_kind kinds[] = {
#include "kinds.def"
};

static const char *const function_names[] = {"forward", "from x", "from y"};

static uint16_t numbers[HALVES], sources[HALVES], same[HALVES], got[HALVES], right[HALVES];

/* All numbers; those for y only from the least to the largest that f gives, and not just these, as y may be f of a
 * float32. Returns how many. */
static int64_t take_sources(const act_activation *a, act__function function, act_dtype format) {
    double least = -INFINITY, most = INFINITY;
    int64_t count = 0;
    if (function == ACT__RUN_FROM_OUTPUT) {
        assert_ok(act_forward_1d(a, format, numbers, got, HALVES));
        least = INFINITY, most = -INFINITY;
        for (int i = 0; i < HALVES; i++) {
            least = fmin(least, real_get(got, format, i));
            most = fmax(most, real_get(got, format, i));
        }
    }
    for (int i = 0; i < HALVES; i++) {
        const double number = real_get(numbers, format, i);
        if (isnan(number) || (number >= least && number <= most))
            sources[count++] = numbers[i];
    }
    return count;
}

static inline int differ(uint16_t a, uint16_t b, uint16_t infinity) {
    return (a != b) & (((a & 0x7fff) <= infinity) | ((b & 0x7fff) <= infinity));
}

static void check_same_gradients(const act_activation *a, act__function function, act_dtype format) {
    const uint16_t infinity = format == ACT_FLOAT16 ? 0x7c00 : 0x7f80;
    if (memcmp(got, right, sizeof got) != 0)
        for (int i = 0; i < HALVES; i++)
            CHECK(!differ(got[i], right[i], infinity), "%s, gradient %s of %s: %s %04x, dy %04x give %04x, not %04x",
                  a->row->name, function_names[function], format == ACT_FLOAT16 ? "float16" : "bfloat16",
                  function == ACT__RUN_FROM_OUTPUT ? "y" : "x", same[i], numbers[i], got[i], right[i]);
}

static void check_pairs(const act_activation *a, const act__formula *formula, act__function function,
                        act_dtype format) {
    const act_dtype dtype[ACT__CALL_OPERANDS] = {format, format, format};
    act__formula doubted = *formula;
    act__call sure, unsure;
    doubted.doubt[function] = ACT__DOUBT_RANGE;
    act__call_set(&sure, formula, function, dtype);
    act__call_set(&unsure, &doubted, function, dtype);
    const int64_t count = take_sources(a, function, format), runs = test_cases(count);
    for (int64_t run = 0; run < runs; run++) {
        for (int i = 0; i < HALVES; i++)
            same[i] = sources[run * count / runs];
        act__call_run(&sure, (void *const[]){same, numbers, got}, HALVES);
        act__call_run(&unsure, (void *const[]){same, numbers, right}, HALVES);
        check_same_gradients(a, function, format);
    }
}

/* Kinds whose gradients are not rounded need no run. */
static int is_trusted(const act_activation *a, const act__formula *formula, act__function function) {
    const int exists = function == ACT__RUN_FROM_INPUT || act_backward_needs(a) & ACT_NEEDS_OUTPUT;
    return exists && !formula->exact && formula->doubt[function] < ACT__DOUBT_MIDDLE;
}

static void check_kinds(act_dtype format) {
    int trusted = 0;
    for (int i = 0; i < HALVES; i++)
        numbers[i] = (uint16_t)i;
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        act_activation *a = make_kind(kinds[k]);
        act__formula formula;
        assert_ok(act__formula_of(&formula, a, format));
        for (int function = ACT__RUN_FROM_INPUT; function < ACT__FUNCTIONS; function++)
            if (is_trusted(a, &formula, (act__function)function)) {
                test_case_is("%s", act__isa_in_use()->name);
                check_pairs(a, &formula, (act__function)function, format);
                trusted++;
            }
        act_activation_destroy(a);
    }
    assert_true(trusted > 0);
}

static void gradients_of_bfloat16_are_sure(void **state) {
    (void)state;
    check_kinds(ACT_BFLOAT16);
}

static void gradients_of_float16_are_sure(void **state) {
    (void)state;
    check_kinds(ACT_FLOAT16);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_of_bfloat16_are_sure),
        cmocka_unit_test(gradients_of_float16_are_sure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
