"""Elastic deformation: every pixel is moved by a smooth random field."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from ..backend import find_blocks, namespace
from ..batch import Batch
from ..checks import check_number
from ..ops.gather import Reading
from ..random import Generator, hash_uniform
from .arguments import (
    LONGEST,
    Range,
    Size,
    Values,
    as_pair,
    check_fill,
    check_interpolation,
    check_interval,
    check_mode,
    read_fill,
    spread,
)
from .draw import Draw
from .inputs import check_targets_stay
from .transform import ImageTransform

TRUNCATE = 4.0  # a Gaussian ends at this many σ, as in SciPy and torchvision


class ElasticTransform(ImageTransform):
    """Pixel p of the result is the image at p + α (G_σ ∗ ε)(p).

    ε(p) has two entries, in rows and columns, each uniform in (−1, 1) and independent of all
    others; G_σ smooths them with a Gaussian of σ pixels that sums to 1, and is reflected at the
    border.  Inside the image a displacement has mean 0 and a standard deviation of about
    α/(2√(3π) σ) ≈ α/(6.14 σ) pixels.  For digits of 28 × 28 use α = 34, σ = 4, as the authors do.
    torchvision's alpha is twice as large for the same field.

    Args:
        alpha: α ≥ 0 in pixels; or (a, b), from which each image draws its own, uniformly.
        sigma: σ > 0 in pixels.
        interpolation, fill, padding_mode, generator: see `RandomAffine`.  Masks are read at the
            nearest pixel, and are 0 where images are filled.

    Simard, Steinkraus, Platt (2003), "Best practices for convolutional neural networks applied to
    visual document analysis", ICDAR.

    >>> t, images = ElasticTransform(34, 4), np.full((2, 1, 28, 28), 200, dtype=np.uint8)
    >>> bool((t(images)[:, :, 9:19, 9:19] == 200).all())
    True
    """

    draws = 1
    keyed = True

    def __init__(
        self,
        alpha: float | Range = 50.0,
        sigma: float = 5.0,
        *,
        interpolation: str = "bilinear",
        fill: Values = 0.0,
        padding_mode: str = "constant",
        generator: Generator | None = None,
    ) -> None:
        super().__init__(generator=generator)
        ends = check_interval("alpha", as_pair(alpha), minimum=0)
        self.alpha = ends if isinstance(alpha, (tuple, list)) else ends[0]
        self.sigma = check_number("sigma", sigma, above=0, maximum=LONGEST)
        self.interpolation = check_interpolation(interpolation)
        self.fill = check_fill(fill)
        self.padding_mode = check_mode(padding_mode)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        return {"alpha": spread(u[:, 0], as_pair(self.alpha))}

    def change(self, batch: Batch, draw: Draw) -> Batch:
        check_targets_stay(batch)
        x, masks, xp = batch.x, batch.masks, namespace(batch.x)
        fill, mode, size = read_fill(self.fill, x), self.padding_mode, x.shape[2:]
        moved = xp.empty_like(x)
        moved_masks: Any = None if masks is None else xp.empty_like(masks)
        for block in find_blocks(x, parts=5):
            points = self.find_points(x[block], draw[block])
            moved[block] = Reading(x[block], points, size, fill, mode, self.interpolation).read()
            if masks is not None:
                moved_masks[block] = Reading(masks[block], points, size, 0, mode, "nearest").read()
        return replace(batch, x=moved, masks=moved_masks)

    def find_points(self, images: Any, draw: Draw) -> Any:
        """Return the point of the image at which each pixel of the result is read, (N, H, W, 2)."""
        xp, size = namespace(images), images.shape[2:]
        field = draw_field(xp.asarray(draw["key"]), size, self.sigma)
        field = field.astype(np.promote_types(images.dtype, np.float32), copy=False)
        field *= draw.read("alpha", images)
        field += xp.stack(xp.meshgrid(*map(xp.arange, size), indexing="ij"))
        return xp.moveaxis(field, 1, 3)


def draw_field(key: Any, size: Size, sigma: float) -> Any:
    """Return G_σ ∗ ε for each key, (N, 2, H, W) float32 on the backend of `key`."""
    xp = namespace(key)
    noise = hash_uniform(key, (2, *size))
    noise *= 2
    noise -= 1 - 2**-24  # multiples of 2⁻²³ in (−1, 1), symmetric about 0
    rows, columns = (xp.asarray(smoothing_matrix(n, sigma).astype(np.float32)) for n in size)
    return rows @ noise @ columns.T


@cache
def smoothing_matrix(n: int, sigma: float) -> np.ndarray:
    """Return the (n, n) matrix that smooths n numbers, reflected at both ends, with a Gaussian."""
    radius = int(TRUNCATE * sigma + 0.5)
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    places = np.pad(np.arange(n), radius, mode="reflect")
    matrix = np.zeros((n, n))
    for row in range(n):
        matrix[row] = np.bincount(places[row : row + 2 * radius + 1], weights, minlength=n)
    return matrix / weights.sum()
