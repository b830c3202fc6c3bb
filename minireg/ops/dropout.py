"""The dropout family: entries dropped or disturbed by a mask or noise that the caller draws."""

from __future__ import annotations

import math

from ..autograd import primitive
from ..backend import namespace
from ..checks import check_dropping, check_number
from .activations import SELU_ALPHA, SELU_SCALE
from .kernels import as_floating

__all__ = ["alpha_dropout", "concrete_dropout", "drop_block", "dropout", "gaussian_dropout"]

SELU_LIMIT = -SELU_SCALE * SELU_ALPHA  # selu(−∞) = −1.7581, the value of a dropped unit


@primitive
def dropout(x, mask, p):
    """Inverted dropout with an explicit mask: y = mask · x / (1 − p).  d/dx = mask / (1 − p).

    The scaling keeps the mean of y at x, so that nothing has to be done in evaluation.  With p = 0
    nothing is scaled.

    Args:
        x: any shape.
        mask: boolean, broadcast against x; True = kept.  Draw it with
            `Generator(seed).bernoulli(x.shape, 1 - p)`.
        p: the probability of dropping, 0 ≤ p < 1.

    Srivastava et al. (2014), "Dropout: a simple way to prevent neural networks from overfitting",
    JMLR 15.

    >>> mr.dropout(mr.tensor([1.0, 2.0, 3.0]), mr.tensor([True, False, True]), p=0.5).tolist()
    [2.0, 0.0, 6.0]
    """
    check_dropping("p", p)
    scale = mask.astype(x.dtype) * (1 / (1 - p))
    return x * scale, (lambda g: g * scale,)


@primitive
def alpha_dropout(x, mask, p):
    """y = a (mask · x + (1 − mask) α′) + b, for networks of `selu`.  d/dx = a · mask.

    α′ = selu(−∞) = −1.7581; a = ((1 − p)(1 + p α′²))^(−½) and b = −a α′ p keep mean 0 and
    variance 1.

    Args:
        x: any shape.
        mask: boolean, broadcast against x; True = kept.
        p: the probability of dropping, 0 ≤ p < 1.

    Klambauer et al. (2017), "Self-normalizing neural networks", section "New dropout technique".

    >>> y = mr.alpha_dropout(mr.tensor([1.0, 1.0]), mr.tensor([True, False]), p=0.5)
    >>> [round(value, 4) for value in y.tolist()]
    [1.6656, -0.7792]
    """
    check_dropping("p", p)
    mask = mask.astype(x.dtype)
    a = ((1 - p) * (1 + p * SELU_LIMIT**2)) ** -0.5
    b = -a * SELU_LIMIT * p
    slope = a * mask
    return slope * x + (a * SELU_LIMIT * (1 - mask) + b), (lambda g: g * slope,)


@primitive
def gaussian_dropout(x, noise, p):
    """y = x (1 + √(p / (1 − p)) ε).  d/dx = 1 + √(p / (1 − p)) ε.

    y has the mean and the variance that inverted dropout gives it.

    Args:
        x: any shape.
        noise: ε, standard normal numbers, broadcast against x.
        p: the probability of dropping with the same variance, 0 ≤ p < 1.

    Srivastava et al. (2014), "Dropout: a simple way to prevent neural networks from overfitting",
    section 10.

    >>> mr.gaussian_dropout(mr.tensor([1.0, 2.0]), mr.tensor([0.5, -1.0]), p=0.5).tolist()
    [1.5, 0.0]
    """
    check_dropping("p", p)
    x = as_floating(x)
    factor = 1 + math.sqrt(p / (1 - p)) * noise.astype(x.dtype)
    return x * factor, (lambda g: g * factor,)


@primitive
def drop_block(x, mask):
    """y = mask · x · n / Σ mask, where n is the size of the mask.  d/dx = mask · n / Σ mask.

    Scaled by the share that was kept, not by the one that is expected.  A mask without a kept
    entry gives zeros.

    Args:
        x: any shape.
        mask: boolean, broadcast against x; True = kept.

    Ghiasi, Lin, Le (2018), "DropBlock: a regularization method for convolutional networks".

    >>> mr.drop_block(mr.tensor([1.0, 2.0, 3.0]), mr.tensor([True, False, True])).tolist()
    [1.5, 0.0, 4.5]
    """
    mask = mask.astype(x.dtype)
    scale = mask * (mask.size / namespace(mask).clip(mask.sum(), 1, math.inf))
    return x * scale, (lambda g: g * scale,)


@primitive
def concrete_dropout(x, k, noise, temperature=0.1):
    """y = x (1 − z) / (1 − p) with p = σ(k) and z = σ((k + log(u / (1 − u))) / t).

    d/dx = (1 − z) / (1 − p);  d/dk = x (1 − z) (p − z / t) / (1 − p).

    z is a smooth version of "dropped", 0 or 1 in the limit t → 0.  A Bernoulli mask has no gradient
    in k: it is a constant wherever it does not jump.

    Args:
        x: any shape.
        k: the logit of p, the probability of dropping: one number, or broadcast against x.
        noise: u, uniform in (0, 1), broadcast against x.
        temperature: t, greater than 0.

    Gal, Hron, Kendall (2017), "Concrete dropout", NeurIPS.

    >>> x, k, u = mr.tensor([1.0, 1.0]), mr.tensor(0.0), mr.tensor([0.1, 0.9])
    >>> [round(y, 4) for y in mr.concrete_dropout(x, k, u).tolist()]
    [2.0, 0.0]
    """
    t = check_number("temperature", temperature, above=0)
    x = as_floating(x)
    xp, u = namespace(x, k, noise), noise.astype(x.dtype)
    p, q = xp.sigmoid(k), xp.sigmoid(-k)  # q = 1 − p
    logit = (k + xp.log(u) - xp.log1p(-u)) / t
    z, kept = xp.sigmoid(logit), xp.sigmoid(-logit)  # kept = 1 − z
    factor = kept / q
    return x * factor, (lambda g: g * factor, lambda g: g * x * factor * (p - z / t))
