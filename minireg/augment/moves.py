"""Camera moves: where each pixel of the result is looked up in the image."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..backend import namespace
from ..errors import ArgumentError
from ..ops.gather import Reading
from .arguments import Size, Values, read_fill
from .exact import copy_pixels
from .separable import resample_separable


class Move(NamedTuple):
    """One camera move for each image of a batch.

    Attributes:
        matrices: (N, 3, 3) float64 on the host: they map points of the result to points of the
            images, (row, column, 1)ᵢₙ = A (row, column, 1)ₒᵤₜ.
        size: (height, width) of the result.
        fill: the value of pixels outside the images, in their units, or a value for each channel;
            None if none are visible.
        mode: what is outside the images: "constant" (`fill`), "edge", "reflect", "symmetric", as
            for `np.pad`.
        interpolation: "bilinear" or "nearest".
        window: (N, 2, 2) [[first row, end row], [first column, end column]] of each image, outside
            which nothing is read, as if it were cut out first; None for the whole image and what
            `mode` puts around it.
        antialias: whether a result that is smaller than its window averages all its pixels.

    >>> left = Move(np.array([[[1.0, 0, 0], [0, 1, 1], [0, 0, 1]]]), (1, 3), fill=0)
    >>> left.apply(np.array([[[[1, 2, 3]]]], dtype=np.uint8)).tolist()
    [[[[2, 3, 0]]]]
    >>> left.then(left).apply(np.array([[[[1, 2, 3]]]], dtype=np.uint8)).tolist()
    [[[[3, 0, 0]]]]
    """

    matrices: Any
    size: Size
    fill: Values | None = None
    mode: str = "constant"
    interpolation: str = "bilinear"
    window: Any = None
    antialias: bool = False

    def apply(self, images: Any) -> Any:
        """Return the images after the move: (N, C, *size)."""
        fill = read_fill(0.0 if self.fill is None else self.fill, images)
        paths = choose_paths(self)
        kinds = np.unique(paths)
        if len(kinds) == 1:
            return follow(self, kinds[0], images, fill)
        xp = namespace(images)
        out = xp.empty((*images.shape[:2], *self.size), dtype=images.dtype)
        for kind in kinds:
            numbers = np.flatnonzero(paths == kind)
            here = xp.asarray(numbers)
            out[here] = follow(self.select(numbers), kind, images[here], fill)
        return out

    def apply_to_masks(self, masks: Any) -> Any:
        """Return masks after the move: the nearest label, 0 outside."""
        fill = None if self.fill is None else 0
        return self._replace(interpolation="nearest", fill=fill, antialias=False).apply(masks)

    def select(self, numbers: Any) -> Move:
        """The move of these images alone."""
        window = None if self.window is None else self.window[numbers]
        return self._replace(matrices=self.matrices[numbers], window=window)

    def joins(self, later: Move) -> bool:
        """Whether `then` can combine the moves.

        A move in which nothing outside the images is visible combines with any other; else what is
        outside and the interpolation must be the same.  A move with a window only combines with
        flips and crops within the image: the window stays upright, and nothing outside it is seen.
        """
        if self.window is not None or later.window is not None:
            other = later if self.window is not None else self
            return other.window is None and other.fill is None and is_diagonal(other.matrices).all()
        return None in (self.fill, later.fill) or self.style == later.style

    @property
    def style(self) -> tuple[Any, str, str]:
        """What is seen outside the images and between pixels."""
        return (self.fill if self.mode == "constant" else 0), self.mode, self.interpolation

    def then(self, later: Move) -> Move:
        """Combine this move and a following one, `later`, into one: A = A_this A_later.

        (A matrix maps points of its result to points of its input.  So `later` maps a point of the
        final result to the result of this move, and this move maps it to the image.)
        """
        if not self.joins(later):
            raise ArgumentError(
                f"Moves with different fills or modes ({self.fill}, {self.mode!r} and "
                f"{later.fill}, {later.mode!r}), interpolations or windows cannot be combined into "
                f"one move. Apply one after the other."
            )
        like = later if self.fill is None and self.window is None else self
        window = later.window
        if window is not None:
            window = move_window(self.matrices, window)
        return like._replace(
            matrices=self.matrices @ later.matrices,
            size=later.size,
            window=self.window if window is None else window,
        )


def move_window(matrices: Any, window: Any) -> Any:
    """Return where the window is before a flip or crop, in pixels as in `Move.window`."""
    edges = window - 0.5  # of pixels: the centre of pixel i is at i
    scales = np.stack([matrices[:, 0, 0], matrices[:, 1, 1]], axis=1)[:, :, None]
    return np.sort(scales * edges + matrices[:, :2, 2:], axis=2) + 0.5


# -- paths -----------------------------------------------------------------------------------------

EXACT, SEPARABLE, GATHER = 0, 1, 2
SNAP = 1e-9  # matrices this close to whole numbers copy pixels


def choose_paths(move: Move) -> np.ndarray:
    """Return for each image the fastest path that moves its pixels, (N,) int.

    Copying, if a matrix has whole entries only; two matrix products, if it neither turns nor
    shears; else a gather.  All give the same image where they can be used, to rounding.
    """
    numbers = move.matrices[:, :2].reshape(-1, 6).T.copy()  # faster than sums over short axes
    whole = np.abs(numbers - np.rint(numbers)).max(axis=0, initial=0) < SNAP
    row_i, row_j, _, column_i, column_j, _ = np.abs(numbers)
    unit = (np.abs(row_i + column_i - 1) < SNAP) & (np.abs(row_j + column_j - 1) < SNAP)
    exact = whole & unit
    if move.window is not None and not exact.all():
        exact[:] = False  # the products copy them exactly, too, and a batch stays in one piece
    return np.where(exact, EXACT, np.where(is_diagonal(move.matrices), SEPARABLE, GATHER))


def is_diagonal(matrices: Any) -> Any:
    """(N,) whether a matrix neither turns nor shears: rows depend on rows only."""
    return (matrices[:, 0, 1] == 0) & (matrices[:, 1, 0] == 0)


def follow(move: Move, path: int, images: Any, fill: Any) -> Any:
    """Move the pixels of the images on one path."""
    outside = {"fill": fill, "mode": move.mode}
    if path == EXACT:
        return copy_pixels(images, np.rint(move.matrices), move.size, **outside)
    if move.interpolation == "nearest":
        return copy_pixels(images, move.matrices, move.size, **outside)
    if path == SEPARABLE:
        return resample_separable(
            images,
            move.matrices,
            move.size,
            **outside,
            antialias=move.antialias,
            window=move.window,
        )
    return Reading(images, move.matrices, move.size, fill, move.mode).read()
