"""Transforms that move pixels.

Each only turns its parameters into camera moves; `Move.apply` moves the pixels, once for several
geometric transforms in a row (`Compose`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..batch import Batch
from ..checks import check_probability
from ..random import Generator
from .arguments import Fill, Size, check_constant, check_interpolation, check_range
from .draw import Draw
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

    def change(self, batch: Batch, draw: Draw) -> Batch:
        return move_batch(batch, self.move(draw, tuple(batch.x.shape[2:])))


def move_batch(batch: Batch, move: Move) -> Batch:
    """Return the batch with its images and masks moved."""
    masks = None if batch.masks is None else move.apply_to_masks(batch.masks)
    return replace(batch, x=move.apply(batch.x), masks=masks)


class RandomHorizontalFlip(Geometric):
    """With probability p, exchange left and right: column j shows column W − 1 − j.  Exact.

    Use it only if mirroring does not change the label: not for digits and letters.

    Args:
        p: in [0, 1].
        generator: see `ImageTransform`.

    >>> RandomHorizontalFlip(p=1)(np.array([[[[1, 2, 3]]]], dtype=np.uint8)).tolist()
    [[[[3, 2, 1]]]]
    """

    draws = 1

    def __init__(self, p: float = 0.5, *, generator: Generator | None = None) -> None:
        super().__init__(generator=generator)
        self.p = check_probability("p", p)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        return {"flipped": u[:, 0] < self.p}

    def move(self, draw: Draw, size: Size) -> Move:
        matrices, flipped = identities(len(draw)), draw["flipped"]
        matrices[flipped, 1, 1], matrices[flipped, 1, 2] = -1, size[1] - 1
        return Move(matrices, size)


class RandomRotation(Geometric):
    """Turn about the centre by an angle drawn uniformly; positive is counter-clockwise on screen.

    Args:
        degrees: d for angles from −d to d, or (a, b) for angles from a to b.
        interpolation: "bilinear" or "nearest".
        fill: the value of the pixels in the corners, in the units of the images; or one a channel.
        generator: see `ImageTransform`.

    >>> RandomRotation((90, 90))(np.array([[[[1, 2], [3, 4]]]], dtype=np.uint8)).tolist()
    [[[[2, 4], [1, 3]]]]
    """

    draws = 1

    def __init__(
        self,
        degrees: float | tuple[float, float],
        *,
        interpolation: str = "bilinear",
        fill: Fill = 0.0,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(generator=generator)
        self.degrees = check_range("degrees", degrees)
        self.interpolation = check_interpolation(interpolation)
        self.fill = check_constant(fill)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        low, high = self.degrees
        return {"degrees": low + (high - low) * u[:, 0]}

    def move(self, draw: Draw, size: Size) -> Move:
        matrices = rotation_matrix(draw["degrees"], *size)
        return Move(matrices, size, self.fill, interpolation=self.interpolation)
