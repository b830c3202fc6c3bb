"""Batch: some examples on their way from a dataset to a model.

The loader makes it, transforms turn it into another one, the training step reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples of one step.  Iterating gives x and y: `for x, y in loader`.

    Attributes:
        x: (N, ...) inputs, an array or a Tensor.
        y: (N,) class labels, or (N, ...) other targets, likewise.
        ids: (N,) uint64, the numbers of the examples in their dataset; None if they have none.
        epoch: how many passes over the dataset were begun before this one.

    A transform that changes images and labels together returns `replace(batch, x=…, y=…)`
    (`dataclasses.replace`).

    >>> x, y = Batch([[0.0], [1.0]], [0, 1])
    >>> y
    [0, 1]
    """

    x: Any
    y: Any
    ids: Any = None
    epoch: int = 0

    def __iter__(self) -> Iterator[Any]:
        return iter((self.x, self.y))

    def __len__(self) -> int:
        return len(self.x)
