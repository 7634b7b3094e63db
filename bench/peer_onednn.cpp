// oneDNN, 2 and 3: primitives, memories and arguments are made once; a run is execute and wait.
#include "peer_main.h"

#include "activations/activations.h"

#include <cstdio>
#include <cstring>
#include <dnnl.hpp>
#include <omp.h>
#include <unordered_map>

namespace {

using namespace dnnl;

struct known {
    const char *function;
    algorithm input, output; // output: the form whose backward takes y
    bool from_output;
    float alpha, beta;
    bool alpha_is_parameter;
};

const algorithm none = algorithm::undef;
const known functions[] = {
    {"identity", algorithm::eltwise_linear, none, false, 1, 0, false},
    {"relu", algorithm::eltwise_relu, algorithm::eltwise_relu_use_dst_for_bwd, true, 0, 0, false},
    {"leaky_relu", algorithm::eltwise_relu, algorithm::eltwise_relu_use_dst_for_bwd, true, 0, 0, true},
    {"clipped_relu", algorithm::eltwise_clip_v2, algorithm::eltwise_clip_v2_use_dst_for_bwd, true, 0, 6, false},
    {"hard_tanh", algorithm::eltwise_clip_v2, algorithm::eltwise_clip_v2_use_dst_for_bwd, true, -1, 1, false},
    {"elu", algorithm::eltwise_elu, algorithm::eltwise_elu_use_dst_for_bwd, true, 0, 0, true},
    {"sigmoid", algorithm::eltwise_logistic, algorithm::eltwise_logistic_use_dst_for_bwd, true, 0, 0, false},
    {"tanh", algorithm::eltwise_tanh, algorithm::eltwise_tanh_use_dst_for_bwd, true, 0, 0, false},
    {"gelu", algorithm::eltwise_gelu_erf, none, false, 0, 0, false},
    {"gelu_tanh", algorithm::eltwise_gelu_tanh, none, false, 0, 0, false},
    {"silu", algorithm::eltwise_swish, none, false, 1, 0, false},
    {"swish", algorithm::eltwise_swish, none, false, 0, 0, true},
    {"quick_gelu", algorithm::eltwise_swish, none, false, 1.702f, 0, false},
    {"mish", algorithm::eltwise_mish, none, false, 0, 0, false},
    {"abs", algorithm::eltwise_abs, none, false, 0, 0, false},
    {"square", algorithm::eltwise_square, none, false, 0, 0, false},
    {"sqrt", algorithm::eltwise_sqrt, algorithm::eltwise_sqrt_use_dst_for_bwd, true, 0, 0, false},
    {"exp", algorithm::eltwise_exp, algorithm::eltwise_exp_use_dst_for_bwd, true, 0, 0, false},
    {"log", algorithm::eltwise_log, none, false, 0, 0, false},
#if DNNL_VERSION_MAJOR >= 3
    {"softplus", algorithm::eltwise_soft_relu, none, false, 1, 0, false},
    {"log_sigmoid", algorithm::eltwise_soft_relu, none, false, -1, 0, false},
    {"hard_swish", algorithm::eltwise_hardswish, none, false, 1.0f / 6, 0.5f, false},
    {"hard_sigmoid", algorithm::eltwise_hardsigmoid, none, false, 1.0f / 6, 0.5f, false},
#endif
};

struct call {
    engine cpu{engine::kind::cpu, 0};
    stream order{cpu};
    primitive work;
    std::unordered_map<int, memory> arguments;
};

const known *find(const cell *c) {
    for (const known &k : functions)
        if (!std::strcmp(k.function, c->function))
            return &k;
    return nullptr;
}

memory::data_type type_of(const cell *c) {
    return c->dtype == ACT_FLOAT32    ? memory::data_type::f32
           : c->dtype == ACT_FLOAT16  ? memory::data_type::f16
           : c->dtype == ACT_BFLOAT16 ? memory::data_type::bf16
                                      : memory::data_type::undef;
}

// The layout as oneDNN names it: channels come second, wherever they lie.
memory::desc describe(const cell *c, const cell_view &view) {
    memory::dims shape(view.shape, view.shape + view.ndim), strides(view.strides, view.strides + view.ndim);
    if (c->slopes && c->slope_axis == 3) {
        shape = {view.shape[0], view.shape[3], view.shape[1], view.shape[2]};
        strides = {view.strides[0], view.strides[3], view.strides[1], view.strides[2]};
    }
    if (c->slopes && c->slope_axis < 0) { // rows of one channel, or it takes its reference code
        const int64_t rows = c->elements < 16384 ? 1 : 16, columns = c->elements / rows;
        shape = {rows, 1, columns};
        strides = {columns, columns, 1};
    }
    return {shape, type_of(c), strides};
}

memory::desc describe_slopes(const cell *c) {
    const int64_t n = c->slopes;
    return c->slope_axis < 0 ? memory::desc({1, 1, 1}, type_of(c), memory::dims{1, 1, 1})
                             : memory::desc({1, n, 1, 1}, type_of(c), memory::dims{n, 1, 1, 1});
}

void set_argument(call *k, int name, const memory::desc &form, void *at) {
    k->arguments.insert({name, memory(form, k->cpu, at)});
}

#if DNNL_VERSION_MAJOR >= 3

eltwise_forward::primitive_desc forward_of(call *k, prop_kind kind, algorithm a, const memory::desc &x,
                                           const memory::desc &y, float alpha, float beta) {
    return {k->cpu, kind, a, x, y, alpha, beta};
}

eltwise_backward::primitive_desc backward_of(call *k, algorithm a, const memory::desc &dx, const memory::desc &dy,
                                             const memory::desc &data, float alpha, float beta,
                                             const eltwise_forward::primitive_desc &hint) {
    return {k->cpu, a, dx, dy, data, alpha, beta, hint};
}

prelu_forward::primitive_desc prelu_forward_of(call *k, const memory::desc &x, const memory::desc &slopes) {
    return {k->cpu, prop_kind::forward_training, x, slopes, x};
}

prelu_backward::primitive_desc prelu_backward_of(call *k, const memory::desc &x, const memory::desc &slopes,
                                                 const prelu_forward::primitive_desc &hint) {
    return {k->cpu, x, slopes, x, slopes, x, hint};
}

#else

eltwise_forward::primitive_desc forward_of(call *k, prop_kind kind, algorithm a, const memory::desc &x,
                                           const memory::desc &, float alpha, float beta) {
    return {eltwise_forward::desc(kind, a, x, alpha, beta), k->cpu};
}

eltwise_backward::primitive_desc backward_of(call *k, algorithm a, const memory::desc &dx, const memory::desc &,
                                             const memory::desc &data, float alpha, float beta,
                                             const eltwise_forward::primitive_desc &hint) {
    return {eltwise_backward::desc(a, dx, data, alpha, beta), k->cpu, hint};
}

prelu_forward::primitive_desc prelu_forward_of(call *k, const memory::desc &x, const memory::desc &slopes) {
    return {prelu_forward::desc(prop_kind::forward_training, x, slopes), k->cpu};
}

prelu_backward::primitive_desc prelu_backward_of(call *k, const memory::desc &x, const memory::desc &slopes,
                                                 const prelu_forward::primitive_desc &hint) {
    return {prelu_backward::desc(x, slopes, x, slopes), k->cpu, hint};
}

#endif

bool make_eltwise(call *k, const cell *c, const arena *shared) {
    const known *f = find(c);
    const bool from_output = c->direction == BACKWARD_FROM_OUTPUT;
    if (!f || (from_output && !f->from_output))
        return false;
    const float alpha = f->alpha_is_parameter ? static_cast<float>(c->param[0]) : f->alpha;
    const algorithm a = from_output ? f->output : f->input;
    if (c->direction == FORWARD) {
        const memory::desc x = describe(c, c->x), y = describe(c, c->y);
        k->work = eltwise_forward(forward_of(k, prop_kind::forward_inference, a, x, y, alpha, f->beta));
        set_argument(k, DNNL_ARG_SRC, x, arena_at(shared, c->x.slot));
        set_argument(k, DNNL_ARG_DST, y, arena_at(shared, c->y.slot));
        return true;
    }
    const cell_view &kept = from_output ? c->y : c->x;
    const memory::desc data = describe(c, kept), dy = describe(c, c->dy), dx = describe(c, c->dx);
    const auto hint = forward_of(k, prop_kind::forward_training, a, data, data, alpha, f->beta);
    k->work = eltwise_backward(backward_of(k, a, dx, dy, data, alpha, f->beta, hint));
    set_argument(k, from_output ? DNNL_ARG_DST : DNNL_ARG_SRC, data, arena_at(shared, kept.slot));
    set_argument(k, DNNL_ARG_DIFF_DST, dy, arena_at(shared, c->dy.slot));
    set_argument(k, DNNL_ARG_DIFF_SRC, dx, arena_at(shared, c->dx.slot));
    return true;
}

bool make_prelu(call *k, const cell *c, const arena *shared) {
    const memory::desc x = describe(c, c->x), slopes = describe_slopes(c);
    const auto forward = prelu_forward_of(k, x, slopes);
    set_argument(k, DNNL_ARG_SRC, x, arena_at(shared, SLOT_X));
    set_argument(k, DNNL_ARG_WEIGHTS, slopes, arena_at(shared, SLOT_PARAMETERS));
    if (c->direction == FORWARD) {
        k->work = prelu_forward(forward);
        set_argument(k, DNNL_ARG_DST, x, arena_at(shared, SLOT_Y));
        return true;
    }
    k->work = prelu_backward(prelu_backward_of(k, x, slopes, forward));
    set_argument(k, DNNL_ARG_DIFF_DST, x, arena_at(shared, SLOT_DY));
    set_argument(k, DNNL_ARG_DIFF_SRC, x, arena_at(shared, SLOT_DX));
    set_argument(k, DNNL_ARG_DIFF_WEIGHTS, slopes, arena_at(shared, SLOT_GRADIENTS));
    return c->direction == BACKWARD_FROM_INPUT;
}

// Version 2 gives the output the form of the input.
bool suits(const cell *c) {
    const cell_view *reads[2];
    cell_reads(c, reads);
    return c->direction != BACKWARD_FROM_STATE && !c->maxout.rows && type_of(c) != memory::data_type::undef &&
           (DNNL_VERSION_MAJOR >= 3 || cell_view_contiguous(reads[0]));
}

void *prepare(const cell *c, const arena *shared) {
    if (!suits(c))
        return nullptr;
    omp_set_num_threads(c->threads);
    try {
        call *k = new call;
        if (c->slopes ? make_prelu(k, c, shared) : make_eltwise(k, c, shared))
            return k;
        delete k;
    } catch (const error &) { // it refuses this layout or type
    }
    return nullptr;
}

void run(void *object) {
    call *k = static_cast<call *>(object);
    k->work.execute(k->order, k->arguments);
    k->order.wait();
}

void destroy(void *object) { delete static_cast<call *>(object); }

const char *version() {
    static char text[64];
    const dnnl_version_t *v = dnnl_version();
    std::snprintf(text, sizeof text, "%d.%d.%d", v->major, v->minor, v->patch);
    return text;
}

const peer onednn = {"oneDNN", version, prepare,      run,    destroy,     nullptr,
                     nullptr,  nullptr, {1e-5, 4e-5}, {0, 0}, {1e-2, 2e-2}};

} // namespace

extern "C" const peer *const the_peer = &onednn;
