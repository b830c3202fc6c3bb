"""Where several kinks meet in one point, entries cannot be judged one by one.

Clarke (1983), "Optimization and nonsmooth analysis", theorem 2.5.1: at a kink, every limit of
derivatives nearby is a valid derivative, and so is anything between them.  One-sided slopes along
the axes are a part of these limits, enough where a single kink is hit.

Bolte and Pauwels (2020), "A mathematical model for automatic differentiation in machine learning",
NeurIPS: chaining such derivatives does not always give one of the whole function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .differences import Direction, kinked_outputs, typical_size
from .slopes import Point

WRONG = "wrong"  # it is wrong nearby, too: no kink is to blame
VALID = "valid"  # a value between the slopes nearby
MEETING = "meeting"  # kinks meet, and no slope like this was seen
ONLY_HERE = "only here"  # right nearby, where the function is smooth, and wrong in this point
NEARBY = 1e-3  # relative to |x|
POINTS = 12


def tied(point: Point, places: Sequence[int], steps: Sequence[float]) -> list[Direction]:
    """Directions that move all those entries together whose kinks meet in the same output.

    At a tie of max, each entry alone may have any derivative from 0 to 1; together they have 1.
    """
    groups: list[tuple[list[int], np.ndarray]] = []  # (entries, the outputs that have their kink)
    for i, h in zip(places, steps):
        outputs = kinked_outputs(point.function, point.z, point.value, point.noise, i, h)
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


@dataclass
class Opinion:
    """What the neighbourhood says about one slope, and the interval of slopes there."""

    kind: str
    low: float = np.inf
    high: float = -np.inf


def second_opinion(
    at: Callable[[np.ndarray], Point | None],
    gradient: Callable[[np.ndarray], np.ndarray],
    z: np.ndarray,
    directions: Sequence[Direction],
    claimed: np.ndarray,
    tolerance: float,
    random: np.random.Generator,
) -> list[Opinion]:
    """One opinion on each direction, whose slope at z was said to be `claimed` and looks wrong.

    Args:
        at: the function at another place; None where it is not finite.
        gradient: what the backward pass says at another place.
    """
    opinions = [Opinion(WRONG) for _ in directions]
    asked = np.arange(len(directions))
    size = np.where(z == 0, typical_size(z), np.abs(z))
    for _ in range(POINTS):
        nearby = z + NEARBY * size * random.uniform(-1, 1, z.size)
        if asked.size == 0 or (point := at(nearby)) is None:
            continue
        chosen = [directions[i] for i in asked.tolist()]
        slopes, theirs = point.slopes(chosen), gradient(nearby)
        yours = np.array([direction.slope(theirs) for direction in chosen])
        right = ~slopes.settled | (slopes.outside(yours) <= slopes.slack(tolerance))
        for k in np.flatnonzero(right & slopes.settled):
            opinion = opinions[asked[k]]
            opinion.low = min(opinion.low, slopes.low[k])
            opinion.high = max(opinion.high, slopes.high[k])
        asked = asked[right]
    for i in asked:
        opinions[i].kind = judged(claimed[i], opinions[i].low, opinions[i].high)
    return opinions


def judged(claimed: float, low: float, high: float) -> str:
    """What to think of a slope at a point, if nearby the slopes are right and in [low, high]."""
    width = high - low
    if not width >= 0:
        return WRONG  # no slope was found nearby
    slack = 1e-2 * width  # the extreme slopes were only sampled
    if low - slack <= claimed <= high + slack:
        return VALID
    return MEETING if width > 0.1 * max(low - claimed, claimed - high) else ONLY_HERE
