/*
 * The functions of a kind over all 65,536 numbers of a 16-bit type, through types/mixed.c: by the kernels of 16-bit
 * elements, or, where portable code has none, by blocks. Whatever is in doubt is computed again, so that both give
 * the same halves; and so do pieces of any length, and tables. Part of isa_hash.
 */
#include "isa_hash.h"
#include "types/lookup.h"
#include "types/mixed.h"

#include <string.h>

enum { HALVES = 1 << 16, EDGE = 32 };

static uint16_t half_x[HALVES], half_y[HALVES], half_dy[HALVES], whole[HALVES], pieces[HALVES + 2 * EDGE];

/* In an order in which neighbours are unlike, so that every vector has a lane of every sort. */
static void fill(void) {
    for (uint32_t i = 0; i < HALVES; i++) {
        half_x[i] = (uint16_t)(i * 40503u);
        half_dy[i] = (uint16_t)(i * 25173u + 13849u);
    }
}

static void call(const act__formula *formula, act__function function, act_dtype dtype, const uint16_t *source,
                 const uint16_t *scale, uint16_t *to, int64_t n) {
    const act_dtype same[ACT__CALL_OPERANDS] = {dtype, dtype, dtype};
    void *data[ACT__CALL_OPERANDS] = {(void *)(uintptr_t)source, (void *)(uintptr_t)scale, to};
    if (function == ACT__RUN_FORWARD)
        data[1] = to;
    act__call c;
    act__call_set(&c, formula, function, same);
    act__call_run(&c, data, n);
}

static void run_pieces(const act__formula *formula, act__function function, act_dtype dtype, const uint16_t *source,
                       const char *name, const char *isa) {
    memset(pieces, 0xa5, sizeof pieces);
    const int64_t count = HALVES / thin;
    for (int64_t i = 0, n = 1; i < count; i += n, n = n % 131 + 1) {
        n = n < count - i ? n : count - i;
        call(formula, function, dtype, source + i, half_dy + i, pieces + EDGE + i, n);
        if (pieces[EDGE + i + n] != 0xa5a5 || pieces[EDGE - 1] != 0xa5a5)
            fail("wrote outside", name, isa, n);
    }
    if (hash_halves(0, pieces + EDGE, count, dtype) != hash_halves(0, whole, count, dtype))
        fail("halves depend on the length", name, isa, 0);
}

/* The kernels by table are the same for all kinds, whose derivatives must not be 0 by case. */
static int goes_by_table(const char *name) {
    return strcmp(name, "gelu") == 0 || strcmp(name, "tanh") == 0 || strcmp(name, "softplus") == 0;
}

/* By a table from the first element on, where the instruction set has them. */
static void run_table(const act__formula *formula, act__function function, act_dtype dtype, const uint16_t *source,
                      const char *name, const char *isa) {
    act__half_calls calls = {.formula = *formula};
    calls.formula.lookup[function] = &calls.lookup[function];
    calls.lookup[function].seen = INT64_MAX;
    run_pieces(&calls.formula, function, dtype, source, name, isa);
    act__lookups_clear(&calls);
}

static uint64_t hash_of(const act__formula *formula, act__function function, act_dtype dtype, const char *name,
                        const char *isa) {
    const uint16_t *source = function == ACT__RUN_FROM_OUTPUT ? half_y : half_x;
    call(formula, function, dtype, source, half_dy, whole, HALVES / thin);
    if (function == ACT__RUN_FORWARD)
        memcpy(half_y, whole, sizeof half_y);
    run_pieces(formula, function, dtype, source, name, isa);
    if (goes_by_table(name))
        run_table(formula, function, dtype, source, name, isa);
    return hash_halves(0, whole, HALVES / thin, dtype);
}

static int exists(const act__kernels *k, act__function function) {
    return function != ACT__RUN_FROM_OUTPUT || k->backward_output != NULL;
}

void hash_kind_of_halves(const act__isa *isa, const char *name, int number) {
    static const char *const functions[] = {"forward", "backward_input", "backward_output"};
    static const float f32[][ACT__MAX_PARAMS] = {{0.01f, 0.7f, 0.3f, 2}, {1, 1, 1, 1}};
    const act__kernels *kernels[] = {isa->elementwise[ACT__REAL32][number], isa->elementwise[ACT__REAL64][number]};
    act__isa_force(isa);
    fill();
    for (act_dtype dtype = ACT_FLOAT16; dtype <= ACT_BFLOAT16; dtype++) {
        uint64_t hash[ACT__FUNCTIONS] = {0};
        for (size_t set = 0; set < sizeof f32 / sizeof *f32; set++) {
            double f64[ACT__MAX_PARAMS];
            for (int i = 0; i < ACT__MAX_PARAMS; i++)
                f64[i] = (double)f32[set][i];
            const act__formula formula = {.kernels = kernels,
                                          .params = {f32[set], f64},
                                          .doubt = {ACT__DOUBT_MIDDLE, ACT__DOUBT_RANGE, ACT__DOUBT_RANGE}};
            for (act__function f = ACT__RUN_FORWARD; f <= ACT__RUN_FROM_OUTPUT; f++)
                if (exists(kernels[0], f))
                    hash[f] = mix(hash[f], hash_of(&formula, f, dtype, name, isa->name));
        }
        for (act__function f = ACT__RUN_FORWARD; f <= ACT__RUN_FROM_OUTPUT; f++)
            if (exists(kernels[0], f))
                print(name, functions[f], dtype == ACT_FLOAT16 ? "f16" : "bf16", isa->name, hash[f]);
    }
}

/* Elements of any bits by slopes of any sort, in pieces of any length; sources of 16 and of 32 bits. */
enum { SLOPE_HALVES, SLOPE_VALUES, SLOPE_GRADIENTS, SLOPE_FUNCTIONS };

static void run_slopes(const act__slope_kernels *k, int function, act_dtype dtype, int64_t i, int64_t n, int shared,
                       uint16_t *to) {
    static float source[HALVES], scale[HALVES], slopes[HALVES];
    static const float some[] = {0.25f, 0.3f,          0,  -0.7f,   0x1.8p0f, 1e-39f, 0x1p-149f,
                                 3e38f, 0x1.000002p0f, -1, 0x1p-60f};
    if (i == 0)
        for (uint32_t j = 0; j < HALVES; j++) {
            const uint32_t bits[] = {j * 2654435761u, j * 2246822519u + 374761393u};
            memcpy(&source[j], &bits[0], sizeof source[j]);
            memcpy(&scale[j], &bits[1], sizeof scale[j]);
            slopes[j] = some[j % (sizeof some / sizeof *some)];
        }
    if (function == SLOPE_HALVES)
        k->forward_half[dtype](half_x + i, slopes + i, shared, to, n);
    else
        k->narrow[dtype](source + i, slopes + i, shared, function == SLOPE_GRADIENTS ? scale + i : NULL, to, n);
}

void hash_slopes_of_halves(const act__isa *isa) {
    static const char *const functions[] = {"halves", "narrowed", "narrowed_gradient"};
    const act__slope_kernels *k = isa->slopes[ACT__REAL32];
    const int64_t count = HALVES / thin;
    fill();
    for (act_dtype dtype = ACT_FLOAT16; dtype <= ACT_BFLOAT16; dtype++)
        for (int function = 0; function < SLOPE_FUNCTIONS; function++) {
            uint64_t hash = 0;
            for (int shared = 0; shared < 2; shared++) {
                memset(pieces, 0xa5, sizeof pieces);
                for (int64_t i = 0, n = 1; i < count; i += n, n = n % 131 + 1) {
                    n = n < count - i ? n : count - i;
                    run_slopes(k, function, dtype, i, n, shared, pieces + EDGE + i);
                    if (pieces[EDGE + i + n] != 0xa5a5 || pieces[EDGE - 1] != 0xa5a5)
                        fail("wrote outside", functions[function], isa->name, n);
                }
                hash = hash_halves(hash, pieces + EDGE, count, dtype);
            }
            print("slopes", functions[function], dtype == ACT_FLOAT16 ? "f16" : "bf16", isa->name, hash);
        }
}
