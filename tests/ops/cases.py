"""The table of differentiable operations: how their inputs are drawn, and who else can do them.

A new operation gets a `Case` under its name; the tests of this folder do the rest.  Most inputs are
drawn by one of the functions of `drawing.py`.  Values lie in [−3, 3] and, by construction, away
from kinks; shapes include numbers, and axes of length 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

import minireg as mr
from tests.ops.drawing import (
    SEEDS,
    binary,
    chosen,
    distinct_sizes,
    factorised,
    generator,
    indexed,
    labelled,
    limits,
    linear_layer,
    masked,
    matrices,
    one_axis,
    pair,
    reduction,
    reshaping,
    scattered,
    sequence,
    spread,
    start_and_end,
    unary,
    wider,
)


@dataclass(frozen=True)
class Case:
    """One operation.

    Attributes:
        draw: draws (arrays, options): float64 arrays to be differentiated, and the rest.
        call: calls the operation with Tensors; by default `mr.<name>(*tensors, **options)`.
        torch: the same with PyTorch's tensors, `torch(torch_module, tensors, options)`; None where
            it has no such function.
    """

    draw: Callable[[Any], tuple[list[np.ndarray], dict[str, Any]]]
    call: Callable[..., Any] | None = None
    torch: Callable[..., Any] | None = None


def on_backend(index: Any) -> Any:
    """An index with its NumPy arrays as Tensors."""
    return tuple(mr.tensor(part) if isinstance(part, np.ndarray) else part for part in index)


def same(name: str) -> Any:
    """PyTorch has a function of the same name."""
    return lambda torch, tensors, options: getattr(torch, name)(*tensors, **options)


def renamed(name: str) -> Any:
    """PyTorch calls it so, with dim and keepdim."""

    def call(torch, tensors, options):
        theirs = {"axis": "dim", "keepdims": "keepdim"}
        chosen = {theirs.get(k, k): v for k, v in options.items()}
        if chosen.get("dim", 0) is None:
            chosen["dim"] = tuple(range(tensors[0].ndim))
        return getattr(torch, name)(*tensors, **chosen)

    return call


def torch_norm(torch, tensors, options):
    axis, p = options["axis"], options["p"]
    axis = tuple(range(tensors[0].ndim)) if axis is None else axis
    return torch.linalg.vector_norm(tensors[0], p, dim=axis, keepdim=options["keepdims"])


def torch_getitem(torch, tensors, options):
    (x,), index = tensors, options["index"]
    if index and index[0] is ...:  # backwards: PyTorch has no negative steps
        return x.flip(2)
    # Beside an array a number is an array for NumPy, and not for PyTorch.
    arrays = [i for i in index if isinstance(i, np.ndarray)]
    if arrays:
        index = [np.full(arrays[0].shape, i) if isinstance(i, int) else i for i in index]
    return x[tuple(torch.tensor(i) if isinstance(i, np.ndarray) else i for i in index)]


def torch_cross_entropy(torch, tensors, options):
    chosen = dict(options)
    labels = torch.tensor(chosen.pop("labels"))
    if chosen["weight"] is not None:
        chosen["weight"] = torch.tensor(chosen["weight"])
    return torch.nn.functional.cross_entropy(tensors[0], labels, **chosen)


def with_arrays(name: str, *keys: str) -> Any:
    """Our operation, with the arrays among its options as Tensors."""

    def call(*tensors, **options):
        for key in keys:
            if options[key] is not None:
                options[key] = mr.tensor(options[key])
        return getattr(mr, name)(*tensors, **options)

    return call


CASES = {
    "abs": Case(unary(kinks=(0.0,)), torch=same("abs")),
    "add": Case(binary(), torch=same("add")),
    "astype": Case(unary(), call=lambda x: mr.astype(x, "float64") * x),
    "broadcast_to": Case(reshaping(wider), torch=lambda t, x, o: t.broadcast_to(x[0], o["shape"])),
    "clip": Case(limits, torch=same("clip")),
    "concat": Case(
        sequence(same_axis=False),
        call=lambda *xs, axis: mr.concat(xs, axis=axis),
        torch=lambda t, xs, o: t.concat(list(xs), dim=o["axis"]),
    ),
    "cross_entropy": Case(
        labelled, call=with_arrays("cross_entropy", "labels", "weight"), torch=torch_cross_entropy
    ),
    "divide": Case(binary(b=(0.5, 3)), torch=same("divide")),
    "dropout": Case(
        masked,
        call=with_arrays("dropout", "mask"),
        torch=lambda t, x, o: x[0] * t.tensor(o["mask"]) / (1 - o["p"]),
    ),
    "exp": Case(unary(), torch=same("exp")),
    "flatten": Case(
        reshaping(start_and_end),
        torch=lambda t, x, o: t.flatten(x[0], o.get("start_axis", 0), o.get("end_axis", -1)),
    ),
    "getitem": Case(
        indexed,
        call=lambda x, index: x[on_backend(index)],
        torch=torch_getitem,
    ),
    "linear": Case(linear_layer, torch=lambda t, x, o: t.nn.functional.linear(*x)),
    "log": Case(unary(0.2, 3), torch=same("log")),
    "log_softmax": Case(
        reduction(axis_kind=one_axis, keepdims=False), torch=renamed("log_softmax")
    ),
    "logsumexp": Case(reduction(), torch=renamed("logsumexp")),
    "matmul": Case(matrices, torch=same("matmul")),
    "matrix_transpose": Case(
        lambda draw: ([generator(draw).uniform(-3, 3, (2, 3, 4))], {}),
        torch=lambda t, x, o: x[0].mT,
    ),
    "max": Case(reduction(spread), torch=renamed("amax")),
    "maximum": Case(binary(kink=True), torch=same("maximum")),
    "mean": Case(reduction(), torch=renamed("mean")),
    "minimum": Case(binary(kink=True), torch=same("minimum")),
    "mse_loss": Case(pair, torch=lambda t, x, o: t.nn.functional.mse_loss(*x, **o)),
    "multiply": Case(binary(), torch=same("multiply")),
    "negative": Case(unary(), torch=same("negative")),
    "norm": Case(
        reduction(distinct_sizes, p=st.sampled_from([1, 1.5, 2, 3, math.inf])),
        torch=torch_norm,
    ),
    "permute_dims": Case(
        reshaping(
            lambda draw, shape: {"axes": draw(st.permutations(range(len(shape))) | st.none())}
        ),
        torch=lambda t, x, o: t.permute(x[0], o["axes"] or tuple(range(x[0].ndim))[::-1]),
    ),
    "power": Case(binary(a=(0.3, 2), b=(-2, 3)), torch=same("pow")),
    "relu": Case(unary(kinks=(0.0,)), torch=same("relu")),
    "reshape": Case(reshaping(factorised), torch=lambda t, x, o: x[0].reshape(o["shape"])),
    "scatter_add": Case(
        scattered,
        call=with_arrays("scatter_add", "index"),
        torch=lambda t, x, o: t.zeros(3, 2, dtype=t.float64).index_add(
            0, t.tensor(o["index"]), x[0]
        ),
    ),
    "sigmoid": Case(unary(), torch=same("sigmoid")),
    "softmax": Case(reduction(axis_kind=one_axis, keepdims=False), torch=renamed("softmax")),
    "sqrt": Case(unary(0.2, 3), torch=same("sqrt")),
    "square": Case(unary(), torch=same("square")),
    "squeeze": Case(
        lambda draw: ([generator(draw).uniform(-3, 3, (2, 1, 3))], {"axis": 1}),
        torch=lambda t, x, o: x[0].squeeze(1),
    ),
    "stack": Case(
        sequence(same_axis=True),
        call=lambda *xs, axis: mr.stack(xs, axis=axis),
        torch=lambda t, xs, o: t.stack(list(xs), dim=o["axis"]),
    ),
    "subtract": Case(binary(), torch=same("subtract")),
    "sum": Case(reduction(), torch=renamed("sum")),
    "tanh": Case(unary(), torch=same("tanh")),
    "transfer": Case(unary(), call=lambda x: mr.transfer(x * x, x.backend)),
    "var": Case(
        lambda draw: (
            [generator(draw).uniform(-3, 3, (3, 2, 3))],
            {
                "axis": draw(st.sampled_from([None, 0, -1, (0, 1)])),
                "correction": draw(st.integers(0, 1)),
                "keepdims": draw(st.booleans()),
            },
        ),
        torch=renamed("var"),
    ),
    "where": Case(
        chosen,
        call=lambda a, b, condition: mr.where(mr.tensor(condition), a, b),
        torch=lambda t, x, o: t.where(t.tensor(o["condition"]), *x),
    ),
}

# Public names whose result passes no gradient on, called with a vector that requires one.
WITHOUT_GRADIENT = {
    "arange": lambda x: mr.arange(3),
    "argmax": lambda x: mr.argmax(x),
    "equal": lambda x: x == 0.5,
    "full_like": lambda x: mr.full_like(x, 3.0),
    "greater": lambda x: x > 0,
    "greater_equal": lambda x: x >= 0,
    "less": lambda x: x < 0,
    "less_equal": lambda x: x <= 0,
    "logical_and": lambda x: (x < 0) & (x != 2),
    "logical_not": lambda x: ~(x < 0),
    "logical_or": lambda x: (x < 0) | (x == 2),
    "not_equal": lambda x: x != 2,
    "one_hot": lambda x: mr.one_hot(mr.argmax(x, axis=0), 3),
    "ones": lambda x: mr.ones(x.shape),
    "ones_like": lambda x: mr.ones_like(x),
    "sign": lambda x: mr.sign(x),
    "tensor": lambda x: mr.tensor(x),
    "zeros": lambda x: mr.zeros(x.shape),
    "zeros_like": lambda x: mr.zeros_like(x),
}


def called(name: str, tensors: list[Any], options: dict[str, Any]) -> Any:
    """The operation applied to Tensors."""
    call = CASES[name].call or getattr(mr, name)
    return call(*tensors, **options)


@st.composite
def inputs_of(draw: Any, name: str) -> tuple[list[np.ndarray], dict[str, Any], int]:
    """(arrays, options, seed): what one call of the operation needs."""
    arrays, options = CASES[name].draw(draw)
    return arrays, options, draw(SEEDS)
