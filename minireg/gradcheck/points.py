"""A check at points that it chooses: ordinary values, other lengths, special values."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from ..errors import ArgumentError
from .array_pair import ArrayFunction
from .cause import Cause, make_cause
from .comparison import Settings
from .contract import copy_gradients, find_difference
from .inputs import Floats, draw_at, draw_inputs, find_axes
from .report import Report
from .subject import EarlyVerdict
from .verdicts import find_verdict
from .whole_numbers import describe_cut_decimals, round_inputs

SHRINKS = 81  # at most this many sizes are tried
PLACES = {
    "ordinary": "at ordinary values",
    "other lengths": "at other lengths",
    "special": "at special values (exact zeros, ties, large numbers)",
}


def check_points(
    make_subject: Callable[..., ArrayFunction],
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
    draws = list(draw_inputs(specified, settings.seed))
    names = sort_names(function, list(specified))
    differentiable = [name for name, x in specified.items() if isinstance(x, Floats)]
    make = partial(make_subject, names=names, differentiable=differentiable)
    reports: list[Report] = []
    for draw in draws:
        subject = make([draw.inputs[name] for name in names])
        report = find_verdict(subject, replace(settings, special=draw.kind == "special"))
        shapes = [f"{x.name} is {x.shape}" for x in subject.inputs if x.shape]
        report = replace(report, from_numbers=add_state(report, reports))
        note = f"{PLACES[draw.kind]}{': ' * bool(shapes)}{', '.join(shapes)}"
        reports.append(replace(report, notes=(note, *report.notes), point=draw.kind))
    evidence = tuple(point for report in reports for point in report.evidence)
    for verdict in ("fail", "cannot tell"):
        for report in reports:
            if report.verdict == verdict:
                if [cause.name for cause in report.from_numbers] == ["unknown"]:
                    case = find_smallest_case(make, {n: specified[n] for n in names}, settings.seed)
                    report = replace(report, from_numbers=(make_cause("unknown", case),))
                    for finding in report.findings:
                        finding.causes = report.from_numbers if finding.causes else ()
                return replace(report, evidence=evidence)
    rounded = round_inputs(specified, draws[0].inputs)
    cut = describe_cut_decimals(make([rounded[name] for name in names]), settings.seed)
    passed = "passed at three points: ordinary values, other lengths, special values"
    details = dict.fromkeys(note for report in reports for note in report.notes[1:-1])
    notes = (passed, *filter(None, [cut]), *details, reports[0].notes[-1])
    return replace(reports[0], notes=notes, point="", evidence=evidence)


def add_state(report: Report, before: Sequence[Report]) -> tuple[Cause, ...]:
    """Return the causes of a report, with `stateful` if backward gives what was right before."""
    first, *others = report.from_numbers or (None,)
    if first is None or not before or not report.evidence or not before[0].evidence:
        return report.from_numbers
    now, then = report.evidence[0], before[0].evidence[0]
    if [x.shape for x in now.subject.inputs] != [x.shape for x in then.subject.inputs]:
        return report.from_numbers
    both = []
    for point in (now, then):
        try:
            with point.subject:
                both.append(copy_gradients(point.subject.gradients(point.z, now.upstream)))
        except EarlyVerdict:
            return report.from_numbers
    if find_difference(*both) is not None:
        return report.from_numbers
    evidence = "it gives the gradients of an earlier call with other inputs"
    return first, make_cause("stateful", evidence), *others


def find_smallest_case(
    make: Callable[[Sequence[Any]], ArrayFunction], specified: Mapping[str, Any], seed: int
) -> str:
    """Return the smallest inputs at which the gradient is still wrong, as text; "" if none is."""
    names = find_axes(specified)
    sizes = sorted(product((1, 2, 3), repeat=len(names)), key=math.prod)
    for lengths in sizes[:SHRINKS]:
        axes = dict(zip(names, lengths))
        inputs = draw_at(specified, axes, np.random.default_rng(seed))
        report = find_verdict(make(list(inputs.values())), Settings(seed=seed))
        for finding in report.findings:
            if finding.is_wrong.any() and finding.comparable:
                at = ", ".join(f"{name} = {n}" for name, n in axes.items())
                values = {**inputs, "yours": finding.yours, "numeric": finding.numeric}
                shown = "; ".join(f"{name} = {show(x)}" for name, x in values.items())
                return f"the smallest case that fails{' has ' * bool(at)}{at}: {shown}"
    return ""


def show(x: Any) -> str:
    return " ".join(np.array2string(np.asarray(x), precision=4, separator=", ").split())


def sort_names(function: Callable, names: list[str]) -> list[str]:
    """Return the names in the order of the arguments, if they are those of the arguments."""
    try:
        arguments = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # some built-in functions have no signature
        return names
    return sorted(names, key=arguments.index) if set(names) <= set(arguments) else names
