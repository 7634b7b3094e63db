/* The benchmark's own parts: what it counts, copies, writes and claims to cover. */
#include "activations/activations.h"
#include "cells.h"
#include "inputs.h"
#include "json.h"
#include "limit.h"
#include "results.h"
#include "timing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const cell_options full = {.threads = {1, 2}, .thread_counts = 2};

static cell_list list_of(const char *filter, bool quick) {
    cell_options options = full;
    cell_list list;
    options.filter = filter;
    options.quick = quick;
    assert_null(cells_list(&list, &options));
    return list;
}

static void test_median_and_minimum(void **state) {
    (void)state;
    const double values[] = {5, 1, 4, 2, 3};
    assert_true(timing_median(values, 5) == 3);
    assert_true(timing_median(values, 4) == 3); /* between 2 and 4 */
    assert_true(timing_median(values, 1) == 5);
    assert_true(timing_minimum(values, 5) == 1);
    assert_true(timing_minimum(values, 1) == 5);
}

/* ---- JSON ---- */

/* Runs a Python program with FILE in place of a name; fails where it does. */
static void check_with_python(const char *path, const char *program) {
    char command[2048];
    snprintf(command, sizeof command, "/usr/bin/python3 -c '%s' %s", program, path);
    assert_int_equal(system(command), 0);
}

static void test_json_is_what_python_reads(void **state) {
    (void)state;
    char path[] = "/tmp/act_bench_test_XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    json j;
    json_begin(&j, file);
    json_object(&j);
    json_text(&j, "a \"quoted\" key", "tab\t, line\n, back\\slash, \xc3\xa9");
    json_integer(&j, "n", INT64_MIN);
    json_close(&j);
    json_object(&j);
    json_number(&j, "x", 0.25);
    json_number(&j, "nan", NAN);
    json_close(&j);
    assert_true(json_end(&j));
    fclose(file);
    check_with_python(
        path, "import json, sys\n"
              "a, b = json.load(open(sys.argv[1], encoding=\"utf-8\"))\n"
              "assert a == {\"a \\\"quoted\\\" key\": \"tab\\t, line\\n, back\\\\slash, \\u00e9\", \"n\": -2**63}\n"
              "assert b == {\"x\": 0.25, \"nan\": None}\n");
    unlink(path);
}

static void test_results_have_their_keys(void **state) {
    (void)state;
    char path[] = "/tmp/act_bench_test_XXXXXX";
    close(mkstemp(path));
    cell_list cells = list_of("relu/forward/float32/contiguous/4096/1$", false);
    const contest_results found = {.at = {{"activations", 2048, 1024, 1, 11}, {"limit", 1024, 1024, 0, 11}},
                                   .count = 2};
    results *r = results_create(path, NULL, 0, "--quick");
    assert_true(results_add(r, &cells.at[0], &found) && results_write(r));
    results_destroy(r);
    free(cells.at);
    check_with_python(path,
                      "import json, sys\n"
                      "run, a, b = json.load(open(sys.argv[1]))\n"
                      "keys = \"function direction dtype layout elements threads who median_ns min_ns\"\n"
                      "assert list(a) == (keys + \" ns_per_element gb_per_s rounds\").split()\n"
                      "assert (a[\"function\"], a[\"who\"], b[\"who\"]) == (\"relu\", \"activations\", \"limit\")\n"
                      "assert (a[\"ns_per_element\"], a[\"gb_per_s\"], a[\"rounds\"]) == (0.5, 16, 11)\n"
                      "assert \"activations\" in run and \"processors\" in run\n");
    unlink(path);
}

/* ---- cells ---- */

static void test_every_kind_is_covered(void **state) {
    (void)state;
    const bool quick[] = {false, true};
    for (int i = 0; i < 2; i++) {
        cell_list cells = list_of(NULL, quick[i]);
        for (int32_t kind = 0; kind < act_kind_count(); kind++) {
            if (!strcmp(act_kind_name(kind), "crelu"))
                continue;
            bool directions[DIRECTION_COUNT] = {false};
            for (size_t k = 0; k < cells.count; k++)
                if (cells.at[k].kind == kind)
                    directions[cells.at[k].direction] = true;
            assert_true(directions[FORWARD]);
            assert_true(directions[BACKWARD_FROM_INPUT] || directions[BACKWARD_FROM_STATE]);
        }
        free(cells.at);
    }
}

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

static void test_names_are_unique(void **state) {
    (void)state;
    cell_list cells = list_of(NULL, false);
    char(*names)[CELL_NAME_SIZE] = calloc(cells.count, sizeof *names);
    for (size_t i = 0; i < cells.count; i++)
        cell_name(names[i], &cells.at[i]);
    qsort(names, cells.count, sizeof *names, by_name);
    for (size_t i = 1; i < cells.count; i++)
        assert_string_not_equal(names[i - 1], names[i]);
    free(names);
    free(cells.at);
}

static void test_layouts_fit_their_elements(void **state) {
    (void)state;
    cell_list cells = list_of(NULL, false);
    for (size_t i = 0; i < cells.count; i++) {
        const cell *c = &cells.at[i];
        const cell_view *reads[2], *written = cell_writes(c);
        const int count = cell_reads(c, reads);
        int64_t elements = 1;
        for (int32_t axis = 0; axis < c->y.ndim; axis++)
            elements *= c->y.shape[axis];
        assert_int_equal(elements, c->elements);
        assert_true(count >= 1 && count <= 2 && cell_view_contiguous(written));
        assert_int_equal(c->in_place, reads[count - 1]->slot == written->slot);
        assert_true(cell_bytes(c) > 0);
    }
    free(cells.at);
}

static void test_filters(void **state) {
    (void)state;
    cell_list cells = list_of("^relu/forward/float32/contiguous/4096/[12]$", false);
    assert_int_equal(cells.count, 2);
    free(cells.at);
    cells = list_of("^no such function/", false);
    assert_int_equal(cells.count, 0);
    free(cells.at);
    cell_options broken = full;
    broken.filter = "(";
    assert_non_null(cells_list(&cells, &broken));
}

/* ---- limits ---- */

/* Bytes below 64, so that sums of elements of any size are sums of bytes. */
static void fill_small(const arena *memory, slot where, size_t bytes, unsigned seed) {
    unsigned char *at = arena_at(memory, where);
    for (size_t i = 0; i < bytes; i++) {
        seed = seed * 1103515245 + 12345;
        at[i] = seed >> 16 & 63;
    }
}

static int64_t offset_of(const cell_view *view, int64_t index) {
    int64_t offset = 0;
    for (int32_t axis = view->ndim - 1; axis >= 0; index /= view->shape[axis--])
        offset += index % view->shape[axis] * view->strides[axis];
    return offset;
}

/* What a limit must write: the reads, gathered and added up. */
static unsigned char *expected_of(const cell *c, const arena *memory) {
    const size_t size = cell_dtype_size(c->dtype);
    unsigned char *expected = calloc((size_t)c->elements, size);
    const cell_view *reads[2];
    for (int k = cell_reads(c, reads) - 1; k >= 0; k--)
        for (int64_t i = 0; i < c->elements; i++) {
            const unsigned char *from = arena_at(memory, reads[k]->slot);
            for (size_t byte = 0; byte < size; byte++)
                expected[(size_t)i * size + byte] += from[(size_t)offset_of(reads[k], i) * size + byte];
        }
    return expected;
}

static int check_limits(cell *c, const arena *memory) {
    const size_t size = cell_dtype_size(c->dtype), bytes = (size_t)c->elements * size;
    const slot output = cell_writes(c)->slot;
    int ways = 0;
    for (int which = 0; which < limit_count(); which++) {
        const peer *way = limit_peer(which);
        void *object = way->prepare(c, memory);
        if (!object)
            continue;
        for (slot s = SLOT_X; s <= SLOT_DX; s++)
            fill_small(memory, s, 2 * bytes + 4096, (unsigned)s);
        unsigned char *expected = expected_of(c, memory);
        way->begin_round(object);
        way->run(object);
        way->end_round(object);
        if (memcmp(arena_at(memory, output), expected, bytes) != 0) {
            char name[CELL_NAME_SIZE];
            cell_name(name, c);
            fail_msg("%s does not copy %s", limit_name(which), name);
        }
        free(expected);
        way->destroy(object);
        ways++;
    }
    return ways;
}

/* The same layout of a matrix that a test has time for. */
static void shrink(cell *c) {
    enum { ROWS = 48, COLUMNS = 272 };
    cell_view *views[] = {&c->x, &c->y, &c->dy, &c->dx};
    for (int k = 0; k < 4; k++) {
        const int64_t rows = views[k]->shape[0], columns = views[k]->shape[1];
        int64_t *strides = views[k]->strides;
        strides[0] = strides[0] >= columns ? strides[0] / columns * COLUMNS + strides[0] % columns : strides[0];
        strides[1] = strides[1] == rows ? ROWS : strides[1];
        views[k]->shape[0] = ROWS;
        views[k]->shape[1] = COLUMNS;
    }
    c->elements = ROWS * COLUMNS;
}

static void test_limits_copy_what_is_read(void **state) {
    (void)state;
    cell_list cells =
        list_of("^(relu|sigmoid)/.*/(contiguous/(16|1024)|in_place/16384|(sliced|row_padded|broadcast)/262144|"
                "transposed/.*)/[12]$",
                false);
    arena memory;
    assert_true(arena_create(&memory, &cells));
    for (size_t i = 0; i < cells.count; i++) {
        if (cells.at[i].elements > 1 << 14)
            shrink(&cells.at[i]);
        assert_true(check_limits(&cells.at[i], &memory) >= 1);
    }
    arena_destroy(&memory);
    free(cells.at);
}

/* ---- inputs ---- */

static void test_inputs_are_the_same_in_every_type(void **state) {
    (void)state;
    enum { N = 3000000 }; /* over the period */
    const int32_t types[] = {ACT_FLOAT32, ACT_FLOAT16, ACT_BFLOAT16};
    const double accuracy[] = {0x1p-24, 0x1p-11, 0x1p-8};
    double *exact = malloc(N * sizeof *exact), sum = 0, squares = 0;
    void *rounded = malloc(N * sizeof(float));
    assert_true(inputs_normal(exact, N, ACT_FLOAT64, 0));
    for (int64_t i = 0; i < N; i++) {
        assert_true(fabs(exact[i]) <= 6);
        sum += exact[i];
        squares += exact[i] * exact[i];
    }
    assert_true(fabs(sum / N) < 0.01 && fabs(sqrt(squares / N) - 2) < 0.05);
    for (int k = 0; k < 3; k++) {
        assert_true(inputs_normal(rounded, N, types[k], 0));
        assert_true(inputs_disagreement(rounded, exact, 0, types[k], (tolerance){1, 0}) == 0);
        for (int64_t i = 0; i < N; i++)
            assert_true(fabs(inputs_value(rounded, i, types[k]) - exact[i]) <=
                        accuracy[k] * fabs(exact[i]) + 0x1p-14);
    }
    free(exact);
    free(rounded);
}

static void test_disagreement(void **state) {
    (void)state;
    const float a[] = {1, 2, NAN}, b[] = {1, 2.5f, 3};
    const tolerance t = {0.5, 0};
    assert_true(inputs_disagreement(a, b, 1, ACT_FLOAT32, t) == 0);
    assert_true(inputs_disagreement(a, b, 2, ACT_FLOAT32, t) == 1);
    assert_true(isinf(inputs_disagreement(a, b, 3, ACT_FLOAT32, t)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_median_and_minimum),
        cmocka_unit_test(test_json_is_what_python_reads),
        cmocka_unit_test(test_results_have_their_keys),
        cmocka_unit_test(test_every_kind_is_covered),
        cmocka_unit_test(test_names_are_unique),
        cmocka_unit_test(test_layouts_fit_their_elements),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_limits_copy_what_is_read),
        cmocka_unit_test(test_inputs_are_the_same_in_every_type),
        cmocka_unit_test(test_disagreement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
