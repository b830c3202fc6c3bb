"""Batch: some examples and their targets; Transform: the base of all that change a batch.

The loader makes a batch, transforms turn it into another one, the training step reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from .checks import check_flag
from .errors import ArgumentTypeError, DataError
from .random import Generator


@dataclass(frozen=True, slots=True)
class Batch:
    """Some examples of a dataset.  Iterating gives x and y: `for x, y in loader`.

    Attributes:
        x: (N, ...) inputs, an array or a Tensor.
        y: (N,) class labels or (N, ...) other targets, an array or a Tensor; None without targets.
        ids: (N,) integers on the host, the numbers of the examples in their dataset, or None.
        epoch: how many passes over the dataset were begun before this one.  It is 0 unless given:
            with the same ids, random transforms then draw the same at every call.
        masks: (N, C, H, W) labels of pixels, which move with the images, or None.

    >>> x, y = Batch([[0.0], [1.0]], [0, 1])
    >>> y
    [0, 1]
    """

    x: Any
    y: Any = None
    ids: Any = None
    epoch: int = 0
    masks: Any = None

    def __iter__(self) -> Iterator[Any]:
        return iter((self.x, self.y))

    def __len__(self) -> int:
        return len(self.x)


class Transform:
    """The base of all transforms: `t(batch)` returns a changed `Batch`.

    A transform that needs no targets also takes images alone: `t(images)` returns changed images.

    A subclass defines `transform(batch)`, which may change inputs and targets together.  For a
    transform of images, `augment.ImageTransform` is a simpler base.

    Attributes:
        training: the mode.  In evaluation, random transforms return their input unchanged: those
            with a random stream (`generators`).

    >>> class Mirror(Transform):
    ...     def transform(self, batch):
    ...         return replace(batch, x=batch.x[..., ::-1], y=-batch.y)
    >>> x, y = Mirror()(Batch(np.array([[1, 2, 3]]), np.array([30.0])))
    >>> x.tolist(), y.tolist()
    ([[3, 2, 1]], [-30.0])
    """

    training = True

    def __call__(self, batch: Any, *others: Any) -> Any:
        """The transformed batch; for an array or a Tensor of images, the transformed images."""
        check_alone(others)
        whole = batch if isinstance(batch, Batch) else Batch(batch)
        result = self.transform(whole) if self.is_active else whole
        if not isinstance(result, Batch):
            raise ArgumentTypeError(
                f"{type(self).__name__}.transform must return a Batch, got "
                f"{type(result).__name__}. For new images: dataclasses.replace(batch, x=images)."
            )
        return result if whole is batch else result.x

    def transform(self, batch: Batch) -> Batch:
        """Return a batch with new inputs, new targets or both; `batch` is not changed."""
        raise NotImplementedError(f"{type(self).__name__} must define transform(batch).")

    @property
    def is_active(self) -> bool:
        """Whether the transform acts in its current mode."""
        return self.training or not self.generators()

    def train(self, mode: bool = True) -> Transform:
        """Switch to training mode."""
        self.training = check_flag("mode", mode)
        return self

    def eval(self) -> Transform:
        """Switch to evaluation mode."""
        return self.train(False)

    @contextmanager
    def evaluation(self) -> Iterator[None]:
        """A `with` block in evaluation mode; at its end the mode is as before."""
        before = self.training
        self.eval()
        try:
            yield
        finally:
            self.train(before)

    def generators(self) -> list[Generator]:
        """The random streams of the transform: those among its attributes."""
        return [value for value in vars(self).values() if isinstance(value, Generator)]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.extra_repr()})"

    def extra_repr(self) -> str:
        """The text between the brackets of the repr."""
        return ""


def check_alone(others: tuple[Any, ...]) -> None:
    """Refuse arguments after the first one in a call of a transform."""
    if others:
        raise ArgumentTypeError(
            "A transform is called with images or a batch. For images with labels pass "
            "mr.Batch(x, y)."
        )


def check_channels(name: str, shape: tuple[int, ...]) -> None:
    """Refuse images (N, H, W, C) of 1, 3 or 4 channels: the axis of channels comes first here."""
    if len(shape) == 4 and shape[3] in (1, 3, 4) and min(shape[1:3]) > 4:
        raise DataError(
            f"{name} must be (N, C, H, W), but {tuple(shape)} are images with the channels last. "
            f"Move this axis: np.moveaxis({name}, -1, 1).",
            argument=name,
        )


def apply_transform(transform: Callable, batch: Batch) -> Batch:
    """The transformed batch.  A function that is not a `Transform` takes and returns images."""
    if isinstance(transform, Transform):
        return transform(batch) if transform.is_active else batch
    return replace(batch, x=transform(batch.x))
