"""Random transforms: each image of a batch gets its own random parameters.

A geometric transform only turns a few random numbers into a camera move.  `Move.apply` moves the
pixels, once for several geometric transforms in a row (`Compose`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..autograd import raw
from ..backend import namespace
from ..batch import Batch, Transform, check_channels
from ..checks import check_count, check_number, check_probability
from ..errors import ArgumentError, ArgumentTypeError
from ..random import Generator, as_generator
from .moves import Move, identities, rotation_matrix
from .resampling import Size, check_images, check_size

FRESH = 2**63  # the first value of a stream that is drawn for images without ids


class RandomTransform(Transform):
    """A random change of images: draw parameters, then apply them.  No change in evaluation mode.

    A subclass defines `sample` and `apply`, or `transform` if it changes targets as well; `uniform`
    draws the numbers.  If the batch has ids, the parameters of image i in epoch e depend only on
    the seed and stream of the generator, e and i: not on the batch size, the order or the device.
    Without ids, as in `t(images)`, each call draws new parameters.

    Args:
        generator: draws the parameters; by default a new stream of the default generator.  Two
            transforms with the same stream draw the same numbers for the same ids.

    >>> class Brightness(RandomTransform):
    ...     def sample(self, batch):
    ...         return 0.5 + self.uniform(batch, 1)
    ...     def apply(self, images, factors):
    ...         return images * factors[:, :, None, None]
    >>> Brightness()(np.ones((5, 1, 8, 8))).shape
    (5, 1, 8, 8)
    """

    def __init__(self, *, generator: Generator | None = None) -> None:
        self.generator = as_generator(generator)

    @property
    def is_active(self) -> bool:
        return self.training

    def transform(self, batch: Batch) -> Batch:
        return replace(batch, x=self.apply(batch.x, self.sample(batch)))

    def sample(self, batch: Batch) -> Any:
        """Return random parameters for the images of the batch."""
        raise NotImplementedError(f"{type(self).__name__} must define sample(batch).")

    def apply(self, images: Any, parameters: Any) -> Any:
        """Return the images, transformed with these parameters from `sample`."""
        raise NotImplementedError(f"{type(self).__name__} must define apply(images, parameters).")

    def uniform(self, batch: Batch, count: int) -> Any:
        """Return (N, count) random float64 in [0, 1), multiples of 2⁻²⁴, for the parameters.

        Number j of image i in epoch e is value (e · 2³² + i) · count + j of the stream.  Without
        ids the values from 2⁶³ on are drawn in order; no image with an id gets those.

        Args:
            batch: N examples.
            count: how many numbers for each of them, at most 128.
        """
        if check_count("count", count) > 128:
            raise ArgumentError(f"count must be at most 128, got {count}.", argument="count")
        x = raw(batch.x)
        xp = namespace(x)
        if batch.ids is None:
            start = FRESH + self.generator.position
            self.generator.position += len(x) * count
            first = xp.arange(len(x), dtype=np.uint64) * np.uint64(count) + np.uint64(start)
        else:
            epoch = check_count("epoch", batch.epoch, minimum=0)
            if epoch >= 2**24:
                raise ArgumentError(f"epoch must be below 2**24, got {epoch}.", argument="epoch")
            first = (check_ids(batch.ids, x) + np.uint64(epoch << 32)) * np.uint64(count)
        index = first[:, None] + xp.arange(count, dtype=np.uint64)
        return self.generator.uniform_at(index).astype(np.float64)


class Geometric(RandomTransform):
    """A transform that moves pixels.  A subclass sets `draws` and defines `move`.

    Attributes:
        draws: how many random numbers one image needs.
    """

    draws = 1

    def move(self, u: Any, size: Size) -> Move:
        """Return the camera move that belongs to these random numbers.

        Args:
            u: (N, draws) float64 in [0, 1).
            size: (height, width) of the images.
        """
        raise NotImplementedError(f"{type(self).__name__} must define move(u, size).")

    def sample(self, batch: Batch, size: Size | None = None) -> Move:
        """Return a random camera move for each image.

        Args:
            batch: with (N, C, H, W) images.
            size: (height, width) of the images that will be moved; by default (H, W).
        """
        x = check_images(type(self).__name__, batch.x)
        check_channels("images", x.shape)
        return self.move(self.uniform(batch, self.draws), x.shape[2:] if size is None else size)

    def apply(self, images: Any, parameters: Move) -> Any:
        return parameters.apply(images)


class RandomHorizontalFlip(Geometric):
    """With probability p, exchange left and right: column j shows column W − 1 − j.  Exact.

    Use it only if mirroring does not change the label: not for digits and letters.

    Args:
        p: in [0, 1].
        generator: see `RandomTransform`.

    >>> RandomHorizontalFlip(p=1)(np.array([[[[1, 2, 3]]]], dtype=np.uint8)).tolist()
    [[[[3, 2, 1]]]]
    """

    def __init__(self, p: float = 0.5, *, generator: Generator | None = None) -> None:
        super().__init__(generator=generator)
        self.p = check_probability("p", p)

    def move(self, u: Any, size: Size) -> Move:
        flipped = (u[:, 0] < self.p).astype(np.float64)
        matrices = identities(len(u), namespace(u))
        matrices[:, 1, 1] = 1 - 2 * flipped
        matrices[:, 1, 2] = flipped * (size[1] - 1)
        return Move(matrices, size, exact=True)

    def extra_repr(self) -> str:
        return f"p={self.p:g}"


class RandomRotation(Geometric):
    """Turn about the centre by an angle drawn uniformly; positive is counter-clockwise on screen.

    Args:
        degrees: d for angles from −d to d, or (a, b) for angles from a to b.
        fill: the value of the pixels in the corners, in the units of the images.
        generator: see `RandomTransform`.

    >>> RandomRotation((90, 90))(np.array([[[[1, 2], [3, 4]]]], dtype=np.uint8)).tolist()
    [[[[2, 4], [1, 3]]]]
    """

    def __init__(
        self,
        degrees: float | tuple[float, float],
        *,
        fill: float = 0.0,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(generator=generator)
        self.degrees = check_degrees(degrees)
        self.fill = check_number("fill", fill, minimum=0)

    def move(self, u: Any, size: Size) -> Move:
        low, high = self.degrees
        matrices = rotation_matrix(low + (high - low) * u[:, 0], *size)
        return Move(matrices, size, fill=self.fill)

    def extra_repr(self) -> str:
        low, high = self.degrees
        return f"degrees=({low:g}, {high:g}), fill={self.fill:g}"


class RandomCrop(Geometric):
    """Pad the image on all sides, then cut a window of `size` at a random place.

    If the window has the size of the image, `padding=p` gives a shift by up to p whole pixels.
    All places are equally likely; pixels are copied exactly.

    Args:
        size: (height, width) of the window, or one number for both.
        padding: how many pixels of `fill` are first added on each side.
        fill: in the units of the images.
        generator: see `RandomTransform`.

    >>> RandomCrop(2)(np.zeros((5, 3, 8, 8))).shape
    (5, 3, 2, 2)
    """

    draws = 2

    def __init__(
        self,
        size: int | Size,
        padding: int = 0,
        *,
        fill: float = 0.0,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(generator=generator)
        self.size = check_size(size)
        self.padding = check_count("padding", padding, minimum=0)
        self.fill = check_number("fill", fill, minimum=0)

    def move(self, u: Any, size: Size) -> Move:
        counts = [n + 2 * self.padding - m + 1 for n, m in zip(size, self.size)]
        if min(counts) < 1:
            raise ArgumentError(
                f"RandomCrop: a window of {self.size} does not fit into images of {tuple(size)} "
                f"with padding={self.padding}. Use a smaller size or more padding.",
                argument="size",
            )
        xp = namespace(u)
        matrices = identities(len(u), xp)
        for axis, count in enumerate(counts):
            matrices[:, axis, 2] = xp.floor(u[:, axis] * count) - self.padding
        return Move(matrices, self.size, exact=True, fill=self.fill if self.padding else None)

    def extra_repr(self) -> str:
        return f"size={self.size}, padding={self.padding}, fill={self.fill:g}"


# -- checks of arguments ---------------------------------------------------------------------------


def check_degrees(degrees: Any) -> tuple[float, float]:
    """Return the interval (a, b); a single number d means (−d, d)."""
    if not isinstance(degrees, (tuple, list)):
        d = check_number("degrees", degrees, minimum=0)
        return -d, d
    if len(degrees) != 2:
        raise ArgumentError(f"degrees must be d or (a, b), got {degrees!r}.", argument="degrees")
    low, high = (check_number("degrees", d) for d in degrees)
    if low > high:
        raise ArgumentError(f"degrees=(a, b) needs a ≤ b, got {degrees}.", argument="degrees")
    return low, high


def check_ids(ids: Any, images: Any) -> Any:
    """Return the numbers of these images in their dataset as uint64."""
    ids, xp = raw(ids), namespace(images)
    if namespace(ids) is not xp or getattr(ids, "dtype", np.dtype(float)).kind not in "iu":
        raise ArgumentTypeError(
            f"ids must be an array of integers on the {xp.name} backend, like the images, got "
            f"{type(ids).__name__} of {getattr(ids, 'dtype', 'no dtype')}.",
            argument="ids",
        )
    if ids.shape != (len(images),):
        raise ArgumentError(
            f"{len(images)} images need ids of shape ({len(images)},), got {ids.shape}.",
            argument="ids",
        )
    if xp.name == "numpy" and ids.size and not 0 <= ids.min() <= ids.max() < 2**32:
        raise ArgumentError(
            f"ids must be from 0 to 2**32 - 1, got {ids.min()} to {ids.max()}. They are the "
            f"numbers of the images in their dataset.",
            argument="ids",
        )
    return ids.astype(np.uint64, copy=False)
