/*
 * Runs an elementwise kernel over elements of mixed types, block by block in L1: inputs are widened to float32, the
 * float32 kernel runs, and a 16-bit output is narrowed. Elements whose float32 result is too near the middle of two
 * halves to tell which is nearest are computed again in float64 and narrowed once from there. Formulas of y, which
 * may cancel, are float64's from the start. Called by elementwise.c; calls kernels.
 */
#include "types/mixed.h"

#include "stage.h"

_Static_assert((int)ACT__AS_FLOAT32 == (int)ACT_FLOAT32 && (int)ACT__AS_FLOAT64 == (int)ACT_FLOAT64 &&
                   (int)ACT__AS_FLOAT16 == (int)ACT_FLOAT16 && (int)ACT__AS_BFLOAT16 == (int)ACT_BFLOAT16,
               "kernels number types as the interface does");

/* BLOCK: elements that are converted at a time; three buffers of them fit L1. AGAIN: doubtful ones computed at a
 * time. */
enum { BLOCK = 1024, AGAIN = 128, LINE = 64 };

int act__any_half(const act__view *const *views, int32_t count) {
    for (int32_t i = 0; i < count; i++)
        if (act__is_half(views[i]->dtype))
            return 1;
    return 0;
}

void act__formula_run(const act__formula *formula, act__function function, int real, const void *const *in, void *out,
                      int64_t n) {
    const act__kernels *kernels = formula->kernels[real];
    const void *params = formula->params[real];
    switch (function) {
    case ACT__RUN_FORWARD:
        kernels->forward(in[0], out, n, params);
        break;
    case ACT__RUN_FROM_INPUT:
        kernels->backward_input(in[0], in[1], out, n, params);
        break;
    case ACT__RUN_FROM_OUTPUT:
        kernels->backward_output(in[0], in[1], out, n, params);
        break;
    }
}

void act__call_set(act__call *call, const act__formula *formula, act__function function,
                   const act__view *const *views) {
    const int32_t count = act__operands_of(function);
    call->formula = formula;
    call->function = function;
    call->convert = act__isa_in_use()->convert;
    call->mixed = act__any_half(views, count);
    call->exact = formula->exact == ACT__EXACT_OF_HALVES;
    for (int32_t i = 0; i < count; i++) {
        call->dtype[i] = views[i]->dtype;
        call->exact &= i == count - 1 || act__is_half(views[i]->dtype);
    }
    call->exact |= formula->exact == ACT__EXACT_OF_ALL;
    const int from_output = call->mixed && function == ACT__RUN_FROM_OUTPUT && act__is_half(call->dtype[count - 1]);
    call->real = from_output && !call->exact ? ACT__REAL64 : act__real_of(call->dtype[0]);
}

static int32_t inputs_of(const act__call *c) { return act__operands_of(c->function) - 1; }
static act_dtype output_dtype(const act__call *c) { return c->dtype[inputs_of(c)]; }

/* Doubtful elements of several blocks: what they are computed from, and where their results belong. */
typedef struct again {
    double in[ACT__CALL_OPERANDS - 1][AGAIN];
    uint16_t *out[AGAIN];
    int64_t count;
    int stream; /* whether their first results went past the cache */
} again;

static void compute_again(const act__call *c, again *a) {
    const void *const in[] = {a->in[0], a->in[1]};
    double result[AGAIN];
    uint16_t half[AGAIN];
    if (a->count == 0)
        return;
    if (a->stream)
        act__stage_fence();
    act__formula_run(c->formula, c->function, ACT__REAL64, in, result, a->count);
    c->convert[ACT__REAL64]->narrow[output_dtype(c)](result, half, a->count, 0);
    for (int64_t i = 0; i < a->count; i++)
        *a->out[i] = half[i];
    a->count = 0;
}

static void keep_doubtful(const act__call *c, again *a, const void *const *in, uint16_t *out, const uint16_t *index,
                          int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        for (int32_t k = 0; k < inputs_of(c); k++)
            a->in[k][a->count] = (double)((const float *)in[k])[index[i]];
        a->out[a->count++] = out + index[i];
        if (a->count == AGAIN)
            compute_again(c, a);
    }
}

static void run_block(const act__call *c, again *a, char *const *data, int64_t n) {
    _Alignas(LINE) double wide[ACT__CALL_OPERANDS][BLOCK];
    const act__convert_kernels *convert = c->convert[c->real];
    const void *in[ACT__CALL_OPERANDS - 1] = {NULL};
    uint16_t doubtful[BLOCK];
    const int32_t last = inputs_of(c);
    for (int32_t k = 0; k < last; k++)
        in[k] = act__widened(convert, c->dtype[k], data[k], wide[k], n);
    void *result = act__result_in(convert, output_dtype(c), data[last], wide[last]);
    act__formula_run(c->formula, c->function, c->real, in, result, n);
    if (result == data[last])
        return;
    if (c->exact || c->real == ACT__REAL64) {
        convert->narrow[output_dtype(c)](result, data[last], n, a->stream);
        return;
    }
    const float *dy = c->function == ACT__RUN_FORWARD || c->formula->easy_slope ? NULL : in[1];
    const int64_t count = convert->narrow_sure[output_dtype(c)](result, dy, data[last], n, a->stream, doubtful);
    keep_doubtful(c, a, in, (uint16_t *)(void *)data[last], doubtful, count);
}

/* As kernels do: large outputs that are not also read. */
static int streams(const act__call *c, void *const *data, int64_t n) {
    const int32_t last = inputs_of(c);
    int apart = n >= ACT__STREAM_BYTES / (int64_t)sizeof(uint16_t);
    for (int32_t k = 0; k < last; k++)
        apart &= data[k] != data[last];
    return apart;
}

/* Elements of the first block, so that the next begins at a cache line of the output. */
static int64_t first_block(const act__call *c, void *const *data, int64_t n) {
    const uintptr_t beyond = (uintptr_t)data[inputs_of(c)] % LINE;
    const int64_t most = BLOCK - (int64_t)beyond / act__dtype_size(output_dtype(c));
    return n < most ? n : most;
}

static void run_mixed(const act__call *c, void *const *data, int64_t n) {
    again a;
    a.count = 0;
    a.stream = streams(c, data, n);
    int64_t count = first_block(c, data, n);
    for (int64_t i = 0; i < n; i += count, count = n - i < BLOCK ? n - i : BLOCK) {
        char *at[ACT__CALL_OPERANDS];
        for (int32_t k = 0; k <= inputs_of(c); k++)
            at[k] = (char *)data[k] + i * act__dtype_size(c->dtype[k]);
        run_block(c, &a, at, count);
    }
    compute_again(c, &a);
    if (a.stream)
        act__stage_fence();
}

void act__call_run(const act__call *c, void *const *data, int64_t n) {
    if (c->mixed) {
        run_mixed(c, data, n);
        return;
    }
    const void *const in[] = {data[0], data[1]};
    act__formula_run(c->formula, c->function, c->real, in, data[inputs_of(c)], n);
}
