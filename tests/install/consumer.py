"""ctypes and NumPy: arrays go to the library through NumPy's own DLPack capsules, whatever their strides."""
import ctypes
import sys

import numpy as np

lib = ctypes.CDLL(sys.argv[1])
lib.act_last_error.restype = ctypes.c_char_p

get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
get_pointer.restype = ctypes.c_void_p
get_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]


def call(function, *arguments):
    """Calls the library; arrays become DLTensors, the first member of what their capsules hold."""
    capsules = [a.__dlpack__() if isinstance(a, np.ndarray) else None for a in arguments]
    status = function(*(ctypes.c_void_p(get_pointer(c, b"dltensor")) if c else a for a, c in zip(arguments, capsules)))
    if status != 0:
        raise RuntimeError(lib.act_last_error().decode())


def create(spec):
    a = ctypes.c_void_p()
    call(lib.act_activation_create_from_spec, ctypes.byref(a), spec.encode())
    return a


rng = np.random.default_rng(1)
formulas = {
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu(slope=0.125)": lambda x: np.where(x > 0, x, x / 8),
    "elu(alpha=1)": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "softsign": lambda x: x / (1 + np.abs(x)),
}
for dtype, tolerance in ((np.float32, 3e-7), (np.float64, 1e-15)):
    base = (4 * rng.standard_normal((6, 10, 8))).astype(dtype)
    views = [base, base.T, base[::2, 1:, ::3], base[::-1, :, ::-1], base[:, 3], base[0, 0, 0:0], base[2, 3, 4],
             np.lib.stride_tricks.as_strided(base, (5, 8), (0, base.itemsize))]
    for spec, formula in formulas.items():
        a = create(spec)
        for x in views:
            x = np.asarray(x)
            y, dx, dy = (np.full(x.shape, value, x.dtype) for value in (np.nan, np.nan, 1))
            call(lib.act_forward, a, x, y, None)
            wide = formula(x.astype(np.float64))
            assert np.all(np.abs(y - wide) <= tolerance * np.maximum(np.abs(wide), 1)), (spec, dtype, x.strides)
            call(lib.act_backward, a, x, None, None, dy, dx)
            assert np.all(np.isfinite(dx))
        lib.act_activation_destroy(a)

# Maxout against its definition.
maxout = ctypes.c_void_p()
sizes = (ctypes.c_int64(n) for n in (5, 4, 3))
call(lib.act_maxout_create, ctypes.byref(maxout), *sizes, 1, 0, ctypes.c_uint64(7))
w, b = (rng.integers(-4, 5, shape).astype(np.float32) for shape in ((3, 4, 5), (3, 4)))
gw, gb = np.zeros_like(w), np.zeros_like(b)
call(lib.act_activation_bind_parameter, maxout, 0, w, gw)
call(lib.act_activation_bind_parameter, maxout, 1, b, gb)
x = rng.integers(-4, 5, (7, 5)).astype(np.float32)
y, dx = np.zeros((7, 4), np.float32), np.zeros_like(x)
state = ctypes.c_void_p()
call(lib.act_state_create, ctypes.byref(state))
call(lib.act_forward, maxout, x, y, state)
z = np.einsum("koi,ni->kno", w, x) + b[:, None, :]
assert np.array_equal(y, z.max(axis=0))
call(lib.act_backward, maxout, x, None, state, y, dx)
wins = z.argmax(axis=0)[None] == np.arange(3)[:, None, None]
assert np.array_equal(gb, (wins * y).sum(axis=1))
assert np.array_equal(gw, np.einsum("kno,ni->koi", wins * y, x))
assert np.array_equal(dx, np.einsum("kno,koi->ni", wins * y, w))
lib.act_state_destroy(state)
lib.act_activation_destroy(maxout)

# A mistake becomes an exception with a message for people, and writes nothing.
relu = create("relu")
x, y = np.ones((2, 3), np.float32), np.full((2, 4), 7, np.float32)
try:
    call(lib.act_forward, relu, x, y, None)
    sys.exit("a shape mismatch was accepted")
except RuntimeError as error:
    assert "3" in str(error) and "4" in str(error), error
assert np.all(y == 7)
lib.act_activation_destroy(relu)
print("ok")
