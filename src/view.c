/*
 * Reads an act_tensor that may hold anything: device, type, rank, extents, strides, alignment, and whether the bytes
 * it spans can be counted. Called by whatever takes a tensor from users; everything below trusts a view.
 */
#include "view.h"

#include "status.h"

#include <inttypes.h>

enum { DEVICE_CUDA_HOST = 3, DEVICE_ROCM_HOST = 11 };
enum { CODE_FLOAT = 2, CODE_BFLOAT = 4 };

const char *act__dtype_name(act_dtype dtype) {
    switch (dtype) {
    case ACT_FLOAT32:
        return "float32";
    case ACT_FLOAT64:
        return "float64";
    case ACT_FLOAT16:
        return "float16";
    case ACT_BFLOAT16:
        return "bfloat16";
    default:
        return "unknown";
    }
}

int act__dtype_learnable(act_dtype dtype) { return dtype == ACT_FLOAT32 || dtype == ACT_FLOAT64; }

act_status act_tensor_init(act_tensor *out, void *data, act_dtype dtype, int32_t ndim, const int64_t *shape,
                           const int64_t *strides) {
    ACT_CHECK(out, ACT_ERR_INVALID_ARGUMENT, "out is NULL");
    ACT_CHECK(act__dtype_size(dtype), ACT_ERR_DTYPE, "dtype: %d is no element type", dtype);
    ACT_CHECK(ndim >= 0 && ndim <= ACT_MAX_NDIM, ACT_ERR_SHAPE, "ndim is %d, expected 0 to %d", ndim, ACT_MAX_NDIM);
    ACT_CHECK(shape || ndim == 0, ACT_ERR_INVALID_ARGUMENT, "shape is NULL but ndim is %d", ndim);
    *out = (act_tensor){.data = data,
                        .device_type = ACT__DEVICE_CPU,
                        .ndim = ndim,
                        .dtype_code = dtype == ACT_BFLOAT16 ? CODE_BFLOAT : CODE_FLOAT,
                        .dtype_bits = (uint8_t)(8 * act__dtype_size(dtype)),
                        .dtype_lanes = 1,
                        .shape = shape,
                        .strides = strides};
    return ACT_OK;
}

act_dtype act__dtype_of(const act_tensor *t) {
    if (t->dtype_lanes != 1)
        return 0;
    if (t->dtype_code == CODE_BFLOAT)
        return t->dtype_bits == 16 ? ACT_BFLOAT16 : 0;
    if (t->dtype_code != CODE_FLOAT)
        return 0;
    return t->dtype_bits == 32   ? ACT_FLOAT32
           : t->dtype_bits == 64 ? ACT_FLOAT64
           : t->dtype_bits == 16 ? ACT_FLOAT16
                                 : 0;
}

static act_status check_header(act_dtype *dtype, const act_tensor *t, const char *name) {
    ACT_CHECK(t, ACT_ERR_INVALID_ARGUMENT, "%s is NULL", name);
    ACT_CHECK(t->device_type == ACT__DEVICE_CPU || t->device_type == DEVICE_CUDA_HOST ||
                  t->device_type == DEVICE_ROCM_HOST,
              ACT_ERR_DEVICE, "%s: device type is %d, expected CPU memory (1) or pinned host memory (3, 11)", name,
              t->device_type);
    *dtype = act__dtype_of(t);
    ACT_CHECK(
        *dtype, ACT_ERR_DTYPE,
        "%s: type code %d, %d bits, %d lanes is no element type; expected float32, float64, float16 or bfloat16",
        name, t->dtype_code, t->dtype_bits, t->dtype_lanes);
    ACT_CHECK(t->ndim >= 0 && t->ndim <= ACT_MAX_NDIM, ACT_ERR_SHAPE, "%s: rank is %d, expected 0 to %d", name,
              t->ndim, ACT_MAX_NDIM);
    ACT_CHECK(t->shape || t->ndim == 0, ACT_ERR_INVALID_ARGUMENT, "%s: shape is NULL but the rank is %d", name,
              t->ndim);
    return ACT_OK;
}

/* Counts the elements, and sees whether they are dense. Extents of 0 count before products that overflow. */
static act_status measure_shape(act__view *view, const act_tensor *t, const char *name) {
    int64_t count = 1;
    int overflow = 0, empty = 0;
    view->dense = 1;
    for (int32_t d = t->ndim - 1; d >= 0; d--) {
        const int64_t extent = t->shape[d];
        ACT_CHECK(extent >= 0, ACT_ERR_SHAPE, "%s: dimension %d is %" PRId64 ", expected 0 or more", name, d, extent);
        if (t->strides && extent != 1 && t->strides[d] != count)
            view->dense = 0;
        empty |= extent == 0;
        overflow |= __builtin_mul_overflow(count, extent, &count);
    }
    ACT_CHECK(!overflow || empty, ACT_ERR_SHAPE, "%s: the product of the extents overflows 64 bits", name);
    view->count = empty ? 0 : count;
    view->dense |= empty;
    return ACT_OK;
}

/* Bytes below and above the first element. */
static int measure_span(act__view *view, const act_tensor *t) {
    int64_t low = 0, high = view->size;
    if (view->dense)
        return __builtin_mul_overflow(view->count, (int64_t)view->size, &view->high);
    for (int32_t d = 0; d < t->ndim; d++) {
        int64_t reach;
        if (__builtin_mul_overflow(t->strides[d], t->shape[d] - 1, &reach) ||
            __builtin_mul_overflow(reach, (int64_t)view->size, &reach) ||
            __builtin_add_overflow(reach, reach < 0 ? low : high, reach < 0 ? &low : &high))
            return 1;
    }
    view->low = low;
    view->high = high;
    return 0;
}

act_status act__view_open(act__view *view, const act_tensor *t, const char *name) {
    ACT_TRY(check_header(&view->dtype, t, name));
    view->tensor = t;
    view->name = name;
    view->size = act__dtype_size(view->dtype);
    view->low = 0;
    ACT_TRY(measure_shape(view, t, name));
    ACT_CHECK(!measure_span(view, t), ACT_ERR_SHAPE, "%s: the bytes that the tensor spans overflow 64 bits", name);
    ACT_CHECK(t->data || view->count == 0, ACT_ERR_INVALID_ARGUMENT,
              "%s: data is NULL but there are %" PRId64 " elements", name, view->count);
    const uintptr_t first = (uintptr_t)t->data + (uintptr_t)t->byte_offset;
    view->data = (char *)first; // NOLINT(performance-no-int-to-ptr): NULL data with an offset is legal here
    if (view->count == 0)
        return ACT_OK;
    ACT_CHECK(t->byte_offset <= (uint64_t)(UINTPTR_MAX - (uintptr_t)t->data) &&
                  (uintptr_t)0 - (uintptr_t)view->low <= first && (uintptr_t)view->high <= UINTPTR_MAX - first,
              ACT_ERR_SHAPE, "%s: the tensor reaches beyond the address space", name);
    ACT_CHECK((first & (uintptr_t)(view->size - 1)) == 0, ACT_ERR_LAYOUT,
              "%s: data plus byte_offset is %" PRIxPTR " (hexadecimal), not a multiple of the element's %d bytes",
              name, first, view->size);
    return ACT_OK;
}

void act__view_strides(const act__view *view, int64_t *strides) {
    const act_tensor *t = view->tensor;
    int64_t dense = 1;
    for (int32_t d = t->ndim - 1; d >= 0; d--) {
        strides[d] = t->strides ? t->strides[d] : dense;
        dense *= t->shape[d];
    }
}
