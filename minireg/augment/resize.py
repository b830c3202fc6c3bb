"""Transforms that change the resolution of images, or of windows of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..checks import check_flag
from ..random import Generator
from .arguments import (
    Range,
    Size,
    check_interpolation,
    check_interval,
    check_size,
    require_size,
    spread,
    spread_log,
)
from .crops import RandomWindow
from .draw import Draw
from .geometric import Geometric
from .matrices import identities
from .moves import Move

TRIES = 10


class Resize(Geometric):
    """Change the number of rows and columns of the image.

    With s = H / h, row i of h rows is looked up at row s (i + ½) − ½ of the image.  An image that
    shrinks (s > 1) is averaged with weights max(0, 1 − |t| / s), t rows away from this point, as in
    Pillow; columns likewise.

    Args:
        size: (height, width) of the result, or one number for the shorter side; then the longer
            one keeps the aspect ratio, rounded down.
        interpolation: "bilinear" or "nearest".
        antialias: whether to average where the image shrinks; if not, only the pixels next to the
            point are seen, as with PyTorch's `interpolate(antialias=False)`.

    >>> Resize(2)(np.array([[[[0, 0, 1, 1], [0, 0, 1, 1.0]]]])).shape
    (1, 1, 2, 4)
    """

    def __init__(
        self, size: int | Size, *, interpolation: str = "bilinear", antialias: bool = True
    ) -> None:
        super().__init__()
        is_pair = isinstance(size, (tuple, list))
        self.size = check_size(size) if is_pair else check_size(size)[0]
        self.interpolation = check_interpolation(interpolation)
        self.antialias = check_flag("antialias", antialias)

    def move(self, draw: Draw, size: Size) -> Move:
        whole = np.tile([[[0, size[0]], [0, size[1]]]], (len(draw), 1, 1))
        return stretch_windows(whole, self.find_size(size), self.interpolation, self.antialias)

    def output_size(self, size: Size | None) -> Size | None:
        if isinstance(self.size, tuple):
            return self.size
        return None if size is None else self.find_size(size)

    def find_size(self, size: Size) -> Size:
        """Return the size of the result for images of this size."""
        if isinstance(self.size, tuple):
            return self.size
        shorter = min(size)
        return self.size * size[0] // shorter, self.size * size[1] // shorter


class RandomResizedCrop(RandomWindow):
    """Cut a window of random area, aspect ratio and place, and resize it to `size`.

    The area is that of the image times a number drawn uniformly from `scale`, the logarithm of
    width/height is drawn uniformly between those of `ratio`; then with whole numbers

        width = √(area · ratio)        height = √(area / ratio)

    and, if the window fits, all places are equally likely.  After ten windows that do not fit, the
    largest central one whose ratio is in the interval is taken, as torchvision does.  In evaluation
    it is the largest central window with the aspect ratio of `size`.

    Szegedy et al. (2015), "Going deeper with convolutions", section 6.

    Args:
        size: (height, width) of the result, or one number for both.
        scale: (a, b), how much of the area of the image is seen.  Digits need more than the
            default, for instance (0.6, 1).
        ratio: (a, b), width divided by height.
        interpolation, antialias: see `Resize`.
        generator: see `ImageTransform`.

    >>> t = RandomResizedCrop(4, generator=mr.Generator(0))
    >>> t(np.zeros((5, 3, 8, 8))).shape
    (5, 3, 4, 4)
    >>> t.eval().sample(1, size=(6, 9))
    Draw of RandomResizedCrop for 1 images of (6, 9)
              top      left    height     width
    0           0         1         6         6
    """

    draws = 2 * TRIES + 2

    def __init__(
        self,
        size: int | Size,
        scale: Range = (0.08, 1.0),
        ratio: Range = (3 / 4, 4 / 3),
        *,
        interpolation: str = "bilinear",
        antialias: bool = True,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(generator=generator)
        self.size = check_size(size)
        self.scale = check_interval("scale", scale, above=0)
        self.ratio = check_interval("ratio", ratio, above=0)
        self.interpolation = check_interpolation(interpolation)
        self.antialias = check_flag("antialias", antialias)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        size = require_size(type(self).__name__, size)
        area = size[0] * size[1] * spread(u[:, :TRIES], self.scale)
        ratio = spread_log(u[:, TRIES:-2], self.ratio)  # width / height
        tried = np.rint(np.sqrt([area / ratio, area * ratio])).astype(np.int64)  # (2, N, tries)
        limits = np.reshape(size, (2, 1))
        fits = np.all((tried > 0) & (tried <= limits[..., None]), axis=0)
        first = fits.argmax(axis=1)
        found = fits[np.arange(len(u)), first]
        lengths = tried[:, np.arange(len(u)), first]
        starts = np.floor(u[:, -2:].T * (limits - lengths + 1)).astype(np.int64)
        values = zip(("top", "left", "height", "width"), (*starts, *lengths))
        otherwise = find_central_box(size, *self.ratio)
        return {key: np.where(found, value, otherwise[key]) for key, value in values}

    def find_central_window(self, size: Size) -> dict[str, int]:
        height, width = self.size
        return find_central_box(size, width / height, width / height)

    def move(self, draw: Draw, size: Size) -> Move:
        draw.check_size(size)
        first = np.stack([draw["top"], draw["left"]], axis=1)
        length = np.stack([draw.read_counts(side, 1) for side in ("height", "width")], axis=1)
        windows = np.stack([first, first + length], axis=2)
        return stretch_windows(windows, self.size, self.interpolation, self.antialias)

    def output_size(self, size: Size | None) -> Size | None:
        return self.size


def find_central_box(size: Size, low: float, high: float) -> dict[str, int]:
    """Return the largest window in the middle of an image with width/height from low to high."""
    height, width = size
    if width / height < low:
        height = max(1, round(width / low))
    elif width / height > high:
        width = max(1, round(height * high))
    top, left = (size[0] - height) // 2, (size[1] - width) // 2
    return {"top": top, "left": left, "height": height, "width": width}


def stretch_windows(windows: np.ndarray, size: Size, interpolation: str, antialias: bool) -> Move:
    """Return the moves that show these windows in `size` pixels.

    With s = (end − first) / size, pixel i shows the point  first − ½ + s (i + ½).

    Args:
        windows: (N, 2, 2), as in `Move.window`.
    """
    first = windows[:, :, 0]
    scales = (windows[:, :, 1] - first) / np.array(size)
    matrices = identities(len(windows))
    matrices[:, [0, 1], [0, 1]] = scales
    matrices[:, :2, 2] = first + (scales - 1) / 2
    return Move(matrices, size, interpolation=interpolation, window=windows, antialias=antialias)
