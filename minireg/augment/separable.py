"""Resample images along rows and columns alone: shifts, flips, zooms, crops that are resized.

A matrix without rotation and shear, A = [[a, 0, r], [0, b, c], [0, 0, 1]], looks up row i of the
output at the row y = a i + r of the image, whatever the column.  So the output is a product with
two matrices of weights, each with a few entries in a row:

    output = R X Cᵀ        R[i, k] = triangle((k − y_i) / s),  triangle(t) = max(0, 1 − |t|)

* s = 1 is bilinear interpolation: the two rows around y are blended.
* antialias: s = max(|a|, 1), and each row of R is divided by its sum.  An image that shrinks is
  averaged over s pixels on both sides, as Pillow's `resize` and PyTorch's `antialias=True` do.
* Weights of rows that the image has not go to the rows that are seen in their place (`fold`), or in
  mode "constant" to the fill:  output = R (X − fill) Cᵀ + fill.
* In a window no pixel outside it is seen: y is first clipped to the window's border, then the
  weights of the rows inside are divided by their sum.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..backend import namespace
from .exact import FAR, Size, fold

CACHE = 2**17  # pixels that a CPU resamples at a time
AT_ONCE = 2**24  # the same on a device
DENSE = 64  # sides up to which a CPU multiplies whole matrices of weights
BAND = 32  # rows of a larger matrix that are multiplied at a time, without the zeros around them


def resample_separable(
    images: Any,
    matrices: np.ndarray,
    size: Size,
    *,
    fill: Any = 0,
    mode: str = "constant",
    antialias: bool = False,
    window: np.ndarray | None = None,
) -> Any:
    """Return images resampled bilinearly by matrices that are diagonal but for their shift.

    Args:
        images: (N, C, H, W), uint8 or floating-point, on any backend.
        matrices: (N, 3, 3) float64 on the host: from output to input points (row, column, 1).
        size: (h, w) of the output.
        fill: a number, or one for each channel: the value outside the images in mode "constant".
        mode: "constant", "edge", "reflect" or "symmetric" (see `exact`).
        antialias: whether to average where an image shrinks.
        window: (N, 2, 2) [[first row, end row], [first column, end column]] on the host, in pixels
            as in a slice, fractions included: a part of each image beyond which nothing is seen;
            mode and fill are then without effect.  None: what lies outside the image is seen.

    Returns:
        (N, C, h, w), a new array of the same backend and dtype; uint8 is rounded.  Colours are
        computed in float64 if the images are float64, else in float32.

    >>> half = np.array([[[1.0, 0, 0], [0, 2, 0.5], [0, 0, 1]]])
    >>> resample_separable(np.array([[[[0.0, 0.2, 0.6, 0.8]]]]), half, (1, 2)).round(3)
    array([[[[0.1, 0.7]]]])
    """
    xp = namespace(images)
    n, channels = images.shape[:2]
    dtype = np.float64 if images.dtype == np.float64 else np.float32
    seen = np.zeros((n, 2, 2)) if window is None else np.broadcast_to(window, (n, 2, 2))
    lines = np.concatenate([matrices[:, [0, 1], [0, 1], None], matrices[:, :2, 2:], seen], axis=2)
    if (lines == lines[:1]).all():
        lines = lines[:1]  # the same weights for all images
    scale = np.maximum(np.abs(lines[..., 0]).max(axis=0, initial=1), 1) if antialias else (1, 1)
    fill = np.broadcast_to(np.asarray(fill, dtype=np.float64), channels)
    numbers = xp.asarray(np.concatenate([lines.ravel(), fill]))  # one upload
    fill = numbers[lines.size :].astype(dtype)[:, None, None]
    lines = numbers[: lines.size].reshape(lines.shape)

    def weigh_both(block: slice) -> list[tuple[Any, Any]]:
        return [
            weigh(
                lines[block, axis],
                (size[axis], images.shape[2 + axis]),
                taps=math.ceil(2 * scale[axis]),
                mode=mode,
                antialias=antialias,
                has_window=window is not None,
                dtype=dtype,
            )
            for axis in (0, 1)
        ]

    shared = weigh_both(slice(None)) if len(lines) == 1 else None
    on_cpu = xp.name == "numpy"
    largest = max(*size, *images.shape[2:])
    multiply = multiply_bands if on_cpu and largest > DENSE else multiply_whole
    shows_fill = mode == "constant" and window is None
    out = xp.empty((n, channels, *size), dtype=images.dtype)
    at_once = max(1, (CACHE if on_cpu else AT_ONCE) // max(1, images[:1].size, out[:1].size))
    for first in range(0, n, at_once):
        block = slice(first, first + at_once)
        x = images[block].astype(dtype, copy=False)
        rows, columns = shared or weigh_both(block)
        colours = multiply(rows, x - fill if shows_fill else x, columns)
        if shows_fill:
            colours += fill
        out[block] = xp.rint(colours) if images.dtype == np.uint8 else colours
    return out


def weigh(
    lines: Any,
    shape: tuple[int, int],
    *,
    taps: int,
    mode: str,
    antialias: bool,
    has_window: bool,
    dtype: Any,
) -> tuple[Any, Any]:
    """Return the weights (n, h, H) of input rows for output rows, and where they may be not zero.

    Args:
        lines: (n, 4) float64: a, r, first row and end of the window of each image.
        shape: (h, H).
        taps: how many rows are seen from a point at most.
    """
    xp = namespace(lines)
    count, length = shape
    step, start, first, end = (lines[:, k, None] for k in range(4))
    point = step * xp.arange(count) + start
    point = xp.clip(point, first - 0.5, end - 0.5) if has_window else xp.clip(point, -FAR, FAR)
    reach = xp.maximum(xp.abs(step), 1) if antialias else xp.ones_like(step)
    row = (xp.floor(point - reach) + 1)[..., None] + xp.arange(taps)
    weight = xp.maximum(1 - xp.abs(row - point[..., None]) / reach[..., None], 0)
    if has_window:
        weight *= (row > first[..., None] - 1) & (row < end[..., None])
    if has_window or antialias:
        weight /= weight.sum(axis=2, keepdims=True)
    index = row.astype(np.int64)
    place = fold(index, length, mode)
    if mode == "constant" and not has_window:
        weight *= place == index
    weights = xp.zeros((len(lines), count, length), dtype=dtype)
    line = xp.arange(len(lines) * count).reshape(len(lines), count) * length
    flat, weight = weights.reshape(-1), weight.astype(dtype)
    for tap in range(taps):  # one after another: taps of the same point can fall on the same row
        flat[line + place[..., tap]] += weight[..., tap]
    return weights, place


def multiply_whole(rows: tuple[Any, Any], x: Any, columns: tuple[Any, Any]) -> Any:
    """R X Cᵀ for all images and channels: two batched products."""
    xp = namespace(x)
    n, channels, height, width = x.shape
    r, c = rows[0], columns[0]
    x = xp.matmul(r[:, None], x).reshape(n, channels * r.shape[1], width)
    return xp.matmul(x, c.swapaxes(1, 2)).reshape(n, channels, r.shape[1], c.shape[1])


def multiply_bands(rows: tuple[Any, Any], x: Any, columns: tuple[Any, Any]) -> Any:
    """The same in small products: `BAND` rows of R and of C at a time, without the zeros."""
    (r, row), (c, column) = rows, columns
    n, channels = x.shape[:2]
    h, w = r.shape[1], c.shape[1]
    out = np.empty((n, channels, h, w), dtype=x.dtype)
    half = np.empty((channels, h, x.shape[3]), dtype=x.dtype)
    for k in range(n):
        m = k if len(r) > 1 else 0
        left, right = column[m].min(), column[m].max() + 1
        for i in range(0, h, BAND):
            part = slice(i, i + BAND)
            top, end = row[m, part].min(), row[m, part].max() + 1
            np.matmul(
                r[m, part, top:end], x[k, :, top:end, left:right], out=half[:, part, left:right]
            )
        wide, result = half.reshape(channels * h, -1), out[k].reshape(channels * h, w)
        for j in range(0, w, BAND):
            part = slice(j, j + BAND)
            top, end = column[m, part].min(), column[m, part].max() + 1
            np.matmul(wide[:, top:end], c[m, part, top:end].T, out=result[:, part])
    return out
