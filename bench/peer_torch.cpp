// PyTorch through its C++ library: tensors over the shared memory, outputs preallocated wherever an operator has an
// out form, inference mode, the number of threads as asked.
#include "peer_main.h"

#include "activations/activations.h"
#include "peer_torch_operations.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <cstring>
#include <dlfcn.h>
#include <malloc.h>
#include <torch/version.h>

namespace {

// ---- with slopes, drawn or learned ----

void rrelu_forward(call &k) { at::rrelu_with_noise_out(k.y, k.x, k.noise, param(k, 0), param(k, 1), true); }
void rrelu_backward(call &k) { at::mul_out(k.dx, k.noise, k.dy); } // what autograd's formula does in training

#if TORCH_VERSION_MAJOR >= 2

void prelu_forward(call &k) {
    allocate(k, [&k] { return at::_prelu_kernel(k.x, k.slopes); });
}

void prelu_backward(call &k) {
    k.allocated.reset();
    const auto both = at::_prelu_kernel_backward(k.dy, k.x, k.slopes);
    k.allocated = std::get<0>(both);
    k.gradient.copy_(std::get<1>(both).sum_to_size(k.gradient.sizes()));
}

#else

void prelu_forward(call &k) {
    allocate(k, [&k] { return at::prelu(k.x, k.slopes); });
}

void prelu_backward(call &k) {
    k.allocated.reset();
    const auto both = at::prelu_backward(k.dy, k.x, k.slopes);
    k.allocated = std::get<0>(both);
    k.gradient.copy_(std::get<1>(both));
}

#endif

// ---- maxout ----

Tensor pieces_of(call &k) { return k.z.view({k.what->maxout.rows, k.what->maxout.pieces, k.what->maxout.out}); }

void maxout_forward(call &k) {
    at::addmm_out(k.z, k.bias, k.x, k.weight.t());
    at::max_out(k.y, k.winners, pieces_of(k), 1);
}

void maxout_backward(call &k) {
    k.z.zero_();
    pieces_of(k).scatter_(1, k.winners.unsqueeze(1), k.dy.unsqueeze(1));
    at::mm_out(k.dx, k.z, k.weight);
    at::mm_out(k.gradient, k.z.t(), k.x);
    at::sum_out(k.bias_gradient, k.z, {0});
}

// ---- preparation ----

at::ScalarType type_of(const cell *c) {
    return c->dtype == ACT_FLOAT32   ? at::kFloat
           : c->dtype == ACT_FLOAT64 ? at::kDouble
           : c->dtype == ACT_FLOAT16 ? at::kHalf
                                     : at::kBFloat16;
}

// Channels come second for prelu, wherever they lie.
Tensor tensor_of(const cell *c, const cell_view &view, const arena *memory) {
    std::vector<int64_t> shape(view.shape, view.shape + view.ndim), strides(view.strides, view.strides + view.ndim);
    if (c->slopes && c->slope_axis == 3) {
        shape = {view.shape[0], view.shape[3], view.shape[1], view.shape[2]};
        strides = {view.strides[0], view.strides[3], view.strides[1], view.strides[2]};
    }
    return at::from_blob(arena_at(memory, view.slot), shape, strides, at::TensorOptions(type_of(c)));
}

Tensor dense(const cell *c, const arena *memory, slot where, int64_t first, at::IntArrayRef shape) {
    char *at = static_cast<char *>(arena_at(memory, where)) + static_cast<size_t>(first) * cell_dtype_size(c->dtype);
    return at::from_blob(at, shape, at::TensorOptions(type_of(c)));
}

void open_prelu(call &k, const cell *c, const arena *memory) {
    std::vector<int64_t> shape = {c->slopes};
    if (TORCH_VERSION_MAJOR >= 2 && c->slope_axis >= 0)
        shape = {1, c->slopes, 1, 1};
    k.slopes = dense(c, memory, SLOT_PARAMETERS, 0, shape);
    k.gradient = dense(c, memory, SLOT_GRADIENTS, 0, shape);
    k.work = c->direction == FORWARD ? prelu_forward : c->direction == BACKWARD_FROM_INPUT ? prelu_backward : nullptr;
}

void open_rrelu(call &k, const cell *c) {
    k.noise = at::empty(k.dy.sizes(), k.dy.options());
    Tensor y = at::empty_like(k.noise);
    at::rrelu_with_noise_out(y, k.x, k.noise, param(k, 0), param(k, 1), true);
    k.work = c->direction == FORWARD ? rrelu_forward : rrelu_backward;
}

void open_maxout(call &k, const cell *c, const arena *memory) {
    const cell_maxout &m = c->maxout;
    const int64_t units = m.pieces * m.out, weights = units * m.in;
    k.weight = dense(c, memory, SLOT_PARAMETERS, 0, {units, m.in});
    k.bias = dense(c, memory, SLOT_PARAMETERS, weights, {units});
    k.gradient = dense(c, memory, SLOT_GRADIENTS, 0, {units, m.in});
    k.bias_gradient = dense(c, memory, SLOT_GRADIENTS, weights, {units});
    k.z = at::empty({m.rows, units}, k.x.options());
    k.winners = at::empty({m.rows, m.out}, at::TensorOptions(at::kLong));
    maxout_forward(k);
    k.work = c->direction == FORWARD ? maxout_forward : maxout_backward;
}

void open_elementwise(call &k, const cell *c) {
    for (const operation &o : operations)
        if (!std::strcmp(o.function, c->function))
            k.work = c->direction == FORWARD                ? o.forward
                     : c->direction == BACKWARD_FROM_INPUT  ? o.from_input
                     : c->direction == BACKWARD_FROM_OUTPUT ? o.from_output
                                                            : nullptr;
    k.noise = at::empty(k.dy.sizes(), k.dy.options());
    if (!std::strcmp(c->function, "log_sigmoid") && c->direction == BACKWARD_FROM_INPUT)
        at::log_sigmoid_forward_out(k.y, k.noise, k.x); // it keeps what its backward reads
}

// at::set_num_threads() does not reach an OpenBLAS with threads of its own.
void set_threads(int threads) {
    at::set_num_threads(threads);
    const auto set_blas = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
    if (set_blas)
        set_blas(threads);
}

// Where an output must be allocated, its memory shall not come from the system each time, page by page.
bool keep_memory() { return mallopt(M_MMAP_MAX, 0) && mallopt(M_TRIM_THRESHOLD, -1); }

void *prepare(const cell *c, const arena *memory) {
    static const c10::InferenceMode no_autograd;
    static const bool kept = keep_memory();
    if (!kept)
        return nullptr;
    set_threads(c->threads);
    try {
        call *k = new call();
        k->copy = *c;
        k->what = &k->copy;
        k->x = tensor_of(c, c->x, memory);
        k->y = tensor_of(c, c->y, memory);
        k->dy = tensor_of(c, c->dy, memory);
        k->dx = tensor_of(c, c->dx, memory);
        if (c->maxout.rows)
            open_maxout(*k, c, memory);
        else if (c->slopes)
            open_prelu(*k, c, memory);
        else if (!std::strcmp(c->function, "rrelu"))
            open_rrelu(*k, c);
        else
            open_elementwise(*k, c);
        if (k->work)
            return k;
        delete k;
    } catch (const std::exception &) { // it refuses this type or layout
    }
    return nullptr;
}

void run(void *object) {
    call *k = static_cast<call *>(object);
    k->work(*k);
}

void publish(void *object) {
    call *k = static_cast<call *>(object);
    if (k->allocated.defined())
        (k->what->direction == FORWARD ? k->y : k->dx).copy_(k->allocated);
}

void destroy(void *object) {
    delete static_cast<call *>(object);
    malloc_trim(0);
}

const char *version() { return TORCH_VERSION; }

// What torch.testing.assert_close() allows for each type.
const peer pytorch = {"PyTorch", version, prepare,      run,          destroy,       nullptr,
                      nullptr,   publish, {1e-5, 2e-6}, {1e-7, 1e-7}, {1e-3, 1.6e-2}};

} // namespace

extern "C" const peer *const the_peer = &pytorch;
