"""Numerical functions on plain arrays that NumPy and CuPy both lack.

Each is written once, in names that both libraries share, and each has a primitive of the same name:
a body that says `namespace(x).sigmoid(x)` gets this kernel for an array and the primitive for a
Tensor, so that the body can be re-run on Tensors for the second derivative.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..backend import kernel, namespace

FLOAT32 = np.dtype(np.float32)


def floating(x: Any) -> Any:
    """x, or its float32 if it holds integers or booleans.

    NumPy would compute e^x of bytes in half precision, and −x of bytes wraps around.
    """
    return x if getattr(x, "dtype", FLOAT32).kind == "f" else x.astype(FLOAT32)


@kernel
def sigmoid(x: Any) -> Any:
    """1 / (1 + e⁻ˣ), exact to rounding for every x: e⁻|ˣ| never overflows."""
    xp = namespace(x)
    e = xp.exp(-xp.abs(x))
    return xp.where(x >= 0, 1, e) / (1 + e)


def _shifted(x: Any, axis: Any) -> tuple[Any, Any]:
    """x − m and m, where m is the maximum over `axis`, or 0 where that is infinite."""
    xp = namespace(x)
    m = x.max(axis=axis, keepdims=True)
    m = xp.where(xp.isfinite(m), m, xp.zeros_like(m))
    return x - m, m


@kernel
def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """log Σ eˣ over `axis` without overflow; −inf for a row of −inf."""
    xp = namespace(x)
    shifted, m = _shifted(x, axis)
    total = xp.exp(shifted).sum(axis=axis, keepdims=True)
    nothing = total == 0
    y = xp.where(nothing, -xp.inf, xp.log(xp.where(nothing, 1, total))) + m
    return y if keepdims else xp.squeeze(y, axis=axis)


@kernel
def log_softmax(x: Any, axis: Any = -1) -> Any:
    """x − logsumexp(x); log of the sum of shifted exponentials, so no digits are lost at 1e4."""
    xp = namespace(x)
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - xp.log(xp.exp(shifted).sum(axis=axis, keepdims=True))


@kernel
def softmax(x: Any, axis: Any = -1) -> Any:
    """eˣ / Σ eˣ over `axis`."""
    xp = namespace(x)
    e = xp.exp(x - x.max(axis=axis, keepdims=True))
    e /= e.sum(axis=axis, keepdims=True)
    return e


@kernel
def norm(x: Any, p: float = 2, axis: Any = None, keepdims: bool = False) -> Any:
    """(Σ|x|ᵖ)^(1/p) over `axis`; max|x| for p = inf."""
    xp = namespace(x)
    size = xp.abs(x)
    if p == xp.inf:
        return xp.max(size, axis=axis, keepdims=keepdims)
    if p == 1:
        return xp.sum(size, axis=axis, keepdims=keepdims)
    if p == 2:
        return xp.sqrt(xp.sum(size * size, axis=axis, keepdims=keepdims))
    return xp.sum(size**p, axis=axis, keepdims=keepdims) ** (1 / p)


@kernel
def scatter_add(values: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Zeros of `shape` with `values` added at `index`; a place named twice gets both."""
    xp = namespace(values)
    out = xp.zeros(shape, dtype=values.dtype)
    parts = index if isinstance(index, tuple) else (index,)
    if any(getattr(part, "dtype", None) is not None and part.dtype.kind in "iu" for part in parts):
        xp.add.at(out, index, values)
    else:  # slices, numbers and boolean masks name each place once
        out[index] = values
    return out
