"""The table of differentiable operations: how to draw their inputs, and their PyTorch equivalents.

A new operation gets a `Case` under its name; the tests of this folder do the rest.  This file has
the elementwise functions and the reductions; `cases_of_arrangement.py`, `cases_of_contractions.py`,
`cases_of_images.py` and `cases_of_losses.py` have the other families.  Most inputs are drawn by one
of the functions of `drawing.py`.  Values are in [−3, 3] and, by construction, away from kinks;
shapes include (), and axes of length 1.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import strategies as st

import minireg as mr
from tests.ops.case import Case, functional, renamed, same
from tests.ops.cases_of_arrangement import ARRANGEMENT
from tests.ops.cases_of_contractions import CONTRACTIONS
from tests.ops.cases_of_dropout import DROPOUT
from tests.ops.cases_of_images import IMAGES
from tests.ops.cases_of_losses import LOSSES
from tests.ops.drawing import (
    SEEDS,
    binary,
    chosen,
    distinct_sizes,
    generator,
    limits,
    linear_layer,
    matrices,
    one_axis,
    reduction,
    spread,
    unary,
)


def torch_norm(torch, tensors, options):
    axis, p = options["axis"], options["p"]
    axis = tuple(range(tensors[0].ndim)) if axis is None else axis
    return torch.linalg.vector_norm(tensors[0], p, dim=axis, keepdim=options["keepdims"])


def none_or_one(draw: Any, shape: tuple[int, ...]) -> int | None:
    return draw(st.none() | st.integers(-len(shape), len(shape) - 1))


def torch_prod(torch, tensors, options):
    if options["axis"] is not None:
        return renamed("prod")(torch, tensors, options)
    y = torch.prod(*tensors)
    return y.reshape((1,) * tensors[0].ndim) if options["keepdims"] else y


def torch_softplus(torch, tensors, options):
    """PyTorch's is linear beyond a threshold, with an error of 2e-9; at 1000 it is exact."""
    return torch.nn.functional.softplus(*tensors, threshold=1000, **options)


def moments(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    options = {
        "axis": draw(st.sampled_from([None, 0, -1, (0, 1)])),
        "correction": draw(st.integers(0, 1)),
        "keepdims": draw(st.booleans()),
    }
    return [generator(draw).uniform(-3, 3, (3, 2, 3))], options


CASES = {
    "abs": Case(unary(kinks=(0.0,)), torch=same("abs")),
    "add": Case(binary(), torch=same("add")),
    "arctan": Case(unary(), torch=same("arctan")),
    "astype": Case(unary(), call=lambda x: mr.astype(x, "float64") * x),
    "clip": Case(limits, torch=same("clip")),
    "cos": Case(unary(), torch=same("cos")),
    "cosh": Case(unary(), torch=same("cosh")),
    "cumulative_sum": Case(reduction(axis_kind=one_axis, keepdims=False), torch=renamed("cumsum")),
    "divide": Case(binary(b=(0.5, 3)), torch=same("divide")),
    "elu": Case(unary(kinks=(0.0,), alpha=st.sampled_from([1.0, 0.5])), torch=functional("elu")),
    "erf": Case(unary(), torch=same("erf")),
    "exp": Case(unary(), torch=same("exp")),
    "expm1": Case(unary(), torch=same("expm1")),
    "gelu": Case(unary(approximate=st.sampled_from(["none", "tanh"])), torch=functional("gelu")),
    "hardtanh": Case(
        unary(kinks=(-1.0, 0.5), min_val=st.just(-1.0), max_val=st.just(0.5)),
        torch=functional("hardtanh"),
    ),
    "leaky_relu": Case(
        unary(kinks=(0.0,), negative_slope=st.sampled_from([0.01, 0.3, -0.5])),
        torch=functional("leaky_relu"),
    ),
    "linear": Case(linear_layer, torch=lambda t, x, o: t.nn.functional.linear(*x)),
    "log": Case(unary(0.2, 3), torch=same("log")),
    "log1p": Case(unary(-0.8, 3), torch=same("log1p")),
    "log2": Case(unary(0.2, 3), torch=same("log2")),
    "log_softmax": Case(
        reduction(axis_kind=one_axis, keepdims=False), torch=renamed("log_softmax")
    ),
    "logsumexp": Case(reduction(), torch=renamed("logsumexp")),
    "matmul": Case(matrices, torch=same("matmul")),
    "max": Case(reduction(spread), torch=renamed("amax")),
    "maximum": Case(binary(kink=True), torch=same("maximum")),
    "mean": Case(reduction(), torch=renamed("mean")),
    "min": Case(reduction(spread), torch=renamed("amin")),
    "minimum": Case(binary(kink=True), torch=same("minimum")),
    "multiply": Case(binary(), torch=same("multiply")),
    "negative": Case(unary(), torch=same("negative")),
    "norm": Case(
        reduction(distinct_sizes, p=st.sampled_from([1, 1.5, 2, 3, math.inf])),
        torch=torch_norm,
    ),
    "normal_cdf": Case(unary(), torch=lambda t, x, o: t.special.ndtr(x[0])),
    "power": Case(binary(a=(0.3, 2), b=(-2, 3)), torch=same("pow")),
    "prod": Case(reduction(axis_kind=none_or_one), torch=torch_prod),
    "reciprocal": Case(unary(0.3, 3), torch=same("reciprocal")),
    "relu": Case(unary(kinks=(0.0,)), torch=same("relu")),
    "selu": Case(unary(kinks=(0.0,)), torch=same("selu")),
    "sigmoid": Case(unary(), torch=same("sigmoid")),
    "silu": Case(unary(), torch=functional("silu")),
    "sin": Case(unary(), torch=same("sin")),
    "sinh": Case(unary(), torch=same("sinh")),
    "softmax": Case(reduction(axis_kind=one_axis, keepdims=False), torch=renamed("softmax")),
    "softplus": Case(unary(beta=st.sampled_from([1.0, 2.5])), torch=torch_softplus),
    "sqrt": Case(unary(0.2, 3), torch=same("sqrt")),
    "square": Case(unary(), torch=same("square")),
    "std": Case(moments, torch=renamed("std")),
    "subtract": Case(binary(), torch=same("subtract")),
    "sum": Case(reduction(), torch=renamed("sum")),
    "tan": Case(unary(-1.2, 1.2), torch=same("tan")),
    "tanh": Case(unary(), torch=same("tanh")),
    "transfer": Case(unary(), call=lambda x: mr.transfer(x * x, x.backend)),
    "var": Case(moments, torch=renamed("var")),
    "where": Case(
        chosen,
        call=lambda a, b, condition: mr.where(mr.tensor(condition), a, b),
        torch=lambda t, x, o: t.where(t.tensor(o["condition"]), *x),
    ),
    **ARRANGEMENT,
    **CONTRACTIONS,
    **DROPOUT,
    **IMAGES,
    **LOSSES,
}

# Public names whose result has no gradient, called with a vector that requires one.
WITHOUT_GRADIENT = {
    "arange": lambda x: mr.arange(3),
    "all": lambda x: mr.all(x),
    "any": lambda x: mr.any(x),
    "argmax": lambda x: mr.argmax(x),
    "argmin": lambda x: mr.argmin(x),
    "argsort": lambda x: mr.argsort(x),
    "equal": lambda x: x == 0.5,
    "from_dlpack": lambda x: mr.from_dlpack(np.zeros(2)),
    "full_like": lambda x: mr.full_like(x, 3.0),
    "greater": lambda x: x > 0,
    "greater_equal": lambda x: x >= 0,
    "isfinite": lambda x: mr.isfinite(x),
    "isinf": lambda x: mr.isinf(x),
    "isnan": lambda x: mr.isnan(x),
    "less": lambda x: x < 0,
    "less_equal": lambda x: x <= 0,
    "logical_and": lambda x: (x < 0) & (x != 2),
    "logical_not": lambda x: ~(x < 0),
    "logical_or": lambda x: (x < 0) | (x == 2),
    "logical_xor": lambda x: (x < 0) ^ (x == 2),
    "not_equal": lambda x: x != 2,
    "one_hot": lambda x: mr.one_hot(mr.argmax(x, axis=0), 3),
    "ones": lambda x: mr.ones(x.shape),
    "ones_like": lambda x: mr.ones_like(x),
    "searchsorted": lambda x: mr.searchsorted(mr.tensor(np.zeros(2)), x),
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
