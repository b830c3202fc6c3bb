"""Report: the verdict of a check, with what explains it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .cause import Cause
from .evidence import Evidence
from .export import as_dictionary
from .finding import Finding
from .hints import give_hint, give_solution
from .html import write_html
from .joined_causes import join_causes
from .pictures import draw_report
from .repairs import Repair, find_repairs
from .subject import Verdict
from .text import wrap_lines, write_report

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
        from_numbers: the causes that the numbers and the calls show.
        point: the kind of point that failed ("ordinary", "other lengths", "special"), if the
            check chose the inputs.
        evidence: what was measured at each point, for programs that look for a correction.
        limit: at most this many edits of the source are tried for `repairs`.
    """

    verdict: Verdict
    function: str
    why: str = ""
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    seed: int = 0
    from_numbers: tuple[Cause, ...] = ()
    point: str = ""
    evidence: tuple[Evidence, ...] = field(default=(), repr=False, compare=False)
    limit: int = field(default=5000, repr=False, compare=False)

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
        """At most three single edits of the source, the smallest first: each makes the check pass,
        or each repairs the gradients that it names."""
        return find_repairs(self.evidence, self.limit) if self.verdict == "fail" else ()

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """The mistakes that the numbers and the first repair are consistent with, best first."""
        return join_causes(self.from_numbers, self.repairs)

    # -- how it is shown ---------------------------------------------------------------------------

    def __str__(self) -> str:
        return write_report(self)

    def _repr_html_(self) -> str:
        return write_html(self)

    def hint(self, level: int = 1) -> str:
        """Return a hint: 1 the line and a question, 2 the rule that was broken, 3 the edit.

        >>> def backward(upstream, x):
        ...     return -upstream * np.cos(x)
        >>> report = mr.check_backward(np.sin, backward, np.array([1.0, 3.0]))
        >>> print(report.hint(1))
        line 2:   return -upstream * np.cos(x)
        Does the output grow or fall when this input grows?
        """
        return "\n".join(wrap_lines(give_hint(self, level).splitlines()))

    @property
    def solution(self) -> str:
        """The edits of the source that make the gradients right, for teachers."""
        return "\n".join(wrap_lines(give_solution(self).splitlines(), "  "))

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values that the module json can write.

        Numbers that are not finite are the strings "NaN", "Infinity" and "-Infinity".
        """
        return as_dictionary(self)

    def plot(self) -> Figure:
        """Draw the errors of each gradient, the error of the step size, and Taylor remainders.

        Raises:
            ArgumentError: there is no gradient of the right shape to draw.
        """
        return draw_report(self)


def join_verdicts(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of the verdicts."""
    order: tuple[Verdict, ...] = ("pass", "cannot tell", "fail")
    return max(verdicts, key=order.index)
