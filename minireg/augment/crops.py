"""Transforms that cut out a window of an image or add pixels around it; pixels are copied exactly.

A window may reach beyond the image: padding and then cropping is one window.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..checks import check_count, check_flag
from ..errors import ArgumentError
from ..random import Generator
from .arguments import (
    LONGEST,
    Size,
    Values,
    check_fill,
    check_image_size,
    check_mode,
    check_size,
    require_size,
)
from .draw import Draw
from .geometric import Geometric
from .matrices import identities
from .moves import Move
from .transform import number_images

Padding = int | tuple[int, int] | tuple[int, int, int, int]


class RandomWindow(Geometric):
    """The base of random crops.  In evaluation they show the window in the middle of the image.

    So images have the same size in training and in evaluation.
    """

    @property
    def is_active(self) -> bool:
        return True

    def sample(self, ids: Any, epoch: int = 0, size: Size | None = None) -> Draw:
        if self.training:
            return super().sample(ids, epoch, size)
        count = len(number_images(ids, epoch))
        size = require_size(type(self).__name__, check_image_size(size))
        central = self.find_central_window(size)
        return self.collect(count, {key: np.full(count, k) for key, k in central.items()}, size)

    def find_central_window(self, size: Size) -> dict[str, int]:
        """Return the parameters of each image in evaluation."""
        raise NotImplementedError(f"{type(self).__name__} must define find_central_window(size).")


class RandomCrop(RandomWindow):
    """Pad the image, then cut a window of `size` at a random place.

    If the window has the size of the image, `padding=p` gives a shift by up to p whole pixels.
    All places are equally likely; pixels are copied exactly.  In evaluation it is
    `CenterCrop(size)`.

    Args:
        size: (height, width) of the window, or one number for both.
        padding: how many pixels are first added: on each side, or (left and right, top and bottom),
            or (left, top, right, bottom).
        pad_if_needed: whether an image that is still lower (narrower) than the window by d pixels
            gets d more rows above and below (columns left and right).
        fill: the value of added pixels in the mode "constant", in the units of the images; or one a
            channel.
        padding_mode: "constant", "edge", "reflect" or "symmetric", as for `np.pad`.
        generator: see `ImageTransform`.

    >>> RandomCrop(2)(np.zeros((5, 3, 8, 8))).shape
    (5, 3, 2, 2)
    """

    draws = 2

    def __init__(
        self,
        size: int | Size,
        padding: Padding = 0,
        *,
        pad_if_needed: bool = False,
        fill: Values = 0.0,
        padding_mode: str = "constant",
        generator: Generator | None = None,
    ) -> None:
        super().__init__(generator=generator)
        self.size = check_size(size)
        self.padding = check_padding(padding)
        self.pad_if_needed = check_flag("pad_if_needed", pad_if_needed)
        self.fill = check_fill(fill)
        self.padding_mode = check_mode(padding_mode)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        size = require_size(type(self).__name__, size)
        added = self.find_sides(size)
        counts = size + added.sum(axis=1) - self.size + 1  # of places
        if counts.min() < 1:
            raise ArgumentError(
                f"RandomCrop: a window of {self.size} does not fit into images of {size} with "
                f"padding={self.padding}. Use a smaller size, more padding or pad_if_needed=True.",
                argument="size",
            )
        top, left = (np.floor(u * counts).astype(np.int64) - added[:, 0]).T
        return {"top": top, "left": left}

    def find_sides(self, size: Size) -> np.ndarray:
        """Return how many pixels are added to images of this size: see `split_padding`."""
        added = split_padding(self.padding)
        if self.pad_if_needed:
            added += np.maximum(self.size - (size + added.sum(axis=1)), 0)[:, None]
        return added

    def find_central_window(self, size: Size) -> dict[str, int]:
        return dict(zip(("top", "left"), center_window(self.size, size)))

    def move(self, draw: Draw, size: Size) -> Move:
        draw.check_size(size)
        sees_outside = self.find_sides(size).any() or np.greater(self.size, size).any()
        fill = self.fill if sees_outside else None
        return cut_windows(draw["top"], draw["left"], self.size, fill, self.padding_mode)

    def output_size(self, size: Size | None) -> Size | None:
        return self.size


class CenterCrop(Geometric):
    """Cut the window of `size` in the middle of the image; where it is larger, add `fill`.

    If the number of rows (columns) around the window is odd, it lies where that of torchvision
    does.

    Args:
        size: (height, width) of the window, or one number for both.
        fill: the value of added pixels, in the units of the images; or one a channel.

    >>> CenterCrop((1, 2))(np.arange(12.0).reshape(1, 1, 3, 4) / 12).tolist()
    [[[[0.4166666666666667, 0.5]]]]
    """

    def __init__(self, size: int | Size, *, fill: Values = 0.0) -> None:
        super().__init__()
        self.size = check_size(size)
        self.fill = check_fill(fill)

    def move(self, draw: Draw, size: Size) -> Move:
        top, left = center_window(self.size, size)
        fill = self.fill if np.greater(self.size, size).any() else None
        return cut_windows(np.full(len(draw), top), np.full(len(draw), left), self.size, fill)

    def output_size(self, size: Size | None) -> Size | None:
        return self.size


class Pad(Geometric):
    """Add pixels around the image.

    Args:
        padding: how many pixels: on each side, or (left and right, top and bottom), or (left, top,
            right, bottom).
        fill: their value in the mode "constant", in the units of the images; or one a channel.
        padding_mode: "constant", "edge", "reflect" or "symmetric", as for `np.pad`.

    >>> Pad((1, 0), padding_mode="edge")(np.array([[[[1, 2]]]], dtype=np.uint8)).tolist()
    [[[[1, 1, 2, 2]]]]
    """

    def __init__(
        self, padding: Padding, *, fill: Values = 0.0, padding_mode: str = "constant"
    ) -> None:
        super().__init__()
        self.padding = check_padding(padding)
        self.fill = check_fill(fill)
        self.padding_mode = check_mode(padding_mode)

    def move(self, draw: Draw, size: Size) -> Move:
        top, left = np.tile(-split_padding(self.padding)[:, :1], len(draw))
        return cut_windows(top, left, self.enlarge(size), self.fill, self.padding_mode)

    def output_size(self, size: Size | None) -> Size | None:
        return None if size is None else self.enlarge(size)

    def enlarge(self, size: Size) -> Size:
        (top, bottom), (left, right) = split_padding(self.padding).tolist()
        return size[0] + top + bottom, size[1] + left + right


# -- windows and padding ---------------------------------------------------------------------------


def cut_windows(
    top: np.ndarray, left: np.ndarray, size: Size, fill: Values | None, mode: str = "constant"
) -> Move:
    """Return the moves that show windows of `size` which begin at these rows and columns (N,)."""
    matrices = identities(len(top))
    matrices[:, 0, 2], matrices[:, 1, 2] = top, left
    return Move(matrices, size, fill, mode)


def center_window(window: Size, size: Size) -> list[int]:
    """Return the first row and column of a window in the middle of an image of this size.

    With d the number of rows (columns) around the window, that is d/2, and if d is odd an even
    number.  For negative d, which means padding by −d, the smaller half is added before the image.
    """
    around = [n - m for n, m in zip(size, window)]
    return [round(d / 2) if d >= 0 else -(-d // 2) for d in around]


def check_padding(padding: Any) -> Padding:
    """Return a padding in the form in which it was given."""
    if not isinstance(padding, (tuple, list)):
        return check_count("padding", padding, minimum=0, maximum=LONGEST)
    if len(padding) not in (2, 4):
        raise ArgumentError(
            f"padding must be one number, (left and right, top and bottom) or (left, top, right, "
            f"bottom), got {padding!r}.",
            argument="padding",
        )
    counts = [check_count("padding", number, minimum=0, maximum=LONGEST) for number in padding]
    return tuple(counts)  # type: ignore[return-value]


def split_padding(padding: Padding) -> np.ndarray:
    """Return [[top, bottom], [left, right]]."""
    sides = np.ravel(padding)
    left, top, right, bottom = np.tile(sides, 4 // len(sides))
    return np.array([[top, bottom], [left, right]])
