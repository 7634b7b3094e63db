/* Status names, and the message of a thread's last error. */
#include "support.h"

#include <pthread.h>

static void every_status_has_its_name(void **unused) {
    (void)unused;
    static const struct {
        act_status status;
        const char *name;
    } rows[] = {{ACT_OK, "ACT_OK"},
                {ACT_ERR_INVALID_ARGUMENT, "ACT_ERR_INVALID_ARGUMENT"},
                {ACT_ERR_SHAPE, "ACT_ERR_SHAPE"},
                {ACT_ERR_DTYPE, "ACT_ERR_DTYPE"},
                {ACT_ERR_DEVICE, "ACT_ERR_DEVICE"},
                {ACT_ERR_LAYOUT, "ACT_ERR_LAYOUT"},
                {ACT_ERR_OVERLAP, "ACT_ERR_OVERLAP"},
                {ACT_ERR_MISSING, "ACT_ERR_MISSING"},
                {ACT_ERR_STATE, "ACT_ERR_STATE"},
                {ACT_ERR_SPEC, "ACT_ERR_SPEC"},
                {ACT_ERR_UNSUPPORTED, "ACT_ERR_UNSUPPORTED"},
                {ACT_ERR_BUFFER_TOO_SMALL, "ACT_ERR_BUFFER_TOO_SMALL"},
                {ACT_ERR_OUT_OF_MEMORY, "ACT_ERR_OUT_OF_MEMORY"},
                {ACT_ERR_PARALLEL, "ACT_ERR_PARALLEL"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_string_equal(act_status_name(rows[i].status), rows[i].name);
}

static void other_numbers_are_unknown(void **unused) {
    (void)unused;
    static const act_status numbers[] = {1, 10, -1, -5, -11, -140, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        assert_string_equal(act_status_name(numbers[i]), "unknown status");
}

static void *first_message(void *out) {
    snprintf(out, 256, "%s", act_last_error());
    return NULL;
}

static void a_new_thread_has_no_error(void **unused) {
    (void)unused;
    pthread_t thread;
    char text[256] = "not written";
    act_kind kind;
    assert_refused(act_kind_from_name(&kind, "of main"), ACT_ERR_INVALID_ARGUMENT, "of main");
    assert_int_equal(pthread_create(&thread, NULL, first_message, text), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_string_equal(text, "");
}

static void *fail_elsewhere(void *out) {
    act_kind kind;
    *(act_status *)out = act_kind_from_name(&kind, "elsewhere");
    return NULL;
}

static void an_error_stays_with_its_thread(void **unused) {
    (void)unused;
    pthread_t thread;
    act_status elsewhere = ACT_OK;
    act_kind kind;
    assert_status(act_kind_from_name(&kind, "of main"), ACT_ERR_INVALID_ARGUMENT);
    assert_int_equal(pthread_create(&thread, NULL, fail_elsewhere, &elsewhere), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(elsewhere, ACT_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(act_last_error(), "of main"));
}

static void success_leaves_the_message(void **unused) {
    (void)unused;
    act_kind kind;
    char before[256];
    assert_status(act_kind_from_name(&kind, "nothing"), ACT_ERR_INVALID_ARGUMENT);
    snprintf(before, sizeof before, "%s", act_last_error());
    assert_ok(act_kind_from_name(&kind, "relu"));
    act_activation *a = make_kind(ACT_ELU);
    const float x = -1;
    float y;
    assert_ok(act_forward_1d(a, ACT_FLOAT32, &x, &y, 1));
    act_activation_destroy(a);
    assert_string_equal(act_last_error(), before);
}

static void the_latest_error_counts(void **unused) {
    (void)unused;
    act_kind kind;
    assert_refused(act_kind_from_name(&kind, "first"), ACT_ERR_INVALID_ARGUMENT, "first");
    assert_refused(act_kind_from_name(&kind, "second"), ACT_ERR_INVALID_ARGUMENT, "second");
    assert_null(strstr(act_last_error(), "first"));
}

static void a_long_message_is_cut(void **unused) {
    (void)unused;
    char name[4096];
    act_kind kind;
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_refused(act_kind_from_name(&kind, name), ACT_ERR_INVALID_ARGUMENT, "xxxx");
    assert_true(strlen(act_last_error()) < 256);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_name),  cmocka_unit_test(other_numbers_are_unknown),
        cmocka_unit_test(a_new_thread_has_no_error),  cmocka_unit_test(an_error_stays_with_its_thread),
        cmocka_unit_test(success_leaves_the_message), cmocka_unit_test(the_latest_error_counts),
        cmocka_unit_test(a_long_message_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
