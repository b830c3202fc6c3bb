"""Causes of a gradient of another shape."""

from __future__ import annotations

import numpy as np

from .cause import Cause, make_cause
from .mismatch import Mismatch


def find_missing_sum(m: Mismatch) -> list[Cause]:
    """The sum is missing: broadcasting copies entries, so the gradients of the copies add up."""
    if m.yours.ndim < m.x.ndim or m.yours.size <= m.x.size:
        return []
    extra = m.yours.ndim - m.x.ndim
    lengths = (1,) * extra + m.x.shape
    axes = tuple(i for i, n in enumerate(lengths) if n == 1 and m.yours.shape[i] != 1)
    axes = tuple(sorted({*range(extra), *axes}))
    summed = m.yours.sum(axis=axes, keepdims=True)
    if summed.size == m.x.size and m.is_right(summed.reshape(m.x.shape)):
        over = f"it is not summed over {name_axes(axes)}, along which {m.name or 'x'} was broadcast"
        return [make_cause("not-summed-over-broadcast", f"{over}; this sum is right")]
    return []


def find_other_shape(m: Mismatch) -> list[Cause]:
    """The right numbers in another shape."""
    if m.yours.shape == m.x.shape or m.yours.size != m.x.size:
        return []
    if m.is_right(m.yours.reshape(m.x.shape)):
        evidence = f"the numbers are right: reshape it to {m.x.shape}"
        if [n for n in m.yours.shape if n != 1] == [n for n in m.x.shape if n != 1]:
            form = "with" if m.yours.ndim < m.x.ndim else "without"
            return [make_cause("wrong-shape", f"{evidence}, or sum {form} keepdims=True")]
        return [make_cause("wrong-shape", evidence), make_cause("order-not-undone", evidence)]
    if m.yours.ndim > 1 and m.is_right(m.yours.T.reshape(m.x.shape)):
        names = "transposed", "wrong-shape"
        return [make_cause(name, "its transpose is right") for name in names]
    return []


def find_other_sum(m: Mismatch) -> list[Cause]:
    """A sum or mean over other axes: the sum of all entries is the same, or a mean of it."""
    if m.yours.shape == m.x.shape or not m.complete or not m.yours.size:
        return []
    total, right = float(m.yours.sum()), float(m.numeric.sum())
    tolerance = float(m.tolerance.sum()) + 1e-7 * float(np.abs(m.numeric).sum())
    if abs(total - right) <= tolerance:
        evidence = (
            f"the shape is {m.yours.shape} in place of {m.x.shape}, but the sum of all entries is "
            f"right"
        )
        names = ["wrong-axis", "wrong-shape"]
        if sorted(m.yours.shape) == sorted(m.x.shape):
            names = ["transposed", "order-not-undone"]
            if m.yours.shape != m.x.shape[:-2] + m.x.shape[:-3:-1]:  # another permutation
                names.reverse()
        elif m.yours.size == m.x.size and m.yours.ndim != m.x.ndim:
            names = ["order-not-undone", "wrong-shape"]
        elif m.yours.size > m.x.size and m.yours.size % m.x.size == 0:
            names = ["not-summed-over-broadcast", "wrong-axis"]
        elif m.y is not None and m.yours.shape == m.y.shape:
            names.reverse()
        return [make_cause(name, evidence) for name in names]
    return []


def find_any_other_shape(m: Mismatch) -> list[Cause]:
    if m.yours.shape == m.x.shape:
        return []
    evidence = f"{m.yours.shape} in place of {m.x.shape}"
    second = []
    if m.y is not None and m.yours.shape == m.y.shape and m.yours.size > m.x.size:
        second = [make_cause("not-summed-over-broadcast", "it has the shape of the output")]
    elif m.yours.shape == m.x.shape[::-1]:
        second = [make_cause("transposed", "the axes are reversed")]
    elif m.yours.size < m.x.size or m.yours.ndim == m.x.ndim:
        second = [make_cause("wrong-axis", evidence)]
    return [make_cause("wrong-shape", evidence), *second]


def name_axes(axes: tuple[int, ...]) -> str:
    return f"axis {axes[0]}" if len(axes) == 1 else f"the axes {axes}"
