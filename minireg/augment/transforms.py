"""Random transforms: each image of a batch draws parameters of its own.

A geometric transform turns a few random numbers into a camera move and does nothing else: moving
the pixels is the work of `Move.apply`, which several transforms in a row share (`Compose`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import raw
from ..backend import namespace
from ..checks import check_count, check_number, check_probability
from ..errors import ArgumentError, ArgumentTypeError
from ..random import Generator, default_generator
from .moves import Move, identities, rotation_matrix
from .resampling import Size, check_images, check_size


class Transform:
    """The base of all transforms: `t(images)` in training, the identity in evaluation."""

    training = True

    def __call__(self, images: Any, ids: Any = None, epoch: int = 0) -> Any:
        """The transformed images, of the same kind and dtype.

        Args:
            images: (N, C, H, W), uint8 from 0 to 255 or floating-point in [0, 1]; an array or a
                Tensor.
            ids: (N,) integers below 2³² on the same backend: their numbers in the dataset.
            epoch: from 0 to 2²⁴ − 1.
        """
        raise NotImplementedError(f"{type(self).__name__} must define __call__.")

    def train(self, mode: bool = True) -> Transform:
        """Training mode: transform."""
        self.training = bool(mode)
        return self

    def eval(self) -> Transform:
        """Evaluation mode: give images back as they are."""
        return self.train(False)


class RandomTransform(Transform):
    """`t(images)` is `t.apply(images, t.sample(images))`: first draw parameters, then apply them.

    With `ids` the parameters of image i in epoch e depend on (seed and stream of the generator,
    e, i) only: not on the batch size, the order or the device.  Without `ids` fresh ones are drawn.

    Args:
        generator: where parameters are drawn; by default a new stream of the default generator.
            Two transforms that share a stream draw, with `ids`, the same numbers.
    """

    def __init__(self, generator: Generator | None = None) -> None:
        if generator is not None and not isinstance(generator, Generator):
            raise ArgumentTypeError(
                f"generator must be a minireg generator, got {generator!r}. "
                f"Make one from a seed: mr.Generator(0)."
            )
        self.generator = default_generator().spawn() if generator is None else generator

    def __call__(self, images: Any, ids: Any = None, epoch: int = 0) -> Any:
        if not self.training:
            return images
        return self.apply(images, self.sample(images, ids, epoch))

    def sample(self, images: Any, ids: Any = None, epoch: int = 0) -> Any:
        """Random parameters for these images."""
        raise NotImplementedError(f"{type(self).__name__} must define sample(images, ids, epoch).")

    def apply(self, images: Any, parameters: Any) -> Any:
        """The images, transformed with what `sample` returned."""
        raise NotImplementedError(f"{type(self).__name__} must define apply(images, parameters).")

    def uniform(self, images: Any, count: int, ids: Any = None, epoch: int = 0) -> Any:
        """(N, count) float64 in [0, 1), multiples of 2⁻²⁴: what parameters are made of."""
        x = check_images(type(self).__name__, images)
        if ids is None:
            return self.generator.uniform((len(x), count), like=x).astype(np.float64)
        xp, epoch = namespace(x), check_count("epoch", epoch, minimum=0)
        if epoch >= 2**24:
            raise ArgumentError(f"epoch must be below 2**24, got {epoch}.")
        # Value number ((epoch · 2³²) + id) · count + j of the stream.
        first = (check_ids(ids, x) + np.uint64(epoch << 32)) * np.uint64(count)
        index = first[:, None] + xp.arange(count, dtype=np.uint64)
        return self.generator.uniform_at(index).astype(np.float64)


class Geometric(RandomTransform):
    """A transform that moves pixels.  A subclass says how many numbers it draws and defines `move`.

    Attributes:
        draws: how many random numbers one image needs.
    """

    draws = 1

    def move(self, u: Any, size: Size) -> Move:
        """The camera move that these random numbers stand for.

        Args:
            u: (N, draws) float64 in [0, 1).
            size: (height, width) of the images.
        """
        raise NotImplementedError(f"{type(self).__name__} must define move(u, size).")

    def sample(
        self, images: Any, ids: Any = None, epoch: int = 0, size: Size | None = None
    ) -> Move:
        """A random camera move for each image.

        Args:
            images, ids, epoch: as in `t(images, ids, epoch)`.
            size: (height, width) of what the transform shall move; by default that of the images.
        """
        u = self.uniform(images, self.draws, ids, epoch)
        return self.move(u, images.shape[2:] if size is None else size)

    def apply(self, images: Any, parameters: Move) -> Any:
        return parameters.apply(images)


class RandomHorizontalFlip(Geometric):
    """With probability p, exchange left and right: column j shows column W − 1 − j.  Exact.

    Digits and letters are not what they were when mirrored; use it where left and right mean the
    same.

    Args:
        p: in [0, 1].
        generator: see `RandomTransform`.

    >>> import numpy as np
    >>> RandomHorizontalFlip(p=1)(np.array([[[[1, 2, 3]]]], dtype=np.uint8)).tolist()
    [[[[3, 2, 1]]]]
    """

    def __init__(self, p: float = 0.5, generator: Generator | None = None) -> None:
        super().__init__(generator)
        self.p = check_probability("p", p)

    def move(self, u: Any, size: Size) -> Move:
        flipped = (u[:, 0] < self.p).astype(np.float64)
        matrices = identities(len(u), namespace(u))
        matrices[:, 1, 1] = 1 - 2 * flipped
        matrices[:, 1, 2] = flipped * (size[1] - 1)
        return Move(matrices, size, exact=True)

    def __repr__(self) -> str:
        return f"RandomHorizontalFlip(p={self.p:g})"


class RandomRotation(Geometric):
    """Turn about the centre by an angle drawn uniformly; positive is counter-clockwise on screen.

    Args:
        degrees: d for angles from −d to d, or (a, b) for angles from a to b.
        fill: what is seen in the corners, in the units of the images.
        generator: see `RandomTransform`.

    >>> import numpy as np
    >>> RandomRotation((90, 90))(np.array([[[[1, 2], [3, 4]]]], dtype=np.uint8)).tolist()
    [[[[2, 4], [1, 3]]]]
    """

    def __init__(
        self,
        degrees: float | tuple[float, float],
        fill: float = 0.0,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(generator)
        self.degrees = angle_range(degrees)
        self.fill = check_number("fill", fill, minimum=0)

    def move(self, u: Any, size: Size) -> Move:
        low, high = self.degrees
        matrices = rotation_matrix(low + (high - low) * u[:, 0], *size)
        return Move(matrices, size, fill=self.fill)

    def __repr__(self) -> str:
        low, high = self.degrees
        return f"RandomRotation(degrees=({low:g}, {high:g}), fill={self.fill:g})"


class RandomCrop(Geometric):
    """Cut a window of `size` from a random place of the image, after padding it on all sides.

    With the size of the image and `padding=p` it is a shift by up to p whole pixels.  All places
    are equally likely; pixels are copied exactly.

    Args:
        size: (height, width) of the window, or one number for both.
        padding: how many pixels of `fill` are put around the image first.
        fill: in the units of the images.
        generator: see `RandomTransform`.

    >>> import numpy as np
    >>> RandomCrop(2)(np.zeros((5, 3, 8, 8))).shape
    (5, 3, 2, 2)
    """

    draws = 2

    def __init__(
        self,
        size: int | Size,
        padding: int = 0,
        fill: float = 0.0,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(generator)
        self.size = check_size(size)
        self.padding = check_count("padding", padding, minimum=0)
        self.fill = check_number("fill", fill, minimum=0)

    def move(self, u: Any, size: Size) -> Move:
        places = [n + 2 * self.padding - m + 1 for n, m in zip(size, self.size)]
        if min(places) < 1:
            raise ArgumentError(
                f"RandomCrop: a window of {self.size} does not fit into images of {tuple(size)} "
                f"with padding={self.padding}. Use a smaller size or more padding."
            )
        xp = namespace(u)
        matrices = identities(len(u), xp)
        for axis, count in enumerate(places):
            matrices[:, axis, 2] = xp.floor(u[:, axis] * count) - self.padding
        return Move(matrices, self.size, exact=True, fill=self.fill if self.padding else None)

    def __repr__(self) -> str:
        return f"RandomCrop(size={self.size}, padding={self.padding}, fill={self.fill:g})"


# -- what does not fit -----------------------------------------------------------------------------


def angle_range(degrees: Any) -> tuple[float, float]:
    """(a, b) from d (which is (−d, d)) or from itself."""
    if not isinstance(degrees, (tuple, list)):
        d = check_number("degrees", degrees, minimum=0)
        return -d, d
    if len(degrees) != 2:
        raise ArgumentError(f"degrees must be d or (a, b), got {degrees!r}.")
    low, high = (check_number("degrees", d) for d in degrees)
    if low > high:
        raise ArgumentError(f"degrees=(a, b) needs a ≤ b, got ({low:g}, {high:g}).")
    return low, high


def check_ids(ids: Any, images: Any) -> Any:
    """`ids` as uint64, or say why they are not the numbers of these images in a dataset."""
    ids, xp = raw(ids), namespace(images)
    if namespace(ids) is not xp or getattr(ids, "dtype", np.dtype(float)).kind not in "iu":
        raise ArgumentTypeError(
            f"ids must be an array of integers on the {xp.name} backend, like the images, got "
            f"{type(ids).__name__} of {getattr(ids, 'dtype', 'no dtype')}."
        )
    if ids.shape != (len(images),):
        raise ArgumentError(
            f"{len(images)} images need ids of shape ({len(images)},), got {ids.shape}."
        )
    if xp.name == "numpy" and ids.size and not 0 <= ids.min() <= ids.max() < 2**32:
        raise ArgumentError(
            f"ids must be from 0 to 2**32 - 1, got {ids.min()} to {ids.max()}. They are the "
            f"numbers of the images in their dataset."
        )
    return ids.astype(np.uint64, copy=False)
