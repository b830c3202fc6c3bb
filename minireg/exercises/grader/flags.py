"""Flags: right answers that a teacher may want to read, because they were not derived.

A gradient from finite differences passes if its error is small enough, and a gradient from complex
steps is exact.  Neither loses points.  What shows them:

* Finite differences: the gradient deviates from the exact one by more than rounding.  No edit of
  the source hides this, except differences of a high order, or of a linear function with a large
  step, whose error is as small as rounding.
* Complex steps: complex numbers in the source.  This is a hint only: it can be hidden.
"""

from __future__ import annotations

import ast

import numpy as np

from ..checks import Gradient
from ..exercise import Exercise
from ..referee import differentiate_own, select
from ..result import Outcome
from ..student import Student, StudentError

EXACT = 2e-12  # relative to the largest entry: a formula deviates by less
COMPLEX = {"imag", "complex", "complex64", "complex128", "clongdouble"}


def find_flags(
    exercise: Exercise, seed: int, student: Student, outcomes: list[Outcome]
) -> list[str]:
    """Return the flags of gradients that passed."""
    pairs = zip(exercise.checks, outcomes)
    passed = [check for check, outcome in pairs if outcome.passed and isinstance(check, Gradient)]
    return [flag for check in passed if (flag := find_difference(check, student, seed))]


def find_difference(check: Gradient, student: Student, seed: int) -> str:
    """Return a flag if a gradient that passed has an error as finite differences have."""
    _, _, values = next(check.list_points(seed))
    varied = check.list_varied(next(iter(check.inputs)))
    upstream, expected = differentiate_own(check.own, varied, values, seed)
    try:
        found = select(check.make_backward(student)(upstream, *values.values()), varied, values)
    except StudentError:
        return ""
    gradients = found if isinstance(found, (tuple, list)) else (found,)
    worst = 0.0
    for mine, right in zip(gradients, expected):
        largest = np.abs(right).max(initial=0)
        if np.shape(mine) == right.shape and largest:
            worst = max(worst, float(np.abs(mine - right).max() / largest))
    if worst < EXACT:
        return ""
    return (
        f"{check.function}: finite differences? The gradient is right, but deviates from the "
        f"exact one by {worst:.0e}; a formula deviates by less than {EXACT:.0e}."
    )


def find_complex(source: str) -> list[str]:
    """Return a flag if a source has complex numbers; no gradient of the path needs them."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    for node in nodes:
        name = getattr(node, "attr", getattr(node, "id", ""))
        if name in COMPLEX or isinstance(getattr(node, "value", None), complex):
            return [f"complex steps? Line {node.lineno} has complex numbers."]  # type: ignore[attr-defined]
    return []
