"""Dropout as a layer; see `minireg.dropout` for the formula."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..autograd import Tensor
from ..checks import check_probability
from ..random import Generator, as_generator
from .module import Module


class Dropout(Module):
    """In training, set entries to zero with probability p and scale the rest by 1/(1 − p).

    In evaluation it is the identity.  The mask of the last training step stays in `mask`
    (True = kept).

    Args:
        p: the probability of *dropping*, 0 ≤ p < 1.
        generator: draws the masks; by default a new stream of `mr.default_generator()`.

    Srivastava et al. (2014), "Dropout: a simple way to prevent neural networks from overfitting",
    JMLR 15.

    >>> layer = Dropout(0.5, generator=mr.Generator(0))
    >>> y = layer(mr.ones(1000))
    >>> set(y.tolist()), set(layer.eval()(mr.ones(1000)).tolist())
    ({0.0, 2.0}, {1.0})
    """

    def __init__(self, p: float = 0.5, generator: Generator | None = None) -> None:
        self.p = check_probability("p, the probability of dropping,", p, below_one=True)
        self.generator = as_generator(generator)
        self.mask: Any = None

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return x
        self.mask = self.generator.bernoulli(x.shape, 1 - self.p, like=x.data)
        return ops.dropout(x, self.mask, self.p)

    def extra_repr(self) -> str:
        return f"p={self.p:g}"
