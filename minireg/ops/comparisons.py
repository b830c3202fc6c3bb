"""Comparisons and logic: boolean Tensors, through which no gradient passes."""

from __future__ import annotations

from ..autograd import primitive
from ..backend import namespace


@primitive
def equal(a, b):
    """a = b as a boolean Tensor."""
    return a == b, ()


@primitive
def not_equal(a, b):
    """a ≠ b as a boolean Tensor."""
    return a != b, ()


@primitive
def less(a, b):
    """a < b as a boolean Tensor."""
    return a < b, ()


@primitive
def less_equal(a, b):
    """a ≤ b as a boolean Tensor."""
    return a <= b, ()


@primitive
def greater(a, b):
    """a > b as a boolean Tensor."""
    return a > b, ()


@primitive
def greater_equal(a, b):
    """a ≥ b as a boolean Tensor."""
    return a >= b, ()


@primitive
def logical_and(a, b):
    """True where a and b are both true (nonzero)."""
    return namespace(a, b).logical_and(a, b), ()


@primitive
def logical_or(a, b):
    """True where a or b is true (nonzero)."""
    return namespace(a, b).logical_or(a, b), ()


@primitive
def logical_xor(a, b):
    """True where exactly one of a and b is true (nonzero)."""
    return namespace(a, b).logical_xor(a, b), ()


@primitive
def logical_not(x):
    """True where x is false (zero)."""
    return namespace(x).logical_not(x), ()


@primitive
def isnan(x):
    """True where x is not a number."""
    return namespace(x).isnan(x), ()


@primitive
def isinf(x):
    """True where x is ∞ or −∞."""
    return namespace(x).isinf(x), ()


@primitive
def isfinite(x):
    """True where x is neither infinite nor NaN."""
    return namespace(x).isfinite(x), ()
