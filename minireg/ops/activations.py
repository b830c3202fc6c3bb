"""Activation functions, elementwise."""

from __future__ import annotations

import math

from ..autograd import composed, primitive
from ..backend import namespace
from ..checks import check_number
from ..errors import ArgumentError
from .arithmetic import clip
from .elementary import tanh
from .kernels import as_floating

__all__ = [
    "elu", "gelu", "hardtanh", "leaky_relu", "relu", "selu", "sigmoid", "silu", "softplus",
]  # fmt: skip

# Klambauer et al. (2017): with these, the fixed point of mean and variance is (0, 1).
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


@primitive
def sigmoid(x):
    """σ(x) = 1 / (1 + e⁻ˣ), without overflow.  d/dx = σ(1 − σ).

    >>> mr.sigmoid(mr.tensor([-1000.0, 0.0, 1000.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    x = as_floating(x)
    y = namespace(x).sigmoid(x)

    def vjp(g):
        slope = 1 - y
        slope *= y
        slope *= g
        return slope

    return y, (vjp,)


@primitive
def relu(x):
    """max(x, 0).  d/dx = 1 for x > 0, else 0: also at the kink.

    >>> mr.relu(mr.tensor([-1.0, 0.0, 2.0])).tolist()
    [0.0, 0.0, 2.0]
    """
    x = as_floating(x)
    # `maximum` of an array and a number takes three times as long.
    return x.clip(0, math.inf), (lambda g: g * (x > 0),)


@primitive
def leaky_relu(x, negative_slope=0.01):
    """x for x > 0, else negative_slope · x.  d/dx = 1 for x > 0, else the slope: also at the kink.

    Maas, Hannun, Ng (2013), "Rectifier nonlinearities improve neural network acoustic models".

    >>> mr.leaky_relu(mr.tensor([-2.0, 3.0]), negative_slope=0.5).tolist()
    [-1.0, 3.0]
    """
    x = as_floating(x)
    above = (x > 0).astype(x.dtype)
    slope = 1 - above  # a sum of products: `where` takes ten times as long if signs are mixed
    slope *= negative_slope
    slope += above
    return x * slope, (lambda g: g * slope,)


@primitive
def elu(x, alpha=1.0):
    """x for x > 0, else α (eˣ − 1).  d/dx = 1 for x > 0, else α eˣ.

    Clevert, Unterthiner, Hochreiter (2016), "Fast and accurate deep network learning by exponential
    linear units (ELUs)".

    >>> mr.elu(mr.tensor([-1000.0, 0.0, 2.0])).tolist()
    [-1.0, 0.0, 2.0]
    """
    x = as_floating(x)
    xp = namespace(x)
    low = xp.clip(x, -math.inf, 0)  # eˣ of a large x would overflow
    y = alpha * xp.expm1(low)
    y += xp.clip(x, 0, math.inf)

    def vjp(g):  # products with 0 and 1: `where` takes ten times as long if signs are mixed
        slope = alpha * xp.exp(low)
        slope *= x <= 0
        slope += x > 0
        slope *= g
        return slope

    return y, (vjp,)


@composed
def selu(x):
    """λ x for x > 0, else λ α (eˣ − 1), with the λ and α that keep mean 0 and variance 1.

    Klambauer et al. (2017), "Self-normalizing neural networks", equation 14.

    >>> [round(y, 4) for y in mr.selu(mr.tensor([-1.0, 1.0])).tolist()]
    [-1.1113, 1.0507]
    """
    return SELU_SCALE * elu(x, SELU_ALPHA)


@primitive
def softplus(x, beta=1.0):
    """log(1 + e^(βx)) / β, a smooth relu, without overflow.  d/dx = σ(βx).

    >>> mr.softplus(mr.tensor([0.0, 1000.0])).tolist()    # log 2, and nearly x
    [0.6931471824645996, 1000.0]
    """
    check_number("beta", beta, above=0)
    x = as_floating(x)
    xp = namespace(x)
    y = xp.log1p(xp.exp(-beta * xp.abs(x))) / beta
    y += xp.clip(x, 0, math.inf)
    return y, (lambda g: g * xp.sigmoid(beta * x),)


@primitive
def silu(x):
    """x σ(x), also called swish.  d/dx = σ + x σ (1 − σ).

    Elfwing, Uchibe, Doya (2018), "Sigmoid-weighted linear units for neural network function
    approximation in reinforcement learning", Neural Networks 107.

    >>> mr.silu(mr.tensor([-1000.0, 0.0, 1000.0])).tolist()
    [-0.0, 0.0, 1000.0]
    """
    x = as_floating(x)
    s = namespace(x).sigmoid(x)
    y = x * s

    def vjp(g):
        slope = 1 - s
        slope *= y
        slope += s
        slope *= g
        return slope

    return y, (vjp,)


@composed
def gelu(x, approximate="none"):
    """x Φ(x), where Φ is the distribution function of the normal distribution.

    d/dx = Φ(x) + x φ(x), where φ = Φ′ is the normal density.

    Args:
        x: any shape.
        approximate: "none" for the exact one, with Φ = `normal_cdf`; "tanh" for
            Φ(x) ≈ (1 + tanh(√(2/π) (x + 0.044715 x³)))/2, as in GPT-2.

    Hendrycks, Gimpel (2016), "Gaussian error linear units (GELUs)".

    >>> [round(mr.gelu(mr.tensor(1.0), kind).item(), 4) for kind in ("none", "tanh")]
    [0.8413, 0.8412]
    """
    if approximate == "none":
        return _gelu(x)
    if approximate != "tanh":
        raise ArgumentError(
            f"approximate must be 'none' or 'tanh', got {approximate!r}.", argument="approximate"
        )
    return 0.5 * x * (1 + tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * (x * x * x))))


@primitive
def _gelu(x):
    """x Φ(x).  d/dx = Φ + x φ, where φ = Φ′ is the normal density."""
    x = as_floating(x)
    xp = namespace(x)
    cdf = xp.normal_cdf(x)

    def vjp(g):
        slope = xp.exp(-0.5 * x * x)
        slope *= x
        slope *= 1 / math.sqrt(2 * math.pi)
        slope += cdf
        slope *= g
        return slope

    return x * cdf, (vjp,)


@composed
def hardtanh(x, min_val=-1.0, max_val=1.0):
    """x limited to [min_val, max_val]: see `clip`, whose derivative is 1 at the bounds.

    >>> mr.hardtanh(mr.tensor([-3.0, 0.5, 2.0])).tolist()
    [-1.0, 0.5, 1.0]
    """
    return clip(x, min_val, max_val)
