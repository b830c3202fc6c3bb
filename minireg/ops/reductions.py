"""Reductions over axes: `axis` is None (all), an int or a tuple, negative counting from the end."""

from __future__ import annotations

import math

from ..autograd import primitive
from ..backend import namespace
from .kernels import floating


def kept_shape(shape, axis):
    """`shape` with a 1 in place of every reduced axis: what `keepdims=True` gives."""
    if axis is None:
        return (1,) * len(shape)
    axes = axis if isinstance(axis, tuple) else (axis,)
    reduced = {a % len(shape) for a in axes} if shape else ()
    return tuple(1 if i in reduced else n for i, n in enumerate(shape))


def as_axis(axis):
    """A list of axes as a tuple."""
    return tuple(axis) if isinstance(axis, list) else axis


@primitive
def sum(x, axis=None, keepdims=False):
    """Σx over `axis`.  Its gradient is g for every entry that was added."""
    axis = as_axis(axis)
    shape = x.shape
    y = x.sum(axis=axis, keepdims=keepdims)
    kept = kept_shape(shape, axis)
    return y, (lambda g: namespace(g).broadcast_to(g.reshape(kept), shape),)


@primitive
def mean(x, axis=None, keepdims=False):
    """The mean over `axis`.  Each of the n entries gets g / n."""
    axis = as_axis(axis)
    shape = x.shape
    y = x.mean(axis=axis, keepdims=keepdims)
    kept = kept_shape(shape, axis)
    n = math.prod(shape) // (math.prod(y.shape) or 1)
    return y, (lambda g: namespace(g).broadcast_to((g / n).reshape(kept), shape),)


@primitive
def max(x, axis=None, keepdims=False):
    """The largest entry over `axis`.  Its gradient is shared equally between ties.

    Raises ArgumentError for an empty axis: the maximum of nothing does not exist.
    """
    axis = as_axis(axis)
    y = x.max(axis=axis, keepdims=keepdims)
    kept = kept_shape(x.shape, axis)

    def vjp(g):
        ties = (x == y.reshape(kept)).astype(x.dtype)
        return g.reshape(kept) * ties / ties.sum(axis=axis, keepdims=True)

    return y, (vjp,)


@primitive
def var(x, axis=None, correction=0, keepdims=False):
    """Σ(x − mean)² / (n − correction) over `axis`.  d/dx = 2 (x − mean) / (n − correction).

    `correction=0` (the default, as in the array API) divides by n; 1 gives the unbiased estimate.
    """
    axis = as_axis(axis)
    x = floating(x)
    kept = kept_shape(x.shape, axis)
    n = math.prod(length for length, left in zip(x.shape, kept) if left == 1)
    if n <= correction:
        raise ValueError(f"the variance of {n} values with correction={correction} does not exist")
    centred = x - x.mean(axis=axis, keepdims=True)
    y = (centred * centred).sum(axis=axis, keepdims=keepdims) / (n - correction)
    return y, (lambda g: g.reshape(kept) * (2 / (n - correction)) * centred,)


@primitive
def logsumexp(x, axis=None, keepdims=False):
    """log Σ eˣ over `axis`, without overflow.  d/dx = softmax(x); 0 where every entry is −inf."""
    x, axis = floating(x), as_axis(axis)
    xp = namespace(x)
    y = xp.logsumexp(x, axis=axis, keepdims=keepdims)
    kept = kept_shape(x.shape, axis)

    def vjp(g):
        top = y.reshape(kept)
        return g.reshape(kept) * xp.exp(x - xp.where(top == -math.inf, 0, top))

    return y, (vjp,)


@primitive
def softmax(x, axis=-1):
    """pᵢ = eˣⁱ / Σ eˣ over `axis`.  dL/dx = p (g − Σ g p).

    >>> import minireg as mr
    >>> mr.softmax(mr.tensor([0.0, 0.0])).tolist()
    [0.5, 0.5]
    """
    x, axis = floating(x), as_axis(axis)
    p = namespace(x).softmax(x, axis=axis)
    return p, (lambda g: p * (g - (g * p).sum(axis=axis, keepdims=True)),)


@primitive
def log_softmax(x, axis=-1):
    """log softmax(x) over `axis`, exact for logits of any size.  dL/dx = g − softmax(x) Σ g."""
    x, axis = floating(x), as_axis(axis)
    xp = namespace(x)
    y = xp.log_softmax(x, axis=axis)
    return y, (lambda g: g - xp.exp(y) * g.sum(axis=axis, keepdims=True),)


@primitive
def norm(x, p=2, axis=None, keepdims=False):
    """The entrywise p-norm (Σ|x|ᵖ)^(1/p) over `axis`, for matrices too (p = 2: Frobenius).

    d/dx = sign(x) (|x|/y)ᵖ⁻¹, and 0 where y = 0.  p = inf gives max|x|, shared between ties.

    Args:
        p: at least 1, or math.inf.

    >>> import minireg as mr
    >>> w = mr.tensor([[3.0, 0.0], [0.0, -4.0]])
    >>> mr.norm(w).item(), mr.norm(w, 1).item()
    (5.0, 7.0)
    """
    axis = as_axis(axis)
    if not p >= 1:
        raise ValueError(f"p must be at least 1, got {p}")
    x = floating(x)
    xp = namespace(x)
    y = xp.norm(x, p, axis=axis, keepdims=keepdims)
    kept = kept_shape(x.shape, axis)

    def vjp(g):
        g = g.reshape(kept)
        if p == 1:
            return g * xp.sign(x)
        if p == math.inf:
            ties = (xp.abs(x) == y.reshape(kept)).astype(x.dtype)
            return g * xp.sign(x) * ties / ties.sum(axis=axis, keepdims=True)
        length = xp.where(y == 0, 1, y).reshape(kept)
        return g * (x / length if p == 2 else xp.sign(x) * (xp.abs(x) / length) ** (p - 1))

    return y, (vjp,)
