// C++17: the C interface behind a unique_ptr.
#include <activations/activations.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

static void check(act_status status) {
    if (status != ACT_OK) {
        std::fprintf(stderr, "%s: %s\n", act_status_name(status), act_last_error());
        std::exit(1);
    }
}

struct destroy {
    void operator()(act_activation *a) const { act_activation_destroy(a); }
};
using activation = std::unique_ptr<act_activation, destroy>;

static activation create(const std::string &spec) {
    act_activation *a = nullptr;
    check(act_activation_create_from_spec(&a, spec.c_str()));
    return activation(a);
}

int main() {
    const auto elu = create("elu(alpha=0.5)");
    std::vector<double> x, y(201);
    for (int i = -100; i <= 100; i++)
        x.push_back(i / 20.0);
    check(act_forward_1d(elu.get(), ACT_FLOAT64, x.data(), y.data(), static_cast<int64_t>(x.size())));
    for (std::size_t i = 0; i < x.size(); i++)
        if (!(std::abs(y[i] - (x[i] > 0 ? x[i] : 0.5 * std::expm1(x[i]))) <= 1e-15)) {
            std::fprintf(stderr, "elu(%g) = %.17g\n", x[i], y[i]);
            return 1;
        }
    act_activation *none = nullptr;
    if (act_activation_create_from_spec(&none, "elu(alpha=)") != ACT_ERR_SPEC || none != nullptr)
        return 1;
    return 0;
}
