"""The catalogue: an example call of every operation, layer, loss and penalty.

`minireg gradcheck` and the tests check all of them.  For a new operation, add a line here, or add
its name to one of the lists; a test fails until that is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import wraps
from typing import Any

import numpy as np

from . import nn, ops, regularizers
from .errors import ArgumentError
from .gradcheck import Report, check_gradients
from .random import Generator


@dataclass(frozen=True)
class Example:
    """A function to check.

    Attributes:
        name: the name of the operation, layer, loss or penalty.
        kind: "operation", "layer", "loss" or "penalty".
        function: takes Tensors, returns a Tensor.
        inputs: float64 arrays at which the first and the second derivative are checked.
        at_kink: other inputs, with kinks or ties: only the first derivative is checked there.
        parameters: the parameters that are differentiated as well.
    """

    name: str
    kind: str
    function: Callable[..., Any]
    inputs: tuple[Any, ...]
    at_kink: tuple[Any, ...] | None = None
    parameters: Any = ()

    def check(self) -> tuple[list[Report], list[Report]]:
        """Check the derivatives; return the reports of the first and those of the second one.

        The second derivative is checked only if the first is right.

        >>> first, second = find_examples(["relu"])[0].check()
        >>> [report.verdict for report in first + second]
        ['pass', 'pass', 'pass']
        """
        first = [check_gradients(self.function, *self.inputs, parameters=self.parameters)]
        if self.at_kink is not None:
            first.append(check_gradients(self.function, *self.at_kink))
        second = []
        if all(first):
            second = [
                check_gradients(self.function, *self.inputs, parameters=self.parameters, order=2)
            ]
        return first, second


def examples() -> list[Example]:
    """Return the whole catalogue, with the same numbers every time."""
    return [*operations(), *image_operations(), *layers(), *losses(), *penalties()]


def find_examples(names: Iterable[str] = ()) -> list[Example]:
    """Return the examples with these names; without names, all examples.

    Raises:
        ArgumentError: a name is not in the catalogue.

    >>> [example.kind for example in find_examples(["relu", "ReLU"])]
    ['operation', 'layer']
    """
    table, names = examples(), list(names)
    known = [example.name for example in table]
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, n=3, cutoff=0.5)
            hint = f" Did you mean {' or '.join(map(repr, close))}?" if close else ""
            raise ArgumentError(
                f"Nothing in the catalogue is called {name!r}.{hint} Without a name, everything is "
                f"checked and listed.",
                argument="names",
            )
    return [example for example in table if not names or example.name in names]


# -- the inputs ------------------------------------------------------------------------------------


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    """Normally distributed numbers."""
    return np.random.default_rng([seed, *shape]).normal(size=shape)


def positive(*shape: int, seed: int = 0) -> np.ndarray:
    """Numbers from 0.5 to 2."""
    return np.random.default_rng([seed, *shape]).uniform(0.5, 2, size=shape)


MASK = np.array([[True, False, True, True], [False, True, True, False], [True, True, False, True]])
KINKS = np.array([-1.5, 0.0, 0.5, 1.0, 0.0])
TIES = np.array([[1.0, 3.0, 3.0], [2.0, -1.0, 2.0]])
IMAGE_TIES = np.zeros((1, 1, 4, 4))
LABELS = np.array([2, 0, 3])
SIGNS = np.array([[1.0, -1.0, 1.0, 1.0], [-1.0, 1.0, -1.0, 1.0], [1.0, 1.0, -1.0, -1.0]])

# -- operations ------------------------------------------------------------------------------------

# Operations of one input with default options: smooth, with a kink, and for positive numbers only.
SMOOTH = (
    "negative", "square", "exp", "expm1", "sin", "cos", "arctan", "sinh", "cosh", "tanh", "erf",
    "normal_cdf", "sigmoid", "silu", "gelu", "softmax", "log_softmax", "triu", "matrix_transpose",
)  # fmt: skip
WITH_A_KINK = ("abs", "relu", "selu", "hardtanh")
OF_POSITIVE_NUMBERS = ("reciprocal", "sqrt", "log", "log1p", "log2")


def op(name: str, *inputs: Any, at_kink: tuple[Any, ...] | None = None, **options: Any) -> Example:
    """Return an example of the operation called `name`, with these options."""
    function = getattr(ops, name)
    called = wraps(function)(lambda *xs: function(*xs, **options))
    return Example(name, "operation", called, inputs, at_kink)


def call(name: str, function: Callable[..., Any], *inputs: Any) -> Example:
    """Return an example of an operation whose call needs more than Tensors and options."""
    function.__name__ = name
    return Example(name, "operation", function, inputs)


def operations() -> list[Example]:
    """Return the primitives, in families as in `ops/`."""
    x, y, v = numbers(3, 4), numbers(3, 4, seed=1), numbers(4, seed=2)
    a, b, cube = positive(3, 4), positive(4, seed=1), numbers(2, 3, 2)

    def concrete_dropout(x: Any, k: Any) -> Any:
        return ops.concrete_dropout(x, k, ops.tensor(positive(3, 4) / 2.5), temperature=0.5)

    return [
        *(op(name, x) for name in SMOOTH),
        *(op(name, x, at_kink=(KINKS,)) for name in WITH_A_KINK),
        *(op(name, a) for name in OF_POSITIVE_NUMBERS),
        op("add", x, v),
        op("subtract", x, v),
        op("multiply", x, v),
        op("divide", x, b),
        op("power", a, b),
        op("maximum", x, y, at_kink=(KINKS, np.zeros(5))),
        op("minimum", x, y, at_kink=(KINKS, np.zeros(5))),
        op("clip", x, min=-0.5, max=0.7, at_kink=(np.array([-2.0, -0.5, 0.1, 0.7]),)),
        call("where", lambda s, t: ops.where(ops.tensor(MASK), s, t), x, y),
        op("tan", 0.4 * x),
        op("leaky_relu", x, negative_slope=0.1, at_kink=(KINKS,)),
        op("elu", x, alpha=0.5, at_kink=(KINKS,)),
        op("softplus", x, beta=2.0),
        call("dropout", lambda x: ops.dropout(x, ops.tensor(MASK), 0.5), x),
        call("alpha_dropout", lambda x: ops.alpha_dropout(x, ops.tensor(MASK), 0.5), x),
        call("gaussian_dropout", lambda x: ops.gaussian_dropout(x, ops.tensor(y), 0.5), x),
        call("drop_block", lambda x: ops.drop_block(x, ops.tensor(MASK)), x),
        call("concrete_dropout", concrete_dropout, x, numbers()),
        op("sum", x, axis=0),
        op("mean", x, axis=1, keepdims=True),
        op("var", x, axis=0, correction=1),
        op("std", x, axis=0, correction=1),
        op("prod", x, axis=0, at_kink=(KINKS,)),
        op("cumulative_sum", x, axis=1),
        op("max", x, axis=1, at_kink=(TIES,)),
        op("min", x, axis=1, at_kink=(TIES,)),
        op("logsumexp", x, axis=1),
        op("norm", x, axis=1, at_kink=(np.zeros((2, 3)),)),
        op("matmul", x, numbers(4, 2)),
        op("linear", x, numbers(2, 4), numbers(2)),
        op("singular_values", x, at_kink=(np.zeros((2, 3)),)),
        call("svd", lambda x: (lambda u, s, vt: (u * ops.exp(s)) @ vt)(*ops.svd(x)), x),
        call("einsum", lambda s, t: ops.einsum("bij,bj->i", s, t), numbers(2, 3, 4), numbers(2, 4)),
        op("tensordot", numbers(2, 3, 4), numbers(3, 4, 2)),
        op("outer", v, numbers(3)),
        op("vecdot", x, y),
        op("cosine_similarity", x, y),
        op("reshape", x, shape=(2, 6)),
        op("flatten", cube, start_axis=1),
        op("permute_dims", cube, axes=(2, 0, 1)),
        op("swapaxes", cube, axis1=0, axis2=1),
        op("moveaxis", cube, source=0, destination=-1),
        op("broadcast_to", v, shape=(3, 4)),
        op("squeeze", numbers(3, 1, 2), axis=1),
        op("expand_dims", x, axis=1),
        call("concat", lambda s, t: ops.concat([s, t], axis=1), x, y),
        call("stack", lambda s, t: ops.stack([s, t], axis=1), x, y),
        call("split", lambda x: ops.split(x, [1, 3], axis=1)[1], x),
        call("unstack", lambda x: ops.unstack(x, axis=1)[2], x),
        op("pad", x, widths=((1, 0), (0, 2)), value=3.0),
        op("flip", x, axis=1),
        op("roll", x, shift=1, axis=1),
        op("repeat", x, repeats=[1, 0, 2], axis=0),
        op("tile", v, repetitions=(2, 3)),
        op("getitem", x, index=[0, 2, 0]),
        op("take", x, indices=[3, 0, 0], axis=1),
        op("take_along_axis", x, indices=[[2], [0], [2]], axis=1),
        op("diagonal", x, offset=1),
        op("tril", x, k=1),
        op("sort", x, axis=0, descending=True),
        op("scatter_add", x, index=[1, 0, 1], shape=(2, 4)),
        op("astype", x, dtype=np.float64),
        call("transfer", lambda x: ops.transfer(x, "numpy"), x),
        op("mse_loss", x, y),
        op("l1_loss", x, y, at_kink=(KINKS, np.zeros(5))),
        op("huber_loss", x, y, delta=0.5),
        op("smooth_l1_loss", x, y, beta=0.5),
        op("cross_entropy", x, labels=LABELS),
        op("nll_loss", x, labels=LABELS),
        op("binary_cross_entropy_with_logits", x, positive(3, 4, seed=2) / 2, pos_weight=3.0),
        op("kl_div", x, a),
        call("hinge", lambda x: ops.hinge(x, ops.tensor(SIGNS)), x),
    ]


def image_operations() -> list[Example]:
    """Convolution, pooling and normalisation."""
    images, kernels = numbers(2, 2, 4, 3), numbers(2, 1, 3, 2)
    weight, bias, mean, var = numbers(2), numbers(2, seed=1), numbers(2, seed=2), positive(2)

    def batch_norm(x: Any, w: Any, b: Any) -> Any:
        return ops.batch_norm(x, ops.tensor(mean), ops.tensor(var), w, b, training=True)

    return [
        op("windows", images, kernel_size=2, stride=2, dilation=2),
        op("overlap_add", numbers(1, 1, 2, 2, 2, 2), size=(3, 3)),
        op("conv2d", images, kernels, bias, stride=2, padding=1, dilation=(1, 2), groups=2),
        op("max_pool2d", images, kernel_size=2, padding=1, at_kink=(IMAGE_TIES,)),
        op("avg_pool2d", images, kernel_size=3, stride=2, padding=1, count_include_pad=False),
        op("adaptive_avg_pool2d", images, output_size=(3, 2)),
        call("batch_norm", batch_norm, images, weight, bias),
        call("layer_norm", lambda x, w: ops.layer_norm(x, (4, 3), w), images, numbers(4, 3)),
    ]


# -- modules and penalties -------------------------------------------------------------------------


def layer(module: nn.Module, *inputs: Any, at_kink: Any = None, function: Any = None) -> Example:
    """Return an example of a module, which is called directly or by `function`."""
    parameters = dict(module.named_parameters())
    name = type(module).__name__
    return Example(name, "layer", function or module, inputs, at_kink, parameters)


def layers() -> list[Example]:
    """The modules, in training mode; dropout layers draw the same mask at every call."""
    x, images, kinks = numbers(5, 4), numbers(2, 2, 4, 3), (KINKS,)
    embedding = nn.Embedding(4, 3, generator=Generator(0))

    def masked(module: nn.MaskedLayer, x: Any) -> Example:
        def function(x: Any) -> Any:
            module.generator = Generator(1)
            return module(x)

        return layer(module, x, function=function)

    return [
        layer(nn.Linear(4, 3, generator=Generator(0)), x),
        layer(embedding, function=lambda: embedding(ops.tensor(LABELS))),
        layer(nn.ReLU(), x, at_kink=kinks),
        layer(nn.LeakyReLU(0.1), x, at_kink=kinks),
        layer(nn.ELU(0.5), x, at_kink=kinks),
        layer(nn.SELU(), x, at_kink=kinks),
        layer(nn.Softplus(beta=2.0), x),
        layer(nn.GELU("tanh"), x),
        layer(nn.SiLU(), x),
        layer(nn.Sigmoid(), x),
        layer(nn.Tanh(), x),
        layer(nn.Hardtanh(), x, at_kink=kinks),
        layer(nn.Softmax(axis=0), x),
        layer(nn.LogSoftmax(), x),
        layer(nn.Identity(), x),
        layer(nn.Normalize(numbers(4), positive(4)), x),
        layer(nn.Unstandardize(numbers(4), positive(4)), x),
        layer(nn.Flatten(), numbers(2, 1, 3, 2)),
        masked(nn.Dropout(0.5), x),
        masked(nn.Dropout1d(0.5), numbers(2, 3, 2)),
        masked(nn.Dropout2d(0.5), images),
        masked(nn.AlphaDropout(0.5), x),
        masked(nn.DropConnect(4, 3, generator=Generator(0)), x),
        masked(nn.StochasticDepth(0.5), images),
        masked(nn.DropBlock2d(0.3, block_size=2), images),
        masked(nn.GaussianDropout(0.5), x),
        masked(nn.GaussianNoise(0.5), x),
        masked(nn.ConcreteDropout(0.5, temperature=0.5), x),
        layer(nn.Conv2d(2, 3, 3, stride=2, padding=1, generator=Generator(0)), images),
        layer(nn.MaxPool2d(2), images, at_kink=(IMAGE_TIES,)),
        layer(nn.AvgPool2d(3, 2, 1), images),
        layer(nn.AdaptiveAvgPool2d((3, 2)), images),
        layer(nn.BatchNorm1d(4), x),
        layer(nn.BatchNorm2d(2), images),
        layer(nn.LayerNorm((4, 3)), images),
    ]


def losses() -> list[Example]:
    """The losses as modules, with their options."""
    x, y, q = numbers(3, 4), numbers(3, 4, seed=1), positive(3, 4, seed=2) / 2

    def loss(criterion: Any, *inputs: Any, at_kink: Any = None) -> Example:
        def of_labels(z: Any) -> Any:
            return criterion(z, ops.tensor(LABELS))

        function = criterion if inputs[1:] else of_labels
        return Example(type(criterion).__name__, "loss", function, inputs, at_kink)

    return [
        loss(nn.CrossEntropyLoss(label_smoothing=0.1), x),
        loss(nn.NLLLoss(), x),
        loss(nn.BCEWithLogitsLoss(pos_weight=3.0), x, q),
        loss(nn.KLDivLoss(reduction="batchmean"), x, q),
        loss(nn.MSELoss(), x, y),
        loss(nn.StandardizedMSE(positive(4)), x, y),
        loss(nn.L1Loss(), x, y, at_kink=(KINKS, np.zeros(5))),
        loss(nn.HuberLoss(delta=0.5), x, y),
        loss(nn.SmoothL1Loss(beta=0.5), x, y),
    ]


def penalties() -> list[Example]:
    """The penalties, one by one and added."""
    x, zero_rows = numbers(3, 4), numbers(3, 4) * np.array([[1.0], [0.0], [1.0]])
    l1_and_l2 = regularizers.L1(0.3) + regularizers.L2(0.2, scale="sum")

    def penalty(called: Any, *at_kink: Any) -> Example:
        return Example(type(called).__name__, "penalty", called, (x,), at_kink or None)

    return [
        penalty(regularizers.L1(0.3), KINKS),
        penalty(regularizers.L2(0.3)),
        Example("L1 + L2", "penalty", l1_and_l2, (x,), (KINKS,)),
        penalty(regularizers.L1L2(0.3, 0.2), KINKS),
        penalty(regularizers.ElasticNet(0.3), KINKS),
        penalty(regularizers.Norm(0.3), np.zeros((2, 3))),
        penalty(regularizers.GroupLasso(0.3), zero_rows),
        penalty(regularizers.SparseGroupLasso(0.3, axis=1), zero_rows),
        penalty(regularizers.Orthogonal(0.3)),
        penalty(regularizers.Spectral(0.3)),
        penalty(regularizers.Nuclear(0.3), np.zeros((2, 3))),
        penalty(regularizers.NonNegative(), KINKS),
        penalty(regularizers.MaxNorm(0.5)),
        penalty(regularizers.UnitNorm()),
        Example("ActivityL1", "penalty", regularizers.ActivityL1(0.3).value, (x,), (KINKS,)),
        Example("ActivityL2", "penalty", regularizers.ActivityL2(0.3).value, (x,)),
        Example("ConfidencePenalty", "penalty", regularizers.ConfidencePenalty(0.3).value, (x,)),
    ]
