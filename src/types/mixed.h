/*
 * Kernels over contiguous elements of any types that a call may mix: float32, float16 and bfloat16, or float64 alone.
 */
#ifndef ACT_TYPES_MIXED_H
#define ACT_TYPES_MIXED_H

#include "dispatch.h"
#include "types/call.h"

/* One function over n contiguous elements of the compute type. */
void act__formula_run(const act__formula *formula, act__function function, int real, const void *const *in, void *out,
                      int64_t n);

static inline int32_t act__operands_of(act__function function) { return function == ACT__RUN_FORWARD ? 2 : 3; }

/* dtype: of the inputs, then the output, of which either all are float64 or none. */
void act__call_set(act__call *call, const act__formula *formula, act__function function, const act_dtype *dtype);

/* data: of each operand. The output may be exactly an input of its type. */
void act__call_run(const act__call *call, void *const *data, int64_t n);

static inline int act__is_half(act_dtype dtype) { return dtype == ACT_FLOAT16 || dtype == ACT_BFLOAT16; }

/* n elements as the compute type: where they are if they are that already, else in the buffer. */
static inline const void *act__widened(const act__convert_kernels *convert, act_dtype dtype, const void *data,
                                       void *buffer, int64_t n) {
    if (!convert->widen[dtype])
        return data;
    convert->widen[dtype](data, buffer, n);
    return buffer;
}

/* Where to compute what act__narrowed is then to bring to data. */
static inline void *act__result_in(const act__convert_kernels *convert, act_dtype dtype, void *data, void *buffer) {
    return convert->narrow[dtype] ? buffer : data;
}

static inline void act__narrowed(const act__convert_kernels *convert, act_dtype dtype, void *data, const void *buffer,
                                 int64_t n) {
    if (convert->narrow[dtype])
        convert->narrow[dtype](buffer, data, n, 0);
}

#endif
