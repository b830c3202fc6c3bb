"""Comparisons and logic: boolean Tensors, without gradient."""

from __future__ import annotations

from ..autograd import primitive
from ..backend import namespace
from .reductions import as_axis

__all__ = [
    "all", "any", "equal", "greater", "greater_equal", "isfinite", "isinf", "isnan", "less",
    "less_equal", "logical_and", "logical_not", "logical_or", "logical_xor", "not_equal",
]  # fmt: skip


@primitive
def equal(a, b):
    """a = b as a boolean Tensor.

    >>> mr.equal(mr.tensor([1, 2]), 2).tolist()
    [False, True]
    """
    return a == b, ()


@primitive
def not_equal(a, b):
    """a ≠ b as a boolean Tensor.

    >>> mr.not_equal(mr.tensor([1, 2]), 2).tolist()
    [True, False]
    """
    return a != b, ()


@primitive
def less(a, b):
    """a < b as a boolean Tensor.

    >>> mr.less(mr.tensor([1, 2, 3]), 2).tolist()
    [True, False, False]
    """
    return a < b, ()


@primitive
def less_equal(a, b):
    """a ≤ b as a boolean Tensor.

    >>> mr.less_equal(mr.tensor([1, 2, 3]), 2).tolist()
    [True, True, False]
    """
    return a <= b, ()


@primitive
def greater(a, b):
    """a > b as a boolean Tensor.

    >>> mr.greater(mr.tensor([1, 2, 3]), 2).tolist()
    [False, False, True]
    """
    return a > b, ()


@primitive
def greater_equal(a, b):
    """a ≥ b as a boolean Tensor.

    >>> mr.greater_equal(mr.tensor([1, 2, 3]), 2).tolist()
    [False, True, True]
    """
    return a >= b, ()


@primitive
def logical_and(a, b):
    """True where a and b are both true (nonzero).

    >>> mr.logical_and(mr.tensor([True, True]), mr.tensor([True, False])).tolist()
    [True, False]
    """
    return namespace(a, b).logical_and(a, b), ()


@primitive
def logical_or(a, b):
    """True where a or b is true (nonzero).

    >>> mr.logical_or(mr.tensor([True, False]), mr.tensor([False, False])).tolist()
    [True, False]
    """
    return namespace(a, b).logical_or(a, b), ()


@primitive
def logical_xor(a, b):
    """True where exactly one of a and b is true (nonzero).

    >>> mr.logical_xor(mr.tensor([True, True]), mr.tensor([True, False])).tolist()
    [False, True]
    """
    return namespace(a, b).logical_xor(a, b), ()


@primitive
def logical_not(x):
    """True where x is false (zero).

    >>> mr.logical_not(mr.tensor([True, False])).tolist()
    [False, True]
    """
    return namespace(x).logical_not(x), ()


@primitive
def isnan(x):
    """True where x is not a number.

    >>> mr.isnan(mr.tensor([1.0, float("inf"), float("nan")])).tolist()
    [False, False, True]
    """
    return namespace(x).isnan(x), ()


@primitive
def isinf(x):
    """True where x is ∞ or −∞.

    >>> mr.isinf(mr.tensor([1.0, float("inf"), float("nan")])).tolist()
    [False, True, False]
    """
    return namespace(x).isinf(x), ()


@primitive
def isfinite(x):
    """True where x is neither infinite nor NaN.

    >>> mr.isfinite(mr.tensor([1.0, float("inf"), float("nan")])).tolist()
    [True, False, False]
    """
    return namespace(x).isfinite(x), ()


@primitive
def all(x, axis=None, keepdims=False):
    """True where every entry over `axis` is true (nonzero), also if there are none.

    >>> mr.all(mr.tensor([[True, False], [True, True]]), axis=1).tolist()
    [False, True]
    """
    return namespace(x).all(x, axis=as_axis(axis), keepdims=keepdims), ()


@primitive
def any(x, axis=None, keepdims=False):
    """True where at least one entry over `axis` is true (nonzero).

    >>> mr.any(mr.tensor([[True, False], [False, False]]), axis=1).tolist()
    [True, False]
    """
    return namespace(x).any(x, axis=as_axis(axis), keepdims=keepdims), ()
