/* See inputs.h. */
#include "inputs.h"

#include "activations/activations.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Normal numbers are drawn once and repeated; a prime, so that no copy lies as its predecessor did. */
enum { PERIOD = 1000003, STREAMS = 2 };

static uint16_t to_float16(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint32_t sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
    if (magnitude < 0x38800000) /* below the least normal number; our inputs may be cut to zero there */
        return (uint16_t)sign;
    return (uint16_t)(sign | ((magnitude - 0x38000000 + 0xfff + (magnitude >> 13 & 1)) >> 13));
}

static uint16_t to_bfloat16(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static void store(void *to, int64_t index, int32_t dtype, double value) {
    if (dtype == ACT_FLOAT64)
        ((double *)to)[index] = value;
    else if (dtype == ACT_FLOAT32)
        ((float *)to)[index] = (float)value;
    else
        ((uint16_t *)to)[index] = dtype == ACT_FLOAT16 ? to_float16((float)value) : to_bfloat16((float)value);
}

static double from_float16(uint16_t half) {
    const int exponent = half >> 10 & 31, fraction = half & 1023;
    const double magnitude = exponent == 0    ? ldexp(fraction, -24)
                             : exponent == 31 ? (fraction ? NAN : INFINITY)
                                              : ldexp(1024 + fraction, exponent - 25);
    return half & 0x8000 ? -magnitude : magnitude;
}

static double from_bfloat16(uint16_t half) {
    const uint32_t bits = (uint32_t)half << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

double inputs_value(const void *from, int64_t index, int32_t dtype) {
    switch (dtype) {
    case ACT_FLOAT64:
        return ((const double *)from)[index];
    case ACT_FLOAT32:
        return ((const float *)from)[index];
    case ACT_FLOAT16:
        return from_float16(((const uint16_t *)from)[index]);
    default:
        return from_bfloat16(((const uint16_t *)from)[index]);
    }
}

static double uniform(uint64_t *state) { /* splitmix64 */
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static void draw(void *to, int32_t dtype, uint64_t stream) {
    uint64_t state = stream + 1;
    for (int64_t i = 0; i < PERIOD; i++) {
        const double radius = sqrt(-2 * log(1 - uniform(&state))),
                     value = 2 * radius * cos(2 * 3.141592653589793 * uniform(&state));
        store(to, i, dtype, value > 6 ? 6 : value < -6 ? -6 : value);
    }
}

bool inputs_normal(void *to, int64_t n, int32_t dtype, uint64_t stream) {
    static void *drawn[5][STREAMS];
    void **period = &drawn[dtype][stream];
    const size_t size = cell_dtype_size(dtype);
    if (!*period) {
        *period = malloc(PERIOD * size);
        if (!*period)
            return false;
        draw(*period, dtype, stream);
    }
    for (int64_t done = 0; done < n; done += PERIOD)
        memcpy((char *)to + (size_t)done * size, *period, (size_t)(n - done < PERIOD ? n - done : PERIOD) * size);
    return true;
}

bool inputs_fill(const arena *a, const cell *c) {
    char *parameters = arena_at(a, SLOT_PARAMETERS);
    const cell_maxout *m = &c->maxout;
    const int64_t weights = m->pieces * m->out * m->in;
    bool ok = inputs_normal(arena_at(a, SLOT_X), cell_view_extent(&c->x), c->dtype, 0) &&
              inputs_normal(arena_at(a, SLOT_DY), cell_view_extent(&c->dy), c->dtype, 1);
    for (int64_t i = 0; i < c->slopes; i++)
        store(parameters, i, c->dtype, 0.25 + 0.001 * (double)i);
    if (weights) { /* the bias behind the weights stays zero */
        ok = ok && inputs_normal(parameters, weights, c->dtype, 1);
        memset(parameters + (size_t)weights * cell_dtype_size(c->dtype), 0,
               (size_t)(m->pieces * m->out) * cell_dtype_size(c->dtype));
    }
    if (c->in_place) {
        const slot where = c->direction == FORWARD ? SLOT_X : SLOT_DY;
        memcpy(arena_at(a, SLOT_SAVED), arena_at(a, where), (size_t)c->elements * cell_dtype_size(c->dtype));
    }
    return ok;
}

double inputs_disagreement(const void *a, const void *b, int64_t n, int32_t dtype, tolerance t) {
    double worst = 0;
    for (int64_t i = 0; i < n; i++) {
        const double p = inputs_value(a, i, dtype), q = inputs_value(b, i, dtype);
        const double ratio = fabs(p - q) / (t.absolute + t.relative * fabs(q));
        if (!(ratio <= worst) && p != q && !(isnan(p) && isnan(q)))
            worst = isnan(ratio) ? INFINITY : ratio;
    }
    return worst;
}
