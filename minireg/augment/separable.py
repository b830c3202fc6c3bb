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
from typing import Any, NamedTuple

import numpy as np

from ..backend import find_blocks, namespace
from .arguments import Size
from .exact import FAR, fold

BAND = 32  # rows of large matrices of weights that it multiplies at a time, without their zeros
DENSE = 64  # sides up to which it multiplies whole matrices: bands are faster from 56 (three
# channels) or 88 (one) on


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

    weights = [
        weigh(
            lines[:, axis],
            images.shape[2 + axis],
            size[axis],
            taps=math.ceil(2 * scale[axis]),
            mode=mode,
            antialias=antialias,
            has_window=window is not None,
            dtype=dtype,
        )
        for axis in (0, 1)
    ]
    shown_fill = fill if mode == "constant" and window is None else None
    out = xp.empty((n, channels, *size), dtype=images.dtype)
    for block in find_blocks(out, images):
        of_block = block if len(lines) > 1 else slice(None)
        rows, columns = (w.select(of_block) for w in weights)
        multiply(out[block], images[block], rows, columns, shown_fill)
    return out


class Weights(NamedTuple):
    """Rᵀ of each image: a point sees a few rows of the image.

    Attributes:
        weight, seen: (taps, n, h): the weight of each row that is seen, and its number.
        length: H.
    """

    weight: Any
    seen: Any
    length: int

    def select(self, images: slice) -> Weights:
        """Return those of these images alone."""
        return self._replace(weight=self.weight[:, images], seen=self.seen[:, images])

    def spread(self) -> Any:
        """Return the matrices Rᵀ, (n, H, h)."""
        xp, (_, n, count) = namespace(self.weight), self.weight.shape
        matrices = xp.zeros((n, self.length, count), dtype=self.weight.dtype)
        corner = xp.arange(n)[:, None] * (self.length * count) + xp.arange(count)
        place = (corner + self.seen * count).reshape(-1)
        xp.add.at(matrices.reshape(-1), place, self.weight.reshape(-1))
        return matrices


def weigh(
    lines: Any,
    length: int,
    count: int,
    *,
    taps: int,
    mode: str,
    antialias: bool,
    has_window: bool,
    dtype: Any,
) -> Weights:
    """Return the weights for each image.

    Args:
        lines: (n, 4) float64: a, r, first row and end of the window of each image.
        length, count: H and h.
        taps: how many rows are seen from a point at most.
    """
    xp = namespace(lines)
    step, start, first, end = (lines[:, k, None] for k in range(4))
    point = step * xp.arange(count) + start
    point = xp.clip(point, first - 0.5, end - 0.5) if has_window else xp.clip(point, -FAR, FAR)
    reach = xp.maximum(xp.abs(step), 1) if antialias else xp.ones_like(step)
    row = xp.floor(point - reach) + xp.arange(1, taps + 1)[:, None, None]
    weight = xp.maximum(1 - xp.abs(row - point) / reach, 0)
    if has_window:
        weight *= (row > first - 1) & (row < end)
    if has_window or antialias:
        weight /= weight.sum(axis=0)
    index = row.astype(np.int64)
    seen = fold(index, length, mode)
    if mode == "constant" and not has_window:
        weight *= seen == index
    return Weights(weight.astype(dtype), seen, length)


# -- output = R X Cᵀ -------------------------------------------------------------------------------


def multiply(out: Any, x: Any, rows: Weights, columns: Weights, fill: Any) -> None:
    """Write R (X − fill) Cᵀ + fill into `out`, computed in the dtype of the weights.

    Args:
        out, x: (n, C, h, w) and (n, C, H, W).
        rows, columns: for each image, or for all.
        fill: (C, 1, 1), or None if it is not seen.
    """
    on_cpu = namespace(x).name == "numpy"
    in_bands = on_cpu and max(*out.shape[2:], *x.shape[2:]) > DENSE
    (multiply_bands if in_bands else multiply_whole)(out, x, rows, columns, fill)


def multiply_whole(out: Any, x: Any, rows: Weights, columns: Weights, fill: Any) -> None:
    """Write the output for all images and channels, in two batched products."""
    xp, r, c = namespace(x), rows.spread(), columns.spread()
    x = xp.matmul(r.swapaxes(1, 2)[:, None], subtract(x, fill, r.dtype))
    colours = out if out.dtype == r.dtype else xp.empty(out.shape, dtype=r.dtype)
    left, right = (a.reshape(len(c), -1, a.shape[3]) for a in (x, colours))  # 1 C for all, or each
    xp.matmul(left, c, out=right)
    write(out, colours, fill)


def multiply_bands(out: Any, images: Any, rows: Weights, columns: Weights, fill: Any) -> None:
    """The same in small products: `BAND` rows of R and of C at a time, and what they see of X."""
    n, channels, h, w = out.shape
    r, tops, bottoms = split_into_bands(rows)
    c, lefts, rights = split_into_bands(columns)
    half = np.empty((channels, h, images.shape[3]), dtype=r.dtype)
    for k in range(n):
        m = k if len(r) > 1 else 0
        x = subtract(images[k], fill, r.dtype)
        part = slice(min(lefts[m]), max(rights[m]))
        for band, (top, bottom) in enumerate(zip(tops[m], bottoms[m])):
            i = slice(band * BAND, (band + 1) * BAND)
            np.matmul(r[m, top:bottom, i].T, x[:, top:bottom, part], out=half[:, i, part])
        colours = out[k] if out.dtype == r.dtype else np.empty((channels, h, w), dtype=r.dtype)
        left_product, product = half.reshape(channels * h, -1), colours.reshape(channels * h, w)
        for band, (left, right) in enumerate(zip(lefts[m], rights[m])):
            j = slice(band * BAND, (band + 1) * BAND)
            np.matmul(left_product[:, left:right], c[m, left:right, j], out=product[:, j])
        write(out[k], colours, fill)


def split_into_bands(weights: Weights) -> tuple[np.ndarray, list, list]:
    """Return the matrices, and the first row and the end of what each band of each one sees."""
    seen = weights.seen
    bands = np.arange(0, seen.shape[2], BAND)
    first = np.minimum.reduceat(seen.min(axis=0), bands, axis=1)
    end = np.maximum.reduceat(seen.max(axis=0), bands, axis=1) + 1
    return weights.spread(), first.tolist(), end.tolist()


def subtract(x: Any, fill: Any, dtype: Any) -> Any:
    """X − fill, where the fill is seen."""
    if fill is None:
        return x.astype(dtype, copy=False)
    return namespace(x).subtract(x, fill, dtype=dtype)


def write(out: Any, colours: Any, fill: Any) -> None:
    """Write colours + fill into `out`, rounded for uint8; `colours` may be `out` itself."""
    if fill is not None:
        colours += fill
    if out.dtype == np.uint8:
        out[...] = namespace(colours).rint(colours)
    elif colours is not out:
        out[...] = colours
