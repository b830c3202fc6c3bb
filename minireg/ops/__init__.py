"""Floor 2: the differentiable primitives, one family a file.

Importing this package binds them to Tensor (`x + y`, `x.sum()`) and makes `namespace(x)` answer it
for Tensors.
"""

from __future__ import annotations

import sys

from ..autograd import Tensor
from ..backend import register_namespace
from ..errors import ArgumentTypeError
from . import kernels
from .activations import dropout, relu, sigmoid, tanh
from .arithmetic import (
    abs,
    add,
    clip,
    divide,
    equal,
    exp,
    greater,
    greater_equal,
    less,
    less_equal,
    log,
    logical_and,
    logical_not,
    logical_or,
    maximum,
    minimum,
    multiply,
    negative,
    not_equal,
    power,
    sign,
    sqrt,
    square,
    subtract,
    where,
)
from .constants import (
    arange,
    argmax,
    astype,
    full_like,
    ones,
    ones_like,
    tensor,
    transfer,
    zeros,
    zeros_like,
)
from .indexing import getitem, one_hot, scatter_add
from .linear_algebra import linear, matmul
from .losses import cross_entropy, mse_loss
from .reductions import log_softmax, logsumexp, max, mean, norm, softmax, sum, var
from .shapes import (
    broadcast_to,
    concat,
    flatten,
    matrix_transpose,
    permute_dims,
    reshape,
    squeeze,
    stack,
)

__all__ = [
    "abs",
    "add",
    "arange",
    "argmax",
    "astype",
    "broadcast_to",
    "clip",
    "concat",
    "cross_entropy",
    "divide",
    "dropout",
    "equal",
    "exp",
    "flatten",
    "full_like",
    "getitem",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "linear",
    "log",
    "log_softmax",
    "logical_and",
    "logical_not",
    "logical_or",
    "logsumexp",
    "matmul",
    "matrix_transpose",
    "max",
    "maximum",
    "mean",
    "minimum",
    "mse_loss",
    "multiply",
    "negative",
    "norm",
    "not_equal",
    "one_hot",
    "ones",
    "ones_like",
    "permute_dims",
    "power",
    "relu",
    "reshape",
    "scatter_add",
    "sigmoid",
    "sign",
    "softmax",
    "sqrt",
    "square",
    "squeeze",
    "stack",
    "subtract",
    "sum",
    "tanh",
    "tensor",
    "transfer",
    "var",
    "where",
    "zeros",
    "zeros_like",
]

register_namespace(Tensor, sys.modules[__name__], tensors=True)


# -- x + y, 2 - x, x @ w, x < y, -x, x[i] ---------------------------------------------------------


def _in_place(operation, symbol):
    def assign(self, other):
        if self.is_leaf and self.requires_grad:
            raise ArgumentTypeError(
                f"p {symbol}= … would make a new tensor and leave the parameter as it was. "
                f"Update its array: p.data {symbol}= … (an optimizer does this for you)."
            )
        return operation(self, other)  # on a computed y, y += b means y = y + b

    return assign


for _name, _symbol, _operation in (
    ("add", "+", add),
    ("sub", "-", subtract),
    ("mul", "*", multiply),
    ("truediv", "/", divide),
    ("pow", "**", power),
    ("matmul", "@", matmul),
):
    setattr(Tensor, f"__{_name}__", _operation)
    setattr(Tensor, f"__r{_name}__", lambda self, other, f=_operation: f(other, self))
    setattr(Tensor, f"__i{_name}__", _in_place(_operation, _symbol))

for _name, _operation in (
    ("eq", equal),
    ("ne", not_equal),
    ("lt", less),
    ("le", less_equal),
    ("gt", greater),
    ("ge", greater_equal),
    ("and", logical_and),
    ("or", logical_or),
    ("invert", logical_not),
    ("neg", negative),
    ("abs", abs),
    ("getitem", getitem),
):
    setattr(Tensor, f"__{_name}__", _operation)
Tensor.__hash__ = object.__hash__  # type: ignore[method-assign]
Tensor.__iter__ = lambda self: (self[i] for i in range(len(self)))  # type: ignore[attr-defined]

# -- x.sum(), x.T ---------------------------------------------------------------------------------

for _operation in (
    abs, argmax, astype, clip, exp, flatten, log, log_softmax, logsumexp, max, mean, norm,
    relu, sigmoid, softmax, sqrt, square, squeeze, sum, tanh, var,
):  # fmt: skip
    setattr(Tensor, _operation.__name__, _operation)


def _format(self, spec):
    """f"{loss:.3f}" formats the value; without a format it is the repr."""
    return format(self.item(), spec) if spec else repr(self)


def _reshape(self, *shape):
    """x.reshape(2, 3) or x.reshape((2, 3)): see `minireg.reshape`."""
    return reshape(self, shape[0] if len(shape) == 1 else shape)


def _dot(self, other):
    """x.dot(w), the product of vectors and matrices: see `minireg.matmul`."""
    if self.ndim > 2 or getattr(other, "ndim", 0) > 2:
        raise ArgumentTypeError(
            "dot is for vectors and matrices. With more axes NumPy's dot is not a product of "
            "stacked matrices: write x @ w for that."
        )
    return matmul(self, other)


Tensor.__format__ = _format  # type: ignore[method-assign]
Tensor.__float__ = lambda self: float(self.item())  # type: ignore[attr-defined]
Tensor.__int__ = lambda self: int(self.item())  # type: ignore[attr-defined]
Tensor.reshape = Tensor.view = _reshape  # type: ignore[attr-defined]
Tensor.to = transfer  # type: ignore[attr-defined]
Tensor.dot = _dot  # type: ignore[attr-defined]
Tensor.mT = property(matrix_transpose)  # type: ignore[attr-defined]
Tensor.T = property(permute_dims)  # type: ignore[attr-defined]
