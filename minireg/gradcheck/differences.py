"""Finite differences with one step h: slopes, and how far they can be trusted.

Everything here is computed on the host in float64.  All inputs of a function are joined into one
vector z, all outputs into another.  The slopes are those of φ(z) = Σⱼ uⱼ fⱼ(z), which is what a
backward pass differentiates when its upstream gradient is u.

Taylor's theorem, along one direction, with the error terms at the right:

    central(h) = (f(z + h) − f(z − h)) / 2h                    + h²/6 f‴
    right(h)   = (f(z + h) − f(z)) / h                         + h/2 f″
    (4 central(h/2) − central(h)) / 3                          + O(h⁴)
    2 right(h/2) − right(h)                                    − h²/12 f‴, the same for left

The last two are Richardson's extrapolation.  Where f is smooth, right and left then agree to O(h³);
at a kink they differ by a constant.  This is how kinks are detected.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

EPSILON, TINY = 2.0**-52, 2.0**-1074
# In units of noise / h.  Extrapolation multiplies the noise of f by 3 in a slope and by 16 in the
# difference of right and left; the rest is a margin, as the noise is only known to a factor of 2.
ROUNDING, KINK, UNMOVED = 30, 50, 3
NUMBERS_AT_ONCE = 2**20  # the largest number of values of f that are held in memory

Function = Callable[[np.ndarray], np.ndarray]


@dataclass
class Direction:
    """The line z[where] + t · weight.  A coordinate has an integer `where` and the weight 1."""

    where: Any
    weight: Any = 1.0

    def slope(self, gradient: np.ndarray) -> float:
        """Return the slope along this direction according to `gradient`, a vector like z."""
        return float(np.sum(gradient[self.where] * self.weight))

    def reach(self, z: np.ndarray) -> float:
        """Return the largest |x| of the entries that are moved."""
        return float(np.max(np.abs(z[self.where]), initial=0))


@dataclass
class Differences:
    """The differences of φ along n directions, each with one step: arrays of length n.

    Where f is not finite, `roughness` is infinite and the others are NaN.

    Attributes:
        value: the two-sided slope.
        low, high: bounds, from the one-sided slopes of the outputs that seem to have a kink.
        size: Σⱼ |uⱼ dfⱼ|, the sum of the absolute terms of `value`.
        rounding: a bound of the rounding error.
        still: the part of `rounding` that is due to outputs that did not move at all.
        roughness: the disagreement between h and h/2, and at kinks between left and right.
        kinked: whether some output seems to have a kink.
        step: h.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    size: np.ndarray
    rounding: np.ndarray
    still: np.ndarray
    roughness: np.ndarray
    kinked: np.ndarray
    step: np.ndarray

    def __getitem__(self, which: Any) -> Differences:
        return Differences(**{name: column[which] for name, column in vars(self).items()})


def take_differences(
    function: Function,
    z: np.ndarray,
    value: np.ndarray,
    upstream: np.ndarray,
    noise: np.ndarray,
    directions: Sequence[Direction],
    steps: np.ndarray,
) -> Differences:
    """Compute slopes from f(z ± h) and f(z ± h/2) along each direction, each with its own h.

    Args:
        function: f, from a vector to a new vector.
        z: (n,) the point.
        value, upstream, noise: (m,) f(z), u, and the result of `estimate_noise`.
    """
    at_once = max(1, NUMBERS_AT_ONCE // (4 * value.size))
    moved = z.copy()
    parts = []
    for first in range(0, len(directions), at_once):
        some = slice(first, first + at_once)
        values = [sample(function, moved, d, h) for d, h in zip(directions[some], steps[some])]
        reach = np.array([direction.reach(z) for direction in directions[some]])
        parts.append(combine(np.stack(values), value, upstream, noise, steps[some], reach))
    columns = zip(*(vars(part).values() for part in parts))
    return Differences(*(np.concatenate(column) for column in columns))


def sample(function: Function, moved: np.ndarray, direction: Direction, h: float) -> np.ndarray:
    """Return f at +h, +h/2, −h/2 and −h: (4, m).  `moved` equals z before and after."""
    where, weight = direction.where, direction.weight
    kept = np.copy(moved[where])
    rows = []
    for t in (h, h / 2, -h / 2, -h):
        moved[where] = kept + t * weight
        rows.append(function(moved))
    moved[where] = kept
    return np.stack(rows)


def take_central(
    function: Callable[[np.ndarray], Any], z: np.ndarray, where: Any, weight: Any, h: float
) -> Any:
    """Return the central difference of a function along a line, without a bound of its error."""
    values = []
    for t in (h, -h):
        moved = z.copy()
        moved[where] += t * weight
        values.append(function(moved))
    with np.errstate(all="ignore"):
        return (values[0] - values[1]) / (2 * h)


def combine(
    values: np.ndarray,
    value: np.ndarray,
    upstream: np.ndarray,
    noise: np.ndarray,
    h: np.ndarray,
    reach: np.ndarray,
) -> Differences:
    """Apply the formulas at the top of this file to k directions and m outputs.

    Args:
        values: (k, 4, m) f at +h, +h/2, −h/2, −h.
        value, upstream, noise: (m,).
        h, reach: (k,).
    """
    step, weight = h[:, None], np.abs(upstream)
    with np.errstate(all="ignore"):  # values that are not finite are handled at the end
        moves = values - value
        right_h, right_half = moves[:, 0] / step, 2 * moves[:, 1] / step
        left_half, left_h = -2 * moves[:, 2] / step, -moves[:, 3] / step
        wide, narrow = (right_h + left_h) / 2, (right_half + left_half) / 2
        central = (4 * narrow - wide) / 3
        right, left = 2 * right_half - right_h, 2 * left_half - left_h

        floor = np.maximum(EPSILON * np.abs(values).max(axis=1), TINY) / step
        sigma = np.maximum(noise / step, floor)
        moved = (moves != 0).any(axis=1)
        noises = weight * sigma
        # Outputs that do not move are constant, or move by less than their rounding.  The errors of
        # the other outputs may have a common origin, so they are added up.
        unit = np.maximum(noises.max(axis=1, keepdims=True), TINY)  # their squares may underflow
        still = UNMOVED * np.sqrt(((noises / unit * ~moved) ** 2).sum(axis=1)) * unit[:, 0]
        rounding = ROUNDING * (noises * moved).sum(axis=1) + still
        jump = np.abs(right - left)
        kinked = jump > KINK * sigma
        # Each output may have a kink of its own, where its derivative is any value between left
        # and right.
        sides, both = (upstream * right, upstream * left), upstream * central
        low = np.where(kinked, np.minimum(*sides), both).sum(axis=1)
        high = np.where(kinked, np.maximum(*sides), both).sum(axis=1)
        size = np.abs(central) @ weight
        rounding += 2 * size * EPSILON * reach / h  # z + h is rounded, too
        roughness = np.abs(narrow - wide) @ weight + (jump * kinked) @ weight
        finite = np.isfinite(moves).all(axis=(1, 2)) & np.isfinite(roughness)
        numbers = (central @ upstream, low, high, size, rounding, still)
        value, low, high, size, rounding, still = (np.where(finite, x, np.nan) for x in numbers)
        roughness, kink = np.where(finite, roughness, np.inf), kinked.any(axis=1)
        return Differences(value, low, high, size, rounding, still, roughness, kink, h)


def find_kinked_outputs(
    function: Function, z: np.ndarray, value: np.ndarray, noise: np.ndarray, i: int, h: float
) -> np.ndarray:
    """Return which outputs have a kink along coordinate i: (m,) booleans."""
    values = sample(function, z.copy(), Direction(i), h)
    sigma = np.maximum(noise, EPSILON * np.abs(values).max(axis=0))
    # h · (right − left), with the terms of f(z) collected
    jump = 4 * (values[1] + values[2]) - (values[0] + values[3]) - 6 * value
    return np.abs(jump) > KINK * sigma


def estimate_noise(
    function: Function, z: np.ndarray, value: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Estimate the rounding error of each output, as a standard deviation: (m,).

    f is computed at eight nearby points of a line.  Its third to fifth differences would vanish
    without rounding, so what is left is noise; a difference of order k multiplies its variance
    by the binomial coefficient (2k, k).  Four lines are used: on one, the distance of the points
    may be nearly a whole number of rounding steps, and the noise is then not seen.

    Moré and Wild (2011), "Estimating computational noise", SIAM J. Sci. Comput. 33(3).
    """
    noise = EPSILON * np.abs(value)
    for _ in range(4):
        # Move away from 0, so that log and √ stay defined and kinks at 0 are not crossed.
        line = np.where(z == 0, measure_size(z), z) * random.uniform(0.5e-6, 1e-6, z.size)
        points = np.stack([function(z + t * line) for t in range(10, 18)])
        with np.errstate(all="ignore"):
            variances = [
                (np.diff(points, n=k, axis=0) ** 2).mean(axis=0) / math.comb(2 * k, k)
                for k in (3, 4, 5)
            ]
            estimate = np.sqrt(np.min(variances, axis=0))
        noise = np.maximum(noise, np.where(np.isfinite(estimate), estimate, 0))
    return noise


def move_beside(z: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    """Return a point nearby: every coordinate is moved by at most this share of its size."""
    size = np.where(z == 0, measure_size(z), np.abs(z))
    return z + share * size * random.uniform(-1, 1, z.size)


def measure_size(z: np.ndarray) -> float:
    """Return the mean |x| of the entries that are not 0; 1 if all are 0."""
    nonzero = np.abs(z[z != 0])
    return float(nonzero.mean()) if nonzero.size else 1.0
