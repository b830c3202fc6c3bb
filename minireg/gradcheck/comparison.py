"""Comparison: the gradients of a subject, and the slopes that they are compared with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from ..autograd import raw
from ..checks import check_count, check_number
from ..errors import ArgumentError
from .contract import check_contract, check_value, copy_gradients, find_aliases
from .differences import Direction, move_beside
from .evidence import Evidence
from .finding import Finding
from .slopes import Point, Slopes, as_directions
from .subject import EarlyVerdict, Subject, as_numbers, to_host

# A backward pass is linear: a times the upstream gradient gives a times the gradient.  Powers of
# two scale without rounding.
FACTORS = (0.0, -(2.0**40), 2.0**40, 2.0**-40)
NEARBY = 1e-3  # relative to |x|
TINY = np.finfo(np.float64).tiny


@dataclass(frozen=True)
class Settings:
    """How to check: see `check_gradients`; `special`: at a point of special values."""

    gradient: Any = None
    seed: int = 0
    entries: int = 256
    directions: int = 4
    tolerance: float = 1e-7
    special: bool = False

    def __post_init__(self) -> None:
        check_count("seed", self.seed, minimum=0)
        check_count("entries", self.entries)
        check_count("directions", self.directions, minimum=0)
        check_number("tolerance", self.tolerance, minimum=0)


def draw_upstream(random: np.random.Generator, size: int) -> np.ndarray:
    """Draw numbers of both signs: with ones, φ of a softmax would be constant, and mistakes could
    stay hidden.  No number is near 0, so that every output counts.  The gradient of a single
    number is shown as it is, for u = 1."""
    if size == 1:
        return np.ones(1)
    return random.choice([-1.0, 1.0], size) * random.uniform(0.5, 1.5, size)


class Comparison:
    """What is compared in one check of one subject."""

    def __init__(self, subject: Subject, settings: Settings) -> None:
        __tracebackhide__ = True
        self.subject, self.settings, self.start = subject, settings, subject.start
        self.random = np.random.default_rng(settings.seed)
        self.value = self.evaluate()
        self.probe = partial(subject.probe, size=self.value.size)
        self.upstream = self.choose_upstream()
        check_contract(subject, self.upstream)
        forward_pass = subject.run(self.start)
        returned = subject.differentiate(forward_pass, self.upstream)
        self.cut, self.returned = subject.cut, copy_gradients(returned)
        self.aliases = find_aliases(subject, returned)
        scaled = {a: subject.differentiate(forward_pass, a * self.upstream) for a in FACTORS}
        self.findings = []
        for i, (x, gradient) in enumerate(zip(subject.inputs, returned)):
            u = self.upstream.reshape(x.shape) if subject.shapes == [x.shape] else None
            finding = Finding(x, self.start, gradient, settings.tolerance, u)
            finding.scaled = {a: as_numbers(gradients[i]) for a, gradients in scaled.items()}
            self.findings.append(finding)
        self.point = Point(self.probe, self.start, self.value, self.upstream, self.random)
        for finding in self.findings:
            finding.rounding = self.point.rounding

    def evaluate(self) -> np.ndarray:
        """Return f at the given inputs; raise if it is not finite, or differs between calls."""
        __tracebackhide__ = True
        value = self.subject.value(self.start)
        if value.size == 0 or self.start.size == 0:
            empty = "the output" if value.size == 0 else "every input"
            raise EarlyVerdict("cannot tell", f"there is nothing to compare: {empty} is empty.")
        if not np.isfinite(value).all():
            i = int(np.argmin(np.isfinite(value)))
            raise EarlyVerdict(
                "cannot tell",
                f"it is not finite at the given inputs: entry {i} of its flattened output is "
                f"{value[i]}. Choose other inputs.",
            )
        check_value(self.subject, value)
        return value

    def choose_upstream(self) -> np.ndarray:
        """Return the upstream gradient of all outputs as one vector."""
        shapes, gradient = self.subject.shapes, self.settings.gradient
        if gradient is None:
            return draw_upstream(self.random, self.value.size)
        parts = gradient if len(shapes) > 1 else [gradient]
        hosts = [np.asarray(to_host(raw(part)), dtype=np.float64) for part in parts]
        if [host.shape for host in hosts] != shapes:
            raise ArgumentError(
                f"gradient must have the shape of the output, {shapes}, got "
                f"{[host.shape for host in hosts]}.",
                argument="gradient",
            )
        return np.concatenate([host.ravel() for host in hosts])

    # -- one input ---------------------------------------------------------------------------------

    def compare_all(self, finding: Finding) -> None:
        part = finding.input.part
        self.compare(finding, np.arange(part.start, part.stop))

    def compare(self, finding: Finding, places: np.ndarray) -> None:
        finding.add(places, self.point.find_slopes(as_directions(places)))
        self.point.widen(as_directions(finding.places), finding.slopes, finding.is_hidden)

    def compare_samples(self, finding: Finding) -> None:
        """Compare some entries of a large input, and directions through all of its entries."""
        part, settings = finding.input.part, self.settings
        every = np.arange(part.start, part.stop)
        self.compare(finding, np.sort(self.random.choice(every, settings.entries, replace=False)))
        # A direction through many kinks at once would tell nothing, so it starts beside them.
        point = self.move_beside()
        if point is None or not finding.comparable:
            return
        gradient = self.evaluate_gradient(point.z)

        def excess(directions: list[Direction]) -> np.ndarray:
            """Return deviations in units of what is allowed; −1 where there is no slope."""
            slopes = point.find_slopes(directions)
            outside = slopes.outside(np.array([d.slope(gradient) for d in directions]))
            slack = np.maximum(finding.slack(slopes), TINY)  # 0 if the outputs stay 0
            return np.where(slopes.settled & ~slopes.kink, outside / slack, -1)

        scale = np.maximum(1, np.abs(point.z[part])) / np.sqrt(every.size)
        for _ in range(settings.directions):
            direction = Direction(every, scale * self.random.choice([-1.0, 1.0], every.size))
            ratio = excess([direction])[0]
            finding.directions += int(ratio >= 0)
            if ratio > 1 and not finding.is_wrong.any():
                self.narrow_down(finding, direction, excess)

    def narrow_down(self, finding: Finding, direction: Direction, excess: Callable) -> None:
        """Halve a direction in which the gradient is wrong until a single entry is left."""
        while direction.where.size > 1:
            middle = direction.where.size // 2
            halves = [
                Direction(direction.where[half], direction.weight[half])
                for half in (slice(middle), slice(middle, None))
            ]
            direction = halves[int(np.argmax(excess(halves)))]
        self.compare(finding, np.setdiff1d(direction.where, finding.places))
        if not finding.is_wrong.any():
            finding.why = (
                "is wrong along a random direction through all its entries, although each compared "
                "entry is right: compare more entries (entries=)"
            )

    def look_far(self, finding: Finding) -> None:
        """Move the entries whose gradient is zero far away together: it may have been forgotten."""
        s = finding.slopes
        zero = s.settled & ~s.kink & finding.is_zero & finding.comparable
        if not zero.any():
            return
        where = finding.places[zero]
        weight = np.maximum(1, np.abs(self.start[where])) * draw_upstream(self.random, where.size)
        bound = float(s.error[zero] @ np.abs(weight))
        claimed = float(finding.claimed[zero] @ weight)
        finding.far_slope = self.point.find_far_slope(Direction(where, weight), claimed, bound)

    def collect_evidence(self) -> Evidence:
        """Return what was measured at this point."""
        found = self.findings
        return Evidence(
            self.subject,
            self.start,
            self.upstream,
            numeric=tuple(f.numeric for f in found),
            low=tuple(f.spread(f.slopes.low) for f in found),
            high=tuple(f.spread(f.slopes.high) for f in found),
            tolerance=tuple(f.spread(f.slack(f.slopes)) for f in found),
        )

    # -- all inputs --------------------------------------------------------------------------------

    def move_beside(self) -> Point | None:
        """Return f at a point nearby that is on no kink, as every coordinate is moved a little;
        None where f is not finite."""
        z = move_beside(self.start, NEARBY, self.random)
        value = self.probe(z)
        if not np.isfinite(value).all():
            return None
        return Point(self.probe, z, value, self.upstream, self.random)

    def evaluate_gradient(self, z: np.ndarray) -> np.ndarray:
        """Return the gradients at z; NaN for what is not a gradient."""
        whole = np.full(z.size, np.nan)
        for x, returned in zip(self.subject.inputs, self.subject.gradients(z, self.upstream)):
            gradient = as_numbers(returned)
            if gradient is not None and gradient.shape == x.shape:
                whole[x.part] = gradient.ravel()
        return whole

    def compare_directions(
        self, point: Point, directions: Sequence[Direction], gradient: np.ndarray
    ) -> tuple[Slopes, np.ndarray]:
        """Return the slopes at a point, and for which of them the gradient there is wrong."""
        slopes = point.find_slopes(directions)
        claimed = np.array([direction.slope(gradient) for direction in directions])
        slack = np.max([finding.slack(slopes) for finding in self.findings], axis=0)
        return slopes, slopes.settled & ~(slopes.outside(claimed) <= slack)
