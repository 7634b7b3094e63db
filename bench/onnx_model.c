/* See onnx_model.h. The field numbers are those of onnx.proto. */
#include "onnx_model.h"

#include <string.h>

enum { OPSET = 16, IR_VERSION = 8, MOST = 1024 };
enum { WIRE_VARINT = 0, WIRE_BYTES = 2, WIRE_FLOAT = 5, ATTRIBUTE_FLOAT = 1 };

/* A protocol-buffer message under construction. */
typedef struct message {
    unsigned char at[MOST];
    size_t size;
} message;

static void put(message *m, const void *bytes, size_t size) {
    if (m->size + size <= MOST)
        memcpy(m->at + m->size, bytes, size);
    m->size += size;
}

static void put_varint(message *m, uint64_t value) {
    do {
        const unsigned char byte = (unsigned char)((value & 127) | (value > 127 ? 128 : 0));
        put(m, &byte, 1);
    } while (value >>= 7);
}

static void put_key(message *m, unsigned field, unsigned wire) { put_varint(m, field << 3 | wire); }

static void put_integer(message *m, unsigned field, int64_t value) {
    put_key(m, field, WIRE_VARINT);
    put_varint(m, (uint64_t)value);
}

static void put_bytes(message *m, unsigned field, const void *bytes, size_t size) {
    put_key(m, field, WIRE_BYTES);
    put_varint(m, size);
    put(m, bytes, size);
}

static void put_text(message *m, unsigned field, const char *text) { put_bytes(m, field, text, strlen(text)); }
static void put_message(message *m, unsigned field, const message *part) {
    put_bytes(m, field, part->at, part->size <= MOST ? part->size : 0);
}

static void put_float(message *m, unsigned field, float value) {
    put_key(m, field, WIRE_FLOAT);
    put(m, &value, sizeof value);
}

/* ValueInfoProto{name = 1, type = 2 {tensor_type = 1 {elem_type = 1, shape = 2 {dim = 1 {dim_value = 1}}}}} */
static message value_info(const char *name, int32_t type, const int64_t *extents, int32_t ndim) {
    message shape = {.size = 0}, tensor = {.size = 0}, outer = {.size = 0}, info = {.size = 0};
    for (int32_t i = 0; i < ndim; i++) {
        message dim = {.size = 0};
        put_integer(&dim, 1, extents[i]);
        put_message(&shape, 1, &dim);
    }
    put_integer(&tensor, 1, type);
    put_message(&tensor, 2, &shape);
    put_message(&outer, 1, &tensor);
    put_text(&info, 1, name);
    put_message(&info, 2, &outer);
    return info;
}

/* NodeProto{input = 1, output = 2, op_type = 4, attribute = 5 {name = 1, f = 2, type = 20}} */
static message node_of(const onnx_operator *op) {
    message node = {.size = 0}, attribute = {.size = 0};
    put_text(&node, 1, "x");
    if (op->second_shape)
        put_text(&node, 1, "w");
    put_text(&node, 2, "y");
    put_text(&node, 4, op->name);
    if (op->attribute) {
        put_text(&attribute, 1, op->attribute);
        put_float(&attribute, 2, op->value);
        put_integer(&attribute, 20, ATTRIBUTE_FLOAT);
        put_message(&node, 5, &attribute);
    }
    return node;
}

/* GraphProto{node = 1, name = 2, input = 11, output = 12} */
static message graph_of(const onnx_operator *op) {
    message graph = {.size = 0};
    const message node = node_of(op), x = value_info("x", op->type, op->shape, op->ndim),
                  y = value_info("y", op->type, op->shape, op->ndim);
    put_message(&graph, 1, &node);
    put_text(&graph, 2, "g");
    put_message(&graph, 11, &x);
    if (op->second_shape) {
        const message w = value_info("w", op->type, op->second_shape, op->second_ndim);
        put_message(&graph, 11, &w);
    }
    put_message(&graph, 12, &y);
    return graph;
}

/* ModelProto{ir_version = 1, graph = 7, opset_import = 8 {domain = 1, version = 2}} */
size_t onnx_model_write(unsigned char *buffer, size_t size, const onnx_operator *op) {
    message model = {.size = 0}, opset = {.size = 0};
    const message graph = graph_of(op);
    put_integer(&model, 1, IR_VERSION);
    put_message(&model, 7, &graph);
    put_text(&opset, 1, "");
    put_integer(&opset, 2, OPSET);
    put_message(&model, 8, &opset);
    if (model.size > size || model.size > MOST || graph.size > MOST)
        return 0;
    memcpy(buffer, model.at, model.size);
    return model.size;
}
