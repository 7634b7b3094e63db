/*
 * Runs an elementwise kernel over elements of mixed types. Those of one 16-bit type have kernels of their own. Others
 * go block by block in L1: inputs are widened to float32, the float32 kernel runs, and a 16-bit output is narrowed.
 * Elements whose float32 result is too near the middle of two halves to tell which is nearest are computed again in
 * float64 and narrowed once from there. Called by elementwise.c, line.c, marks.c and lookup.c; calls
 * lookup.c and kernels.
 */
#include "types/mixed.h"

#include "least.h"
#include "stage.h"
#include "types/few.h"
#include "types/lookup.h"

#include <math.h>
#include <string.h>

_Static_assert((int)ACT__AS_FLOAT32 == (int)ACT_FLOAT32 && (int)ACT__AS_FLOAT64 == (int)ACT_FLOAT64 &&
                   (int)ACT__AS_FLOAT16 == (int)ACT_FLOAT16 && (int)ACT__AS_BFLOAT16 == (int)ACT_BFLOAT16,
               "kernels number types as the interface does");

/* BLOCK: elements that are converted at a time; three buffers of them fit L1. AGAIN: doubtful ones computed at a
 * time. */
enum { BLOCK = 1024, AGAIN = 128, LINE = 64 };

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

/* Of results where not all operands are of one 16-bit type: what was sure by their few digits no longer is. */
static act__doubt doubt_of_mixed(const act__formula *f, act__function function) {
    if (f->exact || f->doubt[function] >= ACT__DOUBT_MIDDLE)
        return f->doubt[function];
    return function == ACT__RUN_FORWARD ? ACT__DOUBT_MIDDLE : ACT__DOUBT_RANGE;
}

void act__call_set(act__call *call, const act__formula *formula, act__function function, const act_dtype *dtype) {
    const int32_t last = act__operands_of(function) - 1;
    const int same = dtype[0] == dtype[1] && dtype[0] == dtype[last];
    const act__lookup_kernels *lookup = act__isa_in_use()->lookup;
    call->formula = formula;
    call->function = function;
    call->convert = act__isa_in_use()->convert;
    call->mixed = act__is_half(dtype[0]) || act__is_half(dtype[1]) || act__is_half(dtype[last]);
    call->dtype[0] = dtype[0];
    call->dtype[1] = dtype[1];
    call->dtype[last] = dtype[last];
    call->doubt = same ? formula->doubt[function] : doubt_of_mixed(formula, function);
    call->words = same && call->mixed ? formula->kernels[ACT__REAL32]->words[function][dtype[0]] : NULL;
    call->halves = same && call->mixed ? formula->kernels[ACT__REAL32]->halves[function][dtype[0]] : NULL;
    call->by_table = !same ? NULL : function == ACT__RUN_FORWARD ? lookup->value : lookup->gradient[dtype[0]];
    call->lookup = call->by_table ? formula->lookup[function] : NULL;
    const int cancels = function == ACT__RUN_FROM_OUTPUT && !call->halves && call->doubt >= ACT__DOUBT_MIDDLE;
    call->real = cancels && act__is_half(dtype[last]) ? ACT__REAL64 : act__real_of(dtype[0]);
}

static int32_t inputs_of(const act__call *c) { return act__operands_of(c->function) - 1; }
static act_dtype output_dtype(const act__call *c) { return c->dtype[inputs_of(c)]; }
static int64_t half_step(const act__call *c) { return c->convert[ACT__REAL32]->half_step; }

/* How a call goes, and the doubtful elements of several blocks: what they are computed from, and where their results
 * belong. */
typedef struct again {
    const act__call *call;
    act__half_function *halves; /* the kernel of 16-bit elements, if any */
    const void *params;         /* and what it reads */
    float in[ACT__CALL_OPERANDS - 1][AGAIN];
    uint16_t *out[AGAIN];
    int64_t count;
    int stream; /* whether their first results went past the cache */
} again;

/* Where y lies from what float64 shows of it, if that may be all but exact. NaN raises nothing. */
static act__side side_at(const act__formula *f, double x, double y) {
    const double size = fabs(x);
    if (x == 0 || y == 0)
        return ACT__ON;
    if (isless(size, 0x1p-24))
        return x < 0 ? f->left_of_0 : f->right_of_0;
    const int far = isgreater(size, 1) && isless(size, 0x1p52);
    return far && (fabs(y) == size || fabs(y) == size - 1) ? f->far : ACT__ON;
}

/* What float64 shows may be the middle between two halves: the next double on y's side tells which of them is nearer.
 */
static void take_sides(const act__formula *f, const double *x, double *y, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        const double toward[] = {[ACT__ON] = y[i],
                                 [ACT__ABOVE] = INFINITY,
                                 [ACT__BELOW] = -INFINITY,
                                 [ACT__WITHIN] = copysign(0, y[i]),
                                 [ACT__OUTSIDE] = copysign(INFINITY, y[i])};
        y[i] = nextafter(y[i], toward[side_at(f, x[i], y[i])]);
    }
}

static void compute_again(again *a) {
    const act__call *c = a->call;
    const act__convert_kernels *convert = c->convert[ACT__REAL64];
    double in[ACT__CALL_OPERANDS - 1][AGAIN], result[AGAIN];
    uint16_t half[AGAIN];
    if (a->count == 0)
        return;
    if (a->stream)
        act__stage_fence();
    for (int32_t k = 0; k < inputs_of(c); k++)
        convert->widen[ACT_FLOAT32](a->in[k], in[k], a->count);
    act__formula_run(c->formula, c->function, ACT__REAL64, (const void *const[]){in[0], in[1]}, result, a->count);
    if (c->function == ACT__RUN_FORWARD)
        take_sides(c->formula, in[0], result, a->count);
    convert->narrow[output_dtype(c)](result, half, a->count, 0);
    for (int64_t i = 0; i < a->count; i++)
        *a->out[i] = half[i];
    a->count = 0;
}

static void add_again(again *a, float source, float dy, uint16_t *out) {
    if (a->count == AGAIN)
        compute_again(a);
    a->in[0][a->count] = source;
    a->in[1][a->count] = dy;
    a->out[a->count++] = out;
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
    if (c->doubt <= ACT__SURE || c->real == ACT__REAL64) {
        convert->narrow[output_dtype(c)](result, data[last], n, a->stream);
        return;
    }
    const float *source = in[0], *dy = in[1];
    const int64_t count = convert->narrow_sure[output_dtype(c)](result, c->doubt == ACT__DOUBT_MIDDLE ? NULL : dy,
                                                                data[last], n, a->stream, doubtful);
    for (int64_t i = 0; i < count; i++)
        add_again(a, source[doubtful[i]], dy ? dy[doubtful[i]] : 0, (uint16_t *)(void *)data[last] + doubtful[i]);
}

/* Of a 16-bit output. */
static int streams(const act__call *c, void *const *data, int64_t n) {
    const int32_t last = inputs_of(c);
    return act__streams(data[last], data[0], data[last - 1], n, sizeof(uint16_t));
}

/* Elements of the first block, so that the next begins at a cache line of the output. */
static int64_t first_block(const act__call *c, void *const *data, int64_t n) {
    const uintptr_t beyond = (uintptr_t)data[inputs_of(c)] % LINE;
    return act__least(n, BLOCK - (int64_t)beyond / act__dtype_size(output_dtype(c)));
}

/* Of 16-bit elements: the table if there is one by now, else the formula. */
static void choose_halves(again *a, const act__call *c, int64_t n) {
    const void *table = c->lookup ? act__lookup_table(c->lookup, c, n) : NULL;
    a->call = c;
    a->count = 0;
    a->halves = table ? c->by_table : c->halves;
    a->params = table ? table : c->formula->params[ACT__REAL32];
}

static void finish(again *a) {
    compute_again(a);
    if (a->stream)
        act__stage_fence();
}

static void run_mixed(again *a, void *const *data, int64_t n) {
    const act__call *c = a->call;
    a->stream = streams(c, data, n);
    int64_t count = first_block(c, data, n);
    for (int64_t i = 0; i < n; i += count, count = act__least(n - i, BLOCK)) {
        char *at[ACT__CALL_OPERANDS];
        for (int32_t k = 0; k <= inputs_of(c); k++)
            at[k] = (char *)data[k] + i * act__dtype_size(c->dtype[k]);
        run_block(c, a, at, count);
    }
    finish(a);
}

static void keep_doubtful(again *a, const act__doubtful *d, uint64_t lanes) {
    for (; lanes; lanes &= lanes - 1) {
        const int lane = __builtin_ctzll(lanes);
        add_again(a, d->source[lane], d->dy[lane], d->to + lane);
    }
}

/* Whole steps of at most BLOCK elements, of which the first n count. */
static void run_steps(again *a, const uint16_t *const *in, uint16_t *out, int64_t steps, int64_t n) {
    act__doubtful doubtful[BLOCK / ACT__LEAST_LANES];
    act__half_run run = {a->params, a->call->doubt, a->stream, 0, doubtful};
    a->halves(in[0], in[1], out, steps, &run);
    for (int64_t i = 0; i < run.count; i++) {
        const int64_t rest = out + n - doubtful[i].to;
        if (rest > 0)
            keep_doubtful(a, &doubtful[i], doubtful[i].lanes & (rest < ACT__HALF_LANES ? (1u << rest) - 1 : ~0u));
    }
}

/* Fewer elements than a step. */
static void run_edge(again *a, const uint16_t *const *in, uint16_t *out, int64_t n) {
    uint16_t step[ACT__CALL_OPERANDS][ACT__MOST_HALF_STEP];
    const int32_t last = inputs_of(a->call);
    const int stream = a->stream;
    for (int32_t k = 0; k < last; k++) {
        const uint16_t given = n > 0 ? in[k][0] : 0; /* raises nothing that it would not anyway */
        for (int32_t i = 0; i < ACT__MOST_HALF_STEP; i++)
            step[k][i] = given;
        copy_few(step[k], in[k], n);
    }
    a->stream = 0;
    run_steps(a, (const uint16_t *const[]){step[0], last > 1 ? step[1] : NULL}, step[last], half_step(a->call), n);
    compute_again(a);
    a->stream = stream;
    copy_few(out, step[last], n);
}

/* Elements to where a streamed output is aligned: its first piece. */
static int64_t head_of(const again *a, const void *out, int64_t n) {
    const int64_t step = half_step(a->call), beyond = (int64_t)((uintptr_t)out / sizeof(uint16_t)) & (step - 1);
    return a->stream && beyond ? step - beyond : n;
}

static void run_halves(again *a, void *const *data, int64_t n) {
    const int32_t last = inputs_of(a->call);
    const int64_t step = half_step(a->call);
    a->stream = streams(a->call, data, n);
    int64_t most = head_of(a, data[last], n), count;
    for (int64_t i = 0; i < n; i += count, most = n - i) {
        const uint16_t *const in[] = {(const uint16_t *)data[0] + i, last > 1 ? (const uint16_t *)data[1] + i : NULL};
        uint16_t *out = (uint16_t *)data[last] + i;
        count = act__least(most, BLOCK);
        if (count < step) {
            run_edge(a, in, out, count);
        } else {
            count &= -step;
            run_steps(a, in, out, count, count);
        }
    }
    finish(a);
}

static void run_few_halves(again *a, void *const *data, int64_t n) {
    const int32_t last = inputs_of(a->call);
    a->stream = 0;
    run_edge(a, (const uint16_t *const[]){data[0], last > 1 ? data[1] : NULL}, data[last], n);
}

void act__call_run(const act__call *c, void *const *data, int64_t n) {
    if (c->words) {
        c->words(data[0], data[1], data[inputs_of(c)], n);
        return;
    }
    if (c->mixed) {
        again a;
        choose_halves(&a, c, n);
        (!a.halves ? run_mixed : n < half_step(c) ? run_few_halves : run_halves)(&a, data, n);
        return;
    }
    const void *const in[] = {data[0], data[1]};
    act__formula_run(c->formula, c->function, c->real, in, data[inputs_of(c)], n);
}
