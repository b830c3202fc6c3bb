"""Operations that move entries and change no value.  Their gradients move the entries back."""

from __future__ import annotations

import math
from itertools import pairwise

from ..autograd import primitive
from ..backend import namespace
from ..errors import IndexRangeError


@primitive
def reshape(x, shape):
    """The same entries in the same order with another shape; one length may be −1."""
    before = x.shape
    return x.reshape(shape), (lambda g: g.reshape(before),)


def flatten(x, start_axis=0, end_axis=-1):
    """Join the axes from `start_axis` to `end_axis` into one; `flatten(x, 1)` keeps the batch.

    >>> import minireg as mr
    >>> mr.flatten(mr.tensor([[[1, 2], [3, 4]]]), 1).shape
    (1, 4)
    """
    if x.ndim == 0:
        return reshape(x, (1,))
    start, end = start_axis % x.ndim, end_axis % x.ndim
    if not (-x.ndim <= start_axis < x.ndim and -x.ndim <= end_axis < x.ndim and start <= end):
        raise IndexRangeError(
            f"flatten: cannot join the axes {start_axis} to {end_axis} of shape {x.shape}."
        )
    joined = math.prod(x.shape[start : end + 1])
    return reshape(x, (*x.shape[:start], joined, *x.shape[end + 1 :]))


@primitive
def permute_dims(x, axes=None):
    """The axes in another order; axis i of the result is axis `axes[i]` of x.  None reverses."""
    axes = tuple(range(x.ndim))[::-1] if axes is None else tuple(axes)
    back = sorted(range(len(axes)), key=lambda i: axes[i] % len(axes))
    return namespace(x).permute_dims(x, axes), (lambda g: namespace(g).permute_dims(g, back),)


@primitive
def matrix_transpose(x):
    """The last two axes exchanged."""
    return namespace(x).matrix_transpose(x), (lambda g: namespace(g).matrix_transpose(g),)


@primitive
def broadcast_to(x, shape):
    """x stretched to `shape` by NumPy's rules.  Its gradient is summed over what was stretched."""
    return namespace(x).broadcast_to(x, shape), (lambda g: g,)


@primitive
def squeeze(x, axis):
    """x without its axes `axis`, which must have length 1."""
    before = x.shape
    return namespace(x).squeeze(x, axis=axis), (lambda g: g.reshape(before),)


@primitive
def _concat(*xs, axis=0):
    """Arrays one after the other along `axis`.  Each gets its own part of the gradient."""
    y = namespace(*xs).concat(xs, axis=axis)
    if axis is None:
        raise ValueError("axis must be a whole number; flatten the tensors first")
    before = (slice(None),) * (axis % y.ndim)
    starts = [0]
    for x in xs:
        starts.append(starts[-1] + x.shape[axis])
    parts = [(*before, slice(a, b)) for a, b in pairwise(starts)]
    return y, tuple(lambda g, part=part: g[part] for part in parts)


def concat(xs, axis=0):
    """Join a sequence of tensors along an axis that they already have.

    >>> import minireg as mr
    >>> mr.concat([mr.tensor([1, 2]), mr.tensor([3])]).tolist()
    [1, 2, 3]
    """
    return _concat(*xs, axis=axis)


@primitive
def _stack(*xs, axis=0):
    """Arrays of one shape along a new axis.  Each gets its own slice of the gradient."""
    y = namespace(*xs).stack(xs, axis=axis)
    before = (slice(None),) * (axis % y.ndim)
    return y, tuple(lambda g, i=i: g[(*before, i)] for i in range(len(xs)))


def stack(xs, axis=0):
    """Join a sequence of tensors of one shape along a new axis.

    >>> import minireg as mr
    >>> mr.stack([mr.tensor([1, 2]), mr.tensor([3, 4])], axis=1).tolist()
    [[1, 3], [2, 4]]
    """
    return _stack(*xs, axis=axis)
