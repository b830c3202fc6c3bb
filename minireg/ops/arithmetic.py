"""Elementwise arithmetic: + − × ÷, powers and roots, limits, and choices between two arrays.

Every derivative is next to its function; `g` is the upstream gradient dL/dy.
"""

from __future__ import annotations

import math

from ..autograd import primitive
from ..backend import namespace
from ..errors import ArgumentError
from .kernels import as_floating

__all__ = [
    "abs", "add", "clip", "divide", "maximum", "minimum", "multiply", "negative", "power",
    "reciprocal", "sign", "sqrt", "square", "subtract", "where",
]  # fmt: skip


@primitive
def add(a, b):
    """a + b, elementwise with broadcasting.  ∂/∂a = 1, ∂/∂b = 1.

    >>> mr.add(mr.tensor([1.0, 2.0]), 0.5).tolist()
    [1.5, 2.5]
    """
    return a + b, (lambda g: g, lambda g: g)


@primitive
def subtract(a, b):
    """a − b, elementwise with broadcasting.  ∂/∂a = 1, ∂/∂b = −1.

    >>> mr.subtract(mr.tensor([1.0, 2.0]), 0.5).tolist()
    [0.5, 1.5]
    """
    return a - b, (lambda g: g, lambda g: -g)


@primitive
def multiply(a, b):
    """a · b, elementwise with broadcasting.  ∂/∂a = b, ∂/∂b = a.

    >>> mr.multiply(mr.tensor([1.0, 2.0]), mr.tensor([3.0, 4.0])).tolist()
    [3.0, 8.0]
    """
    return a * b, (lambda g: g * b, lambda g: g * a)


@primitive
def divide(a, b):
    """a / b, elementwise with broadcasting.  ∂/∂a = 1/b, ∂/∂b = −a/b² = −y/b.

    >>> mr.divide(mr.tensor([1.0, 3.0]), 2).tolist()
    [0.5, 1.5]
    """
    y = a / b
    return y, (lambda g: g / b, lambda g: -g * y / b)


@primitive
def negative(x):
    """−x.  d/dx = −1.

    >>> mr.negative(mr.tensor([1.0, -2.0])).tolist()
    [-1.0, 2.0]
    """
    return -x, (lambda g: -g,)


@primitive
def power(a, b):
    """aᵇ, elementwise with broadcasting.  ∂/∂a = b aᵇ⁻¹ (0 for b = 0), ∂/∂b = aᵇ log a.

    a⁰ = 1 everywhere, so its derivative is 0 even at a = 0; and ∂/∂b is 0 at a = 0 for b ≥ 0.

    >>> mr.power(mr.tensor([2.0, 3.0]), 2).tolist()
    [4.0, 9.0]
    """
    xp = namespace(a, b)
    y = compute_power(a, b)

    def vjp_a(g):
        if isinstance(b, (int, float)):
            return g * b * compute_power(a, b - 1) if b != 0 else xp.zeros_like(y)
        return xp.where(b == 0, 0, g * b * a ** xp.where(b == 0, 1, b - 1))

    def vjp_b(g):
        if not isinstance(a, (int, float)):
            return g * y * xp.log(xp.where((a == 0) & (b >= 0), 1, a))
        if a == 0:
            return g * xp.where(b >= 0, 0, -y)  # −∞ for b < 0
        return g * y * (math.log(a) if a > 0 else math.nan)

    return y, (vjp_a, vjp_b)


def compute_power(a, b):
    """aᵇ; the powers 3 and 4 as products, because NumPy's power takes forty times as long."""
    if isinstance(b, (int, float)) and b in (3, 4):
        return a * a * a if b == 3 else (a * a) * (a * a)
    return a**b


@primitive
def sqrt(x):
    """√x.  d/dx = 1 / (2√x), infinite at 0.

    >>> mr.sqrt(mr.tensor([4.0, 9.0])).tolist()
    [2.0, 3.0]
    """
    x = as_floating(x)
    y = namespace(x).sqrt(x)
    return y, (lambda g: g * 0.5 / y,)


@primitive
def reciprocal(x):
    """1/x.  d/dx = −1/x².

    >>> mr.reciprocal(mr.tensor([2.0, 4.0])).tolist()
    [0.5, 0.25]
    """
    y = 1 / as_floating(x)
    return y, (lambda g: -g * y * y,)


@primitive
def square(x):
    """x².  d/dx = 2x.

    >>> mr.square(mr.tensor([-3.0, 2.0])).tolist()
    [9.0, 4.0]
    """
    return x * x, (lambda g: g * (2 * x),)


@primitive
def abs(x):
    """|x|.  d/dx = sign(x): 0 at the kink.

    >>> mr.abs(mr.tensor([-2.0, 3.0])).tolist()
    [2.0, 3.0]
    """
    xp = namespace(x)
    return xp.abs(x), (lambda g: g * xp.sign(x),)


@primitive
def maximum(a, b):
    """The larger of a and b.  Its gradient goes to the larger; half to each side of a tie.

    >>> mr.maximum(mr.tensor([1.0, 5.0]), 3).tolist()
    [3.0, 5.0]
    """
    xp = namespace(a, b)
    return xp.maximum(a, b), (
        lambda g: xp.where(a == b, g * 0.5, g * (a > b)),
        lambda g: xp.where(a == b, g * 0.5, g * (a < b)),
    )


@primitive
def minimum(a, b):
    """The smaller of a and b.  Its gradient goes to the smaller; half to each side of a tie.

    >>> mr.minimum(mr.tensor([1.0, 5.0]), 3).tolist()
    [1.0, 3.0]
    """
    xp = namespace(a, b)
    return xp.minimum(a, b), (
        lambda g: xp.where(a == b, g * 0.5, g * (a < b)),
        lambda g: xp.where(a == b, g * 0.5, g * (a > b)),
    )


@primitive
def clip(x, min=None, max=None):
    """x limited to [min, max]; None means no limit.  d/dx = 1 inside and at the bounds, 0 outside.

    Where x is outside, the gradient goes to the bound that took its place.

    Args:
        min, max: numbers, or tensors that are broadcast; where min > max the result is max.

    >>> mr.clip(mr.tensor([-3.0, 0.5, 3.0]), -1, 1).tolist()
    [-1.0, 0.5, 1.0]
    """
    if min is None and max is None:
        raise ArgumentError("min, max or both are needed.")
    low, high = (-math.inf if min is None else min), (math.inf if max is None else max)
    xp = namespace(x, min, max)
    return xp.clip(x, min, max), (  # products with 0 and 1: `where` takes ten times as long
        lambda g: g * ((x >= low) & (x <= high)),
        lambda g: g * ((x < low) & (low < high)),
        lambda g: g * ((x > high) | (low > high)),
    )


@primitive
def where(condition, a, b):
    """a where `condition` is true, else b.  The gradient goes to the one that was taken.

    >>> mr.where(mr.tensor([True, False]), mr.tensor([1.0, 2.0]), 0).tolist()
    [1.0, 0.0]
    """
    xp = namespace(condition, a, b)
    return xp.where(condition, a, b), (
        None,
        lambda g: xp.where(condition, g, 0),
        lambda g: xp.where(condition, 0, g),
    )


# -- without gradient ------------------------------------------------------------------------------


@primitive
def sign(x):
    """−1, 0 or 1: the sign of x.  Constant almost everywhere, so it has no gradient.

    >>> mr.sign(mr.tensor([-3.0, 0.0, 2.0])).tolist()
    [-1.0, 0.0, 1.0]
    """
    return namespace(x).sign(x), ()
