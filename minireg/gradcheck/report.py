"""Report: the verdict and the text that explains it, in plain ASCII for every terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from textwrap import wrap
from typing import Any

import numpy as np

from .cause import Cause
from .evidence import Evidence
from .finding import Entry, Finding
from .repairs import Repair, find_repairs
from .slopes import STEPS
from .subject import Verdict

SHOWN = 5  # the text lists at most this many of the worst entries
WIDTH = 100  # columns; a notebook shows lines of this width without a break


@dataclass(frozen=True)
class Report:
    """The result of a gradient check, true only for the verdict "pass"; `str` explains it.

    Attributes:
        verdict: "pass", "fail" or "cannot tell".
        function: the name of what was checked.
        why: the reason, if the verdict is not about the gradient of one input.
        findings: a `Finding` for each differentiable input.
        notes: how it was checked.
        seed: the seed that repeats the check.
        causes: the mistakes that what was found is consistent with, the best first.
        point: the kind of point that failed ("ordinary", "other lengths", "special"), if the check
            chose the inputs.
        evidence: what was measured at each point, for programs that look for a correction.
    """

    verdict: Verdict
    function: str
    why: str = ""
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    seed: int = 0
    causes: tuple[Cause, ...] = ()
    point: str = ""
    evidence: tuple[Evidence, ...] = field(default=(), repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the functions of `evidence`, which cannot be pickled."""
        return {**vars(self), "evidence": ()}

    def __bool__(self) -> bool:
        return self.verdict == "pass"

    def __getitem__(self, name: str) -> Finding:
        """The finding about the input called `name`."""
        return {finding.name: finding for finding in self.findings}[name]

    @property
    def max_error(self) -> float:
        """The largest deviation of any entry from a valid value; NaN if none was compared."""
        return max((finding.max_error for finding in self.findings), default=float("nan"))

    @property
    def checked(self) -> int:
        """How many entries were compared one by one."""
        return sum(finding.checked for finding in self.findings)

    @cached_property
    def repairs(self) -> tuple[Repair, ...]:
        """At most three single edits of the source that make the check pass, the smallest first."""
        return find_repairs(self.evidence) if self.verdict == "fail" else ()

    def __str__(self) -> str:
        head = f"{self.verdict}: {self.function}: "
        lines = [head + self.why] if self.why else []
        if self.verdict == "pass":
            size = sum(finding.size for finding in self.findings)
            names = [finding.name for finding in self.findings]
            listed = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
            lines.append(
                f"{head}the gradient of {listed} is right ({self.checked} of {size} entries "
                f"compared, largest deviation {self.max_error:.0e})"
            )
        for finding in self.findings:
            if finding.verdict == self.verdict != "pass":
                lines += explain(finding, head)
        lines += [describe_kinks(finding) for finding in self.findings if finding.is_kink.any()]
        lines += [f"  Note: {note}." for note in self.notes]
        return "\n".join(part for line in lines for part in wrap_line(line))


def join_verdicts(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of the verdicts."""
    order: tuple[Verdict, ...] = ("pass", "cannot tell", "fail")
    return max(verdicts, key=order.index)


def explain(finding: Finding, head: str) -> list[str]:
    """Return the lines about an input that did not pass."""
    of = f"{head}the gradient of {finding.name}"
    wrong, unsettled = finding.wrong, finding.unsettled
    if finding.why:
        lines = [f"{of} {finding.why}"]
    elif wrong:
        worst = f", worst at {format_index(wrong[0].index)}" if finding.shape else ""
        lines = [f"{of} is wrong in {len(wrong)} of {finding.checked} entries{worst}"]
    elif unsettled:
        first = unsettled[0]
        lines = [
            f"{of} was compared in {finding.checked - len(unsettled)} of {finding.checked} entries",
            f"  At {format_index(first.index)}, where the input is {first.input:.6g}, there is no "
            f"slope to compare with: a jump, several kinks in one point, a kink nearer than the "
            f"smallest step, a fast oscillation, or a value that is not finite. Move the input a "
            f"little.",
        ]
    else:
        lines = [f"{of} is hidden by rounding{describe_hidden(finding)}"]
    if wrong:
        lines += format_table(wrong[:SHOWN])
    return lines + [f"  Consistent with: {cause}." for cause in finding.causes]


def describe_hidden(finding: Finding) -> str:
    """Tell what rounding hides, and what to do."""
    todo = (
        "Choose inputs where the gradient is larger relative to the function, or compute in "
        "float64 throughout"
    )
    if not (hidden := finding.hidden):
        return (
            f" where yours is 0: far steps show a slope of {finding.far_slope:.1e}, which is less "
            f"than the error of finite differences here. {todo}"
        )
    first = max(hidden, key=lambda entry: entry.error)
    return (
        f" in {len(hidden)} of {finding.checked} entries: at {format_index(first.index)}, yours is "
        f"{first.yours:.1e}, but finite differences have an error of {first.error:.1e}. {todo}"
    )


def format_table(entries: list[Entry]) -> list[str]:
    """Return the lines of a table of entries."""
    rows = [["entry", "upstream", "input", "yours", "numeric", "error of numeric"]]
    for e in entries:
        numeric = f"{e.low:.8g}" if e.low == e.high else f"[{e.low:.4g}, {e.high:.4g}]"
        upstream = "" if e.upstream is None else f"{e.upstream:.4g}"
        given = [format_index(e.index), upstream, f"{e.input:.4g}"]
        rows.append([*given, f"{e.yours:.8g}", numeric, f"{e.error:.0e}"])
    columns = list(zip(*rows))
    if entries[0].upstream is None:
        del columns[1]
    padded = [[x.rjust(max(map(len, column))) for x in column] for column in columns]
    return ["    " + "   ".join(row) for row in zip(*padded)]


def describe_kinks(finding: Finding) -> str:
    """Tell which values are valid at the kinks of an input."""
    kinks = finding.kinks
    shown = "; ".join(
        f"{format_index(e.index)}: yours {e.yours:.4g} in [{e.low:.4g}, {e.high:.4g}]"
        for e in kinks[:3]
    )
    many = f"{len(kinks)} entries" if kinks[1:] else "1 entry"
    return (
        f"  Kink: {many} of {finding.name} on a kink, where every value between the one-sided "
        f"slopes is a valid subgradient ({shown}{'; ...' if kinks[3:] else ''})."
    )


def describe_method(findings: Sequence[Finding], tolerance: float, seed: int) -> str:
    """Tell in one line how it was checked."""
    samples = "; ".join(
        f"{f.name}: {f.checked} of {f.size} entries (drawn at random) and {f.directions} random "
        f"directions through all of them"
        for f in findings
        if f.checked < f.size
    )
    limit = max(finding.limit for finding in findings)
    return (
        f"float64, steps {describe_steps(findings)} times max(1, |x|), numeric slopes known to "
        f"{limit:.0e}, tolerance {tolerance:.0e}, seed {seed}{'; ' if samples else ''}{samples}"
    )


def describe_steps(findings: Sequence[Finding]) -> str:
    """Tell the steps of the slopes that were found; half of each step is used as well."""
    used = np.concatenate([finding.relative_steps for finding in findings])
    low, high = (used.min(), used.max()) if used.size else (STEPS[-1], STEPS[0])
    if np.isclose(low, high):
        return f"of {high:.0e} and {high / 2:.0e}"
    return f"from {low / 2:.0e} to {high:.0e}"


def format_index(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]"


def wrap_line(line: str) -> list[str]:
    """Break a line after at most WIDTH columns; the continuation is indented."""
    return wrap(
        line, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
