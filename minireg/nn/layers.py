"""Layers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import ops
from ..backend import current_backend
from ..checks import check_count, check_probability
from ..random import Generator, default_generator
from .module import Module
from .parameter import Parameter


class Linear(Module):
    """y = x Wᵀ + b.

    W and b start uniform in ±1/√in_features, as in PyTorch (which writes it as Kaiming's rule with
    a = √5): He et al. (2015), "Delving deep into rectifiers", section 2.2.

    Args:
        in_features: the last length of x.
        out_features: the last length of y.
        bias: False leaves b out.
        generator: where the initial values are drawn; by default `mr.default_generator()`.

    Shapes:
        x (..., in_features) → y (..., out_features); W (out_features, in_features).

    >>> import minireg as mr
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
    ) -> None:
        self.in_features = check_count("in_features", in_features)
        self.out_features = check_count("out_features", out_features)
        host = (default_generator() if generator is None else generator).host
        bound = 1 / math.sqrt(in_features)

        def uniform(*shape: int) -> Any:
            values = host.uniform(-bound, bound, shape).astype(np.float32)
            return current_backend().asarray(values)

        # W lies in memory as Wᵀ: then x Wᵀ and its gradient (xᵀ g)ᵀ run along rows (the products
        # are up to a third faster for small batches).
        self.weight = Parameter(uniform(in_features, out_features).T)
        self.bias = Parameter(uniform(out_features), regularize=False) if bias else None

    def forward(self, x: Any) -> Any:
        return ops.linear(x, self.weight, self.bias)

    def described(self) -> str:
        bias = ", bias=False" if self.bias is None else ""
        return f"{self.in_features}, {self.out_features}{bias}"


class Flatten(Module):
    """Join all axes but the first: (N, C, H, W) → (N, C·H·W).

    >>> import minireg as mr
    >>> Flatten()(mr.zeros((5, 1, 28, 28))).shape
    (5, 784)
    """

    def forward(self, x: Any) -> Any:
        return ops.flatten(x, 1)


class Dropout(Module):
    """In training, set entries to zero with probability p and scale the rest by 1/(1 − p).

    In evaluation it is the identity.  The mask of the last training step stays in `mask`
    (True = kept).

    Args:
        p: the probability of *dropping*, 0 ≤ p < 1.
        generator: where masks are drawn; by default a stream of its own of
            `mr.default_generator()`.

    Srivastava et al. (2014), "Dropout: a simple way to prevent neural networks from overfitting",
    JMLR 15.

    >>> import minireg as mr
    >>> layer = Dropout(0.5, generator=mr.Generator(0))
    >>> y = layer(mr.ones(1000))
    >>> set(y.tolist()), set(layer.eval()(mr.ones(1000)).tolist())
    ({0.0, 2.0}, {1.0})
    """

    def __init__(self, p: float = 0.5, generator: Generator | None = None) -> None:
        self.p = check_probability("p, the probability of dropping,", p, below_one=True)
        self.generator = default_generator().spawn() if generator is None else generator
        self.mask: Any = None

    def forward(self, x: Any) -> Any:
        if not self.training or self.p == 0:
            return x
        self.mask = self.generator.bernoulli(x.shape, 1 - self.p, like=x.data)
        return ops.dropout(x, self.mask, self.p)

    def described(self) -> str:
        return f"p={self.p:g}"
