/*
 * CReLU: relu(x) and relu(-x) of the same elements, and the gradient from both. Exact. NaN goes through either way;
 * where x is 0 both values are +0 and so is the gradient, whatever dy is.
 */
#include "simd/kernel.h"

static inline vreal rectified(vreal x) { return v_drop(v_le(x, v_set(0)), x); }

static inline vreal gradient(vreal x, vreal above, vreal below) {
    const vreal flat = v_keep(v_isnan(x), x);
    return v_select(v_lt(v_set(0), x), above, v_select(v_lt(x, v_set(0)), v_neg(below), flat));
}

static void forward(const void *input, void *positive, void *negative, int64_t n) {
    const real *x = input;
    real *above = positive, *below = negative;
    int64_t i = 0;
    for (; i + V_WIDTH <= n; i += V_WIDTH) {
        const vreal a = v_load(x + i);
        v_store(above + i, rectified(a));
        v_store(below + i, rectified(v_neg(a)));
    }
    if (i < n) {
        const vreal a = v_load_part(x + i, n - i);
        v_store_part(above + i, rectified(a), n - i);
        v_store_part(below + i, rectified(v_neg(a)), n - i);
    }
}

static void backward_input(const void *input, const void *positive, const void *negative, void *output, int64_t n) {
    const real *x = input, *above = positive, *below = negative;
    real *dx = output;
    int64_t i = 0;
    for (; i + V_WIDTH <= n; i += V_WIDTH)
        v_store(dx + i, gradient(v_load(x + i), v_load(above + i), v_load(below + i)));
    if (i < n) {
        const int64_t rest = n - i;
        const vreal result =
            gradient(v_load_part(x + i, rest), v_load_part(above + i, rest), v_load_part(below + i, rest));
        v_store_part(dx + i, result, rest);
    }
}

/* One of the two outputs is 0, so that their difference is x. */
static void backward_output(const void *first, const void *second, const void *positive, const void *negative,
                            void *output, int64_t n) {
    const real *y1 = first, *y2 = second, *above = positive, *below = negative;
    real *dx = output;
    int64_t i = 0;
    for (; i + V_WIDTH <= n; i += V_WIDTH) {
        const vreal x = v_sub(v_load(y1 + i), v_load(y2 + i));
        v_store(dx + i, gradient(x, v_load(above + i), v_load(below + i)));
    }
    if (i < n) {
        const int64_t rest = n - i;
        const vreal x = v_sub(v_load_part(y1 + i, rest), v_load_part(y2 + i, rest));
        v_store_part(dx + i, gradient(x, v_load_part(above + i, rest), v_load_part(below + i, rest)), rest);
    }
}

const act__crelu_kernels ACT_KERNELS(crelu) = {
    .forward = forward, .backward_input = backward_input, .backward_output = backward_output};
