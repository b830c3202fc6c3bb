"""Checks of the arguments that several transforms share."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..checks import check_choice, check_count, check_number
from ..errors import ArgumentError
from ..ops.gather import INTERPOLATIONS, MODES

Size = tuple[int, int]
Fill = float | tuple[float, ...]

MANY = 2**24  # images at a time, or pixels of their sides: more would fill the memory
LONGEST = 2**14  # pixels of a side or a padding that an argument asks for
LARGEST = 1e6  # the size of a strength: beyond its square, float32 images overflow


def check_size(size: Any, maximum: int = LONGEST) -> Size:
    """Return (height, width), from such a pair or from one number for both."""
    pair = tuple(size) if isinstance(size, (tuple, list)) else (size, size)
    if len(pair) != 2:
        raise ArgumentError(
            f"size must be (height, width) or one number, got {size}.", argument="size"
        )
    height, width = (check_count("size", side, maximum=maximum) for side in pair)
    return height, width


def check_image_size(name: str, size: Size | None) -> Size:
    """Return `size`, (height, width) of the images, which the draws of transform `name` need."""
    if size is None:
        raise ArgumentError(
            f"{name} draws its parameters for images of one size. Pass it: "
            f"t.sample(ids, epoch, size=(height, width)).",
            argument="size",
        )
    return check_size(size, maximum=MANY)


def check_range(
    name: str, value: Any, *, minimum: float | None = None, above: float | None = None
) -> tuple[float, float]:
    """Return an interval (a, b), given as such or as a number d for (−d, d).

    Args:
        minimum, above: both ends must be at least `minimum` (greater than `above`).
    """
    if not isinstance(value, (tuple, list)):
        d = check_number(name, value, minimum=0)
        value = -d, d
    if len(value) != 2:
        raise ArgumentError(f"{name} must be d or (a, b), got {value!r}.", argument=name)
    return check_interval(name, value, minimum=minimum, above=above)


def check_interval(
    name: str, value: Any, *, minimum: float | None = None, above: float | None = None
) -> tuple[float, float]:
    """Return an interval (a, b); for `minimum` and `above` see `check_range`."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise ArgumentError(f"{name} must be (a, b), got {value!r}.", argument=name)
    low, high = (check_number(name, end, minimum=minimum, above=above) for end in value)
    if low > high:
        raise ArgumentError(f"{name}=(a, b) needs a ≤ b, got {tuple(value)}.", argument=name)
    smallest = -LARGEST if above is None else above + 1 / LARGEST
    if not smallest <= low <= high <= LARGEST:
        raise ArgumentError(
            f"{name} must be from {smallest:g} to {LARGEST:g}, got {tuple(value)}.", argument=name
        )
    return low, high


def spread(u: np.ndarray, interval: Any) -> np.ndarray:
    """Uniform random numbers u in [0, 1) as numbers in [a, b): a + (b − a) u."""
    low, high = interval
    return low + (high - low) * u


def check_constant(fill: Any) -> Fill:
    """Return a fill: a number that is not negative, or a tuple with one for each channel."""
    if isinstance(fill, (tuple, list)) and fill:
        return tuple(map(check_level, fill))
    return check_level(fill)


def check_level(value: Any) -> float:
    """Return the value of a pixel, which is not negative."""
    level = check_number("fill", value)
    if level < 0:
        raise ArgumentError(
            f"fill must be at least 0, got {level:g}. Pixels are in [0, 1] or from 0 to 255: "
            f"normalize after augmenting.",
            argument="fill",
        )
    return level


def check_mode(mode: Any) -> str:
    """Return what is outside an image: the name of a mode of `np.pad`."""
    return check_choice("padding_mode", mode, MODES)


def check_interpolation(interpolation: Any) -> str:
    return check_choice("interpolation", interpolation, INTERPOLATIONS)


def check_fill(fill: Fill, images: Any) -> Any:
    """Return `fill` as pixel values for these images: a number, or a tuple with one per channel."""
    if isinstance(fill, tuple):
        if len(fill) != images.shape[1]:
            raise ArgumentError(
                f"fill has {len(fill)} values, and the images have {images.shape[1]} channels. "
                f"Pass one number, or one for each channel.",
                argument="fill",
            )
        return tuple(check_fill(value, images) for value in fill)
    if images.dtype == np.uint8:
        if not (fill <= 255 and fill == int(fill)):
            raise ArgumentError(
                f"fill must be a whole number from 0 to 255 for uint8 images, got {fill:g}.",
                argument="fill",
            )
        return int(fill)
    if fill > 1:
        raise ArgumentError(
            f"fill must be in [0, 1] for floating-point images, got {fill:g}. Pixels from 0 to 255 "
            f"must be uint8 or divided by 255; normalize after augmenting.",
            argument="fill",
        )
    return fill
