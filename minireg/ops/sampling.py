"""Sampling: images read at any points, such as those that a rotation gives."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import Tensor, primitive, raw
from ..backend import Array, namespace
from ..checks import check_choice, check_number, describe_value
from ..errors import ArgumentError, ArgumentTypeError
from .gather import INTERPOLATIONS, MODES, Reading
from .indexing import getitem
from .shapes import broadcast_to, moveaxis, reshape, swapaxes
from .windows import as_pair, check_images

__all__ = ["affine_sample", "grid_sample"]


def _plain_affine_sample(images, matrices, size=None, **options):
    size = raw(images).shape[2:] if size is None else as_pair("size", size)
    pixels = Tensor(list_pixels(size, raw(matrices)))
    points = pixels @ swapaxes(matrices[..., :2, :], -1, -2)
    shape = (len(raw(images)), *size, 2)
    return grid_sample(images, broadcast_to(reshape(points, (-1, *shape[1:])), shape), **options)


@primitive(plain=_plain_affine_sample)
def affine_sample(
    images, matrices, size=None, *, fill=0.0, mode="constant", interpolation="bilinear"
):
    """Images moved by matrices: pixel (i, j) of result n is image n at the point A_n (i, j, 1).

    dL/dA_n = Σ_ij dL/d(point) (i, j, 1)ᵀ, and zeros in the last row; dL/d(point) and dL/d(images)
    are those of `grid_sample`.

    It equals PyTorch's `grid_sample(images, affine_grid(θ), align_corners=False)` for
    θ = N P A P N′⁻¹ without its last row: P exchanges row and column, and
    N = [[2/W, 0, 1/W − 1], [0, 2/H, 1/H − 1], [0, 0, 1]] for the images, N′ for the result.

    Args:
        images: (N, C, H, W), see `grid_sample`.
        matrices: (N, 3, 3), or (3, 3) for all images: they map points (row, column, 1) of the
            result to points of the images, in pixels.  Their last row counts as (0, 0, 1).
        size: (h, w) of the result, or one number for both; by default (H, W).
        fill, mode, interpolation: see `grid_sample`.

    Returns:
        (N, C, h, w), of the dtype of the images.

    Raises:
        ArgumentError, ArgumentTypeError: as `grid_sample`, with matrices in place of points.

    Jaderberg et al. (2015), "Spatial transformer networks", NeurIPS 28.

    >>> half_a_pixel_left = mr.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
    >>> mr.affine_sample(mr.tensor([[[[2.0, 4.0, 8.0]]]]), half_a_pixel_left).tolist()
    [[[[3.0, 6.0, 4.0]]]]
    """
    check_options(images, mode, interpolation)
    n = len(images)
    expected = f"({n}, 3, 3), or (3, 3) for all of them"
    check_places("matrices", matrices, images, ((3, 3), (n, 3, 3)), expected)
    size = images.shape[2:] if size is None else as_pair("size", size)
    reading = Reading(images, matrices, size, check_fill(fill, images), mode, interpolation)

    def joint(g, needs):
        of_images, of_points = reading.pull_back(g, needs)
        if not needs[1]:
            return of_images, None
        xp = namespace(g)
        of_matrices = xp.zeros((n, 3, 3), dtype=of_points.dtype)
        per_pixel = of_points.reshape(n, -1, 2).swapaxes(1, 2)
        of_matrices[:, :2] = xp.matmul(per_pixel, list_pixels(size, of_points))
        return of_images, of_matrices

    return reading.read(), () if images.dtype == np.uint8 else joint


def _plain_grid_sample(images, points, fill=0.0, mode="constant", interpolation="bilinear"):
    x, p = raw(images), raw(points)
    xp, fill = namespace(x), check_fill(fill, x)
    reading = Reading(x, p, p.shape[1:3], fill, mode, interpolation)
    place, down, right = reading.locate(slice(None), slice(None))
    rows, columns = (Tensor(xp.asarray(axis.matrix, dtype=x.dtype)) for axis in reading.axes)
    outside = Tensor(xp.asarray(fill, dtype=x.dtype)[:, None, None])
    frames = rows @ (images - outside) @ swapaxes(columns, 0, 1) + outside
    pixels = reshape(moveaxis(frames, 1, 0), (x.shape[1], -1))
    seen = [getitem(pixels, (slice(None), place + offset)) for offset in reading.neighbours]
    if len(seen) == 1:
        return moveaxis(seen[0], 0, 1)
    # Where the neighbours are stays as it is; how far they are is a function of the points.
    down = points[..., 0] - Tensor(p[..., 0] - down)
    right = points[..., 1] - Tensor(p[..., 1] - right)
    upper, lower = seen[0] + right * (seen[1] - seen[0]), seen[2] + right * (seen[3] - seen[2])
    return moveaxis(upper + down * (lower - upper), 0, 1)


@primitive(plain=_plain_grid_sample)
def grid_sample(images, points, *, fill=0.0, mode="constant", interpolation="bilinear"):
    """Images read at any points: y[n, c, i, j] = image n, channel c, at points[n, i, j].

    With s = row − ⌊row⌋, t = column − ⌊column⌋ and the pixels v₀₀, v₀₁, v₁₀, v₁₁ around the point,

        y = (1 − s) (1 − t) v₀₀ + (1 − s) t v₀₁ + s (1 − t) v₁₀ + s t v₁₁.

    dL/dv₀₀ = Σ g (1 − s) (1 − t) and so on; ∂y/∂row = (1 − t)(v₁₀ − v₀₀) + t (v₁₁ − v₀₁), summed
    over channels, and ∂y/∂column likewise.

    y is piecewise linear in a row or a column.  At a whole coordinate, its kink, the derivative is
    the one from above, v₁₀ − v₀₀ for s = 0.  Far outside, in the modes "constant" and "edge", it is
    0.

    Args:
        images: (N, C, H, W), uint8 or floating-point.  uint8 is rounded and has no gradient.
        points: (N, h, w, 2), (row, column) in pixels of the images: the centre of pixel (i, j) is
            the point (i, j).  Coordinates are computed in float32 unless the images are float64.
        fill: the value outside the images, or C values, one a channel.
        mode: how the images go on outside, by the names of `np.pad`: "constant" (pixels of `fill`,
            blended at the border; SciPy: grid-constant), "edge" (SciPy: nearest), "reflect" (the
            pixel at the edge is not repeated; SciPy: mirror) or "symmetric" (SciPy: reflect).
        interpolation: "bilinear", or "nearest": the pixel ⌊row + ½⌋, ⌊column + ½⌋, with gradient 0
            for the points.

    Returns:
        (N, C, h, w), of the dtype of the images.

    Raises:
        ArgumentError: a shape, mode, interpolation or fill that does not fit; points that are not
            finite (checked on NumPy; on a GPU it would cost a transfer).
        ArgumentTypeError: images or points of another dtype or on different backends.

    >>> images = mr.tensor([[[[2.0, 4.0, 8.0]]]])
    >>> points = mr.tensor([[[[0.0, 0.5], [0.0, 2.5]]]])
    >>> mr.grid_sample(images, points).tolist()
    [[[[3.0, 4.0]]]]
    >>> mr.grid_sample(images, points, mode="edge").tolist()
    [[[[3.0, 8.0]]]]
    """
    check_options(images, mode, interpolation)
    shape: Any = (len(images), *getattr(points, "shape", ())[1:3], 2)
    check_places("points", points, images, (shape,), f"({len(images)}, h, w, 2)")
    size = shape[1:3]
    reading = Reading(images, points, size, check_fill(fill, images), mode, interpolation)
    return reading.read(), () if images.dtype == np.uint8 else reading.pull_back


def list_pixels(size: tuple[int, int], like: Array) -> Array:
    """Return (i, j, 1) of every pixel, (h · w, 3), of the dtype and on the backend of `like`."""
    xp, (height, width) = namespace(like), size
    pixels = xp.ones((height, width, 3), dtype=like.dtype)
    pixels[..., 0], pixels[..., 1] = xp.arange(height)[:, None], xp.arange(width)
    return pixels.reshape(-1, 3)


# -- arguments -------------------------------------------------------------------------------------


def check_options(images: Any, mode: str, interpolation: str) -> None:
    """Raise an error if these images cannot be sampled, or not in this way."""
    check_choice("mode", mode, MODES)
    check_choice("interpolation", interpolation, INTERPOLATIONS)
    if not hasattr(images, "dtype") or (images.dtype != np.uint8 and images.dtype.kind != "f"):
        raise ArgumentTypeError(
            f"images must be a Tensor or an array, uint8 or floating-point, got "
            f"{getattr(images, 'dtype', type(images).__name__)}.",
            argument="images",
        )
    check_images(images)


def check_places(name: str, places: Any, images: Any, shapes: Any, expected: str) -> None:
    """Raise an error if these matrices or points do not fit the images."""
    xp = namespace(images)
    if getattr(places, "dtype", np.dtype(bool)).kind not in "fiu" or namespace(places) is not xp:
        raise ArgumentTypeError(
            f"{name} must be numbers in a Tensor or an array on the {xp.name} backend, like the "
            f"images, got {describe_value(places)}.",
            argument=name,
        )
    if places.shape not in shapes:
        raise ArgumentError(
            f"{len(images)} images need {name} of shape {expected}, got {places.shape}.",
            argument=name,
        )
    if xp.name == "numpy" and not np.isfinite(places).all():  # reading waits for a device
        raise ArgumentError(f"{name} must be finite.", argument=name)


def check_fill(fill: Any, images: Array) -> tuple[float, ...]:
    """Return one value of fill for each channel."""
    channels = images.shape[1]
    fills = fill if isinstance(fill, (tuple, list)) else (fill,) * channels
    if len(fills) != channels:
        raise ArgumentError(
            f"fill must be a number or {channels} numbers, one for each channel, got {fill}.",
            argument="fill",
        )
    fills = tuple(check_number("fill", value) for value in fills)
    if images.dtype == np.uint8 and not all(v in range(256) for v in fills):
        raise ArgumentError(
            f"fill must be a whole number from 0 to 255 for uint8 images, got {fill}.",
            argument="fill",
        )
    return fills
