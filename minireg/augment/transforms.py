"""Random transforms: each draws one matrix for each image.

A geometric transform is a sampler of matrices and nothing else: moving the pixels is the work of
`warp`, which several transforms in a row share.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..backend import namespace
from ..errors import (
    ArgumentError,
    ArgumentTypeError,
    check_count,
    check_number,
    check_probability,
)
from ..random import Generator, default_generator
from .warp import check_images, copy_pixels, warp

Size = tuple[int, int]


class Transform:
    """The base of all transforms: `t(images)` in training, the identity in evaluation.

    Each image of a batch gets parameters of its own.  With `ids` (its number in the dataset) those
    of image i in epoch e depend on (seed, transform, e, i) only: not on the batch size, the order
    or the device.  Without `ids` fresh ones are drawn.

    Args:
        generator: where parameters are drawn; by default a new stream of the default generator.
    """

    training = True

    def __init__(self, generator: Generator | None = None) -> None:
        self.generator = default_generator().spawn() if generator is None else generator

    def __call__(self, images: Any, ids: Any = None, epoch: int = 0) -> Any:
        """The transformed images.

        Args:
            images: (N, C, H, W), uint8 from 0 to 255 or floating-point; an array or a Tensor.
            ids: (N,) uint64 below 2³², on the same backend.
            epoch: from 0 to 2²⁴.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define __call__(images, ids, epoch)."
        )

    def train(self, mode: bool = True) -> Transform:
        """Training mode: transform."""
        self.training = bool(mode)
        return self

    def eval(self) -> Transform:
        """Evaluation mode: leave images as they are."""
        return self.train(False)

    def uniform(self, images: Any, count: int, ids: Any, epoch: int) -> Any:
        """(N, count) numbers in [0, 1): what the parameters of the images are made of."""
        if ids is None:
            return self.generator.uniform((len(images), count), like=images)
        xp = namespace(images)
        check_count("epoch", epoch, minimum=0)
        # Value number ((epoch · 2³²) + id) · count + j of the stream.
        first = (ids + np.uint64(epoch << 32)) * np.uint64(count)
        return self.generator.uniform_at(first[:, None] + xp.arange(count, dtype=np.uint64))


class Geometric(Transform):
    """A transform that moves pixels.  A subclass defines `sample`.

    Attributes:
        exact: the matrices map pixels to pixels, so nothing has to be interpolated.
        fill: what is seen outside the image, in the units of the images.
    """

    exact = False

    def __init__(self, fill: float = 0.0, generator: Generator | None = None) -> None:
        super().__init__(generator)
        self.fill = check_number("fill", fill, minimum=0)

    def sample(self, images: Any, size: Size, ids: Any = None, epoch: int = 0) -> tuple[Any, Size]:
        """Random parameters as matrices for `warp`, and the size of the result.

        Args:
            images: the array of the batch; only its length and backend matter.
            size: (height, width) of the images that the transform shall see.
            ids, epoch: see `Transform`.

        Returns:
            (N, 3, 3) matrices that map points of the result to points of the images; (height,
            width) of the result.
        """
        raise NotImplementedError(f"{type(self).__name__} must define sample(images, size, …).")

    def __call__(self, images: Any, ids: Any = None, epoch: int = 0) -> Any:
        x = check_images(type(self).__name__, images)
        if not self.training:
            return images
        matrices, size = self.sample(x, x.shape[2:], ids, epoch)
        return (copy_pixels if self.exact else warp)(images, matrices, size, self.fill)


class RandomHorizontalFlip(Geometric):
    """With probability p, exchange left and right: column j shows column W − 1 − j.

    Digits and letters are not what they were when mirrored; use it where left and right mean the
    same.

    >>> import numpy as np
    >>> RandomHorizontalFlip(p=1)(np.array([[[[1, 2, 3]]]], dtype=np.uint8)).tolist()
    [[[[3, 2, 1]]]]
    """

    exact = True

    def __init__(self, p: float = 0.5, generator: Generator | None = None) -> None:
        super().__init__(generator=generator)
        self.p = check_probability("p", p)

    def sample(self, images: Any, size: Size, ids: Any = None, epoch: int = 0) -> tuple[Any, Size]:
        flipped = (self.uniform(images, 1, ids, epoch)[:, 0] < self.p).astype(np.float64)
        matrices = identities(images)
        matrices[:, 1, 1] = 1 - 2 * flipped
        matrices[:, 1, 2] = flipped * (size[1] - 1)
        return matrices, size

    def __repr__(self) -> str:
        return f"RandomHorizontalFlip(p={self.p:g})"


class RandomRotation(Geometric):
    """Turn about the centre by an angle drawn uniformly; positive is counter-clockwise on screen.

    Args:
        degrees: d for angles from −d to d, or (a, b) for angles from a to b.
        fill: what is seen in the corners.
        generator: see `Transform`.

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
        super().__init__(fill, generator)
        if isinstance(degrees, (tuple, list)):
            if len(degrees) != 2:
                raise ArgumentTypeError(f"degrees must be d or (a, b), got {degrees!r}.")
            low, high = (check_number("degrees", d) for d in degrees)
            if low > high:
                raise ArgumentError(f"degrees=(a, b) needs a ≤ b, got {degrees!r}.")
        else:
            high = check_number("degrees", degrees, minimum=0)
            low = -high
        self.degrees = (low, high)

    def sample(self, images: Any, size: Size, ids: Any = None, epoch: int = 0) -> tuple[Any, Size]:
        low, high = self.degrees
        u = self.uniform(images, 1, ids, epoch)[:, 0].astype(np.float64)
        return rotation_matrix(low + (high - low) * u, *size), size

    def __repr__(self) -> str:
        return f"RandomRotation({self.degrees})"


def rotation_matrix(degrees: Any, height: int, width: int) -> Any:
    """Matrices that turn images counter-clockwise about ((height − 1)/2, (width − 1)/2).

    With row r and column c counted from the centre, the output shows the input at
    r = cos a · r′ + sin a · c′,  c = −sin a · r′ + cos a · c′.

    Args:
        degrees: (N,) float64 angles a.

    Returns:
        (N, 3, 3), to be used with `warp`.

    >>> import numpy as np
    >>> rotation_matrix(np.array([90.0]), 2, 2)[0].round(12) + 0.0
    array([[ 0.,  1.,  0.],
           [-1.,  0.,  1.],
           [ 0.,  0.,  1.]])
    """
    xp = namespace(degrees)
    cos, sin = xp.cos(degrees * (math.pi / 180)), xp.sin(degrees * (math.pi / 180))
    row, column = (height - 1) / 2, (width - 1) / 2
    matrices = identities(degrees)
    matrices[:, 0, 0], matrices[:, 0, 1] = cos, sin
    matrices[:, 1, 0], matrices[:, 1, 1] = -sin, cos
    matrices[:, 0, 2] = row - cos * row - sin * column
    matrices[:, 1, 2] = column + sin * row - cos * column
    return matrices


class RandomCrop(Geometric):
    """Cut a window of `size` from a random place of the image, after padding it on all sides.

    With the size of the image and `padding=p` it is a random shift by up to p whole pixels.

    Args:
        size: (height, width) of the window, or one number for both.
        padding: how many pixels of `fill` are put around the image first.
        fill: see `Geometric`.
        generator: see `Transform`.

    >>> import numpy as np
    >>> RandomCrop(2)(np.zeros((5, 3, 8, 8))).shape
    (5, 3, 2, 2)
    """

    exact = True

    def __init__(
        self,
        size: int | Size,
        padding: int = 0,
        fill: float = 0.0,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(fill, generator)
        height, width = size if isinstance(size, (tuple, list)) else (size, size)
        self.size = (check_count("size", height), check_count("size", width))
        self.padding = check_count("padding", padding, minimum=0)

    def sample(self, images: Any, size: Size, ids: Any = None, epoch: int = 0) -> tuple[Any, Size]:
        places = [n + 2 * self.padding - m + 1 for n, m in zip(size, self.size)]
        if min(places) < 1:
            raise ArgumentError(
                f"A window of {self.size} does not fit into images of {tuple(size)} with "
                f"padding={self.padding}. Use a smaller size or more padding."
            )
        xp = namespace(images)
        u = self.uniform(images, 2, ids, epoch).astype(np.float64)
        matrices = identities(images)
        for axis, count in enumerate(places):
            matrices[:, axis, 2] = xp.floor(u[:, axis] * count) - self.padding
        return matrices, self.size

    def __repr__(self) -> str:
        return f"RandomCrop({self.size}, padding={self.padding})"


def identities(images: Any) -> Any:
    """(N, 3, 3) float64: an identity matrix for each image (or angle)."""
    xp = namespace(images)
    return xp.zeros((len(images), 3, 3), dtype=np.float64) + xp.eye(3)
