/* One tensor on its own: what is read from it, and what is refused. */
#include "support.h"

#include "view.h"

/* Aligned room, and a view of 2 x 3 floats in it for tests to spoil. */
static _Alignas(64) float room[64];
static const int64_t shape_2_3[] = {2, 3};

static act_tensor good(void) { return make_tensor(room, ACT_FLOAT32, 2, shape_2_3, NULL); }

static act_status open_it(act__view *view, const act_tensor *t) { return act__view_open(view, t, "thing"); }

#define assert_bad(tensor, status, part)                          \
    do {                                                          \
        act__view bad_view;                                       \
        assert_refused(open_it(&bad_view, tensor), status, part); \
        assert_non_null(strstr(act_last_error(), "thing"));       \
    } while (0)

static void a_good_tensor_is_read(void **unused) {
    (void)unused;
    act_tensor t = good();
    act__view v;
    assert_ok(open_it(&v, &t));
    assert_ptr_equal(v.tensor, &t);
    assert_ptr_equal(v.data, room);
    assert_string_equal(v.name, "thing");
    assert_int_equal(v.count, 6);
    assert_int_equal(v.dtype, ACT_FLOAT32);
    assert_int_equal(v.size, 4);
    assert_int_equal(v.low, 0);
    assert_int_equal(v.high, 24);
    assert_true(v.dense);
}

static void null_is_refused(void **unused) {
    (void)unused;
    assert_bad(NULL, ACT_ERR_INVALID_ARGUMENT, "thing is NULL");
}

static void devices(void **unused) {
    (void)unused;
    static const int32_t host[] = {1, 3, 11}, others[] = {0, 2, 4, 7, 8, 10, 12, 13, 14, -1, INT32_MAX, INT32_MIN};
    act_tensor t = good();
    act__view v;
    t.device_id = 12345; /* ignored */
    for (size_t i = 0; i < COUNT_OF(host); i++) {
        t.device_type = host[i];
        assert_ok(open_it(&v, &t));
    }
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        char said[32];
        snprintf(said, sizeof said, "device type is %d", others[i]);
        t.device_type = others[i];
        assert_bad(&t, ACT_ERR_DEVICE, said);
    }
}

static void element_types(void **unused) {
    (void)unused;
    static const struct {
        uint8_t code, bits;
        uint16_t lanes;
        act_status status;
        const char *says;
        act_dtype dtype;
    } rows[] = {{2, 32, 1, ACT_OK, "", ACT_FLOAT32},
                {2, 64, 1, ACT_OK, "", ACT_FLOAT64},
                {2, 16, 1, ACT_OK, "", ACT_FLOAT16},
                {4, 16, 1, ACT_OK, "", ACT_BFLOAT16},
                {4, 32, 1, ACT_ERR_DTYPE, "type code 4, 32 bits", 0},
                {2, 8, 1, ACT_ERR_DTYPE, "8 bits", 0},
                {2, 80, 1, ACT_ERR_DTYPE, "80 bits", 0},
                {2, 128, 1, ACT_ERR_DTYPE, "128 bits", 0},
                {2, 0, 1, ACT_ERR_DTYPE, "0 bits", 0},
                {2, 31, 1, ACT_ERR_DTYPE, "31 bits", 0},
                {0, 32, 1, ACT_ERR_DTYPE, "type code 0", 0},
                {1, 32, 1, ACT_ERR_DTYPE, "type code 1", 0},
                {3, 64, 1, ACT_ERR_DTYPE, "type code 3", 0},
                {5, 64, 1, ACT_ERR_DTYPE, "type code 5", 0},
                {6, 8, 1, ACT_ERR_DTYPE, "type code 6", 0},
                {255, 32, 1, ACT_ERR_DTYPE, "type code 255", 0},
                {2, 32, 0, ACT_ERR_DTYPE, "0 lanes", 0},
                {2, 32, 2, ACT_ERR_DTYPE, "2 lanes", 0},
                {2, 32, 65535, ACT_ERR_DTYPE, "65535 lanes", 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        act_tensor t = good();
        act__view v;
        t.dtype_code = rows[i].code;
        t.dtype_bits = rows[i].bits;
        t.dtype_lanes = rows[i].lanes;
        if (rows[i].status != ACT_OK) {
            assert_bad(&t, rows[i].status, rows[i].says);
            continue;
        }
        assert_ok(open_it(&v, &t));
        assert_int_equal(v.size, rows[i].bits / 8);
        assert_int_equal(v.dtype, rows[i].dtype);
    }
}

static void ranks(void **unused) {
    (void)unused;
    static const int32_t wrong[] = {-1, 33, INT32_MAX, INT32_MIN};
    int64_t ones[33];
    act__view v;
    for (int i = 0; i < 33; i++)
        ones[i] = 1;
    act_tensor t = good();
    t.shape = ones;
    for (int32_t rank = 0; rank <= 32; rank++) {
        t.ndim = rank;
        assert_ok(open_it(&v, &t));
        assert_int_equal(v.count, 1);
    }
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        char said[32];
        snprintf(said, sizeof said, "rank is %d", wrong[i]);
        t.ndim = wrong[i];
        assert_bad(&t, ACT_ERR_SHAPE, said);
    }
}

static void a_missing_shape(void **unused) {
    (void)unused;
    act_tensor t = good();
    act__view v;
    t.shape = NULL;
    assert_bad(&t, ACT_ERR_INVALID_ARGUMENT, "shape is NULL but the rank is 2");
    t.ndim = 0;
    assert_ok(open_it(&v, &t));
    assert_int_equal(v.count, 1);
    assert_true(v.dense);
    assert_int_equal(v.high, 4);
}

/* Shapes alone; the status is that of opening it over valid data without strides. */
static void extents(void **unused) {
    (void)unused;
    const int64_t half = (int64_t)1 << 32, most = INT64_MAX;
    const struct {
        int64_t shape[4];
        act_status status;
        int64_t count;
        const char *says;
    } rows[] = {{{2, -3, 1, 1}, ACT_ERR_SHAPE, 0, "dimension 1 is -3"},
                {{-1, 0, 1, 1}, ACT_ERR_SHAPE, 0, "dimension 0 is -1"},
                {{0, 1, 1, INT64_MIN}, ACT_ERR_SHAPE, 0, "dimension 3 is -9223372036854775808"},
                {{half, half, 1, 1}, ACT_ERR_SHAPE, 0, "product of the extents overflows"},
                {{half, half, half, half}, ACT_ERR_SHAPE, 0, "product of the extents overflows"},
                {{most, 2, 1, 1}, ACT_ERR_SHAPE, 0, "product of the extents overflows"},
                {{most, 1, 1, 1}, ACT_ERR_SHAPE, 0, "spans overflow"},
                {{most / 4 + 1, 1, 1, 1}, ACT_ERR_SHAPE, 0, "spans overflow"},
                {{0, 5, 5, 5}, ACT_OK, 0, NULL},
                {{5, 5, 5, 0}, ACT_OK, 0, NULL},
                {{0, half, half, half}, ACT_OK, 0, NULL},
                {{half, half, half, 0}, ACT_OK, 0, NULL},
                {{most, most, 0, most}, ACT_OK, 0, NULL},
                {{most / 4, 1, 1, 1}, ACT_OK, most / 4, NULL},
                {{1, 1, 1, 1}, ACT_OK, 1, NULL},
                {{2, 3, 2, 1}, ACT_OK, 12, NULL}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        act_tensor t = make_tensor(room, ACT_FLOAT32, 4, rows[i].shape, NULL);
        act__view v;
        if (rows[i].status != ACT_OK) {
            assert_bad(&t, rows[i].status, rows[i].says);
            continue;
        }
        assert_ok(open_it(&v, &t));
        assert_int_equal(v.count, rows[i].count);
        t.strides = rows[i].shape; /* strides of whatever size are no matter where there is nothing */
        if (v.count == 0)
            assert_ok(open_it(&v, &t));
    }
}

/* float64, so that bytes are 8 times the stride. */
static void spans_that_overflow(void **unused) {
    (void)unused;
    const int64_t far = (int64_t)1 << 60;
    const struct {
        int64_t shape[2], strides[2];
        const char *says;
    } rows[] = {{{3, 1}, {INT64_MAX, 1}, "spans overflow"},
                {{3, 1}, {INT64_MIN, 1}, "spans overflow"},
                {{2, 1}, {INT64_MIN, 1}, "spans overflow"},
                {{2, 1}, {INT64_MAX / 4, 1}, "spans overflow"},
                {{2, 2}, {far / 2, far / 2}, "spans overflow"}, /* each fits, their sum does not */
                {{2, 2}, {-far, -1}, "spans overflow"},
                {{2, 1}, {far - 1, 1}, "spans overflow"}, /* the last element's end */
                {{2, 1}, {far - 2, 1}, NULL},
                {{2, 1}, {1 - far, 1}, "address space"},
                {{2, 1}, {-far, 1}, "address space"}, /* INT64_MIN bytes below */
                {{3, 1}, {-far / 2, 1}, "address space"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const act_tensor t = make_tensor((void *)(uintptr_t)4096, ACT_FLOAT64, 2, rows[i].shape, rows[i].strides);
        act__view v;
        if (!rows[i].says) {
            assert_ok(open_it(&v, &t));
            continue;
        }
        assert_bad(&t, ACT_ERR_SHAPE, rows[i].says);
    }
}

static void the_address_space_ends(void **unused) {
    (void)unused;
    act__view v;
    const uintptr_t top = UINTPTR_MAX - 63; /* 16 floats below the end, less the very last byte */
    act_tensor t = make_tensor((void *)top, ACT_FLOAT32, DIMS(15), NULL);
    assert_ok(open_it(&v, &t));
    t.shape = STRIDES(17);
    assert_bad(&t, ACT_ERR_SHAPE, "address space");
    t.shape = STRIDES(0);
    assert_ok(open_it(&v, &t));
    t = make_tensor((void *)(uintptr_t)64, ACT_FLOAT32, DIMS(17), STRIDES(-1));
    assert_ok(open_it(&v, &t));
    assert_int_equal(v.low, -64);
    t.shape = STRIDES(18);
    assert_bad(&t, ACT_ERR_SHAPE, "address space");
}

static void byte_offsets(void **unused) {
    (void)unused;
    act_tensor t = good();
    act__view v;
    t.byte_offset = 8;
    assert_ok(open_it(&v, &t));
    assert_ptr_equal(v.data, room + 2);
    t.byte_offset = UINT64_MAX - 3; /* wraps around to just below data */
    assert_bad(&t, ACT_ERR_SHAPE, "address space");
    t.byte_offset = (uint64_t)(UINTPTR_MAX - (uintptr_t)room) - 23;
    assert_bad(&t, ACT_ERR_SHAPE, "address space");
}

static void misaligned_data(void **unused) {
    (void)unused;
    for (uint64_t offset = 0; offset < 16; offset++) {
        for (act_dtype dtype = ACT_FLOAT32; dtype <= ACT_FLOAT64; dtype++) {
            act_tensor by_offset = make_tensor(room, dtype, 2, shape_2_3, NULL);
            act_tensor by_data = make_tensor((char *)room + offset, dtype, 2, shape_2_3, NULL);
            act__view v;
            by_offset.byte_offset = offset;
            if (offset % (dtype == ACT_FLOAT32 ? 4 : 8) == 0) {
                assert_ok(open_it(&v, &by_offset));
                assert_ok(open_it(&v, &by_data));
                continue;
            }
            assert_bad(&by_offset, ACT_ERR_LAYOUT, dtype == ACT_FLOAT32 ? "4 bytes" : "8 bytes");
            assert_bad(&by_data, ACT_ERR_LAYOUT, "byte_offset");
        }
    }
}

/* Only the sum has to be aligned. */
static void two_wrongs_align(void **unused) {
    (void)unused;
    act_tensor t = make_tensor((char *)room + 1, ACT_FLOAT32, 2, shape_2_3, NULL);
    act__view v;
    t.byte_offset = 3;
    assert_ok(open_it(&v, &t));
    assert_ptr_equal(v.data, room + 1);
}

static void missing_data(void **unused) {
    (void)unused;
    act__view v;
    act_tensor t = make_tensor(NULL, ACT_FLOAT32, 2, shape_2_3, NULL);
    assert_bad(&t, ACT_ERR_INVALID_ARGUMENT, "data is NULL but there are 6 elements");
    t.byte_offset = 64;
    assert_bad(&t, ACT_ERR_INVALID_ARGUMENT, "data is NULL");
    t.shape = STRIDES(2, 0);
    assert_ok(open_it(&v, &t));
    t.byte_offset = 0;
    assert_ok(open_it(&v, &t));
    assert_int_equal(v.count, 0);
    t.ndim = 0;
    assert_bad(&t, ACT_ERR_INVALID_ARGUMENT, "1 elements");
}

static void strides_of_extent_1_are_no_matter(void **unused) {
    (void)unused;
    static const int64_t any[] = {0, -1, 7, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < COUNT_OF(any); i++) {
        const act_tensor t =
            make_tensor(room, ACT_FLOAT32, DIMS(1, 2, 1, 3, 1), STRIDES(any[i], 3, any[i], 1, any[i]));
        act__view v;
        assert_ok(open_it(&v, &t));
        assert_true(v.dense);
        assert_int_equal(v.count, 6);
        assert_int_equal(v.high, 24);
    }
    const act_tensor gaps = make_tensor(room, ACT_FLOAT32, DIMS(2, 1, 3), STRIDES(4, INT64_MIN, 1));
    act__view v;
    assert_ok(open_it(&v, &gaps));
    assert_false(v.dense);
    assert_int_equal(v.high, 28);
}

static void dense_or_not(void **unused) {
    (void)unused;
    static const struct {
        int64_t strides[2];
        int dense;
        int64_t low, high;
    } rows[] = {{{3, 1}, 1, 0, 24}, {{1, 2}, 0, 0, 24},    {{4, 1}, 0, 0, 28},   {{6, 2}, 0, 0, 44},
                {{0, 1}, 0, 0, 12}, {{-3, -1}, 0, -20, 4}, {{3, -1}, 0, -8, 16}, {{0, 0}, 0, 0, 4}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const act_tensor t = make_tensor(room + 32, ACT_FLOAT32, 2, shape_2_3, rows[i].strides);
        act__view v;
        assert_ok(open_it(&v, &t));
        assert_int_equal(v.dense, rows[i].dense);
        assert_int_equal(v.low, rows[i].low);
        assert_int_equal(v.high, rows[i].high);
    }
}

static void strides_are_filled_in(void **unused) {
    (void)unused;
    int64_t strides[3];
    act__view v;
    const act_tensor plain = make_tensor(room, ACT_FLOAT32, DIMS(2, 3, 4), NULL);
    assert_ok(open_it(&v, &plain));
    act__view_strides(&v, strides);
    assert_memory_equal(strides, STRIDES(12, 4, 1), sizeof strides);
    const act_tensor given = make_tensor(room, ACT_FLOAT32, DIMS(2, 3, 4), STRIDES(1, 2, -0));
    assert_ok(open_it(&v, &given));
    act__view_strides(&v, strides);
    assert_memory_equal(strides, STRIDES(1, 2, 0), sizeof strides);
}

static void init_judges_its_arguments(void **unused) {
    (void)unused;
    act_tensor t;
    set_canary(&t, sizeof t);
    assert_refused(act_tensor_init(NULL, room, ACT_FLOAT32, 2, shape_2_3, NULL), ACT_ERR_INVALID_ARGUMENT,
                   "out is NULL");
    assert_refused(act_tensor_init(&t, room, ACT_FLOAT32, 2, NULL, NULL), ACT_ERR_INVALID_ARGUMENT, "shape is NULL");
    assert_refused(act_tensor_init(&t, room, 0, 2, shape_2_3, NULL), ACT_ERR_DTYPE, "dtype: 0");
    assert_refused(act_tensor_init(&t, room, 5, 2, shape_2_3, NULL), ACT_ERR_DTYPE, "dtype: 5");
    assert_refused(act_tensor_init(&t, room, -1, 2, shape_2_3, NULL), ACT_ERR_DTYPE, "dtype: -1");
    assert_refused(act_tensor_init(&t, room, ACT_FLOAT32, -1, shape_2_3, NULL), ACT_ERR_SHAPE, "ndim is -1");
    assert_refused(act_tensor_init(&t, room, ACT_FLOAT32, 33, shape_2_3, NULL), ACT_ERR_SHAPE, "ndim is 33");
    assert_canary(&t, sizeof t);
    assert_ok(act_tensor_init(&t, NULL, ACT_FLOAT64, 0, NULL, NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_tensor_is_read),
        cmocka_unit_test(null_is_refused),
        cmocka_unit_test(devices),
        cmocka_unit_test(element_types),
        cmocka_unit_test(ranks),
        cmocka_unit_test(a_missing_shape),
        cmocka_unit_test(extents),
        cmocka_unit_test(spans_that_overflow),
        cmocka_unit_test(the_address_space_ends),
        cmocka_unit_test(byte_offsets),
        cmocka_unit_test(misaligned_data),
        cmocka_unit_test(two_wrongs_align),
        cmocka_unit_test(missing_data),
        cmocka_unit_test(strides_of_extent_1_are_no_matter),
        cmocka_unit_test(dense_or_not),
        cmocka_unit_test(strides_are_filled_in),
        cmocka_unit_test(init_judges_its_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
