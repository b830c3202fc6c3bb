"""Reductions over axes: `axis` is None (all), an int or a tuple; negative counts from the end."""

from __future__ import annotations

import math

from ..autograd import composed, primitive
from ..backend import namespace
from ..errors import ArgumentError
from .arithmetic import multiply
from .arrangement import concat
from .constants import astype, zeros_like
from .kernels import as_floating
from .shapes import normalize_axes, permute_dims, reshape

__all__ = [
    "cumulative_sum", "log_softmax", "logsumexp", "max", "mean", "min", "norm", "prod", "softmax",
    "std", "sum", "var",
]  # fmt: skip


def keep_axes(shape, axis):
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
    """Σx over `axis`.  Its gradient is g for every entry that was added.

    >>> mr.sum(mr.tensor([[1.0, 3.0], [5.0, 2.0]]), axis=0).tolist()
    [6.0, 5.0]
    """
    axis = as_axis(axis)
    shape = x.shape
    y = namespace(x).sum(x, axis=axis, keepdims=keepdims)
    kept = keep_axes(shape, axis)
    return y, (lambda g: namespace(g).broadcast_to(g.reshape(kept), shape),)


@primitive
def mean(x, axis=None, keepdims=False):
    """The mean over `axis`.  Each of the n entries gets g / n.

    >>> mr.mean(mr.tensor([[1.0, 3.0], [5.0, 2.0]]), axis=0).tolist()
    [3.0, 2.5]
    """
    axis = as_axis(axis)
    shape = x.shape
    y = namespace(x).mean(x, axis=axis, keepdims=keepdims)
    kept = keep_axes(shape, axis)
    n = math.prod(shape) // (math.prod(y.shape) or 1)
    return y, (lambda g: namespace(g).broadcast_to((g / n).reshape(kept), shape),)


@primitive
def max(x, axis=None, keepdims=False):
    """The largest entry over `axis`.  Its gradient is shared equally between ties.

    Raises ArgumentError for an empty axis: the maximum of nothing does not exist.

    >>> mr.max(mr.tensor([[1.0, 3.0], [5.0, 2.0]]), axis=1).tolist()
    [3.0, 5.0]
    """
    axis = as_axis(axis)
    y = x.max(axis=axis, keepdims=keepdims)
    return y, (lambda g: share_between_ties(g, x, y, axis),)


@primitive
def min(x, axis=None, keepdims=False):
    """The smallest entry over `axis`.  Its gradient is shared equally between ties.

    Raises ArgumentError for an empty axis: the minimum of nothing does not exist.

    >>> mr.min(mr.tensor([[1.0, 3.0], [5.0, 2.0]]), axis=1).tolist()
    [1.0, 2.0]
    """
    axis = as_axis(axis)
    y = x.min(axis=axis, keepdims=keepdims)
    return y, (lambda g: share_between_ties(g, x, y, axis),)


def share_between_ties(g, x, y, axis):
    """g, shared equally between the entries of x that equal y, the maximum or minimum of x."""
    kept = keep_axes(x.shape, axis)
    ties = (x == y.reshape(kept)).astype(x.dtype)
    return g.reshape(kept) * ties / ties.sum(axis=axis, keepdims=True)


@primitive
def var(x, axis=None, correction=0, keepdims=False):
    """Σ(x − mean)² / (n − correction) over `axis`.  d/dx = 2 (x − mean) / (n − correction).

    `correction=0` (the default, as in the array API) divides by n; 1 gives the unbiased estimate.

    >>> mr.var(mr.tensor([1.0, 2.0, 6.0]), correction=1).tolist()
    7.0
    """
    axis = as_axis(axis)
    x = as_floating(x)
    kept = keep_axes(x.shape, axis)
    n = count_values(x.shape, kept, correction)
    xp = namespace(x)
    centred = x - xp.mean(x, axis=axis, keepdims=True)
    y = xp.sum(centred * centred, axis=axis, keepdims=keepdims) / n
    return y, (lambda g: g.reshape(kept) * (2 / n) * centred,)


@primitive
def std(x, axis=None, correction=0, keepdims=False):
    """√var over `axis`.  d/dx = (x − mean) / ((n − correction) std), and 0 where std = 0.

    `correction` as in `var`.

    >>> mr.std(mr.tensor([[1.0, 3.0], [5.0, 5.0]]), axis=1).tolist()
    [1.0, 0.0]
    """
    axis = as_axis(axis)
    x = as_floating(x).astype("float64")  # where the square of any float32 is finite
    xp = namespace(x)
    kept = keep_axes(x.shape, axis)
    n = count_values(x.shape, kept, correction)
    centred = x - xp.mean(x, axis=axis, keepdims=True)
    variance = xp.sum(centred * centred, axis=axis, keepdims=keepdims) / n
    constant = variance == 0
    root = xp.sqrt(xp.where(constant, 1, variance))  # never 0, where its slope is infinite

    def vjp(g):
        return g.reshape(kept) * centred / (n * root.reshape(kept))

    return xp.where(constant, 0, root), (vjp,)


def count_values(shape, kept, correction):
    """How many entries a reduction of `shape` to `kept` joins into one, less `correction`."""
    n = math.prod(length for length, left in zip(shape, kept) if left == 1)
    if n <= correction:
        raise ArgumentError(f"{n} values are too few for correction={correction}.")
    return n - correction


@composed
def prod(x, axis=None, keepdims=False):
    """The product of the entries over `axis`; 1 if there are none.

    Entries are multiplied in pairs, then the products in pairs, and so on.  No derivative divides
    by an entry, so they are right even where entries are 0.  Integers are multiplied as int64.

    >>> x = mr.tensor([2.0, 0.0, 5.0], requires_grad=True)
    >>> mr.prod(x).backward()
    >>> x.grad
    array([ 0., 10.,  0.], dtype=float32)
    """
    axes = normalize_axes(axis, x.shape)
    left = [i for i in range(x.ndim) if i not in axes]
    n, kept = math.prod(x.shape[i] for i in axes), [x.shape[i] for i in left]
    y = reshape(permute_dims(x, (*left, *axes)), (*kept, n))
    if y.dtype.kind != "f":
        y = astype(y, "int64")
    while n > 1:
        half = n // 2
        pairs = multiply(y[..., :half], y[..., half : 2 * half])
        y = concat([pairs, y[..., 2 * half :]], axis=-1) if n % 2 else pairs
        n -= half
    if n == 0:
        y = 1 + sum(y, axis=-1)  # a sum of nothing, which has a gradient for nothing
    return reshape(y, keep_axes(x.shape, as_axis(axis)) if keepdims else kept)


@primitive
def _cumulative_sum(x, axis):
    """xᵢ + xᵢ₋₁ + … + x₀ along `axis`.  dL/dxᵢ = Σⱼ≥ᵢ gⱼ, a sum from the other end."""

    def vjp(g):
        xp = namespace(g)
        return xp.flip(xp.cumulative_sum(xp.flip(g, axis=axis), axis=axis), axis=axis)

    return namespace(x).cumulative_sum(x, axis=axis), (vjp,)


@composed
def cumulative_sum(x, axis=None, include_initial=False):
    """The sums x₀, x₀ + x₁, … along `axis`, which may be left out for a vector.

    dL/dxᵢ = Σⱼ≥ᵢ gⱼ, as entry i is in all sums from i on.

    Args:
        include_initial: whether to begin with 0, the empty sum: one entry more.

    >>> mr.cumulative_sum(mr.tensor([1, 2, 3])).tolist()
    [1, 3, 6]
    """
    if axis is None:
        if x.ndim != 1:
            raise ArgumentError(
                f"axis is needed for shape {x.shape}; it may be left out for a vector.",
                argument="axis",
            )
        axis = 0
    y = _cumulative_sum(x, axis)
    if include_initial:
        y = concat([zeros_like(sum(y, axis=axis, keepdims=True)), y], axis=axis)
    return y


@primitive
def logsumexp(x, axis=None, keepdims=False):
    """log Σ eˣ over `axis`, without overflow.  d/dx = softmax(x); 0 where every entry is −inf.

    >>> mr.logsumexp(mr.tensor([1e4, -1e4])).tolist()
    10000.0
    """
    x, axis = as_floating(x), as_axis(axis)
    xp = namespace(x)
    y = xp.logsumexp(x, axis=axis, keepdims=keepdims)
    kept = keep_axes(x.shape, axis)

    def vjp(g):
        top = y.reshape(kept)
        return g.reshape(kept) * xp.exp(x - xp.where(top == -math.inf, 0, top))

    return y, (vjp,)


@primitive
def softmax(x, axis=-1):
    """pᵢ = eˣⁱ / Σ eˣ over `axis`.  dL/dx = p (g − Σ g p).

    >>> mr.softmax(mr.tensor([0.0, 0.0])).tolist()
    [0.5, 0.5]
    """
    x, axis = as_floating(x), as_axis(axis)
    xp = namespace(x)
    p = xp.softmax(x, axis=axis)
    return p, (lambda g: p * (g - xp.sum(g * p, axis=axis, keepdims=True)),)


@primitive
def log_softmax(x, axis=-1):
    """log softmax(x) over `axis`, exact for logits of any size.  dL/dx = g − softmax(x) Σ g.

    >>> mr.exp(mr.log_softmax(mr.tensor([1e4, 1e4]))).tolist()
    [0.5, 0.5]
    """
    x, axis = as_floating(x), as_axis(axis)
    xp = namespace(x)
    y = x - xp.max(x, axis=axis, keepdims=True)  # no digits are lost at x = 1e4
    e = xp.exp(y)
    total = xp.sum(e, axis=axis, keepdims=True)
    y -= xp.log(total)
    return y, (lambda g: g - e * (xp.sum(g, axis=axis, keepdims=True) / total),)


@primitive
def norm(x, p=2, axis=None, keepdims=False):
    """The entrywise p-norm (Σ|x|ᵖ)^(1/p) over `axis`, for matrices too (p = 2: Frobenius).

    d/dx = sign(x) (|x|/y)ᵖ⁻¹, and 0 where y = 0.  p = inf gives max|x|, shared between ties.

    Args:
        p: at least 1, or math.inf.

    >>> w = mr.tensor([[3.0, 0.0], [0.0, -4.0]])
    >>> mr.norm(w).item(), mr.norm(w, 1).item()
    (5.0, 7.0)
    """
    axis = as_axis(axis)
    if not p >= 1:
        raise ArgumentError(f"p must be at least 1, got {p}.", argument="p")
    x = as_floating(x)
    xp = namespace(x)
    y = xp.norm(x, p, axis=axis, keepdims=keepdims)
    kept = keep_axes(x.shape, axis)

    def vjp(g):
        g = g.reshape(kept)
        if p == 1:
            return g * xp.sign(x)
        if p == math.inf:
            return share_between_ties(g, xp.abs(x), y, axis) * xp.sign(x)
        length = xp.where(y == 0, 1, y).reshape(kept)
        return g * (x / length if p == 2 else xp.sign(x) * (xp.abs(x) / length) ** (p - 1))

    return y, (vjp,)
