"""The layers Linear and Flatten."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from .. import ops
from ..autograd import Tensor
from ..checks import check_count, check_regularizer
from ..errors import ArgumentError
from ..random import Generator
from .init import as_host, draw_uniform
from .module import Module
from .parameter import Parameter

DIGITS = "load_digits gives 8 × 8 images (64 numbers), load_mnist5k 28 × 28 (784)."


class Linear(Module):
    """y = x Wᵀ + b.

    W and b start uniform in ±1/√in_features, as in PyTorch (which writes it as Kaiming's rule with
    a = √5): He et al. (2015), "Delving deep into rectifiers", section 2.2.

    Args:
        in_features: the last length of x.
        out_features: the last length of y.
        bias: False leaves b out.
        generator: draws the initial values; by default `mr.default_generator()`.
        regularizer: a penalty on W, which `fit` adds; see `regularizers.of_layers`.

    Shapes:
        x (..., in_features) → y (..., out_features); W (out_features, in_features).

    >>> layer = Linear(3, 2)
    >>> layer.weight.shape, layer(mr.zeros((5, 3))).shape
    ((2, 3), (5, 2))
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        generator: Generator | None = None,
        regularizer: Any = None,
    ) -> None:
        self.regularizer = check_regularizer(regularizer)
        self.in_features = check_count("in_features", in_features)
        self.out_features = check_count("out_features", out_features)
        draw = partial(draw_uniform, as_host(generator), 1 / math.sqrt(in_features))
        # W is stored as Wᵀ: then x Wᵀ and its gradient (xᵀ g)ᵀ run along rows (the products are up
        # to a third faster for small batches).
        self.weight = Parameter(draw(in_features, out_features).T)
        self.bias = Parameter(draw(out_features), regularize=False) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        try:
            return ops.linear(x, self.weight, self.bias)
        except ArgumentError as error:
            if {self.in_features, *x.shape[-1:]} == {64, 784}:
                error.args = (f"{error} {DIGITS}",)
            raise

    def extra_repr(self) -> str:
        bias = ", bias=False" if self.bias is None else ""
        return f"{self.in_features}, {self.out_features}{bias}{own_penalty(self.regularizer)}"


def own_penalty(regularizer: Any) -> str:
    """The text of a layer's own penalty in its repr."""
    return "" if regularizer is None else f", regularizer={regularizer!r}"


class Flatten(Module):
    """Join all axes but the first: (N, C, H, W) → (N, C·H·W).

    >>> Flatten()(mr.zeros((5, 1, 28, 28))).shape
    (5, 784)
    """

    def forward(self, x: Tensor) -> Tensor:
        return ops.flatten(x, 1)
