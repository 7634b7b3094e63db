/* What the library says of itself. */
#include "support.h"

static void the_version_is_the_headers(void **unused) {
    (void)unused;
    char text[64];
    snprintf(text, sizeof text, "%d.%d.%d", ACT_VERSION_MAJOR, ACT_VERSION_MINOR, ACT_VERSION_PATCH);
    assert_string_equal(act_version_string(), text);
    assert_int_equal(act_version(), ACT_VERSION);
}

static void the_size_can_be_asked_for(void **unused) {
    (void)unused;
    size_t size = 12345, again = 0;
    assert_ok(act_build_info(NULL, &size));
    assert_in_range(size, 20, 512);
    assert_ok(act_build_info(NULL, &again));
    assert_int_equal(again, size);
}

static void exactly_enough_is_enough(void **unused) {
    (void)unused;
    char text[512];
    size_t needed = 0;
    assert_ok(act_build_info(NULL, &needed));
    set_canary(text, sizeof text);
    size_t size = needed;
    assert_ok(act_build_info(text, &size));
    assert_int_equal(size, needed);
    assert_int_equal(strlen(text), needed - 1);
    assert_canary(text + needed, sizeof text - needed);
}

static void more_than_enough_is_told_the_need(void **unused) {
    (void)unused;
    char text[512];
    size_t needed = 0, size = sizeof text;
    assert_ok(act_build_info(NULL, &needed));
    assert_ok(act_build_info(text, &size));
    assert_int_equal(size, needed);
}

static void too_small_writes_the_size_only(void **unused) {
    (void)unused;
    char text[512], said[32];
    size_t needed = 0;
    assert_ok(act_build_info(NULL, &needed));
    const size_t given[] = {0, 1, needed - 1};
    for (size_t i = 0; i < COUNT_OF(given); i++) {
        size_t size = given[i];
        set_canary(text, sizeof text);
        snprintf(said, sizeof said, "buffer: %zu bytes", given[i]);
        assert_refused(act_build_info(text, &size), ACT_ERR_BUFFER_TOO_SMALL, said);
        assert_int_equal(size, needed);
        assert_canary(text, sizeof text);
    }
}

static void a_size_is_wanted(void **unused) {
    (void)unused;
    char text[16];
    set_canary(text, sizeof text);
    assert_refused(act_build_info(text, NULL), ACT_ERR_INVALID_ARGUMENT, "size is NULL");
    assert_refused(act_build_info(NULL, NULL), ACT_ERR_INVALID_ARGUMENT, "size is NULL");
    assert_canary(text, sizeof text);
}

/* Version, instruction set in use, BLAS and how it is threaded, threads. */
static void it_names_all_that_is_promised(void **unused) {
    (void)unused;
    static const char *const sets[] = {"portable", "avx2", "avx512", "neon"};
    char text[512], threads[32];
    size_t size = sizeof text, known = 0;
    assert_ok(act_set_num_threads(3));
    assert_ok(act_build_info(text, &size));
    assert_ok(act_set_num_threads(1));
    snprintf(threads, sizeof threads, "threads 3");
    assert_non_null(strstr(text, act_version_string()));
    assert_non_null(strstr(text, "OpenBLAS"));
    assert_non_null(strstr(text, threads));
    for (size_t i = 0; i < COUNT_OF(sets); i++) {
        char said[40];
        snprintf(said, sizeof said, "instruction set %s,", sets[i]);
        known += strstr(text, said) != NULL;
    }
    assert_int_equal(known, 1);
    assert_true(strstr(text, "pthread") || strstr(text, "openmp") || strstr(text, "OpenMP") ||
                strstr(text, "serial"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_version_is_the_headers),     cmocka_unit_test(the_size_can_be_asked_for),
        cmocka_unit_test(exactly_enough_is_enough),       cmocka_unit_test(more_than_enough_is_told_the_need),
        cmocka_unit_test(too_small_writes_the_size_only), cmocka_unit_test(a_size_is_wanted),
        cmocka_unit_test(it_names_all_that_is_promised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
