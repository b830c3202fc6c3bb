"""Matrices of camera moves: they map points (row, column, 1) of the result to points of the image.

The centre of the pixel in row i and column j is the point (i, j).  Matrices are float64 and stay on
the host: six numbers for each image.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd import raw
from ..checks import check_count, check_number
from ..errors import ArgumentError


def identities(count: int) -> np.ndarray:
    """(count, 3, 3) float64 identity matrices that can be written to."""
    return np.tile(np.eye(3), (count, 1, 1))


def about_center(matrices: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return matrices that do about the centre of the image what these do about the point (0, 0).

    The centre is ((height − 1)/2, (width − 1)/2): T(centre) A T(−centre).

    Args:
        matrices: (N, 3, 3).
        height, width: of the images.

    >>> about_center(np.diag([1.0, -1.0, 1.0])[None], 1, 3)[0].tolist()     # a mirror image
    [[1.0, 0.0, 0.0], [0.0, -1.0, 2.0], [0.0, 0.0, 1.0]]
    """
    center = np.array([(height - 1) / 2, (width - 1) / 2])
    moved = matrices.copy()
    moved[:, :2, 2] += center - matrices[:, :2, :2] @ center
    return moved


def rotation_matrix(degrees: Any, height: int, width: int) -> np.ndarray:
    """Matrices that turn images counter-clockwise (on the screen) about their centre.

    The centre is ((height − 1)/2, (width − 1)/2).  With row r and column c counted from there, the
    point (r, c) of the output shows the point of the input at

        (cos a · r + sin a · c,  −sin a · r + cos a · c).

    Multiples of 90° are exact: a square image is then only rearranged.

    Args:
        degrees: one angle a, or an array of (N,) angles.
        height, width: of the images.

    Returns:
        (3, 3) or (N, 3, 3) float64.

    Raises:
        ArgumentError, ArgumentTypeError: degrees that are not finite or have another shape.

    >>> rotation_matrix(90, 2, 2) + 0.0
    array([[ 0.,  1.,  0.],
           [-1.,  0.,  1.],
           [ 0.,  0.,  1.]])
    """
    angles = raw(degrees)
    if isinstance(angles, np.generic) or not isinstance(angles, np.ndarray):
        return rotation_matrix(np.array([check_number("degrees", angles)]), height, width)[0]
    if angles.ndim != 1:
        raise ArgumentError(
            f"degrees must be a number or of shape (N,), got {angles.shape}.", argument="degrees"
        )
    cos, sin = cosine_and_sine(angles.astype(np.float64, copy=False))
    matrices = identities(len(angles))
    matrices[:, 0, 0], matrices[:, 0, 1] = cos, sin
    matrices[:, 1, 0], matrices[:, 1, 1] = -sin, cos
    return about_center(matrices, check_count("height", height), check_count("width", width))


def cosine_and_sine(degrees: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return cos and sin of angles in degrees, exact at multiples of 90°.

    Let a = 90° q + r with a whole q and |r| ≤ 45°; q only exchanges and negates cos r and sin r.
    """
    quarters = np.rint(degrees / 90)
    rest = (degrees - 90 * quarters) * (math.pi / 180)
    cos, sin = np.cos(rest), np.sin(rest)
    q = quarters % 4
    cos_q = (q == 0).astype(np.float64) - (q == 2)
    sin_q = (q == 1).astype(np.float64) - (q == 3)
    return cos_q * cos - sin_q * sin, sin_q * cos + cos_q * sin
