"""The same entries in another shape or order of axes.  Gradients are moved back."""

from __future__ import annotations

import math

from ..autograd import composed, primitive
from ..backend import namespace
from ..errors import ArgumentError, ArgumentTypeError, IndexRangeError

__all__ = [
    "broadcast_to", "expand_dims", "flatten", "matrix_transpose", "moveaxis", "permute_dims",
    "reshape", "squeeze", "swapaxes",
]  # fmt: skip


def normalize_axis(axis, shape):
    """`axis` counted from the front."""
    if not hasattr(axis, "__index__"):
        raise ArgumentTypeError(f"an axis is a whole number, got {axis!r}.")
    if not -len(shape) <= axis < len(shape):
        raise IndexRangeError(f"shape {tuple(shape)} has no axis {axis}.")
    return axis % len(shape)


def normalize_axes(axis, shape):
    """The axes that `axis` means (None: all; an int; a tuple), counted from the front."""
    if axis is None:
        return tuple(range(len(shape)))
    listed = axis if isinstance(axis, (tuple, list)) else (axis,)
    axes = tuple(normalize_axis(a, shape) for a in listed)
    if len(set(axes)) < len(axes):
        raise ArgumentError(f"an axis occurs twice in {axis}.")
    return axes


@primitive
def reshape(x, shape):
    """The same entries in the same order with another shape; one length may be −1.

    Its gradient is reshaped back.

    >>> mr.reshape(mr.arange(6), (2, -1)).tolist()
    [[0, 1, 2], [3, 4, 5]]
    """
    before = x.shape
    return x.reshape(shape), (lambda g: g.reshape(before),)


@composed
def flatten(x, start_axis=0, end_axis=-1):
    """Join the axes from `start_axis` to `end_axis` into one; `flatten(x, 1)` keeps the batch.

    >>> mr.flatten(mr.tensor([[[1, 2], [3, 4]]]), 1).shape
    (1, 4)
    """
    if x.ndim == 0:
        return reshape(x, (1,))
    start, end = (normalize_axis(a, x.shape) for a in (start_axis, end_axis))
    if start > end:
        raise IndexRangeError(f"no axes {start_axis} to {end_axis} to join in shape {x.shape}.")
    joined = math.prod(x.shape[start : end + 1])
    return reshape(x, (*x.shape[:start], joined, *x.shape[end + 1 :]))


@primitive
def permute_dims(x, axes=None):
    """The axes in another order; axis i of the result is axis `axes[i]` of x.  None reverses.

    Its gradient is permuted back.

    >>> mr.permute_dims(mr.zeros((2, 3, 4)), (2, 0, 1)).shape
    (4, 2, 3)
    """
    axes = tuple(range(x.ndim))[::-1] if axes is None else tuple(axes)
    back = sorted(range(len(axes)), key=lambda i: axes[i] % len(axes))
    return namespace(x).permute_dims(x, axes), (lambda g: namespace(g).permute_dims(g, back),)


@primitive
def matrix_transpose(x):
    """The last two axes exchanged.  Its gradient has them exchanged back.

    >>> mr.matrix_transpose(mr.tensor([[1, 2], [3, 4]])).tolist()
    [[1, 3], [2, 4]]
    """
    return namespace(x).matrix_transpose(x), (lambda g: namespace(g).matrix_transpose(g),)


@primitive
def broadcast_to(x, shape):
    """x stretched to `shape` by NumPy's rules.  Its gradient is summed over what was stretched.

    >>> mr.broadcast_to(mr.tensor([1, 2]), (2, 2)).tolist()
    [[1, 2], [1, 2]]
    """
    return namespace(x).broadcast_to(x, shape), (lambda g: g,)


@primitive
def squeeze(x, axis):
    """x without its axes `axis`, which must have length 1.  Its gradient gets them back.

    >>> mr.squeeze(mr.zeros((2, 1, 3)), axis=1).shape
    (2, 3)
    """
    before = x.shape
    return namespace(x).squeeze(x, axis=axis), (lambda g: g.reshape(before),)


@composed
def expand_dims(x, axis=0):
    """x with a new axis of length 1, which is axis number `axis` of the result.

    >>> mr.expand_dims(mr.zeros((2, 3)), axis=1).shape
    (2, 1, 3)
    """
    axis = normalize_axis(axis, (*x.shape, 1))
    return reshape(x, (*x.shape[:axis], 1, *x.shape[axis:]))


@composed
def swapaxes(x, axis1, axis2):
    """x with two of its axes exchanged.

    >>> mr.swapaxes(mr.zeros((2, 3, 4)), 0, -1).shape
    (4, 3, 2)
    """
    order = list(range(x.ndim))
    i, j = (normalize_axis(axis, x.shape) for axis in (axis1, axis2))
    order[i], order[j] = j, i
    return permute_dims(x, order)


@composed
def moveaxis(x, source, destination):
    """x with its axes `source` at the places `destination`; the others keep their order.

    Args:
        source, destination: two ints, or two tuples of the same length.

    >>> mr.moveaxis(mr.zeros((2, 3, 4)), 0, -1).shape
    (3, 4, 2)
    """
    moved = normalize_axes(source, x.shape)
    places = normalize_axes(destination, x.shape)
    if len(moved) != len(places):
        raise ArgumentError(
            f"{len(moved)} axes {source} cannot go to {len(places)} places {destination}."
        )
    order = [i for i in range(x.ndim) if i not in moved]
    for place, axis in sorted(zip(places, moved)):
        order.insert(place, axis)
    return permute_dims(x, order)
