"""A check at points that it chooses: ordinary values, other lengths, special values."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..errors import ArgumentError
from .comparison import Settings
from .inputs import Floats, draw_inputs
from .report import Report
from .subject import Subject
from .verdicts import find_verdict

PLACES = {
    "ordinary": "at ordinary values",
    "other lengths": "at other lengths",
    "special": "at special values (exact zeros, ties, large numbers)",
}


def check_points(
    make_subject: Callable[[Sequence[Any], Sequence[str], Sequence[str]], Subject],
    function: Callable,
    specified: Mapping[str, Any],
    given: Sequence[Any],
    settings: Settings,
) -> Report:
    """Check a subject at all points of a specification: the first failure, or that all passed.

    Args:
        make_subject: takes inputs, their names, and the names of the differentiated ones.
        function: the function that takes the inputs.
        specified: the specification of each input, by its name.
        given: inputs that were passed by position, of which there must be none.
    """
    if given or settings.gradient is not None:
        raise ArgumentError(
            "inputs= chooses the inputs and the upstream gradient: leave out the others.",
            argument="inputs",
        )
    names = sort_names(function, list(specified))
    differentiable = [name for name, x in specified.items() if isinstance(x, Floats)]
    reports = []
    for draw in draw_inputs(specified, settings.seed):
        subject = make_subject([draw.inputs[name] for name in names], names, differentiable)
        report = find_verdict(subject, replace(settings, special=draw.kind == "special"))
        shapes = [f"{x.name} is {x.shape}" for x in subject.inputs if x.shape]
        note = f"{PLACES[draw.kind]}{': ' * bool(shapes)}{', '.join(shapes)}"
        reports.append(replace(report, notes=(note, *report.notes), point=draw.kind))
    evidence = tuple(point for report in reports for point in report.evidence)
    for verdict in ("fail", "cannot tell"):
        for report in reports:
            if report.verdict == verdict:
                return replace(report, evidence=evidence)
    passed = "passed at three points: ordinary values, other lengths, special values"
    details = dict.fromkeys(note for report in reports for note in report.notes[1:-1])
    notes = (passed, *details, reports[0].notes[-1])
    return replace(reports[0], notes=notes, point="", evidence=evidence)


def sort_names(function: Callable, names: list[str]) -> list[str]:
    """Return the names in the order of the arguments, if they are those of the arguments."""
    try:
        arguments = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # some built-in functions have no signature
        return names
    return sorted(names, key=arguments.index) if set(names) <= set(arguments) else names
