/* Kernels of CReLU and Maxout, conversions between types, and copies of every second element. Part of isa_hash. */
#include "isa_hash.h"

#include <string.h>

static uint64_t hash_crelu(const act__crelu_kernels *k, int backward) {
    uint64_t hash = 0;
    static values below;
    below.is_double = out.is_double = again.is_double = x.is_double;
    for (int64_t n = elements - 1000; n > 0; n = n > SHORT ? SHORT : n - 1) {
        const int64_t first = n > SHORT ? 0 : n * 61 % 997;
        k->forward(at(&x, first), at(&out, 0), at(&below, 0), n);
        hash = hash_values(hash_values(hash, &out, 0, n), &below, 0, n);
        if (!backward)
            continue;
        k->backward_output(at(&out, 0), at(&below, 0), at(&dy, first + 1), at(&dy, first + 977), at(&again, 0), n);
        k->backward_input(at(&x, first), at(&dy, first + 1), at(&dy, first + 977), at(&out, 0), n);
        hash = hash_values(hash, &out, 0, n);
        if (hash_values(0, &out, 0, n) != hash_values(0, &again, 0, n))
            fail("backward depends on its source", "crelu", "", n);
    }
    return hash;
}

static uint64_t hash_maxout(const act__maxout_kernels *k, int scatter) {
    static uint8_t winners[SHORT + 1];
    uint64_t hash = 0;
    out.is_double = again.is_double = x.is_double;
    for (int64_t n = 1; n <= SHORT; n++)
        for (int64_t pieces = 1; pieces <= (n == SHORT ? 256 : 5); pieces += pieces < 5 ? 1 : 251) {
            memset(winners, 0xa5, sizeof winners);
            const int64_t first = n * 61 % 997;
            for (int bias = 0; bias < 2; bias++) {
                k->reduce(at(&x, first), bias ? at(&dy, first + 37) : NULL, at(&out, 0), winners, n, pieces);
                k->reduce(at(&x, first), bias ? at(&dy, first + 37) : NULL, at(&again, 0), NULL, n, pieces);
                if (hash_values(0, &out, 0, n) != hash_values(0, &again, 0, n))
                    fail("reduce depends on whether winners are kept", "maxout", "", n);
                if (winners[n] != 0xa5)
                    fail("reduce wrote outside", "maxout", "", n);
                if (!scatter)
                    hash = hash_bytes(hash_values(hash, &out, 0, n), winners, n);
            }
            if (scatter) {
                k->scatter(at(&dy, first), winners, at(&out, 0), n, pieces);
                hash = hash_values(hash, &out, 0, n * pieces);
            }
        }
    return hash;
}

static uint64_t hash_convert(const act__convert_kernels *k, int type) {
    static uint16_t halves[CAPACITY], doubtful[CAPACITY];
    uint64_t hash = 0;
    out.is_double = x.is_double;
    for (int64_t i = 0; i < elements; i++)
        halves[i] = (uint16_t)(i * 13);
    k->widen[type](halves, at(&out, 0), elements);
    hash = hash_values(hash, &out, 0, elements);
    for (int64_t n = elements - 1000; n > 0; n = n > SHORT ? SHORT : n - 1) {
        k->narrow[type](at(&x, n % 997), halves, n, 0);
        hash = hash_halves(hash, halves, n, type);
        for (int gradient = 0; gradient < 2 && k->narrow_sure[type]; gradient++) {
            const float *scale = gradient ? at(&dy, 37) : NULL;
            const int64_t count = k->narrow_sure[type](at(&x, n % 997), scale, halves, n, 0, doubtful);
            hash = hash_indices(hash_halves(hash, halves, n, type), doubtful, count);
        }
    }
    return hash;
}

static uint64_t hash_signs(const act__convert_kernels *k, int type) {
    static uint16_t halves[1 << 16];
    static uint8_t marks[sizeof halves / 8];
    uint64_t hash = 0;
    for (uint32_t i = 0; i < 1 << 16; i++)
        halves[i] = (uint16_t)(i * 40503u);
    for (int64_t n = 65000; n >= 0; n = n > SHORT ? SHORT : n - 1) {
        memset(marks, 0xa5, (size_t)SHORT);
        hash = mix(hash, (uint64_t)k->to_bits[type](halves + n % 499, marks, n));
        hash = hash_bytes(hash, marks, n > SHORT ? n / 8 : SHORT);
    }
    memset(halves, 0xa5, sizeof halves);
    for (int64_t n = SHORT; n >= 0; n--) {
        k->from_bits(marks, halves, n);
        hash = hash_indices(hash, halves, SHORT + 1);
    }
    return hash;
}

static uint64_t hash_seconds(const act__stage_kernels *k) {
    uint64_t hash = 0;
    for (int32_t i = 0; i < ACT__STAGE_SIZES; i++)
        for (int64_t n = 0; n <= SHORT; n++) {
            const int64_t size = 2 << i;
            memset(out.f, 0xa5, 3 * SHORT * sizeof(double));
            k->take_seconds[i]((char *)out.f + size, (const char *)x.f + n % GUARD * size, n);
            hash = hash_bytes(hash, (const uint8_t *)out.f, (n + 2) * size);
        }
    return hash;
}

void hash_rows(const act__isa *isa, int is_double) {
    const char *name = isa->name, *type = is_double ? "f64" : "f32";
    const act__convert_kernels *convert = isa->convert[is_double];
    print("convert", "float16", type, name, hash_convert(convert, ACT__AS_FLOAT16));
    print("convert", "bfloat16", type, name, hash_convert(convert, ACT__AS_BFLOAT16));
    for (int half = ACT__AS_FLOAT16; half <= ACT__AS_BFLOAT16 && convert->from_bits; half++)
        print("signs", half == ACT__AS_FLOAT16 ? "float16" : "bfloat16", type, name, hash_signs(convert, half));
    print("crelu", "forward", type, name, hash_crelu(isa->crelu[is_double], 0));
    print("crelu", "backward", type, name, hash_crelu(isa->crelu[is_double], 1));
    print("maxout", "reduce", type, name, hash_maxout(isa->maxout[is_double], 0));
    print("maxout", "scatter", type, name, hash_maxout(isa->maxout[is_double], 1));
    if (!is_double)
        print("stage", "seconds", type, name, hash_seconds(isa->stage));
}
