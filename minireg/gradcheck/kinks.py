"""Where several kinks meet in one point, entries cannot be compared one by one.

Clarke (1983), "Optimization and nonsmooth analysis", theorem 2.5.1: at a kink, every limit of
derivatives nearby is a valid derivative, and so is anything between them.  One-sided slopes along
the axes are some of these limits; they are enough where there is only one kink.

Bolte and Pauwels (2020), "A mathematical model for automatic differentiation in machine learning",
NeurIPS: chaining such derivatives does not always give a derivative of the whole function.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .cause import make_cause
from .comparison import NEARBY, Comparison
from .differences import Direction, find_kinked_outputs
from .slopes import Point, as_directions

WRONG = "wrong"  # also wrong nearby: the reason is not a kink
VALID = "valid"  # kinks meet here, and the gradient is between the slopes nearby
MEETING = "meeting"  # kinks meet here, and the gradient is not between the slopes nearby
ONLY_HERE = "only here"  # wrong here, but right nearby, where the slopes are the same as here
POINTS = 12
RECHECKED = 32  # at most this many wrong entries of an input are compared nearby, too


def recheck_nearby(comparison: Comparison) -> None:
    """Compare what looks wrong here at points nearby, too: kinks may meet at this point."""
    findings = comparison.findings
    if not all(finding.comparable for finding in findings):
        return
    gradient = np.concatenate([np.ravel(f.yours) for f in findings])  # type: ignore[arg-type]
    ties = find_wrong_ties(comparison, gradient)
    finite = [(f, f.worst[np.isfinite(f.claimed[f.worst])]) for f in findings]
    doubtful = [(f, k) for f, worst in finite for k in worst[:RECHECKED]]
    directions = [*as_directions(f.places[k] for f, k in doubtful), *ties]
    nearby = compare_nearby(comparison, directions, gradient)
    for (finding, k), (kind, found) in zip(doubtful, nearby):
        if kind == VALID:
            valid, slopes = [*found, finding.claimed[k]], finding.slopes
            slopes.kink[k], slopes.low[k], slopes.high[k] = True, min(valid), max(valid)
        elif kind == MEETING:
            finding.slopes.settled[k] = False
        elif kind == ONLY_HERE:
            evidence = (
                "max, abs or where has a kink at exactly this point, and its derivative there "
                "does not give a derivative of the whole function: at points nearby, the "
                "gradient is right"
            )
            finding.causes = (make_cause("missing-chain-factor", evidence),)
    for tie, (kind, _) in zip(ties, nearby[len(doubtful) :]):
        if kind not in (VALID, MEETING):
            describe_tie(comparison, tie, gradient)


def find_wrong_ties(comparison: Comparison, gradient: np.ndarray) -> list[Direction]:
    """Return the ties (kinks that meet in one output) whose gradients are wrong together."""
    findings, point = comparison.findings, comparison.point
    places = np.concatenate([f.places[f.is_kink] for f in findings])
    steps = np.concatenate([f.slopes.step[f.is_kink] for f in findings])
    ties = find_ties(point, places.tolist(), steps.tolist())
    _, wrong = comparison.compare_directions(point, ties, gradient)
    return [tie for tie, is_wrong in zip(ties, wrong) if is_wrong]


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


def compare_nearby(
    comparison: Comparison, directions: Sequence[Direction], gradient: np.ndarray
) -> list[tuple[str, list[float]]]:
    """Compare slopes at points nearby along each direction whose slope here looks wrong.

    Returns:
        For each direction, one of the four kinds above, and the slopes nearby.
    """
    kinds = [WRONG] * len(directions)
    found: list[list[float]] = [[] for _ in directions]
    here = comparison.point.find_slopes(directions)
    right_so_far = np.arange(len(directions))
    for _ in range(POINTS):
        if right_so_far.size == 0:
            break
        if (point := comparison.move_beside()) is None:
            continue
        chosen = [directions[i] for i in right_so_far.tolist()]
        theirs = comparison.evaluate_gradient(point.z)
        slopes, wrong = comparison.compare_directions(point, chosen, theirs)
        for k in np.flatnonzero(slopes.settled & ~wrong):
            found[right_so_far[k]] += [float(slopes.low[k]), float(slopes.high[k])]
        right_so_far = right_so_far[~wrong]
    for i in right_so_far.tolist():
        if found[i]:
            claimed = directions[i].slope(gradient)
            kinds[i] = classify(claimed, here.low[i], here.high[i], np.array(found[i]))
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


def describe_tie(comparison: Comparison, tie: Direction, gradient: np.ndarray) -> None:
    """Write what is wrong with a tie into the finding of its first entry."""
    finding = next(f for f in comparison.findings if tie.where[0] in f.places)
    scale = tie.weight[0]
    names = [
        f"{x.name}[{', '.join(map(str, x.index(int(i))))}]"
        for i in tie.where[:4]
        for x in comparison.subject.inputs
        if x.part.start <= i < x.part.stop
    ]
    finding.why = (
        f"is wrong at a tie: when {', '.join(names)}{', ...' if tie.where[4:].size else ''} "
        f"move together, the slope is {comparison.point.find_slopes([tie]).value[0] / scale:.6g}, "
        f"and yours add up to {tie.slope(gradient) / scale:.6g}"
    )
    evidence = "each tied entry gets the whole gradient, or none does: share it"
    finding.causes = (make_cause("max-not-routed", evidence),)
