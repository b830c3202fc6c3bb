"""An example call of every operation."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from .. import ops
from .example import IMAGE_TIES, KINKS, LABELS, MASK, SIGNS, TIES, Example, numbers, positive

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
    matrices = numbers(2, 3, 3)
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
        op("affine_sample", images, matrices, size=(2, 3), mode="edge"),
        op("grid_sample", images, numbers(2, 3, 2, 2), fill=0.5),
        call("batch_norm", batch_norm, images, weight, bias),
        call("layer_norm", lambda x, w: ops.layer_norm(x, (4, 3), w), images, numbers(4, 3)),
    ]
