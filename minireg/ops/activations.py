"""Activation functions and dropout, elementwise."""

from __future__ import annotations

from ..autograd import primitive
from ..backend import namespace
from .kernels import floating


@primitive
def tanh(x):
    """The hyperbolic tangent.  d/dx = 1 − tanh²x."""
    x = floating(x)
    y = namespace(x).tanh(x)
    return y, (lambda g: g * (1 - y * y),)


@primitive
def sigmoid(x):
    """σ(x) = 1 / (1 + e⁻ˣ), without overflow.  d/dx = σ(1 − σ)."""
    x = floating(x)
    y = namespace(x).sigmoid(x)
    return y, (lambda g: g * y * (1 - y),)


@primitive
def relu(x):
    """max(x, 0).  d/dx = 1 for x > 0, else 0: also at the kink."""
    return namespace(x).maximum(x, 0), (lambda g: g * (x > 0),)


@primitive
def dropout(x, mask, p):
    """Inverted dropout with an explicit mask: y = mask · x / (1 − p).  d/dx = mask / (1 − p).

    The scaling keeps the mean of y at x, so that nothing has to be done in evaluation.

    Args:
        x: any shape.
        mask: boolean, broadcast against x; True = kept.  Draw it with
            `Generator(seed).bernoulli(x.shape, 1 - p)`.
        p: the probability of dropping, 0 ≤ p < 1.

    Srivastava et al. (2014), "Dropout: a simple way to prevent neural networks from overfitting",
    JMLR 15.

    >>> import minireg as mr
    >>> mr.dropout(mr.tensor([1.0, 2.0, 3.0]), mr.tensor([True, False, True]), p=0.5).tolist()
    [2.0, 0.0, 6.0]
    """
    if not 0 <= p < 1:
        raise ValueError(f"p, the probability of dropping, must be in [0, 1), got {p}")
    scale = mask.astype(x.dtype) * (1 / (1 - p))
    return x * scale, (lambda g: g * scale,)
