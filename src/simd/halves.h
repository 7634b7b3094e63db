/*
 * The loops of an elementwise kernel over 16-bit elements: widened, computed in float32 and narrowed in registers.
 * Included by elementwise.h; not for portable code, which has no vector to keep them in.
 */
#include "simd/half_doubt.h"

#ifdef H_HAS_VECTORS
#include "simd/half_settle.h"
#define ACT_HAS_HALVES

/* gradient: whether there is a dy. doubt: run's, but a constant where loops of their own are worth it. */
ACT_ALWAYS_INLINE void over_halves(gradient_function *f, int most, int bf16, int gradient, act__doubt doubt,
                                   const uint16_t *source, const uint16_t *dy, uint16_t *to, int64_t n,
                                   act__half_run *run) {
    const act_params p = load_params(run->params);
    const int stream = may_stream_halves(to, run);
    const int at_once = most < HALVES_AT_ONCE ? most : HALVES_AT_ONCE;
    for (int64_t i = 0; i < n; i += at_once * V_WIDTH) {
        vreal a[HALVES_AT_ONCE], b[HALVES_AT_ONCE] = {v_set(0), v_set(0)};
        rounded r[HALVES_AT_ONCE];
        uint64_t maybe[HALVES_AT_ONCE], any = 0;
        load_halves(a, source + i, at_once, bf16);
        if (gradient)
            load_halves(b, dy + i, at_once, bf16);
        for (int j = 0; j < at_once; j++)
            a[j] = f(a[j], b[j], p.value);
        for (int j = 0; j < at_once; j++) {
            maybe[j] = settle(a[j], b[j], bf16, gradient, doubt, &r[j]);
            any |= maybe[j];
        }
        if (__builtin_expect(any != 0, 0))
            note_all(a, maybe, at_once, bf16, gradient, doubt, source + i, gradient ? dy + i : NULL, to + i, run);
        put_halves(to + i, r, at_once, bf16, stream);
    }
}

/* ACT_EXACT: nothing is rounded, so that float32 is sure at any doubt. ACT_LIGHT: so little is computed that it shows
 * whether the loop knows the doubt. */
ACT_ALWAYS_INLINE void by_doubt(gradient_function *f, int most, int bf16, int gradient, const uint16_t *source,
                                const uint16_t *dy, uint16_t *to, int64_t n, act__half_run *run) {
#ifdef ACT_EXACT
    if (run->doubt == ACT__SURE_HALF)
        over_halves(f, most, bf16, gradient, ACT__SURE_HALF, source, dy, to, n, run);
    else
        over_halves(f, most, bf16, gradient, ACT__SURE, source, dy, to, n, run);
#else
#ifdef ACT_LIGHT
    if (run->doubt == ACT__SURE) {
        over_halves(f, most, bf16, gradient, ACT__SURE, source, dy, to, n, run);
        return;
    }
    if (run->doubt == ACT__DOUBT_MIDDLE) {
        over_halves(f, most, bf16, gradient, ACT__DOUBT_MIDDLE, source, dy, to, n, run);
        return;
    }
#endif
    over_halves(f, most, bf16, gradient, run->doubt, source, dy, to, n, run);
#endif
}

ACT_ALWAYS_INLINE vreal value_alone(vreal x, vreal dy, const vreal *p) {
    (void)dy;
    return value(x, p);
}

static void forward_f16(const uint16_t *x, const uint16_t *dy, uint16_t *y, int64_t n, act__half_run *run) {
    by_doubt(value_alone, FORWARD_AT_ONCE, 0, 0, x, dy, y, n, run);
}
static void forward_bf16(const uint16_t *x, const uint16_t *dy, uint16_t *y, int64_t n, act__half_run *run) {
    by_doubt(value_alone, FORWARD_AT_ONCE, 1, 0, x, dy, y, n, run);
}

static void from_input_f16(const uint16_t *x, const uint16_t *dy, uint16_t *dx, int64_t n, act__half_run *run) {
    by_doubt(from_input, BACKWARD_AT_ONCE, 0, 1, x, dy, dx, n, run);
}
static void from_input_bf16(const uint16_t *x, const uint16_t *dy, uint16_t *dx, int64_t n, act__half_run *run) {
    by_doubt(from_input, BACKWARD_AT_ONCE, 1, 1, x, dy, dx, n, run);
}

#ifdef ACT_HAS_FROM_OUTPUT
static void from_output_f16(const uint16_t *y, const uint16_t *dy, uint16_t *dx, int64_t n, act__half_run *run) {
    by_doubt(from_output, BACKWARD_AT_ONCE, 0, 1, y, dy, dx, n, run);
}
static void from_output_bf16(const uint16_t *y, const uint16_t *dy, uint16_t *dx, int64_t n, act__half_run *run) {
    by_doubt(from_output, BACKWARD_AT_ONCE, 1, 1, y, dy, dx, n, run);
}
#endif
#endif
