"""What makes `x + y`, `x[i]`, `x.sum()` and `x.T` work: operations bound to Tensor."""

from __future__ import annotations

import inspect
from functools import wraps
from typing import Any

from ..autograd import Tensor
from ..autograd.diagnosis import explain
from ..errors import ArgumentTypeError, MiniregError
from .exchange import dlpack_device, to_dlpack

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
    """Give Tensor the operators and methods that the module `ops` has functions for."""
    for symbol, theirs, ours in ARITHMETIC:
        operation = getattr(ops, ours)
        setattr(Tensor, f"__{theirs}__", operation)
        setattr(Tensor, f"__r{theirs}__", reflected(operation))
        setattr(Tensor, f"__i{theirs}__", in_place(operation, symbol))
    for theirs, ours in OPERATORS.items():
        setattr(Tensor, f"__{theirs}__", getattr(ops, ours))
    for name in METHODS:
        setattr(Tensor, name, getattr(ops, name))

    def reshape(self, *shape):
        """x.reshape(2, 3) or x.reshape((2, 3)): see `minireg.reshape`."""
        return ops.reshape(self, shape[0] if len(shape) == 1 else shape)

    def dot(self, other):
        """x.dot(w), the product of vectors and matrices: see `minireg.matmul`."""
        if self.ndim > 2 or getattr(other, "ndim", 0) > 2:
            raise ArgumentTypeError(
                "dot is for vectors and matrices. With more axes NumPy's dot is not a product of "
                "stacked matrices: write x @ w for that."
            )
        return ops.matmul(self, other)

    def formatted(self, spec):
        """f"{loss:.3f}" formats the value; without a format it is the repr."""
        return format(self.item(), spec) if spec else repr(self)

    others = {
        "reshape": reshape,
        "view": reshape,
        "dot": dot,
        "to": ops.transfer,
        "mT": property(ops.matrix_transpose),
        "T": property(ops.permute_dims),
        "__dlpack__": to_dlpack,
        "__dlpack_device__": dlpack_device,
        "__format__": formatted,
        "__float__": lambda self: float(self.item()),
        "__int__": lambda self: int(self.item()),
        "__hash__": object.__hash__,  # __eq__ would take it away
        "__iter__": lambda self: (self[i] for i in range(len(self))),
    }
    for name, value in others.items():
        setattr(Tensor, name, value)


def with_sentences(function: Any) -> Any:
    """A function made of other operations, which says so if it cannot use its arguments."""
    signature = inspect.signature(function)

    @wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        try:
            return function(*args, **options)
        except MiniregError:
            raise
        except (TypeError, ValueError, IndexError, AttributeError) as error:
            raise explain(error, function.__name__, signature, args) from error

    return call


def reflected(operation: Any) -> Any:
    """2 − x for x.__rsub__(2)."""
    return lambda self, other: operation(other, self)


def in_place(operation: Any, symbol: str) -> Any:
    """x += y for computed tensors, and a sentence for parameters."""

    def assign(self, other):
        if self.is_leaf and self.requires_grad:
            raise ArgumentTypeError(
                f"p {symbol}= … would make a new tensor and leave the parameter as it was. "
                f"Update its array: p.data {symbol}= … (an optimizer does this for you)."
            )
        return operation(self, other)  # on a computed y, y += b means y = y + b

    return assign
