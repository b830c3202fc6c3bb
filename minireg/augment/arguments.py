"""Arguments that several transforms share: their checks, and numbers drawn from intervals."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..checks import check_choice, check_count, check_number
from ..errors import ArgumentError
from ..ops.gather import INTERPOLATIONS, MODES

Size = tuple[int, int]
Range = tuple[float, float]
Values = float | tuple[float, ...]  # of pixels: one for all channels, or one for each

MANY = 2**24  # images at a time, or pixels of their sides: more would fill the memory
LONGEST = 2**14  # pixels of a side or a padding that an argument asks for
LARGEST = 1e6  # the size of a strength: beyond its square, float32 images overflow


def as_pair(value: Any) -> Any:
    """Return (a, b) as it is, and one number d as (d, d)."""
    return value if isinstance(value, (tuple, list)) else (value, value)


def check_size(size: Any, maximum: int = LONGEST) -> Size:
    """Return (height, width), from such a pair or from one number for both."""
    sides = as_pair(size)
    if len(sides) != 2:
        raise ArgumentError(
            f"size must be (height, width) or one number, got {size}.", argument="size"
        )
    height, width = (check_count("size", side, maximum=maximum) for side in sides)
    return height, width


def check_image_size(size: Any) -> Size | None:
    """Return (height, width) of images, or None if it is not known."""
    return None if size is None else check_size(size, maximum=MANY)


def require_size(name: str, size: Size | None) -> Size:
    """Return `size`, (height, width) of the images, which the draws of transform `name` need."""
    if size is None:
        raise ArgumentError(
            f"{name} draws its parameters for images of one size. Pass it: "
            f"t.sample(ids, epoch, size=(height, width)).",
            argument="size",
        )
    return size


def check_mode(mode: Any) -> str:
    """Return what is outside an image: the name of a mode of `np.pad`."""
    return check_choice("padding_mode", mode, MODES)


def check_interpolation(interpolation: Any) -> str:
    return check_choice("interpolation", interpolation, INTERPOLATIONS)


def check_range(name: str, value: Any, *, center: float = 0.0, minimum: float = -LARGEST) -> Range:
    """Return an interval (a, b), given as such or as a number d.

    A number means center − d to center + d, without what is below `minimum`.
    """
    if not isinstance(value, (tuple, list)):
        d = check_number(name, value, minimum=0)
        value = max(center - d, minimum), center + d
    elif len(value) != 2:
        raise ArgumentError(f"{name} must be d or (a, b), got {value!r}.", argument=name)
    return check_interval(name, value, minimum=minimum)


def check_interval(
    name: str, value: Any, *, minimum: float = -LARGEST, above: float | None = None
) -> Range:
    """Return an interval (a, b) whose ends are at least `minimum` or greater than `above`."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise ArgumentError(f"{name} must be (a, b), got {value!r}.", argument=name)
    low, high = (check_number(name, end, minimum=minimum, above=above) for end in value)
    if low > high:
        raise ArgumentError(f"{name}=(a, b) needs a ≤ b, got {tuple(value)}.", argument=name)
    smallest = minimum if above is None else above + 1 / LARGEST
    if not smallest <= low <= high <= LARGEST:
        raise ArgumentError(
            f"{name} must be from {smallest:g} to {LARGEST:g}, got {tuple(value)}.", argument=name
        )
    return low, high


def spread(u: np.ndarray, interval: Range) -> np.ndarray:
    """Uniform random numbers u in [0, 1) as uniform numbers in [a, b)."""
    low, high = interval
    return low + (high - low) * u


def spread_log(u: np.ndarray, interval: Range) -> np.ndarray:
    """Uniform random numbers u in [0, 1) as numbers in [a, b) with a uniform logarithm."""
    low, high = interval
    return low * (high / low) ** u


# -- values of pixels ------------------------------------------------------------------------------


def check_values(name: str, values: Any, *, above: float | None = None) -> Values:
    """Return a number, or a tuple with one for each channel."""
    if (isinstance(values, (tuple, list)) or getattr(values, "ndim", 0) == 1) and len(values):
        return tuple(check_number(name, value, above=above) for value in values)
    return check_number(name, values, above=above)


def check_fill(fill: Any) -> Values:
    """Return the value of pixels outside an image, which is not negative."""
    values = check_values("fill", fill)
    if np.min(values) < 0:
        raise ArgumentError(
            f"fill must be at least 0, got {np.min(values):g}. Pixels are in [0, 1] or from 0 to "
            f"255: normalize after augmenting.",
            argument="fill",
        )
    return values


def read_values(name: str, values: Values, images: Any) -> tuple[float, ...]:
    """Return a number for each channel of these images: a whole one from 0 to 255 for uint8."""
    channels = images.shape[1]
    numbers = values if isinstance(values, tuple) else (values,) * channels
    if len(numbers) != channels:
        raise ArgumentError(
            f"{name} has {len(numbers)} numbers, and the images have {channels} channels. Pass one "
            f"for each channel, or one number for all.",
            argument=name,
        )
    if images.dtype == np.uint8 and not all(0 <= n <= 255 and n == int(n) for n in numbers):
        raise ArgumentError(
            f"{name} must be a whole number from 0 to 255 for uint8 images, got {values}.",
            argument=name,
        )
    return numbers


def read_fill(fill: Values, images: Any) -> tuple[float, ...]:
    """Return a fill as a pixel of these images."""
    pixel = read_values("fill", fill, images)
    if images.dtype != np.uint8 and max(pixel, default=0) > 1:
        raise ArgumentError(
            f"fill must be in [0, 1] for floating-point images, got {fill}. Pixels from 0 to 255 "
            f"must be uint8 or divided by 255; normalize after augmenting.",
            argument="fill",
        )
    return pixel
