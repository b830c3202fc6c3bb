"""Transforms that add noise to images, or blur them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..backend import namespace
from ..checks import check_count, check_flag, check_number
from ..errors import ArgumentError
from ..random import Generator, hash_normal
from .arguments import Range, Size, as_pair, check_interval, spread
from .draw import Draw
from .exact import fold
from .pixels import PixelTransform
from .separable import Weights, multiply


class GaussianNoise(PixelTransform):
    """x + mean + σ ε with independent standard normal ε for each pixel and channel.

    ε is hashed from the image's `key`, where the images are.  Mean and σ are in units of white: for
    uint8 images they are multiplied by 255, and the result is rounded.

    Args:
        mean: the mean of the noise.
        sigma: its standard deviation, at least 0; or (a, b) to draw one for each image.
        clip: whether floats are clipped to [0, 1].  (uint8 is always clipped to 0..255.)
        generator: see `ImageTransform`.

    >>> image = np.full((1, 1, 100, 100), 0.5)
    >>> noise = GaussianNoise(sigma=0.1, generator=mr.Generator(0))(image) - image
    >>> print(noise.std().round(2))
    0.1
    """

    draws = 1
    keyed = True

    def __init__(
        self,
        mean: float = 0.0,
        sigma: float | Range = 0.1,
        clip: bool = True,
        *,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(generator=generator)
        self.mean = check_number("mean", mean)
        self.sigma = check_interval("sigma", as_pair(sigma), minimum=0)
        self.clip = check_flag("clip", clip)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        return {"sigma": spread(u[:, 0], self.sigma)}

    def compute(self, x: Any, draw: Draw, white: float) -> Any:
        noise = hash_normal(draw.read("key", x), x.shape[1:], x.dtype)
        noise *= white * draw.read("sigma", x)
        x += white * self.mean
        x += noise
        return x


class GaussianBlur(PixelTransform):
    """The mean of the pixels around each pixel, with weights exp(−(i² + j²) / (2 σ²)).

    The offsets i and j go from −(k − 1)/2 to (k − 1)/2, and the weights are divided by their sum.
    Around the image it is continued by reflection, d c b | a b c d | c b a.

    Args:
        kernel_size: k, an odd number; half of it must be less than the height and the width.  The
            weights beyond are left out: k ≥ 6 σ leaves out next to nothing.
        sigma: σ > 0 in pixels; or (a, b) to draw one for each image.
        generator: see `ImageTransform`.

    >>> point = np.zeros((1, 1, 3, 5))
    >>> point[0, 0, 1, 2] = 1
    >>> GaussianBlur(3, sigma=1.0)(point)[0, 0, 1].round(3).tolist()
    [0.0, 0.124, 0.204, 0.124, 0.0]
    """

    draws = 1
    clip = False  # a mean is within the range of the pixels

    def __init__(
        self,
        kernel_size: int,
        sigma: float | Range = (0.1, 2.0),
        *,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(generator=generator)
        self.kernel_size = check_count("kernel_size", kernel_size)
        if self.kernel_size % 2 == 0:
            raise ArgumentError(
                f"kernel_size must be odd, so that the kernel has a centre, got {kernel_size}.",
                argument="kernel_size",
            )
        self.sigma = check_interval("sigma", as_pair(sigma), above=0)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        return {"sigma": spread(u[:, 0], self.sigma)}

    def check(self, images: Any) -> None:
        radius = self.kernel_size // 2
        if radius >= min(images.shape[2:]):
            raise ArgumentError(
                f"GaussianBlur: kernel_size={self.kernel_size} reaches {radius} pixels out, and "
                f"images of {tuple(images.shape[2:])} can only be reflected by less than their "
                f"height and width. Use a smaller kernel_size.",
                argument="kernel_size",
            )

    def compute(self, x: Any, draw: Draw, white: float) -> Any:
        sigma = draw["sigma"]
        draw.check("sigma", sigma > 0, "greater than 0")
        weights = gaussian_weights(sigma, self.kernel_size // 2).astype(x.dtype)
        weights = namespace(x).asarray(weights)
        # exp(−(i² + j²) / …) is a product: rows and columns are averaged one after the other.
        rows, columns = (spread_weights(weights, length) for length in x.shape[2:])
        blurred = namespace(x).empty_like(x)
        multiply(blurred, x, rows, columns, None)
        return blurred


def gaussian_weights(sigma: np.ndarray, radius: int) -> np.ndarray:
    """exp(−i² / (2 σ²)) for i from −radius to radius, divided by the sum: (N, 2 radius + 1)."""
    offsets = np.arange(-radius, radius + 1)
    weights = np.exp(-0.5 * (offsets / sigma[:, None]) ** 2)
    return weights / weights.sum(axis=1, keepdims=True)


def spread_weights(weights: Any, length: int) -> Weights:
    """Return the weights of all rows (or columns), continued by reflection.

    Args:
        weights: (N, 2 radius + 1).
        length: H or W.
    """
    xp, (n, taps) = namespace(weights), weights.shape
    seen = fold(xp.arange(length) + xp.arange(taps)[:, None] - taps // 2, length, "reflect")
    shape = (taps, n, length)
    return Weights(
        xp.broadcast_to(weights.T[:, :, None], shape), xp.broadcast_to(seen[:, None], shape), length
    )
