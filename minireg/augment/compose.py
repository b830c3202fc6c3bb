"""Apply several transforms in a row with as few resamplings as possible."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ..batch import Batch, Transform, apply_transform
from ..errors import ArgumentTypeError
from ..random import Generator
from .moves import Move
from .transforms import Geometric


class Compose(Transform):
    """t(images) = t_n(… t_2(t_1(images))).

    Neighbouring geometric transforms are combined into one camera move: their matrices are
    multiplied, A = A₁ A₂ …, and the images are resampled once.  The result is sharper than with
    several resamplings, and pixels that one transform moves out of the picture can come back with
    the next.  Transforms that only flip and shift by whole pixels copy pixels exactly, also in
    combination.  A chain is split where the fill changes and at transforms that are not geometric.

    Args:
        transforms: `Transform`s (other `Compose`s too), or functions of (N, C, H, W) images, which
            are skipped in evaluation mode.

    >>> from minireg.augment import RandomRotation
    >>> t = Compose([RandomRotation((30, 30)), RandomRotation((-30, -30))])
    >>> image = np.arange(16.0).reshape(1, 1, 4, 4) / 16
    >>> bool(np.allclose(t(image), image))
    True
    """

    def __init__(self, transforms: Sequence[Callable]) -> None:
        if not isinstance(transforms, (list, tuple)):
            raise ArgumentTypeError(
                f"Compose takes a list of transforms: Compose([a, b]), got {transforms!r}.",
                argument="transforms",
            )
        for t in transforms:
            if not callable(t) or isinstance(t, type):
                raise ArgumentTypeError(
                    f"Compose takes transforms or functions of images, got {t!r}.",
                    argument="transforms",
                )
        self.transforms = list(transforms)

    def train(self, mode: bool = True) -> Transform:
        """Set the mode of this transform and of all transforms inside."""
        for t in self.transforms:
            if isinstance(t, Transform):
                t.train(mode)
        return super().train(mode)

    def transform(self, batch: Batch) -> Batch:
        move: Move | None = None  # drawn but not applied yet
        for t in self.active():
            if isinstance(t, Geometric):
                following = t.sample(batch, size=None if move is None else move.size)
                if move is not None and move.joins(following):
                    move = move.then(following)
                    continue
            if move is not None:
                batch, move = replace(batch, x=move.apply(batch.x)), None
            if isinstance(t, Geometric):
                move = following
            else:
                batch = apply_transform(t, batch)
        return batch if move is None else replace(batch, x=move.apply(batch.x))

    def active(self) -> Iterator[Callable]:
        """The active transforms; a `Compose` inside is replaced by its own active transforms."""
        for t in self.transforms:
            if isinstance(t, Compose):
                yield from t.active()
            elif t.is_active if isinstance(t, Transform) else self.training:
                yield t

    def generators(self) -> list[Generator]:
        """The random streams of the transforms inside."""
        inside = [t.generators() for t in self.transforms if isinstance(t, Transform)]
        return [generator for streams in inside for generator in streams]

    def extra_repr(self) -> str:
        return f"[{', '.join(map(repr, self.transforms))}]"
