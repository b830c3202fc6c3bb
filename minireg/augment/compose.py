"""Apply several transforms in a row with as few resamplings as possible."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from ..batch import Batch, Transform, apply_transform
from ..errors import ArgumentError, ArgumentTypeError
from ..random import Generator
from .arguments import Size, check_image_size
from .draw import Draw
from .geometric import move_batch
from .inputs import convert
from .matrices import identities
from .moves import Move
from .transform import ImageTransform, number_images


class Group(ImageTransform):
    """The base of transforms with other `transforms` inside, which share its mode."""

    transforms: list[Any]
    keeps_dtype = False  # those inside are checked themselves

    @property
    def mixes(self) -> bool:  # type: ignore[override]
        """Whether a transform inside mixes the images of a batch."""
        return any(getattr(t, "mixes", False) for t in self.transforms)

    def pair(self, draw: Draw) -> list[tuple[Any, Draw | None]]:
        """Return the transforms inside, each with its part of the draw."""
        if len(draw.parts) != len(self.transforms):
            raise ArgumentError(
                f"{type(self).__name__} of {len(self.transforms)} transforms needs a draw of as "
                f"many parts, got {len(draw.parts)}. Use t.sample(ids, epoch, size).",
                argument="draw",
            )
        return list(zip(self.transforms, draw.parts))

    def train(self, mode: bool = True) -> Transform:
        """Set the mode of this transform and of all transforms inside."""
        for t in self.transforms:
            if isinstance(t, Transform):
                t.train(mode)
        return super().train(mode)

    @contextmanager
    def evaluation(self) -> Iterator[None]:
        """A `with` block in evaluation mode; at its end each has the mode that it had before."""
        with ExitStack() as blocks:
            for t in self.transforms:
                if isinstance(t, Transform):
                    blocks.enter_context(t.evaluation())
            with super().evaluation():
                yield

    def generators(self) -> list[Generator]:
        """The random streams of this transform and of those inside."""
        inside = [t.generators() for t in self.transforms if isinstance(t, Transform)]
        return [*super().generators(), *(stream for streams in inside for stream in streams)]


class Compose(Group):
    """t(images) = t_n(… t_2(t_1(images))).

    Neighbouring geometric transforms are combined into one camera move: their matrices are
    multiplied, A = A₁ A₂ …, and the images are resampled once.  The result is sharper than with
    several resamplings, and pixels that one transform moves out of the picture can come back with
    the next.  Transforms that only flip and shift by whole pixels copy pixels exactly, also in
    combination.  A chain is split where the fill changes, before and after an antialiased resize,
    and at transforms that are not geometric.  `OneOf` and `Sometimes` are geometric if all inside
    are, with the same fill, mode and interpolation, and none is a resize or a resized crop.

    Args:
        transforms: `Transform`s (other `Compose`s too), or functions of (N, C, H, W) images, which
            return a new array and are skipped in evaluation mode.

    >>> from minireg.augment import RandomRotation
    >>> t = Compose([RandomRotation((30, 30)), RandomRotation((-30, -30))])
    >>> image = np.arange(16.0).reshape(1, 1, 4, 4) / 16
    >>> bool(np.allclose(t(image), image))
    True
    """

    def __init__(self, transforms: Sequence[Callable]) -> None:
        super().__init__()
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

    @property
    def is_active(self) -> bool:
        return any(map(self.is_used, self.transforms))

    def is_used(self, t: Callable) -> bool:
        """Whether this transform, or function, acts in the current mode."""
        return t.is_active if isinstance(t, Transform) else self.training

    def sample(self, ids: Any, epoch: int = 0, size: Size | None = None) -> Draw:
        """Draw the parameters of all transforms inside: the `parts` of the draw."""
        size = first = check_image_size(size)
        count = len(number_images(ids, epoch))
        parts: list[Draw | None] = []
        for t in self.transforms:
            active = self.is_used(t)
            if isinstance(t, ImageTransform) and active:
                parts.append(t.sample(ids, epoch, size))
                size = t.output_size(size)
            else:
                name = getattr(t, "__name__", type(t).__name__)
                parts.append(Draw(name, count) if active else None)
        return Draw(type(self).__name__, count, size=first, parts=parts)

    def output_size(self, size: Size | None) -> Size | None:
        for t in self.transforms:
            if isinstance(t, ImageTransform) and t.is_active:
                size = t.output_size(size)
        return size

    def change(self, batch: Batch, draw: Draw) -> Batch:
        waiting: Move | None = None  # combined, but not applied yet
        unchecked: Callable | None = None  # a function, which made the batch
        for t, part in self.steps(draw):
            is_image_transform, move = isinstance(t, ImageTransform), None
            if is_image_transform:
                if unchecked is not None:
                    batch, unchecked = check_result(unchecked, t, batch, len(draw)), None
                size = tuple(batch.x.shape[2:]) if waiting is None else waiting.size
                move = t.find_move(part, size)
            if waiting is None:
                waiting = move
            elif move is not None and waiting.joins(move):
                waiting = waiting.then(move)
            else:
                batch, waiting = move_batch(batch, waiting), move
            if not is_image_transform:
                batch, unchecked = apply_transform(t, batch), t
            elif move is None:
                batch = t.change_and_check(batch, part)
        return batch if waiting is None else move_batch(batch, waiting)

    def find_move(self, draw: Draw, size: Size) -> Move | None:
        whole: Move | None = None
        for t, part in self.steps(draw):
            move = t.find_move(part, size) if isinstance(t, ImageTransform) else None
            if move is None or not (whole is None or whole.joins(move)):
                return None
            whole, size = move if whole is None else whole.then(move), move.size
        return Move(identities(len(draw)), size) if whole is None else whole

    def steps(self, draw: Draw) -> Iterator[tuple[Any, Draw]]:
        """The acting transforms with their draws; a `Compose` inside is replaced by its own."""
        for t, part in self.pair(draw):
            if part is not None:
                if isinstance(t, Compose):
                    yield from t.steps(part)
                else:
                    yield t, part

    def extra_repr(self) -> str:
        return f"[{', '.join(map(repr, self.transforms))}]"


def check_result(function: Callable, following: Callable, batch: Batch, count: int) -> Batch:
    """Return what a function made of `count` images, as the transform that follows needs it."""
    name = getattr(function, "__name__", type(function).__name__)
    checked, _ = convert(f"{type(following).__name__}, after {name},", batch)
    if len(checked) != count:
        raise ArgumentError(
            f"{name}, in a Compose, must return {count} images, got {len(checked)}.",
            argument="transforms",
        )
    return checked
