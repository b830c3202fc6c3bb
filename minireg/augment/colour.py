"""Transforms of brightness, contrast, saturation and hue.

All but hue are one formula, x ← f x + (1 − f) t, with a factor f for each image and a target t:
black, the mean grey of the image, or the grey of each pixel.  The result is clipped to [0, 1] or
0..255.  f = 1 is the identity, f = 0 gives the target, f > 1 moves away from it.
"""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np

from ..backend import divide, find_blocks, namespace
from ..errors import ArgumentError
from ..random import Generator
from .arguments import Range, Size, check_range, spread
from .draw import Draw
from .pixels import PixelTransform, blend

WEIGHTS = (0.2989, 0.587, 0.114)  # ITU-R BT.601, in the rounding of torchvision


class RandomBrightness(PixelTransform):
    """f x, clipped: darker for f < 1, brighter for f > 1.

    Args:
        brightness: d for factors f from max(0, 1 − d) to 1 + d, or (a, b) for f from a to b.
        generator: see `ImageTransform`.

    >>> RandomBrightness((1.5, 1.5))(np.array([[[[2, 100, 200]]]], dtype=np.uint8)).tolist()
    [[[[3, 150, 255]]]]
    """

    draws = 1

    def __init__(self, brightness: float | Range, *, generator: Generator | None = None) -> None:
        super().__init__(generator=generator)
        self.brightness = check_factors("brightness", brightness)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        return {"factor": spread(u[:, 0], self.brightness)}

    def compute(self, x: Any, draw: Draw, white: float) -> Any:
        return change_brightness(x, draw.read("factor", x))


class ColourTransform(PixelTransform):
    """A transform of images with one channel (grey) or three (red, green, blue)."""

    def check(self, images: Any) -> None:
        super().check(images)
        if images.shape[1] not in (1, 3):
            raise ArgumentError(
                f"{type(self).__name__} takes images with 1 channel (grey) or 3 (red, green, "
                f"blue), got {images.shape[1]}. Pass these channels alone.",
                argument="images",
            )


class RandomContrast(ColourTransform):
    """f x + (1 − f) m, clipped, with the mean m of the grey image: f = 0 is a grey plane.

    The grey of a pixel is 0.2989 R + 0.587 G + 0.114 B.  (For uint8, torchvision rounds each grey
    down before it takes the mean; here nothing is rounded before the result.)

    Args:
        contrast: d for factors f from max(0, 1 − d) to 1 + d, or (a, b) for f from a to b.
        generator: see `ImageTransform`.

    >>> RandomContrast((2, 2))(np.array([[[[110, 120, 130]]]], dtype=np.uint8)).tolist()
    [[[[100, 120, 140]]]]
    """

    draws = 1

    def __init__(self, contrast: float | Range, *, generator: Generator | None = None) -> None:
        super().__init__(generator=generator)
        self.contrast = check_factors("contrast", contrast)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        return {"factor": spread(u[:, 0], self.contrast)}

    def compute(self, x: Any, draw: Draw, white: float) -> Any:
        return change_contrast(x, draw.read("factor", x))


class RandomSaturation(ColourTransform):
    """f x + (1 − f) g, clipped, with the grey g of each pixel: f = 0 is the grey image.

    The grey of a pixel is 0.2989 R + 0.587 G + 0.114 B.  An image of one channel stays as it is.

    Args:
        saturation: d for factors f from max(0, 1 − d) to 1 + d, or (a, b) for f from a to b.
        generator: see `ImageTransform`.

    >>> red = np.array([1.0, 0.0, 0.0]).reshape(1, 3, 1, 1)
    >>> RandomSaturation((0, 0))(red).ravel().tolist()
    [0.2989, 0.2989, 0.2989]
    """

    draws = 1

    def __init__(self, saturation: float | Range, *, generator: Generator | None = None) -> None:
        super().__init__(generator=generator)
        self.saturation = check_factors("saturation", saturation)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        return {"factor": spread(u[:, 0], self.saturation)}

    def compute(self, x: Any, draw: Draw, white: float) -> Any:
        return x if x.shape[1] == 1 else change_saturation(x, draw.read("factor", x))


class ColorJitter(ColourTransform):
    """Change brightness, contrast, saturation and hue, in an order drawn for each image.

    See `RandomBrightness`, `RandomContrast` and `RandomSaturation`; hue turns the circle of colours
    (red, green, blue) by a fraction of a full turn.  Grey images keep saturation and hue.  The
    parameter `order` lists the numbers of the steps: 0 brightness, 1 contrast, 2 saturation, 3 hue;
    all orders are equally likely.  Values are clipped after each step, and rounded for uint8 at the
    end.

    Args:
        brightness, contrast, saturation: d for factors from max(0, 1 − d) to 1 + d, or (a, b) for
            factors from a to b.
        hue: h ≤ 0.5 for turns from −h to h, or (a, b) for turns from a to b in [−0.5, 0.5].
        generator: see `ImageTransform`.

    >>> red = np.array([1.0, 0.0, 0.0]).reshape(1, 3, 1, 1)
    >>> ColorJitter(hue=(0.5, 0.5))(red).ravel().tolist()               # the opposite colour: cyan
    [0.0, 1.0, 1.0]
    """

    draws = 5

    def __init__(
        self,
        brightness: float | Range = 0.0,
        contrast: float | Range = 0.0,
        saturation: float | Range = 0.0,
        hue: float | Range = 0.0,
        *,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(generator=generator)
        self.brightness = check_factors("brightness", brightness)
        self.contrast = check_factors("contrast", contrast)
        self.saturation = check_factors("saturation", saturation)
        self.hue = check_range("hue", hue)
        if max(map(abs, self.hue)) > 0.5:
            raise ArgumentError(
                f"hue must be in [-0.5, 0.5], in full turns, got {hue}.", argument="hue"
            )

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        values = {name: spread(u[:, k], getattr(self, name)) for k, (name, *_) in enumerate(STEPS)}
        return {**values, "order": ORDERS[np.floor(u[:, 4] * len(ORDERS)).astype(np.int64)]}

    def group_images(self, images: Any, draw: Draw) -> list[Any]:
        """Return the images for which the same steps act in the same order."""
        acts = np.stack([draw[name] != neutral for name, _, neutral in STEPS], axis=1)
        acts[:, count_steps(images) :] = False
        code = np.zeros(len(draw), dtype=np.int64)  # its digits are the steps that act
        for step in draw.read_counts("order", 0, len(STEPS)).T:
            code = np.where(acts[np.arange(len(draw)), step], 10 * code + step + 1, code)
        groups = [np.flatnonzero(code == kind) for kind in np.unique(code)]
        at_once = max((block.stop - block.start for block in find_blocks(images)), default=1)
        return [here[block] for here in groups for block in divide(len(here), at_once)]

    def compute(self, x: Any, draw: Draw, white: float) -> Any:
        for step in draw["order"][0]:
            name, change, neutral = STEPS[step]
            if step < count_steps(x) and draw[name][0] != neutral:
                x = change(x, draw.read(name, x))
                namespace(x).clip(x, 0, white, out=x)
        return x


def count_steps(images: Any) -> int:
    """How many of the `STEPS` change these images: grey ones have no saturation and no hue."""
    return 2 if images.shape[1] == 1 else len(STEPS)


# -- formulas --------------------------------------------------------------------------------------


def change_brightness(x: Any, factor: Any) -> Any:
    """f x."""
    return factor * x


def change_contrast(x: Any, factor: Any) -> Any:
    """f x + (1 − f) m, with the mean m of the grey image, which is the grey of the mean colour."""
    mean = namespace(x).mean(x, axis=(2, 3), keepdims=True)
    return blend(factor, x, grey(mean))


def change_saturation(x: Any, factor: Any) -> Any:
    """f x + (1 − f) g, with the grey g of each pixel."""
    return blend(factor, x, grey(x))


def grey(x: Any) -> Any:
    """The grey (N, 1, H, W) of images with three channels, or of one."""
    if x.shape[1] == 1:
        return x
    red, green, blue = split(x)
    return WEIGHTS[0] * red + WEIGHTS[1] * green + WEIGHTS[2] * blue


def turn_hue(x: Any, turn: Any) -> Any:
    """Add `turn`, in full turns, to the hue of each pixel in the model of hue, saturation, value.

    With the largest channel v, the smallest one v − r, and the hue h in sixths of a turn, from 0
    to 6, a channel is v − r s with s clipped to [0, 1]:

        red s = 2 − |h − 3|,    green s = |h − 2| − 1,    blue s = |h − 4| − 1.

    Smith (1978), "Color gamut transform pairs", SIGGRAPH.
    """
    xp, (red, green, blue) = namespace(x), split(x)
    value = xp.max(x, axis=1, keepdims=True)
    reach = value - xp.min(x, axis=1, keepdims=True)
    divisor = xp.where(reach == 0, 1, reach)
    hue = xp.where(
        value == red,
        (green - blue) / divisor,
        xp.where(value == green, 2 + (blue - red) / divisor, 4 + (red - green) / divisor),
    )
    hue = hue + 6 * turn
    hue = hue - 6 * xp.floor(hue / 6)
    shares = 2 - abs(hue - 3), abs(hue - 2) - 1, abs(hue - 4) - 1
    return value - reach * xp.clip(xp.concatenate(shares, axis=1), 0, 1)


def split(x: Any) -> tuple[Any, Any, Any]:
    """The channels red, green and blue, each (N, 1, H, W)."""
    return x[:, 0:1], x[:, 1:2], x[:, 2:3]


# The steps of jitter: name, change, and the value that changes nothing.  Grey images have two.
STEPS = (
    ("brightness", change_brightness, 1),
    ("contrast", change_contrast, 1),
    ("saturation", change_saturation, 1),
    ("hue", turn_hue, 0),
)
ORDERS = np.array(list(permutations(range(len(STEPS)))))


def check_factors(name: str, value: Any) -> Range:
    """Return an interval of factors, given as such or as a number d for [max(0, 1 − d), 1 + d]."""
    return check_range(name, value, center=1.0, minimum=0.0)
