/*
 * The loops of an elementwise kernel over 16-bit elements: widened, computed in float32 and narrowed in registers.
 * Vectors with lanes in doubt are noted for types/mixed.c. Included by elementwise.h; not for portable code, which
 * has no vector to keep them in.
 */
#include "simd/half_doubt.h"

#ifdef H_HAS_VECTORS
#define ACT_HAS_HALVES

enum { HALVES_AT_ONCE = 2 }; /* vectors side by side, at most */

ACT_ALWAYS_INLINE vreal widened(vhalf a, int bf16) { return bf16 ? h_widen_bf16(a) : h_widen_f16(a); }

ACT_ALWAYS_INLINE uint64_t not_finite(vreal a) { return v_bits(v_le(v_abs(a), v_set(V_MOST))) ^ ALL_LANES; }

/* Narrows a vector whose results are a few units off; returns the lanes near to the middle of two halves. */
ACT_ALWAYS_INLINE uint64_t near_middle(vreal result, int bf16, int32_t units, vhalf *half) {
    if (!bf16)
        return narrowed_or_near_f16(result, units, half);
    *half = h_round_away_bf16(result);
    return near_bf16(result, units);
}

/* Narrows one vector; returns the lanes that may be in doubt. dy: of a gradient, else NULL. */
ACT_ALWAYS_INLINE uint64_t settle(vreal result, const vreal *dy, int bf16, act__doubt doubt, vhalf *half) {
    if (doubt >= ACT__DOUBT_MIDDLE) {
        const uint64_t near = near_middle(result, bf16, dy ? GRADIENT_UNITS : VALUE_UNITS, half);
        return dy && doubt == ACT__DOUBT_RANGE ? near | maybe_out_of_range(result, *dy, !bf16) : near;
    }
    if (doubt == ACT__SURE_HALF) {
        *half = bf16 ? h_cut_bf16(result) : h_narrow_f16(result);
        return 0;
    }
    *half = bf16 ? h_round_bf16(result) : h_narrow_f16(result);
    return doubt == ACT__SURE_IF_FINITE ? not_finite(result) : 0;
}

/* Of lanes that may be in doubt, those that are. */
ACT_ALWAYS_INLINE uint64_t in_doubt(vreal result, const vreal *dy, int bf16, act__doubt doubt, uint64_t maybe) {
    vhalf half;
    if (!dy || doubt != ACT__DOUBT_RANGE)
        return maybe;
    return near_middle(result, bf16, GRADIENT_UNITS, &half) | out_of_range(result, *dy, !bf16);
}

ACT_ALWAYS_INLINE void note(act__half_run *run, uint64_t lanes, vreal source, vreal dy, uint16_t *to) {
    act__doubtful *d = &run->doubtful[run->count++];
    v_store(d->source, source);
    v_store(d->dy, dy);
    d->to = to;
    d->lanes = lanes;
}

ACT_ALWAYS_INLINE void over_halves(gradient_function *f, int most, int bf16, const uint16_t *source,
                                   const uint16_t *dy, uint16_t *to, int64_t n, act__half_run *run) {
    const act_params p = load_params(run->params);
    const act__doubt doubt = run->doubt;
    const int stream = run->stream && (uintptr_t)to % sizeof(vhalf) == 0;
    const int at_once = most < HALVES_AT_ONCE ? most : HALVES_AT_ONCE;
    for (int64_t i = 0; i < n; i += at_once * V_WIDTH) {
        vreal a[HALVES_AT_ONCE], b[HALVES_AT_ONCE];
        vhalf half[HALVES_AT_ONCE];
        uint64_t maybe[HALVES_AT_ONCE], any = 0;
        for (int j = 0; j < at_once; j++) {
            a[j] = widened(h_load(source + i + j * V_WIDTH), bf16);
            b[j] = dy ? widened(h_load(dy + i + j * V_WIDTH), bf16) : v_set(0);
        }
        for (int j = 0; j < at_once; j++)
            a[j] = f(a[j], b[j], p.value);
        for (int j = 0; j < at_once; j++) {
            maybe[j] = settle(a[j], dy ? &b[j] : NULL, bf16, doubt, &half[j]);
            any |= maybe[j];
        }
        if (__builtin_expect(any != 0, 0)) /* reads the inputs again: kept, they would fill the registers */
            for (int j = 0; j < at_once; j++) {
                const int64_t at = i + j * V_WIDTH;
                const vreal scale = dy ? widened(h_load(dy + at), bf16) : v_set(0);
                const uint64_t lanes = in_doubt(a[j], dy ? &scale : NULL, bf16, doubt, maybe[j]);
                if (lanes)
                    note(run, lanes, widened(h_load(source + at), bf16), scale, to + at);
            }
        for (int j = 0; j < at_once; j++)
            h_put(to + i + j * V_WIDTH, half[j], stream);
    }
}

ACT_ALWAYS_INLINE vreal value_alone(vreal x, vreal dy, const vreal *p) {
    (void)dy;
    return value(x, p);
}

static void forward_f16(const uint16_t *x, const uint16_t *dy, uint16_t *y, int64_t n, act__half_run *run) {
    (void)dy;
    over_halves(value_alone, FORWARD_AT_ONCE, 0, x, NULL, y, n, run);
}
static void forward_bf16(const uint16_t *x, const uint16_t *dy, uint16_t *y, int64_t n, act__half_run *run) {
    (void)dy;
    over_halves(value_alone, FORWARD_AT_ONCE, 1, x, NULL, y, n, run);
}

static void from_input_f16(const uint16_t *x, const uint16_t *dy, uint16_t *dx, int64_t n, act__half_run *run) {
    over_halves(from_input, BACKWARD_AT_ONCE, 0, x, dy, dx, n, run);
}
static void from_input_bf16(const uint16_t *x, const uint16_t *dy, uint16_t *dx, int64_t n, act__half_run *run) {
    over_halves(from_input, BACKWARD_AT_ONCE, 1, x, dy, dx, n, run);
}

#ifdef ACT_HAS_FROM_OUTPUT
static void from_output_f16(const uint16_t *y, const uint16_t *dy, uint16_t *dx, int64_t n, act__half_run *run) {
    over_halves(from_output, BACKWARD_AT_ONCE, 0, y, dy, dx, n, run);
}
static void from_output_bf16(const uint16_t *y, const uint16_t *dy, uint16_t *dx, int64_t n, act__half_run *run) {
    over_halves(from_output, BACKWARD_AT_ONCE, 1, y, dy, dx, n, run);
}
#endif
#endif
