"""Numerical functions on plain arrays that NumPy and CuPy both lack.

Each is written once, with functions that both libraries have, and there is a primitive of the same
name.  In a body, `namespace(x).sigmoid(x)` is this kernel for an array and the primitive for a
Tensor, so that the body can be re-run on Tensors for the second derivative.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..backend import Array, kernel, namespace

FLOAT32 = np.dtype(np.float32)


def as_floating(x: Array) -> Array:
    """Return x, converted to float32 if it holds integers or booleans.

    NumPy would compute e^x of bytes in half precision, and −x of bytes wraps around.
    """
    return x if getattr(x, "dtype", FLOAT32).kind == "f" else x.astype(FLOAT32)


@kernel
def sigmoid(x: Array) -> Array:
    """eˣ / (1 + eˣ), exact to rounding: from x = 40 on it is 1, and eˣ would overflow."""
    xp = namespace(x)
    e = xp.exp(xp.clip(x, -xp.inf, 40))
    return e / (1 + e)


# Cody (1969): erf x = x A(x²)/B(x²) below 0.46875, and 1 − exp(−x²) C(x)/D(x) above.
BELOW = (
    (1.85777706184603153e-1, 3.16112374387056560, 113.864154151050156, 377.485237685302021,
     3209.37758913846947),
    (1.0, 23.6012909523441209, 244.024637934444173, 1282.61652607737228, 2844.23683343917062),
)  # fmt: skip
ABOVE = (
    (2.15311535474403846e-8, 0.564188496988670089, 8.88314979438837594, 66.1191906371416295,
     298.635138197400131, 881.952221241769090, 1712.04761263407058, 2051.07837782607147,
     1230.33935479799725),
    (1.0, 15.7449261107098347, 117.693950891312499, 537.181101862009858, 1621.38957456669019,
     3290.79923573345963, 4362.61909014324716, 3439.36767414372164, 1230.33935480374942),
)  # fmt: skip


@kernel
def erf(x: Array) -> Array:
    """2/√π ∫₀ˣ e^(−t²) dt.  From |x| = 6 on it is ±1 to the last bit."""
    xp = namespace(x)
    near = xp.clip(x, -0.46875, 0.46875)
    y = _divide_polynomials(near * near, BELOW)
    y *= near
    size = xp.clip(xp.abs(x), 0, 6)
    high = _divide_polynomials(size, ABOVE)
    high *= xp.exp(-size * size)
    high = 1 - high
    # A choice by products with 0, 1 and −1: `where` takes ten times as long if the cases are mixed.
    y *= x == near
    high *= xp.sign(x - near)
    y += high
    return y


# P for Φ below: minimax in float32; in float64 the expansion of Shepherd and Laframboise (1981),
# "Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞", Math. Comp. 36, for a + 4.
SHORT = (
    -0.000131972833, 0.000179352297, 0.00156992336, -0.00351255271, -0.0075252708, 0.0604038313,
    -0.186523438, 0.387136906, -0.607896566, 0.755285144,
)  # fmt: skip
LONG = (
    -1.6886576966786735e-09, -1.277235143295772e-09, 1.60673869573294e-08, 1.9569608939974048e-08,
    -7.8783603426936384e-08, -1.6223163208535671e-07, 2.6473372819798679e-07,
    1.0269840701431929e-06, -6.2495510775651778e-07, -5.9228937775419277e-06,
    7.1460215312674618e-07, 3.5145602359044517e-05, -1.907676030719098e-06,
    -0.00023109513778728935, 0.00013334420916014778, 0.0016308184854735856,
    -0.0034796923566515025, -0.0075401889688916186, 0.060396574890360918, -0.18652185795957871,
    0.38713740074222658, -0.60789664197189297, 0.7552851304157514,
)  # fmt: skip


@kernel
def normal_cdf(x: Array) -> Array:
    """Φ(−a) = e^(−a²/2) P(q) / (a + 4) for a = |x|, where q = (a − 4)/(a + 4); Φ(a) = 1 − Φ(−a)."""
    xp = namespace(x)
    a = xp.clip(xp.abs(x), 0, 40)  # Φ(−40) is 0
    factor = 1 / (a + 4)
    y = _evaluate_polynomial(1 - 8 * factor, SHORT if x.dtype == FLOAT32 else LONG)
    y *= factor
    square = a.astype("float64")  # in float32 the rounding of a² would cost digits of e^(−a²/2)
    square *= square
    square *= -0.5
    y *= xp.exp(square).astype(x.dtype)
    y -= x > 0  # 1 for x > 0, else 0
    return xp.abs(y)


def _divide_polynomials(x: Array, polynomials: Any) -> Array:
    """One polynomial of x divided by another."""
    above, below = (_evaluate_polynomial(x, coefficients) for coefficients in polynomials)
    above /= below
    return above


def _evaluate_polynomial(x: Array, coefficients: tuple[float, ...]) -> Array:
    """The value of a polynomial; coefficients of the highest power first."""
    y = coefficients[0] * x
    for coefficient in coefficients[1:-1]:
        y += coefficient
        y *= x
    y += coefficients[-1]
    return y


def _shift(x: Array, axis: Any) -> tuple[Array, Array]:
    """x − m and m, where m is the maximum over `axis`, or 0 where that is infinite."""
    xp = namespace(x)
    m = x.max(axis=axis, keepdims=True)
    m = xp.where(xp.isfinite(m), m, xp.zeros_like(m))
    return x - m, m


@kernel
def logsumexp(x: Array, axis: Any = None, keepdims: bool = False) -> Array:
    """log Σ eˣ over `axis` without overflow; −inf for a row of −inf."""
    xp = namespace(x)
    shifted, m = _shift(x, axis)
    total = xp.sum(xp.exp(shifted), axis=axis, keepdims=True)
    nothing = total == 0
    y = xp.where(nothing, -xp.inf, xp.log(xp.where(nothing, 1, total))) + m
    return y if keepdims else xp.squeeze(y, axis=axis)


@kernel
def softmax(x: Array, axis: Any = -1) -> Array:
    """eˣ / Σ eˣ over `axis`."""
    xp = namespace(x)
    e = xp.exp(x - x.max(axis=axis, keepdims=True))
    e /= xp.sum(e, axis=axis, keepdims=True)
    return e


@kernel
def norm(x: Array, p: float = 2, axis: Any = None, keepdims: bool = False) -> Array:
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
def svd(x: Array) -> tuple[Array, Array, Array]:
    """U, σ, Vᵀ of x = U diag(σ) Vᵀ; a σ that is 0 up to rounding, as in `matrix_rank`, is 0.

    All σ are NaN if an entry of x is not finite: NumPy's function would raise an error.
    """
    xp = namespace(x)
    finite = xp.isfinite(x).all(axis=(-2, -1), keepdims=True)
    u, s, vt = xp.linalg.svd(xp.where(finite, x, 0), full_matrices=False)
    rounding = max(x.shape[-2:]) * float(np.finfo(x.dtype).eps)
    return u, xp.where(finite[..., 0], s * (s > rounding * s[..., :1]), np.nan), vt


@kernel
def pad(x: Array, widths: Any, value: float) -> Array:
    """x with a border of `value`."""
    return namespace(x).library.pad(x, widths, constant_values=value)


@kernel
def einsum(equation: str, *xs: Array) -> Array:
    """The library's einsum; only with `optimize` does it use matrix products."""
    return namespace(*xs).library.einsum(equation, *xs, optimize=True)


@kernel
def cumulative_sum(x: Array, axis: int) -> Array:
    """The sums of the first 1, 2, … entries along `axis`."""
    return x.cumsum(axis=axis)


@kernel
def scatter_add(values: Array, index: Any, shape: tuple[int, ...]) -> Array:
    """Zeros of `shape` with `values` added at `index`; an index that occurs twice gets both."""
    xp = namespace(values)
    out = xp.zeros(shape, dtype=values.dtype)
    parts = index if isinstance(index, tuple) else (index,)
    dtypes = [part.dtype for part in parts if hasattr(part, "dtype")]
    if not any(dtype.kind in "iu" for dtype in dtypes):
        out[index] = values  # slices, numbers and boolean masks select each entry once
    elif 8 * values.size < out.size:
        xp.add.at(out, index, values)
    else:  # NumPy adds six times as fast at the places of single entries in a row
        places = xp.arange(out.size).reshape(shape)[index]
        values = xp.broadcast_to(values, places.shape)
        xp.add.at(out.reshape(-1), places.reshape(-1), values.reshape(-1))
    return out


@kernel
def windows(x: Array, kernel_size: Any, stride: Any, dilation: Any) -> Array:
    """(N, C, H, W) → (N, C, height, width, rows, columns): what a sliding kernel sees."""
    n, c, *size = x.shape
    rows, columns = count_windows(size, kernel_size, stride, dilation)
    y = namespace(x).empty((n, c, *kernel_size, rows, columns), dtype=x.dtype)
    for i, j, down, across in walk_entries(kernel_size, rows, columns, stride, dilation):
        y[:, :, i, j] = x[:, :, down, across]
    return y


@kernel
def overlap_add(y: Array, size: Any, stride: Any, dilation: Any) -> Array:
    """(N, C, height, width, rows, columns) → (N, C, H, W): the same loop in the other direction."""
    n, c, height, width, rows, columns = y.shape
    x = namespace(y).zeros((n, c, *size), dtype=y.dtype)
    disjoint = height * dilation[0] <= stride[0] and width * dilation[1] <= stride[1]
    for i, j, down, across in walk_entries((height, width), rows, columns, stride, dilation):
        if disjoint:
            x[:, :, down, across] = y[:, :, i, j]
        else:
            x[:, :, down, across] += y[:, :, i, j]
    return x


def count_windows(size: Any, kernel_size: Any, stride: Any, dilation: Any) -> tuple[int, ...]:
    """(rows, columns): how many windows there are in each direction."""
    return tuple(
        (n - d * (k - 1) - 1) // s + 1 for n, k, s, d in zip(size, kernel_size, stride, dilation)
    )


def walk_entries(
    kernel_size: Any, rows: int, columns: int, stride: Any, dilation: Any
) -> Iterator[tuple[int, int, slice, slice]]:
    """Each entry (i, j) of a window, with the pixels at this entry in all windows."""
    for i in range(kernel_size[0]):
        top = i * dilation[0]
        down = slice(top, top + rows * stride[0], stride[0])
        for j in range(kernel_size[1]):
            left = j * dilation[1]
            yield i, j, down, slice(left, left + columns * stride[1], stride[1])
