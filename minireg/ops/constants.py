"""New arrays and conversions.  Only `astype` and `transfer` have a gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import Tensor, composed, primitive, raw
from ..backend import current_backend, namespace
from ..errors import ArgumentError, ArgumentTypeError

__all__ = [
    "arange", "astype", "full_like", "ones", "ones_like", "tensor", "transfer", "zeros",
    "zeros_like",
]  # fmt: skip


@composed
def tensor(data: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a Tensor on the current backend.

    Python floats become float32, integers int64, booleans bool; an array or a Tensor keeps its own
    dtype.  The data is copied.

    Args:
        data: a number, nested lists of numbers, an array or a Tensor.
        dtype: another dtype, such as `mr.float64`.
        requires_grad: see `Tensor`.

    Raises:
        ArgumentTypeError: `data` does not hold numbers, or `requires_grad` on integers.

    >>> tensor([[1, 2], [3, 4]], dtype="float64")
    tensor([[1., 2.],
            [3., 4.]], dtype=float64)
    """
    xp = current_backend()
    source: Any = raw(data)
    if np.ma.is_masked(source):
        raise ArgumentError(
            f"{np.ma.count_masked(source)} entries of data are masked. Fill them: data.filled(0)."
        )
    try:
        array: Any = source
        if type(source) is not xp.array_type:
            array = np.array(namespace(source).to_host(source))
    except ValueError as error:
        raise ArgumentError(f"nested lists must have equal lengths: {error}.") from error
    if dtype is None and array.dtype.kind == "f" and not hasattr(source, "dtype"):
        dtype = np.float32
    if array.dtype.kind not in "fiub" or np.dtype(dtype or array.dtype).kind not in "fiub":
        raise ArgumentTypeError(
            f"data must be real numbers, got {type(data).__name__} of dtype {dtype or array.dtype}."
        )
    return Tensor(xp.asarray(array.astype(dtype or array.dtype)), requires_grad)


def as_constant(x: Any, like: Tensor) -> Tensor:
    """Return x, such as class weights, as a Tensor like `like`; a Tensor is returned as it is."""
    if isinstance(x, Tensor):
        return x
    return Tensor(namespace(like.data).asarray(x, dtype=like.dtype))


@primitive
def astype(x, dtype):
    """x converted to `dtype`.  Its gradient is converted back, between floating-point dtypes.

    >>> mr.astype(mr.tensor([1.5, -1.5]), "int64").tolist()
    [1, -1]
    """
    y = x.astype(dtype)
    return y, ((lambda g: g,) if np.dtype(dtype).kind == "f" else ())


@primitive
def _transfer(x, name, origin):
    """x on the backend called `name`; the gradient is moved back to `origin`."""
    return namespace(x).transfer(x, name), (lambda g: namespace(g).transfer(g, origin),)


@composed
def transfer(x, name):
    """x as a Tensor on the backend called `name` ("numpy", "cupy" or "auto").

    Its gradient is moved back.

    >>> mr.transfer(mr.tensor([1.0]), "numpy").backend
    'numpy'
    """
    return _transfer(x, name, x.backend)


@primitive
def zeros_like(x, dtype=None):
    """Zeros of the shape and dtype of x.

    >>> mr.zeros_like(mr.tensor([5.0, 6.0])).tolist()
    [0.0, 0.0]
    """
    return namespace(x).zeros_like(x, dtype=dtype), ()


@primitive
def ones_like(x, dtype=None):
    """Ones of the shape and dtype of x.

    >>> mr.ones_like(mr.tensor([5.0, 6.0])).tolist()
    [1.0, 1.0]
    """
    return namespace(x).ones_like(x, dtype=dtype), ()


@primitive
def full_like(x, fill_value, dtype=None):
    """An array of the shape and dtype of x, filled with one value.

    >>> mr.full_like(mr.tensor([1.0, 2.0]), 7).tolist()
    [7.0, 7.0]
    """
    return namespace(x).full_like(x, fill_value, dtype=dtype), ()


@composed
def zeros(shape, dtype=np.float32, requires_grad=False):
    """A Tensor of zeros on the current backend.

    >>> mr.zeros((2, 2)).tolist()
    [[0.0, 0.0], [0.0, 0.0]]
    """
    return Tensor(current_backend().zeros(shape, dtype=dtype), requires_grad)


@composed
def ones(shape, dtype=np.float32, requires_grad=False):
    """A Tensor of ones on the current backend.

    >>> mr.ones((2, 2)).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    return Tensor(current_backend().ones(shape, dtype=dtype), requires_grad)


@composed
def arange(start, stop=None, step=1, dtype=None):
    """start, start + step, … below stop; `arange(n)` counts from 0.  Floats become float32.

    >>> mr.arange(3).tolist(), mr.arange(1.0, 2.0, 0.5).tolist()
    ([0, 1, 2], [1.0, 1.5])
    """
    if stop is None:
        start, stop = 0, start
    if dtype is None and any(isinstance(x, float) for x in (start, stop, step)):
        dtype = np.float32
    return Tensor(current_backend().arange(start, stop, step, dtype=dtype))
