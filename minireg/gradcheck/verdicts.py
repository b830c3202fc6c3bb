"""From numbers to a verdict: what is compared, in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..autograd import raw
from ..checks import check_count, check_number
from ..errors import ArgumentError
from .causes import find_causes
from .differences import Direction
from .finding import SINGLE, Finding
from .kinks import MEETING, ONLY_HERE, VALID, compare_nearby, find_ties, move_beside
from .mismatch import Mismatch
from .report import Report, describe_method, join_verdicts
from .slopes import Point, Slopes, as_directions
from .subject import EarlyVerdict, Subject, as_numbers, is_close, to_host

# A backward pass is linear: a times the upstream gradient gives a times the gradient.  Powers of
# two scale without rounding.
FACTORS = (0.0, -(2.0**40), 2.0**40, 2.0**-40)
RECHECKED = 32  # at most this many wrong entries of an input are compared nearby, too
CHANGING = (
    "it gives different values for the same inputs. If it draws random numbers (dropout), pass it "
    "the mask, or a seed that it starts from in every call, or use evaluation mode; if it keeps "
    "state, reset it in every call."
)


@dataclass(frozen=True)
class Settings:
    """How to check: see `check_gradients`."""

    gradient: Any = None
    seed: int = 0
    entries: int = 256
    directions: int = 4
    tolerance: float = 1e-7

    def __post_init__(self) -> None:
        check_count("seed", self.seed, minimum=0)
        check_count("entries", self.entries)
        check_count("directions", self.directions, minimum=0)
        check_number("tolerance", self.tolerance, minimum=0)


def find_verdict(subject: Subject, settings: Settings) -> Report:
    """Check a subject, and restore everything that the check changes."""
    __tracebackhide__ = True
    try:
        with subject:
            return Check(subject, settings).report()
    except EarlyVerdict as early:
        notes = (f"seed {settings.seed}",)
        return Report(early.verdict, subject.name, early.why, (), notes, settings.seed)


def draw_upstream(random: np.random.Generator, size: int) -> np.ndarray:
    """Draw numbers of both signs: with ones, φ of a softmax would be constant, and mistakes could
    stay hidden.  No number is near 0, so that every output counts.  The gradient of a single
    number is shown as it is, for u = 1."""
    if size == 1:
        return np.ones(1)
    return random.choice([-1.0, 1.0], size) * random.uniform(0.5, 1.5, size)


class Check:
    """One check of one subject."""

    def __init__(self, subject: Subject, settings: Settings) -> None:
        __tracebackhide__ = True
        self.subject, self.settings, self.start = subject, settings, subject.start
        self.random = np.random.default_rng(settings.seed)
        self.value = self.evaluate()
        self.upstream = self.choose_upstream()
        subject.check_contract(self.upstream)
        forward_pass = subject.run(self.start)
        returned = subject.differentiate(forward_pass, self.upstream)
        self.cut = subject.cut
        scaled = {a: subject.differentiate(forward_pass, a * self.upstream) for a in FACTORS}
        self.findings = []
        for i, (x, gradient) in enumerate(zip(subject.inputs, returned)):
            u = self.upstream.reshape(x.shape) if subject.shapes == [x.shape] else None
            finding = Finding(x, self.start, gradient, settings.tolerance, u)
            finding.scaled = {a: as_numbers(gradients[i]) for a, gradients in scaled.items()}
            self.findings.append(finding)
        self.point = Point(subject.value, self.start, self.value, self.upstream, self.random)
        for finding in self.findings:
            finding.rounding = self.point.rounding

    def report(self) -> Report:
        """Compare everything, and return what was found."""
        for finding in self.findings:
            if finding.size <= self.settings.entries:
                self.compare_all(finding)
            else:
                self.compare_samples(finding)
            self.look_far(finding)
        self.recheck_nearby(self.find_wrong_ties())
        if not is_close(self.value, self.subject.value(self.start)):
            raise EarlyVerdict("cannot tell", CHANGING)
        for finding in self.findings:
            if finding.bad_factor is not None and not finding.is_wrong.any():
                right = "is right for one upstream gradient, but not for its multiples"
                finding.why = finding.why or right
            if finding.verdict == "fail" and finding.yours is not None:
                finding.causes = finding.causes or find_causes(self.find_mismatch(finding))
        seed, notes = self.settings.seed, []
        if self.subject.constants:
            names = ", ".join(self.subject.constants)
            notes.append(f"not checked, because whole numbers are constants: {names}")
        if self.subject.converted:
            names = ", ".join(self.subject.converted)
            notes.append(f"from float32 to float64 for the check: {names}")
        notes += [note for finding in self.findings for note in finding.notes]
        notes.append(describe_method(self.findings, self.settings.tolerance, seed))
        verdict = join_verdicts(finding.verdict for finding in self.findings)
        return Report(verdict, self.subject.name, "", tuple(self.findings), tuple(notes), seed)

    # -- before anything is compared ---------------------------------------------------------------

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
        if not is_close(value, self.subject.value(self.start)):
            raise EarlyVerdict("cannot tell", CHANGING)
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

    # -- comparing ---------------------------------------------------------------------------------

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
        z = move_beside(self.start, self.random)
        point = self.make_point(z)
        if point is None or not finding.comparable:
            return
        gradient = self.evaluate_gradient(z)

        def excess(directions: list[Direction]) -> np.ndarray:
            """Return deviations in units of what is allowed; −1 where there is no slope."""
            slopes = point.find_slopes(directions)
            outside = slopes.outside(np.array([d.slope(gradient) for d in directions]))
            return np.where(slopes.settled & ~slopes.kink, outside / finding.slack(slopes), -1)

        scale = np.maximum(1, np.abs(z[part])) / np.sqrt(every.size)
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

    # -- where kinks meet --------------------------------------------------------------------------

    def find_wrong_ties(self) -> list[Direction]:
        """Return the ties (kinks that meet in one output) whose gradients are wrong together."""
        if not all(finding.comparable for finding in self.findings):
            return []
        places = np.concatenate([f.places[f.is_kink] for f in self.findings])
        steps = np.concatenate([f.slopes.step[f.is_kink] for f in self.findings])
        groups = find_ties(self.point, places.tolist(), steps.tolist())
        if not groups:
            return []
        slopes, whole = self.point.find_slopes(groups), self.join_gradients()
        claimed = np.array([group.slope(whole) for group in groups])
        wrong = slopes.settled & (slopes.outside(claimed) > self.slack(slopes))
        return [group for group, is_wrong in zip(groups, wrong) if is_wrong]

    def recheck_nearby(self, ties: list[Direction]) -> None:
        """Compare what looks wrong here at points nearby, too: kinks may meet at this point."""
        if not all(finding.comparable for finding in self.findings):
            return
        doubtful = [(f, k) for f in self.findings for k in f.worst[:RECHECKED]]
        directions = [*as_directions(f.places[k] for f, k in doubtful), *ties]
        whole = self.join_gradients()
        nearby = compare_nearby(
            self.make_point,
            self.evaluate_gradient,
            self.start,
            directions,
            self.point.find_slopes(directions),
            np.array([direction.slope(whole) for direction in directions]),
            self.slack,
            self.random,
        )
        for (finding, k), (kind, found) in zip(doubtful, nearby):
            if kind == VALID:
                valid, slopes = [*found, finding.claimed[k]], finding.slopes
                slopes.kink[k], slopes.low[k], slopes.high[k] = True, min(valid), max(valid)
            elif kind == MEETING:
                finding.slopes.settled[k] = False
            elif kind == ONLY_HERE:
                finding.causes = (
                    "max, abs or where has a kink at exactly this point, and its derivative there "
                    "does not give a derivative of the whole function: at points nearby, the "
                    "gradient is right",
                )
        for tie, (kind, _) in zip(ties, nearby[len(doubtful) :]):
            if kind not in (VALID, MEETING):
                self.describe_tie(tie, whole)

    def describe_tie(self, tie: Direction, whole: np.ndarray) -> None:
        """Write what is wrong with a tie into the finding of its first entry."""
        finding = next(f for f in self.findings if tie.where[0] in f.places)
        scale = tie.weight[0]
        names = [
            f"{x.name}[{', '.join(map(str, x.index(int(i))))}]"
            for i in tie.where[:4]
            for x in self.subject.inputs
            if x.part.start <= i < x.part.stop
        ]
        finding.why = (
            f"is wrong at a tie: when {', '.join(names)}{', ...' if tie.where[4:].size else ''} "
            f"move together, the slope is {self.point.find_slopes([tie]).value[0] / scale:.6g}, "
            f"and yours add up to {tie.slope(whole) / scale:.6g}"
        )
        finding.causes = ("each tied entry gets the whole gradient, or none does: share it",)

    def slack(self, slopes: Slopes) -> np.ndarray:
        """Return the accepted deviations from slopes along directions through any inputs."""
        return np.max([finding.slack(slopes) for finding in self.findings], axis=0)

    def join_gradients(self) -> np.ndarray:
        """Return the gradients of all inputs as one vector."""
        return np.concatenate([np.ravel(f.yours) for f in self.findings])  # type: ignore[arg-type]

    def make_point(self, z: np.ndarray) -> Point | None:
        """Return the function at another point; None where it is not finite."""
        value = self.subject.value(z)
        if not np.isfinite(value).all():
            return None
        return Point(self.subject.value, z, value, self.upstream, self.random)

    def evaluate_gradient(self, z: np.ndarray) -> np.ndarray:
        """Return the gradients at z; NaN for what is not a gradient."""
        whole = np.full(z.size, np.nan)
        for x, returned in zip(self.subject.inputs, self.subject.gradients(z, self.upstream)):
            gradient = as_numbers(returned)
            if gradient is not None and gradient.shape == x.shape:
                whole[x.part] = gradient.ravel()
        return whole

    # -- the input of the search for causes --------------------------------------------------------

    def find_mismatch(self, finding: Finding) -> Mismatch:
        """Return what is known about one input, and about the others."""
        others = (f for f in self.findings if f is not finding and f.yours is not None)
        return replace(
            self.find_own_mismatch(finding),
            others={f.name: self.find_own_mismatch(f) for f in others},
        )

    def find_own_mismatch(self, finding: Finding) -> Mismatch:
        subject, single_output = self.subject, len(self.subject.shapes) == 1

        return Mismatch(
            yours=finding.yours,  # type: ignore[arg-type]
            numeric=finding.numeric,
            tolerance=finding.spread(finding.slack(finding.slopes)),
            checked=finding.spread(~finding.slopes.kink) == 1,
            x=finding.values,
            y=self.value.reshape(subject.shapes[0]) if single_output else None,
            upstream=self.upstream.reshape(subject.shapes[0]) if single_output else None,
            bad_factor=finding.bad_factor,
            ignores_upstream=finding.ignores_upstream,
            cut=self.cut,
            whole=finding.dtype.kind in "iub",
            rounding=SINGLE if finding.single else 1e-7,
        )
