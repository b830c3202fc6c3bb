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
    """Return (count, 3, 3) float64 identity matrices, which can be written to.

    >>> identities(2)[:, 0].tolist()
    [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """
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


def affine_matrix(
    height: int,
    width: int,
    *,
    degrees: Any = 0.0,
    right: Any = 0.0,
    down: Any = 0.0,
    scale: Any = 1.0,
    shear_x: Any = 0.0,
    shear_y: Any = 0.0,
) -> np.ndarray:
    """Matrices that shear, scale, turn and then shift images.

    With x to the right and y *up* from the centre of the image, what is at (x, y) moves to

        scale · R S_y S_x (x, y) + (right · width, −down · height),

        R = [[cos a, −sin a], [sin a, cos a]],
        S_x = [[1, tan(shear_x)], [0, 1]],  S_y = [[1, 0], [tan(shear_y), 1]].

    A matrix is the inverse of this map, for rows and columns.

    Args:
        height, width: of the images.  Their centre is ((height − 1)/2, (width − 1)/2).
        degrees: the angle a; positive is counter-clockwise on the screen.
        right, down: the shift, as fractions of the width and of the height.
        scale: not 0; above 1, things become larger.
        shear_x: degrees between −90 and 90; if positive, the top goes to the right.
        shear_y: degrees between −90 and 90; if positive, the right side goes up.
        Each but the first two is one number, or an array (N,) of a number for each image.

    Returns:
        (N, 3, 3) float64, or (3, 3) if there is no array.

    Raises:
        ArgumentError, ArgumentTypeError: numbers that are not finite or belong to no matrix, and
            arrays of other shapes.

    >>> affine_matrix(4, 4, right=0.25) + 0.0    # column 1 shows column 0
    array([[ 1.,  0.,  0.],
           [ 0.,  1., -1.],
           [ 0.,  0.,  1.]])
    """
    given = {"degrees": degrees, "right": right, "down": down, "scale": scale,
             "shear_x": shear_x, "shear_y": shear_y}  # fmt: skip
    values = [check_parameter(name, value) for name, value in given.items()]
    lengths = {len(value) for value in values if value.ndim}
    if len(lengths) > 1:
        raise ArgumentError(f"Arrays of parameters must be of one length, got {sorted(lengths)}.")
    height, width = check_count("height", height), check_count("width", width)
    cos, sin = cosine_and_sine(values[0])
    right, down, scale = values[1:4]
    matrices = identities(max(lengths, default=1))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        x, y = (tangent(shear) for shear in values[4:])
        # S_x⁻¹ S_y⁻¹ R⁻¹ = [[1, y], [x, 1 + x y]] [[cos, sin], [−sin, cos]] for (row, column)
        matrices[:, 0, 0], matrices[:, 0, 1] = cos - y * sin, sin + y * cos
        matrices[:, 1, 0] = x * cos - (1 + x * y) * sin
        matrices[:, 1, 1] = x * sin + (1 + x * y) * cos
        matrices[:, :2, :2] /= scale.reshape(-1, 1, 1)
        rows, columns = (down * height).reshape(-1, 1), (right * width).reshape(-1, 1)
        matrices[:, :2, 2] = -(matrices[:, :2, 0] * rows + matrices[:, :2, 1] * columns)
    if not np.isfinite(matrices).all():
        raise ArgumentError(
            "Parameters of an affine matrix must be finite, the scale not 0 and shears between -90 "
            "and 90 degrees."
        )
    matrices = about_center(matrices, height, width)
    return matrices if lengths else matrices[0]


def check_parameter(name: str, value: Any) -> np.ndarray:
    """Return one number, or a number for each image, as a float64 array () or (N,)."""
    numbers = raw(value)
    if isinstance(numbers, (list, tuple)):
        return np.array([check_number(name, number) for number in numbers], dtype=np.float64)
    if not isinstance(numbers, np.ndarray) or not numbers.ndim:
        return np.array(check_number(name, numbers))
    if numbers.ndim != 1:
        raise ArgumentError(
            f"{name} must be a number or of shape (N,), got {numbers.shape}.", argument=name
        )
    return numbers.astype(np.float64, copy=False)


def rotation_matrix(degrees: Any, height: int, width: int) -> np.ndarray:
    """Matrices that turn images counter-clockwise (on the screen) about their centre.

    The centre is ((height − 1)/2, (width − 1)/2).  With row r and column c counted from there, the
    point (r, c) of the output shows the point of the input at

        (cos a · r + sin a · c,  −sin a · r + cos a · c).

    Multiples of 90° are exact: a square image is then only rearranged.

    Args:
        degrees: one angle a, or (N,) angles as an array or a list.
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
    return affine_matrix(height, width, degrees=degrees)


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


def tangent(degrees: np.ndarray) -> np.ndarray:
    """Return the tangent of angles in degrees; infinite at ±90°."""
    cos, sin = cosine_and_sine(degrees)
    return sin / cos
