/* XNNPACK: forward, float32, rows without gaps in them. Operators are created, shaped and bound to memory once. */
#include "peer_main.h"

#include "activations/activations.h"

#include <math.h>
#include <pthreadpool.h>
#include <stdlib.h>
#include <string.h>
#include <xnnpack.h>

typedef struct call {
    xnn_operator_t operator;
    pthreadpool_t pool;
} call;

typedef struct rows {
    size_t count, columns, stride; /* elements from one row read to the next */
    const float *x;
    float *y;
} rows;

#ifdef BENCH_XNNPACK_UNARY /* since 2024: one operator for all functions */

static const struct {
    const char *function;
    enum xnn_unary_operator operator;
    float low, high; /* of clamp */
} known[] = {{"relu", xnn_unary_clamp, 0, INFINITY}, {"clipped_relu", xnn_unary_clamp, 0, 6},
             {"hard_tanh", xnn_unary_clamp, -1, 1},  {"leaky_relu", xnn_unary_leaky_relu, 0, 0},
             {"elu", xnn_unary_elu, 0, 0},           {"sigmoid", xnn_unary_sigmoid, 0, 0},
             {"tanh", xnn_unary_tanh, 0, 0},         {"hard_swish", xnn_unary_hardswish, 0, 0},
             {"gelu", xnn_unary_gelu, 0, 0},         {"abs", xnn_unary_abs, 0, 0},
             {"square", xnn_unary_square, 0, 0},     {"sqrt", xnn_unary_square_root, 0, 0},
             {"exp", xnn_unary_exp, 0, 0},           {"log", xnn_unary_log, 0, 0}};

static bool create_prelu(call *k, const cell *c, const rows *r, const void *slopes) {
    size_t shape[CELL_MAX_NDIM], slope_shape[CELL_MAX_NDIM];
    for (int32_t i = 0; i < c->x.ndim; i++) {
        shape[i] = (size_t)c->x.shape[i];
        slope_shape[i] = i == c->slope_axis ? shape[i] : 1;
    }
    const size_t n = (size_t)c->x.ndim;
    return xnn_create_binary_elementwise_nd(xnn_binary_prelu, xnn_datatype_fp32, NULL, NULL, NULL, 0, &k->operator) ==
               xnn_status_success &&
           xnn_reshape_binary_elementwise_nd(k->operator, n, shape, n, slope_shape, k->pool) == xnn_status_success &&
           xnn_setup_binary_elementwise_nd(k->operator, r->x, slopes, r->y) == xnn_status_success;
}

static bool create(call *k, const cell *c, const rows *r, const void *slopes) {
    union xnn_unary_params params = {{0}};
    if (c->slopes)
        return create_prelu(k, c, r, slopes);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(c->function, known[i].function) != 0)
            continue;
        if (known[i].operator== xnn_unary_clamp) {
            params.clamp.min = known[i].low;
            params.clamp.max = known[i].high;
        }
        if (known[i].operator== xnn_unary_leaky_relu)
            params.leaky_relu.negative_slope = (float)c->param[0];
        if (known[i].operator== xnn_unary_elu)
            params.elu.alpha = (float)c->param[0];
        return xnn_create_unary_elementwise_nc(known[i].operator, xnn_datatype_fp32, xnn_datatype_fp32, &params, NULL,
                                               NULL, 0, &k->operator) == xnn_status_success &&
               xnn_reshape_unary_elementwise_nc(k->operator, r->count, r->columns, r->stride, r->columns, k->pool) ==
                   xnn_status_success &&
               xnn_setup_unary_elementwise_nc(k->operator, r->x, r->y) == xnn_status_success;
    }
    return false;
}

#else

static bool create(call *k, const cell *c, const rows *r, const void *slopes) {
    const float slope = (float)c->param[0];
    const size_t n = r->columns, from = r->stride;
    enum xnn_status status = xnn_status_unsupported_parameter;
#define MAKE(kind, ...)                                        \
    (status = xnn_create_##kind(__VA_ARGS__, 0, &k->operator), \
     status = status ? status : xnn_setup_##kind(k->operator, r->count, r->x, r->y, k->pool))
    if (!strcmp(c->function, "relu"))
        MAKE(clamp_nc_f32, n, from, n, 0, INFINITY);
    else if (!strcmp(c->function, "clipped_relu"))
        MAKE(clamp_nc_f32, n, from, n, 0, 6);
    else if (!strcmp(c->function, "hard_tanh"))
        MAKE(clamp_nc_f32, n, from, n, -1, 1);
    else if (!strcmp(c->function, "leaky_relu") || (c->slopes && c->slope_axis < 0))
        MAKE(leaky_relu_nc_f32, n, from, n, slope);
    else if (c->slopes && c->slope_axis == c->x.ndim - 1)
        MAKE(prelu_nc_f32, n, from, n, slopes);
    else if (!strcmp(c->function, "elu"))
        MAKE(elu_nc_f32, n, from, n, slope);
    else if (!strcmp(c->function, "sigmoid"))
        MAKE(sigmoid_nc_f32, n, from, n);
    else if (!strcmp(c->function, "hard_swish"))
        MAKE(hardswish_nc_f32, n, from, n);
    else if (!strcmp(c->function, "abs"))
        MAKE(abs_nc_f32, n, from, n);
    else if (!strcmp(c->function, "square"))
        MAKE(square_nc_f32, n, from, n);
    else if (!strcmp(c->function, "sqrt"))
        MAKE(square_root_nc_f32, n, from, n);
    else if (!strcmp(c->function, "identity"))
        MAKE(copy_nc_x32, n, from, n);
#undef MAKE
    return status == xnn_status_success;
}

#endif

static bool set_rows(rows *r, const cell *c, const arena *memory) {
    const cell_view *x = &c->x;
    const int32_t last = x->ndim - 1;
    *r = (rows){1, (size_t)x->shape[last], (size_t)x->shape[last], arena_at(memory, x->slot),
                arena_at(memory, c->y.slot)};
    for (int32_t i = 0; i < last; i++)
        r->count *= (size_t)x->shape[i];
    if (last > 0 && !cell_view_contiguous(x))
        r->stride = (size_t)x->strides[0];
    return x->strides[last] == 1 && r->stride >= r->columns;
}

static void destroy(void *object) {
    call *k = object;
    xnn_delete_operator(k->operator);
    pthreadpool_destroy(k->pool);
    free(k);
}

static void *prepare(const cell *c, const arena *memory) {
    rows r;
    if (c->direction != FORWARD || c->dtype != ACT_FLOAT32 || c->maxout.rows || !set_rows(&r, c, memory))
        return NULL;
    call *k = calloc(1, sizeof *k);
    if (!k)
        return NULL;
    k->pool = c->threads > 1 ? pthreadpool_create((size_t)c->threads) : NULL;
    if (create(k, c, &r, arena_at(memory, SLOT_PARAMETERS)))
        return k;
    destroy(k);
    return NULL;
}

static void run(void *object) {
    const call *k = object;
    xnn_run_operator(k->operator, k->pool);
}

static const char *version(void) {
    xnn_initialize(NULL);
    return BENCH_XNNPACK_VERSION; /* it has no version of its own */
}

static const peer xnnpack = {.name = "XNNPACK",
                             .version = version,
                             .prepare = prepare,
                             .run = run,
                             .destroy = destroy,
                             .float32 = {1e-5, 1e-5}};
const peer *const the_peer = &xnnpack;
