"""Resample a batch of images, each with its own matrix.

The centre of pixel (row i, column j) is the point (i, j).  A matrix A maps a point of the *output*
to the point of the input that is seen there: (row, column, 1)ᵢₙ = A (row, column, 1)ₒᵤₜ.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd import Tensor, raw
from ..backend import namespace
from ..errors import ArgumentError, ArgumentTypeError
from .arguments import Size, check_fill, check_size
from .door import check_images

BLOCK = 2**15  # pixels that a CPU blends at a time


def warp(images: Any, matrices: Any, fill: float = 0.0, size: Size | None = None) -> Any:
    """Bilinear resampling: output pixel (i, j) of image n shows its point (r, c) = A_n (i, j, 1).

    With y = r − ⌊r⌋ and x = c − ⌊c⌋, the four pixels around (r, c) are blended:

        upper  = (1 − x) · I[⌊r⌋, ⌊c⌋]     + x · I[⌊r⌋, ⌊c⌋ + 1]
        lower  = (1 − x) · I[⌊r⌋ + 1, ⌊c⌋] + x · I[⌊r⌋ + 1, ⌊c⌋ + 1]
        output = (1 − y) · upper + y · lower

    Every pixel outside the images has the value `fill` and is blended at the border, as in SciPy's
    mode `grid-constant`: a constant image of value `fill` stays constant.  Where (r, c) is the
    centre of a pixel, the output equals that pixel.  Points are computed in float64; colours in
    float64 if the images are float64, else in float32.

    Args:
        images: (N, C, H, W), uint8 from 0 to 255 or floating-point in [0, 1]; an array or a Tensor.
        matrices: (N, 3, 3) or (3, 3), on the same backend, for points (row, column, 1); their last
            row is (0, 0, 1).
        fill: in the units of the images.
        size: (height, width) of the output; by default (H, W).

    Returns:
        (N, C, *size) of the same kind and dtype; uint8 is rounded.  A constant, without gradient.

    Raises:
        ArgumentError, ArgumentTypeError: images, matrices, a fill or a size that do not fit.

    >>> half_a_pixel_left = np.array([[1, 0, 0], [0, 1, 0.5], [0, 0, 1]])
    >>> warp(np.array([[[[0.2, 0.4, 0.8]]]]), half_a_pixel_left).round(3)
    array([[[[0.3, 0.6, 0.4]]]])
    """
    x, a, fill, size = check_inputs("warp", images, matrices, fill, size)
    out = namespace(x).empty((*x.shape[:2], *size), dtype=x.dtype)
    for block in split_into_blocks(out):
        out[block] = blend(x[block], a[block], fill, size)
    return Tensor(out) if isinstance(images, Tensor) else out


def split_into_blocks(images: Any) -> list[slice]:
    """Split a batch into slices; on a CPU, small ones whose intermediate results fit its cache."""
    n, *shape = images.shape
    on_cpu = namespace(images).name == "numpy"
    at_once = max(1, BLOCK // max(1, math.prod(shape)) if on_cpu else n)
    return [slice(first, first + at_once) for first in range(0, n, at_once)]


def blend(x: Any, a: Any, fill: float, size: Size) -> Any:
    """Do the work of `warp` with checked arrays."""
    xp = namespace(x)
    i, j = xp.arange(size[0]), xp.arange(size[1])

    def compute_coordinate(k: int) -> Any:  # A_k0 i + A_k1 j + A_k2 for all i and j
        of_row = a[:, k, :1] * i + (a[:, k, 2:] + FRAME)
        of_column = a[:, k, 1:2] * j
        return clip_to_frame(of_row[:, :, None] + of_column[:, None, :], x.shape[2 + k])

    row, column = compute_coordinate(0), compute_coordinate(1)
    top, left = row.astype(np.int64), column.astype(np.int64)
    dtype = np.float64 if x.dtype == np.float64 else np.float32
    down, right = (row - top).astype(dtype), (column - left).astype(dtype)
    pixels, width = add_frame(x, fill)
    place = locate(pixels, width, top, left)

    def look_up(offset: int) -> Any:
        return xp.take(pixels, place + offset, axis=1).astype(dtype, copy=False)

    def interpolate(here: Any, there: Any, share: Any) -> Any:  # here + share · (there − here)
        there -= here
        there *= share
        there += here
        return there

    upper = interpolate(look_up(0), look_up(1), right)
    lower = interpolate(look_up(width), look_up(width + 1), right)
    colours = interpolate(upper, lower, down)
    if x.dtype == np.uint8:
        colours = xp.rint(colours)
    return colours.transpose(1, 0, 2, 3).astype(x.dtype, copy=False)


# -- pixels in a frame -----------------------------------------------------------------------------
# Each image gets a frame of `fill`: one pixel above and left, two below and right.  A point beyond
# the first frame pixel is moved onto it.  So every point has four neighbours, blending with the
# fill needs no special case, no coordinate is negative, and ⌊ ⌋ is a conversion to integers.

FRAME = 1


def add_frame(x: Any, fill: float) -> tuple[Any, int]:
    """Return all framed images in a row as (C, number of pixels), and the width of one."""
    n, channels, height, width = x.shape
    height, width = height + FRAME + 2, width + FRAME + 2
    frame = namespace(x).full((channels, n, height, width), fill, dtype=x.dtype)
    frame[:, :, FRAME:-2, FRAME:-2] = x.transpose(1, 0, 2, 3)
    return frame.reshape(channels, n * height * width), width


def clip_to_frame(coordinate: Any, length: int) -> Any:
    """Clip frame coordinates along an axis of `length` image pixels to the frame."""
    return namespace(coordinate).clip(coordinate, 0, length + FRAME)


def locate(pixels: Any, width: int, row: Any, column: Any) -> Any:
    """The index in `pixels` of each image's (row, column), which are int64 frame coordinates."""
    xp = namespace(pixels)
    first = xp.arange(len(row))[:, None, None] * (pixels.shape[1] // max(len(row), 1))
    return row * width + first + column


# -- checks of arguments ---------------------------------------------------------------------------


def check_inputs(
    name: str, images: Any, matrices: Any, fill: float, size: Size | None
) -> tuple[Any, Any, float, Size]:
    """Return the images (N, C, H, W), the matrices (N, 3, 3), the fill and the output size."""
    x, a = check_images(name, images), raw(matrices)
    xp = namespace(x)
    if namespace(a) is not xp or not hasattr(a, "dtype"):
        raise ArgumentTypeError(
            f"{name}: matrices must be an array on the {xp.name} backend, like the images, got "
            f"{type(a).__name__}.",
            argument="matrices",
        )
    if a.shape not in ((3, 3), (len(x), 3, 3)):
        raise ArgumentError(
            f"{name}: {len(x)} images need matrices of shape ({len(x)}, 3, 3), or (3, 3) for all "
            f"of them, got {a.shape}.",
            argument="matrices",
        )
    if xp.name == "numpy" and not np.isfinite(a).all():  # reading waits for a device
        raise ArgumentError(f"{name}: matrices must be finite.", argument="matrices")
    a = xp.broadcast_to(a.astype(np.float64, copy=False), (len(x), 3, 3))
    return x, a, check_fill(fill, x), x.shape[2:] if size is None else check_size(size)
