/* What the ABI fixes: layouts of public structs, and the numbers of constants. A failure here means a new SONAME. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <dlpack/dlpack.h>

#include "activations/activations.h"

#define AT(type, field, offset) _Static_assert(offsetof(type, field) == (offset), #type "." #field)
#define SAME(field, theirs)                                                                 \
    _Static_assert(offsetof(act_tensor, field) == offsetof(DLTensor, theirs) &&             \
                       sizeof(((act_tensor *)0)->field) == sizeof(((DLTensor *)0)->theirs), \
                   "act_tensor." #field)
#define IS(constant, number) _Static_assert((constant) == (number), #constant)

_Static_assert(sizeof(act_tensor) == sizeof(DLTensor), "act_tensor is DLTensor");
SAME(data, data);
SAME(device_type, device.device_type);
SAME(device_id, device.device_id);
SAME(ndim, ndim);
SAME(dtype_code, dtype.code);
SAME(dtype_bits, dtype.bits);
SAME(dtype_lanes, dtype.lanes);
SAME(shape, shape);
SAME(strides, strides);
SAME(byte_offset, byte_offset);
IS(1, kDLCPU);
IS(2, kDLFloat);

#if UINTPTR_MAX == UINT64_MAX
_Static_assert(sizeof(act_tensor) == 48, "act_tensor");
AT(act_tensor, data, 0);
AT(act_tensor, device_type, 8);
AT(act_tensor, device_id, 12);
AT(act_tensor, ndim, 16);
AT(act_tensor, dtype_code, 20);
AT(act_tensor, dtype_bits, 21);
AT(act_tensor, dtype_lanes, 22);
AT(act_tensor, shape, 24);
AT(act_tensor, strides, 32);
AT(act_tensor, byte_offset, 40);

_Static_assert(sizeof(act_param_info) == 40, "act_param_info");
AT(act_param_info, struct_size, 0);
AT(act_param_info, flags, 4);
AT(act_param_info, name, 8);
AT(act_param_info, default_value, 16);
AT(act_param_info, minimum, 24);
AT(act_param_info, maximum, 32);
#endif

_Static_assert(sizeof(act_sgd) == 56, "act_sgd");
AT(act_sgd, struct_size, 0);
AT(act_sgd, flags, 4);
AT(act_sgd, rate, 8);
AT(act_sgd, momentum, 16);
AT(act_sgd, decay, 24);
AT(act_sgd, decay_target, 32);
AT(act_sgd, lower, 40);
AT(act_sgd, upper, 48);

_Static_assert(sizeof(act_status) == 4 && sizeof(act_dtype) == 4 && sizeof(act_kind) == 4 &&
                   sizeof(act_gain_direction) == 4,
               "fixed width");
IS(ACT_OK, 0);
IS(ACT_ERR_INVALID_ARGUMENT, -10);
IS(ACT_ERR_SHAPE, -20);
IS(ACT_ERR_DTYPE, -30);
IS(ACT_ERR_DEVICE, -40);
IS(ACT_ERR_LAYOUT, -50);
IS(ACT_ERR_OVERLAP, -60);
IS(ACT_ERR_MISSING, -70);
IS(ACT_ERR_STATE, -80);
IS(ACT_ERR_SPEC, -90);
IS(ACT_ERR_UNSUPPORTED, -100);
IS(ACT_ERR_BUFFER_TOO_SMALL, -110);
IS(ACT_ERR_OUT_OF_MEMORY, -120);
IS(ACT_ERR_PARALLEL, -130);
IS(ACT_FLOAT32, 1);
IS(ACT_FLOAT64, 2);
IS(ACT_FLOAT16, 3);
IS(ACT_BFLOAT16, 4);
IS(ACT_MAX_NDIM, 32);
#define ACT_PINNED(number, kind, name, spec) IS(kind, number);
#include "pinned.def"
#undef ACT_PINNED
IS(ACT_MAXOUT_NO_BIAS, 1);
IS(ACT_MAXOUT_GLOROT, 2);
IS(ACT_NEEDS_INPUT, 1);
IS(ACT_NEEDS_OUTPUT, 2);
IS(ACT_NEEDS_STATE, 4);
IS(ACT_NEEDS_ALL, 8);
IS(ACT_SGD_DECAY_TO_INITIAL, 1);
IS(ACT_GAIN_FORWARD, 0);
IS(ACT_GAIN_BACKWARD, 1);

/* What is not known at compile time. */
static void kind_numbers_and_names(void **unused) {
    (void)unused;
    static const char *const names[] = {
#define ACT_PINNED(number, kind, name, spec) name,
#include "pinned.def"
    };
    const act_kind count = sizeof names / sizeof *names;
    assert_true(act_kind_count() >= count);
    for (act_kind kind = 0; kind < count; kind++) {
        act_kind found = -1;
        assert_string_equal(act_kind_name(kind), names[kind]);
        assert_int_equal(act_kind_from_name(&found, names[kind]), ACT_OK);
        assert_int_equal(found, kind);
    }
    assert_null(act_kind_name(-1));
    assert_null(act_kind_name(act_kind_count()));
}

static void sgd_initialiser_is_sgd_init(void **unused) {
    (void)unused;
    act_sgd by_macro = ACT_SGD_INIT, by_call;
    memset(&by_call, 0xa5, sizeof by_call);
    assert_int_equal(act_sgd_init(&by_call), ACT_OK);
    assert_memory_equal(&by_macro, &by_call, sizeof by_macro);
}

static void tensor_init_fills_a_dltensor(void **unused) {
    (void)unused;
    static const struct {
        act_dtype dtype;
        uint8_t code, bits;
    } types[] = {{ACT_FLOAT32, kDLFloat, 32},
                 {ACT_FLOAT64, kDLFloat, 64},
                 {ACT_FLOAT16, kDLFloat, 16},
                 {ACT_BFLOAT16, kDLBfloat, 16}};
    double data[6];
    const int64_t shape[] = {2, 3}, strides[] = {1, 2};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        act_tensor tensor;
        memset(&tensor, 0xa5, sizeof tensor);
        assert_int_equal(act_tensor_init(&tensor, data, types[i].dtype, 2, shape, strides), ACT_OK);
        DLTensor theirs;
        memcpy(&theirs, &tensor, sizeof theirs);
        assert_ptr_equal(theirs.data, data);
        assert_int_equal(theirs.device.device_type, kDLCPU);
        assert_int_equal(theirs.device.device_id, 0);
        assert_int_equal(theirs.ndim, 2);
        assert_int_equal(theirs.dtype.code, types[i].code);
        assert_int_equal(theirs.dtype.bits, types[i].bits);
        assert_int_equal(theirs.dtype.lanes, 1);
        assert_ptr_equal(theirs.shape, shape);
        assert_ptr_equal(theirs.strides, strides);
        assert_int_equal(theirs.byte_offset, 0);
    }
}

static void library_and_header_are_one_version(void **unused) {
    (void)unused;
    assert_int_equal(act_version(), ACT_VERSION);
    const char *text = act_version_string();
    int part[3] = {ACT_VERSION_MAJOR, ACT_VERSION_MINOR, ACT_VERSION_PATCH};
    for (int i = 0; i < 3; i++) {
        int64_t number = 0;
        assert_in_range(*text, '0', '9');
        for (; *text >= '0' && *text <= '9'; text++)
            number = 10 * number + (*text - '0');
        assert_int_equal(number, part[i]);
        assert_int_equal(*text++, i < 2 ? '.' : '\0');
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kind_numbers_and_names),
        cmocka_unit_test(sgd_initialiser_is_sgd_init),
        cmocka_unit_test(tensor_init_fills_a_dltensor),
        cmocka_unit_test(library_and_header_are_one_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
