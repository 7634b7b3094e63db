/* Kernels with a slope an element: values, sums that may be split anywhere, slopes drawn. Part of isa_hash. */
#include "isa_hash.h"

#include <math.h>
#include <string.h>

static uint64_t hash_slope_sums(const act__slope_kernels *k, int finite) {
    uint64_t hash = 0;
    static values a, b;
    a.is_double = b.is_double = x.is_double;
    a.count = b.count = 0;
    for (int64_t i = 0; i < elements - 37; i++) {
        const double ai = get(&x, i), bi = get(&dy, i + 37);
        const int plain = fabs(ai) < 1e15 && fabs(bi) < 1e15;
        if (finite && !plain)
            continue;
        append(&a, ai);
        append(&b, bi);
    }
    static const int64_t periods[] = {1, 3, ACT__SUM_LANES, 64, SHORT};
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        const int64_t period = periods[i], lane = 5 % period;
        double sum[2][SHORT + 1] = {{0}}, error[2][SHORT + 1] = {{0}};
        k->sum_products(sum[0], error[0], period, lane, at(&a, 0), at(&b, 0), a.count);
        for (int64_t done = 0, n = 1; done < a.count; done += n, n = n % SHORT + 1) {
            n = n < a.count - done ? n : a.count - done;
            k->sum_products(sum[1], error[1], period, (lane + done) % period, at(&a, done), at(&b, done), n);
        }
        const uint64_t whole = hash_doubles(hash_doubles(0, sum[0], SHORT + 1), error[0], SHORT + 1);
        if (hash_doubles(hash_doubles(0, sum[1], SHORT + 1), error[1], SHORT + 1) != whole)
            fail("sum_products depends on how it is split", "slopes", "", period);
        for (int64_t j = period; j <= SHORT; j++)
            if (sum[0][j] != 0 || error[0][j] != 0)
                fail("sum_products wrote outside", "slopes", "", period);
        hash = mix(hash, whole);
    }
    return hash;
}

static uint64_t hash_sum_terms(const act__slope_kernels *k) {
    double sum[ACT__SUM_LANES] = {0}, error[ACT__SUM_LANES] = {0};
    uint64_t hash = 0;
    for (int64_t first = 0, n = 1; first + n < elements; first += n, n = n % SHORT + 1) {
        k->sum_terms(sum, error, &dy.d[first], n);
        hash = hash_doubles(hash_doubles(hash, sum, ACT__SUM_LANES), error, ACT__SUM_LANES);
    }
    return hash;
}

static uint64_t hash_draw(const act__slope_kernels *k, int is_double) {
    static const act__draw draws[] = {{0, 0, 0.125, 1.0 / 3 - 0.125, 1.0 / 3},
                                      {0x123456789abcdef0u, 7, -1, 3, 2},
                                      {~(uint64_t)0, ~(uint64_t)0, 0.25, 0, 0.25}};
    static const uint64_t indices[] = {0, 1, 3, 1000003, 0xfffffff0u, 0xffffffffffff0000u};
    uint64_t hash = 0;
    out.is_double = again.is_double = is_double;
    for (size_t d = 0; d < sizeof draws / sizeof *draws; d++)
        for (size_t i = 0; i < sizeof indices / sizeof *indices; i++) {
            k->draw(&draws[d], indices[i], at(&out, 0), 4 * SHORT);
            hash = hash_values(hash, &out, 0, 4 * SHORT);
            for (int64_t n = 1; n <= SHORT; n += thin) {
                const int64_t skip = n * 7 % 11;
                memset(at(&again, 0), 0xa5, (SHORT + 1) * width(&again));
                k->draw(&draws[d], indices[i] + (uint64_t)skip, at(&again, 0), n);
                if (hash_values(0, &again, 0, n) != hash_values(0, &out, skip, n))
                    fail("draw depends on the length", "slopes", "", n);
                memset(at(&again, 0), 0xa5, width(&again));
                if (memcmp(at(&again, 0), at(&again, n), width(&again)) != 0)
                    fail("draw wrote outside", "slopes", "", n);
            }
        }
    return hash;
}

static uint64_t hash_slope_maps(const act__slope_kernels *k, int backward) {
    uint64_t hash = 0;
    out.is_double = x.is_double;
    for (int64_t n = elements - 1000; n > 0; n = n > SHORT ? SHORT : n - 1) {
        const int64_t first = n > SHORT ? 0 : n * 61 % 997;
        if (backward)
            k->backward(at(&x, first), at(&dy, first + 1), at(&dy, first + 977), at(&out, 0), n);
        else
            k->forward(at(&x, first), at(&dy, first + 1), at(&out, 0), n);
        hash = hash_values(hash, &out, 0, n);
    }
    return hash;
}

static uint64_t hash_recovered(const act__slope_kernels *k) {
    uint64_t hash = 0;
    out.is_double = x.is_double;
    for (int64_t n = SHORT; n > 0; n--) {
        const int64_t first = n * 61 % 997;
        k->recover(&x.d[first], &dy.d[first + 1], (int)(n % 2), out.d, n);
        hash = hash_values(hash, &out, 0, n);
    }
    return hash;
}

static uint64_t hash_backward_sums(const act__slope_kernels *k) {
    uint64_t hash = 0;
    out.is_double = x.is_double;
    for (int64_t n = elements - 1000; n > 0; n = n > SHORT ? SHORT : n - 1) {
        const int64_t first = n > SHORT ? 0 : n * 61 % 997;
        double sums[2][2 * ACT__SUM_LANES] = {{0}};
        const void *source = at(&x, first), *gradient = at(&dy, first + 1);
        k->backward_sums(sums[0], sums[0] + ACT__SUM_LANES, source, gradient, at(&out, 0), at(&dy, n), n);
        k->sum_products(sums[1], sums[1] + ACT__SUM_LANES, ACT__SUM_LANES, 0, source, gradient, n);
        const uint64_t both = hash_doubles(0, sums[0], 2 * ACT__SUM_LANES);
        if (hash_doubles(0, sums[1], 2 * ACT__SUM_LANES) != both)
            fail("sums depend on whether dx is wanted", "slopes", "", n);
        hash = mix(hash_values(hash, &out, 0, n), both);
    }
    return hash;
}

void hash_slopes(const act__isa *isa, int is_double) {
    const char *name = isa->name, *type = is_double ? "f64" : "f32";
    const act__slope_kernels *slope = isa->slopes[is_double];
    print("slopes", "forward", type, name, hash_slope_maps(slope, 0));
    print("slopes", "backward", type, name, hash_slope_maps(slope, 1));
    print("slopes", "sum", type, name, hash_slope_sums(slope, 1));
    print("slopes", "sum_nonfinite", type, name, hash_slope_sums(slope, 0));
    print("slopes", "backward_sums", type, name, hash_backward_sums(slope));
    if (is_double) {
        print("slopes", "recover", type, name, hash_recovered(slope));
        print("slopes", "sum_terms", type, name, hash_sum_terms(slope));
    }
    print("slopes", "draw", type, name, hash_draw(slope, is_double));
}
