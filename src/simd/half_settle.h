/*
 * Vectors of 16-bit elements loaded, float32 results rounded to them, and lanes in doubt noted for types/mixed.c.
 * Included by halves.h and types/lookup_kernels.c; not for portable code, which has no vector to keep them in.
 */
#ifndef ACT_SIMD_HALF_SETTLE_H
#define ACT_SIMD_HALF_SETTLE_H

#include "kernels.h"
#include "simd/half_doubt.h"

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

ACT_ALWAYS_INLINE int may_stream_halves(const uint16_t *to, const act__half_run *run) {
    return run->stream && (uintptr_t)to % sizeof(vhalf) == 0;
}

#endif
