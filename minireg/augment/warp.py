"""Resampling a batch of images, each by a matrix of its own.

The centre of pixel (row i, column j) is the point (i, j).  A matrix A maps a point of the *output*
to the point of the input that is seen there: (row, column, 1)ᵢₙ = A (row, column, 1)ₒᵤₜ.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import Tensor, raw
from ..backend import namespace
from ..errors import ArgumentError, ArgumentTypeError


def warp(images: Any, matrices: Any, size: tuple[int, int] | None = None, fill: float = 0.0) -> Any:
    """Bilinear resampling: output pixel (i, j) of image n shows the input at A_n (i, j, 1).

    Outside the images everything is `fill`, and it is blended at the border as SciPy's
    `grid-constant` mode does: a constant image with that fill stays constant.

    Args:
        images: (N, C, H, W), uint8 or floating-point; an array or a Tensor.
        matrices: (N, 3, 3) or (3, 3), on the same backend, for points (row, column, 1).
        size: (height, width) of the output; by default (H, W).
        fill: in the units of the images.

    Returns:
        (N, C, *size) of the same kind and dtype; uint8 is rounded.

    >>> import numpy as np
    >>> half_a_pixel_left = np.array([[1, 0, 0], [0, 1, 0.5], [0, 0, 1]])
    >>> warp(np.array([[[[2.0, 4.0, 8.0]]]]), half_a_pixel_left)
    array([[[[3., 6., 4.]]]])
    """
    x = check_images("warp", images)
    xp = namespace(x)
    a = raw(matrices)
    a = a if a.ndim == 3 else xp.broadcast_to(a, (len(x), 3, 3))
    if a.shape != (len(x), 3, 3):
        raise ArgumentError(f"warp: {len(x)} images need ({len(x)}, 3, 3) matrices, got {a.shape}.")
    fill = check_fill(fill, x.dtype)
    height, width = x.shape[2:]
    row, column = points(a, size or (height, width))
    working = np.float64 if x.dtype == np.float64 else np.float32

    # A frame of one pixel of `fill` around the images, and no point further out than its middle:
    # then each point has four neighbours, and blending with the fill needs no special case.
    framed = xp.full((*x.shape[:2], height + 2, width + 2), fill, dtype=working)
    framed[:, :, 1:-1, 1:-1] = x
    row, column = xp.clip(row, -1, height), xp.clip(column, -1, width)
    top, left = xp.clip(xp.floor(row), -1, height - 1), xp.clip(xp.floor(column), -1, width - 1)
    down, right = (row - top).astype(working), (column - left).astype(working)
    pixels = framed.reshape((*x.shape[:2], -1))
    place = (top * (width + 2) + left).astype(np.int64) + (width + 3)
    image = xp.arange(len(x))[:, None, None, None]
    channel = xp.arange(x.shape[1])[None, :, None, None]

    def at(rows_down: int, columns_right: int) -> Any:
        return pixels[image, channel, (place + (rows_down * (width + 2) + columns_right))[:, None]]

    down, right = down[:, None], right[:, None]
    upper = at(0, 0) + (at(0, 1) - at(0, 0)) * right
    lower = at(1, 0) + (at(1, 1) - at(1, 0)) * right
    return like(images, upper + (lower - upper) * down, x.dtype)


def copy_pixels(
    images: Any, matrices: Any, size: tuple[int, int] | None = None, fill: float = 0.0
) -> Any:
    """`warp` for matrices that map pixels to pixels (flips, shifts by whole pixels): exact.

    Nothing is interpolated, and uint8 stays uint8.  Rows must come from rows and columns from
    columns: A = [[±1, 0, r], [0, ±1, c], [0, 0, 1]] with whole r and c.

    >>> import numpy as np
    >>> flip = np.array([[1, 0, 0], [0, -1, 2], [0, 0, 1]])
    >>> copy_pixels(np.array([[[[1, 2, 3]]]], dtype=np.uint8), flip).tolist()
    [[[[3, 2, 1]]]]
    """
    x = check_images("copy_pixels", images)
    xp = namespace(x)
    a = raw(matrices)
    a = a if a.ndim == 3 else xp.broadcast_to(a, (len(x), 3, 3))
    fill = check_fill(fill, x.dtype)
    height, width = x.shape[2:]
    rows, columns = size or (height, width)
    row = (a[:, 0, :1] * xp.arange(rows) + a[:, 0, 2:]).astype(np.int64)
    column = (a[:, 1, 1:2] * xp.arange(columns) + a[:, 1, 2:]).astype(np.int64)
    inside = ((row >= 0) & (row < height))[:, None, :, None] & ((column >= 0) & (column < width))[
        :, None, None, :
    ]
    seen = x[
        xp.arange(len(x))[:, None, None, None],
        xp.arange(x.shape[1])[None, :, None, None],
        xp.clip(row, 0, height - 1)[:, None, :, None],
        xp.clip(column, 0, width - 1)[:, None, None, :],
    ]
    return like(images, xp.where(inside, seen, xp.full((), fill, dtype=x.dtype)), x.dtype)


def points(a: Any, size: tuple[int, int]) -> tuple[Any, Any]:
    """The input row and column, each (N, height, width), that every output pixel shows."""
    xp = namespace(a)
    i = xp.arange(size[0], dtype=np.float64)[:, None]
    j = xp.arange(size[1], dtype=np.float64)[None, :]

    def coordinate(k: int) -> Any:
        return a[:, k, 0, None, None] * i + a[:, k, 1, None, None] * j + a[:, k, 2, None, None]

    return coordinate(0), coordinate(1)


def like(images: Any, result: Any, dtype: Any) -> Any:
    """`result` in the dtype of the images, as a Tensor if they were one."""
    if result.dtype != dtype:
        if dtype == np.uint8:
            result = namespace(result).rint(result)
        result = result.astype(dtype)
    return Tensor(result) if isinstance(images, Tensor) else result


def check_images(name: str, images: Any) -> Any:
    """The array of (N, C, H, W) images, or say what is wrong with it."""
    x = raw(images)
    if not hasattr(x, "dtype") or (x.dtype != np.uint8 and x.dtype.kind != "f"):
        raise ArgumentTypeError(
            f"{name} takes uint8 or floating-point images, got "
            f"{getattr(x, 'dtype', type(x).__name__)}."
        )
    if x.ndim != 4:
        raise ArgumentError(
            f"{name} takes images of shape (N, C, H, W), got {x.shape}. A single image is "
            f"images[None], grey images without a channel axis are images[:, None]."
        )
    return x


def check_fill(fill: float, dtype: Any) -> float:
    if dtype == np.uint8 and not (0 <= fill <= 255 and fill == int(fill)):
        raise ArgumentError(f"fill must be a whole number from 0 to 255 for uint8 images: {fill}.")
    return int(fill) if dtype == np.uint8 else float(fill)
