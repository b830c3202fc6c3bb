"""The causes of a report: what the numbers show, and what the first repair mends."""

from __future__ import annotations

from collections.abc import Sequence

from .cause import Cause, make_cause
from .hints import SEEN, VAGUE
from .repairs import Repair
from .text import join_names


def join_causes(from_numbers: tuple[Cause, ...], repairs: Sequence[Repair]) -> tuple[Cause, ...]:
    """Return the causes from the numbers and that of the first repair, the best first.

    That of the repair comes second; first, if the numbers tell little; last, if it was seen in the
    calls what is wrong.
    """
    if not from_numbers or not repairs:
        return from_numbers
    first, *others = from_numbers
    known = {cause.name: cause for cause in from_numbers}
    name = repairs[0].cause
    if name == "constant-factor" and "penalty-scaled" in known:
        name = "penalty-scaled"  # the factor is one of the penalty
    some = [f"the gradient of {name}" for name in repairs[0].gradients]
    right = join_names(some or ["all gradients"])
    evidence = f"an edit of line {repairs[0].line} makes {right} right at these inputs"
    if first.name in VAGUE - {"unknown"} and first.evidence:
        evidence += f"; {first.evidence}"
    repaired = known.get(name, make_cause(name, evidence))
    if any(cause.name in SEEN for cause in from_numbers[:2]):
        order = [first, *others, repaired]
    elif first.name in VAGUE and not (name in VAGUE and name in known):
        order = [repaired, first, *others]
    else:
        order = [first, repaired, *others]
    return tuple({cause.name: cause for cause in order}.values())
