/* The parts of the sweep: errors of blocks against the oracle's, checkpoints that are stopped, the table it writes.
 */
#include "support.h"

#include <math.h>
#include <unistd.h>

#include "accuracy/block_error.h"
#include "accuracy/checkpoint.h"
#include "accuracy/table.h"
#include "reference/oracle.h"
#include "reference/ulp.h"

static const double exact[] = {0,          -0.0,   1,       1 - 0x1p-30, -3.7,   0x1p-149, 0x1.8p-150, -0x1p-151,
                               0x1.3p-140, 3.4e38, 0x1p128, -1e300,      1e-300, INFINITY, -INFINITY,  NAN};

/* oracle_error(), and infinite for another sign. */
static double wanted_error(double value, float got) {
    mpfr_t m;
    mpfr_init2(m, 160);
    mpfr_set_d(m, value, MPFR_RNDN);
    const double error = oracle_error(m, (double)got, ORACLE_FLOAT);
    mpfr_clear(m);
    return !isnan(value) && !isnan(got) && !signbit(value) != !signbit(got) ? (double)INFINITY : error;
}

static void errors_are_those_of_the_oracle(void **state) {
    (void)state;
    enum { COUNT = COUNT_OF(exact) };
    for (size_t shift = 0; shift < COUNT; shift++)
        for (int steps = -3; steps <= 3; steps++)
            for (size_t i = 0; i < COUNT; i++) {
                float got = (float)exact[(i + (steps == 3 ? shift : 0)) % COUNT];
                for (int k = 0; k < abs(steps) % 3; k++)
                    got = nextafterf(got, steps < 0 ? -INFINITY : INFINITY);
                const double error = ulp_error(exact[i], got), wanted = wanted_error(exact[i], got);
                if (error != wanted)
                    fail_msg("%a for %a: %g, not %g", (double)got, exact[i], error, wanted);
                if (block_error_portable(&exact[i], &got, 1) != wanted)
                    fail_msg("%a for %a as a block", (double)got, exact[i]);
            }
}

static void a_block_has_its_largest_error(void **state) {
    (void)state;
    enum { COUNT = 150 };
    double values[COUNT];
    float got[COUNT];
    for (int i = 0; i < COUNT; i++) {
        values[i] = got[i] = (float)(i + 1);
        values[i] += i == 77 ? 0x1p-19 : 0; /* of 78, whose unit is 2^-17 */
    }
    assert_true(block_error_portable(values, got, COUNT) == 0.25);
    assert_true(block_error_portable(values, got, 77) == 0);
}

static char path[] = "/tmp/act_sweep_XXXXXX";

static void append(const char *text) {
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void a_stopped_sweep_goes_on(void **state) {
    (void)state;
    checkpoint c;
    assert_true(checkpoint_open(&c, path, 7));
    checkpoint_add(&c, 3, (worst_case){0.5, 17});
    checkpoint_add(&c, 200, (worst_case){0.25, 18});
    checkpoint_close(&c);
    append("4 0x1p+"); /* killed while it wrote */
    assert_true(checkpoint_open(&c, path, 7));
    assert_int_equal(c.chunks_done, 2);
    assert_true(c.done[3] && c.done[200] && !c.done[4]);
    assert_true(c.worst.error == 0.5 && c.worst.x == 17);
    checkpoint_add(&c, 5, (worst_case){INFINITY, 19});
    checkpoint_close(&c);
    assert_true(checkpoint_open(&c, path, 7));
    assert_true(c.chunks_done == 3 && isinf(c.worst.error) && c.worst.x == 19);
    checkpoint_close(&c);
}

static void other_kernels_begin_anew(void **state) {
    (void)state;
    checkpoint c;
    assert_true(checkpoint_open(&c, path, 8));
    assert_int_equal(c.chunks_done, 0);
    checkpoint_close(&c);
    const uint64_t key = checkpoint_key(0, path);
    assert_true(key != 0 && checkpoint_key(0, path) == key && checkpoint_key(key, path) != key);
    append("changed");
    assert_true(checkpoint_key(0, path) != key);
    assert_true(checkpoint_key(key, "/no such file") == 0);
}

static void rows_take_their_places(void **state) {
    (void)state;
    FILE *file = fopen(path, "w");
    fputs("before\n<!-- sweep: begin -->\n| kind |\n|---|\n| `elu` | old |\n| `elux` | kept |\n<!-- sweep: end "
          "-->\nafter\n",
          file);
    fclose(file);
    const table_row rows[] = {{"elu", {{0.5, 0}, {1, 2}}, {{-1, 0}, {2, 3}}}, {"new", {{0}}, {{0}}}};
    char text[1024] = "";
    assert_true(table_write(path, rows, 2));
    file = fopen(path, "r");
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    assert_string_equal(text, "before\n<!-- sweep: begin -->\n| kind |\n|---|\n"
                              "| `elu` | 0.500 at -1 | 0 | 1.000 at 2 | 2.000 at 3 |\n| `elux` | kept |\n"
                              "| `new` | 0 | 0 | 0 | 0 |\n<!-- sweep: end -->\nafter\n");
    file = fopen(path, "w");
    fputs("no markers\n", file);
    fclose(file);
    assert_false(table_write(path, rows, 2));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_those_of_the_oracle), cmocka_unit_test(a_block_has_its_largest_error),
        cmocka_unit_test(a_stopped_sweep_goes_on),        cmocka_unit_test(other_kernels_begin_anew),
        cmocka_unit_test(rows_take_their_places),
    };
    const int file = mkstemp(path);
    if (file < 0)
        return 1;
    close(file);
    const int failed = cmocka_run_group_tests_name("sweep", tests, NULL, NULL);
    unlink(path);
    return failed;
}
