"""Camera moves: where each pixel of the result is looked up in the image."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from ..autograd import raw
from ..backend import current_backend, namespace
from ..checks import check_count, check_number
from ..errors import ArgumentError
from .resampling import Size, copy_pixels, warp


class Move(NamedTuple):
    """One camera move for each image of a batch: the random parameters of a geometric transform.

    Attributes:
        matrices: (N, 3, 3) float64: they map points of the result to points of the images
            (see `warp`).
        size: (height, width) of the result.
        exact: whether the matrices only flip and shift by whole pixels, so nothing is interpolated.
        fill: the value of pixels outside the images, in their units; None if none are visible.

    >>> left = Move(np.array([[[1.0, 0, 0], [0, 1, 1], [0, 0, 1]]]), (1, 3), exact=True, fill=0)
    >>> left.apply(np.array([[[[1, 2, 3]]]], dtype=np.uint8)).tolist()
    [[[[2, 3, 0]]]]
    >>> left.then(left).apply(np.array([[[[1, 2, 3]]]], dtype=np.uint8)).tolist()
    [[[[3, 0, 0]]]]
    """

    matrices: Any
    size: Size
    exact: bool = False
    fill: float | None = None

    def apply(self, images: Any) -> Any:
        """Return the images after the move: (N, C, *size)."""
        look = copy_pixels if self.exact else warp
        return look(images, self.matrices, self.fill or 0.0, self.size)

    def joins(self, later: Move) -> bool:
        """Whether the fills are equal or one is None, so that `then` can combine the moves."""
        return None in (self.fill, later.fill) or self.fill == later.fill

    def then(self, later: Move) -> Move:
        """Combine this move and a following one, `later`, into one: A = A_this A_later.

        (A matrix maps points of its result to points of its input.  So `later` maps a point of the
        final result to the result of this move, and this move maps it to the image.)
        """
        if not self.joins(later):
            raise ArgumentError(
                f"Moves with different fills ({self.fill:g} and {later.fill:g}) cannot be "
                f"combined into one move. Apply one after the other."
            )
        return Move(
            self.matrices @ later.matrices,
            later.size,
            self.exact and later.exact,
            later.fill if self.fill is None else self.fill,
        )


def identities(count: int, xp: Any) -> Any:
    """(count, 3, 3) float64 identity matrices that can be written to."""
    return xp.zeros((count, 3, 3), dtype=np.float64) + xp.eye(3)


def rotation_matrix(degrees: Any, height: int, width: int) -> Any:
    """Matrices that turn images counter-clockwise (on the screen) about their centre.

    The centre is ((height − 1)/2, (width − 1)/2).  With row r and column c counted from there, the
    point (r, c) of the output shows the point of the input at

        (cos a · r + sin a · c,  −sin a · r + cos a · c).

    Multiples of 90° are exact: a square image is then only rearranged.

    Args:
        degrees: one angle a, or an array of (N,) angles.
        height, width: of the images.

    Returns:
        (3, 3) or (N, 3, 3) float64, to be used with `warp`.

    Raises:
        ArgumentError, ArgumentTypeError: degrees that are not finite or have another shape.

    >>> rotation_matrix(90, 2, 2) + 0.0
    array([[ 0.,  1.,  0.],
           [-1.,  0.,  1.],
           [ 0.,  0.,  1.]])
    """
    angles = raw(degrees)
    if isinstance(angles, np.generic) or not hasattr(angles, "ndim"):
        number = check_number("degrees", angles)
        angles = current_backend().full(1, number, dtype=np.float64)
        return rotation_matrix(angles, height, width)[0]
    if angles.ndim != 1:
        raise ArgumentError(
            f"degrees must be a number or of shape (N,), got {angles.shape}.", argument="degrees"
        )
    xp = namespace(angles)
    cos, sin = cosine_and_sine(angles.astype(np.float64, copy=False))
    row = (check_count("height", height) - 1) / 2
    column = (check_count("width", width) - 1) / 2
    matrices = identities(len(angles), xp)
    matrices[:, 0, 0], matrices[:, 0, 1] = cos, sin
    matrices[:, 1, 0], matrices[:, 1, 1] = -sin, cos
    matrices[:, 0, 2] = row - cos * row - sin * column
    matrices[:, 1, 2] = column + sin * row - cos * column
    return matrices


def cosine_and_sine(degrees: Any) -> tuple[Any, Any]:
    """Return cos and sin of angles in degrees, exact at multiples of 90°.

    Let a = 90° q + r with a whole q and |r| ≤ 45°; q only exchanges and negates cos r and sin r.
    """
    xp = namespace(degrees)
    quarters = xp.rint(degrees / 90)
    rest = (degrees - 90 * quarters) * (math.pi / 180)
    cos, sin = xp.cos(rest), xp.sin(rest)
    q = quarters % 4
    cos_q = (q == 0).astype(np.float64) - (q == 2)
    sin_q = (q == 1).astype(np.float64) - (q == 3)
    return cos_q * cos - sin_q * sin, sin_q * cos + cos_q * sin
