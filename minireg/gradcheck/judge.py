"""From numbers to a verdict: the order of the questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..autograd import raw
from ..errors import ArgumentError
from .causes import probable_causes
from .differences import Direction
from .evidence import Evidence
from .finding import SINGLE, Finding
from .kinks import MEETING, ONLY_HERE, VALID, beside, second_opinion, tied
from .report import Report, how, join_verdicts
from .slopes import Point, Slopes, coordinates
from .subject import Input, Ruling, Subject, close, numbers, on_host

SUSPECTS = 32  # so many of the worst entries of an input get a second opinion
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


def judge(subject: Subject, settings: Settings) -> Report:
    """Check a subject; whatever the check changes is put back."""
    __tracebackhide__ = True
    try:
        with subject:
            return Trial(subject, settings).report()
    except Ruling as ruling:
        notes = (f"seed {settings.seed}",)
        return Report(ruling.verdict, subject.name, ruling.why, (), notes, settings.seed)


def drawn_upstream(random: np.random.Generator, size: int) -> np.ndarray:
    """Of both signs: with ones, φ of a softmax is constant, and any derivative of it looks fine.
    Nowhere near 0: every output counts."""
    return random.choice([-1.0, 1.0], size) * random.uniform(0.5, 1.5, size)


class Trial:
    """One check of one subject."""

    def __init__(self, subject: Subject, settings: Settings) -> None:
        __tracebackhide__ = True
        self.subject, self.settings, self.start = subject, settings, subject.start
        self.random = np.random.default_rng(settings.seed)
        self.value = self.finite_value()
        self.upstream = self.chosen_upstream()
        subject.examine(self.upstream)
        returned = subject.gradients(self.start, self.upstream)
        self.cut = subject.cut
        self.findings = [
            Finding(x, self.start, gradient, settings.tolerance, self.upstream_of(x))
            for x, gradient in zip(subject.inputs, returned)
        ]
        self.point = Point(subject.value, self.start, self.value, self.upstream, self.random)

    def report(self) -> Report:
        for finding in self.findings:
            if finding.size <= self.settings.entries:
                self.compare_all(finding)
            else:
                self.compare_samples(finding)
        self.ask_neighbours(self.wrong_ties())
        if not close(self.value, self.subject.value(self.start)):
            raise Ruling("cannot tell", CHANGING)
        for finding in self.findings:
            if finding.verdict == "fail" and finding.yours is not None:
                finding.causes = finding.causes or probable_causes(self.evidence(finding))
        verdict = join_verdicts(finding.verdict for finding in self.findings)
        notes = [
            *(note for f in self.findings for note in f.notes),
            how(self.findings, self.settings.tolerance, self.settings.seed),
        ]
        if self.subject.converted:
            names = ", ".join(self.subject.converted)
            notes.insert(0, f"from float32 to float64 for the check: {names}")
        seed = self.settings.seed
        return Report(verdict, self.subject.name, "", tuple(self.findings), tuple(notes), seed)

    # -- before anything is compared ---------------------------------------------------------------

    def finite_value(self) -> np.ndarray:
        """f at the given inputs, if it has one finite value."""
        __tracebackhide__ = True
        value = self.subject.value(self.start)
        if value.size == 0 or self.start.size == 0:
            empty = "the output" if value.size == 0 else "every input"
            raise Ruling("cannot tell", f"there is nothing to compare: {empty} is empty.")
        if not np.isfinite(value).all():
            i = int(np.argmin(np.isfinite(value)))
            raise Ruling(
                "cannot tell",
                f"it is not finite at the given inputs: entry {i} of its flattened output is "
                f"{value[i]}. Choose other inputs.",
            )
        if not close(value, self.subject.value(self.start)):
            raise Ruling("cannot tell", CHANGING)
        return value

    def chosen_upstream(self) -> np.ndarray:
        """The upstream gradient of all outputs as one vector."""
        shapes, gradient = self.subject.shapes, self.settings.gradient
        if gradient is None:
            return drawn_upstream(self.random, self.value.size)
        parts = gradient if len(shapes) > 1 else [gradient]
        hosts = [np.asarray(on_host(raw(part)), dtype=np.float64) for part in parts]
        if [host.shape for host in hosts] != shapes:
            raise ArgumentError(
                f"gradient must have the shape of the output, {shapes}, got "
                f"{[host.shape for host in hosts]}."
            )
        return np.concatenate([host.ravel() for host in hosts])

    def upstream_of(self, x: Input) -> np.ndarray | None:
        same = self.subject.shapes == [x.shape]
        return self.upstream.reshape(x.shape) if same else None

    # -- comparing ---------------------------------------------------------------------------------

    def compare_all(self, finding: Finding) -> None:
        part = finding.input.part
        places = np.arange(part.start, part.stop)
        finding.add(places, self.point.slopes(coordinates(places)))

    def compare_samples(self, finding: Finding) -> None:
        """Some entries of a large input, and directions through all of them."""
        part, settings = finding.input.part, self.settings
        every = np.arange(part.start, part.stop)
        places = np.sort(self.random.choice(every, settings.entries, replace=False))
        finding.add(places, self.point.slopes(coordinates(places)))
        # Through many kinks at once a direction would tell nothing, so it starts beside them.
        z = beside(self.start, self.random)
        point = self.at(z)
        if point is None or not finding.comparable:
            return
        gradient = self.gradient_at(z)

        def excess(directions: list[Direction]) -> np.ndarray:
            """Deviations in units of what is allowed; −1 where there is no slope."""
            slopes = point.slopes(directions)
            outside = slopes.outside(np.array([d.slope(gradient) for d in directions]))
            return np.where(slopes.settled & ~slopes.kink, outside / finding.slack(slopes), -1)

        scale = np.maximum(1, np.abs(z[part])) / np.sqrt(every.size)
        for _ in range(settings.directions):
            direction = Direction(every, scale * self.random.choice([-1.0, 1.0], every.size))
            ratio = excess([direction])[0]
            finding.directions += int(ratio >= 0)
            if ratio > 1 and not finding.is_wrong.any():
                self.follow(finding, direction, excess)

    def follow(self, finding: Finding, direction: Direction, excess: Callable) -> None:
        """Halve a direction in which the gradient is wrong until a single entry is left."""
        while direction.where.size > 1:
            middle = direction.where.size // 2
            halves = [
                Direction(direction.where[half], direction.weight[half])
                for half in (slice(middle), slice(middle, None))
            ]
            direction = halves[int(np.argmax(excess(halves)))]
        places = np.setdiff1d(direction.where, finding.places)
        finding.add(places, self.point.slopes(coordinates(places)))
        if not finding.is_wrong.any():
            finding.why = (
                "is wrong along a random direction through all its entries, although no entry of "
                "those that were looked at is: look at more of them (entries=)"
            )

    def wrong_ties(self) -> list[Direction]:
        """Where kinks meet in one output, entries must be right together, too."""
        if not all(finding.comparable for finding in self.findings):
            return []
        places = np.concatenate([f.places[f.is_kink] for f in self.findings])
        steps = np.concatenate([f.slopes.step[f.is_kink] for f in self.findings])
        groups = tied(self.point, places.tolist(), steps.tolist())
        if not groups:
            return []
        slopes, claims = self.point.slopes(groups), self.gradient(self.findings)
        claimed = np.array([group.slope(claims) for group in groups])
        wrong = slopes.settled & (slopes.outside(claimed) > self.slack(slopes))
        return [group for group, is_wrong in zip(groups, wrong) if is_wrong]

    def ask_neighbours(self, ties: list[Direction]) -> None:
        """A second opinion, from places nearby, on whatever looks wrong."""
        if not all(finding.comparable for finding in self.findings):
            return
        suspects = [(f, k) for f in self.findings for k in f.worst[:SUSPECTS]]
        directions = [*coordinates(f.places[k] for f, k in suspects), *ties]
        claims = self.gradient(self.findings)
        opinions = second_opinion(
            self.at,
            self.gradient_at,
            self.start,
            directions,
            self.point.slopes(directions),
            np.array([direction.slope(claims) for direction in directions]),
            self.slack,
            self.random,
        )
        for (finding, k), opinion in zip(suspects, opinions):
            if opinion.kind == VALID:
                valid, slopes = [*opinion.nearby, finding.claimed[k]], finding.slopes
                slopes.kink[k], slopes.low[k], slopes.high[k] = True, min(valid), max(valid)
            elif opinion.kind == MEETING:
                finding.slopes.settled[k] = False
            elif opinion.kind == ONLY_HERE:
                finding.causes = (
                    "max, abs or where has a kink at this very point, and what it gives there is "
                    "no derivative of the whole function: right next to it, the gradient is right",
                )
        for tie, opinion in zip(ties, opinions[len(suspects) :]):
            if opinion.kind not in (VALID, MEETING):
                self.blame_tie(tie, claims)

    def blame_tie(self, tie: Direction, claims: np.ndarray) -> None:
        owner = next(f for f in self.findings if tie.where[0] in f.places)
        scale = tie.weight[0]
        names = [
            f"{x.name}[{', '.join(map(str, x.index(int(i))))}]"
            for i in tie.where[:4]
            for x in self.subject.inputs
            if x.part.start <= i < x.part.stop
        ]
        owner.why = (
            f"is wrong at a tie: when {', '.join(names)}{', ...' if tie.where[4:].size else ''} "
            f"move together, the slope is {self.point.slopes([tie]).value[0] / scale:.6g}, and "
            f"yours add up to {tie.slope(claims) / scale:.6g}"
        )
        owner.causes = ("every entry of a tie gets the whole gradient, or none: share it",)

    def slack(self, slopes: Slopes) -> np.ndarray:
        """By how much the gradients may miss slopes along directions through any inputs."""
        return np.max([finding.slack(slopes) for finding in self.findings], axis=0)

    def gradient(self, findings: Sequence[Finding]) -> np.ndarray:
        """The claimed gradients of all inputs as one vector."""
        return np.concatenate([np.ravel(f.yours) for f in findings])  # type: ignore[arg-type]

    def at(self, z: np.ndarray) -> Point | None:
        """The function at another place; None where it is not finite."""
        value = self.subject.value(z)
        if not np.isfinite(value).all():
            return None
        return Point(self.subject.value, z, value, self.upstream, self.random)

    def gradient_at(self, z: np.ndarray) -> np.ndarray:
        """The claimed gradients there; NaN for what is no gradient."""
        whole = np.full(z.size, np.nan)
        for x, returned in zip(self.subject.inputs, self.subject.gradients(z, self.upstream)):
            gradient = numbers(returned)
            if gradient is not None and gradient.shape == x.shape:
                whole[x.part] = gradient.ravel()
        return whole

    # -- telling -----------------------------------------------------------------------------------

    def evidence(self, finding: Finding) -> Evidence:
        """What is known about one input, and about the others."""
        evidence = self.own_evidence(finding)
        others = (f for f in self.findings if f is not finding and f.yours is not None)
        evidence.others = {f.name: self.own_evidence(f) for f in others}
        return evidence

    def own_evidence(self, finding: Finding) -> Evidence:
        subject, single_output = self.subject, len(self.subject.shapes) == 1

        def again(upstream: np.ndarray) -> np.ndarray | None:
            returned = subject.gradients(self.start, upstream.ravel())
            return numbers(returned[self.findings.index(finding)])

        known = finding.spread(~finding.slopes.kink) == 1
        return Evidence(
            yours=finding.yours,  # type: ignore[arg-type]
            numeric=np.where(known, finding.numeric, 0),
            tolerance=np.where(known, finding.spread(finding.slack(finding.slopes)), 0),
            checked=known,
            x=finding.values,
            y=self.value.reshape(subject.shapes[0]) if single_output else None,
            upstream=self.upstream.reshape(subject.shapes[0]) if single_output else None,
            again=again if single_output else None,
            cut=self.cut,
            whole=finding.dtype.kind in "iub",
            rounding=SINGLE if finding.single else 1e-7,
        )
