"""Hints: where a mistake is and what leads to it, a step at a time."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ..checks import check_count

if TYPE_CHECKING:
    from .cause import Cause
    from .repairs import Repair
    from .report import Report

GENERAL = "missing-chain-factor"  # the cause of repairs that are of no other kind
SHOWN = 2  # causes in the text of a report
# These say that the numbers are others, or where; a repair says why.
VAGUE = {"unknown", GENERAL, "statistics-held-constant", "jacobian-diagonal-only"}
# These are seen in the calls, not concluded from numbers.
SEEN = {
    "raised", "input-mutated", "upstream-mutated", "aliased-gradients", "nondeterministic",
    "stateful", "integer-input",
}  # fmt: skip
NO_EDIT = "No small edit of the source was found that makes a wrong gradient right."


def choose_repairs(report: Report) -> tuple[Repair, ...]:
    """Return the first repair; if each repairs only some of the gradients, all of them."""
    return tuple(x for i, x in enumerate(report.repairs) if i == 0 or x.gradients)


def choose_causes(report: Report) -> list[Cause]:
    """Return the causes that a text shows: the first two, and all that were seen in the calls.

    Two readings of the same evidence are shown as one.  If an edit makes all gradients right,
    nothing else is wrong: the first cause is the only one if the edit mends it, and what is vague
    is not shown beside it; otherwise it comes last.
    """
    seen = [cause for cause in report.causes if cause.name in SEEN]
    readings: dict[str, Cause] = {}
    for cause in report.causes:
        if cause.name not in SEEN:
            readings.setdefault(cause.evidence or cause.name, cause)
    others = list(readings.values())
    others[1:] = sorted(others[1:], key=lambda cause: cause.name in VAGUE)
    for repair in find_whole(report):
        if others and others[0].name != GENERAL:
            mended = others[0].name == repair.cause
            others[1:] = [x for x in others[1:] if not mended and x.name not in VAGUE]
    best = others[:1] == list(report.causes[:1])
    chosen = others[: max(SHOWN - len(seen), best)]
    return [cause for cause in report.causes if cause in seen or cause in chosen]


def find_whole(report: Report) -> tuple[Repair, ...]:
    """Return the first repair, if it makes all gradients right."""
    return tuple(repair for repair in report.repairs[:1] if not repair.gradients)


def list_hints(report: Report) -> tuple[str, ...]:
    """Return a question, a rule, and the edit of the first repair; else the hints of a cause."""
    if not report.repairs:
        return report.causes[0].hints if report.causes else ()
    chosen = choose_repairs(report)
    edits = join_lines(describe_edit(report, x) for x in chosen)
    if {x.cause for x in chosen} == {GENERAL} and report.causes:  # the numbers tell more
        return (*report.causes[0].hints, edits)
    return join_lines(x.question for x in chosen), join_lines(x.rule for x in chosen), edits


def join_lines(lines: Iterable[str]) -> str:
    """Return the lines, each once."""
    return "\n".join(dict.fromkeys(lines))


def give_hint(report: Report, level: int) -> str:
    """Return the hint of this level, or say which levels there are."""
    check_count("level", level)
    hints = list_hints(report)
    if level > len(hints):
        if report.verdict == "pass":
            return "There are no hints: the check passed."
        return f"There is no hint {level}. For this mistake there are {len(hints)}."
    places = list_places(report) if level == 1 else []
    return "\n".join([*places, hints[level - 1]])


def give_solution(report: Report) -> str:
    """Return all repairs, each with its rule, and whether one or all of them are to be made."""
    if not report.repairs:
        return "There is nothing to repair: the check passed." if report else NO_EDIT
    between = "\n\nand\n\n" if report.repairs[0].gradients else "\n\nor\n\n"
    return between.join(
        f"{describe_edit(report, repair)}\n  {repair.rule}" for repair in report.repairs
    )


def list_places(report: Report) -> list[str]:
    """Return the line of the mistake; if there are several mistakes, the line of each."""
    return list(dict.fromkeys(describe_place(report, x) for x in choose_repairs(report)))


def describe_place(report: Report, repair: Repair) -> str:
    """Return the line of the mistake as in a traceback."""
    code = " ".join(line.strip() for line in repair.before.splitlines())
    return f"{name_line(report, repair)}:   {code}"


def describe_edit(report: Report, repair: Repair) -> str:
    """Return the lines before and after the edit."""
    before = [f"  - {line}" for line in repair.before.splitlines()]
    after = [f"  + {line}" for line in repair.after.splitlines()]
    return "\n".join([f"{name_line(report, repair)}:", *before, *after])


def name_line(report: Report, repair: Repair) -> str:
    file = find_file(report)
    return f"{file}, line {repair.line}" if file else f"line {repair.line}"


def find_file(report: Report) -> str:
    """Return the name of the file of the function with the mistake; none for a cell."""
    subject = report.evidence[0].subject if report.evidence else None
    if subject is None or not subject.editable:
        return ""
    function = inspect.unwrap(getattr(subject, subject.editable))
    file = getattr(getattr(function, "__code__", None), "co_filename", "<")
    return "" if file.startswith("<") or "ipykernel" in file else Path(file).name
