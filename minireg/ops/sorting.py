"""Sorting and searching.  Only `sort` has a gradient."""

from __future__ import annotations

from ..autograd import composed, primitive
from ..backend import namespace
from .indexing import take_along_axis

__all__ = ["argmax", "argmin", "argsort", "searchsorted", "sort"]


@primitive
def argmax(x, axis=None, keepdims=False):
    """The index (an integer) of the largest entry over `axis`; of equal ones, the first.

    >>> mr.argmax(mr.tensor([[1.0, 3.0], [5.0, 2.0]]), axis=1).tolist()
    [1, 0]
    """
    return namespace(x).argmax(x, axis=axis, keepdims=keepdims), ()


@primitive
def argmin(x, axis=None, keepdims=False):
    """The index (an integer) of the smallest entry over `axis`; of equal ones, the first.

    >>> mr.argmin(mr.tensor([[1.0, 3.0], [5.0, 2.0]]), axis=1).tolist()
    [0, 1]
    """
    return namespace(x).argmin(x, axis=axis, keepdims=keepdims), ()


@primitive
def argsort(x, axis=-1, descending=False):
    """The indices that sort x along `axis`; equal entries keep their order.

    >>> mr.argsort(mr.tensor([2.0, 3.0, 1.0])).tolist()
    [2, 0, 1]
    """
    xp = namespace(x)
    if not descending:
        return xp.argsort(x, axis=axis, kind="stable"), ()
    # x is reversed, sorted and reversed again, so that equal entries keep their order here, too.
    order = xp.argsort(xp.flip(x, axis=axis), axis=axis, kind="stable")
    return x.shape[axis] - 1 - xp.flip(order, axis=axis), ()


@composed
def sort(x, axis=-1, descending=False):
    """The entries of x in order along `axis`.  Each one's gradient goes back to its old place.

    >>> mr.sort(mr.tensor([2.0, 3.0, 1.0]), descending=True).tolist()
    [3.0, 2.0, 1.0]
    """
    return take_along_axis(x, argsort(x, axis=axis, descending=descending), axis=axis)


@primitive
def searchsorted(sorted_values, x, side="left"):
    """Where each entry of x would be inserted in `sorted_values`, a vector in ascending order.

    Args:
        side: "left" inserts it before the entries that are equal to it, "right" after them.

    >>> mr.searchsorted(mr.tensor([1.0, 2.0, 3.0]), mr.tensor([2.0, 2.5])).tolist()
    [1, 2]
    """
    return namespace(sorted_values, x).searchsorted(sorted_values, x, side=side), ()
