/* Runs of bits at any position against one bit at a time. */
#include "bits.h"

#include "views.h"

enum { LONGEST = 600, BYTES = LONGEST / 8 + 16 };

static void random_bytes(uint8_t *bytes, rng *r) {
    for (int i = 0; i < BYTES; i++)
        bytes[i] = (uint8_t)rng_next(r);
}

static int bit(const uint8_t *bits, int64_t i) { return bits[i / 8] >> (i % 8) & 1; }

static void put_leaves_all_other_bits(void **state) {
    (void)state;
    rng r = rng_for(1, 0);
    for (int64_t n = 0; n <= LONGEST; n++) {
        for (int64_t position = 0; position < 24; position++) {
            uint8_t to[BYTES], from[BYTES], before[BYTES];
            random_bytes(to, &r);
            random_bytes(from, &r);
            memcpy(before, to, sizeof to);
            act__bits_put(to, position, from, n);
            for (int64_t i = 0; i < 8 * BYTES; i++) {
                const int inside = i >= position && i < position + n;
                CHECK(bit(to, i) == (inside ? bit(from, i - position) : bit(before, i)), "n %d position %d bit %d",
                      (int)n, (int)position, (int)i);
            }
        }
    }
}

static void take_gives_the_bits_and_no_byte_more(void **state) {
    (void)state;
    rng r = rng_for(2, 0);
    for (int64_t n = 0; n <= LONGEST; n++) {
        for (int64_t position = 0; position < 24; position++) {
            uint8_t to[BYTES], from[BYTES], before[BYTES];
            random_bytes(to, &r);
            random_bytes(from, &r);
            memcpy(before, to, sizeof to);
            act__bits_take(to, from, position, n);
            for (int64_t i = 0; i < n; i++)
                CHECK(bit(to, i) == bit(from, position + i), "n %d position %d bit %d", (int)n, (int)position,
                      (int)i);
            const size_t used = act__bits_bytes(n);
            assert_memory_equal(to + used, before + used, BYTES - used);
        }
    }
}

/* Both touch no byte that holds none of their bits: heap blocks of the exact size, for the address sanitizer. */
static void neither_reads_beyond_the_last_bit(void **state) {
    (void)state;
    for (int64_t n = 1; n <= 130; n++) {
        for (int64_t position = 0; position < 9; position++) {
            const size_t far = act__bits_bytes(position + n), near = act__bits_bytes(n);
            uint8_t *a = calloc(far, 1), *b = malloc(near);
            memset(b, 0xff, near);
            act__bits_put(a, position, b, n);
            memset(b, 0, near);
            act__bits_take(b, a, position, n);
            for (int64_t i = 0; i < n; i++)
                assert_int_equal(act__bits_get(b, i), 1);
            free(a);
            free(b);
        }
    }
}

static void single_bits(void **state) {
    (void)state;
    uint8_t bits[BYTES] = {0};
    for (int64_t i = 0; i < 8 * BYTES; i += 3)
        act__bits_set(bits, i);
    for (int64_t i = 0; i < 8 * BYTES; i++)
        assert_int_equal(act__bits_get(bits, i), i % 3 == 0);
    for (int64_t n = 0; n < 100; n++)
        assert_int_equal(act__bits_bytes(n), (n + 7) / 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(put_leaves_all_other_bits),
        cmocka_unit_test(take_gives_the_bits_and_no_byte_more),
        cmocka_unit_test(neither_reads_beyond_the_last_bit),
        cmocka_unit_test(single_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
