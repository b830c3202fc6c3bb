"""Transforms that choose for each image whether and which other transforms act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..backend import namespace
from ..batch import Batch
from ..checks import check_number, check_probability
from ..errors import ArgumentError, ArgumentTypeError
from ..random import Generator
from .arguments import LARGEST, Size
from .compose import Compose, Group
from .draw import Draw
from .geometric import move_batch
from .matrices import identities
from .moves import Move
from .transform import ImageTransform, number_images

MOVED = -1  # the group of images that a common move changes, whichever transform it is of


class OneOf(Group):
    """For each image, one of several transforms.

    Each image draws which one acts on it (`chosen`), and the parameters of all of them, so that
    what one image draws depends on no other.  In evaluation, the first one acts as it does in
    evaluation: a random one not at all.

    Transforms that mix images (`MixUp`, `CutMix`) are only chosen among each other; each of them
    then mixes the whole batch, and an image is taken from one of the results.

    Args:
        transforms: `ImageTransform`s, which give images of the same size, channels and dtype.
        p: how probable each is, up to a common factor; by default all alike.
        generator: see `ImageTransform`.

    >>> from minireg.augment import RandomHorizontalFlip, RandomRotation
    >>> t = OneOf([RandomHorizontalFlip(1), RandomRotation(10)], generator=mr.Generator(0))
    >>> t.sample(range(6))["chosen"]
    array([0, 1, 1, 0, 1, 0])
    """

    draws = 1

    def __init__(
        self,
        transforms: Sequence[ImageTransform],
        p: Sequence[float] | None = None,
        *,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(generator=generator)
        name = type(self).__name__
        if not isinstance(transforms, (list, tuple)) or not transforms:
            raise ArgumentTypeError(
                f"{name} takes a list of transforms: {name}([a, b]), got {transforms!r}.",
                argument="transforms",
            )
        for t in transforms:
            if not isinstance(t, ImageTransform):
                raise ArgumentTypeError(
                    f"{name} takes transforms of images, got {t!r}. A function or several "
                    f"transforms become one by Compose: Compose([a, b]).",
                    argument="transforms",
                )
        self.transforms = list(transforms)
        self.p: Any = None if p is None else check_weights(p, len(self.transforms))
        if self.mixes and not all(t.mixes for t in self.transforms):
            raise ArgumentError(
                f"{name} cannot choose between transforms that mix the images of a batch and "
                f"others, or none: a MixUp or CutMix acts on all images. Give it a p of its own.",
                argument="transforms",
            )

    @property
    def is_active(self) -> bool:
        return self.training or self.transforms[0].is_active

    def draw_parameters(self, u: np.ndarray, size: Size | None) -> dict[str, Any]:
        weights = np.ones(len(self.transforms)) if self.p is None else np.array(self.p)
        ends = np.cumsum(weights / weights.sum())
        return {"chosen": np.searchsorted(ends[:-1], u[:, 0], side="right")}

    def sample(self, ids: Any, epoch: int = 0, size: Size | None = None) -> Draw:
        """Draw which transform acts on each image, and the parameters of all: the `parts`."""
        if self.training:
            own = super().sample(ids, epoch, size)
        else:
            count = len(number_images(ids, epoch))
            own = self.collect(count, {"chosen": np.zeros(count, dtype=np.int64)}, size)
        parts = [t.sample(ids, epoch, size) if t.is_active else None for t in self.transforms]
        return Draw(own.name, len(own), own.values, size=size, parts=parts)

    def output_size(self, size: Size | None) -> Size | None:
        sizes = [t.output_size(size) for t in self.transforms]
        if len(set(sizes)) > 1:
            raise ArgumentError(
                f"The transforms of {type(self).__name__} must give images of one size, but images "
                f"of {size} become {', '.join(map(str, sizes))}.",
                argument="transforms",
            )
        return sizes[0]

    def combine_moves(self, draw: Draw, size: Size) -> tuple[Move, np.ndarray]:
        """Return one move for the geometric transforms that can share it, and which ones do, (K,).

        The matrix of an image is that of the transform which acts on it.
        """
        unmoved = Move(identities(len(draw)), size)
        moves = [
            unmoved if part is None else t.find_move(part, size) for t, part in self.pair(draw)
        ]
        whole = [move for move in moves if move is not None and move.window is None]
        style = max(whole, key=lambda move: move.fill is not None, default=unmoved)
        shares = [
            move is not None
            and move.window is None
            and move.size == style.size
            and style.joins(move)
            for move in moves
        ]
        matrices = [(move if ok else unmoved).matrices for move, ok in zip(moves, shares)]
        chosen = draw.read_counts("chosen", 0, len(self.transforms))
        matrix = np.stack(matrices)[chosen, np.arange(len(draw))]
        return style._replace(matrices=matrix), np.array(shares)

    def find_move(self, draw: Draw, size: Size) -> Move | None:
        move, shares = self.combine_moves(draw, size)
        return move if shares.all() else None

    def change(self, batch: Batch, draw: Draw) -> Batch:
        size = tuple(batch.x.shape[2:])
        self.output_size(size)
        move, shares = self.combine_moves(draw, size)
        groups = np.where(shares[draw["chosen"]], MOVED, draw["chosen"])
        order = np.argsort(groups, kind="stable")
        kinds, starts = np.unique(groups[order], return_index=True)
        if len(kinds) <= 1:
            return self.change_group(kinds[0] if len(kinds) else 0, batch, draw, move)
        places = namespace(batch.x).asarray(order)  # one upload
        changed, rows = [], []
        for kind, start, end in zip(kinds, starts, [*starts[1:], len(order)]):
            numbers, here = order[start:end], places[start:end]
            if self.mixes:
                group = select(self.change_group(kind, batch, draw, move), numbers, here)
            else:
                group = select(batch, numbers, here)
                group = self.change_group(kind, group, draw, move, numbers)
            changed.append(group)
            rows.append(here)
        return replace(
            batch,
            x=join([group.x for group in changed], rows),
            y=join([group.y for group in changed], rows),
            masks=join([group.masks for group in changed], rows),
        )

    def change_group(
        self, kind: int, batch: Batch, draw: Draw, move: Move, numbers: Any = None
    ) -> Batch:
        """Return the images `numbers` (by default all) after the common move or a transform."""
        if kind == MOVED:
            return move_batch(batch, move if numbers is None else move.select(numbers))
        part = draw.parts[kind]
        if part is None:
            return batch
        part = part if numbers is None else part[numbers]
        return self.transforms[kind].change_and_check(batch, part)


class Sometimes(OneOf):
    """For each image, a transform with probability p.  In evaluation it does nothing.

    Args:
        transform: an `ImageTransform` that keeps the size, the channels and the dtype.
        p: the probability.
        generator: see `ImageTransform`.

    >>> from minireg.augment import RandomRotation
    >>> t = Sometimes(RandomRotation(10), p=0.3, generator=mr.Generator(0))
    >>> t
    Sometimes(transform=RandomRotation(degrees=(-10, 10)), p=0.3)
    >>> t.sample(range(6))["chosen"]
    array([0, 1, 0, 0, 0, 0])
    """

    def __init__(
        self, transform: ImageTransform, p: float = 0.5, *, generator: Generator | None = None
    ) -> None:
        p = check_probability("p", p)
        super().__init__([Compose([]), transform], (1 - p, p), generator=generator)

    def arguments(self) -> dict[str, Any]:
        return {"transform": self.transforms[1], "p": self.p[1]}


def check_weights(p: Any, count: int) -> tuple[float, ...]:
    """Return weights of `count` choices."""
    if not isinstance(p, (list, tuple)) or len(p) != count:
        raise ArgumentError(
            f"p must be a weight for each of the {count} transforms, got {p!r}.", argument="p"
        )
    weights = tuple(check_number("p", weight, minimum=0, maximum=LARGEST) for weight in p)
    if not sum(weights):
        raise ArgumentError(f"p must have a weight above 0, got {p!r}.", argument="p")
    return weights


def select(batch: Batch, numbers: np.ndarray, rows: Any) -> Batch:
    """Return some examples of a batch.

    Args:
        numbers, rows: their positions, on the host and on the backend of the images.
    """
    xp = namespace(batch.x)
    return replace(
        batch,
        x=batch.x[rows],
        y=None if batch.y is None else xp.asarray(batch.y)[rows],
        ids=None if batch.ids is None else np.asarray(batch.ids)[numbers],
        masks=None if batch.masks is None else batch.masks[rows],
    )


def join(parts: list[Any], rows: list[Any]) -> Any:
    """Return one array that has these parts in these rows; None if all are None."""
    kinds = {"none" if p is None else f"{p.dtype} {tuple(p.shape[1:])}" for p in parts}
    if len(kinds) > 1:
        raise ArgumentError(
            f"What OneOf or Sometimes chooses from must have one shape and dtype, got "
            f"{' and '.join(sorted(kinds))}.",
            argument="transforms",
        )
    first = parts[0]
    if first is None:
        return None
    whole = namespace(first).empty((sum(map(len, parts)), *first.shape[1:]), dtype=first.dtype)
    for part, here in zip(parts, rows):
        whole[here] = part
    return whole
