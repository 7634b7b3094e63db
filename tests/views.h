/*
 * What the property tests share: a seeded generator, random strided views with canaries around and between their
 * elements, and comparison of bits. ACT_TEST_SEED repeats a run; ACT_TEST_SCALE is the percentage of the cases to run
 * (100 unless said, 10 under a sanitizer).
 */
#ifndef ACT_TEST_VIEWS_H
#define ACT_TEST_VIEWS_H

#include "dispatch.h"
#include "support.h"

typedef struct rng {
    uint64_t state;
} rng;

/* A generator for one case of a test: the same for the same seed of the run. */
rng rng_for(uint64_t test, uint64_t number);
uint64_t rng_next(rng *r);
int64_t rng_below(rng *r, int64_t n);
int rng_once_in(rng *r, int64_t n);
double rng_between(rng *r, double low, double high);

/* Any kind of number: ordinary ones of many sizes, kinks, infinities, NaN, subnormal and huge ones. */
double rng_any(rng *r, act_dtype dtype);

int64_t test_cases(int64_t full);

/* Prints seed, case and message, and fails the test. */
_Noreturn void test_failed(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
void test_case_is(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define CHECK(condition, ...) ((condition) ? (void)0 : test_failed(__FILE__, __LINE__, __VA_ARGS__))

/* Elements of any type as double. */
size_t real_size(act_dtype dtype);
double real_get(const void *data, act_dtype dtype, int64_t i);
void real_set(void *data, act_dtype dtype, int64_t i, double value);
double real_round(double value, act_dtype dtype);
act_dtype rng_dtype(rng *r);   /* float32 or float64 */
act_dtype rng_mixable(rng *r); /* float32, float16 or bfloat16 */

/* Equal bits, or both NaN: the sign and payload of a NaN are not specified. */
int same_real(const void *a, const void *b, act_dtype dtype, int64_t i);
void check_same(const void *got, const void *want, act_dtype dtype, int64_t n, const char *what);

/* Memory for n elements; an address that may be used even where n is 0. */
void *test_elements(act_dtype dtype, int64_t n);
void fill_any(void *data, act_dtype dtype, int64_t n, rng *r);
void fill_between(void *data, act_dtype dtype, int64_t n, rng *r, double low, double high);

/* The instruction sets of this machine. */
int isa_count(void);
const act__isa *isa_number(int number);

enum { VIEW_RANK = 6 };
enum { VIEW_OUTPUT = 0, VIEW_INPUT = 1, VIEW_DENSE = 2 }; /* inputs may broadcast */

typedef struct view {
    act_tensor tensor;
    int64_t shape[VIEW_RANK], strides[VIEW_RANK];
    act_dtype dtype;
    int32_t rank;
    int64_t count, first, elements; /* logical ones; where the first lies in memory; all in memory */
    char *memory, *before;
} view;

/* A random rank and extents with at most so many elements. */
int32_t random_shape(rng *r, int64_t *shape, int64_t most);

/* Memory full of any numbers, and a way of laying the shape over it. */
void view_make(view *v, rng *r, act_dtype dtype, int32_t rank, const int64_t *shape, int how);
void view_free(view *v);

/* All elements in logical order, to and from contiguous memory. */
void view_get(const view *v, void *contiguous);
void view_put(view *v, const void *contiguous);

/* Remembers the memory; then: not a byte has changed, or none but those of the elements. */
void view_remember(view *v);
void view_check_unchanged(const view *v, const char *what);
void view_check_gaps(view *v, const char *what);

#endif
