/* Every layout of a copied tile against a plain loop; what lies between the elements stays. */
#include "stage.h"

#include "views.h"

typedef struct layout {
    int64_t row_stride, col_stride; /* in elements */
} layout;

enum { LAYOUTS = 10 };

static layout layout_number(int number, int64_t rows, int64_t cols) {
    switch (number) {
    case 0:
        return (layout){cols, 1};
    case 1:
        return (layout){cols + 3, 1};
    case 2:
        return (layout){1, rows};
    case 3:
        return (layout){1, rows + 2};
    case 4:
        return (layout){2 * cols, 2};
    case 5:
        return (layout){-cols, 1};
    case 6:
        return (layout){cols, -1};
    case 7:
        return (layout){-1, -(rows + 1)};
    case 8:
        return (layout){3, 3 * rows + 1};
    default:
        return (layout){5 * cols, -5};
    }
}

/* From the lowest element of a tile to its first one. */
static int64_t lead(layout l, int64_t rows, int64_t cols) {
    return (l.row_stride < 0 ? -l.row_stride * (rows - 1) : 0) + (l.col_stride < 0 ? -l.col_stride * (cols - 1) : 0);
}

static int64_t span(layout l, int64_t rows, int64_t cols) {
    return llabs(l.row_stride) * (rows - 1) + llabs(l.col_stride) * (cols - 1) + 1;
}

static act__tile tile(char *memory, layout l, int64_t rows, int64_t cols, int32_t size) {
    return (act__tile){memory + lead(l, rows, cols) * size, l.row_stride * size, l.col_stride * size};
}

static void random_memory(char *memory, int64_t bytes, rng *r) {
    for (int64_t i = 0; i < bytes; i++)
        memory[i] = (char)rng_next(r);
}

typedef void copy_function(act__tile to, act__tile from, int64_t rows, int64_t cols, int32_t size);

static void compare(copy_function *copy, layout to, layout from, int64_t rows, int64_t cols, int32_t size, rng *r) {
    const int64_t to_bytes = span(to, rows, cols) * size, from_bytes = span(from, rows, cols) * size;
    char *source = malloc((size_t)from_bytes), *got = malloc((size_t)to_bytes), *want = malloc((size_t)to_bytes);
    random_memory(source, from_bytes, r);
    random_memory(got, to_bytes, r);
    memcpy(want, got, (size_t)to_bytes);
    const act__tile f = tile(source, from, rows, cols, size), t = tile(want, to, rows, cols, size);
    for (int64_t row = 0; row < rows; row++)
        for (int64_t col = 0; col < cols; col++)
            memcpy(t.data + row * t.row_stride + col * t.col_stride, f.data + row * f.row_stride + col * f.col_stride,
                   (size_t)size);
    copy(tile(got, to, rows, cols, size), f, rows, cols, size);
    act__stage_fence();
    assert_memory_equal(got, want, (size_t)to_bytes);
    free(source);
    free(got);
    free(want);
}

static void compare_copy(layout to, layout from, int64_t rows, int64_t cols, int32_t size, rng *r) {
    compare(act__stage_copy, to, from, rows, cols, size, r);
    compare(act__stage_stream, to, from, rows, cols, size, r);
}

static void every_pair_of_layouts(void **state) {
    (void)state;
    static const int64_t extents[] = {1, 2, 3, 7, 8, 16, 17, 33};
    rng r = rng_for(3, 0);
    for (int a = 0; a < LAYOUTS; a++)
        for (int b = 0; b < LAYOUTS; b++)
            for (size_t i = 0; i < COUNT_OF(extents); i++)
                for (size_t j = 0; j < COUNT_OF(extents); j++)
                    for (int32_t size = 2; size <= 8; size *= 2) {
                        const int64_t rows = extents[i], cols = extents[j];
                        compare_copy(layout_number(a, rows, cols), layout_number(b, rows, cols), rows, cols, size,
                                     &r);
                    }
}

/* Rows of many vectors, and all that may be left behind them. */
static void every_second_element_of_long_rows(void **state) {
    (void)state;
    rng r = rng_for(5, 0);
    for (int isa = 0; isa < isa_count(); isa++) {
        act__isa_force(isa_number(isa));
        for (int64_t cols = 250; cols < 250 + 70; cols++)
            for (int32_t size = 2; size <= 8; size *= 2)
                for (int64_t between = 0; between < 2; between++)
                    compare_copy((layout){cols + between, 1}, (layout){2 * cols, 2}, 2, cols, size, &r);
    }
    act__isa_force(NULL);
}

static void a_broadcast_source(void **state) {
    (void)state;
    rng r = rng_for(4, 0);
    for (int a = 0; a < LAYOUTS; a++) {
        for (int32_t size = 2; size <= 8; size *= 2) {
            compare_copy(layout_number(a, 5, 9), (layout){0, 1}, 5, 9, size, &r);
            compare_copy(layout_number(a, 5, 9), (layout){1, 0}, 5, 9, size, &r);
            compare_copy(layout_number(a, 5, 9), (layout){0, 0}, 5, 9, size, &r);
        }
    }
}

static void nothing_to_copy(void **state) {
    (void)state;
    char memory[8] = "canary", before[8] = "canary";
    const act__tile t = {memory, 4, 4};
    act__stage_copy(t, t, 0, 5, 4);
    act__stage_copy(t, t, 5, 0, 8);
    assert_memory_equal(memory, before, sizeof memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_layouts),
        cmocka_unit_test(every_second_element_of_long_rows),
        cmocka_unit_test(a_broadcast_source),
        cmocka_unit_test(nothing_to_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
