/* See views.h. */
#include "views.h"

#include <float.h>
#include <math.h>

static char current_case[512];

static uint64_t mix(uint64_t z) { /* splitmix64 */
    z += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t number_from(const char *variable, uint64_t otherwise) {
    const char *text = getenv(variable);
    return text && *text ? strtoull(text, NULL, 0) : otherwise;
}

static uint64_t run_seed(void) { return number_from("ACT_TEST_SEED", 20261123); }

rng rng_for(uint64_t test, uint64_t number) { return (rng){mix(mix(mix(run_seed()) + test) + number)}; }

uint64_t rng_next(rng *r) {
    r->state += 0x9E3779B97F4A7C15u;
    return mix(r->state);
}

int64_t rng_below(rng *r, int64_t n) { return (int64_t)(rng_next(r) % (uint64_t)n); }

int rng_once_in(rng *r, int64_t n) { return rng_below(r, n) == 0; }

double rng_between(rng *r, double low, double high) {
    return low + (high - low) * ((double)(rng_next(r) >> 11) * 0x1p-53);
}

act_dtype rng_dtype(rng *r) { return rng_once_in(r, 2) ? ACT_FLOAT32 : ACT_FLOAT64; }

act_dtype rng_mixable(rng *r) {
    static const act_dtype dtypes[] = {ACT_FLOAT32, ACT_FLOAT16, ACT_BFLOAT16};
    return dtypes[rng_below(r, COUNT_OF(dtypes))];
}

double rng_any(rng *r, act_dtype dtype) {
    static const double special[] = {0.0,  -0.0, INFINITY, -INFINITY, NAN,   1.0,
                                     -1.0, 88.8, -88.8,    -104.0,    710.0, -746.0};
    static const double mosts[] = {0, FLT_MAX, DBL_MAX, 65504, 0x1.fep127};
    static const double leasts[] = {0, 0x1p-149, 0x1p-1074, 0x1p-24, 0x1p-133};
    const double most = mosts[dtype], least = leasts[dtype];
    const double sign = rng_once_in(r, 2) ? 1 : -1;
    switch (rng_below(r, 16)) {
    case 0:
        return special[rng_below(r, COUNT_OF(special))];
    case 1:
        return sign * least * (double)(1 + rng_below(r, 100000));
    case 2:
        return sign * most * rng_between(r, 0.1, 1);
    case 3:
        return sign * pow(2, rng_between(r, -100, 100));
    case 4:
        return rng_between(r, -120, 120);
    default:
        return rng_between(r, -5, 5);
    }
}

int64_t test_cases(int64_t full) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    const uint64_t otherwise = 10;
#else
    const uint64_t otherwise = 100;
#endif
    const int64_t cases = full * (int64_t)number_from("ACT_TEST_SCALE", otherwise) / 100;
    return cases > 0 ? cases : 1;
}

void test_case_is(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(current_case, sizeof current_case, format, arguments);
    va_end(arguments);
}

void test_failed(const char *file, int line, const char *format, ...) {
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    print_error("ACT_TEST_SEED=%llu, case: %s\n%s\n", (unsigned long long)run_seed(), current_case, message);
    _fail(file, line);
    abort();
}

size_t real_size(act_dtype dtype) {
    static const size_t sizes[] = {0, 4, 8, 2, 2};
    return sizes[dtype];
}

static const act__convert_kernels *plain(void) { return act__isa_at(ACT__PORTABLE)->convert[ACT__REAL64]; }

double real_get(const void *data, act_dtype dtype, int64_t i) {
    double value = 0;
    if (dtype == ACT_FLOAT64)
        return ((const double *)data)[i];
    plain()->widen[dtype]((const char *)data + (size_t)i * real_size(dtype), &value, 1);
    return value;
}

void real_set(void *data, act_dtype dtype, int64_t i, double value) {
    if (dtype == ACT_FLOAT64)
        ((double *)data)[i] = value;
    else
        plain()->narrow[dtype](&value, (char *)data + (size_t)i * real_size(dtype), 1, 0);
}

double real_round(double value, act_dtype dtype) {
    double room = 0;
    real_set(&room, dtype, 0, value);
    return real_get(&room, dtype, 0);
}

int same_real(const void *a, const void *b, act_dtype dtype, int64_t i) {
    const size_t size = real_size(dtype);
    if (memcmp((const char *)a + (size_t)i * size, (const char *)b + (size_t)i * size, size) == 0)
        return 1;
    return isnan(real_get(a, dtype, i)) && isnan(real_get(b, dtype, i));
}

void check_same(const void *got, const void *want, act_dtype dtype, int64_t n, const char *what) {
    for (int64_t i = 0; i < n; i++)
        CHECK(same_real(got, want, dtype, i), "%s: element %lld of %lld is %a, expected %a", what, (long long)i,
              (long long)n, real_get(got, dtype, i), real_get(want, dtype, i));
}

void *test_elements(act_dtype dtype, int64_t n) {
    void *memory = calloc((size_t)(n ? n : 1), real_size(dtype));
    assert_non_null(memory);
    return memory;
}

void fill_any(void *data, act_dtype dtype, int64_t n, rng *r) {
    for (int64_t i = 0; i < n; i++)
        real_set(data, dtype, i, rng_any(r, dtype));
}

void fill_between(void *data, act_dtype dtype, int64_t n, rng *r, double low, double high) {
    for (int64_t i = 0; i < n; i++)
        real_set(data, dtype, i, rng_between(r, low, high));
}

const act__isa *isa_number(int number) {
    for (int level = 0; level < ACT__ISA_LEVELS; level++) {
        const act__isa *isa = act__isa_at((act__isa_level)level);
        if (isa && number-- == 0)
            return isa;
    }
    return NULL;
}

int isa_count(void) {
    int count = 0;
    while (isa_number(count))
        count++;
    return count;
}

int32_t random_shape(rng *r, int64_t *shape, int64_t most) {
    static const int64_t extents[] = {1, 2, 3, 5, 17, 64, 300, 513, 1, 2, 3, 5, 8, 16, 31, 257};
    const int32_t rank = (int32_t)rng_below(r, VIEW_RANK + 1);
    int64_t count = 1;
    for (int32_t d = 0; d < rank; d++) {
        shape[d] = rng_once_in(r, 60) ? 0 : extents[rng_below(r, COUNT_OF(extents))];
        if (shape[d] * count > most)
            shape[d] = 1 + rng_below(r, most / count < 4 ? most / count : 4);
        count *= shape[d] ? shape[d] : 1;
    }
    return rank;
}

static void shuffle(rng *r, int32_t *order, int32_t n) {
    for (int32_t i = n - 1; i > 0; i--) {
        const int32_t j = (int32_t)rng_below(r, i + 1), swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
}

/* Lays one dimension over memory in which the inner ones take `stride` elements; returns what it takes. */
static int64_t lay_dimension(view *v, rng *r, int32_t d, int64_t stride, int how) {
    const int64_t extent = v->shape[d] ? v->shape[d] : 1;
    const int room = !(how & VIEW_DENSE) && stride * extent < 100000;
    const int64_t step = room && rng_once_in(r, 4) ? 2 + rng_below(r, 2) : 1;
    const int64_t before = room && rng_once_in(r, 4) ? rng_below(r, 3) : 0;
    const int64_t after = room && rng_once_in(r, 4) ? rng_below(r, 3) : 0;
    v->first += before * stride;
    v->strides[d] = stride * step;
    if (!(how & VIEW_DENSE) && rng_once_in(r, 6)) {
        v->first += (extent - 1) * stride * step;
        v->strides[d] = -stride * step;
    }
    if (how & VIEW_INPUT && rng_once_in(r, 8))
        v->strides[d] = 0; /* any one of them, over and over */
    return stride * (before + after + 1 + (extent - 1) * step);
}

static int row_major(const view *v) {
    int64_t stride = 1;
    for (int32_t d = v->rank - 1; d >= 0; d--) {
        if (v->strides[d] != stride)
            return 0;
        stride *= v->shape[d];
    }
    return 1;
}

void view_make(view *v, rng *r, act_dtype dtype, int32_t rank, const int64_t *shape, int how) {
    int32_t order[VIEW_RANK];
    *v = (view){.dtype = dtype, .rank = rank, .count = 1};
    for (int32_t d = 0; d < rank; d++) {
        order[d] = rank - 1 - d;
        v->shape[d] = shape[d];
        v->count *= shape[d];
    }
    if (!(how & VIEW_DENSE) && rng_once_in(r, 2))
        shuffle(r, order, rank);
    int64_t stride = 1;
    for (int32_t i = 0; i < rank; i++)
        stride = lay_dimension(v, r, order[i], stride, how);
    const int64_t lead = 1 + rng_below(r, 17);
    v->first += lead;
    v->elements = lead + stride + 1 + rng_below(r, 5);
    v->memory = test_elements(dtype, v->elements);
    v->before = test_elements(dtype, v->elements);
    fill_any(v->memory, dtype, v->elements, r);
    const int64_t shift = rng_below(r, v->first + 1); /* what goes to byte_offset */
    char *data = v->memory + (size_t)(v->first - shift) * real_size(dtype);
    const int64_t *strides = row_major(v) && rng_once_in(r, 2) ? NULL : v->strides;
    assert_ok(act_tensor_init(&v->tensor, data, dtype, rank, v->shape, strides));
    v->tensor.byte_offset = (uint64_t)shift * real_size(dtype);
}

void view_free(view *v) {
    free(v->memory);
    free(v->before);
    *v = (view){0};
}

typedef void element_function(char *element, char *other, size_t size);

static void take(char *element, char *other, size_t size) { memcpy(other, element, size); }
static void give(char *element, char *other, size_t size) { memcpy(element, other, size); }

/* Calls the function for each element in logical order, with the one that lies at its place in `others`. */
static void each_element(const view *v, char *memory, char *others, int same_place, element_function *function) {
    const size_t size = real_size(v->dtype);
    int64_t index[VIEW_RANK] = {0}, at = v->first;
    for (int64_t i = 0; i < v->count; i++) {
        function(memory + (size_t)at * size, others + (size_t)(same_place ? at : i) * size, size);
        for (int32_t d = v->rank - 1; d >= 0; d--) {
            at += v->strides[d];
            if (++index[d] < v->shape[d])
                break;
            at -= v->strides[d] * v->shape[d];
            index[d] = 0;
        }
    }
}

void view_get(const view *v, void *contiguous) { each_element(v, v->memory, contiguous, 0, take); }

void view_put(view *v, const void *contiguous) { each_element(v, v->memory, (char *)(uintptr_t)contiguous, 0, give); }

void view_remember(view *v) { memcpy(v->before, v->memory, (size_t)v->elements * real_size(v->dtype)); }

void view_check_unchanged(const view *v, const char *what) {
    CHECK(memcmp(v->before, v->memory, (size_t)v->elements * real_size(v->dtype)) == 0, "%s: memory was written",
          what);
}

void view_check_gaps(view *v, const char *what) {
    each_element(v, v->before, v->memory, 1, give); /* what the elements are now is no difference */
    view_check_unchanged(v, what);
}
