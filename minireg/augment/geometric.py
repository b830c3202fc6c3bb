"""Transforms that move pixels.

Each only turns its parameters into camera moves; `Move.apply` moves the pixels, once for several
geometric transforms in a row (`Compose`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..batch import Batch
from ..checks import check_count, check_probability, describe_value
from ..errors import ArgumentError, ArgumentTypeError
from ..random import Generator
from .arguments import LONGEST, Size
from .draw import Draw
from .inputs import check_targets_stay
from .matrices import identities, rotation_matrix
from .moves import Move
from .transform import ImageTransform


class Geometric(ImageTransform):
    """A transform that moves pixels.  A subclass defines `draw_parameters` and `move`.

    >>> class RandomShift(Geometric):
    ...     draws = 1
    ...     def draw_parameters(self, u, size):
    ...         return {"columns": np.floor(3 * u[:, 0]) - 1}
    ...     def move(self, draw, size):
    ...         matrices = identities(len(draw))
    ...         matrices[:, 1, 2] = -draw["columns"]
    ...         return Move(matrices, size, fill=0.0)
    >>> t, image = RandomShift(), np.array([[[[1, 2, 3]]]], dtype=np.uint8)
    >>> t.apply(image, Draw("RandomShift", 1, {"columns": [1]})).tolist()
    [[[[0, 1, 2]]]]
    """

    def move(self, draw: Draw, size: Size) -> Move:
        """Return the camera moves that belong to these parameters.

        Args:
            draw: of N images.
            size: (height, width) of the images.
        """
        raise NotImplementedError(f"{type(self).__name__} must define move(draw, size).")

    def find_move(self, draw: Draw, size: Size) -> Move:
        move = self.move(draw, size)
        if not isinstance(move, Move):
            raise ArgumentTypeError(
                f"{type(self).__name__}.move must return a Move, got {describe_value(move)}. For "
                f"matrices (N, 3, 3): Move(matrices, size, fill=0)."
            )
        return move

    def change(self, batch: Batch, draw: Draw) -> Batch:
        return move_batch(batch, self.find_move(draw, tuple(batch.x.shape[2:])))


def move_batch(batch: Batch, move: Move) -> Batch:
    """Return the batch with its images and masks moved."""
    check_targets_stay(batch)
    masks = None if batch.masks is None else move.apply_to_masks(batch.masks)
    return replace(batch, x=move.apply(batch.x), masks=masks)


class RandomFlip(Geometric):
    """With probability p, reverse the pixels along an axis: the base of both flips.

    Attributes:
        axis: 0 for the rows, 1 for the columns.
    """

    draws = 1
    axis: int

    def __init__(self, p: float = 0.5, *, generator: Generator | None = None) -> None:
        super().__init__(generator=generator)
        self.p = check_probability("p", p)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        return {"flipped": u[:, 0] < self.p}

    def move(self, draw: Draw, size: Size) -> Move:
        matrices, flipped, k = identities(len(draw)), draw["flipped"].astype(bool), self.axis
        matrices[flipped, k, k], matrices[flipped, k, 2] = -1, size[k] - 1
        return Move(matrices, size)


class RandomHorizontalFlip(RandomFlip):
    """With probability p, exchange left and right: column j shows column W − 1 − j.  Exact.

    Args:
        p: the probability.
        generator: see `ImageTransform`.

    >>> RandomHorizontalFlip(p=1)(np.array([[[[1, 2, 3]]]], dtype=np.uint8)).tolist()
    [[[[3, 2, 1]]]]
    """

    axis = 1


class RandomVerticalFlip(RandomFlip):
    """With probability p, exchange top and bottom: row i shows row H − 1 − i.  Exact.

    Args:
        p: the probability.
        generator: see `ImageTransform`.

    >>> RandomVerticalFlip(p=1)(np.array([[[[1], [2], [3]]]], dtype=np.uint8)).tolist()
    [[[[3], [2], [1]]]]
    """

    axis = 0


class RandomQuarterTurn(Geometric):
    """Turn by 0°, 90°, 180° or 270°, each with the same probability.  Exact, as `np.rot90`.

    Args:
        turns: how many quarter turns are possible, counter-clockwise: (0, 2) for images that are
            not square.
        generator: see `ImageTransform`.

    Raises:
        ArgumentError: at a call with images that are not square, if `turns` has odd numbers.

    >>> RandomQuarterTurn((1,))(np.array([[[[1, 2], [3, 4]]]], dtype=np.uint8)).tolist()
    [[[[2, 4], [1, 3]]]]
    """

    draws = 1

    def __init__(
        self, turns: Sequence[int] = (0, 1, 2, 3), *, generator: Generator | None = None
    ) -> None:
        super().__init__(generator=generator)
        if not isinstance(turns, (tuple, list)) or not turns:
            raise ArgumentError(
                f"turns must be whole numbers such as (0, 2), got {turns!r}.", argument="turns"
            )
        self.turns = tuple(check_count("turns", turn, minimum=0, maximum=LONGEST) for turn in turns)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        return {"turns": np.array(self.turns)[(u[:, 0] * len(self.turns)).astype(np.int64)]}

    def move(self, draw: Draw, size: Size) -> Move:
        if size[0] != size[1] and any(turn % 2 for turn in self.turns):
            raise ArgumentError(
                f"RandomQuarterTurn: images of {size} are not square and cannot keep their size "
                f"in a turn of 90 degrees. Use RandomQuarterTurn((0, 2)).",
                argument="turns",
            )
        return Move(rotation_matrix(90.0 * draw["turns"], *size), size)
