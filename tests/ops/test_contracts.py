"""Rules for every operation: nothing is changed, no gradient is shared, dtypes are kept."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg.ops import linear_algebra, losses
from tests.ops.cases import CASES, called, inputs_of

EVERY = pytest.mark.parametrize("name", CASES)
# Guarded arrays are laid out, changed and shared as those of NumPy.
ARRAYS = pytest.mark.backends("numpy", "cupy")


@EVERY
@ARRAYS
@given(data=st.data())
def test_no_input_and_no_upstream_gradient_is_changed(backend, name, data):
    arrays, options, seed = data.draw(inputs_of(name))
    xs = [mr.tensor(a, requires_grad=True) for a in arrays]
    y = called(name, xs, options)
    forward = y.numpy().tobytes()
    upstream = np.random.default_rng(seed).normal(size=y.shape)
    g = mr.tensor(upstream)
    # The sum passes one array to both: if a vjp of y changed it, the gradient of z would show that.
    z = mr.tensor(np.zeros(y.shape), requires_grad=True)
    (y + z).backward(g, retain_graph=True)
    mr.grad(y, xs, g, create_graph=True)
    for x, a in zip(xs, arrays):
        assert x.numpy().tobytes() == a.tobytes()
    assert y.numpy().tobytes() == forward
    assert g.numpy().tobytes() == upstream.tobytes()
    assert backend.to_host(z.grad).tobytes() == upstream.tobytes()


@EVERY
@pytest.mark.host
@given(data=st.data())
def test_gradients_share_memory_with_nothing(name, data):
    arrays, options, seed = data.draw(inputs_of(name))
    xs = [mr.tensor(a, requires_grad=True) for a in arrays]
    y = called(name, xs, options)
    upstream = np.random.default_rng(seed).normal(size=y.shape)
    y.backward(upstream)
    others = [y.data, upstream, *(x.data for x in xs)]
    for i, x in enumerate(xs):
        assert x.grad.shape == x.shape
        assert x.grad.dtype == x.dtype
        assert x.grad.flags.writeable
        rest = [*others, *(other.grad for other in xs[i + 1 :])]
        assert not any(np.shares_memory(x.grad, array) for array in rest)


@EVERY
@given(data=st.data())
def test_float32_gives_float32(name, data):
    if name == "astype":  # the case asks for float64
        return
    arrays, options, seed = data.draw(inputs_of(name))
    xs = [mr.tensor(a, dtype="float32", requires_grad=True) for a in arrays]
    soft = {k: v.astype(np.float32) if is_float(v) else v for k, v in options.items()}
    y = called(name, xs, soft)
    assert y.dtype == np.float32
    y.backward(
        np.random.default_rng(seed).normal(size=y.shape) if on_numpy(y) else mr.ones(y.shape)
    )
    assert all(x.grad.dtype == np.float32 for x in xs)


def is_float(value):
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def on_numpy(y):
    return y.backend == "numpy"


def strided(x, xp):
    """The same values as every second entry of a larger array, axes stored in reverse order."""
    if x.ndim == 0:
        return x
    wide = xp.zeros([2 * n for n in reversed(x.shape)]).T
    view = wide[tuple(slice(None, None, -2) for _ in x.shape)]
    view[...] = x
    return view


def repeated(x, xp):
    """The first entry along axis 0 instead of all others: broadcast, and read-only on NumPy."""
    return xp.broadcast_to(x[:1], x.shape) if x.ndim else x


@EVERY
@ARRAYS
@given(data=st.data())
def test_arrays_that_are_not_contiguous_give_the_same(backend, name, data):
    drawn, options, seed = data.draw(inputs_of(name))
    for layout in (strided, repeated):
        arrays = [layout(backend.asarray(a), backend) for a in drawn]
        results = []
        for kept in (backend.array, lambda array: array):
            xs = [mr.Tensor(kept(a), requires_grad=True) for a in arrays]
            y = called(name, xs, options)
            upstream = np.random.default_rng(seed).normal(size=y.shape)
            results.append([y, *mr.grad(y, xs, mr.tensor(upstream))])
        for a, b in zip(*results):
            np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-12, atol=1e-12)


ELEMENTWISE = ["abs", "exp", "negative", "relu", "sigmoid", "square", "tanh"]


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("shape", [(), (0,), (3, 0), (1, 1)])
def test_numbers_and_empty_arrays_keep_their_shape(name, shape):
    x = mr.tensor(np.full(shape, 0.5), requires_grad=True)
    y = getattr(mr, name)(x)
    assert y.shape == shape
    y.sum().backward()
    assert x.grad.shape == shape


@pytest.mark.parametrize("name", ["sum", "mean"])
def test_reductions_next_to_an_empty_axis_work(name):
    x = mr.tensor(np.zeros((0, 3)), requires_grad=True)
    y = getattr(mr, name)(x, axis=1)
    assert y.shape == (0,)
    y.sum().backward()
    assert x.grad.shape == (0, 3)


@pytest.mark.parametrize("other", [2, 2.0, np.float64(2), np.int64(2), True])
@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "divide", "power", "maximum"])
def test_numbers_of_any_kind_do_not_widen(name, other):
    x = mr.tensor([1.5, 0.5], requires_grad=True)
    for y in (getattr(mr, name)(x, other), getattr(mr, name)(other, x)):
        assert y.dtype == np.float32
        y.sum().backward()
        assert x.grad.dtype == np.float32


@pytest.mark.parametrize("dtype", ["int64", "int32", "uint8", "bool"])
@pytest.mark.parametrize("name", ["add", "multiply", "divide", "power", "maximum"])
def test_integer_and_boolean_tensors_do_not_widen(name, dtype):
    x = mr.tensor([1.5, 0.5], requires_grad=True)
    other = mr.tensor(np.array([1, 1]), dtype=dtype)
    for y in (getattr(mr, name)(x, other), getattr(mr, name)(other, x)):
        assert y.dtype == np.float32
        y.sum().backward()
        assert x.grad.dtype == np.float32


@pytest.mark.parametrize("shape", [(3,), (5, 3), (2, 5, 3)])
def test_linear_has_the_wider_dtype_of_matrix_and_bias(shape):
    random = np.random.default_rng(0)
    x, w, b = (random.normal(size=s).astype(np.float32) for s in (shape, (2, 3), (2,)))
    for matrix, bias in ((np.float32, np.float64), (np.float64, np.float32)):
        found = mr.linear(mr.tensor(x), mr.tensor(w.astype(matrix)), mr.tensor(b.astype(bias)))
        np.testing.assert_allclose(
            found.numpy(), x @ w.T.astype(matrix) + b.astype(bias), rtol=1e-5, strict=True
        )


LABELS = np.array([0, 2, 1, 1])
FUSED = {
    "linear": (linear_algebra.linear, [(5, 3), (2, 3), (2,)], ()),
    "linear of more axes": (linear_algebra.linear, [(2, 5, 3), (2, 3), (2,)], ()),
    "linear of a vector": (linear_algebra.linear, [(3,), (2, 3), (2,)], ()),
    "linear without bias": (linear_algebra.linear, [(4, 5, 3), (2, 3)], ()),
    "cross_entropy": (losses._cross_entropy, [(4, 3)], (LABELS, 4)),
    "cross_entropy of each": (losses._cross_entropy, [(4, 3)], (LABELS, None)),
}


@pytest.mark.parametrize("name", FUSED)
def test_a_fused_operation_equals_its_plain_form(name):
    operation, shapes, rest = FUSED[name]
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=shape) for shape in shapes]
    rest = [mr.tensor(x) if isinstance(x, np.ndarray) else x for x in rest]
    results = []
    for function in (operation, operation.plain):
        xs = [mr.tensor(a, requires_grad=True) for a in arrays]
        y = function(*xs, *rest)
        upstream = mr.tensor(np.random.default_rng(1).normal(size=y.shape))
        results.append([y, *mr.grad(y, xs, upstream)])
    for fused, plain in zip(*results):
        np.testing.assert_allclose(fused.numpy(), plain.numpy(), rtol=1e-13, atol=1e-15)
