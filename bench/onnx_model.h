/* An ONNX model of one operator, as onnxruntime wants to be told what to do. */
#ifndef BENCH_ONNX_MODEL_H
#define BENCH_ONNX_MODEL_H

#include <stddef.h>
#include <stdint.h>

typedef struct onnx_operator {
    const char *name;      /* "Elu" */
    const char *attribute; /* a float, such as "alpha"; or NULL */
    float value;
    const int64_t *shape; /* of x and y */
    int32_t ndim;
    const int64_t *second_shape; /* of a second input "w"; or NULL */
    int32_t second_ndim;
    int32_t type; /* TensorProto: 1 float, 10 float16, 11 double, 16 bfloat16 */
} onnx_operator;

/* Writes the model into `buffer` of `size` bytes; returns how many it takes, or 0 where they do not suffice. */
size_t onnx_model_write(unsigned char *buffer, size_t size, const onnx_operator *op);

#endif
