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

/* Two vectors of bfloat16 come and go together, their lanes in an order of their own. */
ACT_ALWAYS_INLINE void load_halves(vreal *a, const uint16_t *from, int count, int bf16) {
    if (bf16 && count == 2)
        h_load_two_bf16(a, from);
    else
        for (int j = 0; j < count; j++)
            a[j] = widened(h_load(from + j * V_WIDTH), bf16);
}

/* A vector as it is to be put. */
typedef struct rounded {
    vhalf half;  /* float16 */
    vreal upper; /* bfloat16, in the upper halves */
} rounded;

ACT_ALWAYS_INLINE void put_halves(uint16_t *to, const rounded *r, int count, int bf16, int stream) {
    if (bf16 && count == 2)
        h_put_two_bf16(to, r[0].upper, r[1].upper, stream);
    else
        for (int j = 0; j < count; j++)
            h_put(to + j * V_WIDTH, bf16 ? h_cut_bf16(r[j].upper) : r[j].half, stream);
}

ACT_ALWAYS_INLINE uint64_t not_finite(vreal a) { return v_bits(v_le(v_abs(a), v_set(V_MOST))) ^ ALL_LANES; }

/* Rounds a vector whose results are a few units off; returns the lanes near to the middle of two halves. */
ACT_ALWAYS_INLINE uint64_t near_middle(vreal result, int bf16, int32_t units, rounded *r) {
    if (!bf16)
        return narrowed_or_near_f16(result, units, &r->half);
    r->upper = h_away_bf16(result);
    return near_bf16(result, units);
}

/* Rounds one vector; returns the lanes that may be in doubt. */
ACT_ALWAYS_INLINE uint64_t settle(vreal result, vreal dy, int bf16, int gradient, act__doubt doubt, rounded *r) {
    if (doubt >= ACT__DOUBT_MIDDLE) {
        const uint64_t near = near_middle(result, bf16, gradient ? GRADIENT_UNITS : VALUE_UNITS, r);
        return gradient && doubt == ACT__DOUBT_RANGE ? near | maybe_out_of_range(result, dy, !bf16) : near;
    }
    if (bf16)
        r->upper = doubt == ACT__SURE_HALF ? result : h_nearest_bf16(result);
    else
        r->half = h_narrow_f16(result);
    return doubt == ACT__SURE_IF_FINITE ? not_finite(result) : 0;
}

/* Of lanes that may be in doubt, those that are. */
ACT_ALWAYS_INLINE uint64_t in_doubt(vreal result, vreal dy, int bf16, int gradient, act__doubt doubt,
                                    uint64_t maybe) {
    rounded r;
    if (!gradient || doubt != ACT__DOUBT_RANGE)
        return maybe;
    return near_middle(result, bf16, GRADIENT_UNITS, &r) | out_of_range(result, dy, !bf16);
}

ACT_ALWAYS_INLINE void note(act__half_run *run, uint64_t lanes, vreal source, vreal dy, uint16_t *to) {
    act__doubtful *d = &run->doubtful[run->count++];
    v_store(d->source, source);
    v_store(d->dy, dy);
    d->to = to;
    d->lanes = lanes;
}

/* Notes what of some vectors is in doubt. Reads the inputs again: kept, they would fill the registers. */
ACT_ALWAYS_INLINE void note_all(const vreal *result, const uint64_t *maybe, int count, int bf16, int gradient,
                                act__doubt doubt, const uint16_t *source, const uint16_t *dy, uint16_t *to,
                                act__half_run *run) {
    vreal scale[HALVES_AT_ONCE];
    uint64_t lanes[HALVES_AT_ONCE];
    if (gradient)
        load_halves(scale, dy, count, bf16);
    for (int j = 0; j < count; j++)
        lanes[j] = in_doubt(result[j], gradient ? scale[j] : v_set(0), bf16, gradient, doubt, maybe[j]);
    if (bf16 && count == 2)
        h_lanes_of_two_bf16(lanes);
    for (int j = 0; j < count; j++) {
        const int at = j * V_WIDTH;
        if (lanes[j])
            note(run, lanes[j], widened(h_load(source + at), bf16),
                 gradient ? widened(h_load(dy + at), bf16) : v_set(0), to + at);
    }
}

/* gradient: whether there is a dy. doubt: run's, but a constant where loops of their own are worth it. */
ACT_ALWAYS_INLINE void over_halves(gradient_function *f, int most, int bf16, int gradient, act__doubt doubt,
                                   const uint16_t *source, const uint16_t *dy, uint16_t *to, int64_t n,
                                   act__half_run *run) {
    const act_params p = load_params(run->params);
    const int stream = run->stream && (uintptr_t)to % sizeof(vhalf) == 0;
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
