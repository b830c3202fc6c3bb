"""Result: what the checks of an exercise found, as text of 79 columns in ASCII."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Literal

from ..gradcheck import Report

WIDTH = 79


@dataclass(frozen=True)
class Outcome:
    """What one check found.

    Attributes:
        name: what was checked.
        verdict: "pass", "fail", or "open" if a function is not written yet.
        message: what is wrong, in words for the student; empty if nothing is.
        report: of the gradient checker, if it was asked.
    """

    name: str
    verdict: Literal["pass", "fail", "open"]
    message: str = ""
    report: Report | None = None

    @property
    def passed(self) -> bool:
        return self.verdict == "pass"


@dataclass(frozen=True)
class Result:
    """What all checks of an exercise found, true if all passed; `print` it.

    Attributes:
        exercise: its name.
        outcomes: one for each check.  Each is worth a point.
        hints: those that are shown below a check that failed.
        more_hints: how many others there are.
    """

    exercise: str
    outcomes: tuple[Outcome, ...]
    hints: tuple[str, ...] = ()
    more_hints: int = 0

    @property
    def passed(self) -> bool:
        return all(outcome.passed for outcome in self.outcomes)

    def __bool__(self) -> bool:
        return self.passed

    @property
    def points(self) -> int:
        """How many checks passed."""
        return sum(outcome.passed for outcome in self.outcomes)

    @property
    def hint_level(self) -> int:
        """How many hints are shown."""
        return len(self.hints)

    @property
    def verdict(self) -> Literal["pass", "fail", "open"]:
        verdicts = {outcome.verdict for outcome in self.outcomes}
        return "fail" if "fail" in verdicts else "open" if "open" in verdicts else "pass"

    @property
    def explained(self) -> Outcome | None:
        """The first check that failed, or else the first that is open; None if all passed."""
        found = [outcome for outcome in self.outcomes if outcome.verdict == self.verdict]
        return None if self.passed else found[0]

    def __str__(self) -> str:
        lines = [f"{self.verdict}: {self.exercise}, {self.points} of {len(self.outcomes)} points"]
        lines += [f"  {outcome.verdict:4}  {outcome.name}" for outcome in self.outcomes]
        if self.explained:
            lines += ["", self.explained.message]
            lines += [f"\nHint {i}: {hint}" for i, hint in enumerate(self.hints, 1)]
        return wrap_text("\n".join(lines))

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def wrap_text(text: str) -> str:
    """Break a text after at most 79 columns, and escape what ASCII does not have."""
    lines = []
    for line in text.encode("ascii", "backslashreplace").decode().splitlines():
        indent = " " * (len(line) - len(line.lstrip()))
        lines += wrap(line, WIDTH, subsequent_indent=indent, break_on_hyphens=False) or [""]
    return "\n".join(lines)
