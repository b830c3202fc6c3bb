"""Where several kinks meet in one point, entries cannot be compared one by one.

Clarke (1983), "Optimization and nonsmooth analysis", theorem 2.5.1: at a kink, every limit of
derivatives nearby is a valid derivative, and so is anything between them.  One-sided slopes along
the axes are some of these limits; they are enough where there is only one kink.

Bolte and Pauwels (2020), "A mathematical model for automatic differentiation in machine learning",
NeurIPS: chaining such derivatives does not always give a derivative of the whole function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .differences import Direction, find_kinked_outputs, measure_size
from .slopes import Point, Slopes

WRONG = "wrong"  # also wrong nearby: the reason is not a kink
VALID = "valid"  # kinks meet here, and the gradient is between the slopes nearby
MEETING = "meeting"  # kinks meet here, and the gradient is not between the slopes nearby
ONLY_HERE = "only here"  # wrong here, but right nearby, where the slopes are the same as here
NEARBY = 1e-3  # relative to |x|
POINTS = 12


def find_ties(point: Point, places: Sequence[int], steps: Sequence[float]) -> list[Direction]:
    """Return directions that move together all entries whose kinks meet in the same output.

    At a tie of max, each entry alone may have any derivative from 0 to 1, but their sum must be 1.
    """
    groups: list[tuple[list[int], np.ndarray]] = []  # (entries, outputs that have their kinks)
    for i, h in zip(places, steps):
        outputs = find_kinked_outputs(point.function, point.z, point.value, point.noise, i, h)
        members = [i]
        for other in [group for group in groups if (group[1] & outputs).any()]:
            groups.remove(other)
            members, outputs = other[0] + members, other[1] | outputs
        groups.append((members, outputs))
    found = []
    for members, _ in groups:
        if len(members) > 1:
            where = np.array(members)
            scale = max(1.0, float(np.abs(point.z[where]).max()))
            found.append(Direction(where, np.full(where.size, scale)))
    return found


def move_beside(z: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return a point near z that is on no kink: every coordinate is moved a little."""
    size = np.where(z == 0, measure_size(z), np.abs(z))
    return z + NEARBY * size * random.uniform(-1, 1, z.size)


def compare_nearby(
    make_point: Callable[[np.ndarray], Point | None],
    gradient: Callable[[np.ndarray], np.ndarray],
    z: np.ndarray,
    directions: Sequence[Direction],
    here: Slopes,
    claimed: np.ndarray,
    slack: Callable[[Slopes], np.ndarray],
    random: np.random.Generator,
) -> list[tuple[str, list[float]]]:
    """Compare slopes at points nearby along each direction whose slope at z looks wrong.

    Args:
        make_point: returns the function at another point; None where it is not finite.
        gradient: returns the gradient of the backward pass at another point.
        here: the slopes at z.
        claimed: the same slopes according to the backward pass.
        slack: returns the accepted deviations from slopes.

    Returns:
        For each direction, one of the four kinds above, and the slopes nearby.
    """
    kinds = [WRONG] * len(directions)
    found: list[list[float]] = [[] for _ in directions]
    right_so_far = np.arange(len(directions))
    for _ in range(POINTS):
        if right_so_far.size == 0:
            break
        nearby = move_beside(z, random)
        if (point := make_point(nearby)) is None:
            continue
        chosen = [directions[i] for i in right_so_far.tolist()]
        slopes, theirs = point.find_slopes(chosen), gradient(nearby)
        yours = np.array([direction.slope(theirs) for direction in chosen])
        right = ~slopes.settled | (slopes.outside(yours) <= slack(slopes))
        for k in np.flatnonzero(right & slopes.settled):
            found[right_so_far[k]] += [float(slopes.low[k]), float(slopes.high[k])]
        right_so_far = right_so_far[right]
    for i in right_so_far:
        if found[i]:
            kinds[i] = classify(claimed[i], here.low[i], here.high[i], np.array(found[i]))
    return list(zip(kinds, found))


def classify(claimed: float, low: float, high: float, nearby: np.ndarray) -> str:
    """Return the kind of a gradient that is right nearby, where the slopes are `nearby`.

    Args:
        low, high: the one-sided slopes here.
    """
    # The slope of a smooth function changes by about NEARBY between here and there.
    change = 10 * NEARBY * max(abs(low), abs(high), np.ptp(nearby))
    if np.all(np.minimum(np.abs(nearby - low), np.abs(nearby - high)) <= change):
        return ONLY_HERE
    return VALID if min(low, nearby.min()) <= claimed <= max(high, nearby.max()) else MEETING
