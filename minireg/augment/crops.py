"""Transforms that cut out a window of an image: crops and what is around them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..checks import check_count
from ..errors import ArgumentError
from ..random import Generator
from .arguments import Fill, Size, check_constant, check_mode, check_size
from .draw import Draw
from .geometric import Geometric
from .matrices import identities
from .moves import Move


class RandomCrop(Geometric):
    """Pad the image on all sides, then cut a window of `size` at a random place.

    If the window has the size of the image, `padding=p` gives a shift by up to p whole pixels.
    All places are equally likely; pixels are copied exactly.

    Args:
        size: (height, width) of the window, or one number for both.
        padding: how many pixels are first added on each side.
        fill: their value in the mode "constant", in the units of the images; or one a channel.
        padding_mode: "constant", "edge", "reflect" or "symmetric", as for `np.pad`.
        generator: see `ImageTransform`.

    >>> RandomCrop(2)(np.zeros((5, 3, 8, 8))).shape
    (5, 3, 2, 2)
    """

    draws = 2

    def __init__(
        self,
        size: int | Size,
        padding: int = 0,
        *,
        fill: Fill = 0.0,
        padding_mode: str = "constant",
        generator: Generator | None = None,
    ) -> None:
        super().__init__(generator=generator)
        self.size = check_size(size)
        self.padding = check_count("padding", padding, minimum=0)
        self.fill = check_constant(fill)
        self.padding_mode = check_mode(padding_mode)

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        counts = self.count_places(size)
        return {"top": np.floor(u[:, 0] * counts[0]).astype(np.int64) - self.padding,
                "left": np.floor(u[:, 1] * counts[1]).astype(np.int64) - self.padding}  # fmt: skip

    def count_places(self, size: Size | None) -> list[int]:
        """Return how many rows and columns a window can begin at."""
        if size is None:
            raise ArgumentError(
                "RandomCrop: where a window fits depends on the size of the images: pass "
                "size=(height, width) to sample.",
                argument="size",
            )
        counts = [n + 2 * self.padding - m + 1 for n, m in zip(size, self.size)]
        if min(counts) < 1:
            raise ArgumentError(
                f"RandomCrop: a window of {self.size} does not fit into images of {tuple(size)} "
                f"with padding={self.padding}. Use a smaller size or more padding.",
                argument="size",
            )
        return counts

    def move(self, draw: Draw, size: Size) -> Move:
        matrices = identities(len(draw))
        matrices[:, 0, 2], matrices[:, 1, 2] = draw["top"], draw["left"]
        return Move(matrices, self.size, self.fill if self.padding else None, self.padding_mode)

    def output_size(self, size: Size | None) -> Size | None:
        return self.size
