/**
 * @file activations.h
 * The whole interface of libactivations: activation functions of neural networks, forward and
 * backward, over strided tensors.
 *
 * Shape of the interface, true for every function unless it says otherwise:
 *  - A fallible function returns an #act_status: #ACT_OK (0) or a negative number. On error nothing that the caller
 * passed was written, unless the function says so, and act_last_error() tells people what was wrong.
 *  - `create` functions take their out parameter first, and write it only on success.
 *  - Nothing prints, aborts, installs signal handlers or changes rounding, traps or flushing of subnormals; calls
 * follow what the calling thread has set. Exception flags may be raised, so that with traps enabled NaN may trap.
 *  - Different objects may be used by different threads at once. One activation may be used by many
 *    threads at once where it is `const`; every other use of one object must be serialised.
 *  - Objects belong to the caller, who destroys them; `destroy` accepts NULL.
 */
#ifndef ACTIVATIONS_H
#define ACTIVATIONS_H

#include <stddef.h>
#include <stdint.h>

#include "activations/export.h"
#include "activations/version.h"

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup status Status
 *  What a call says of itself. The numbers are pinned for ever.
 *  @{ */

/** 0 is success; every error is negative. */
typedef int32_t act_status;

enum {
    ACT_OK = 0,                      /**< Done. */
    ACT_ERR_INVALID_ARGUMENT = -10,  /**< A null pointer, an unknown kind or name, a value out of bounds. */
    ACT_ERR_SHAPE = -20,             /**< Rank or extents are impossible, or do not fit each other. */
    ACT_ERR_DTYPE = -30,             /**< An element type that is unknown, unsupported here or mismatched. */
    ACT_ERR_DEVICE = -40,            /**< The data is not in memory that the CPU may address. */
    ACT_ERR_LAYOUT = -50,            /**< Misaligned data, gaps where none may be, an output that overlaps itself. */
    ACT_ERR_OVERLAP = -60,           /**< An output shares some memory with another tensor, but is not it. */
    ACT_ERR_MISSING = -70,           /**< Backward was not given what this gradient needs. */
    ACT_ERR_STATE = -80,             /**< The state saw no such forward: none, or of another activation or shape. */
    ACT_ERR_SPEC = -90,              /**< A specification string is malformed; the message says where. */
    ACT_ERR_UNSUPPORTED = -100,      /**< Well formed, but not something this kind or build can do. */
    ACT_ERR_BUFFER_TOO_SMALL = -110, /**< The caller's buffer is too small; the size needed was written. */
    ACT_ERR_OUT_OF_MEMORY = -120,    /**< The allocator returned NULL. */
    ACT_ERR_PARALLEL = -130          /**< The host's parallel_for failed; outputs may be partly written. */
};

/**
 * The name of a status, such as "ACT_ERR_SHAPE".
 * @param status any number.
 * @return a static string; "unknown status" for a number that is none. Never NULL. Thread safe.
 */
ACT_API const char *act_status_name(act_status status);

/**
 * The message of this thread's most recent error, for people: the argument, its value, and what was
 * expected. Programs decide by the status.
 * @return a string owned by the library, valid until this thread's next failing call; "" when there was
 *         none. Never NULL. A successful call leaves it alone.
 */
ACT_API const char *act_last_error(void);
/** @} */

/** @defgroup tensors Tensors
 *  Views onto memory of the caller.
 *  @{ */

/**
 * An element type, one of the constants below. x, y, dy and dx of a call may each be float32, float16 or bfloat16, or
 * all are float64, which mixes with no other type. Maxout's tensors have the type of its weights, float32 or float64.
 */
typedef int32_t act_dtype;

enum {
    ACT_FLOAT32 = 1, /**< IEEE binary32. */
    ACT_FLOAT64 = 2, /**< IEEE binary64. */
    ACT_FLOAT16 = 3, /**< IEEE binary16. Results are the nearest to the exact ones, ties to even. */
    ACT_BFLOAT16 = 4 /**< The upper half of binary32. Results as for #ACT_FLOAT16. */
};

/** The highest rank of a tensor. */
#define ACT_MAX_NDIM 32

/**
 * A strided view onto the caller's memory, with the layout of DLPack's `DLTensor`, so that a
 * `DLTensor *` may be passed as it is. The library neither keeps nor frees what it points to.
 *
 * Element (i0, i1, ...) lies at `(char *)data + byte_offset + (i0 * strides[0] + i1 * strides[1] + ...) *
 * element size`. Inputs may have zero strides (broadcast); all may have negative ones.
 */
typedef struct act_tensor {
    void *data;             /**< First element, less byte_offset; NULL allowed when there are no elements. */
    int32_t device_type;    /**< 1 CPU; 3 or 11 pinned host memory; others are refused. */
    int32_t device_id;      /**< Ignored. */
    int32_t ndim;           /**< Rank, 0 to #ACT_MAX_NDIM; rank 0 is one element. */
    uint8_t dtype_code;     /**< 2 IEEE float, 4 bfloat. */
    uint8_t dtype_bits;     /**< Width of an element in bits. */
    uint16_t dtype_lanes;   /**< 1. */
    const int64_t *shape;   /**< ndim extents, each 0 or more; NULL allowed for rank 0. */
    const int64_t *strides; /**< ndim strides counted in elements; NULL means row-major without gaps. */
    uint64_t byte_offset;   /**< Bytes from data to the first element; default 0. */
} act_tensor;

/**
 * Fills in a view of CPU memory.
 * @param[out] out     the view; `shape` and `strides` are kept as pointers and must outlive it.
 * @param      data    first element; the library writes through it only where the view is an output.
 * @param      dtype   element type.
 * @param      ndim    rank, 0 to #ACT_MAX_NDIM.
 * @param      shape   ndim extents; NULL allowed for rank 0.
 * @param      strides ndim strides in elements, or NULL for row-major.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (`out` or `shape` NULL); #ACT_ERR_DTYPE; #ACT_ERR_SHAPE (rank).
 *         Extents and strides are judged where the view is used. Thread safe.
 */
ACT_API ACT_NODISCARD act_status act_tensor_init(act_tensor *out, void *data, act_dtype dtype, int32_t ndim,
                                                 const int64_t *shape, const int64_t *strides);
/** @} */

/** @defgroup kinds Kinds
 *  The functions this library knows, and their parameters.
 *  @{ */

/** A function, one of the constants below: 0 to act_kind_count() - 1. The numbers are pinned for ever. */
typedef int32_t act_kind;

enum {
    ACT_IDENTITY = 0,   /**< y = x. */
    ACT_RELU = 1,       /**< y = x for x > 0, else +0. Nair, Hinton 2010. */
    ACT_LEAKY_RELU = 2, /**< y = x for x > 0, else slope * x. Maas, Hannun, Ng 2013. */
    ACT_PRELU = 3,      /**< leaky_relu with learned slopes. He, Zhang, Ren, Sun 2015. */
    ACT_RRELU = 4,      /**< leaky_relu with slopes drawn in training. Xu, Wang, Chen, Li 2015. */
    ACT_ELU = 5,        /**< y = x for x > 0, else alpha * (exp(x) - 1). Clevert, Unterthiner, Hochreiter 2015. */
    ACT_SIGMOID = 6,    /**< y = 1 / (1 + exp(-x)). */
    ACT_TANH = 7,       /**< y = tanh(x). */
    ACT_MAXOUT = 8,     /**< y_j = max over k of (W_kj . x + b_kj). Goodfellow et al. 2013. */
    ACT_SOFTSIGN = 9,   /**< y = x / (1 + |x|). Bergstra et al. 2009; Glorot, Bengio 2010. */
    /** y = a * x + b, y' = a. A constant b where a = 0. */
    ACT_AFFINE = 10,
    /** y = x clipped to 0 and max > 0, y' = 1 strictly between, else 0. relu6 is max = 6. Krizhevsky 2010. */
    ACT_CLIPPED_RELU = 11,
    /** y = min(x, max) for x > theta, else slope * (x - theta); y' = 1 for theta < x < max, slope for x <= theta,
     * else 0. max >= theta, or infinite. Konda, Memisevic, Krueger 2014 with the rest of Keras' ReLU layer. */
    ACT_RELU_GENERAL = 12,
    /** y = x for x > theta, else value; y' = 1 for x > theta, else 0. Konda, Memisevic, Krueger 2014 (value = 0). */
    ACT_THRESHOLD = 13,
    /** y = x clipped to lo and hi, y' = 1 strictly between, else 0. lo <= hi, either may be infinite. Collobert 2004.
     */
    ACT_HARD_TANH = 14,
    /** y = t clipped to 0 and 1 where t = a * x + b; y' = a strictly between, else 0. a = 1/6 with b = 1/2 is exactly
     * (x + 3) / 6. Courbariaux, Bengio, David 2015; as it comes: Howard et al. 2019. */
    ACT_HARD_SIGMOID = 15,
    /** y = x * hard_sigmoid(x) with the same a and b; y' = 0, 2 a x + b or 1. Howard et al. 2019. */
    ACT_HARD_SWISH = 16,
    /** y = x * (x + 2) / 2 for -2 < x < 0, +0 below, x above; y' = x + 1, 0, 1. Misra 2019, in timm. */
    ACT_HARD_MISH = 17,
    /** y = x for |x| > lambda, else +0; y' = 1 or 0. lambda >= 0. Donoho, Johnstone 1994. */
    ACT_HARD_SHRINK = 18,
    /** y = x - lambda for x > lambda, x + lambda for x < -lambda, else +0; y' = 1, 1, 0. lambda >= 0. Donoho 1995. */
    ACT_SOFT_SHRINK = 19,
    /** y = x - bias for x > lambda, x + bias for x < -lambda, else +0; y' = 1, 1, 0. ONNX's Shrink. */
    ACT_SHRINK = 20,
    /** y = (x + 1) / 2 clipped to 0 and 1; y' = 1/2 strictly between, else 0. As in JAX. */
    ACT_SPARSE_SIGMOID = 21,
    /** y = |x|; y' = -1, 0 at 0, 1. */
    ACT_ABS = 22,
    /** y = 1 for x > 0, else +0; y' = 0. McCulloch, Pitts 1943. */
    ACT_STEP = 23,
    /** y = 1 for x > 0, +0 at 0, -1 for x < 0; y' = 0. */
    ACT_SIGN = 24,
    /** y = x * x for x > 0, else +0; y' = 2 x, 0. So et al. 2021 (Primer). */
    ACT_SQUARED_RELU = 25,
    /** y = (x + 1)^2 / 4 for -1 < x < 1, +0 below, x above; y' = (x + 1) / 2, 0, 1. As in JAX. */
    ACT_SPARSE_PLUS = 26,
    /** y = x * x; y' = 2 x. */
    ACT_SQUARE = 27,
    /** y = the square root of x, NaN for x < 0; y' = 1 / (2 sqrt(x)). */
    ACT_SQRT = 28,
    /** y = erf(x); y' = 2 / sqrt(pi) exp(-x^2). */
    ACT_ERF = 29,
    /** y = x P(X <= x) for a standard normal X, which is x erfc(-x / sqrt(2)) / 2; y' = P(X <= x) + x phi(x) with its
     * density phi. The exact function, not its tanh approximation. Hendrycks, Gimpel 2016. */
    ACT_GELU = 30,
    /** y = log(x); y' = 1 / x; both NaN for x < 0. */
    ACT_LOG = 31,
    /** y = x^exponent as C's pow(), but NaN stays NaN; y' = exponent * x^(exponent - 1). */
    ACT_POW = 32,
    /** y = sin(w * x), of the exact product; y' = w * cos(w * x). Sitzmann et al. 2020 with w = 30. */
    ACT_SIN = 33,
    /** y = x + sin(alpha * x)^2 / alpha, x where alpha = 0; y' = 1 + sin(2 * alpha * x). Ziyin, Hartwig, Ueda 2020.
     */
    ACT_SNAKE = 34,
    /** y = -log(1 + exp(-x)); y' = 1 / (1 + exp(x)). */
    ACT_LOG_SIGMOID = 35,
    /** y = b * tanh(a * x); y' = a * b / cosh(a * x)^2. LeCun 1989 with a = 2/3. */
    ACT_SCALED_TANH = 36,
    /** y = log(1 + exp(beta * x)) / beta, without a threshold; y' = 1 / (1 + exp(-beta * x)). Dugas et al. 2001. */
    ACT_SOFTPLUS = 37,
    /** y = x * s with s = 1 / (1 + exp(-x)); y' = s * (1 + x * (1 - s)). Elfwing, Uchibe, Doya 2017. */
    ACT_SILU = 38,
    /** y = x * s with s = 1 / (1 + exp(-beta * x)); y' = s * (1 + beta * x * (1 - s)). Ramachandran, Zoph, Le 2017.
     */
    ACT_SWISH = 39,
    /** y = x / (1 + exp(-1.702 * x)), swish of the decimal number. Hendrycks, Gimpel 2016. */
    ACT_QUICK_GELU = 40,
    /** y = x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2 with decimal numbers. Hendrycks, Gimpel 2016. */
    ACT_GELU_TANH = 41,
    /** y = x * tanh(log(1 + exp(x))). Misra 2019. */
    ACT_MISH = 42,
    /** y = x for x > 0, else alpha * (exp(x / alpha) - 1); y' = 1, exp(x / alpha). alpha > 0. Barron 2017. */
    ACT_CELU = 43,
    /** y = lambda * x for x > 0, else lambda * alpha * (exp(x) - 1); y' = lambda, lambda * alpha * exp(x). lambda =
     * 1.0507009873554804934193349852946, alpha = 1.6732632423543772848170429916717. Klambauer et al. 2017. */
    ACT_SELU = 44,
    /** y = x - tanh(x); y' = tanh(x)^2. */
    ACT_TANH_SHRINK = 45,
    /** y = (x + r) / 2 with r = sqrt(x^2 + b); y' = (1 + x / r) / 2, 0 where r = 0. b >= 0. Barron 2021. */
    ACT_SQUAREPLUS = 46,
    /** y = x * tanh(x); y' = tanh(x) + x / cosh(x)^2. Roy et al. 2019. */
    ACT_LISHT = 47,
    /** y = alpha_p * x^2 + beta * x for x > 0, else alpha_n * (exp(x) - 1 - x) + beta * x; y' = 2 * alpha_p * x +
     * beta, alpha_n * (exp(x) - 1) + beta. eps is accepted and has no effect. Huang, Schlag 2024. */
    ACT_XIELU = 48,
    /** y = exp(x); y' = y. */
    ACT_EXP = 49,
    /** y = exp(x) - 1; y' = exp(x). */
    ACT_EXPM1 = 50,
    /** y = exp(-x^2); y' = -2 * x * exp(-x^2). */
    ACT_GAUSSIAN = 51,
    /** y = [relu(x), relu(-x)], one after the other along "axis" (1, the channels of NCHW; negative counts from the
     *  end), where y has twice the extent of x; dx = dy1 for x > 0, -dy2 for x < 0, else 0. Shang, Sohn, Almeida,
     *  Lee, "Understanding and Improving Convolutional Neural Networks via Concatenated Rectified Linear Units",
     *  2016. */
    ACT_CRELU = 52
};

enum {
    ACT_PARAM_WHOLE = 1u << 0,  /**< Whole numbers only, such as a seed. */
    ACT_PARAM_NONZERO = 1u << 1 /**< Any but 0. */
};

/** A parameter of a kind, as act_kind_param_info() describes it. */
typedef struct act_param_info {
    uint32_t struct_size; /**< sizeof(act_param_info), set by the caller; no field beyond it is written. */
    uint32_t flags;       /**< 0 or ACT_PARAM_ flags. */
    const char *name;     /**< Static string. */
    double default_value; /**< The value of a new object. */
    double minimum; /**< Least legal value; -DBL_MAX where any finite one is legal, -INFINITY where that is too. */
    double maximum; /**< Greatest legal value; DBL_MAX where any finite one is legal, or INFINITY. */
} act_param_info;

/** How many kinds there are. @return kinds are 0 to this number less one. Thread safe. */
ACT_API int32_t act_kind_count(void);

/**
 * The name of a kind, such as "leaky_relu".
 * @param kind any number.
 * @return a static string, or NULL where `kind` is none. Thread safe.
 */
ACT_API const char *act_kind_name(act_kind kind);

/**
 * The kind of a name.
 * @param[out] out  the kind.
 * @param      name lower case; underscores may be left out ("leakyrelu").
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL, or no such name). Thread safe.
 */
ACT_API ACT_NODISCARD act_status act_kind_from_name(act_kind *out, const char *name);

/**
 * Describes a parameter of a kind: what a binding in another language builds its constructors on.
 * @param[in,out] out   the description; its `struct_size` must be set before the call.
 * @param         kind  the kind.
 * @param         index 0, 1, ... until #ACT_ERR_INVALID_ARGUMENT is returned.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL, too small a struct_size, no such kind or index). Thread safe.
 */
ACT_API ACT_NODISCARD act_status act_kind_param_info(act_param_info *out, act_kind kind, int32_t index);
/** @} */

/** @defgroup activations Activations
 *  Objects that hold a kind, its parameters and, for some, what is learned.
 *  @{ */

/** An activation. Opaque; constant while it runs forward, so that many threads may share it. */
typedef struct act_activation act_activation;

/**
 * Creates an activation with the default parameters of its kind. #ACT_PRELU gets one shared float32 slope;
 * #ACT_MAXOUT has no default size and is refused (see act_maxout_create()).
 * @param[out] out  the new object, to be destroyed by the caller.
 * @param      kind the kind.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (`out` NULL, unknown kind); #ACT_ERR_UNSUPPORTED (maxout);
 *         #ACT_ERR_OUT_OF_MEMORY. Thread safe.
 */
ACT_API ACT_NODISCARD act_status act_activation_create(act_activation **out, act_kind kind);

/**
 * Creates an activation from text: `name` or `name(key=value, ...)`, such as "relu", "elu(alpha=0.5)" or
 * "rrelu(lower=0.1, upper=0.3, seed=7)". Blanks are allowed between all parts, and "relu()" is legal.
 * With a system in front, such as "torch:leaky_relu" or "keras:LeakyReLU(negative_slope=0.2)", name, defaults and
 * keys are those of that system; docs/presets.md lists them. A duplicate or unknown key, a trailing comma, and a
 * value outside its bounds are refused.
 * @param[out] out  the new object, to be destroyed by the caller.
 * @param      spec the text, NUL-terminated ASCII; not kept.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL); #ACT_ERR_SPEC (malformed, unknown or out of bounds; the
 *         message gives the position, counted from 0); #ACT_ERR_UNSUPPORTED (maxout); #ACT_ERR_OUT_OF_MEMORY.
 *         Thread safe.
 */
ACT_API ACT_NODISCARD act_status act_activation_create_from_spec(act_activation **out, const char *spec);

/**
 * Writes the text from which act_activation_create_from_spec() makes an equal object. Values are written with
 * as many digits as read back to the same double. Learned values are not part of it.
 * @param         a      the activation.
 * @param[out]    buffer receives the text and a NUL; NULL asks for the size only.
 * @param[in,out] size   in: bytes in `buffer` (ignored where it is NULL); out: bytes needed, NUL included.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (`a` or `size` NULL); #ACT_ERR_BUFFER_TOO_SMALL (only `*size` was
 *         written); #ACT_ERR_UNSUPPORTED (maxout, and prelu other than one shared float32 slope: text cannot
 *         say their sizes); #ACT_ERR_OUT_OF_MEMORY. Thread safe.
 */
ACT_API ACT_NODISCARD act_status act_activation_spec(const act_activation *a, char *buffer, size_t *size);

/**
 * Copies an activation: kind, parameters, learned values, gradients and momentum. Bound storage is not shared:
 * the copy owns its values.
 * @param[out] out the new object, to be destroyed by the caller.
 * @param      a   what to copy.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL); #ACT_ERR_OUT_OF_MEMORY. Thread safe while nobody writes `a`.
 */
ACT_API ACT_NODISCARD act_status act_activation_clone(act_activation **out, const act_activation *a);

/** Destroys an activation. @param a the object; NULL does nothing. Views onto its storage end with it. */
ACT_API void act_activation_destroy(act_activation *a);

/** The kind of an activation. @param a the object. @return the kind, or -1 where `a` is NULL. Thread safe. */
ACT_API act_kind act_activation_get_kind(const act_activation *a);

/**
 * Sets a parameter. It is held as double and rounded once to the compute type.
 * @param a     the activation; unchanged on error. Not while another thread uses it.
 * @param name  the parameter, as act_kind_param_info() names it.
 * @param value the value. For "seed" of rrelu a whole number from 0 to 2^53. "initial" of prelu is what
 *              #ACT_SGD_DECAY_TO_INITIAL pulls toward; setting it leaves the slopes alone.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL, no such parameter, NaN, out of bounds, lower > upper).
 */
ACT_API ACT_NODISCARD act_status act_activation_set_param(act_activation *a, const char *name, double value);

/**
 * Reads a parameter.
 * @param[out] out  the value; a seed above 2^53 is rounded to the nearest double.
 * @param      a    the activation.
 * @param      name the parameter.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL, no such parameter). Thread safe while nobody writes `a`.
 */
ACT_API ACT_NODISCARD act_status act_activation_get_param(double *out, const act_activation *a, const char *name);

/**
 * Creates a PReLU with slopes that broadcast to x as in NumPy, from the right: shape {1} is one shared slope,
 * {C, 1, 1} one a channel of NCHW, {C} one an index of the last axis, {C, H, W} one an element.
 * He, Zhang, Ren, Sun, "Delving Deep into Rectifiers", 2015.
 * @param[out] out         the new object, to be destroyed by the caller.
 * @param      slope_dtype #ACT_FLOAT64 where tensors are float64, else #ACT_FLOAT32.
 * @param      ndim        rank of the slopes, 0 to #ACT_MAX_NDIM.
 * @param      shape       ndim extents, each 1 or more; NULL allowed for rank 0.
 * @param      initial     the value of every slope, finite; He et al. use 0.25.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL, `initial` not finite); #ACT_ERR_DTYPE; #ACT_ERR_SHAPE;
 *         #ACT_ERR_OUT_OF_MEMORY. Thread safe.
 */
ACT_API ACT_NODISCARD act_status act_prelu_create(act_activation **out, act_dtype slope_dtype, int32_t ndim,
                                                  const int64_t *shape, double initial);

/**
 * Creates a PReLU with one slope a channel on an axis that is said, never guessed.
 * @param[out] out         the new object, to be destroyed by the caller.
 * @param      slope_dtype #ACT_FLOAT64 where tensors are float64, else #ACT_FLOAT32.
 * @param      channels    number of slopes, 1 or more; x must have this extent on the axis.
 * @param      axis        the channel axis of x; negative counts from the end, so that -1 is the last.
 * @param      initial     the value of every slope, finite.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL, `initial`, axis beyond #ACT_MAX_NDIM); #ACT_ERR_DTYPE;
 *         #ACT_ERR_SHAPE (channels); #ACT_ERR_OUT_OF_MEMORY. Thread safe.
 */
ACT_API ACT_NODISCARD act_status act_prelu_create_channels(act_activation **out, act_dtype slope_dtype,
                                                           int64_t channels, int32_t axis, double initial);

/**
 * Creates an RReLU. In training (a state is given) element i has the slope lower + (upper - lower) * U_i with
 * U_i in [0, 1) from Philox 4x32-10 keyed by the seed at the element's logical index and the state's step; in
 * evaluation (no state) the slope is (lower + upper) / 2.
 * Xu, Wang, Chen, Li, "Empirical Evaluation of Rectified Activations in Convolutional Network", 2015.
 * @param[out] out   the new object, to be destroyed by the caller.
 * @param      lower least slope, finite.
 * @param      upper greatest slope, finite, not below `lower`; equal bounds are legal.
 * @param      seed  any number; equal seeds draw equal slopes, so give each layer its own.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL, bounds not finite, lower > upper, upper - lower not finite);
 * #ACT_ERR_OUT_OF_MEMORY. Thread safe.
 */
ACT_API ACT_NODISCARD act_status act_rrelu_create(act_activation **out, double lower, double upper, uint64_t seed);

enum {
    ACT_MAXOUT_NO_BIAS = 1u << 0, /**< No bias; the object has one parameter, "weight". */
    ACT_MAXOUT_GLOROT = 1u << 1   /**< Weights uniform in +-sqrt(6 / (in + out)); default is He, +-sqrt(6 / in). */
};

/**
 * Creates a Maxout layer: y_j = max over k of (W_kj . x + b_kj), for x of shape (..., in_features) and y of shape
 * (..., out_features). Parameters: "weight" (pieces, out_features, in_features), "bias" (pieces, out_features).
 * Weights are drawn uniformly from `seed`, bias starts at zero. The default weights have variance 2 / in, as for
 * relu; to keep the variance by act_gain() instead, scale them by gain / sqrt(2). Goodfellow et al., "Maxout
 * Networks", 2013.
 * @param[out] out          the new object, to be destroyed by the caller.
 * @param      in_features  1 or more.
 * @param      out_features 1 or more.
 * @param      pieces       1 to 256.
 * @param      dtype        #ACT_FLOAT32 or #ACT_FLOAT64; x must have the same type.
 * @param      flags        0 or ACT_MAXOUT_ flags; undefined bits are refused.
 * @param      seed         any number; equal seeds draw equal weights on every machine.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL, flags); #ACT_ERR_SHAPE (features or pieces below 1);
 *         #ACT_ERR_DTYPE; #ACT_ERR_UNSUPPORTED (pieces above 256, or sizes beyond BLAS's 32-bit integers);
 *         #ACT_ERR_OUT_OF_MEMORY. Thread safe.
 */
ACT_API ACT_NODISCARD act_status act_maxout_create(act_activation **out, int64_t in_features, int64_t out_features,
                                                   int64_t pieces, act_dtype dtype, uint32_t flags, uint64_t seed);
/** @} */

/** @defgroup running Running
 *  Forward, backward, and what one keeps for the other.
 *  @{ */

/**
 * What a forward leaves for its backward, in the least memory: one bit an element for relu and leaky_relu (two once
 * an input held NaN), one byte a unit for maxout, seed and step for rrelu, nothing for the others. One for each
 * layer call in flight, reused step after step. Opaque; not to be used by two threads at once. Parameters are those
 * of the moment when backward runs, but for rrelu, whose draw is kept.
 */
typedef struct act_state act_state;

/**
 * Creates an empty state: step 0, offset 0, no forward seen.
 * @param[out] out the new object, to be destroyed by the caller.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL); #ACT_ERR_OUT_OF_MEMORY. Thread safe.
 */
ACT_API ACT_NODISCARD act_status act_state_create(act_state **out);

/**
 * Copies a state, with what the last forward left in it.
 * @param[out] out   the new object, to be destroyed by the caller.
 * @param      state what to copy.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL); #ACT_ERR_OUT_OF_MEMORY.
 */
ACT_API ACT_NODISCARD act_status act_state_clone(act_state **out, const act_state *state);

/** Destroys a state. @param state the object; NULL does nothing. */
ACT_API void act_state_destroy(act_state *state);

/** Bytes that the last forward's record takes (0 before any). @param state the object; 0 for NULL. @return bytes. */
ACT_API uint64_t act_state_bytes(const act_state *state);

/**
 * Reads the step that the next forward will draw for; each forward given this state adds one.
 * @param[out] out   the step.
 * @param      state the object.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL).
 */
ACT_API ACT_NODISCARD act_status act_state_get_step(uint64_t *out, const act_state *state);

/**
 * Sets the step that the next forward will draw for: to resume or replay a run.
 * @param state the object.
 * @param step  any number.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL).
 */
ACT_API ACT_NODISCARD act_status act_state_set_step(act_state *state, uint64_t step);

/**
 * Reads the logical index of the first element.
 * @param[out] out   the offset.
 * @param      state the object.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL).
 */
ACT_API ACT_NODISCARD act_status act_state_get_offset(uint64_t *out, const act_state *state);

/**
 * Sets the logical index of the first element, so that shards of one batch draw what the whole would have drawn.
 * @param state  the object.
 * @param offset elements before this shard, in row-major order.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL).
 */
ACT_API ACT_NODISCARD act_status act_state_set_offset(act_state *state, uint64_t offset);

enum {
    ACT_NEEDS_INPUT = 1u << 0,  /**< x. */
    ACT_NEEDS_OUTPUT = 1u << 1, /**< y. */
    ACT_NEEDS_STATE = 1u << 2,  /**< The state that forward was given. */
    ACT_NEEDS_ALL = 1u << 3     /**< All that are named are needed; without it any one of them suffices. */
};

/**
 * What backward needs of the activation as its parameters are now. 0 means nothing but dy. rrelu is told for
 * training: its state and x (or y in place of x, where lower >= 0); in evaluation x alone suffices. prelu names x
 * only, because a slope may learn its way to 0 or below; while every slope is above 0, y serves too.
 * @param a the activation; NULL gives 0.
 * @return ACT_NEEDS_ flags. Thread safe while nobody writes `a`.
 */
ACT_API uint32_t act_backward_needs(const act_activation *a);

/**
 * Computes y = f(x).
 * @param      a     the activation.
 * @param      x     input, any strides. Shape (...); for maxout (..., in_features); for prelu one to which the slopes
 *                   broadcast.
 * @param[out] y     output of x's shape, of a type that mixes with x's (see #act_dtype); for maxout (...,
 *                   out_features); for crelu of twice x's extent along its axis. It may be exactly x, type and all
 *                   (not for maxout and crelu); any partial overlap is refused.
 * @param      state what backward may use; NULL means evaluation. On error its record is as before, or it refuses
 *                   backward until the next forward.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL); #ACT_ERR_SHAPE; #ACT_ERR_DTYPE; #ACT_ERR_DEVICE;
 *         #ACT_ERR_LAYOUT; #ACT_ERR_OVERLAP; #ACT_ERR_UNSUPPORTED (a parameter that this dtype rounds to one that is
 * not legal); #ACT_ERR_OUT_OF_MEMORY; #ACT_ERR_PARALLEL. Thread safe on one activation with different states.
 * @note After 65,536 elements of float16 or bfloat16 an elementwise activation may keep a table of all results of
 * that type until it is destroyed or a parameter is set: 128 KiB, and 256 KiB for backward from x or from y. The call
 * that makes it takes 0.1 to 1 ms longer. Where memory is out it does without.
 */
ACT_API ACT_NODISCARD act_status act_forward(const act_activation *a, const act_tensor *x, act_tensor *y,
                                             act_state *state);

/**
 * Computes dx = dy * f'(x), and adds the gradients of learnable parameters to theirs. Give whichever of x, y and
 * state was kept and NULL for the others; the cheapest that is right is used.
 * @param      a     the activation; not while another thread uses it where it has learnable parameters.
 * @param      x     what forward read, or NULL.
 * @param      y     what forward wrote, or NULL.
 * @param      state what forward was given, or NULL; rrelu without one takes its mean slope.
 * @param      dy    gradient of y, of y's shape; its type may be another that mixes with the rest.
 * @param[out] dx    gradient of x, of x's shape; its type likewise. It may be exactly dy, x or y, type and all (not
 *                   for maxout; for crelu only x). NULL where there are parameter gradients to compute and dx is not
 *                   wanted.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL); #ACT_ERR_MISSING (see act_backward_needs());
 *         #ACT_ERR_STATE; #ACT_ERR_SHAPE; #ACT_ERR_DTYPE; #ACT_ERR_DEVICE; #ACT_ERR_LAYOUT; #ACT_ERR_OVERLAP;
 *         #ACT_ERR_UNSUPPORTED; #ACT_ERR_OUT_OF_MEMORY; #ACT_ERR_PARALLEL. Thread safe on one activation
 *         that has no learnable parameters.
 */
ACT_API ACT_NODISCARD act_status act_backward(act_activation *a, const act_tensor *x, const act_tensor *y,
                                              const act_state *state, const act_tensor *dy, act_tensor *dx);

/**
 * act_forward() in evaluation over n contiguous elements: three lines from any language.
 * @param      a     the activation; not crelu; maxout only where its in and out features are both n.
 * @param      dtype type of the elements.
 * @param      x     n elements; NULL allowed where n is 0.
 * @param[out] y     n elements; may be exactly x (not for maxout).
 * @param      n     number of elements, 0 or more.
 * @return as act_forward(). Thread safe.
 */
ACT_API ACT_NODISCARD act_status act_forward_1d(const act_activation *a, act_dtype dtype, const void *x, void *y,
                                                int64_t n);

/**
 * act_backward() from x over n contiguous elements.
 * @param      a     the activation; not crelu; not maxout, which needs its state.
 * @param      dtype type of the elements.
 * @param      x     n elements, what forward read.
 * @param      dy    n elements.
 * @param[out] dx    n elements; may be exactly x or dy.
 * @param      n     number of elements, 0 or more.
 * @return as act_backward().
 */
ACT_API ACT_NODISCARD act_status act_backward_1d(act_activation *a, act_dtype dtype, const void *x, const void *dy,
                                                 void *dx, int64_t n);
/** @} */

/** @defgroup learning Learning
 *  Parameters that are learned: "slope" of prelu, "weight" and "bias" of maxout.
 *  @{ */

/** How many learnable parameters there are. @param a the activation; 0 for NULL. @return the number. */
ACT_API int32_t act_activation_parameter_count(const act_activation *a);

/**
 * The name of a learnable parameter.
 * @param a     the activation.
 * @param index 0 to act_activation_parameter_count() - 1.
 * @return a static string, or NULL where there is none.
 */
ACT_API const char *act_activation_parameter_name(const act_activation *a, int32_t index);

/**
 * A view onto the values of a learnable parameter, to read or to write, row-major.
 * @param      a     the activation.
 * @param      index 0 to act_activation_parameter_count() - 1.
 * @param[out] value the view; valid until the parameter is bound or `a` destroyed.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL, index).
 */
ACT_API ACT_NODISCARD act_status act_activation_parameter(act_activation *a, int32_t index, act_tensor *value);

/**
 * A view onto the gradient of a learnable parameter; backward adds to it.
 * @param      a        the activation.
 * @param      index    0 to act_activation_parameter_count() - 1.
 * @param[out] gradient the view; valid until the parameter is bound or `a` destroyed.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL, index).
 */
ACT_API ACT_NODISCARD act_status act_activation_gradient(act_activation *a, int32_t index, act_tensor *gradient);

/**
 * Makes a learnable parameter live in the caller's memory, so that an optimiser of any framework updates it in
 * place. The values found there count from now on; the memory must outlive `a` or the next bind.
 * @param a        the activation.
 * @param index    0 to act_activation_parameter_count() - 1.
 * @param value    the parameter's shape and dtype, row-major without gaps; NULL, with gradient NULL too, returns to
 *                 storage of the object's own, with the values and gradients of the moment.
 * @param gradient the same for its gradient; NULL keeps the gradient where it is. Neither may overlap the other, nor
 *                 any other parameter or gradient of `a`.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (a NULL, index, gradient without value); #ACT_ERR_SHAPE; #ACT_ERR_DTYPE;
 *         #ACT_ERR_DEVICE; #ACT_ERR_LAYOUT; #ACT_ERR_OVERLAP.
 */
ACT_API ACT_NODISCARD act_status act_activation_bind_parameter(act_activation *a, int32_t index,
                                                               const act_tensor *value, const act_tensor *gradient);

/**
 * Gradients by the real parameters of an elementwise kind, such as alpha of elu: out[i] = sum over all elements of
 * dy * df/dp_i, for the parameters in the order of act_kind_param_info(). A parameter is taken as rounded to x's
 * compute type; terms and sums are double whatever the types, and come out in the same bits for any strides, number
 * of threads and instruction set. Where f does not depend on a parameter by its branch (slope of leaky_relu for x >
 * 0), an element adds exactly 0, whatever dy is; else NaN and infinities add up as IEEE 754 has it. Learnable
 * parameters are not of this kind: for prelu and maxout see act_activation_gradient().
 * @param[out] out one double a parameter, overwritten; NULL allowed where the kind has no parameters, for which
 *                 nothing is written. 0 where there are no elements.
 * @param      a   the activation; prelu, rrelu, maxout and crelu are refused.
 * @param      x   what forward read, any strides.
 * @param      dy  gradient of y, of x's shape, any strides; its type may be another that mixes with x's.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL); #ACT_ERR_UNSUPPORTED (these kinds; a parameter that is not
 * finite in x's compute type); #ACT_ERR_SHAPE; #ACT_ERR_DTYPE; #ACT_ERR_DEVICE; #ACT_ERR_LAYOUT;
 *         #ACT_ERR_OUT_OF_MEMORY; #ACT_ERR_PARALLEL. Thread safe while nobody writes `a`.
 */
ACT_API ACT_NODISCARD act_status act_parameter_gradients(double *out, const act_activation *a, const act_tensor *x,
                                                         const act_tensor *dy);

/**
 * Sets all gradients to zero.
 * @param a the activation; one without learnable parameters is left alone.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL).
 */
ACT_API ACT_NODISCARD act_status act_activation_zero_gradients(act_activation *a);

enum {
    ACT_SGD_DECAY_TO_INITIAL = 1u << 0 /**< Decay pulls toward prelu's "initial", not toward decay_target. */
};

/** Options of act_activation_sgd_step(). Fill them in with act_sgd_init() or #ACT_SGD_INIT, then change some. */
typedef struct act_sgd {
    uint32_t struct_size; /**< sizeof(act_sgd). */
    uint32_t flags;       /**< 0 or ACT_SGD_ flags; undefined bits are refused. Default 0. */
    double rate;          /**< Learning rate, finite, 0 or more. Default 0.01. */
    double momentum;      /**< 0 or more, below 1. Default 0. */
    double decay;         /**< Pull toward decay_target, finite, 0 or more. Default 0. */
    double decay_target;  /**< Where decay pulls, finite. Default 0. */
    double lower;         /**< Values are kept at or above this; may be infinite. Default -DBL_MAX. */
    double upper;         /**< Values are kept at or below this; may be infinite. Default DBL_MAX. */
} act_sgd;

/** The defaults of #act_sgd as an initialiser, equal to what act_sgd_init() writes. */
#define ACT_SGD_INIT \
    { (uint32_t)sizeof(act_sgd), 0, 0.01, 0.0, 0.0, 0.0, -1.7976931348623157e+308, 1.7976931348623157e+308 }

/**
 * Fills in the defaults.
 * @param[out] out the options.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL).
 */
ACT_API ACT_NODISCARD act_status act_sgd_init(act_sgd *out);

/**
 * One step of stochastic gradient descent on every learnable parameter, for those who have no framework:
 * g = gradient + decay * (value - target); v = momentum * v + g; value = value - rate * v, held within the bounds.
 * Decay pulls at every parameter alike; who wants it on maxout's weight but not its bias binds them to an optimiser.
 * Computed in double and rounded once. Gradients are left as they are.
 * @param a       the activation; one without learnable parameters is left alone.
 * @param options see #act_sgd.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL, an option out of bounds); #ACT_ERR_UNSUPPORTED
 *         (#ACT_SGD_DECAY_TO_INITIAL for maxout, a field of a later version that is set); #ACT_ERR_OUT_OF_MEMORY
 * (first step with momentum).
 */
ACT_API ACT_NODISCARD act_status act_activation_sgd_step(act_activation *a, const act_sgd *options);

/** Which way a gain keeps the variance. */
typedef int32_t act_gain_direction;

enum {
    ACT_GAIN_FORWARD = 0, /**< 1 / sqrt(E f(z)^2): keeps the variance of outputs. */
    ACT_GAIN_BACKWARD = 1 /**< 1 / sqrt(E f'(z)^2): keeps the variance of gradients. */
};

/**
 * The factor by which weights of standard deviation 1 / sqrt(fan) are to be scaled so that a deep stack of this
 * activation neither grows nor shrinks, for z normal with mean 0 and variance 1; computed from the definition for
 * any parameters. rrelu: in training. prelu: over all its slopes. maxout: independent pieces. crelu: forward over
 * both halves.
 * @param      a         the activation.
 * @param      direction #ACT_GAIN_FORWARD or #ACT_GAIN_BACKWARD.
 * @param[out] gain      the factor, to about 12 digits; fewer where sin or snake swings fast.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (NULL, direction); #ACT_ERR_UNSUPPORTED (the mean square is 0 or not
 *         finite).
 *         Thread safe while nobody writes `a`.
 */
ACT_API ACT_NODISCARD act_status act_gain(const act_activation *a, act_gain_direction direction, double *gain);
/** @} */

/** @defgroup process Process
 *  Threads, memory and version.
 *  @{ */

/**
 * How many threads, the caller's included, a call may use. The default is 1, or what the environment variable
 * ACT_NUM_THREADS says when the library is first used. Results do not depend on it. Workers start at the first call
 * that is large enough to be split, block all signals, and sleep once 50 us have passed without another call.
 * Maxout's matrix products run on as many threads as OpenBLAS is set to (OPENBLAS_NUM_THREADS), which this library
 * leaves to the host; some builds of OpenBLAS start their threads when they are loaded.
 * @param n number of threads, at most 256 of which are used; 0 for all that this process may run on.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (negative). Thread safe.
 */
ACT_API ACT_NODISCARD act_status act_set_num_threads(int32_t n);

/** How many threads a call may use. @return 1 or more. Thread safe. */
ACT_API int32_t act_get_num_threads(void);

/**
 * Runs `task(context, i)` for every i from 0 to count - 1, on any threads, each exactly once, and returns when all
 * are done. Several threads may call it at once, also from within a task of the host's own.
 * @param opaque  what act_set_parallel_for() was given.
 * @param task    what to run; thread safe.
 * @param context to be passed to `task`.
 * @param count   number of calls, 1 or more.
 * @return 0 when all were run; anything else makes the library's call fail with #ACT_ERR_PARALLEL.
 */
typedef int32_t (*act_parallel_for)(void *opaque, void (*task)(void *context, int64_t index), void *context,
                                    int64_t count);

/**
 * Makes the library run on the host's own threads in place of its own. How finely work is split follows
 * act_set_num_threads().
 * @param parallel_for what to call; NULL returns to the library's own threads.
 * @param opaque       passed to each call.
 * @return #ACT_OK. Not while another thread is in a call of this library.
 */
ACT_API ACT_NODISCARD act_status act_set_parallel_for(act_parallel_for parallel_for, void *opaque);

/** Returns `size` bytes aligned to `alignment` (a power of two, at most 64), or NULL. Any thread may call it. */
typedef void *(*act_allocate_function)(void *opaque, size_t size, size_t alignment);

/** Takes back what an #act_allocate_function returned for this size and alignment. Any thread may call it. */
typedef void (*act_release_function)(void *opaque, void *block, size_t size, size_t alignment);

/**
 * Takes all memory from the host's allocator from now on. A block is always given back to the allocator it came from.
 * @param allocate gives memory.
 * @param release  takes it back.
 * @param opaque   passed to each call. NULL for both functions returns to the C library's.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (only one function is NULL). Not while another thread is in a call
 *         of this library.
 */
ACT_API ACT_NODISCARD act_status act_set_allocator(act_allocate_function allocate, act_release_function release,
                                                   void *opaque);

/** The version of the loaded library, as #ACT_VERSION counts. @return the number. Thread safe. */
ACT_API int32_t act_version(void);

/** The version of the loaded library, such as "0.1.0". @return a static string. Thread safe. */
ACT_API const char *act_version_string(void);

/**
 * Describes this build on this machine: version, instruction set in use, BLAS and how it is threaded, threads.
 * @param[out]    buffer receives the text and a NUL; NULL asks for the size only.
 * @param[in,out] size   in: bytes in `buffer` (ignored where it is NULL); out: bytes needed, NUL included.
 * @return #ACT_OK; #ACT_ERR_INVALID_ARGUMENT (`size` NULL); #ACT_ERR_BUFFER_TOO_SMALL (only `*size` was written).
 *         Thread safe.
 */
ACT_API ACT_NODISCARD act_status act_build_info(char *buffer, size_t *size);
/** @} */

#ifdef __cplusplus
}
#endif

#endif
