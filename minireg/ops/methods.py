"""Bind operations to Tensor, so that `x + y`, `x[i]`, `x.sum()` and `x.T` work."""

from __future__ import annotations

from typing import Any

from ..autograd import Tensor, composed
from ..errors import ArgumentTypeError
from . import shapes
from .exchange import dlpack_device, to_dlpack
from .linear_algebra import matmul

# x + y, 2 + x, x += y: the symbol, Python's name, ours.
ARITHMETIC = (
    ("+", "add", "add"),
    ("-", "sub", "subtract"),
    ("*", "mul", "multiply"),
    ("/", "truediv", "divide"),
    ("**", "pow", "power"),
    ("@", "matmul", "matmul"),
)

# x < y, -x, x[i]: Python's name, ours.
OPERATORS = {
    "eq": "equal", "ne": "not_equal",
    "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal",
    "and": "logical_and", "or": "logical_or", "xor": "logical_xor", "invert": "logical_not",
    "neg": "negative", "abs": "abs", "getitem": "getitem",
}  # fmt: skip

METHODS = (
    "abs", "all", "any", "argmax", "argmin", "argsort", "astype", "clip", "cos", "diagonal", "erf",
    "exp", "expm1", "flatten", "flip", "isfinite", "isinf", "isnan", "log", "log1p", "log2",
    "log_softmax", "logsumexp", "max", "mean", "min", "moveaxis", "norm", "prod", "reciprocal",
    "relu", "roll", "sigmoid", "sign", "sin", "softmax", "sort", "split", "sqrt", "square",
    "squeeze", "std", "sum", "swapaxes", "take", "tan", "tanh", "tile", "tril", "triu", "var",
)  # fmt: skip


def bind(ops: Any) -> None:
    """Bind the functions of the module `ops` to Tensor, as operators and methods."""
    for symbol, theirs, ours in ARITHMETIC:
        operation = getattr(ops, ours)
        setattr(Tensor, f"__{theirs}__", operation)
        setattr(Tensor, f"__r{theirs}__", reflect(operation))
        setattr(Tensor, f"__i{theirs}__", refuse_parameters(operation, symbol))
    for theirs, ours in OPERATORS.items():
        setattr(Tensor, f"__{theirs}__", getattr(ops, ours))
    for name in METHODS:
        setattr(Tensor, name, getattr(ops, name))

    others = {
        "reshape": reshape,
        "view": reshape,
        "dot": dot,
        "to": ops.transfer,
        "mT": property(ops.matrix_transpose),
        "T": property(ops.permute_dims),
        "__dlpack__": to_dlpack,
        "__dlpack_device__": dlpack_device,
        "__format__": format_value,
        "__float__": lambda self: float(self.item()),
        "__int__": lambda self: int(self.item()),
        "__hash__": object.__hash__,  # defining __eq__ would remove it
        "__iter__": lambda self: (self[i] for i in range(len(self))),
    }
    for name, value in others.items():
        setattr(Tensor, name, value)


@composed
def reshape(x, *shape):
    """x.reshape(2, 3) or x.reshape((2, 3)): see `minireg.reshape`."""
    return shapes.reshape(x, shape[0] if len(shape) == 1 else shape)


@composed
def dot(x, other):
    """x.dot(w), the product of vectors and matrices: see `minireg.matmul`."""
    if x.ndim > 2 or getattr(other, "ndim", 0) > 2:
        raise ArgumentTypeError(
            "both factors must be vectors or matrices. With more axes NumPy's dot is not a "
            "product of stacked matrices: write x @ w for that."
        )
    return matmul(x, other)


def format_value(x, spec):
    """f"{loss:.3f}" formats the value; without a format it is the repr."""
    return format(x.item(), spec) if spec else repr(x)


def reflect(operation: Any) -> Any:
    """2 − x for x.__rsub__(2)."""
    return lambda self, other: operation(other, self)


def refuse_parameters(operation: Any, symbol: str) -> Any:
    """x += y for computed tensors, and an error for parameters."""

    def assign(self, other):
        if self.is_leaf and self.requires_grad:
            raise ArgumentTypeError(
                f"p {symbol}= … would make a new tensor and leave the parameter as it was. "
                f"Update its array: p.data {symbol}= … (an optimizer does this for you)."
            )
        return operation(self, other)  # on a computed y, y += b means y = y + b

    return assign
