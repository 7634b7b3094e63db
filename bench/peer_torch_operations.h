// PyTorch's elementwise operators under the names of the library's kinds. Included by peer_torch.cpp.
#ifndef BENCH_PEER_TORCH_OPERATIONS_H
#define BENCH_PEER_TORCH_OPERATIONS_H

#include "cells.h"

#include <ATen/ATen.h>

namespace {

using at::Tensor;

struct call {
    Tensor x, y, dy, dx, slopes, noise, weight, bias, z, winners, gradient, bias_gradient;
    const cell *what;
    cell copy;
    void (*work)(call &);
    Tensor allocated; // an output for which the operator has no out form
};

double param(const call &k, int index) { return k.what->param[index]; }

// The memory of the last call's output is freed first, so that the same memory serves again.
template <typename Operator> void allocate(call &k, Operator work) {
    k.allocated.reset();
    k.allocated = work();
}

const double selu_alpha = 1.6732632423543772848170429916717, selu_scale = 1.0507009873554804934193349852946;

// Forward, backward from x, backward from y; nullptr where there is none. `noise` is scratch of the tensor's size.
struct operation {
    const char *function;
    void (*forward)(call &);
    void (*from_input)(call &);
    void (*from_output)(call &);
};

const operation operations[] = {
    {"identity", [](call &k) { k.y.copy_(k.x); }, [](call &k) { k.dx.copy_(k.dy); }, nullptr},
    {"relu", [](call &k) { at::clamp_min_out(k.y, k.x, 0); }, // what relu() calls
     [](call &k) { at::threshold_backward_out(k.dx, k.dy, k.x, 0); },
     [](call &k) { at::threshold_backward_out(k.dx, k.dy, k.y, 0); }},
    {"leaky_relu", [](call &k) { at::leaky_relu_out(k.y, k.x, param(k, 0)); },
     [](call &k) { at::leaky_relu_backward_out(k.dx, k.dy, k.x, param(k, 0), false); },
     [](call &k) { at::leaky_relu_backward_out(k.dx, k.dy, k.y, param(k, 0), true); }},
    {"clipped_relu", [](call &k) { at::hardtanh_out(k.y, k.x, 0, param(k, 0)); },
     [](call &k) { at::hardtanh_backward_out(k.dx, k.dy, k.x, 0, param(k, 0)); },
     [](call &k) { at::hardtanh_backward_out(k.dx, k.dy, k.y, 0, param(k, 0)); }},
    {"threshold", [](call &k) { at::threshold_out(k.y, k.x, param(k, 0), param(k, 1)); },
     [](call &k) { at::threshold_backward_out(k.dx, k.dy, k.x, param(k, 0)); }, nullptr},
    {"hard_tanh", [](call &k) { at::hardtanh_out(k.y, k.x, param(k, 0), param(k, 1)); },
     [](call &k) { at::hardtanh_backward_out(k.dx, k.dy, k.x, param(k, 0), param(k, 1)); },
     [](call &k) { at::hardtanh_backward_out(k.dx, k.dy, k.y, param(k, 0), param(k, 1)); }},
    {"hard_sigmoid", [](call &k) { at::hardsigmoid_out(k.y, k.x); },
     [](call &k) { at::hardsigmoid_backward_out(k.dx, k.dy, k.x); }, nullptr},
    {"hard_swish", [](call &k) { at::hardswish_out(k.y, k.x); },
     [](call &k) { allocate(k, [&k] { return at::hardswish_backward(k.dy, k.x); }); }, nullptr},
    {"hard_shrink", [](call &k) { at::hardshrink_out(k.y, k.x, param(k, 0)); },
     [](call &k) { at::hardshrink_backward_out(k.dx, k.dy, k.x, param(k, 0)); }, nullptr},
    {"soft_shrink", [](call &k) { at::softshrink_out(k.y, k.x, param(k, 0)); },
     [](call &k) { at::softshrink_backward_out(k.dx, k.dy, k.x, param(k, 0)); }, nullptr},
    {"elu", [](call &k) { at::elu_out(k.y, k.x, param(k, 0)); },
     [](call &k) { at::elu_backward_out(k.dx, k.dy, param(k, 0), 1, 1, false, k.x); },
     [](call &k) { at::elu_backward_out(k.dx, k.dy, param(k, 0), 1, 1, true, k.y); }},
    {"celu", [](call &k) { at::elu_out(k.y, k.x, param(k, 0), 1, 1 / param(k, 0)); },
     [](call &k) { at::elu_backward_out(k.dx, k.dy, param(k, 0), 1, 1 / param(k, 0), false, k.x); },
     [](call &k) { at::elu_backward_out(k.dx, k.dy, param(k, 0), 1, 1 / param(k, 0), true, k.y); }},
    {"selu", [](call &k) { at::elu_out(k.y, k.x, selu_alpha, selu_scale); },
     [](call &k) { at::elu_backward_out(k.dx, k.dy, selu_alpha, selu_scale, 1, false, k.x); },
     [](call &k) { at::elu_backward_out(k.dx, k.dy, selu_alpha, selu_scale, 1, true, k.y); }},
    {"sigmoid", [](call &k) { at::sigmoid_out(k.y, k.x); }, nullptr,
     [](call &k) { at::sigmoid_backward_out(k.dx, k.dy, k.y); }},
    {"log_sigmoid", [](call &k) { at::log_sigmoid_forward_out(k.y, k.noise, k.x); },
     [](call &k) { at::log_sigmoid_backward_out(k.dx, k.dy, k.x, k.noise); }, nullptr},
    {"tanh", [](call &k) { at::tanh_out(k.y, k.x); }, nullptr,
     [](call &k) { at::tanh_backward_out(k.dx, k.dy, k.y); }},
    {"tanh_shrink", // has no kernel of its own: two passes
     [](call &k) {
         at::tanh_out(k.noise, k.x);
         at::sub_out(k.y, k.x, k.noise);
     },
     nullptr, nullptr},
    {"softsign", // has no kernel of its own: x / (1 + |x|) in three passes
     [](call &k) {
         at::abs_out(k.noise, k.x);
         k.noise.add_(1);
         at::div_out(k.y, k.x, k.noise);
     },
     [](call &k) {
         at::abs_out(k.noise, k.x);
         k.noise.add_(1).square_();
         at::div_out(k.dx, k.dy, k.noise);
     },
     nullptr},
    {"softplus", [](call &k) { at::softplus_out(k.y, k.x, param(k, 0)); },
     [](call &k) { at::softplus_backward_out(k.dx, k.dy, k.x, param(k, 0), 20); }, nullptr},
    {"silu", [](call &k) { at::silu_out(k.y, k.x); }, [](call &k) { at::silu_backward_out(k.dx, k.dy, k.x); },
     nullptr},
    {"mish", [](call &k) { at::mish_out(k.y, k.x); },
     [](call &k) { allocate(k, [&k] { return at::mish_backward(k.dy, k.x); }); }, nullptr},
    {"gelu", [](call &k) { at::gelu_out(k.y, k.x); }, [](call &k) { at::gelu_backward_out(k.dx, k.dy, k.x); },
     nullptr},
    {"gelu_tanh", [](call &k) { at::gelu_out(k.y, k.x, "tanh"); },
     [](call &k) { at::gelu_backward_out(k.dx, k.dy, k.x, "tanh"); }, nullptr},
    {"abs", [](call &k) { at::abs_out(k.y, k.x); }, nullptr, nullptr},
    {"sign", [](call &k) { at::sign_out(k.y, k.x); }, nullptr, nullptr},
    {"square", [](call &k) { at::square_out(k.y, k.x); }, nullptr, nullptr},
    {"sqrt", [](call &k) { at::sqrt_out(k.y, k.x); }, nullptr, nullptr},
    {"exp", [](call &k) { at::exp_out(k.y, k.x); }, nullptr, [](call &k) { at::mul_out(k.dx, k.dy, k.y); }},
    {"expm1", [](call &k) { at::expm1_out(k.y, k.x); }, nullptr, nullptr},
    {"log", [](call &k) { at::log_out(k.y, k.x); }, [](call &k) { at::div_out(k.dx, k.dy, k.x); }, nullptr},
    {"pow", [](call &k) { at::pow_out(k.y, k.x, param(k, 0)); }, nullptr, nullptr},
    {"sin", [](call &k) { at::sin_out(k.y, k.x); }, nullptr, nullptr},
    {"erf", [](call &k) { at::erf_out(k.y, k.x); }, nullptr, nullptr},
};

} // namespace

#endif
