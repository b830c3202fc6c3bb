"""Evidence: what was measured at one point, for programs that look for a correction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .slopes import Point, as_directions
from .subject import EarlyVerdict, Subject

TOLERANCE = 1e-7  # relative, as in check_gradients
SAMPLE = 64  # of a larger input, so many entries are measured


@dataclass(frozen=True, eq=False)
class Evidence:
    """The numeric gradients at one point; a right backward pass agrees with them.

    Attributes:
        subject: what was checked; `subject.gradients(z, upstream)` runs it.
        z: the vector of all differentiable inputs.
        upstream: the vector of the upstream gradient of all outputs.
        numeric: for each input the gradient from finite differences, NaN where it is unknown.
        low, high: for each input the bounds of valid values: they differ at kinks.
        tolerance: for each input by how much an entry may be outside of these bounds.
    """

    subject: Subject
    z: np.ndarray
    upstream: np.ndarray
    numeric: tuple[np.ndarray, ...]
    low: tuple[np.ndarray, ...]
    high: tuple[np.ndarray, ...]
    tolerance: tuple[np.ndarray, ...]


def measure(
    subject: Subject, z: np.ndarray, upstream: np.ndarray, random: np.random.Generator
) -> tuple[Evidence, ...]:
    """Measure the numeric gradients at a point; nothing where the function has no finite value."""
    try:
        value = subject.value(z)
    except EarlyVerdict:
        return ()
    if not np.isfinite(value).all() or value.size != upstream.size:
        return ()
    point = Point(subject.value, z, value, upstream, random)
    columns: dict[str, list[np.ndarray]] = {"value": [], "low": [], "high": [], "slack": []}
    for x in subject.inputs:
        every = np.arange(x.part.start, x.part.stop)
        few = every if every.size <= 4 * SAMPLE else random.choice(every, SAMPLE, replace=False)
        slopes = point.find_slopes(as_directions(few))
        rows = {**vars(slopes), "slack": slopes.slack(TOLERANCE)}
        for name, column in columns.items():
            whole = np.full(z.size, np.nan)
            whole[few] = np.where(slopes.settled, rows[name], np.nan)
            column.append(x.of(whole))
    return (Evidence(subject, z, upstream, *map(tuple, columns.values())),)
