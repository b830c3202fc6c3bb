"""Hints: where a mistake is and what leads to it, a step at a time."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING

from ..checks import check_count

if TYPE_CHECKING:
    from .repairs import Repair
    from .report import Report

GENERAL = "missing-chain-factor"  # the cause of repairs that are of no other kind
NO_EDIT = "No small edit of the source was found that makes the check pass."


def list_hints(report: Report) -> tuple[str, ...]:
    """Return a question, a rule, and the edit of the first repair; else the hints of a cause."""
    if report.repairs:
        first = report.repairs[0]
        hints: tuple[str, ...] = (first.question, first.rule)
        if first.cause == GENERAL and report.causes:  # what the numbers show is more exact
            hints = report.causes[0].hints
        return (*hints, describe_edit(report, first))
    return report.causes[0].hints if report.causes else ()


def give_hint(report: Report, level: int) -> str:
    """Return the hint of this level, or say which levels there are."""
    check_count("level", level)
    hints = list_hints(report)
    if level > len(hints):
        if report.verdict == "pass":
            return "There are no hints: the check passed."
        return f"There is no hint {level}. For this mistake there are {len(hints)}."
    places = [describe_place(report, repair) for repair in report.repairs[:1]] if level == 1 else []
    return "\n".join([*places, hints[level - 1]])


def give_solution(report: Report) -> str:
    """Return all repairs, each with its rule."""
    if not report.repairs:
        return "There is nothing to repair: the check passed." if report else NO_EDIT
    return "\n\n".join(
        f"{describe_edit(report, repair)}\n  {repair.rule}" for repair in report.repairs
    )


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
