"""Transforms that erase a rectangle of an image."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..backend import find_blocks, namespace
from ..checks import check_count, check_probability
from ..errors import ArgumentError
from ..random import Generator, hash_bits, hash_normal
from .arguments import (
    LONGEST,
    Range,
    Size,
    Values,
    check_interval,
    check_values,
    read_values,
    require_size,
    spread,
    spread_log,
)
from .draw import Draw
from .transform import ImageTransform

Value = Values | str

SIDES = ("top", "left", "height", "width")  # of a rectangle, in pixels


class Erase(ImageTransform):
    """Put a value into the rectangle top, left, height, width of each image (none if it is empty).

    A subclass draws these four, (N,) int64.  Masks of pixels stay as they are.

    Args:
        value: of the erased pixels, in the units of the images: a number, or one for each channel.
            Floats may be outside [0, 1]: 0 is the mean colour after `Normalize`.  Or "random":
            independent numbers for all pixels and channels, standard normal ones for floats (which
            suit normalized images), equally likely ones from 0 to 255 for uint8.
        generator: see `ImageTransform`.
    """

    def __init__(self, value: Value, *, generator: Generator | None) -> None:
        self.keyed = isinstance(value, str) and value == "random"
        self.value: Any = value if self.keyed else check_values("value", value)
        super().__init__(generator=generator)

    def change_images(self, images: Any, draw: Draw) -> Any:
        out = images.copy()
        for block in find_blocks(images) if self.keyed else [slice(None)]:
            x, part = out[block], draw[block]
            top, left, height, width = (part.read(name, x) for name in SIDES)
            inside = find_inside(x, top, top + height, left, left + width)
            namespace(out).copyto(x, self.make_pixels(x, part), where=inside)
        return out

    def make_pixels(self, images: Any, draw: Draw) -> Any:
        """Return what replaces erased pixels: an array that broadcasts with the images."""
        if self.keyed:
            key, shape = draw.read("key", images), images.shape[1:]
            if images.dtype == np.uint8:
                bits = hash_bits(key, math.prod(shape)) >> np.uint32(24)
                return bits.astype(np.uint8).reshape(images.shape)
            dtype = np.promote_types(images.dtype, np.float32)
            return hash_normal(key, shape, dtype).astype(images.dtype, copy=False)
        values = np.reshape(read_values("value", self.value, images), (-1, 1, 1))
        return namespace(images).asarray(values.astype(images.dtype))


def find_inside(images: Any, top: Any, bottom: Any, left: Any, right: Any) -> Any:
    """Return whether a pixel is in the rectangle of its image: (N, 1, H, W).

    Args:
        top, bottom: the first row of each rectangle, and the one after its last: (N, 1, 1, 1).
        left, right: its columns, likewise.
    """
    xp = namespace(images)
    row, column = xp.arange(images.shape[2])[:, None], xp.arange(images.shape[3])
    rows = (row >= top) & (row < bottom)
    columns = (column >= left) & (column < right)
    return rows & columns


class RandomErasing(Erase):
    """With probability p, erase a rectangle of random area and shape at a random place.

    The area is drawn from `scale`, as a fraction of the image, and the shape r = height / width
    with a uniform logarithm from `ratio`: height = round √(area r), width = round √(area / r).
    Both must be smaller than the image: else they are drawn again, up to ten times in all, and
    then nothing is erased.  All places are equally likely.

    Args:
        p: in [0, 1].
        scale: (a, b), 0 ≤ a ≤ b ≤ 1.
        ratio: (a, b), 0 < a ≤ b.
        value: of the erased pixels; see `Erase`.
        generator: see `ImageTransform`.

    Zhong et al. (2020), "Random erasing data augmentation", AAAI.

    >>> t = RandomErasing(p=1, scale=(0.1, 0.1), ratio=(1, 1), generator=mr.Generator(0))
    >>> int((t(np.ones((1, 1, 10, 10))) == 0).sum())
    9
    """

    draws = 3 + 2 * 10

    def __init__(
        self,
        p: float = 0.5,
        scale: Range = (0.02, 0.33),
        ratio: Range = (0.3, 3.3),
        value: Value = 0.0,
        *,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(value, generator=generator)
        self.p = check_probability("p", p)
        self.scale = check_interval("scale", scale, minimum=0)
        if self.scale[1] > 1:
            raise ArgumentError(
                f"scale must be in [0, 1], fractions of the area, got {self.scale[1]:g}.",
                argument="scale",
            )
        self.ratio = check_interval("ratio", ratio, above=0)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        height, width = require_size("RandomErasing", size)
        area = height * width * spread(u[:, 3::2], self.scale)  # (N, tries)
        shape = spread_log(u[:, 4::2], self.ratio)
        heights = np.rint(np.sqrt(area * shape)).astype(np.int64)
        widths = np.rint(np.sqrt(area / shape)).astype(np.int64)
        fits = (heights < height) & (widths < width)
        first = np.arange(len(u)), fits.argmax(axis=1)
        erased = (u[:, 0] < self.p) & fits[first]
        h, w = np.where(erased, heights[first], 0), np.where(erased, widths[first], 0)
        top = np.floor(u[:, 1] * (height - h + 1)).astype(np.int64)
        left = np.floor(u[:, 2] * (width - w + 1)).astype(np.int64)
        return dict(zip(SIDES, (top * erased, left * erased, h, w)))


class Cutout(Erase):
    """With probability p, erase a square whose centre is any pixel; what is outside is cut off.

    The square has the rows from i − ⌊size / 2⌋ to i − ⌊size / 2⌋ + size − 1, with each row i of the
    image equally likely, and columns likewise.

    Args:
        size: its side in pixels.
        p: in [0, 1].
        value: of the erased pixels; see `Erase`.
        generator: see `ImageTransform`.

    DeVries, Taylor (2017), "Improved regularization of convolutional neural networks with cutout".

    >>> int((Cutout(3)(np.ones((1, 1, 28, 28))) == 0).sum()) in (4, 6, 9)
    True
    """

    draws = 3

    def __init__(
        self,
        size: int,
        p: float = 1.0,
        *,
        value: Value = 0.0,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(value, generator=generator)
        self.size = check_count("size", size, maximum=LONGEST)
        self.p = check_probability("p", p)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        height, width = require_size("Cutout", size)
        erased = u[:, 0] < self.p

        def clip_square(v: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
            start = np.floor(v * length).astype(np.int64) - self.size // 2
            first, end = np.clip([start, start + self.size], 0, length)
            return first * erased, (end - first) * erased

        top, rows = clip_square(u[:, 1], height)
        left, columns = clip_square(u[:, 2], width)
        return dict(zip(SIDES, (top, left, rows, columns)))
