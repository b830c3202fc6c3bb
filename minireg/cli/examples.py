"""What `minireg gradcheck` checks: an example for every operation, layer, loss and penalty.

`examples()` is the table.  An entry says which function is called and with which numbers; whoever
adds an operation adds a line here, and a test fails until that is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import nn, ops, regularizers
from ..random import Generator

# Operations whose result is no differentiable function of anything.
WITHOUT_GRADIENT = frozenset(
    {
        "all", "any", "arange", "argmax", "argmin", "argsort", "equal", "from_dlpack", "full_like",
        "greater", "greater_equal", "isfinite", "isinf", "isnan", "less", "less_equal",
        "logical_and", "logical_not", "logical_or", "logical_xor", "not_equal", "one_hot", "ones",
        "ones_like", "searchsorted", "sign", "tensor", "zeros", "zeros_like",
    }
)  # fmt: skip

# Parts of `nn` and `regularizers` that are no layer, loss or penalty themselves.
ABSTRACT = frozenset(
    {"Buffer", "Module", "ModuleDict", "ModuleList", "Parameter", "Penalty", "Sequential"}
)


@dataclass(frozen=True)
class Example:
    """One function to check.

    Attributes:
        name: of the operation, layer, loss or penalty.
        kind: "operation", "layer", "loss" or "penalty".
        function: takes Tensors, returns a Tensor.
        inputs: where both derivatives are checked: float64 arrays.
        at_kink: other inputs, that hold kinks or ties: only the first derivative exists there.
        parameters: what else is differentiated.
    """

    name: str
    kind: str
    function: Callable[..., Any]
    inputs: tuple[Any, ...]
    at_kink: tuple[Any, ...] | None = None
    parameters: Any = ()


def examples() -> list[Example]:
    """The whole table, with the same numbers every time."""
    return [*operations(), *layers(), *losses(), *penalties()]


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    """Normally distributed numbers."""
    return np.random.default_rng([seed, *shape]).normal(size=shape)


def positive(*shape: int, seed: int = 0) -> np.ndarray:
    """Numbers from 0.5 to 2."""
    return np.random.default_rng([seed, *shape]).uniform(0.5, 2, size=shape)


MASK = np.array([[True, False, True, True], [False, True, True, False], [True, True, False, True]])
KINKS = np.array([-1.5, 0.0, 0.5, 1.0, 0.0])
TIES = np.array([[1.0, 3.0, 3.0], [2.0, -1.0, 2.0]])
LABELS = np.array([2, 0, 3])
SIGNS = np.array([[1.0, -1.0, 1.0, 1.0], [-1.0, 1.0, -1.0, 1.0], [1.0, 1.0, -1.0, -1.0]])


def operations() -> list[Example]:
    """The primitives, by family: as in `ops/`."""
    x, y, v = numbers(3, 4), numbers(3, 4, seed=1), numbers(4, seed=2)
    a, b = positive(3, 4), positive(4, seed=1)

    def op(name: str, *inputs: Any, at_kink: Any = None, **options: Any) -> Example:
        function = getattr(ops, name)
        if options:
            return Example(name, "operation", lambda *xs: function(*xs, **options), inputs, at_kink)
        return Example(name, "operation", function, inputs, at_kink)

    return [
        op("add", x, v),
        op("subtract", x, v),
        op("multiply", x, v),
        op("divide", x, b),
        op("negative", x),
        op("power", a, b),
        op("reciprocal", a),
        op("sqrt", a),
        op("square", x),
        op("abs", x, at_kink=(KINKS,)),
        op("maximum", x, y, at_kink=(KINKS, np.zeros(5))),
        op("minimum", x, y, at_kink=(KINKS, np.zeros(5))),
        op("clip", x, min=-0.5, max=0.7, at_kink=(np.array([-2.0, -0.5, 0.1, 0.7]),)),
        Example("where", "operation", lambda s, t: ops.where(ops.tensor(MASK), s, t), (x, y)),
        op("exp", x),
        op("expm1", x),
        op("log", a),
        op("log1p", a),
        op("log2", a),
        op("sin", x),
        op("cos", x),
        op("tan", 0.4 * x),
        op("arctan", x),
        op("sinh", x),
        op("cosh", x),
        op("tanh", x),
        op("erf", x),
        op("sigmoid", x),
        op("relu", x, at_kink=(KINKS,)),
        op("leaky_relu", x, negative_slope=0.1, at_kink=(KINKS,)),
        op("elu", x, alpha=0.5, at_kink=(KINKS,)),
        op("selu", x, at_kink=(KINKS,)),
        op("softplus", x, beta=2.0),
        op("silu", x),
        op("gelu", x),
        op("hardtanh", x, at_kink=(KINKS,)),
        Example("dropout", "operation", lambda x: ops.dropout(x, ops.tensor(MASK), 0.5), (x,)),
        op("sum", x, axis=0),
        op("mean", x, axis=1, keepdims=True),
        op("var", x, axis=0, correction=1),
        op("std", x, axis=0, correction=1),
        op("prod", x, axis=0, at_kink=(KINKS,)),
        op("cumulative_sum", x, axis=1),
        op("max", x, axis=1, at_kink=(TIES,)),
        op("min", x, axis=1, at_kink=(TIES,)),
        op("logsumexp", x, axis=1),
        op("softmax", x),
        op("log_softmax", x),
        op("norm", x, axis=1, at_kink=(np.zeros((2, 3)),)),
        op("matmul", x, numbers(4, 2)),
        op("linear", x, numbers(2, 4), numbers(2)),
        Example(
            "einsum",
            "operation",
            lambda s, t: ops.einsum("bij,bj->i", s, t),
            (numbers(2, 3, 4), numbers(2, 4)),
        ),
        op("tensordot", numbers(2, 3, 4), numbers(3, 4, 2)),
        op("outer", v, numbers(3)),
        op("vecdot", x, y),
        op("cosine_similarity", x, y),
        op("reshape", x, shape=(2, 6)),
        op("flatten", numbers(2, 3, 2), start_axis=1),
        op("permute_dims", numbers(2, 3, 2), axes=(2, 0, 1)),
        op("matrix_transpose", numbers(2, 3, 2)),
        op("swapaxes", numbers(2, 3, 2), axis1=0, axis2=1),
        op("moveaxis", numbers(2, 3, 2), source=0, destination=-1),
        op("broadcast_to", v, shape=(3, 4)),
        op("squeeze", numbers(3, 1, 2), axis=1),
        op("expand_dims", x, axis=1),
        Example("concat", "operation", lambda s, t: ops.concat([s, t], axis=1), (x, y)),
        Example("stack", "operation", lambda s, t: ops.stack([s, t], axis=1), (x, y)),
        Example("split", "operation", lambda x: ops.split(x, [1, 3], axis=1)[1], (x,)),
        Example("unstack", "operation", lambda x: ops.unstack(x, axis=1)[2], (x,)),
        op("pad", x, widths=((1, 0), (0, 2)), value=3.0),
        op("flip", x, axis=1),
        op("roll", x, shift=1, axis=1),
        op("repeat", x, repeats=[1, 0, 2], axis=0),
        op("tile", v, repetitions=(2, 3)),
        op("getitem", x, index=[0, 2, 0]),
        op("take", x, indices=[3, 0, 0], axis=1),
        op("take_along_axis", x, indices=[[2], [0], [2]], axis=1),
        op("diagonal", x, offset=1),
        op("triu", x),
        op("tril", x, k=1),
        op("sort", x, axis=0, descending=True),
        op("scatter_add", x, index=[1, 0, 1], shape=(2, 4)),
        op("astype", x, dtype=np.float64),
        Example("transfer", "operation", lambda x: ops.transfer(x, "numpy"), (x,)),
        *image_operations(),
        op("mse_loss", x, y),
        op("l1_loss", x, y, at_kink=(KINKS, np.zeros(5))),
        op("huber_loss", x, y, delta=0.5),
        op("smooth_l1_loss", x, y, beta=0.5),
        op("cross_entropy", x, labels=LABELS),
        op("nll_loss", x, labels=LABELS),
        op("binary_cross_entropy_with_logits", x, positive(3, 4, seed=2) / 2, pos_weight=3.0),
        op("kl_div", x, a),
        Example("hinge", "operation", lambda x: ops.hinge(x, ops.tensor(SIGNS)), (x,)),
    ]


def image_operations() -> list[Example]:
    """Convolution, pooling and normalisation."""
    images, kernels, ties = numbers(2, 2, 4, 3), numbers(2, 1, 3, 2), np.zeros((1, 1, 4, 4))
    weight, bias, mean, var = numbers(2), numbers(2, seed=1), numbers(2, seed=2), positive(2)

    def op(name: str, function: Callable[..., Any], *inputs: Any, at_kink: Any = None) -> Example:
        return Example(name, "operation", function, inputs, at_kink)

    def conv2d(x: Any, w: Any, b: Any) -> Any:
        return ops.conv2d(x, w, b, stride=2, padding=1, dilation=(1, 2), groups=2)

    def batch_norm(x: Any, w: Any, b: Any) -> Any:
        running = ops.tensor(mean), ops.tensor(var)
        return ops.batch_norm(x, *running, w, b, training=True)

    return [
        op("windows", lambda x: ops.windows(x, 2, stride=2, dilation=2), images),
        op("overlap_add", lambda y: ops.overlap_add(y, (3, 3)), numbers(1, 1, 2, 2, 2, 2)),
        op("conv2d", conv2d, images, kernels, bias),
        op("max_pool2d", lambda x: ops.max_pool2d(x, 2, padding=1), images, at_kink=(ties,)),
        op("avg_pool2d", lambda x: ops.avg_pool2d(x, 3, 2, 1, count_include_pad=False), images),
        op("adaptive_avg_pool2d", lambda x: ops.adaptive_avg_pool2d(x, (3, 2)), images),
        op("batch_norm", batch_norm, images, weight, bias),
        op("layer_norm", lambda x, w: ops.layer_norm(x, (4, 3), w), images, numbers(4, 3)),
    ]


def layers() -> list[Example]:
    """The modules; Dropout draws the same mask at every call."""
    linear = nn.Linear(4, 3, generator=Generator(0))
    dropout = nn.Dropout(0.5)
    embedding = nn.Embedding(4, 3, generator=Generator(0))

    def rows() -> Any:
        return embedding(ops.tensor(LABELS))

    def same_dropout(x: Any) -> Any:
        dropout.generator = Generator(1)
        return dropout(x)

    x = numbers(5, 4)
    return [
        Example("Linear", "layer", linear, (x,), parameters=dict(linear.named_parameters())),
        Example("Embedding", "layer", rows, (), parameters=dict(embedding.named_parameters())),
        Example("ReLU", "layer", nn.ReLU(), (x,), at_kink=(KINKS,)),
        Example("LeakyReLU", "layer", nn.LeakyReLU(0.1), (x,), at_kink=(KINKS,)),
        Example("ELU", "layer", nn.ELU(0.5), (x,), at_kink=(KINKS,)),
        Example("SELU", "layer", nn.SELU(), (x,), at_kink=(KINKS,)),
        Example("Softplus", "layer", nn.Softplus(beta=2.0), (x,)),
        Example("GELU", "layer", nn.GELU("tanh"), (x,)),
        Example("SiLU", "layer", nn.SiLU(), (x,)),
        Example("Sigmoid", "layer", nn.Sigmoid(), (x,)),
        Example("Tanh", "layer", nn.Tanh(), (x,)),
        Example("Hardtanh", "layer", nn.Hardtanh(), (x,), at_kink=(KINKS,)),
        Example("Softmax", "layer", nn.Softmax(axis=0), (x,)),
        Example("LogSoftmax", "layer", nn.LogSoftmax(), (x,)),
        Example("Identity", "layer", nn.Identity(), (x,)),
        Example("Normalize", "layer", nn.Normalize(numbers(4), positive(4)), (x,)),
        Example("Unstandardize", "layer", nn.Unstandardize(numbers(4), positive(4)), (x,)),
        Example("Flatten", "layer", nn.Flatten(), (numbers(2, 1, 3, 2),)),
        Example("Dropout", "layer", same_dropout, (x,)),
        *image_layers(),
    ]


def image_layers() -> list[Example]:
    """Convolution, pooling and normalisation; in training no running value changes a gradient."""
    images, rows, ties = numbers(2, 2, 4, 3), numbers(5, 4), np.zeros((1, 1, 4, 4))

    def layer(module: nn.Module, x: Any, at_kink: Any = None) -> Example:
        parameters = dict(module.named_parameters())
        return Example(type(module).__name__, "layer", module, (x,), at_kink, parameters)

    return [
        layer(nn.Conv2d(2, 3, 3, stride=2, padding=1, generator=Generator(0)), images),
        layer(nn.MaxPool2d(2), images, (ties,)),
        layer(nn.AvgPool2d(3, 2, 1), images),
        layer(nn.AdaptiveAvgPool2d((3, 2)), images),
        layer(nn.BatchNorm1d(4), rows),
        layer(nn.BatchNorm2d(2), images),
        layer(nn.LayerNorm((4, 3)), images),
    ]


def losses() -> list[Example]:
    """The losses as modules, with their options."""
    x, y, q = numbers(3, 4), numbers(3, 4, seed=1), positive(3, 4, seed=2) / 2

    def classified(name: str, criterion: Any) -> Example:
        return Example(name, "loss", lambda z: criterion(z, ops.tensor(LABELS)), (x,))

    return [
        classified("CrossEntropyLoss", nn.CrossEntropyLoss(label_smoothing=0.1)),
        classified("NLLLoss", nn.NLLLoss()),
        Example("BCEWithLogitsLoss", "loss", nn.BCEWithLogitsLoss(pos_weight=3.0), (x, q)),
        Example("KLDivLoss", "loss", nn.KLDivLoss(reduction="batchmean"), (x, q)),
        Example("MSELoss", "loss", nn.MSELoss(), (x, y)),
        Example("StandardizedMSE", "loss", nn.StandardizedMSE(positive(4)), (x, y)),
        Example("L1Loss", "loss", nn.L1Loss(), (x, y), at_kink=(KINKS, np.zeros(5))),
        Example("HuberLoss", "loss", nn.HuberLoss(delta=0.5), (x, y)),
        Example("SmoothL1Loss", "loss", nn.SmoothL1Loss(beta=0.5), (x, y)),
    ]


def penalties() -> list[Example]:
    """The penalties, one by one and added."""

    def penalty(name: str, term: Any, kinks: bool) -> Example:
        return Example(name, "penalty", term, (numbers(3, 4),), (KINKS,) if kinks else None)

    return [
        penalty("L1", regularizers.L1(0.3), kinks=True),
        penalty("L2", regularizers.L2(0.3), kinks=False),
        penalty("L1 + L2", regularizers.L1(0.3) + regularizers.L2(0.2, scale="sum"), kinks=True),
    ]
