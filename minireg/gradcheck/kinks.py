"""Where several kinks meet in one point, entries cannot be judged one by one.

Clarke (1983), "Optimization and nonsmooth analysis", theorem 2.5.1: at a kink, every limit of
derivatives nearby is a valid derivative, and so is anything between them.  One-sided slopes along
the axes are a part of these limits, enough where a single kink is hit.

Bolte and Pauwels (2020), "A mathematical model for automatic differentiation in machine learning",
NeurIPS: chaining such derivatives does not always give one of the whole function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from .differences import Direction, kinked_outputs, typical_size
from .slopes import Point, Slopes

WRONG = "wrong"  # nearby, too: no kink is to blame
VALID = "valid"  # kinks meet here, and it lies between the slopes nearby
MEETING = "meeting"  # kinks meet here, and no slope like it was seen
ONLY_HERE = "only here"  # right nearby, where all slopes are as they are here, and wrong here
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


def beside(z: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A place near z, on no kink: in every coordinate a little off."""
    size = np.where(z == 0, typical_size(z), np.abs(z))
    return z + NEARBY * size * random.uniform(-1, 1, z.size)


@dataclass
class Opinion:
    """What the neighbourhood says about one slope that looks wrong.

    Attributes:
        kind: one of the four above.
        nearby: the slopes there.
    """

    kind: str
    nearby: list[float] = field(default_factory=list)


def second_opinion(
    at: Callable[[np.ndarray], Point | None],
    gradient: Callable[[np.ndarray], np.ndarray],
    z: np.ndarray,
    directions: Sequence[Direction],
    here: Slopes,
    claimed: np.ndarray,
    slack: Callable[[Slopes], np.ndarray],
    random: np.random.Generator,
) -> list[Opinion]:
    """One opinion on each direction, whose slope at z was said to be `claimed` and looks wrong.

    Args:
        at: the function at another place; None where it is not finite.
        gradient: what the backward pass says at another place.
        here: the slopes at z.
        slack: by how much a gradient may miss slopes.
    """
    opinions = [Opinion(WRONG) for _ in directions]
    asked = np.arange(len(directions))
    for _ in range(POINTS):
        if asked.size == 0:
            break
        nearby = beside(z, random)
        if (point := at(nearby)) is None:
            continue
        chosen = [directions[i] for i in asked.tolist()]
        slopes, theirs = point.slopes(chosen), gradient(nearby)
        yours = np.array([direction.slope(theirs) for direction in chosen])
        right = ~slopes.settled | (slopes.outside(yours) <= slack(slopes))
        for k in np.flatnonzero(right & slopes.settled):
            opinions[asked[k]].nearby += [float(slopes.low[k]), float(slopes.high[k])]
        asked = asked[right]
    for i in asked:
        if opinions[i].nearby:
            found = np.array(opinions[i].nearby)
            opinions[i].kind = judged(claimed[i], here.low[i], here.high[i], found)
    return opinions


def judged(claimed: float, low: float, high: float, nearby: np.ndarray) -> str:
    """What to think of a gradient that is right nearby, where the slopes are `nearby`.

    Args:
        low, high: the one-sided slopes here.
    """
    # A smooth function changes its slope by about NEARBY between here and there.
    change = 10 * NEARBY * max(abs(low), abs(high), np.ptp(nearby))
    if np.all(np.minimum(np.abs(nearby - low), np.abs(nearby - high)) <= change):
        return ONLY_HERE
    return VALID if min(low, nearby.min()) <= claimed <= max(high, nearby.max()) else MEETING
