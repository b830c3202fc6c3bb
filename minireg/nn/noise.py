"""Layers with continuous noise: Gaussian noise, Gaussian dropout, concrete dropout.

All draw noise in training, which stays in `mask`, and are the identity in evaluation.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import ops
from ..autograd import Tensor
from ..backend import Array
from ..checks import Checked, check_dropping, check_number
from ..random import Generator
from .masked_layer import DropLayer, MaskedLayer
from .parameter import Parameter


class GaussianNoise(MaskedLayer):
    """x + σ ε in training, with standard normal noise ε.

    With a small σ it acts like the penalty σ²/2 ‖∂y/∂x‖² of a squared error.

    Args:
        sigma: σ, the standard deviation, at least 0.
        generator: draws the noise; by default a new stream of `mr.default_generator()`.

    Bishop (1995), "Training with noise is equivalent to Tikhonov regularization".

    >>> layer = GaussianNoise(0.1)
    >>> layer(mr.zeros((2, 3))).shape, layer.eval()(mr.zeros(2)).tolist()
    ((2, 3), [0.0, 0.0])
    """

    sigma: Any = Checked(check_number, minimum=0)

    def __init__(self, sigma: float, generator: Generator | None = None) -> None:
        super().__init__(generator)
        self.sigma = sigma

    def draw(self, shape: tuple[int, ...], like: Array) -> Array:
        return self.generator.normal(shape, noise_dtype(like), like)

    def use(self, x: Tensor, mask: Array) -> Tensor:
        return x + self.sigma * Tensor(mask.astype(x.dtype))

    def is_random(self) -> bool:
        return self.sigma > 0

    def extra_repr(self) -> str:
        return f"{self.sigma:g}"


class GaussianDropout(DropLayer):
    """x (1 + √(p / (1 − p)) ε) in training: the mean and variance of dropout, without zeros.

    Args:
        p: the probability of dropping with the same variance, 0 ≤ p < 1.
        generator: draws the noise; by default a new stream of `mr.default_generator()`.

    Srivastava et al. (2014), "Dropout: a simple way to prevent neural networks from overfitting",
    section 10.

    >>> GaussianDropout(0.5).eval()(mr.ones(3)).tolist()
    [1.0, 1.0, 1.0]
    """

    def draw(self, shape: tuple[int, ...], like: Array) -> Array:
        return self.generator.normal(shape, noise_dtype(like), like)

    def use(self, x: Tensor, mask: Array) -> Tensor:
        return ops.gaussian_dropout(x, mask, self.p)


class ConcreteDropout(MaskedLayer):
    """Dropout that learns p = σ(k): a smooth mask, with a gradient in k.

    A Bernoulli mask has no gradient in k, because it is a constant wherever it does not jump; see
    `minireg.concrete_dropout` for the formula.  Without the term −c `entropy()` in the loss, p
    falls to 0; in the paper c = (number of dropped features) / (number of training examples).

    Args:
        p: the first p, 0 < p < 1.
        temperature: the smaller, the closer the mask is to 0 and 1.
        generator: draws the noise; by default a new stream of `mr.default_generator()`.

    Gal, Hron, Kendall (2017), "Concrete dropout", NeurIPS.

    >>> layer = ConcreteDropout(0.2)
    >>> (layer(mr.ones(8)).sum() - 0.1 * layer.entropy()).backward()
    >>> round(layer.p.item(), 4), layer.k.grad.shape
    (0.2, ())
    """

    temperature: Any = Checked(check_number, above=0)

    def __init__(
        self, p: float = 0.1, temperature: float = 0.1, generator: Generator | None = None
    ) -> None:
        super().__init__(generator)
        p = check_number("p", check_dropping("p", p), above=0)
        self.k = Parameter(ops.tensor(math.log(p / (1 - p))), regularize=False)
        self.temperature = temperature

    @property
    def p(self) -> Tensor:
        """σ(k), the probability of dropping."""
        return ops.sigmoid(self.k)

    def entropy(self) -> Tensor:
        """−p log p − (1 − p) log(1 − p), the entropy of a Bernoulli mask."""
        return self.p * ops.softplus(-self.k) + (1 - self.p) * ops.softplus(self.k)

    def draw(self, shape: tuple[int, ...], like: Array) -> Array:
        return self.generator.uniform(shape, like).clip(2**-25, 1)  # log 0 = −∞

    def use(self, x: Tensor, mask: Array) -> Tensor:
        return ops.concrete_dropout(x, self.k, mask, self.temperature)

    def extra_repr(self) -> str:
        return f"p={self.p.item():g}, temperature={self.temperature:g}"


def noise_dtype(like: Array) -> np.dtype:
    """float64 for float64, else float32: the generator draws no half-precision numbers."""
    return np.promote_types(like.dtype, np.float32)
